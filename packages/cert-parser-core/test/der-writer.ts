/**
 * Writes the DER that the tests read, the flawed kind too: every part is given as bytes.
 *
 * @module
 */

import { fromHex } from "cert-parser-core";

/** One element: tag, length in its shortest form, and the parts of its content one after the other. */
export function tlv(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const value = concat(...content);
  return concat(Uint8Array.of(tag, ...lengthOctets(value.length)), value);
}

/** One element of indefinite length, closed by end-of-contents octets. */
export function indefinite(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag, 0x80), ...content, Uint8Array.of(0, 0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sequence(...content: readonly Uint8Array[]): Uint8Array {
  return tlv(0x30, ...content);
}

export function set(...content: readonly Uint8Array[]): Uint8Array {
  return tlv(0x31, ...content);
}

/** `[number]`, constructed. */
export function context(number: number, ...content: readonly Uint8Array[]): Uint8Array {
  return tlv(0xa0 | number, ...content);
}

/** An INTEGER of these content octets. */
export function integer(hex: string): Uint8Array {
  return tlv(0x02, fromHex(hex));
}

export function octetString(...content: readonly Uint8Array[]): Uint8Array {
  return tlv(0x04, ...content);
}

export function bitString(content: Uint8Array, unusedBits = 0): Uint8Array {
  return tlv(0x03, Uint8Array.of(unusedBits), content);
}

export function boolean(value: boolean): Uint8Array {
  return tlv(0x01, Uint8Array.of(value ? 0xff : 0));
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tlv(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

export function printableString(text: string): Uint8Array {
  return tlv(0x13, new TextEncoder().encode(text));
}

export function utf8String(text: string): Uint8Array {
  return tlv(0x0c, new TextEncoder().encode(text));
}

export function utcTime(text: string): Uint8Array {
  return tlv(0x17, new TextEncoder().encode(text));
}

export function generalizedTime(text: string): Uint8Array {
  return tlv(0x18, new TextEncoder().encode(text));
}

/** The octets of a length in its shortest form. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.trunc(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.trunc(arc / 128); rest > 0; rest = Math.trunc(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }
  return octets;
}

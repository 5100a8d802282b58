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

/** The content of one element, whatever its length is written like. */
export function contentOf(element: Uint8Array): Uint8Array {
  const first = element[1] ?? 0;
  return element.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
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
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  return tlv(0x06, Uint8Array.from([first * 40n + second, ...rest].flatMap(base128)));
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

function base128(arc: bigint): number[] {
  const octets = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) octets.unshift(0x80 | Number(rest % 128n));
  return octets;
}

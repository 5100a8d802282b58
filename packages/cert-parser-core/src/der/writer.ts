/**
 * Writes DER, where a value has to be put into one form: what came in is never written anew to be stored or verified.
 *
 * @module
 */

import { Tag } from "./tag.ts";

/** One element: tag, length in its shortest form, and the parts of its content one after the other. */
export function encodeElement(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of content) length += part.length;
  const lengthOctets = length < 0x80 ? 1 : 1 + Math.ceil((32 - Math.clz32(length)) / 8);
  const element = new Uint8Array(1 + lengthOctets + length);
  element[0] = tag;
  if (lengthOctets === 1) element[1] = length;
  else writeLongLength(element, length, lengthOctets - 1);
  let at = 1 + lengthOctets;
  for (const part of content) {
    element.set(part, at);
    at += part.length;
  }
  return element;
}

/** The INTEGER that big-endian octets write, which is not negative. */
export function encodeUnsignedInteger(octets: Uint8Array): Uint8Array {
  let at = 0;
  while (at < octets.length - 1 && octets[at] === 0) at++;
  const number = octets.subarray(at);
  // The first bit is the sign.
  return encodeElement(Tag.INTEGER, ...((number[0] ?? 0) < 0x80 ? [number] : [zero, number]));
}

/** An OBJECT IDENTIFIER whose arcs are below 2^31. */
export function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
  return encodeElement(
    Tag.OBJECT_IDENTIFIER,
    Uint8Array.from([40 * first + second, ...arcs].flatMap(base128)),
  );
}

/** Four octets hold whatever an array can. */
function writeLongLength(element: Uint8Array, length: number, octets: number): void {
  element[1] = 0x80 | octets;
  for (let at = octets, rest = length; at > 0; at--, rest >>>= 8) element[1 + at] = rest & 0xff;
}

/** X.690, 8.19.2: seven bits an octet, the first bit set in all but the last. */
function base128(arc: number): readonly number[] {
  const octets = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return octets;
}

const zero = Uint8Array.of(0);

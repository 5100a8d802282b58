/**
 * INTEGER, X.690 section 8.3.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Element } from "./reader.ts";

/** Reads a small INTEGER, such as a version or a path length. Throws over 32 bits. */
export function decodeSmallInteger(der: Uint8Array, element: Element, path: string): number {
  const { contentStart, end } = element;
  if (end === contentStart || end - contentStart > 4) {
    throw new CertParserError("DER_SYNTAX", `${path} is an INTEGER of ${end - contentStart} bytes`, {
      offset: element.start,
      path,
    });
  }
  let value = (der[contentStart] as number) >= 0x80 ? -1 : 0;
  for (let at = contentStart; at < end; at++) value = (value << 8) | (der[at] as number);
  return value;
}

/** Length of a non-negative INTEGER's value in bits, leading zeros not counted. */
export function bitLength(content: Uint8Array): number {
  const first = content.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (content.length - first) * 8 - (Math.clz32(content[first] as number) - 24);
}

/** The magnitude of a non-negative INTEGER without leading zeros. */
export function magnitude(content: Uint8Array): Uint8Array {
  let at = 0;
  while (at < content.length && content[at] === 0) at++;
  return content.subarray(at);
}

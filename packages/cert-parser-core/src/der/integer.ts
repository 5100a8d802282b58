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

/** Tells whether the INTEGER in `element` has no octet that it could do without: X.690, 8.3.2. */
export function isMinimalInteger(der: Uint8Array, { contentStart, end }: Element): boolean {
  if (end - contentStart < 2) return true;
  const first = der[contentStart] as number;
  const isSignBit = (der[contentStart + 1] as number) >= 0x80;
  return !(first === 0 && !isSignBit) && !(first === 0xff && isSignBit);
}

/** Length in bits of the non-negative INTEGER in `element`, leading zeros not counted. */
export function bitLengthAt(der: Uint8Array, { contentStart, end }: Element): number {
  let at = contentStart;
  while (at < end && der[at] === 0) at++;
  return at === end ? 0 : (end - at) * 8 - (Math.clz32(der[at] as number) - 24);
}

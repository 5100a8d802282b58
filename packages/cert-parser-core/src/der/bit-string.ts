/**
 * BIT STRING, X.690 section 8.6.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Element } from "./reader.ts";

/** A view of the bits, and how many of the last byte do not count. */
export interface BitString {
  readonly bytes: Uint8Array;
  readonly unusedBits: number;
}

/** Reads the BIT STRING in `element`. */
export function decodeBitString(der: Uint8Array, element: Element, path: string): BitString {
  const unusedBits = expectBitString(der, element, path);
  return { bytes: der.subarray(element.contentStart + 1, element.end), unusedBits };
}

/** Throws unless the BIT STRING in `element` can be read; gives how many bits of its last byte do not count. */
export function expectBitString(der: Uint8Array, element: Element, path: string): number {
  const { contentStart, end } = element;
  const unusedBits = contentStart === end ? 8 : (der[contentStart] as number);
  if (unusedBits > 7 || (unusedBits > 0 && end - contentStart === 1)) {
    throw new CertParserError("DER_SYNTAX", `${path} has no valid count of unused bits`, {
      offset: element.start,
      path,
    });
  }
  return unusedBits;
}

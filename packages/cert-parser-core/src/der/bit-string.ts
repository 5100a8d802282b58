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
  const { contentStart, end } = element;
  const unusedBits = contentStart === end ? 8 : (der[contentStart] as number);
  if (unusedBits > 7 || (unusedBits > 0 && end - contentStart === 1)) {
    throw new CertParserError("DER_SYNTAX", `${path} has no valid count of unused bits`, {
      offset: element.start,
      path,
    });
  }
  return { bytes: der.subarray(contentStart + 1, end), unusedBits };
}

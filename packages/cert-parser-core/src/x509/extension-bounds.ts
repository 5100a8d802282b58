/**
 * How many extensions are looked at, and how long: each that is malformed costs an error, each that is read some objects.
 *
 * @module
 */

import { type Element, readElement, reusedElement } from "../der/reader.ts";
import { CertParserError } from "../errors.ts";

/** Throws where the SEQUENCE `element` frames more extensions than anyone has. */
export function expectFewExtensions(input: Uint8Array, { contentStart, end }: Element, path: string): void {
  // So many cannot be in less.
  if (end - contentStart <= 2 * maxExtensions) return;
  const extension = reusedElement();
  let count = 0;
  for (let at = contentStart; at < end; at = extension.end) {
    if (count++ === maxExtensions) {
      throw new CertParserError("LIMIT_EXCEEDED", `${path} has over ${maxExtensions} extensions`, {
        offset: at,
        path,
      });
    }
    readElement(input, at, end, extension);
  }
}

/** Throws where an extension is longer than any that is read for what is in it. */
export function expectShort({ contentStart, end }: Element): void {
  if (end - contentStart <= maxExtensionBytes) return;
  throw new CertParserError("LIMIT_EXCEEDED", `its value is over ${maxExtensionBytes} bytes`, {
    offset: contentStart,
  });
}

// Real certificates and CRLs have up to twelve, and up to three in an entry.
const maxExtensions = 1000;
// The longest in the lists of the corpus has some 600.
const maxExtensionBytes = 65_536;

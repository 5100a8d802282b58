/**
 * The SEQUENCE SIZE (1..MAX) OF that half of the extensions of RFC 5280 section 4.2.1 consist of.
 *
 * @module
 */

import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";

/** Reads the frame of the SEQUENCE that is all of the extnValue, and notes where nothing is in it. */
export function sequenceOfOneOrMore(
  input: Uint8Array,
  { contentStart, end }: Element,
  path: string,
  clause: string,
  findings: Finding[],
): Element {
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  expectEnd(sequence.end, end, path);
  // One certificate of the real lists has an empty subjectAltName.
  if (sequence.contentStart === sequence.end) {
    findings.push({
      code: "EXTENSION_EMPTY",
      message: `${path} is an empty SEQUENCE, expected an element or more`,
      offset: contentStart,
      clause,
    });
  }
  return sequence;
}

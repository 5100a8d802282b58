/**
 * NameChange, Doc 9303-12 section 7.1.1: `NameChange ::= NULL`, whose presence says that the CSCA has a new name.
 *
 * @module
 */

import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** Throws unless the extnValue holds a NULL. */
export function checkNameChange(input: Uint8Array, { contentStart, end }: Element): void {
  const element = expectElement(input, contentStart, end, Tag.NULL, "nameChange");
  expectEnd(element.contentStart, end, "nameChange");
}

/**
 * Which strings may stand in a name: Doc 9303-12, Table 5, and X.680 section 41 for what each type may hold.
 *
 * @module
 */

import { decodeUtf8 } from "../bytes/text.ts";
import {
  idAtCountryName,
  idAtDnQualifier,
  idAtSerialNumber,
  idDomainComponent,
  idEmailAddress,
} from "../der/oids.ts";
import { contentBytes, type Element } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { attributeDescriptors } from "./attribute-types.ts";
import type { RelativeFinding } from "./relative-finding.ts";

/** Tells what is amiss with the value of an attribute of this type; undefined where nothing is. Its offset is that in `input`. */
export function stringDeviation(
  input: Uint8Array,
  type: string,
  value: Element,
): RelativeFinding | undefined {
  if (!isAllowed(type, value.tag)) {
    return deviation(value, `${describe(type)} is ${nameTag(value.tag)}, expected ${expectedTypes(type)}`);
  }
  if (isInCharacterSet(input, value)) return undefined;
  return deviation(value, `${describe(type)} holds octets that are not in ${nameTag(value.tag)}`);
}

function isAllowed(type: string, tag: number): boolean {
  if (tag === Tag.PRINTABLE_STRING) return true;
  if (tag === Tag.UTF8_STRING) return !printableOnly.has(type);
  // Doc 9303-12 makes no exception for these, but X.520's own syntax for them is IA5String (RFC 5280, appendix A.1), and
  // ICAO's PKD passes it: Greek, Israeli and Russian CSCAs have an emailAddress.
  return tag === Tag.IA5_STRING && ia5Types.has(type);
}

function isInCharacterSet(input: Uint8Array, value: Element): boolean {
  const { tag, contentStart, end } = value;
  for (let at = contentStart; at < end; at++) {
    const octet = input[at] as number;
    // Nearly all UTF8Strings are in ASCII, and need no decoder to be right.
    if (octet >= 0x80) return tag === Tag.UTF8_STRING && decodeUtf8(contentBytes(input, value)) !== undefined;
    if (tag === Tag.PRINTABLE_STRING && printable[octet] === 0) return false;
  }
  return true;
}

function expectedTypes(type: string): string {
  if (printableOnly.has(type)) return "PRINTABLE STRING";
  return ia5Types.has(type) ? "IA5 STRING" : "UTF8 STRING or PRINTABLE STRING";
}

function describe(type: string): string {
  return attributeDescriptors.get(type) ?? `attribute ${type}`;
}

function deviation({ start }: Element, message: string): RelativeFinding {
  return { code: "NAME_STRING", message, offset: start, clause: "Doc 9303-12, Table 5" };
}

// X.520 defines these two and dnQualifier as PrintableString; Doc 9303-12 repeats it for the first two.
const printableOnly: ReadonlySet<string> = new Set([idAtCountryName, idAtSerialNumber, idAtDnQualifier]);
const ia5Types: ReadonlySet<string> = new Set([idEmailAddress, idDomainComponent]);
// X.680, 41.4: 1 for each octet that is a character of PrintableString.
const printable = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?") {
  printable[character.charCodeAt(0)] = 1;
}

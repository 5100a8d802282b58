/**
 * Object identifiers, X.690 section 8.19.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Element } from "./reader.ts";

/** Reads the dotted form of the OBJECT IDENTIFIER in `element`. */
export function decodeOid(der: Uint8Array, element: Element): string {
  const { contentStart, end } = element;
  if (contentStart === end) throw malformed("is empty", element);
  if (end - contentStart > maxOidBytes) throw malformed(`is over ${maxOidBytes} bytes`, element);
  if ((der[end - 1] as number) >= 0x80) throw malformed("ends in the middle of an arc", element);

  let dotted = "";
  let arc = 0;
  for (let at = contentStart; at < end; at++) {
    const byte = der[at] as number;
    if (arc === 0 && byte === 0x80) throw malformed("has an arc with a leading zero", element);
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw malformed("has an arc over 2^46", element);
    if (byte < 0x80) {
      dotted = dotted === "" ? firstArcs(arc) : `${dotted}.${arc}`;
      arc = 0;
    }
  }
  return dotted;
}

function firstArcs(value: number): string {
  const first = Math.min(Math.trunc(value / 40), 2);
  return `${first}.${value - 40 * first}`;
}

function malformed(what: string, element: Element): CertParserError {
  return new CertParserError("DER_SYNTAX", `OBJECT IDENTIFIER ${what}`, { offset: element.start });
}

// The longest in use by X.509 are some 15 bytes; 2.25 UUIDs, the longest registered kind, take 21.
const maxOidBytes = 64;

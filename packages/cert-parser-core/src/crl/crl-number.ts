/**
 * CRLNumber, RFC 5280 sections 5.2.3 and 5.2.4.
 *
 * ```asn1
 * CRLNumber ::= INTEGER (0..MAX)
 * BaseCRLNumber ::= CRLNumber
 * ```
 *
 * @module
 */

import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { noteIntegerForm } from "../x509/integer-form.ts";

/** Reads the content octets of the CRLNumber in the extnValue, and notes one out of its range. */
export function decodeCrlNumber(
  input: Uint8Array,
  { contentStart, end }: Element,
  findings: Finding[],
): Uint8Array {
  const integer = expectElement(input, contentStart, end, Tag.INTEGER, "CRLNumber");
  expectEnd(integer.end, end, "CRLNumber");
  const octets = contentBytes(input, integer);
  const [first] = octets;
  const { start } = integer;
  if (first === undefined) throw new CertParserError("DER_SYNTAX", "CRLNumber is empty", { offset: start });
  if (first >= 0x80) noteCrlNumber("CRLNumber is negative", start, findings);
  if (octets.length > 20) {
    noteCrlNumber(`CRLNumber is ${octets.length} octets long, over 20`, start, findings);
  }
  noteIntegerForm(input, integer, "CRLNumber", findings);
  return octets;
}

/** Notes what is amiss with the number of a CRL. */
export function noteCrlNumber(message: string, offset: number, findings: Finding[]): void {
  findings.push({ code: "CRL_NUMBER", message, offset, clause: "RFC 5280, 5.2.3" });
}

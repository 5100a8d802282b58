/**
 * CRLReason, RFC 5280 section 5.3.1.
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";

/** Why a certificate was revoked, in RFC 5280's words. */
export type CrlReason =
  | "unspecified"
  | "keyCompromise"
  | "cACompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation"
  | "certificateHold"
  | "removeFromCRL"
  | "privilegeWithdrawn"
  | "aACompromise";

/** Reads the CRLReason in the extnValue. Throws on a number that RFC 5280 does not name. */
export function decodeCrlReason(input: Uint8Array, { contentStart, end }: Element): CrlReason {
  const element = expectElement(input, contentStart, end, Tag.ENUMERATED, "reasonCode");
  expectEnd(element.end, end, "reasonCode");
  const code = decodeSmallInteger(input, element, "reasonCode");
  const reason = reasons[code];
  if (reason === undefined) {
    throw new CertParserError("DER_SYNTAX", `reasonCode ${code} has no meaning`, { offset: element.start });
  }
  return reason;
}

// 7 is not used.
const reasons: readonly (CrlReason | undefined)[] = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  undefined,
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
];

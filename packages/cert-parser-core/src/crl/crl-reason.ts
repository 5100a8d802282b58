/**
 * CRLReason, RFC 5280 section 5.3.1.
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { expectElement, expectEnd } from "../der/reader.ts";
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

/** Reads a reasonCode extension's value. Throws on a number that RFC 5280 does not name. */
export function decodeCrlReason(value: Uint8Array): CrlReason {
  const element = expectElement(value, 0, value.length, Tag.ENUMERATED, "reasonCode");
  expectEnd(element.end, value.length, "reasonCode");
  const code = decodeSmallInteger(value, element, "reasonCode");
  const reason = reasons[code];
  if (reason === undefined) throw new CertParserError("DER_SYNTAX", `reasonCode ${code} has no meaning`);
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

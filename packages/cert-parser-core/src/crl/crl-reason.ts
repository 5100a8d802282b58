/**
 * CRLReason, RFC 5280 section 5.3.1.
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";

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

/**
 * Reads the CRLReason in the extnValue; undefined for a number that RFC 5280 does not name, which is noted: no error, since
 * a million entries may have it.
 */
export function decodeCrlReason(
  input: Uint8Array,
  { contentStart, end }: Element,
  findings: Finding[],
): CrlReason | undefined {
  const element = expectElement(input, contentStart, end, Tag.ENUMERATED, "reasonCode");
  expectEnd(element.end, end, "reasonCode");
  const code = decodeSmallInteger(input, element, "reasonCode");
  const reason = crlReasons[code];
  if (reason === undefined) {
    findings.push({
      code: "EXTENSION_MALFORMED",
      message: `reasonCode ${code} has no meaning`,
      offset: element.start,
      clause: "RFC 5280, 5.3.1",
    });
  }
  return reason;
}

/** The reasons at their numbers; 7 is not used. */
export const crlReasons: readonly (CrlReason | undefined)[] = [
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

/**
 * PrivateKeyUsagePeriod, RFC 3280 section 4.2.1.4 and Doc 9303-12 section 7.1.1: how long the key signs.
 *
 * ```asn1
 * PrivateKeyUsagePeriod ::= SEQUENCE {
 *   notBefore [0] IMPLICIT GeneralizedTime OPTIONAL,
 *   notAfter  [1] IMPLICIT GeneralizedTime OPTIONAL }
 * ```
 *
 * @module
 */

import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeGeneralizedTime, isGeneralizedTime, profiledTimeMs, type Time } from "../der/time.ts";
import type { Finding } from "../findings.ts";
import { sequenceOfOneOrMore } from "./extension-sequence.ts";

/** When the private key may sign: shorter than the validity of the certificate, which is as long as documents last. */
export interface PrivateKeyUsagePeriod {
  /** Undefined in 18 of 766 certificates of the lists of 2026. */
  readonly notBefore: Date | undefined;
  /** Undefined in 7 of them. */
  readonly notAfter: Date | undefined;
}

/** Reads the PrivateKeyUsagePeriod in the extnValue, and notes times in another form. */
export function decodePrivateKeyUsagePeriod(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): PrivateKeyUsagePeriod {
  const { contentStart, end } = sequenceOfOneOrMore(input, extnValue, path, clause, findings);
  const notBefore = boundAt(input, contentStart, end, Tag.CONTEXT_0_PRIMITIVE);
  const notAfter = boundAt(input, notBefore?.end ?? contentStart, end, Tag.CONTEXT_1_PRIMITIVE);
  expectEnd((notAfter ?? notBefore)?.end ?? contentStart, end, path);
  return {
    notBefore: notBefore && readBound(input, notBefore, "notBefore", findings),
    notAfter: notAfter && readBound(input, notAfter, "notAfter", findings),
  };
}

/** Throws unless the extnValue holds a PrivateKeyUsagePeriod. Makes no dates where all is as it should be. */
export function checkPrivateKeyUsagePeriod(input: Uint8Array, extnValue: Element, findings: Finding[]): void {
  const { contentStart, end } = extnValue;
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, path);
  const notBefore = boundAt(input, sequence.contentStart, sequence.end, Tag.CONTEXT_0_PRIMITIVE);
  if (notBefore !== undefined && isGeneralizedTime(input, notBefore)) {
    const notAfter = boundAt(input, notBefore.end, sequence.end, Tag.CONTEXT_1_PRIMITIVE);
    if (notAfter?.end === end && isGeneralizedTime(input, notAfter)) return;
  }
  decodePrivateKeyUsagePeriod(input, extnValue, findings);
}

function boundAt(input: Uint8Array, at: number, end: number, tag: number): Element | undefined {
  return at < end && input[at] === tag ? readElement(input, at, end) : undefined;
}

function readBound(input: Uint8Array, element: Element, bound: string, findings: Finding[]): Date {
  const { date, deviation } = asUtcTime(input, element) ?? decodeGeneralizedTime(input, element, path);
  if (deviation !== undefined) {
    findings.push({
      code: "TIME_FORM",
      message: `${path}.${bound} is ${deviation}`,
      offset: element.start,
      clause: "Doc 9303-12, Table 6",
    });
  }
  return date;
}

/**
 * Twelve digits and Z are all of a UTCTime, and a GeneralizedTime without seconds, which no standard here has: taken for
 * that, 250705161738Z would be in the year 2507.
 */
function asUtcTime(input: Uint8Array, element: Element): Time | undefined {
  const ms = profiledTimeMs(input, { ...element, tag: Tag.UTC_TIME });
  return ms === undefined
    ? undefined
    : { date: new Date(ms), deviation: "a UTCTime, expected a GeneralizedTime" };
}

const path = "privateKeyUsagePeriod";
const clause = "RFC 3280, 4.2.1.4";

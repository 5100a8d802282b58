/**
 * CertificatePolicies, RFC 5280 section 4.2.1.4: the rules that a certificate was issued under.
 *
 * ```asn1
 * CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
 * PolicyInformation ::= SEQUENCE {
 *   policyIdentifier OBJECT IDENTIFIER,
 *   policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
 * PolicyQualifierInfo ::= SEQUENCE { policyQualifierId OBJECT IDENTIFIER, qualifier ANY }
 * UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL }
 * NoticeReference ::= SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER }
 * ```
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { idQtCps, idQtUnotice } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { sequenceOfOneOrMore } from "./extension-sequence.ts";
import { decodeString } from "./name.ts";

/** One policy, with the qualifiers that RFC 5280 knows. */
export interface PolicyInformation {
  /** Dotted OID. */
  readonly policyIdentifier: string;
  /** Where the certification practice statement is. */
  readonly cPSuris: readonly string[];
  readonly userNotices: readonly UserNotice[];
}

/** What a relying party is to be shown. */
export interface UserNotice {
  readonly noticeRef: NoticeReference | undefined;
  readonly explicitText: string | undefined;
}

/** Texts of an organization, by their numbers. */
export interface NoticeReference {
  readonly organization: string;
  readonly noticeNumbers: readonly number[];
}

/** Reads the CertificatePolicies in the extnValue. */
export function decodeCertificatePolicies(
  input: Uint8Array,
  extnValue: Element,
  findings: Finding[],
): readonly PolicyInformation[] {
  const sequence = sequenceOfOneOrMore(input, extnValue, path, "RFC 5280, 4.2.1.4", findings);
  const policies: PolicyInformation[] = [];
  for (let at = sequence.contentStart; at < sequence.end; ) {
    const policy = expectElement(input, at, sequence.end, Tag.SEQUENCE, path);
    policies.push(policyInformationAt(input, policy));
    at = policy.end;
  }
  return policies;
}

function policyInformationAt(input: Uint8Array, { contentStart, end }: Element): PolicyInformation {
  const identifier = expectElement(input, contentStart, end, Tag.OBJECT_IDENTIFIER, path);
  const policyIdentifier = decodeOid(input, identifier);
  if (identifier.end === end) return { policyIdentifier, cPSuris: noUris, userNotices: noNotices };

  const qualifiers = expectElement(input, identifier.end, end, Tag.SEQUENCE, path);
  expectEnd(qualifiers.end, end, path);
  const cPSuris: string[] = [];
  const userNotices: UserNotice[] = [];
  for (let at = qualifiers.contentStart; at < qualifiers.end; ) {
    const info = expectElement(input, at, qualifiers.end, Tag.SEQUENCE, path);
    const id = expectElement(input, info.contentStart, info.end, Tag.OBJECT_IDENTIFIER, path);
    const qualifier = readElement(input, id.end, info.end);
    expectEnd(qualifier.end, info.end, path);
    const type = decodeOid(input, id);
    if (type === idQtCps) cPSuris.push(textAt(input, qualifier));
    else if (type === idQtUnotice) userNotices.push(userNoticeAt(input, qualifier));
    at = info.end;
  }
  return { policyIdentifier, cPSuris, userNotices };
}

function userNoticeAt(input: Uint8Array, element: Element): UserNotice {
  const { contentStart, end } = expectSequence(input, element);
  let at = contentStart;
  let noticeRef: NoticeReference | undefined;
  let explicitText: string | undefined;
  if (at < end && input[at] === Tag.SEQUENCE) {
    const reference = readElement(input, at, end);
    noticeRef = noticeReferenceAt(input, reference);
    at = reference.end;
  }
  if (at < end) {
    const text = readElement(input, at, end);
    explicitText = textAt(input, text);
    at = text.end;
  }
  expectEnd(at, end, path);
  return { noticeRef, explicitText };
}

function noticeReferenceAt(input: Uint8Array, { contentStart, end }: Element): NoticeReference {
  const organization = readElement(input, contentStart, end);
  const numbers = expectElement(input, organization.end, end, Tag.SEQUENCE, path);
  expectEnd(numbers.end, end, path);
  const noticeNumbers: number[] = [];
  for (let at = numbers.contentStart; at < numbers.end; ) {
    const number = expectElement(input, at, numbers.end, Tag.INTEGER, path);
    noticeNumbers.push(decodeSmallInteger(input, number, path));
    at = number.end;
  }
  return { organization: textAt(input, organization), noticeNumbers };
}

function expectSequence(input: Uint8Array, { start, end }: Element): Element {
  return expectElement(input, start, end, Tag.SEQUENCE, path);
}

/** DisplayText and CPSuri are strings of one type or another. */
function textAt(input: Uint8Array, element: Element): string {
  const text = decodeString(element.tag, contentBytes(input, element));
  if (text !== undefined) return text;
  throw new CertParserError("DER_SYNTAX", `${path} holds ${nameTag(element.tag)}, expected a text`, {
    offset: element.start,
    path,
  });
}

const path = "certificatePolicies";
const noUris: readonly string[] = Object.freeze([]);
const noNotices: readonly UserNotice[] = Object.freeze([]);

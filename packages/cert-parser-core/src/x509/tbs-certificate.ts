/**
 * TBSCertificate, RFC 5280 section 4.1.2: what the signature covers.
 *
 * ```asn1
 * TBSCertificate ::= SEQUENCE {
 *   version          [0] EXPLICIT Version DEFAULT v1,
 *   serialNumber         CertificateSerialNumber,
 *   signature            AlgorithmIdentifier,
 *   issuer               Name,
 *   validity             SEQUENCE { notBefore Time, notAfter Time },
 *   subject              Name,
 *   subjectPublicKeyInfo SubjectPublicKeyInfo,
 *   issuerUniqueID   [1] IMPLICIT UniqueIdentifier OPTIONAL,
 *   subjectUniqueID  [2] IMPLICIT UniqueIdentifier OPTIONAL,
 *   extensions       [3] EXPLICIT Extensions OPTIONAL }
 * ```
 *
 * @module
 */

import { bitLengthAt, decodeSmallInteger } from "../der/integer.ts";
import {
  type Element,
  equalElements,
  expectElement,
  expectEnd,
  readElement,
  unexpected,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime, profiledTimeMs } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding, FindingCode } from "../findings.ts";
import { noteCertificateNames } from "./certificate-names.ts";
import type { FileTables } from "./file-tables.ts";
import { noteIntegerForm } from "./integer-form.ts";
import type { KnownAlgorithm } from "./known-algorithm.ts";
import { type Name, noteNameStrings } from "./name.ts";
import { framePublicKey, type PublicKeyFrame } from "./public-key.ts";

/** Where the fields of a TBSCertificate are, and those that are numbers. */
export interface TbsCertificate {
  readonly version: number;
  readonly serialNumber: Element;
  readonly signature: Element;
  readonly signatureAlgorithm: KnownAlgorithm;
  readonly issuer: Name;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: PublicKeyFrame;
  /** The SEQUENCE OF Extension. */
  readonly extensions: Element | undefined;
}

/** Reads the TBSCertificate that `element` frames, and notes in `findings` what is not as it should be. */
export function tbsCertificateAt(
  input: Uint8Array,
  element: Element,
  tables: FileTables,
  findings: Finding[],
): TbsCertificate {
  const { names, algorithms } = tables;
  const { contentStart, end } = element;
  const versionEnd =
    input[contentStart] === Tag.CONTEXT_0 ? readElement(input, contentStart, end).end : contentStart;
  const version = readVersion(input, contentStart, versionEnd, findings);

  const serialNumber = expectElement(input, versionEnd, end, Tag.INTEGER, "TBSCertificate.serialNumber");
  checkSerialNumber(input, serialNumber, findings);
  const signature = expectElement(input, serialNumber.end, end, Tag.SEQUENCE, "TBSCertificate.signature");
  const signatureAlgorithm = algorithms.read(input, signature, "TBSCertificate.signature");
  const issuer = expectElement(input, signature.end, end, Tag.SEQUENCE, "TBSCertificate.issuer");

  const validity = expectElement(input, issuer.end, end, Tag.SEQUENCE, "TBSCertificate.validity");
  const notBefore = readElement(input, validity.contentStart, validity.end);
  const notAfter = readElement(input, notBefore.end, validity.end);
  expectEnd(notAfter.end, validity.end, "TBSCertificate.validity");

  const subject = expectElement(input, validity.end, end, Tag.SEQUENCE, "TBSCertificate.subject");
  const spki = expectElement(input, subject.end, end, Tag.SEQUENCE, "TBSCertificate.subjectPublicKeyInfo");
  const issuerName = names.read(input, issuer, "TBSCertificate.issuer");
  const isSelfIssued = equalElements(input, issuer, subject);
  const tbs: TbsCertificate = {
    version,
    serialNumber,
    signature,
    signatureAlgorithm,
    issuer: issuerName,
    notBefore: readTimeMs(input, notBefore, "TBSCertificate.validity.notBefore", findings),
    notAfter: readTimeMs(input, notAfter, "TBSCertificate.validity.notAfter", findings),
    subject: isSelfIssued ? issuerName : names.read(input, subject, "TBSCertificate.subject"),
    subjectPublicKeyInfo: framePublicKey(input, spki, algorithms, "TBSCertificate.subjectPublicKeyInfo"),
    extensions: frameExtensions(input, spki.end, end, findings),
  };
  noteNameStrings(tbs.issuer, issuer.start, findings);
  noteNameStrings(tbs.subject, subject.start, findings);
  noteCertificateNames(tbs.issuer, issuer.start, tbs.subject, subject.start, findings);
  if (tbs.notAfter < tbs.notBefore) {
    note("VALIDITY_REVERSED", "notAfter is before notBefore", validity.start, "RFC 5280, 4.1.2.5", findings);
  }
  return tbs;
}

/** Reads a Time and notes a form that RFC 5280 does not allow. */
export function readTime(input: Uint8Array, element: Element, where: string, findings: Finding[]): Date {
  const { date, deviation } = decodeTime(input, element, where);
  if (deviation !== undefined) {
    findings.push({
      code: "TIME_FORM",
      message: `${where} is ${deviation}`,
      offset: element.start,
      clause: "RFC 5280, 4.1.2.5",
    });
  }
  return date;
}

/** Milliseconds since 1970; see {@link readTime}. */
function readTimeMs(input: Uint8Array, element: Element, where: string, findings: Finding[]): number {
  // A GeneralizedTime is rare, and right only from 2050.
  const ms = element.tag === Tag.UTC_TIME ? profiledTimeMs(input, element) : undefined;
  return ms ?? readTime(input, element, where, findings).getTime();
}

function readVersion(input: Uint8Array, start: number, end: number, findings: Finding[]): number {
  let version = 1;
  if (start !== end) {
    const where = "TBSCertificate.version";
    const explicit = readElement(input, start, end);
    const integer = expectElement(input, explicit.contentStart, explicit.end, Tag.INTEGER, where);
    expectEnd(integer.end, explicit.end, where);
    version = decodeSmallInteger(input, integer, where) + 1;
    if (version === 1) {
      note("DEFAULT_ENCODED", "version 1 is written out", start, "X.690, 11.5", findings);
    }
    noteIntegerForm(input, integer, where, findings);
  }
  if (version !== 3) {
    const message = `certificate is of version ${version}, expected 3`;
    note("VERSION_UNEXPECTED", message, start, "RFC 5280, 4.1.2.1", findings);
  }
  return version;
}

function checkSerialNumber(input: Uint8Array, element: Element, findings: Finding[]): void {
  const { start, contentStart, end } = element;
  if (contentStart === end) {
    throw new CertParserError("DER_SYNTAX", "serialNumber is empty", {
      offset: start,
      path: "TBSCertificate.serialNumber",
    });
  }
  const clause = "RFC 5280, 4.1.2.2";
  const octets = end - contentStart;
  if ((input[contentStart] as number) >= 0x80) {
    note("SERIAL_NEGATIVE", "serialNumber is negative", start, clause, findings);
  } else if (bitLengthAt(input, element) === 0) {
    note("SERIAL_ZERO", "serialNumber is zero", start, clause, findings);
  }
  if (octets > 20) {
    note("SERIAL_TOO_LONG", `serialNumber is ${octets} octets long, over 20`, start, clause, findings);
  }
  noteIntegerForm(input, element, "serialNumber", findings);
}

/** The unique identifiers are obsolete; they are passed over. */
function frameExtensions(
  input: Uint8Array,
  start: number,
  end: number,
  findings: Finding[],
): Element | undefined {
  const where = "TBSCertificate.extensions";
  for (let at = start; at < end; ) {
    const element = readElement(input, at, end);
    if (element.tag === Tag.CONTEXT_3) {
      expectEnd(element.end, end, where);
      const sequence = expectElement(input, element.contentStart, element.end, Tag.SEQUENCE, where);
      expectEnd(sequence.end, element.end, where);
      return sequence;
    }
    noteUniqueIdentifier(element, findings);
    at = element.end;
  }
  return undefined;
}

/** `[1]` and `[2]`, in whatever form; anything else has no place in a TBSCertificate. */
function noteUniqueIdentifier(element: Element, findings: Finding[]): void {
  const number = element.tag & 0x1f;
  if (element.tag < 0x80 || number < 1 || number > 2) {
    throw unexpected(element, Tag.CONTEXT_3, "TBSCertificate.extensions");
  }
  const which = number === 1 ? "issuerUniqueID" : "subjectUniqueID";
  note("UNIQUE_IDENTIFIER", `${which} is there`, element.start, "Doc 9303-12, Table 5", findings);
}

function note(code: FindingCode, message: string, offset: number, clause: string, findings: Finding[]): void {
  findings.push({ code, message, offset, clause });
}

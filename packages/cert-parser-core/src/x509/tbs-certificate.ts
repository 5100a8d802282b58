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

import { decodeSmallInteger } from "../der/integer.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { algorithmIdentifierAt } from "./algorithm-identifier.ts";
import { countryOf, type Name } from "./name.ts";
import type { NameTable } from "./name-table.ts";
import { checkPublicKey } from "./public-key.ts";

/** Where the fields of a TBSCertificate are, and those that are numbers. */
export interface TbsCertificate {
  readonly version: number;
  readonly serialNumber: Element;
  readonly signature: Element;
  readonly issuer: Name;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: Element;
  /** The SEQUENCE OF Extension. */
  readonly extensions: Element | undefined;
}

/** Reads the TBSCertificate that `element` frames, and notes in `findings` what is not as it should be. */
export function tbsCertificateAt(
  input: Uint8Array,
  element: Element,
  names: NameTable,
  findings: Finding[],
): TbsCertificate {
  const { contentStart, end } = element;
  const versionEnd =
    input[contentStart] === Tag.CONTEXT_0 ? readElement(input, contentStart, end).end : contentStart;
  const version = readVersion(input, contentStart, versionEnd, findings);

  const serialNumber = expectElement(input, versionEnd, end, Tag.INTEGER, "TBSCertificate.serialNumber");
  checkSerialNumber(input, serialNumber, findings);
  const signature = expectElement(input, serialNumber.end, end, Tag.SEQUENCE, "TBSCertificate.signature");
  algorithmIdentifierAt(input, signature, "TBSCertificate.signature");
  const issuer = expectElement(input, signature.end, end, Tag.SEQUENCE, "TBSCertificate.issuer");

  const validity = expectElement(input, issuer.end, end, Tag.SEQUENCE, "TBSCertificate.validity");
  const notBefore = readElement(input, validity.contentStart, validity.end);
  const notAfter = readElement(input, notBefore.end, validity.end);
  expectEnd(notAfter.end, validity.end, "TBSCertificate.validity");

  const subject = expectElement(input, validity.end, end, Tag.SEQUENCE, "TBSCertificate.subject");
  const spki = expectElement(input, subject.end, end, Tag.SEQUENCE, "TBSCertificate.subjectPublicKeyInfo");
  checkPublicKey(input, spki, "TBSCertificate.subjectPublicKeyInfo");

  return {
    version,
    serialNumber,
    signature,
    issuer: names.read(input, issuer, "TBSCertificate.issuer"),
    notBefore: readTime(input, notBefore, "TBSCertificate.validity.notBefore", findings).getTime(),
    notAfter: readTime(input, notAfter, "TBSCertificate.validity.notAfter", findings).getTime(),
    subject: readSubject(input, subject, names, findings),
    subjectPublicKeyInfo: spki,
    extensions: frameExtensions(input, spki.end, end),
  };
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

function readVersion(input: Uint8Array, start: number, end: number, findings: Finding[]): number {
  let version = 1;
  if (start !== end) {
    const where = "TBSCertificate.version";
    const explicit = readElement(input, start, end);
    const integer = expectElement(input, explicit.contentStart, explicit.end, Tag.INTEGER, where);
    expectEnd(integer.end, explicit.end, where);
    version = decodeSmallInteger(input, integer, where) + 1;
  }
  if (version !== 3) {
    findings.push({
      code: "VERSION_UNEXPECTED",
      message: `certificate is of version ${version}, expected 3`,
      offset: start,
      clause: "RFC 5280, 4.1.2.1",
    });
  }
  return version;
}

function checkSerialNumber(
  input: Uint8Array,
  { start, contentStart, end }: Element,
  findings: Finding[],
): void {
  if (contentStart === end) {
    throw new CertParserError("DER_SYNTAX", "serialNumber is empty", {
      offset: start,
      path: "TBSCertificate.serialNumber",
    });
  }
  const note = (code: Finding["code"], message: string) =>
    findings.push({ code, message, offset: start, clause: "RFC 5280, 4.1.2.2" });
  const octets = end - contentStart;
  if ((input[contentStart] as number) >= 0x80) note("SERIAL_NEGATIVE", "serialNumber is negative");
  if (input.subarray(contentStart, end).every((byte) => byte === 0))
    note("SERIAL_ZERO", "serialNumber is zero");
  if (octets > 20) note("SERIAL_TOO_LONG", `serialNumber is ${octets} octets long, over 20`);
}

function readSubject(input: Uint8Array, element: Element, names: NameTable, findings: Finding[]): Name {
  const subject = names.read(input, element, "TBSCertificate.subject");
  const country = countryOf(subject);
  if (country !== undefined && country !== country.toUpperCase()) {
    findings.push({
      code: "COUNTRY_CASE",
      message: `countryName is ${JSON.stringify(country)}, expected upper case`,
      offset: element.start,
      clause: "Doc 9303-12, Table 5",
    });
  }
  return subject;
}

/** The unique identifiers [1] and [2] are obsolete; they are passed over. */
function frameExtensions(input: Uint8Array, start: number, end: number): Element | undefined {
  const where = "TBSCertificate.extensions";
  for (let at = start; at < end; ) {
    const element = readElement(input, at, end);
    if (element.tag === Tag.CONTEXT_3) {
      expectEnd(element.end, end, where);
      const sequence = expectElement(input, element.contentStart, element.end, Tag.SEQUENCE, where);
      expectEnd(sequence.end, element.end, where);
      return sequence;
    }
    at = element.end;
  }
  return undefined;
}

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
import {
  contentBytes,
  type Element,
  equalElements,
  expectElement,
  expectEnd,
  readElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { algorithmIdentifierAt, type FramedAlgorithmIdentifier } from "./algorithm-identifier.ts";
import { extensionsAt, type FramedExtension } from "./extension.ts";
import { countryOf, type Name, nameAt } from "./name.ts";
import { type PublicKey, publicKeyAt } from "./public-key.ts";

/** The fields of a TBSCertificate. */
export interface TbsCertificate {
  readonly version: number;
  readonly serialNumber: Uint8Array;
  readonly signature: FramedAlgorithmIdentifier;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly FramedExtension[];
}

/** Reads the TBSCertificate that `element` frames, and notes in `findings` what is not as it should be. */
export function tbsCertificateAt(input: Uint8Array, element: Element, findings: Finding[]): TbsCertificate {
  const { contentStart, end } = element;
  const versionEnd =
    input[contentStart] === Tag.CONTEXT_0 ? readElement(input, contentStart, end).end : contentStart;
  const version = readVersion(input, contentStart, versionEnd, findings);

  const serial = expectElement(input, versionEnd, end, Tag.INTEGER, `${path}.serialNumber`);
  const algorithm = expectElement(input, serial.end, end, Tag.SEQUENCE, `${path}.signature`);
  const issuerElement = expectElement(input, algorithm.end, end, Tag.SEQUENCE, `${path}.issuer`);
  const validity = expectElement(input, issuerElement.end, end, Tag.SEQUENCE, `${path}.validity`);
  const subjectElement = expectElement(input, validity.end, end, Tag.SEQUENCE, `${path}.subject`);
  const spki = expectElement(input, subjectElement.end, end, Tag.SEQUENCE, `${path}.subjectPublicKeyInfo`);

  const notBefore = readElement(input, validity.contentStart, validity.end);
  const notAfter = readElement(input, notBefore.end, validity.end);
  expectEnd(notAfter.end, validity.end, `${path}.validity`);

  const issuer = nameAt(input, issuerElement, `${path}.issuer`);
  // Most certificates of a list are self-issued: read the name once.
  const subject = equalElements(input, issuerElement, subjectElement)
    ? issuer
    : nameAt(input, subjectElement, `${path}.subject`);
  noteCountryCase(subject, subjectElement, findings);

  return {
    version,
    serialNumber: readSerialNumber(input, serial, findings),
    signature: algorithmIdentifierAt(input, algorithm, `${path}.signature`),
    issuer,
    notBefore: readTime(input, notBefore, `${path}.validity.notBefore`, findings),
    notAfter: readTime(input, notAfter, `${path}.validity.notAfter`, findings),
    subject,
    publicKey: publicKeyAt(input, spki, `${path}.subjectPublicKeyInfo`),
    extensions: readExtensions(input, spki.end, end, findings),
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
    const where = `${path}.version`;
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

function readSerialNumber(input: Uint8Array, element: Element, findings: Finding[]): Uint8Array {
  const serial = contentBytes(input, element);
  if (serial.length === 0) {
    throw new CertParserError("DER_SYNTAX", "serialNumber is empty", {
      offset: element.start,
      path: `${path}.serialNumber`,
    });
  }
  const note = (code: Finding["code"], message: string) =>
    findings.push({ code, message, offset: element.start, clause: "RFC 5280, 4.1.2.2" });
  const first = serial[0] as number;
  if (first >= 0x80) note("SERIAL_NEGATIVE", "serialNumber is negative");
  if (first === 0 && serial.every((byte) => byte === 0)) note("SERIAL_ZERO", "serialNumber is zero");
  if (serial.length > 20) note("SERIAL_TOO_LONG", `serialNumber is ${serial.length} octets long, over 20`);
  return serial;
}

function noteCountryCase(subject: Name, element: Element, findings: Finding[]): void {
  const country = countryOf(subject);
  if (country !== null && country !== country.toUpperCase()) {
    findings.push({
      code: "COUNTRY_CASE",
      message: `countryName is ${JSON.stringify(country)}, expected upper case`,
      offset: element.start,
      clause: "Doc 9303-12, Table 5",
    });
  }
}

/** The unique identifiers [1] and [2] are obsolete; they are passed over. */
function readExtensions(
  input: Uint8Array,
  start: number,
  end: number,
  findings: Finding[],
): readonly FramedExtension[] {
  const where = `${path}.extensions`;
  for (let at = start; at < end; ) {
    const element = readElement(input, at, end);
    if (element.tag === Tag.CONTEXT_3) {
      expectEnd(element.end, end, where);
      const sequence = expectElement(input, element.contentStart, element.end, Tag.SEQUENCE, where);
      expectEnd(sequence.end, element.end, where);
      return extensionsAt(input, sequence, where, findings);
    }
    at = element.end;
  }
  return [];
}

const path = "TBSCertificate";

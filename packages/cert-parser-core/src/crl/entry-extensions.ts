/**
 * The extensions of a CRL's entry, RFC 5280 section 5.3.
 *
 * @module
 */

import {
  idCeCertificateIssuer,
  idCeCrlReasons,
  idCeHoldInstructionCode,
  idCeInvalidityDate,
} from "../der/oids.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeExplicitGeneralizedTime } from "../der/time.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type ExtensionDecoder, readExtension, walkExtensions } from "../x509/extension.ts";
import { expectFewExtensions, isShort } from "../x509/extension-bounds.ts";
import { sequenceOfOneOrMore } from "../x509/extension-sequence.ts";
import { checkGeneralNames, type GeneralName, generalNamesAt } from "../x509/general-name.ts";
import { type CrlReason, crlReasons, decodeCrlReason } from "./crl-reason.ts";
import { checkExtension, type ExpectedCriticality } from "./extension-checks.ts";

/** What the extensions of an entry say; undefined for each that is absent, malformed or too long. */
export interface EntryExtensions {
  readonly reason: CrlReason | undefined;
  readonly invalidityDate: Date | undefined;
  /** Where certificateIssuer's extnValue starts, readable or not; undefined where there is none. */
  readonly certificateIssuerStart: number | undefined;
  /** Whether one that is critical is unknown or cannot be read: the CRL must then not be used (RFC 5280, 5.3). */
  readonly unprocessable: boolean;
}

/** Reads the extensions that the SEQUENCE `element` frames; of one that stands there twice, the first counts. */
export function entryExtensionsAt(
  input: Uint8Array,
  element: Element,
  limits: Limits,
  findings: Finding[],
): EntryExtensions {
  const known: { -readonly [Field in keyof EntryExtensions]: EntryExtensions[Field] } = {
    reason: undefined,
    invalidityDate: undefined,
    certificateIssuerStart: undefined,
    unprocessable: false,
  };
  expectFewExtensions(input, element, entryExtensionsPath, limits);
  const seen = new Set<string>();
  const unreadable: Finding[] = [];
  walkExtensions(input, element, entryExtensionsPath, unreadable, (type, critical, extnValue) => {
    if (!checkExtension(type, critical, extnValue, expectedCriticality, seen, findings)) return;
    const read = <T>(decode: ExtensionDecoder<T>) => {
      const isRead = isShort(type, extnValue, limits, findings);
      const value = isRead ? readExtension(input, type, extnValue, decode, findings) : undefined;
      if (value === undefined && critical) known.unprocessable = true;
      return value;
    };
    if (type === idCeCrlReasons) known.reason = read(decodeCrlReason);
    else if (type === idCeInvalidityDate) known.invalidityDate = read(decodeInvalidityDate);
    else if (type === idCeCertificateIssuer) {
      known.certificateIssuerStart = extnValue.start;
      // Critical or not: the entries from here on are another's, and nobody knows whose.
      if (!read(checkCertificateIssuer)) known.unprocessable = true;
    } else if (critical && !expectedCriticality.has(type)) known.unprocessable = true;
  });
  for (const finding of unreadable) {
    // It may have been a critical one.
    if (finding.code === "EXTENSION_MALFORMED") known.unprocessable = true;
    findings.push(finding);
  }
  if (element.contentStart === element.end) {
    findings.push({
      code: "EXTENSION_EMPTY",
      message: "crlEntryExtensions is empty, expected an extension or nothing",
      offset: element.start,
      clause: "RFC 5280, 5.1.2.6",
    });
  }
  return known;
}

/** Reads the certificateIssuer whose extnValue starts at `start`; undefined where it is malformed or too long. */
export function certificateIssuerAt(
  input: Uint8Array,
  start: number,
  limits: Limits,
): readonly GeneralName[] | undefined {
  const extnValue = readElement(input, start);
  if (!isShort(idCeCertificateIssuer, extnValue, limits, [])) return undefined;
  return readExtension(input, idCeCertificateIssuer, extnValue, decodeCertificateIssuer, []);
}

/**
 * The reason where the extensions are a lone reasonCode as nearly every CA writes it, read without an object made;
 * undefined where there is more or less.
 */
export function loneReasonAt(input: Uint8Array, { start, end }: Element): CrlReason | undefined {
  if (end - start !== loneReason.length + 1) return undefined;
  for (let at = 0; at < loneReason.length; at++) if (input[start + at] !== loneReason[at]) return undefined;
  return crlReasons[input[end - 1] as number];
}

/** `CertificateIssuer ::= GeneralNames` */
function decodeCertificateIssuer(input: Uint8Array, { contentStart, end }: Element): readonly GeneralName[] {
  const sequence = expectElement(input, contentStart, end, Tag.SEQUENCE, certificateIssuerPath);
  expectEnd(sequence.end, end, certificateIssuerPath);
  return generalNamesAt(input, sequence, certificateIssuerPath);
}

/** Tells whether there is a name. */
function checkCertificateIssuer(input: Uint8Array, extnValue: Element, findings: Finding[]): boolean {
  const path = certificateIssuerPath;
  const sequence = sequenceOfOneOrMore(input, extnValue, path, "RFC 5280, 5.3.3", findings);
  checkGeneralNames(input, sequence, path);
  return sequence.contentStart < sequence.end;
}

/** `InvalidityDate ::= GeneralizedTime`, before 2050 too. */
function decodeInvalidityDate(input: Uint8Array, { contentStart, end }: Element, findings: Finding[]): Date {
  const element = readElement(input, contentStart, end);
  expectEnd(element.end, end, "invalidityDate");
  const { date, deviation } = decodeExplicitGeneralizedTime(input, element, "invalidityDate");
  if (deviation !== undefined) {
    findings.push({
      code: "TIME_FORM",
      message: `invalidityDate is ${deviation}`,
      offset: element.start,
      clause: "RFC 5280, 5.3.2",
    });
  }
  return date;
}

export const entryExtensionsPath = "TBSCertList.revokedCertificates.crlEntryExtensions";
const certificateIssuerPath = "certificateIssuer";
/** RFC 5280, 5.3; holdInstructionCode is of RFC 3280, 5.3.2. */
const expectedCriticality: ExpectedCriticality = new Map([
  [idCeCrlReasons, false],
  [idCeHoldInstructionCode, false],
  [idCeInvalidityDate, false],
  [idCeCertificateIssuer, true],
]);
/** SEQUENCE { SEQUENCE { OID 2.5.29.21, OCTET STRING { ENUMERATED, up to its value. */
const loneReason = Uint8Array.of(0x30, 0x0c, 0x30, 0x0a, 6, 3, 0x55, 0x1d, 0x15, 4, 3, 0x0a, 1);

/**
 * TBSCertList, RFC 5280 section 5.1.2: what the signature of a CRL covers.
 *
 * ```asn1
 * TBSCertList ::= SEQUENCE {
 *   version             Version OPTIONAL,
 *   signature           AlgorithmIdentifier,
 *   issuer              Name,
 *   thisUpdate          Time,
 *   nextUpdate          Time OPTIONAL,
 *   revokedCertificates SEQUENCE OF SEQUENCE { ... } OPTIONAL,
 *   crlExtensions   [0] EXPLICIT Extensions OPTIONAL }
 * ```
 *
 * @module
 */

import { decodeSmallInteger } from "../der/integer.ts";
import { type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { isTime } from "../der/time.ts";
import type { Finding } from "../findings.ts";
import { countryOf, hasCommonName, type Name, nameAt, noteNameStrings } from "../x509/name.ts";
import { readTime } from "../x509/tbs-certificate.ts";

/** The fields of a TBSCertList, and where those are that are read later. */
export interface TbsCertList {
  readonly version: number;
  readonly signature: Element;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly revokedCertificates: Element | undefined;
  /** The SEQUENCE inside `[0]`. */
  readonly extensions: Element | undefined;
}

/** Reads the TBSCertList that `element` frames, and notes in `findings` what is not as it should be. */
export function tbsCertListAt(input: Uint8Array, element: Element, findings: Finding[]): TbsCertList {
  const { contentStart, end } = element;
  const { version, versionEnd } = readVersion(input, contentStart, end, findings);
  const signature = expectElement(input, versionEnd, end, Tag.SEQUENCE, "TBSCertList.signature");
  const issuerElement = expectElement(input, signature.end, end, Tag.SEQUENCE, "TBSCertList.issuer");
  const issuer = nameAt(input, issuerElement, "TBSCertList.issuer");
  noteIssuer(issuer, issuerElement.start, findings);

  const thisElement = readElement(input, issuerElement.end, end);
  const { nextUpdate: nextElement, revokedCertificates, extensions } = frameRest(input, thisElement.end, end);
  const thisUpdate = readTime(input, thisElement, "TBSCertList.thisUpdate", findings);
  const nextUpdate = nextElement && readTime(input, nextElement, "TBSCertList.nextUpdate", findings);
  noteUpdates(thisUpdate, nextUpdate, (nextElement ?? thisElement).start, findings);
  if (revokedCertificates !== undefined) noteEmptyList(revokedCertificates, findings);
  return { version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates, extensions };
}

function readVersion(input: Uint8Array, start: number, end: number, findings: Finding[]) {
  let [version, versionEnd] = [1, start];
  if (input[start] === Tag.INTEGER && start < end) {
    const integer = readElement(input, start, end);
    version = decodeSmallInteger(input, integer, "TBSCertList.version") + 1;
    versionEnd = integer.end;
  }
  if (version !== 2) {
    findings.push({
      code: "VERSION_UNEXPECTED",
      message: `CRL is of version ${version}, expected 2`,
      offset: start,
      clause: "RFC 5280, 5.1.2.1",
    });
  }
  return { version, versionEnd };
}

function frameRest(input: Uint8Array, start: number, end: number) {
  let at = start;
  const next = (wanted: (element: Element) => boolean): Element | undefined => {
    if (at >= end) return undefined;
    const element = readElement(input, at, end);
    if (!wanted(element)) return undefined;
    at = element.end;
    return element;
  };
  const nextUpdate = next(isTime);
  const revokedCertificates = next(({ tag }) => tag === Tag.SEQUENCE);
  const explicit = next(({ tag }) => tag === Tag.CONTEXT_0);
  expectEnd(at, end, "TBSCertList");
  if (explicit === undefined) return { nextUpdate, revokedCertificates, extensions: undefined };

  const where = "TBSCertList.crlExtensions";
  const extensions = expectElement(input, explicit.contentStart, explicit.end, Tag.SEQUENCE, where);
  expectEnd(extensions.end, explicit.end, where);
  return { nextUpdate, revokedCertificates, extensions };
}

function noteIssuer(issuer: Name, offset: number, findings: Finding[]): void {
  const note = (code: Finding["code"], message: string) =>
    findings.push({ code, message, offset, clause: "Doc 9303-12, Table 5" });
  noteNameStrings(issuer, offset, findings);
  if (!hasCommonName(issuer)) note("COMMON_NAME_ABSENT", "issuer has no commonName");
  const country = countryOf(issuer);
  if (country === undefined) return void note("COUNTRY_ABSENT", "issuer has no countryName");
  const written = JSON.stringify(country);
  if (country.length !== 2) note("COUNTRY_LENGTH", `countryName is ${written}, expected two letters`);
  if (country !== country.toUpperCase())
    note("COUNTRY_CASE", `countryName is ${written}, expected upper case`);
}

function noteUpdates(
  thisUpdate: Date,
  nextUpdate: Date | undefined,
  offset: number,
  findings: Finding[],
): void {
  if (nextUpdate === undefined) {
    findings.push({
      code: "CRL_NEXT_UPDATE_ABSENT",
      message: "CRL has no nextUpdate",
      offset,
      clause: "RFC 5280, 5.1.2.5",
    });
  } else if (nextUpdate < thisUpdate) {
    findings.push({
      code: "VALIDITY_REVERSED",
      message: "nextUpdate is before thisUpdate",
      offset,
      clause: "RFC 5280, 5.1.2.5",
    });
  }
}

function noteEmptyList({ start, contentStart, end }: Element, findings: Finding[]): void {
  if (contentStart < end) return;
  findings.push({
    code: "CRL_REVOKED_EMPTY",
    message: "revokedCertificates is empty, expected an entry or nothing",
    offset: start,
    clause: "RFC 5280, 5.1.2.6",
  });
}

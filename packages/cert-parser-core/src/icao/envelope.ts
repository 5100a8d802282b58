/**
 * What every signed list has around its content, Doc 9303-12, Tables 18 and 19.
 *
 * @module
 */

import { expectContent, type SignedContent, type SignedData } from "../cms/signed-data.ts";
import {
  idData,
  idIcaoAlternativeLdsSecurityObject,
  idIcaoCscaMasterList,
  idIcaoDeviationList,
  idIcaoLdsSecurityObject,
} from "../der/oids.ts";
import type { Element } from "../der/reader.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { SignedObject } from "./bundle.ts";
import { duplicateRevocationLists } from "./duplicates.ts";
import { type PartReading, readCertificates, readRevocationLists } from "./parts.ts";

/** Throws unless the SignedData carries content of this type. */
export function expectContentType(
  signedData: SignedData,
  contentType: string,
): asserts signedData is SignedContent {
  expectContent(signedData);
  if (signedData.contentType !== contentType) {
    throw unexpectedContentType(signedData.contentType, nameContentType(contentType));
  }
}

/** The error for content of another type than what was asked for. */
export function unexpectedContentType(contentType: string, expected: string): CertParserError {
  return new CertParserError(
    "CMS_CONTENT_TYPE",
    `CMS content is ${nameContentType(contentType)}, expected ${expected}`,
    { path: "EncapsulatedContentInfo.eContentType" },
  );
}

/** All of a signed list but its kind and what its content says. */
export type Envelope = Pick<
  SignedObject,
  "offset" | "origin" | "der" | "envelopeCertificates" | "crls" | "signers" | "rejections" | "findings"
>;

/** Reads what stands around the content; `table` is the one of Doc 9303-12 that profiles it. */
export function readEnvelope(reading: PartReading, signedData: SignedData, table: string): Envelope {
  const { input, origin, rejections } = reading;
  const envelopeCertificates = readCertificates(reading, signedData.certificates, "envelope");
  const crls = readRevocationLists(reading, signedData.crls, "envelope");
  return {
    offset: 0,
    origin,
    der: input,
    envelopeCertificates,
    crls,
    signers: signedData.signerInfos,
    rejections,
    findings: [...signedData.findings, ...noteProfile(signedData, table), ...duplicateRevocationLists(crls)],
  };
}

/** Where the content is to be read. */
export interface ContentReading {
  readonly reading: PartReading;
  readonly start: number;
  readonly end: number;
}

/** Has the content read in the input, so that offsets are offsets there, unless it was put together from pieces. */
export function contentReading(
  reading: PartReading,
  { content, contentOffset }: SignedContent,
): ContentReading {
  return contentOffset === undefined
    ? { reading: { ...reading, input: content }, start: 0, end: content.length }
    : { reading, start: contentOffset, end: contentOffset + content.length };
}

/** Throws where there are more elements than certificates, or CRLs, are allowed in one set. */
export function limited(elements: readonly Element[], { limits }: PartReading): readonly Element[] {
  const excess = elements[limits.maxCertificates];
  if (excess === undefined) return elements;
  throw new CertParserError(
    "LIMIT_EXCEEDED",
    `over ${limits.maxCertificates} certificates or CRLs in one set`,
    { offset: excess.start },
  );
}

function noteProfile({ crls, signerInfos }: SignedData, table: string): readonly Finding[] {
  const clause = `Doc 9303-12, ${table}`;
  const findings: Finding[] = [];
  const [crl] = crls;
  if (crl !== undefined) {
    const message = `the CMS carries ${crls.length} CRLs, expected none`;
    findings.push({ code: "ENVELOPE_CRLS", message, offset: crl.start, clause });
  }
  for (const { signingTime, offset } of signerInfos) {
    if (signingTime !== undefined) continue;
    const message = "signerInfo has no readable signingTime";
    findings.push({ code: "SIGNING_TIME_MISSING", message, offset, clause });
  }
  return findings;
}

function nameContentType(contentType: string): string {
  const name = contentTypeNames.get(contentType);
  return name === undefined ? `of type ${contentType}` : `${name} (${contentType})`;
}

const contentTypeNames: ReadonlyMap<string, string> = new Map([
  [idData, "plain data"],
  [idIcaoLdsSecurityObject, "the LDS security object of a document's EF.SOD"],
  // Met in documents by pymrtd (its pull request 8) and JMRTD.
  [idIcaoAlternativeLdsSecurityObject, "the LDS security object of a document's EF.SOD"],
  [idIcaoCscaMasterList, "a CSCA Master List"],
  [idIcaoDeviationList, "a Deviation List"],
]);

/**
 * CSCA Master List, Doc 9303-12 section 9.
 *
 * ```asn1
 * CscaMasterList ::= SEQUENCE {
 *   version  INTEGER { v0(0) },
 *   certList SET OF Certificate }
 * ```
 *
 * @module
 */

import { parseSignedData, type SignedData } from "../cms/signed-data.ts";
import { createBerReader } from "../der/ber.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { idIcaoCscaMasterList } from "../der/oids.ts";
import { firstOutOfOrder } from "../der/set-of.ts";
import { Tag } from "../der/tag.ts";
import type { Finding } from "../findings.ts";
import type { Certificate, ParseOptions } from "../x509/certificate.ts";
import type { SignedObject } from "./bundle.ts";
import { duplicateCertificates } from "./duplicates.ts";
import { type ContentReading, contentReading, expectContentType, readEnvelope } from "./envelope.ts";
import { type PartReading, readCertificates, readingOf } from "./parts.ts";

/** A Master List, opened: in its CMS envelope, or bare. Nothing of it was verified. */
export interface MasterList extends SignedObject {
  readonly kind: "master-list" | "bare-master-list";
  /** CscaMasterListVersion: 0. */
  readonly version: number;
  /** The DER of the CscaMasterList: what the signers' digests are over. */
  readonly content: Uint8Array;
}

/**
 * Opens a Master List that is all of `bytes`: the CMS of Doc 9303-12, or the CscaMasterList alone.
 *
 * Throws `CertParserError` where the whole cannot be opened; a certificate or a CRL that cannot be read becomes a
 * rejection. Offsets are offsets in `bytes`, unless the content had to be put together from the pieces of a BER string:
 * then those of its certificates are offsets in the content.
 */
export function parseMasterList(bytes: Uint8Array, options: ParseOptions = {}): MasterList {
  const reading = readingOf(bytes, options);
  if (isBareMasterList(reading)) return readBareMasterList(reading);
  return readMasterList(reading, parseSignedData(bytes, reading.limits));
}

/**
 * Tells whether the first element is a CscaMasterList rather than a ContentInfo, or a SignedData that lost its ContentInfo:
 * that begins with a number and a SET too, but then comes a type.
 */
export function isBareMasterList({ input, limits }: PartReading): boolean {
  const reader = createBerReader(input, limits);
  const sequence = reader.expect(0, input.length, Tag.SEQUENCE, "Master List");
  if (input[sequence.contentStart] !== Tag.INTEGER) return false;
  const version = reader.read(sequence.contentStart, sequence.contentEnd);
  if (input[version.end] !== Tag.SET) return false;
  const set = reader.read(version.end, sequence.contentEnd);
  if (set.end >= sequence.contentEnd || input[set.end] !== Tag.SEQUENCE) return true;
  const next = reader.read(set.end, sequence.contentEnd);
  return input[next.contentStart] !== Tag.OBJECT_IDENTIFIER;
}

/** Reads the CscaMasterList that is all of the input. */
export function readBareMasterList(reading: PartReading): MasterList {
  const { input, origin, rejections } = reading;
  return {
    kind: "bare-master-list",
    offset: 0,
    origin,
    der: input,
    content: input,
    ...readCscaMasterList({ reading, start: 0, end: input.length }),
    envelopeCertificates: [],
    crls: [],
    signers: [],
    rejections,
  };
}

/** Reads the Master List in the SignedData that is all of the input. */
export function readMasterList(reading: PartReading, signedData: SignedData): MasterList {
  expectContentType(signedData, idIcaoCscaMasterList);
  const list = readCscaMasterList(contentReading(reading, signedData));
  const envelope = readEnvelope(reading, signedData, "Table 18");
  return {
    kind: "master-list",
    ...envelope,
    version: list.version,
    content: signedData.content,
    certificates: list.certificates,
    findings: [...envelope.findings, ...list.findings],
  };
}

interface CscaMasterList {
  readonly version: number;
  readonly certificates: readonly Certificate[];
  readonly findings: readonly Finding[];
}

function readCscaMasterList({ reading, start, end }: ContentReading): CscaMasterList {
  const { input, limits } = reading;
  const reader = createBerReader(input, limits);
  const sequence = reader.expect(start, end, Tag.SEQUENCE, "CscaMasterList");
  const version = reader.expect(
    sequence.contentStart,
    sequence.contentEnd,
    Tag.INTEGER,
    "CscaMasterList.version",
  );
  const certList = reader.expect(version.end, sequence.contentEnd, Tag.SET, "CscaMasterList.certList");
  const elements = reader.children(certList, limits.maxCertificates, "CscaMasterList.certList");
  const certificates = readCertificates(reading, elements, "list");

  const findings: Finding[] = [];
  const note = (code: Finding["code"], message: string, offset: number) =>
    findings.push({ code, message, offset, clause: "Doc 9303-12, 9.2" });
  const number = decodeSmallInteger(input, version, "CscaMasterList.version");
  if (number !== 0) note("VERSION_UNEXPECTED", `list is of version ${number}, expected 0`, version.start);
  if (certList.end < sequence.contentEnd) {
    note("TRAILING_DATA", "CscaMasterList goes on after its certList", certList.end);
  }
  if (sequence.end < end) note("TRAILING_DATA", "bytes follow the CscaMasterList", sequence.end);
  const misplaced = firstOutOfOrder(input, elements);
  if (misplaced !== undefined) {
    // The German lists of 2019 and 2021.
    note("SET_OF_ORDER", "certList is not in the order of DER", misplaced.start);
  }
  return { version: number, certificates, findings: [...findings, ...duplicateCertificates(certificates)] };
}

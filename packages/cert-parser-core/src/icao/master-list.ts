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

import { portableSha256 } from "../bytes/digest.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import { parseSignedData, type SignedData } from "../cms/signed-data.ts";
import { type BerElement, createBerReader } from "../der/ber.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { idIcaoCscaMasterList } from "../der/oids.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding, Rejection } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import type { Certificate, ParseOptions } from "../x509/certificate.ts";
import { createNameTable } from "../x509/name-table.ts";
import type { SignedObject } from "./bundle.ts";
import { type PartReading, readCertificates, readRevocationLists } from "./parts.ts";

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
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(bytes, limits);
  const rejections: Rejection[] = [];
  const sha256 = options.sha256 ?? portableSha256;
  const reading: PartReading = { input: bytes, limits, sha256, names: createNameTable(), rejections };

  if (isBareMasterList(bytes, limits)) {
    const list = readCscaMasterList(reading, 0, bytes.length);
    const { version, certificates, findings } = list;
    return {
      kind: "bare-master-list",
      offset: 0,
      der: bytes,
      version,
      content: bytes,
      certificates,
      envelopeCertificates: [],
      crls: [],
      signers: [],
      rejections,
      findings,
    };
  }

  const signedData = parseSignedData(bytes, limits);
  if (signedData.contentType !== idIcaoCscaMasterList) {
    throw new CertParserError(
      "CMS_CONTENT_TYPE",
      `CMS content is of type ${signedData.contentType}, expected a CSCA Master List (${idIcaoCscaMasterList})`,
      { path: "EncapsulatedContentInfo.eContentType" },
    );
  }
  return readSignedList(reading, signedData);
}

/** Tells whether the first element is a CscaMasterList rather than a ContentInfo. */
function isBareMasterList(bytes: Uint8Array, limits: Limits): boolean {
  const reader = createBerReader(bytes, limits);
  const sequence = reader.expect(0, bytes.length, Tag.SEQUENCE, "Master List");
  if (bytes[sequence.contentStart] !== Tag.INTEGER) return false;
  const version = reader.read(sequence.contentStart, sequence.contentEnd);
  return bytes[version.end] === Tag.SET;
}

function readSignedList(reading: PartReading, signedData: SignedData): MasterList {
  const { input } = reading;
  const { content, contentOffset } = signedData;
  const list =
    contentOffset === undefined
      ? readCscaMasterList({ ...reading, input: content }, 0, content.length)
      : readCscaMasterList(reading, contentOffset, contentOffset + content.length);
  return {
    kind: "master-list",
    offset: 0,
    der: input,
    version: list.version,
    content,
    certificates: list.certificates,
    envelopeCertificates: readCertificates(reading, limited(signedData.certificates, reading), "envelope"),
    crls: readRevocationLists(reading, limited(signedData.crls, reading), "envelope"),
    signers: signedData.signerInfos,
    rejections: reading.rejections,
    findings: [...signedData.findings, ...noteSigningTimes(signedData), ...list.findings],
  };
}

interface CscaMasterList {
  readonly version: number;
  readonly certificates: readonly Certificate[];
  readonly findings: readonly Finding[];
}

function readCscaMasterList(reading: PartReading, start: number, end: number): CscaMasterList {
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
  const certificates = readCertificates(reading, limited(reader.children(certList), reading), "list");

  const findings: Finding[] = [];
  const note = (code: Finding["code"], message: string, offset: number) =>
    findings.push({ code, message, offset, clause: "Doc 9303-12, 9.2" });
  const number = decodeSmallInteger(input, version, "CscaMasterList.version");
  if (number !== 0) note("VERSION_UNEXPECTED", `list is of version ${number}, expected 0`, version.start);
  if (certList.end < sequence.contentEnd) {
    note("TRAILING_DATA", "CscaMasterList goes on after its certList", certList.end);
  }
  if (sequence.end < end) note("TRAILING_DATA", "bytes follow the CscaMasterList", sequence.end);
  for (const certificate of duplicates(certificates)) {
    note(
      "DUPLICATE_CERTIFICATE",
      `certificate ${certificate.index} stands in the list before`,
      certificate.offset,
    );
  }
  return { version: number, certificates, findings };
}

function limited(elements: readonly BerElement[], { limits }: PartReading): readonly BerElement[] {
  const excess = elements[limits.maxCertificates];
  if (excess === undefined) return elements;
  throw new CertParserError(
    "LIMIT_EXCEEDED",
    `over ${limits.maxCertificates} certificates or CRLs in one set`,
    {
      offset: excess.start,
    },
  );
}

/** Certificates that came before. Their last bytes, of a signature, tell most apart: few need be hashed to know. */
function duplicates(certificates: readonly Certificate[]): readonly Certificate[] {
  const firstWithTail = new Map<string, Certificate>();
  const fingerprints = new Set<string>();
  return certificates.filter((certificate) => {
    const tail = decodeLatin1(certificate.der.subarray(-16));
    const first = firstWithTail.get(tail);
    if (first === undefined) {
      firstWithTail.set(tail, certificate);
      return false;
    }
    fingerprints.add(first.sha256);
    const known = fingerprints.has(certificate.sha256);
    fingerprints.add(certificate.sha256);
    return known;
  });
}

function noteSigningTimes(signedData: SignedData): readonly Finding[] {
  return signedData.signerInfos
    .filter(({ signingTime }) => signingTime === undefined)
    .map(({ offset }) => ({
      code: "SIGNING_TIME_MISSING",
      message: "signerInfo has no readable signingTime",
      offset,
      clause: "Doc 9303-12, Table 18",
    }));
}

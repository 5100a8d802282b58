/**
 * SignedData in its ContentInfo, RFC 5652 sections 3 and 5.1: the envelope, opened without copying.
 *
 * ```asn1
 * ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
 * SignedData ::= SEQUENCE {
 *   version          CMSVersion,
 *   digestAlgorithms SET OF DigestAlgorithmIdentifier,
 *   encapContentInfo SEQUENCE { eContentType OBJECT IDENTIFIER, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
 *   certificates     [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
 *   crls             [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
 *   signerInfos      SET OF SignerInfo }
 * ```
 *
 * @module
 */

import { type BerElement, type BerReader, createBerReader } from "../der/ber.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { idSignedData } from "../der/oids.ts";
import { Tag } from "../der/tag.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { type SignerInfo, signerInfoAt } from "./signer-info.ts";

/** An opened SignedData. Certificates and CRLs are framed, not yet read. */
export interface SignedData {
  readonly version: number;
  /** eContentType, dotted OID. */
  readonly contentType: string;
  /** The octets of eContent: what the signers' digests are over; undefined where it is left out (RFC 5652, 5.2). */
  readonly content: Uint8Array | undefined;
  /** Byte offset of `content`, or of where it should be, in the input; undefined where it was put together from pieces. */
  readonly contentOffset: number | undefined;
  readonly certificates: readonly BerElement[];
  readonly crls: readonly BerElement[];
  readonly signerInfos: readonly SignerInfo[];
  readonly findings: readonly Finding[];
}

/** A SignedData that carries what it is about. */
export interface SignedContent extends SignedData {
  readonly content: Uint8Array;
}

/** Throws `CMS_CONTENT_MISSING` unless the content is there. */
export function expectContent(signedData: SignedData): asserts signedData is SignedContent {
  if (signedData.content !== undefined) return;
  const { signerInfos, certificates, crls, contentOffset } = signedData;
  const message =
    signerInfos.length > 0
      ? "CMS carries no content: its signature is a detached one"
      : `CMS carries no content and no signers, only ${certificates.length} certificates and ${crls.length} CRLs`;
  throw new CertParserError("CMS_CONTENT_MISSING", message, {
    offset: contentOffset,
    path: "EncapsulatedContentInfo.eContent",
  });
}

/** Opens the ContentInfo at the start of `input`, which must hold SignedData. */
export function parseSignedData(input: Uint8Array, limits: Limits): SignedData {
  const reader = createBerReader(input, limits);
  const contentInfo = reader.expect(0, input.length, Tag.SEQUENCE, "ContentInfo");
  const type = reader.expect(
    contentInfo.contentStart,
    contentInfo.contentEnd,
    Tag.OBJECT_IDENTIFIER,
    "ContentInfo.contentType",
  );
  const contentType = decodeOid(input, type);
  if (contentType !== idSignedData) {
    throw new CertParserError("CMS_CONTENT_TYPE", `CMS holds ${contentType}, expected SignedData`, {
      offset: type.start,
      path: "ContentInfo.contentType",
    });
  }
  const explicit = reader.expect(type.end, contentInfo.contentEnd, Tag.CONTEXT_0, "ContentInfo.content");
  const signedData = reader.expect(explicit.contentStart, explicit.contentEnd, Tag.SEQUENCE, "SignedData");
  const fields = readSignedData(reader, signedData);
  return { ...fields, findings: noteEnvelope(reader, contentInfo.end) };
}

function readSignedData(
  reader: BerReader,
  { contentStart, contentEnd }: BerElement,
): Omit<SignedData, "findings"> {
  const version = reader.expect(contentStart, contentEnd, Tag.INTEGER, "SignedData.version");
  const digests = reader.expect(version.end, contentEnd, Tag.SET, "SignedData.digestAlgorithms");
  const encapsulated = reader.expect(digests.end, contentEnd, Tag.SEQUENCE, "SignedData.encapContentInfo");

  const { maxCertificates, maxExtensions } = reader.limits;
  let at = encapsulated.end;
  const optionalSet = (tag: number, path: string): readonly BerElement[] => {
    if (at >= contentEnd || reader.input[at] !== tag) return [];
    const set = reader.read(at, contentEnd);
    at = set.end;
    return reader.children(set, maxCertificates, path);
  };
  const certificates = optionalSet(Tag.CONTEXT_0, "SignedData.certificates");
  const crls = optionalSet(Tag.CONTEXT_1, "SignedData.crls");
  const signerInfos = reader.expect(at, contentEnd, Tag.SET, "SignedData.signerInfos");
  if (signerInfos.end !== contentEnd) {
    throw new CertParserError("DER_TRAILING_DATA", "SignedData goes on after its signerInfos", {
      offset: signerInfos.end,
      path: "SignedData",
    });
  }

  return {
    version: decodeSmallInteger(reader.input, version, "SignedData.version"),
    ...readEncapsulatedContent(reader, encapsulated),
    certificates,
    crls,
    signerInfos: reader
      .children(signerInfos, maxExtensions, "SignedData.signerInfos")
      .map((element) =>
        signerInfoAt(reader, reader.expect(element.start, element.end, Tag.SEQUENCE, "SignerInfo")),
      ),
  };
}

function readEncapsulatedContent(
  reader: BerReader,
  { contentStart, contentEnd }: BerElement,
): Pick<SignedData, "contentType" | "content" | "contentOffset"> {
  const type = reader.expect(
    contentStart,
    contentEnd,
    Tag.OBJECT_IDENTIFIER,
    "EncapsulatedContentInfo.eContentType",
  );
  const path = "EncapsulatedContentInfo.eContent";
  const contentType = decodeOid(reader.input, type);
  if (type.end >= contentEnd) return { contentType, content: undefined, contentOffset: type.end };
  const explicit = reader.expect(type.end, contentEnd, Tag.CONTEXT_0, path);
  const octetString = reader.read(explicit.contentStart, explicit.contentEnd);
  const content = reader.octets(octetString, path);
  const inOnePiece = octetString.tag === Tag.OCTET_STRING;
  return {
    contentType,
    content,
    contentOffset: inOnePiece ? octetString.contentStart : undefined,
  };
}

function noteEnvelope(reader: BerReader, end: number): readonly Finding[] {
  const findings: Finding[] = [];
  const deviation = reader.firstDeviation();
  if (deviation !== undefined) {
    findings.push({
      code: "NON_DER_ENVELOPE",
      message: "the CMS envelope is in BER, expected DER",
      offset: deviation,
      clause: "Doc 9303-12, 9",
    });
  }
  if (end < reader.input.length) {
    findings.push({
      code: "TRAILING_DATA",
      message: `${reader.input.length - end} bytes follow the CMS; they were not read`,
      offset: end,
      clause: "RFC 5652, 3",
    });
  }
  return findings;
}

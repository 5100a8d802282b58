/**
 * SignerInfo, RFC 5652 section 5.3.
 *
 * ```asn1
 * SignerInfo ::= SEQUENCE {
 *   version            CMSVersion,
 *   sid                CHOICE { issuerAndSerialNumber SEQUENCE { issuer Name, serialNumber INTEGER },
 *                               subjectKeyIdentifier [0] IMPLICIT OCTET STRING },
 *   digestAlgorithm    AlgorithmIdentifier,
 *   signedAttrs        [0] IMPLICIT SET OF Attribute OPTIONAL,
 *   signatureAlgorithm AlgorithmIdentifier,
 *   signature          OCTET STRING,
 *   unsignedAttrs      [1] IMPLICIT SET OF Attribute OPTIONAL }
 * ```
 *
 * @module
 */

import type { BerElement, BerReader } from "../der/ber.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { idSigningTime } from "../der/oids.ts";
import { expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime, isTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import { type Name, nameAt } from "../x509/name.ts";

/** How a signer's certificate is named. */
export type SignerIdentifier =
  | {
      readonly type: "issuerAndSerialNumber";
      readonly issuer: Name;
      /** Content octets of the INTEGER. */
      readonly serialNumber: Uint8Array;
    }
  | { readonly type: "subjectKeyIdentifier"; readonly subjectKeyIdentifier: Uint8Array };

/** One signer of a CMS. Nothing of it was verified. */
export interface SignerInfo {
  /** The exact bytes received. */
  readonly der: Uint8Array;
  /** Byte offset in the input. */
  readonly offset: number;
  readonly version: number;
  readonly sid: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  /** With their `[0]` tag as received; the signature covers them with the tag of a SET (RFC 5652, 5.4). */
  readonly signedAttrs: Uint8Array | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** With their `[1]` tag as received. */
  readonly unsignedAttrs: Uint8Array | undefined;
  /** The signer's word on when it signed (RFC 5652, 11.3); undefined where it does not say, or not readably. */
  readonly signingTime: Date | undefined;
}

/** Reads the SignerInfo that `element` frames. */
export function signerInfoAt(reader: BerReader, element: BerElement): SignerInfo {
  const { input } = reader;
  const { start, contentStart, contentEnd, end } = element;
  const version = reader.expect(contentStart, contentEnd, Tag.INTEGER, "SignerInfo.version");
  const sid = reader.read(version.end, contentEnd);
  const digestAlgorithm = reader.expect(sid.end, contentEnd, Tag.SEQUENCE, "SignerInfo.digestAlgorithm");
  const signedAttrs = optional(reader, digestAlgorithm.end, contentEnd, Tag.CONTEXT_0);
  const algorithmStart = signedAttrs?.end ?? digestAlgorithm.end;
  const signatureAlgorithm = reader.expect(
    algorithmStart,
    contentEnd,
    Tag.SEQUENCE,
    "SignerInfo.signatureAlgorithm",
  );
  const signature = reader.read(signatureAlgorithm.end, contentEnd);
  const unsignedAttrs = optional(reader, signature.end, contentEnd, Tag.CONTEXT_1);

  return {
    der: input.subarray(start, end),
    offset: start,
    version: decodeSmallInteger(input, version, "SignerInfo.version"),
    sid: readSid(reader, sid),
    digestAlgorithm: readAlgorithm(reader, digestAlgorithm, "SignerInfo.digestAlgorithm"),
    signedAttrs: signedAttrs && input.subarray(signedAttrs.start, signedAttrs.end),
    signatureAlgorithm: readAlgorithm(reader, signatureAlgorithm, "SignerInfo.signatureAlgorithm"),
    signature: reader.octets(signature, "SignerInfo.signature"),
    unsignedAttrs: unsignedAttrs && input.subarray(unsignedAttrs.start, unsignedAttrs.end),
    signingTime: signedAttrs && readSigningTime(reader, signedAttrs),
  };
}

function optional(reader: BerReader, start: number, limit: number, tag: number): BerElement | undefined {
  return start < limit && reader.input[start] === tag ? reader.read(start, limit) : undefined;
}

function readSid(reader: BerReader, element: BerElement): SignerIdentifier {
  const { input } = reader;
  if (element.tag === Tag.CONTEXT_0_PRIMITIVE) {
    return {
      type: "subjectKeyIdentifier",
      subjectKeyIdentifier: input.subarray(element.contentStart, element.contentEnd),
    };
  }
  const where = "SignerInfo.sid";
  const pair = reader.expect(element.start, element.end, Tag.SEQUENCE, where);
  const issuer = reader.expect(pair.contentStart, pair.contentEnd, Tag.SEQUENCE, where);
  const serial = reader.expect(issuer.end, pair.contentEnd, Tag.INTEGER, where);
  return {
    type: "issuerAndSerialNumber",
    issuer: nameAt(input, issuer, where),
    serialNumber: input.subarray(serial.contentStart, serial.contentEnd),
  };
}

/** An AlgorithmIdentifier that may be in BER, unlike those of certificates. */
function readAlgorithm(reader: BerReader, element: BerElement, path: string): AlgorithmIdentifier {
  const { input } = reader;
  const { start, contentStart, contentEnd, end } = element;
  const oid = reader.expect(contentStart, contentEnd, Tag.OBJECT_IDENTIFIER, path);
  const parameters = oid.end < contentEnd ? reader.read(oid.end, contentEnd) : undefined;
  expectEnd((parameters ?? oid).end, contentEnd, path);
  return {
    der: input.subarray(start, end),
    algorithm: decodeOid(input, oid),
    parameters: parameters && input.subarray(parameters.start, parameters.end),
  };
}

/** `SigningTime ::= Time`. A malformed attribute is left to verification to refuse; here it says nothing. */
function readSigningTime(reader: BerReader, signedAttrs: BerElement): Date | undefined {
  try {
    for (const attribute of reader.children(
      signedAttrs,
      reader.limits.maxExtensions,
      "SignerInfo.signedAttrs",
    )) {
      const { contentStart, contentEnd } = attribute;
      const type = reader.expect(contentStart, contentEnd, Tag.OBJECT_IDENTIFIER, "Attribute.attrType");
      if (decodeOid(reader.input, type) !== idSigningTime) continue;
      const values = reader.read(type.end, contentEnd);
      const time = reader.read(values.contentStart, values.contentEnd);
      return isTime(time) ? decodeTime(reader.input, time, "signingTime").date : undefined;
    }
  } catch (error) {
    if (!(error instanceof CertParserError) || error.code === "LIMIT_EXCEEDED") throw error;
  }
  return undefined;
}

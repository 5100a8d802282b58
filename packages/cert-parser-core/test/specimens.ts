/**
 * Certificates, CRLs and Master Lists made from parts, each of which a test may replace by another or by a flawed one.
 *
 * Their signatures are no signatures: reading does not look at them.
 *
 * @module
 */

import { fromHex } from "cert-parser-core";
import { type EllipticCurve, ellipticCurves } from "../src/x509/ec-curves.ts";
import {
  bitString,
  boolean,
  context,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utcTime,
} from "./der-writer.ts";

/** The fields of a Certificate, each with its tag and length; an empty array leaves one out. */
export interface CertificateParts {
  readonly version: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly uniqueIdentifiers: Uint8Array;
  readonly extensions: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureValue: Uint8Array;
}

export const absent: Uint8Array = new Uint8Array();
export const ecdsaWithSha256: Uint8Array = sequence(oid("1.2.840.10045.4.3.2"));
export const sampleName: Uint8Array = name(["2.5.4.6", "UT"], ["2.5.4.3", "CSCA Utopia"]);
export const sampleValidity: Uint8Array = sequence(utcTime("260101000000Z"), utcTime("360101000000Z"));
export const sampleKeyUsage: Uint8Array = extension("2.5.29.15", bitString(fromHex("06"), 1), true);
export const sampleCrlNumber: Uint8Array = extension("2.5.29.20", integer("07"));
export const sampleAuthorityKey: Uint8Array = extension(
  "2.5.29.35",
  sequence(tlv(0x80, fromHex("a1b2c3d4"))),
);
// Reading tells the curve; whether the point is on it, it does not ask.
export const samplePublicKey: Uint8Array = publicKey(
  sequence(oid("1.2.840.10045.2.1"), explicitParameters(curveNamed("P-256"))),
  new Uint8Array(65).fill(4),
);

/** Makes a Certificate; every part left out is a sound one, with no extension but keyUsage. */
export function buildCertificate(parts: Partial<CertificateParts> = {}): Uint8Array {
  const tbsCertificate = sequence(
    parts.version ?? context(0, integer("02")),
    parts.serialNumber ?? integer("01"),
    parts.signature ?? ecdsaWithSha256,
    parts.issuer ?? sampleName,
    parts.validity ?? sampleValidity,
    parts.subject ?? sampleName,
    parts.subjectPublicKeyInfo ?? samplePublicKey,
    parts.uniqueIdentifiers ?? absent,
    parts.extensions ?? extensions(sampleKeyUsage),
  );
  return sequence(
    tbsCertificate,
    parts.signatureAlgorithm ?? ecdsaWithSha256,
    parts.signatureValue ?? bitString(sequence(integer("01"), integer("02"))),
  );
}

/** Certificate extensions in their `[3]`. */
export function extensions(...list: readonly Uint8Array[]): Uint8Array {
  return context(3, sequence(...list));
}

export function extension(type: string, value: Uint8Array, critical?: boolean): Uint8Array {
  const flag = critical === undefined ? absent : boolean(critical);
  return sequence(oid(type), flag, octetString(value));
}

export function publicKey(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return sequence(algorithm, bitString(key));
}

/** The fields of ECParameters that tests replace; numbers in hex. */
export interface EcParametersParts {
  readonly version: Uint8Array;
  readonly fieldType: Uint8Array;
  readonly p: string;
  readonly a: string;
  readonly b: string;
  readonly seed: Uint8Array;
  readonly base: string;
  readonly n: string;
  readonly cofactor: Uint8Array;
}

/** The parameters of a curve, spelled out. */
export function explicitParameters(curve: EllipticCurve, parts: Partial<EcParametersParts> = {}): Uint8Array {
  const { p, a, b, n } = { ...curve, ...parts };
  return sequence(
    parts.version ?? integer("01"),
    sequence(parts.fieldType ?? oid("1.2.840.10045.1.1"), integer(`00${p}`)),
    sequence(octetString(fromHex(a)), octetString(fromHex(b)), parts.seed ?? absent),
    octetString(fromHex(parts.base ?? `04${curve.gx}${curve.gy}`)),
    integer(`00${n}`),
    parts.cofactor ?? integer("01"),
  );
}

export function curveNamed(name: string): EllipticCurve {
  const curve = ellipticCurves.find((candidate) => candidate.name === name);
  if (curve === undefined) throw new TypeError(`no curve is called ${name}`);
  return curve;
}

/** A Name of single-valued RDNs with PrintableStrings. */
export function name(...attributes: readonly (readonly [type: string, value: string])[]): Uint8Array {
  return sequence(...attributes.map(([type, value]) => set(attribute(type, printableString(value)))));
}

export function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), value);
}

/** The fields of a CertificateList; an empty array leaves one out. */
export interface RevocationListParts {
  readonly version: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Uint8Array;
  readonly nextUpdate: Uint8Array;
  readonly revokedCertificates: Uint8Array;
  readonly crlExtensions: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureValue: Uint8Array;
}

/** Makes a CertificateList; every part left out is a sound one, without entries, and with no extensions but an authorityKeyIdentifier and a CRLNumber. */
export function buildRevocationList(parts: Partial<RevocationListParts> = {}): Uint8Array {
  const tbsCertList = sequence(
    parts.version ?? integer("01"),
    parts.signature ?? ecdsaWithSha256,
    parts.issuer ?? sampleName,
    parts.thisUpdate ?? utcTime("260601000000Z"),
    parts.nextUpdate ?? utcTime("260901000000Z"),
    parts.revokedCertificates ?? absent,
    parts.crlExtensions ?? crlExtensions(sampleAuthorityKey, sampleCrlNumber),
  );
  return sequence(
    tbsCertList,
    parts.signatureAlgorithm ?? ecdsaWithSha256,
    parts.signatureValue ?? bitString(sequence(integer("01"), integer("02"))),
  );
}

/** CRL extensions in their `[0]`. */
export function crlExtensions(...list: readonly Uint8Array[]): Uint8Array {
  return context(0, sequence(...list));
}

export function crlEntry(serial: string, ...rest: readonly Uint8Array[]): Uint8Array {
  return sequence(integer(serial), utcTime("260501000000Z"), ...rest);
}

/** A CscaMasterList of version 0. */
export function buildCscaMasterList(...certificates: readonly Uint8Array[]): Uint8Array {
  return sequence(integer("00"), set(...certificates));
}

/** The fields of a Deviation that tests replace, each with its tag and length. */
export interface DeviationParts {
  readonly documents: Uint8Array;
  readonly descriptions: Uint8Array;
}

/** Makes a Deviation of the form that the German list of 2018 has; every part left out is a sound one. */
export function buildDeviation(parts: Partial<DeviationParts> = {}): Uint8Array {
  return sequence(
    parts.documents ?? sequence(context(1, sampleName, integer("0142"))),
    parts.descriptions ?? set(buildDeviationDescription()),
  );
}

export function buildDeviationDescription(
  description: Uint8Array = printableString("Country name is in the wrong string type."),
  ...rest: readonly Uint8Array[]
): Uint8Array {
  return sequence(description, oid("2.23.136.1.1.7.1.2"), ...rest);
}

/** A DeviationList of version 0, with SHA-1 as its digestAlgorithm. */
export function buildDeviationList(...deviations: readonly Uint8Array[]): Uint8Array {
  return sequence(integer("00"), sequence(oid("1.3.14.3.2.26")), set(...deviations));
}

/** Puts a DeviationList into its SignedData. */
export function signDeviationList(content: Uint8Array, parts: Partial<SignedDataParts> = {}): Uint8Array {
  return buildSignedData(content, { eContentType: "2.23.136.1.1.7", ...parts });
}

/** The fields of a SignedData that tests replace. */
export interface SignedDataParts {
  /** OID of the ContentInfo. */
  readonly contentInfoType: string;
  readonly eContentType: string;
  /** What stands in the EncapsulatedContentInfo after its type. */
  readonly eContent: Uint8Array;
  /** With the `[0]` around them. */
  readonly certificates: Uint8Array;
  /** With the `[1]` around them. */
  readonly crls: Uint8Array;
  readonly signerInfos: Uint8Array;
  /** What follows signerInfos. */
  readonly rest: Uint8Array;
}

/** Puts content into a SignedData in its ContentInfo. */
export function buildSignedData(content: Uint8Array, parts: Partial<SignedDataParts> = {}): Uint8Array {
  const signedData = sequence(
    integer("03"),
    set(sequence(oid("2.16.840.1.101.3.4.2.1"))),
    sequence(oid(parts.eContentType ?? idMasterList), parts.eContent ?? context(0, octetString(content))),
    parts.certificates ?? absent,
    parts.crls ?? absent,
    parts.signerInfos ?? set(buildSignerInfo()),
    parts.rest ?? absent,
  );
  return sequence(oid(parts.contentInfoType ?? idSignedData), context(0, signedData));
}

/** The fields of a SignerInfo that tests replace. */
export interface SignerInfoParts {
  readonly sid: Uint8Array;
  readonly digestAlgorithm: Uint8Array;
  /** With the `[0]` around them. */
  readonly signedAttrs: Uint8Array;
  /** With the `[1]` around them. */
  readonly unsignedAttrs: Uint8Array;
}

export function buildSignerInfo(parts: Partial<SignerInfoParts> = {}): Uint8Array {
  return sequence(
    integer("03"),
    parts.sid ?? tlv(0x80, fromHex("a1b2c3d4")),
    parts.digestAlgorithm ?? sequence(oid("2.16.840.1.101.3.4.2.1")),
    parts.signedAttrs ?? context(0, signingTime(utcTime("260601120000Z"))),
    ecdsaWithSha256,
    octetString(sequence(integer("01"), integer("02"))),
    parts.unsignedAttrs ?? absent,
  );
}

export function signingTime(...values: readonly Uint8Array[]): Uint8Array {
  return sequence(oid("1.2.840.113549.1.9.5"), set(...values));
}

/** A sound frame with nothing of a certificate inside. */
export const unreadableCertificate: Uint8Array = sequence(sequence(integer("2a")));

const idSignedData = "1.2.840.113549.1.7.2";
const idMasterList = "2.23.136.1.1.2";

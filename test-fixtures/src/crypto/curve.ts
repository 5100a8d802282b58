/**
 * The six curves of Doc 9303-12, with the domain parameters that OpenSSL knows for them.
 *
 * @module
 */

import { generateKeyPairSync } from "node:crypto";
import { ECParameters, type SpecifiedECDomain } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import { SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

/** Curves by the names of FIPS 186 and RFC 5639. */
export type CurveName =
  | "P-256"
  | "P-384"
  | "P-521"
  | "brainpoolP256r1"
  | "brainpoolP384r1"
  | "brainpoolP512r1";

interface CurveFacts {
  /** What OpenSSL calls it. */
  readonly nodeName: string;
  /** Length of a field element, in bits. */
  readonly bits: number;
  /** Dotted OID of the named curve. */
  readonly oid: string;
}

/** What encoding and signing need to know about each curve. */
export const curves: Readonly<Record<CurveName, CurveFacts>> = {
  "P-256": { nodeName: "prime256v1", bits: 256, oid: "1.2.840.10045.3.1.7" },
  "P-384": { nodeName: "secp384r1", bits: 384, oid: "1.3.132.0.34" },
  "P-521": { nodeName: "secp521r1", bits: 521, oid: "1.3.132.0.35" },
  brainpoolP256r1: { nodeName: "brainpoolP256r1", bits: 256, oid: "1.3.36.3.3.2.8.1.1.7" },
  brainpoolP384r1: { nodeName: "brainpoolP384r1", bits: 384, oid: "1.3.36.3.3.2.8.1.1.11" },
  brainpoolP512r1: { nodeName: "brainpoolP512r1", bits: 512, oid: "1.3.36.3.3.2.8.1.1.13" },
};

/** The curve that OpenSSL calls `nodeName`. Throws TypeError if it is none of the six. */
export function curveByNodeName(nodeName: string | undefined): CurveName {
  for (const [name, facts] of Object.entries(curves)) {
    if (facts.nodeName === nodeName) return name as CurveName;
  }
  throw new TypeError(`expected one of the six curves of Doc 9303-12, got ${nodeName}`);
}

/** A fresh copy of the curve's explicit parameters (SEC 1, C.2), with the seed where OpenSSL has one. */
export function specifiedDomain(curve: CurveName): SpecifiedECDomain {
  const { algorithm } = AsnConvert.parse(explicitKeyInfo(curve), SubjectPublicKeyInfo);
  const domain = algorithm.parameters && AsnConvert.parse(algorithm.parameters, ECParameters).specifiedCurve;
  if (domain === undefined || domain === null)
    throw new Error(`OpenSSL gave no explicit parameters of ${curve}`);
  return domain;
}

/** Order of the curve's base point. */
export function groupOrder(curve: CurveName): bigint {
  return BigInt(`0x${Buffer.from(specifiedDomain(curve).order).toString("hex")}`);
}

// OpenSSL writes out the parameters itself, so that no table of ours can be wrong; any key of the curve will do.
const keyInfos = new Map<CurveName, Uint8Array>();

function explicitKeyInfo(curve: CurveName): Uint8Array {
  const known = keyInfos.get(curve);
  if (known !== undefined) return known;
  const { publicKey } = generateKeyPairSync("ec", {
    namedCurve: curves[curve].nodeName,
    paramEncoding: "explicit",
  });
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  keyInfos.set(curve, keyInfo);
  return keyInfo;
}

/**
 * Key pairs that sign fixtures. They are made for tests: their private halves are public.
 *
 * @module
 */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { ECParameters, ECPrivateKey } from "@peculiar/asn1-ecc";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { type CurveName, curveByNodeName, curves, groupOrder, multiplyBase } from "./curve.ts";
import { digest } from "./hash.ts";

/** What key to make. `publicExponent` is 65537 unless told. */
export type KeySpec =
  | { readonly kind: "ec"; readonly curve: CurveName }
  | { readonly kind: "rsa"; readonly bits: number; readonly publicExponent?: number };

/** A key pair on one of the six curves. */
export interface EcKeyPair {
  readonly kind: "ec";
  readonly curve: CurveName;
  /** Length of a field element, in bits. */
  readonly bits: number;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The private scalar d. */
  readonly scalar: bigint;
  /** The factor by which the curve's base point is multiplied to give the one that is used: an altered curve. Default 1. */
  readonly baseFactor?: bigint;
  /** Content of the SPKI's BIT STRING: the uncompressed point. */
  readonly publicBits: Uint8Array;
}

/** An RSA key pair. */
export interface RsaKeyPair {
  readonly kind: "rsa";
  /** Length of the modulus, in bits. */
  readonly bits: number;
  readonly publicExponent: bigint;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Content of the SPKI's BIT STRING: the RSAPublicKey. */
  readonly publicBits: Uint8Array;
}

/** A key pair of either kind. */
export type KeyPair = EcKeyPair | RsaKeyPair;

/** Makes a new, random key pair. RSA of 4096 bits takes about half a second. */
export function generateKeyPair(spec: KeySpec): KeyPair {
  return toKeyPair(generatePrivateKey(spec));
}

/** Derives a key pair from a text, the same one each time. Whoever knows the text has the private key. */
export function deriveKeyPair(curve: CurveName, text: string): KeyPair {
  const hash = digest("SHA-512", new TextEncoder().encode(text));
  const scalar = 1n + (BigInt(`0x${Buffer.from(hash).toString("hex")}`) % (groupOrder(curve) - 1n));
  const digits = 2 * Math.ceil(curves[curve].bits / 8);
  const octets = Buffer.from(scalar.toString(16).padStart(digits, "0"), "hex");
  const sec1 = new ECPrivateKey({
    privateKey: new OctetString(octets),
    parameters: new ECParameters({ namedCurve: curves[curve].oid }),
    publicKey: new Uint8Array(multiplyBase(curve, scalar)).buffer,
  });
  const der = Buffer.from(AsnConvert.serialize(sec1));
  return toKeyPair(createPrivateKey({ key: der, format: "der", type: "sec1" }));
}

/** Reads a private key from PEM (PKCS#8 or SEC 1). Throws TypeError if it is neither RSA nor on one of the six curves. */
export function readKeyPair(pem: string): KeyPair {
  return toKeyPair(createPrivateKey(pem));
}

/** Writes the private key as PKCS#8 in PEM; curves are named. */
export function writeKeyPair(key: KeyPair): string {
  return key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Tells whether `key` is of the kind that `spec` asks for. */
export function matchesKeySpec(key: KeyPair, spec: KeySpec): boolean {
  if (spec.kind === "ec") return key.kind === "ec" && key.curve === spec.curve;
  return (
    key.kind === "rsa" &&
    key.bits === spec.bits &&
    key.publicExponent === BigInt(spec.publicExponent ?? defaultExponent)
  );
}

/** How a key identifier is derived: RFC 5280, 4.2.1.2 methods 1 and 2, RFC 7093 (whole SHA-256). */
export type KeyIdentifierMethod = "sha1" | "sha1-short" | "sha256";

/** The key identifier of a key pair. Readers must not recompute it: real ones are often something else. */
export function keyIdentifier(key: KeyPair, method: KeyIdentifierMethod = "sha1"): Uint8Array {
  if (method === "sha256") return digest("SHA-256", key.publicBits);
  const full = digest("SHA-1", key.publicBits);
  if (method === "sha1") return full;
  // Method 2: the type 0100, then the last 60 bits of the SHA-1.
  const short = full.slice(12);
  short[0] = 0x40 | ((short[0] ?? 0) & 0x0f);
  return short;
}

function generatePrivateKey(spec: KeySpec): KeyObject {
  if (spec.kind === "ec") {
    return generateKeyPairSync("ec", { namedCurve: curves[spec.curve].nodeName }).privateKey;
  }
  const { bits, publicExponent = defaultExponent } = spec;
  return generateKeyPairSync("rsa", { modulusLength: bits, publicExponent }).privateKey;
}

function toKeyPair(privateKey: KeyObject): KeyPair {
  const publicKey = createPublicKey(privateKey);
  const keyInfo = AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo);
  const publicBits = new Uint8Array(keyInfo.subjectPublicKey);
  const details = privateKey.asymmetricKeyDetails ?? {};

  if (privateKey.asymmetricKeyType === "rsa") {
    const { modulusLength: bits = 0, publicExponent = 0n } = details;
    return { kind: "rsa", bits, publicExponent, privateKey, publicKey, publicBits };
  }
  if (privateKey.asymmetricKeyType === "ec") {
    const curve = curveByNodeName(details.namedCurve);
    const sec1 = AsnConvert.parse(privateKey.export({ type: "sec1", format: "der" }), ECPrivateKey);
    const scalar = BigInt(`0x${Buffer.from(sec1.privateKey.buffer).toString("hex")}`);
    return { kind: "ec", curve, bits: curves[curve].bits, privateKey, publicKey, scalar, publicBits };
  }
  throw new TypeError(`expected an RSA or EC key, got ${privateKey.asymmetricKeyType}`);
}

const defaultExponent = 65537;

/**
 * Signature algorithms: how they are written, and how they sign.
 *
 * @module
 */

import { RsaSaPssParams } from "@peculiar/asn1-rsa";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { nullValue, objectIdentifier, sequence } from "../asn1/der-writer.ts";
import { idMgf1, idRsassaPss } from "../asn1/oids.ts";
import { signEcdsa } from "./ecdsa.ts";
import { type HashName, hashes } from "./hash.ts";
import type { KeyPair } from "./key-pair.ts";
import { signPkcs1, signPkcs1WithoutNull, signPss } from "./rsa.ts";

/** ECDSA. RFC 5758, 3.2 wants the parameters absent; some countries write NULL. */
export interface Ecdsa {
  readonly scheme: "ecdsa";
  readonly hash: HashName;
  /** Default `absent`. */
  readonly parameters?: "absent" | "null";
}

/** RSASSA-PKCS1-v1_5. RFC 4055, 5 wants the parameters NULL; some countries leave them out. */
export interface RsaPkcs1 {
  readonly scheme: "rsa-pkcs1";
  readonly hash: HashName;
  /** Default `null`. */
  readonly parameters?: "absent" | "null";
  /** Default true. False leaves the NULL out of the signed DigestInfo, against RFC 8017, B.1. */
  readonly digestInfoNull?: boolean;
}

/** RSASSA-PSS with explicit parameters; what equals a default (SHA-1, 20) is left out, as DER wants it. */
export interface RsaPss {
  readonly scheme: "rsa-pss";
  readonly hash: HashName;
  /** In bytes. Default: the length of the hash. */
  readonly saltLength?: number;
  /** The hash of MGF1. Default: `hash`. */
  readonly mgfHash?: HashName;
  /** Written in the place of the parameters: none at all, or these bytes. They should say what the fields above say. */
  readonly parameters?: "absent" | Uint8Array;
}

/** A way to sign. */
export type SignatureAlgorithm = Ecdsa | RsaPkcs1 | RsaPss;

/** The algorithm that a sound CSCA would choose for `key`: ECDSA with a hash as long as the field, or RSA with SHA-256. */
export function usualAlgorithm(key: KeyPair): SignatureAlgorithm {
  if (key.kind === "rsa") return { scheme: "rsa-pkcs1", hash: "SHA-256" };
  if (key.bits > 384) return { scheme: "ecdsa", hash: "SHA-512" };
  return { scheme: "ecdsa", hash: key.bits > 256 ? "SHA-384" : "SHA-256" };
}

/** Dotted OID of the algorithm. */
export function algorithmOid(algorithm: SignatureAlgorithm): string {
  if (algorithm.scheme === "rsa-pss") return idRsassaPss;
  return (algorithm.scheme === "ecdsa" ? ecdsaOids : pkcs1Oids)[algorithm.hash];
}

/** AlgorithmIdentifier of the algorithm, in DER. */
export function encodeAlgorithm(algorithm: SignatureAlgorithm): Uint8Array {
  const oid = objectIdentifier(algorithmOid(algorithm));
  if (algorithm.scheme === "rsa-pss") return sequence(oid, ...pssParameters(algorithm));
  const { parameters = algorithm.scheme === "ecdsa" ? "absent" : "null" } = algorithm;
  return parameters === "null" ? sequence(oid, nullValue()) : sequence(oid);
}

/** Signs `data`. The same key, algorithm and data give the same octets. Throws TypeError if key and algorithm do not fit. */
export function sign(key: KeyPair, algorithm: SignatureAlgorithm, data: Uint8Array): Uint8Array {
  if (algorithm.scheme === "ecdsa" && key.kind === "ec") return signEcdsa(key, algorithm.hash, data);
  if (algorithm.scheme === "rsa-pss" && key.kind === "rsa") {
    const { hash, mgfHash = hash } = algorithm;
    return signPss(key, { hash, mgfHash, saltLength: saltLengthOf(algorithm) }, data);
  }
  if (algorithm.scheme === "rsa-pkcs1" && key.kind === "rsa") {
    const { digestInfoNull = true } = algorithm;
    return (digestInfoNull ? signPkcs1 : signPkcs1WithoutNull)(key, algorithm.hash, data);
  }
  throw new TypeError(`an ${key.kind} key cannot sign with ${algorithm.scheme}`);
}

function pssParameters(algorithm: RsaPss): readonly Uint8Array[] {
  const { hash, mgfHash = hash, parameters } = algorithm;
  if (parameters !== undefined) return parameters === "absent" ? [] : [parameters];
  const maskHash = AsnConvert.serialize(hashAlgorithm(mgfHash));
  const usual = new RsaSaPssParams({
    hashAlgorithm: hashAlgorithm(hash),
    maskGenAlgorithm: new AlgorithmIdentifier({ algorithm: idMgf1, parameters: maskHash }),
    saltLength: saltLengthOf(algorithm),
  });
  return [new Uint8Array(AsnConvert.serialize(usual))];
}

function hashAlgorithm(hash: HashName): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: hashes[hash].oid, parameters: nullBuffer() });
}

function saltLengthOf({ hash, saltLength = hashes[hash].bytes }: RsaPss): number {
  return saltLength;
}

function nullBuffer(): ArrayBuffer {
  return new Uint8Array(nullValue()).buffer;
}

const ecdsaOids: Readonly<Record<HashName, string>> = {
  "SHA-1": "1.2.840.10045.4.1",
  "SHA-224": "1.2.840.10045.4.3.1",
  "SHA-256": "1.2.840.10045.4.3.2",
  "SHA-384": "1.2.840.10045.4.3.3",
  "SHA-512": "1.2.840.10045.4.3.4",
};

const pkcs1Oids: Readonly<Record<HashName, string>> = {
  "SHA-1": "1.2.840.113549.1.1.5",
  "SHA-224": "1.2.840.113549.1.1.14",
  "SHA-256": "1.2.840.113549.1.1.11",
  "SHA-384": "1.2.840.113549.1.1.12",
  "SHA-512": "1.2.840.113549.1.1.13",
};

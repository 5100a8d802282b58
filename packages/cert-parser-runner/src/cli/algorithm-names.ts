/**
 * Algorithms as people call them.
 *
 * @module
 */

import type { PublicKeyCount, SignatureAlgorithmCount } from "cert-parser-core";

/** The name of an algorithm's OID; the OID itself where we know none. */
export function algorithmName(oid: string): string {
  return names[oid] ?? oid;
}

/** A key by its algorithm and size or curve: `RSA 4096`, `EC brainpoolP384r1`, and `named` where Doc 9303-12 wants parameters. */
export function publicKeyKind({ algorithm, size, curve, parameters }: PublicKeyKind): string {
  const name = algorithmName(algorithm);
  if (curve !== null) return `${name} ${curve}${parameters === "named" ? " (named)" : ""}`;
  if (parameters === "unrecognised") return `${name}, unrecognised curve`;
  return size === null ? `${name}, unknown size` : `${name} ${size}`;
}

/** A signature by its algorithm and digest: `RSASSA-PSS with SHA-256`. */
export function signatureKind({ algorithm, scheme, hash }: SignatureKind): string {
  const name = algorithmName(algorithm);
  return scheme === "rsa-pss" && hash !== null ? `${name} with ${hash}` : name;
}

type PublicKeyKind = Pick<PublicKeyCount, "algorithm" | "size" | "curve" | "parameters">;
type SignatureKind = Pick<SignatureAlgorithmCount, "algorithm" | "scheme" | "hash">;

// Registered in RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410 and by NIST's Computer Security Objects Register.
const names: Readonly<Record<string, string>> = {
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.10040.4.3": "DSA with SHA-1",
  "1.2.840.10045.2.1": "EC",
  "1.2.840.10045.4.1": "ECDSA with SHA-1",
  "1.2.840.10045.4.3.1": "ECDSA with SHA-224",
  "1.2.840.10045.4.3.2": "ECDSA with SHA-256",
  "1.2.840.10045.4.3.3": "ECDSA with SHA-384",
  "1.2.840.10045.4.3.4": "ECDSA with SHA-512",
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.4": "RSA with MD5",
  "1.2.840.113549.1.1.5": "RSA with SHA-1",
  "1.2.840.113549.1.1.10": "RSASSA-PSS",
  "1.2.840.113549.1.1.11": "RSA with SHA-256",
  "1.2.840.113549.1.1.12": "RSA with SHA-384",
  "1.2.840.113549.1.1.13": "RSA with SHA-512",
  "1.2.840.113549.1.1.14": "RSA with SHA-224",
  "1.3.14.3.2.26": "SHA-1",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.3.1": "DSA with SHA-224",
  "2.16.840.1.101.3.4.3.2": "DSA with SHA-256",
  "2.16.840.1.101.3.4.3.3": "DSA with SHA-384",
  "2.16.840.1.101.3.4.3.4": "DSA with SHA-512",
};

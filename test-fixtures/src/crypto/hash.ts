/**
 * Hash functions by their standard names.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The hash functions that Doc 9303 has ever allowed. */
export type HashName = "SHA-1" | "SHA-224" | "SHA-256" | "SHA-384" | "SHA-512";

interface HashFacts {
  /** What node:crypto calls it. */
  readonly nodeName: string;
  /** Length of its output, in bytes. */
  readonly bytes: number;
  /** Dotted OID of its AlgorithmIdentifier. */
  readonly oid: string;
}

/** What signing needs to know about each hash function. */
export const hashes: Readonly<Record<HashName, HashFacts>> = {
  "SHA-1": { nodeName: "sha1", bytes: 20, oid: "1.3.14.3.2.26" },
  "SHA-224": { nodeName: "sha224", bytes: 28, oid: "2.16.840.1.101.3.4.2.4" },
  "SHA-256": { nodeName: "sha256", bytes: 32, oid: "2.16.840.1.101.3.4.2.1" },
  "SHA-384": { nodeName: "sha384", bytes: 48, oid: "2.16.840.1.101.3.4.2.2" },
  "SHA-512": { nodeName: "sha512", bytes: 64, oid: "2.16.840.1.101.3.4.2.3" },
};

/** The digest of the parts, one after the other. */
export function digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(hashes[hash].nodeName);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

/** SHA-256 in lower-case hex: how this package names bytes. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

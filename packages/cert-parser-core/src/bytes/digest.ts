/**
 * SHA-256, the identity of everything that is read here.
 *
 * @module
 */

import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./hex.ts";

/**
 * Computes SHA-256 (FIPS 180-4) and writes it in lower-case hex. Every option called `sha256` takes one; the default is
 * portable, and `cert-parser-core/node` has one on `node:crypto`, several times as fast.
 */
export interface Sha256 {
  (bytes: Uint8Array): string;
  /** Begins a digest of what comes in pieces; where it is left out, a portable one serves. */
  readonly begin?: () => Sha256Stream;
}

/** A digest under way. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void;
  /** Ends it: lower-case hex. */
  digest(): string;
}

/** SHA-256 in plain JavaScript, for every runtime. */
export const portableSha256: Sha256 = (bytes) => toHex(nobleSha256(bytes));

/** Begins a digest of what comes in pieces. */
export function beginSha256(sha256: Sha256): Sha256Stream {
  if (sha256.begin !== undefined) return sha256.begin();
  const hash = nobleSha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => toHex(hash.digest()),
  };
}

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
export type Sha256 = (bytes: Uint8Array) => string;

/** SHA-256 in plain JavaScript, for every runtime. */
export const portableSha256: Sha256 = (bytes) => toHex(nobleSha256(bytes));

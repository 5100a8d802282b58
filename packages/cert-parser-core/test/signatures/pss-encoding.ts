/**
 * EMSA-PSS-ENCODE, RFC 8017 section 9.1.1, which leaves each part to the test.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat } from "../der-writer.ts";

/** What goes into a block; the salt is as it is given. */
export interface PssEncoding {
  readonly hash: string;
  readonly maskGenHash: string;
  readonly salt: Uint8Array;
  /** Bits of the block: one less than the modulus has. */
  readonly bits: number;
  readonly trailer?: number;
  /** The octet before the salt. */
  readonly separator?: number;
  /** The octets before the separator. */
  readonly padding?: number;
}

/** The block of a signature over `data`. */
export function encodePss(data: Uint8Array, encoding: PssEncoding): Uint8Array {
  const { hash, maskGenHash, salt, bits, trailer = 0xbc, separator = 1, padding = 0 } = encoding;
  const length = Math.ceil(bits / 8);
  const digest = digestOf(hash, data);
  const h = digestOf(hash, concat(new Uint8Array(8), digest, salt));
  const paddingLength = length - h.length - salt.length - 2;
  const db = concat(new Uint8Array(paddingLength).fill(padding), Uint8Array.of(separator), salt);
  const mask = maskGeneration(maskGenHash, h, db.length);
  const masked = db.map((octet, at) => octet ^ (mask[at] ?? 0));
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * length - bits));
  return concat(masked, h, Uint8Array.of(trailer));
}

function maskGeneration(hash: string, seed: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let count = 0, made = 0; made < length; count++) {
    const part = digestOf(hash, concat(seed, Uint8Array.of(0, 0, 0, count)));
    parts.push(part);
    made += part.length;
  }
  return concat(...parts).subarray(0, length);
}

function digestOf(hash: string, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(hash.replace("-", "")).update(data).digest());
}

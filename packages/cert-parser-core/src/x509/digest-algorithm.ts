/**
 * Digests by name, and those that are too weak to sign.
 *
 * @module
 */

import { idMd5, idSha1, idSha224, idSha256, idSha384, idSha512 } from "../der/oids.ts";

/** Names as WebCrypto writes them. */
export type DigestName = "MD5" | "SHA-1" | "SHA-224" | "SHA-256" | "SHA-384" | "SHA-512";

/** The name of a digest by its dotted OID; undefined for one that no signature of this field is over. */
export function digestName(type: string): DigestName | undefined {
  return names.get(type);
}

/** Tells whether collisions of the digest can be made. Doc 9303-12, 4.1.6 allows SHA-224 to SHA-512. */
export function isWeakDigest(name: DigestName | undefined): boolean {
  return name === "SHA-1" || name === "MD5";
}

const names: ReadonlyMap<string, DigestName> = new Map([
  [idMd5, "MD5"],
  [idSha1, "SHA-1"],
  [idSha224, "SHA-224"],
  [idSha256, "SHA-256"],
  [idSha384, "SHA-384"],
  [idSha512, "SHA-512"],
]);

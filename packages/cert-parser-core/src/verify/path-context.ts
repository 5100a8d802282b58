/**
 * What every part of a path search needs: the certificates at hand, the trusted keys, and the instant.
 *
 * @module
 */

import type { Authority, AuthorityPool } from "../chain/authority-pool.ts";
import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import { formatTime } from "../der/time.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** One search, for one signer. */
export interface PathContext {
  readonly signatures: BoundedSignatures;
  /** The signer's country. */
  readonly pool: AuthorityPool;
  /** When the list was signed: the instant at which every certificate of the path must be valid. */
  readonly signingTime: Date;
  /** What trust may begin with for this list, by the SHA-256 of the key; undefined where nothing was said to be trusted. */
  readonly trusted: ReadonlyMap<string, TrustEnd> | undefined;
  /** SHA-256 of the keys that were rolled away from. */
  readonly retired: ReadonlySet<string>;
  readonly isRevoked: (certificate: Certificate) => boolean;
}

/** Why this certificate cannot be on the path, in one sentence; undefined where it can. */
export function unfitness({ certificate }: Authority, { signingTime }: PathContext): string | undefined {
  const { basicConstraints, keyUsage, notBefore, notAfter } = certificate;
  // Fifteen link certificates of the corpus lack cA or keyCertSign (of Belgium, Turkey and Portugal, among others), but no
  // certificate of a CSCA that has published a list.
  if (basicConstraints?.cA !== true) return "the CSCA certificate lacks cA";
  if (keyUsage?.includes("keyCertSign") !== true) return "the CSCA certificate lacks keyCertSign";
  if (signingTime < notBefore || signingTime > notAfter) {
    return `the CSCA certificate is valid from ${formatTime(notBefore)} to ${formatTime(notAfter)}, and the list was signed at ${formatTime(signingTime)}`;
  }
  return undefined;
}

/**
 * Tells whether the key may not be used: it was revoked with a certificate that its CSCA gave itself. A revoked link only
 * takes back what the old key said of the new one.
 */
export function isKeyRevoked(
  keySha256: string,
  { pool, isRevoked }: Pick<PathContext, "pool" | "isRevoked">,
): boolean {
  return pool
    .ofKey(keySha256)
    .some(({ certificate }) => certificate.roleBasis.role === "csca" && isRevoked(certificate));
}

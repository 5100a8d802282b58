/**
 * What all signers of a list are verified with.
 *
 * @module
 */

import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { AuthorityPool } from "./authority-layers.ts";
import type { SignedContentFacts } from "./signed-attribute-checks.ts";
import type { CandidateSearch } from "./signer-candidates.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** What all signers of a list have in common. */
export interface ListContext {
  readonly content: SignedContentFacts;
  /** The key purpose of its signers, dotted OID. */
  readonly purpose: string;
  /** The certificates of the envelope that a signer may mean, then the CSCAs that are known: one may have signed directly. */
  readonly candidates: CandidateSearch;
  /** Undefined if no anchors are configured. */
  readonly ends: readonly TrustEnd[] | undefined;
  /** Keys that were rolled away from, and since when; ever since if undefined. */
  readonly retired: ReadonlyMap<string, Date | undefined>;
  /** Undefined if nobody was asked. */
  readonly isRevoked: ((certificate: Certificate) => boolean) | undefined;
  readonly isKeyRevoked: (keySha256: string, pool: AuthorityPool) => boolean;
  readonly allowWeakAlgorithms: boolean;
  readonly signatures: BoundedSignatures;
  /** The CSCA certificates of a country, in upper case. */
  poolOf(country: string): AuthorityPool;
}

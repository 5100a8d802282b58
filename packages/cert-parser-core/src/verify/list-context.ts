/**
 * What all signers of a list are verified with.
 *
 * @module
 */

import type { AuthorityPool } from "../chain/authority-pool.ts";
import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { SignedContentFacts } from "./signed-attribute-checks.ts";
import type { CandidateSearch } from "./signer-candidates.ts";
import type { TrustEnd } from "./trust-anchor.ts";

/** What all signers of a list have in common. */
export interface ListContext {
  readonly content: SignedContentFacts;
  /** The key purpose of its signers, dotted OID. */
  readonly purpose: string;
  /** The certificates of the envelope that a signer may mean, then the CSCAs at hand: one may have signed directly. */
  readonly candidates: CandidateSearch;
  /** Undefined where nothing was said to be trusted. */
  readonly ends: readonly TrustEnd[] | undefined;
  /** SHA-256 of the keys that were rolled away from. */
  readonly retired: ReadonlySet<string>;
  readonly isRevoked: ((certificate: Certificate) => boolean) | undefined;
  readonly signatures: BoundedSignatures;
  /** The CSCA certificates of a country, in upper case. */
  poolOf(country: string): AuthorityPool;
}

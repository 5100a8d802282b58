/**
 * What one accepted list teaches for the other objects of its bundle.
 *
 * @module
 */

import { isAuthority } from "../chain/authority-index.ts";
import type { SignedObject } from "../icao/bundle.ts";
import { type Judgment, type Known, nothingTrusted } from "./judgment.ts";

/**
 * The CSCA certificates of a verified list judge what stands beside it, and vouch for the publishers of the lists beside
 * it, which are no more trusted on first use: a rogue list must not come in with a good one.
 */
export function learnFrom(object: SignedObject, { outcome, evidence }: Judgment, known: Known): Known {
  if (outcome !== "accepted" || evidence?.level !== "verified" || evidence.publisher === null) return known;
  const trust = known.trust ?? nothingTrusted;
  const authorities = object.certificates.filter(isAuthority);
  const keys = authorities.flatMap(({ sha256 }) => evidence.certificates.get(sha256)?.keySha256 ?? []);
  return {
    ...known,
    trust: {
      ...trust,
      hasOtherSources: true,
      learntUnapproved: trust.learntUnapproved === true || evidence.publisher.trust === "first-use",
      authorities: [...trust.authorities, ...authorities.map(({ der }) => der)],
      vouchedKeys: new Set([...trust.vouchedKeys, evidence.publisher.keySha256, ...keys]),
    },
  };
}

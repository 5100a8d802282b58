/**
 * The first policy: refuses a list that is empty or has shrunk too far. It verifies no signature.
 *
 * @module
 */

import type { SignedObject } from "../icao/bundle.ts";
import type { Judgement, JudgementReason, Known } from "./policy.ts";

/** Thresholds of the policy. */
export interface MinimalPolicyOptions {
  /**
   * How many of the certificates held, in percent, may be missing from a new list. Only distinct certificates count
   * that are still valid at the new list's signing time: expired ones may leave.
   */
  readonly maxRemovedPercent: number;
  /** Fewest distinct certificates that a list may have. */
  readonly minCertificates: number;
}

/** Judges a list by its size alone, at the instant `now` where it says no signing time. */
export function judgeBySize(
  signedObject: SignedObject,
  known: Known,
  now: Date,
  { maxRemovedPercent, minCertificates }: MinimalPolicyOptions,
): Judgement {
  const listed = new Set(signedObject.certificates.map(({ sha256 }) => sha256));
  const instant = signedObject.signers[0]?.signingTime ?? now;
  const reasons = [
    ...tooFew(signedObject, listed.size, minCertificates),
    ...shrink(known, listed, instant, maxRemovedPercent),
  ];
  return {
    outcome: reasons.length === 0 ? "accepted" : "refused",
    reasons: [...reasons, signatureUnchecked],
  };
}

/** A CRL or a file of them carries no certificates and need not. */
function tooFew(signedObject: SignedObject, distinct: number, minimum: number): readonly JudgementReason[] {
  if (signedObject.kind === "crl" || distinct >= Math.max(minimum, 1)) return [];
  const message = `list holds ${distinct} certificates, expected at least ${Math.max(minimum, 1)}`;
  return [{ code: "TOO_FEW_CERTIFICATES", weight: "refusal", message }];
}

function shrink(
  known: Known,
  listed: ReadonlySet<string>,
  instant: Date,
  maxRemovedPercent: number,
): readonly JudgementReason[] {
  const valid = [...known.listed].filter(([, { notAfter }]) => notAfter >= instant);
  const removed = valid.filter(([sha256]) => !listed.has(sha256)).length;
  // A pair that leaves a short list is no attack; of 31 real transitions the most that left at once was four.
  if (removed <= 2 || removed * 100 <= valid.length * maxRemovedPercent) return [];
  const percent = ((removed * 100) / valid.length).toFixed(1);
  const message = `${removed} of ${valid.length} certificates still valid (${percent} %) would leave, over ${maxRemovedPercent} %`;
  return [{ code: "SHRINK", weight: "refusal", message }];
}

const signatureUnchecked: JudgementReason = {
  code: "SIGNATURE_UNCHECKED",
  weight: "note",
  message: "the signature was not verified: this version cannot yet",
};

/**
 * The first policy: refuses a list that is empty or has shrunk too far. It verifies no signature.
 *
 * @module
 */

import { formatTime } from "../der/time.ts";
import type { SignedObject } from "../icao/bundle.ts";
import type { Judgement, JudgementReason, Known } from "./policy.ts";

/** Thresholds of the policy. */
export interface MinimalPolicyOptions {
  /**
   * How many of the certificates held, in percent, may be missing from a new list. Only distinct certificates count
   * that are still valid at the new list's signing time: expired ones may leave. One or two may always leave, as long as
   * something stays.
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
  const signingTime = latest(signedObject.signers.map((signer) => signer.signingTime));
  // Nobody vouches for the signing time yet: one in the future must not make the certificates held look expired.
  const instant = signingTime !== undefined && signingTime < now ? signingTime : now;
  const refusals = [
    ...tooFew(signedObject, listed.size, minCertificates),
    ...shrink(known, listed, instant, maxRemovedPercent),
  ];
  return {
    outcome: refusals.length === 0 ? "accepted" : "refused",
    reasons: [...refusals, ...future(signingTime, now), signatureUnchecked],
  };
}

function latest(times: readonly (Date | undefined)[]): Date | undefined {
  return times.filter((time) => time !== undefined).toSorted((a, b) => b.getTime() - a.getTime())[0];
}

/** Only said: the time is as unverified as the rest, and a list is judged by what it holds. */
function future(signingTime: Date | undefined, now: Date): readonly JudgementReason[] {
  if (signingTime === undefined || signingTime.getTime() <= now.getTime() + clockSkewMs) return [];
  const message = `list says that it was signed at ${formatTime(signingTime)}, over a day from now`;
  return [{ code: "SIGNING_TIME_IN_FUTURE", weight: "note", message }];
}

/** CRLs that stand by themselves come without certificates. */
function tooFew(signedObject: SignedObject, distinct: number, minimum: number): readonly JudgementReason[] {
  const isOfCrls = signedObject.signers.length === 0 && distinct === 0 && signedObject.crls.length > 0;
  if (isOfCrls || distinct >= Math.max(minimum, 1)) return [];
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
  if (removed * 100 <= valid.length * maxRemovedPercent) return [];
  // One or two may leave a short list, as long as something stays.
  if (removed <= 2 && removed < valid.length) return [];
  const percent = ((removed * 100) / valid.length).toFixed(1);
  const message = `${removed} of ${valid.length} certificates still valid (${percent} %) would leave, over ${maxRemovedPercent} %`;
  return [{ code: "SHRINK", weight: "refusal", message }];
}

// As far as clocks of publishers and of operators are taken to differ.
const clockSkewMs = 24 * 60 * 60 * 1000;

const signatureUnchecked: JudgementReason = {
  code: "SIGNATURE_UNCHECKED",
  weight: "note",
  message: "the signature was not verified: this version cannot yet",
};

/**
 * How many certificates a bundle brings, and how many would leave with it.
 *
 * @module
 */

import { isAuthority } from "../chain/authority-index.ts";
import type { Bundle } from "../icao/bundle.ts";
import type { Certificate } from "../x509/certificate.ts";
import { deltaRemovals, isDelta } from "./directory-delta.ts";
import type { JudgmentReason, Known, KnownCertificate } from "./judgment.ts";

/** Thresholds, and what they count from. */
export interface ShrinkOptions {
  readonly maxRemovedPercent: number;
  readonly minCertificates: number;
  /** Whether signatures are verified: then listings that never were are no baseline. */
  readonly verifies: boolean;
}

/**
 * Judges a bundle by its size: the lists of a collection shrink as a whole. Only distinct certificates count that are
 * still valid at the time of signing, since expired ones may leave: the Italian list of 2025 once lost 140 of 485, all of
 * them expired.
 */
export function judgeSize(
  bundle: Bundle,
  known: Known,
  now: Date,
  options: ShrinkOptions,
): readonly JudgmentReason[] {
  const certificates = distinct(bundle);
  const baseline = [...known.listed].filter(([, { level }]) => !options.verifies || level !== "unverified");
  const leaving = isDelta(bundle) ? deltaRemovals(bundle, known).certificates : undefined;
  const stays = (sha256: string) =>
    certificates.has(sha256) || (leaving !== undefined && !leaving.has(sha256));
  const instant = instantOf(bundle, now);
  const valid = baseline.filter(([, { notAfter }]) => notAfter >= instant);
  const removed = valid.filter(([sha256]) => !stays(sha256));
  return [
    ...tooFew(bundle, certificates.size, options.minCertificates),
    ...shrink(removed.length, valid.length, options.maxRemovedPercent),
    ...countriesLost(valid, removed, certificates.values(), instant),
  ];
}

/** Certificates of the lists, each once; what stands beside them in the envelope does not count. */
function distinct({ objects }: Bundle): ReadonlyMap<string, Certificate> {
  return new Map(objects.flatMap(({ certificates }) => certificates.map((each) => [each.sha256, each])));
}

/** The latest signing time. One in the future must not make the certificates that are held look expired. */
function instantOf({ objects }: Bundle, now: Date): Date {
  let latest: Date | undefined;
  for (const { signers } of objects) {
    // Of several signers the earliest: one whose signature is bad must not make it later.
    const [signingTime] = signers
      .flatMap((signer) => signer.signingTime ?? [])
      .toSorted((a, b) => a.getTime() - b.getTime());
    if (signingTime !== undefined && (latest === undefined || signingTime > latest)) latest = signingTime;
  }
  return latest !== undefined && latest < now ? latest : now;
}

/** CRLs that stand by themselves come without certificates, and deltas with as many as there are. */
function tooFew(bundle: Bundle, found: number, minimum: number): readonly JudgmentReason[] {
  const isOfCrls = found === 0 && bundle.objects.every(({ signers }) => signers.length === 0);
  if (isDelta(bundle) || (isOfCrls && bundle.objects.some(({ crls }) => crls.length > 0))) return [];
  const least = Math.max(minimum, 1);
  if (found >= least) return [];
  const message = `list holds ${found} certificates, expected at least ${least}`;
  return [{ code: "TOO_FEW_CERTIFICATES", weight: "refusal", message }];
}

function shrink(removed: number, valid: number, maxRemovedPercent: number): readonly JudgmentReason[] {
  if (removed * 100 <= valid * maxRemovedPercent) return [];
  // One or two may leave a short list, as long as something stays.
  if (removed <= 2 && removed < valid) return [];
  const percent = ((removed * 100) / valid).toFixed(1);
  const message = `${removed} of ${valid} certificates still valid (${percent} %) would leave, over ${maxRemovedPercent} %`;
  return [{ code: "SHRINK", weight: "refusal", message }];
}

function countriesLost(
  valid: readonly (readonly [string, KnownCertificate])[],
  removed: readonly (readonly [string, KnownCertificate])[],
  certificates: Iterable<Certificate>,
  instant: Date,
): readonly JudgmentReason[] {
  const gone = new Set(removed.map(([sha256]) => sha256));
  const left = new Set(
    valid.flatMap(([sha256, { country, isAuthority: isOne }]) =>
      gone.has(sha256) || isOne !== true || !country ? [] : [country],
    ),
  );
  for (const certificate of certificates) {
    const { country, notAfter } = certificate;
    if (country !== undefined && notAfter >= instant && isAuthority(certificate)) {
      left.add(country.toUpperCase());
    }
  }
  const lost = removed.flatMap(([, { country, isAuthority: isOne }]) =>
    isOne === true && country && !left.has(country) ? [country] : [],
  );
  const countries = [...new Set(lost)].sort();
  if (countries.length === 0) return [];
  const message = `no valid CSCA certificate is left of ${countries.join(", ")}`;
  return [{ code: "COUNTRY_LOST", weight: "note", message }];
}

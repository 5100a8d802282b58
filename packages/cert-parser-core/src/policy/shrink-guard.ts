/**
 * How many certificates a bundle brings, and how many would leave with it.
 *
 * @module
 */

import { isAuthority } from "../chain/authority-index.ts";
import type { Bundle } from "../icao/bundle.ts";
import type { Certificate } from "../x509/certificate.ts";
import { deltaRemovals, isDelta } from "./directory-delta.ts";
import type { JudgmentReason } from "./judgment.ts";
import type { Known, KnownCertificate } from "./known.ts";
import type { EditionFact } from "./trust-facts.ts";
import type { KnownAuthority } from "./trust-state.ts";

/** Thresholds. */
export interface ShrinkOptions {
  readonly maxRemovedPercent: number;
  readonly minCertificates: number;
}

/**
 * Judges a signed list by what the editions held whose place it takes. Only certificates count that are still valid at the
 * time of signing, since expired ones may leave: the Italian list of 2025 once lost 140 of 485, all of them expired.
 */
export function judgeListSize(
  certificates: readonly Certificate[],
  held: readonly Held[],
  instant: Date,
  { maxRemovedPercent }: ShrinkOptions,
): readonly JudgmentReason[] {
  return judgeRemoval(held, certificates, instant, maxRemovedPercent);
}

/** What editions hold. */
export function heldByEditions(
  editions: readonly EditionFact[],
  authorities: readonly KnownAuthority[],
): readonly Held[] {
  const ids = new Set(editions.map(({ id }) => id));
  return authorities
    .filter(({ fact }) => fact.editions.some((id) => ids.has(id)))
    .map(({ certificate }): Held => [certificate.sha256, describe(certificate)]);
}

/** What a source lists, as far as a store says that keeps no editions. */
export function heldInLists({ listed }: Known): readonly Held[] {
  return [...listed].filter(([, { isListed = true }]) => isListed);
}

/**
 * Judges what stands by itself: directories and files have a baseline of their own kind, so that what nobody signed never
 * counts for a signed list. Nothing is removed by a bundle that holds signed lists alone.
 */
export function judgeLooseSize(
  bundle: Bundle,
  certificates: readonly Certificate[],
  known: Known,
  now: Date,
  { maxRemovedPercent }: ShrinkOptions,
  verifies: boolean,
): readonly JudgmentReason[] {
  const held = [...known.listed].filter(
    ([, { isListed = true, level = "verified" }]) => !isListed && (!verifies || level === "verified"),
  );
  const leaving = isDelta(bundle) ? deltaRemovals(bundle, known).certificates : undefined;
  const stays = leaving === undefined ? [] : held.filter(([sha256]) => !leaving.has(sha256));
  const rest = new Map(stays);
  return judgeRemoval(
    held.filter(([sha256]) => !rest.has(sha256)),
    certificates,
    now,
    maxRemovedPercent,
    held,
  );
}

/** How few certificates the lists of a bundle may have together. */
export function judgeFewness(
  certificates: readonly Certificate[],
  { minCertificates }: ShrinkOptions,
): readonly JudgmentReason[] {
  const found = new Set(certificates.map(({ sha256 }) => sha256)).size;
  const least = Math.max(minCertificates, 1);
  if (found >= least) return [];
  const message = `list holds ${found} certificates, expected at least ${least}`;
  return [{ code: "TOO_FEW_CERTIFICATES", weight: "refusal", message }];
}

/** A certificate that is held, by its SHA-256. */
export type Held = readonly [string, Pick<KnownCertificate, "country" | "isAuthority" | "notAfter">];

function describe(certificate: Certificate): Held[1] {
  const { country, notAfter } = certificate;
  return { country: country?.toUpperCase() ?? null, isAuthority: isAuthority(certificate), notAfter };
}

/** `baseline` is all that is held, where `held` is only what may leave. */
function judgeRemoval(
  held: readonly Held[],
  certificates: readonly Certificate[],
  instant: Date,
  maxRemovedPercent: number,
  baseline: readonly Held[] = held,
): readonly JudgmentReason[] {
  const comes = new Map(certificates.map((certificate) => [certificate.sha256, describe(certificate)]));
  const isValid = ([, { notAfter }]: Held) => notAfter >= instant;
  const removed = held.filter((each) => isValid(each) && !comes.has(each[0]));
  const valid = baseline.filter(isValid);
  return [
    ...shrink(removed.length, valid.length, maxRemovedPercent),
    ...countriesLost(valid, removed, [...comes].filter(isValid)),
  ];
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
  valid: readonly Held[],
  removed: readonly Held[],
  comes: readonly Held[],
): readonly JudgmentReason[] {
  const gone = new Set(removed.map(([sha256]) => sha256));
  const stays = [...valid.filter(([sha256]) => !gone.has(sha256)), ...comes];
  const left = new Set(countriesOf(stays));
  const countries = [...new Set(countriesOf(removed))].filter((country) => !left.has(country)).sort();
  if (countries.length === 0) return [];
  const message = `no valid CSCA certificate is left of ${countries.join(", ")}`;
  return [{ code: "COUNTRY_LOST", weight: "note", message }];
}

function countriesOf(held: readonly Held[]): readonly string[] {
  return held.flatMap(([, { country = null, isAuthority: isOne = false }]) =>
    isOne && country !== null ? [country] : [],
  );
}

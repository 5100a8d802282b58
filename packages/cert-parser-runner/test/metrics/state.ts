/**
 * A state with every figure, for tests.
 *
 * @module
 */

import type { MetricsState, SourceFigures, StoredFigures } from "../../src/metrics/metrics-state.ts";

/** The instant at which the state is looked at. */
export const now = new Date("2026-07-01T12:00:00Z");

/** An instant so many days before or, where negative, after {@link now}. */
export function daysAgo(days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}

/** One source with every figure. */
export const sourceFigures: SourceFigures = {
  source: "icao-masterlist",
  certificates: 404,
  signingTime: daysAgo(30),
  lastAccepted: daysAgo(0.25),
  signerNotAfter: daysAgo(-100),
  anchorNotAfter: daysAgo(-1000),
};

/** What a store holds. */
export const storedFigures: StoredFigures = {
  certificates: [
    { country: "DE", role: "csca", count: 12 },
    { country: "DE", role: "link", count: 5 },
    { country: null, role: "unknown", count: 1 },
  ],
  expiry: { expired: 40, within30Days: 1, within90Days: 3, within365Days: 20 },
  rejections: [{ code: "DER_SYNTAX", count: 2 }],
  findings: [{ code: "SERIAL_NEGATIVE", count: 7 }],
  crls: { count: 3, revoked: 1234, earliestNextUpdate: daysAgo(-10) },
  sources: [sourceFigures],
  trust: {
    unapprovedPins: 1,
    unverifiedCertificates: 6,
    unsignedCertificates: 8,
    refusedBundles: 2,
    pendingBundles: 5,
    lastRollover: daysAgo(3),
  },
  runs: [
    { outcome: "applied", stage: null, code: null, count: 9 },
    { outcome: "failed", stage: "download", code: "EXTERNAL_SERVICE_ERROR", count: 2 },
  ],
};

/** The service at {@link now}. */
export const state: MetricsState = {
  statistics: storedFigures,
  storeReachable: true,
  schedulerRunning: true,
  nextRun: daysAgo(-0.25),
  intervalMs: 21_600_000,
};

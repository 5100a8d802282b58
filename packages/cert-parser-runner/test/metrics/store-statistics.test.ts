import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredFigures } from "../../src/metrics/metrics-state.ts";
import type { StoreStatistics } from "../../src/store/statistics.ts";
import { storedFigures } from "./state.ts";

test("what the store counts can be shown as it is: the two types agree without knowing each other", () => {
  const statistics: StoreStatistics = {
    ...storedFigures,
    runs: [{ outcome: "applied", stage: null, code: null, count: 9 }],
    sources: storedFigures.sources.map((source) => ({ ...source, lastSeen: new Date(0) })),
    trust: {
      unapprovedPins: 0,
      unverifiedCertificates: 0,
      unsignedCertificates: 0,
      revokedAuthorities: 0,
      withdrawnKeys: 0,
      refusedBundles: 0,
      pendingBundles: 0,
      lastRollover: null,
    },
  };
  const figures: StoredFigures = statistics;
  assert.equal(figures, statistics);
});

/**
 * Findings in a bounded form: a million entries may all have the same flaw.
 *
 * @module
 */

import type { Finding } from "../findings.ts";

/** Counts findings and keeps the first of each code. */
export interface FindingTally {
  add(findings: readonly Finding[]): void;
  /** The first of each code, which says how many there are. */
  totals(): readonly Finding[];
}

/** Makes an empty tally. */
export function createFindingTally(): FindingTally {
  const counted = new Map<Finding["code"], { readonly first: Finding; count: number }>();
  return {
    add(findings) {
      for (const finding of findings) {
        const known = counted.get(finding.code);
        if (known === undefined) counted.set(finding.code, { first: finding, count: 1 });
        else known.count += 1;
      }
    },
    totals: () =>
      Array.from(counted.values(), ({ first, count }) =>
        count === 1 ? first : { ...first, message: `${first.message} (the first of ${count} such findings)` },
      ),
  };
}

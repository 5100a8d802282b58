/**
 * Judgments as a column keeps them: what was decided and why, without the verdict of each certificate.
 *
 * @module
 */

import type { Judgment } from "cert-parser-core";

/** Plain data, one object for each judgment. */
export function judgmentDocuments(judgments: readonly Judgment[]): readonly object[] {
  return judgments.map(({ outcome, reasons, evidence }) => {
    if (evidence === undefined) return { outcome, reasons };
    const { level, signingTime, publisher, steps } = evidence;
    return { outcome, reasons, level, signingTime: signingTime?.toISOString() ?? null, publisher, steps };
  });
}

/**
 * Judgements as a column keeps them: what was decided and why, without the verdict of each certificate.
 *
 * @module
 */

import type { Judgement } from "cert-parser-core";

/** Plain data, one object for each judgement. */
export function judgementDocuments(judgements: readonly Judgement[]): readonly object[] {
  return judgements.map(({ outcome, reasons, evidence }) => {
    if (evidence === undefined) return { outcome, reasons };
    const { level, signingTime, publisher, steps } = evidence;
    return { outcome, reasons, level, signingTime: signingTime?.toISOString() ?? null, publisher, steps };
  });
}

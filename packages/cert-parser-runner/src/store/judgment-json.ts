/**
 * Judgments as a column keeps them: what was decided and why, without the verdict of each certificate.
 *
 * @module
 */

import type {
  BundleJudgment,
  JudgedPublisher,
  JudgmentReason,
  ObjectJudgment,
  TrustLevel,
  VerificationStep,
} from "cert-parser-core";

/** A judgment as plain data. */
export interface JudgmentDocument {
  readonly outcome: BundleJudgment["outcome"];
  /** Of the bundle as a whole. */
  readonly reasons: readonly JudgmentReason[];
  /** One for each signed object. */
  readonly objects: readonly ObjectJudgmentDocument[];
}

/** The judgment of an object as plain data; what follows `reasons` is left out by policies that give no evidence. */
export interface ObjectJudgmentDocument {
  readonly outcome: ObjectJudgment["outcome"];
  readonly reasons: readonly JudgmentReason[];
  readonly level?: TrustLevel;
  /** ISO 8601; null if no signer was accepted. */
  readonly signingTime?: string | null;
  readonly publisher?: JudgedPublisher | null;
  readonly edition?: "current" | "history" | null;
  readonly steps?: readonly VerificationStep[];
}

/** Makes the document of a bundle's judgment. */
export function judgmentDocument({ outcome, reasons, objects }: BundleJudgment): JudgmentDocument {
  return { outcome, reasons, objects: objectJudgmentDocuments(objects) };
}

/** The same for each object of a bundle. */
export function objectJudgmentDocuments(
  objects: readonly ObjectJudgment[],
): readonly ObjectJudgmentDocument[] {
  return objects.map(({ outcome, reasons, evidence }) => {
    if (evidence === undefined) return { outcome, reasons };
    const { level, signingTime, publisher, edition, steps } = evidence;
    return {
      outcome,
      reasons,
      level,
      signingTime: signingTime?.toISOString() ?? null,
      publisher,
      edition,
      steps,
    };
  });
}

/**
 * Judgments: whether a bundle, and each object in it, may change the store.
 *
 * @module
 */

import type { VerificationCode } from "../chain/verification-code.ts";
import type { Evidence } from "./evidence.ts";

/** One reason of a judgment. */
export interface JudgmentReason {
  readonly code: VerificationCode;
  /** A `refusal` decides; without one a `pending` decides, and waits for an operator; a `note` decides nothing. */
  readonly weight: "refusal" | "pending" | "note";
  /** What was found and what was expected, in one sentence. */
  readonly message: string;
}

/** Whether an object may change the store, with every reason. */
export interface ObjectJudgment {
  /** `pending`: an operator may allow it. */
  readonly outcome: "accepted" | "pending" | "refused";
  readonly reasons: readonly JudgmentReason[];
  /** What was found out; a policy of your own may leave it out. */
  readonly evidence?: Evidence;
}

/** Whether a bundle may change the store. Each of its objects is judged alone, and the good ones go in. */
export interface BundleJudgment {
  /** `partial`: some objects were accepted, and others wait or were refused. */
  readonly outcome: "accepted" | "partial" | "pending" | "refused";
  /** Reasons of the bundle as a whole: the size and the versions of a directory. */
  readonly reasons: readonly JudgmentReason[];
  /** One for each of `bundle.objects`, in their order. */
  readonly objects: readonly ObjectJudgment[];
}

/** Refused by one refusal, pending by one that waits, accepted otherwise. */
export function outcomeOf(reasons: readonly JudgmentReason[]): ObjectJudgment["outcome"] {
  if (reasons.some(({ weight }) => weight === "refusal")) return "refused";
  return reasons.some(({ weight }) => weight === "pending") ? "pending" : "accepted";
}

/** What the objects come to together; a bundle without any is judged by its own reasons. */
export function bundleOutcome(
  reasons: readonly JudgmentReason[],
  objects: readonly ObjectJudgment[],
): BundleJudgment["outcome"] {
  const outcomes = new Set([
    ...objects.map(({ outcome }) => outcome),
    ...(objects.length === 0 || outcomeOf(reasons) !== "accepted" ? [outcomeOf(reasons)] : []),
  ]);
  if (outcomes.size === 1 && outcomes.has("accepted")) return "accepted";
  if (outcomes.has("accepted")) return "partial";
  return outcomes.has("refused") ? "refused" : "pending";
}

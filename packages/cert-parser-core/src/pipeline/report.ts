/**
 * How a run ended.
 *
 * @module
 */

import type { BundleJudgment } from "../policy/judgment.ts";
import type { BundleSummary } from "../records/bundle-summary.ts";
import type { Stage } from "./events.ts";
import type { StoreReport, SyncErrorCode } from "./ports.ts";

/** A run that reached its end. */
export interface RunReport {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly durationMs: number;
  /** `unchanged`: the bundle is the one that the source gave last, and was neither judged nor stored again. */
  readonly outcome: "applied" | "unchanged";
  /** What was in the bundle; null where the service said that it has no newer one than is held. */
  readonly bundle: BundleSummary | null;
  /** How the bundle was judged: a `partial` one was applied as far as it was accepted. Null if it is unchanged. */
  readonly judgment: BundleJudgment | null;
  /** Whether the store keeps the bundle for an operator, since not all of it was accepted. */
  readonly quarantined: boolean;
  /** What changed in the store. */
  readonly store: StoreReport;
}

/** A run that stopped: the first failure, its stage and its cause. */
export interface SyncError {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly stage: Stage;
  readonly code: SyncErrorCode;
  /** The code underneath, such as `HTTP_401`, `DER_TRUNCATED` or `SHRINK`. */
  readonly reason: string;
  /** What happened and what to do, in one sentence, without secrets. */
  readonly message: string;
  /** Why nothing of a bundle was accepted, if that is what stopped the run. */
  readonly judgment?: BundleJudgment;
  /** SHA-256 of the bundle that was not accepted, lower-case hex. */
  readonly bundleSha256?: string;
  /** Whether the store keeps that bundle aside. */
  readonly quarantined?: boolean;
  readonly cause?: unknown;
}

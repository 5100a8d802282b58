/**
 * How a run ended.
 *
 * @module
 */

import type { Judgment } from "../policy/judgment.ts";
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
  /** One for each signed object of the bundle; empty where it is unchanged. */
  readonly judgments: readonly Judgment[];
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
  /** Why a list was refused, or waits for an operator, when it was or does. */
  readonly judgments?: readonly Judgment[];
  /** SHA-256 of the bundle that was not accepted, lower-case hex. */
  readonly bundleSha256?: string;
  /** Whether the store keeps that bundle aside. */
  readonly quarantined?: boolean;
  readonly cause?: unknown;
}

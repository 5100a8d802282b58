/**
 * What the pipeline tells while it runs: for progress, logs and metrics.
 *
 * @module
 */

import type { Rejection } from "../findings.ts";
import type { RunReport, SyncError } from "./report.ts";

/** The stages of a run, in order. Sources without a login skip the first two. */
export type Stage = "authenticate" | "login" | "download" | "parse" | "verify" | "store";

/** Figures of a finished stage: counts, sizes, outcomes. Never a secret. */
export type StageFigures = Readonly<Record<string, string | number | boolean | null>>;

/** One event of a run. `type` is stable. */
export type SyncEvent = SyncEventIdentity &
  (
    | { readonly type: "pipeline.started" }
    | { readonly type: "stage.started"; readonly stage: Stage }
    | {
        readonly type: "stage.progress";
        readonly stage: Stage;
        /** Done so far, in the stage's unit: bytes for a download. */
        readonly done: number;
        readonly total: number | undefined;
      }
    | {
        readonly type: "stage.completed";
        readonly stage: Stage;
        readonly durationMs: number;
        readonly figures: StageFigures;
      }
    | { readonly type: "part.rejected"; readonly rejection: Rejection }
    | { readonly type: "pipeline.completed"; readonly report: RunReport }
    | { readonly type: "pipeline.failed"; readonly error: SyncError; readonly durationMs: number }
  );

/** Which run an event belongs to. */
export interface SyncEventIdentity {
  readonly executionId: string;
  readonly source: string;
  /** What started the run: `startup`, `schedule`, `manual`, `http`, or a word of the caller's. */
  readonly trigger: string;
}

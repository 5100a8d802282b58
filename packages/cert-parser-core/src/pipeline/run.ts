/**
 * One run of the pipeline: who it is, and how each of its stages is done, told of and stopped.
 *
 * @module
 */

import { err, type Result } from "../result.ts";
import type { Stage, StageFigures, SyncEvent } from "./events.ts";
import type { Clock, PortError, PortResult, Release, SyncErrorCode } from "./ports.ts";
import type { SyncError } from "./report.ts";

/** Which run this is. */
export interface SyncOptions {
  /** Name of the source in the store; `default` if left out. */
  readonly source?: string;
  /** What started the run; `manual` if left out. */
  readonly trigger?: string;
  /** A UUID by default. */
  readonly executionId?: string;
  /** Cancels the run: it ends with the code `CANCELLED`, and the store as it was. */
  readonly signal?: AbortSignal;
  /** Said where an operator releases a bundle: it is then judged, whether it is held already or not. */
  readonly release?: Release;
}

/** A run under way. */
export interface Run {
  readonly identity: { readonly executionId: string; readonly source: string; readonly trigger: string };
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  /** Null unless an operator releases the bundle. */
  readonly release: Release | null;
  readonly now: () => Date;
  readonly elapsedMs: () => number;
  readonly emit: (event: EventBody) => void;
}

// Omit would merge the kinds of events into one that has only what they share.
type EventBody = SyncEvent extends infer Event
  ? Event extends SyncEvent
    ? Omit<Event, keyof Run["identity"]>
    : never
  : never;

/** Begins a run. What `observe` throws is dropped: a broken log must not stop a run. */
export function startRun(
  { clock, observe }: { readonly clock: Clock; readonly observe?: (event: SyncEvent) => void },
  options: SyncOptions,
): Run {
  const identity = {
    executionId: options.executionId ?? crypto.randomUUID(),
    source: options.source ?? "default",
    trigger: options.trigger ?? "manual",
  };
  const startedAt = clock.now();
  return {
    identity,
    startedAt,
    signal: options.signal ?? new AbortController().signal,
    release: options.release ?? null,
    now: () => clock.now(),
    elapsedMs: () => clock.now().getTime() - startedAt.getTime(),
    emit(event) {
      try {
        observe?.({ ...identity, ...event } as SyncEvent);
      } catch {
        // The run matters more than its observer.
      }
    },
  };
}

/** Runs one stage between its two events. */
export async function stage<T>(
  run: Run,
  name: Stage,
  work: () => PortResult<T>,
  figures: (value: T) => StageFigures,
): Promise<Result<T, SyncError>> {
  if (run.signal.aborted) return err(cancelled(run, name));
  run.emit({ type: "stage.started", stage: name });
  const begun = run.now().getTime();
  const result = await attempt(run, name, work);
  if (result.ok) {
    const durationMs = run.now().getTime() - begun;
    run.emit({ type: "stage.completed", stage: name, durationMs, figures: figures(result.value) });
  }
  return result;
}

/** Does the work of a stage; whatever goes wrong in it becomes a value. */
export async function attempt<T>(
  run: Run,
  name: Stage,
  work: () => PortResult<T>,
): Promise<Result<T, SyncError>> {
  if (run.signal.aborted) return err(cancelled(run, name));
  try {
    const result = await work();
    // Where the abort came too late to stop the store, what it did stands.
    if (run.signal.aborted && !(name === "store" && result.ok)) return err(cancelled(run, name));
    return result.ok ? result : err(failed(run, name, result.error));
  } catch (cause) {
    if (run.signal.aborted) return err(cancelled(run, name));
    const message = cause instanceof Error ? cause.message : String(cause);
    return err(failed(run, name, { code: stageCodes[name], reason: "UNEXPECTED", message, cause }));
  }
}

function failed(run: Run, name: Stage, error: PortError): SyncError {
  return { ...run.identity, stage: name, ...error };
}

function cancelled(run: Run, name: Stage): SyncError {
  return {
    ...run.identity,
    stage: name,
    code: "CANCELLED",
    reason: "ABORTED",
    message: "the run was cancelled; the store is as it was",
    cause: run.signal.reason,
  };
}

/** What a stage's own fault is called, where its port threw instead of answering. */
const stageCodes: Readonly<Record<Stage, SyncErrorCode>> = {
  authenticate: "AUTHENTICATION_ERROR",
  login: "AUTHENTICATION_ERROR",
  download: "EXTERNAL_SERVICE_ERROR",
  parse: "PARSE_ERROR",
  verify: "TRUST_ERROR",
  store: "DATABASE_ERROR",
};

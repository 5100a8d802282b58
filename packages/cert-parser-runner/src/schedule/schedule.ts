/**
 * Starts runs when they are due, one at a time: the only door to croner's timers.
 *
 * @module
 */

import { Cron } from "croner";

/** When runs are due: every so many hours from the start, or at the times of a cron expression in UTC. */
export type Timing =
  | { readonly kind: "interval"; readonly hours: number }
  | { readonly kind: "cron"; readonly expression: string };

/** What else a schedule may tell. */
export interface ScheduleOptions {
  /** Called when a run is due while the one before still goes on. It is left out, not queued. */
  readonly onOverlap?: () => void;
  /** Called with what `run` threw. The schedule goes on. */
  readonly onError?: (error: unknown) => void;
}

/** A schedule that runs until it is stopped. */
export interface Schedule {
  /** False once the schedule was stopped, or when no run will ever be due again. */
  readonly running: boolean;
  /** When the next run is due; null when none is. */
  next(): Date | null;
  /** Starts no further run. One under way goes on. */
  stop(): void;
}

/** Calls `run` whenever it is due. An interval first comes due one interval from now. */
export function createSchedule(
  timing: Timing,
  run: () => Promise<void>,
  options: ScheduleOptions = {},
): Schedule {
  const { onOverlap, onError } = options;
  const pattern = timing.kind === "cron" ? timing.expression : everySecond;
  const job = new Cron(
    pattern,
    {
      timezone: "UTC",
      protect: () => onOverlap?.(),
      catch: (error) => onError?.(error),
      ...(timing.kind === "interval" ? intervalOptions(timing.hours) : {}),
    },
    run,
  );

  return {
    get running() {
      return job.isRunning();
    },
    next: () => job.nextRun(),
    stop: () => job.stop(),
  };
}

/** An interval that need not divide a day: every second is a candidate, and `interval` says how many to leave out. */
function intervalOptions(hours: number): { interval: number; startAt: Date } {
  const interval = Math.max(1, Math.round(hours * 3600));
  // Without a start, croner would take the very next second as the first.
  return { interval, startAt: new Date(Date.now() + interval * 1000) };
}

const everySecond = "* * * * * *";

/**
 * Says when a run is due: by its timing, because one was missed, or because one failed.
 *
 * @module
 */

import { backoffMs } from "./backoff.ts";
import { type ScheduleClock, systemClock } from "./clock.ts";
import { dueTimes, type Timing } from "./timing.ts";

/** Why a run is due: its time has come, its time passed while nobody was there, or the last one failed. */
export type DueReason = "regular" | "missed" | "retry";

/** What else a schedule can be told. */
export interface ScheduleOptions {
  /** Longest random delay before a regular or missed run, in milliseconds. Default: 0. */
  readonly jitterMs?: number;
  /**
   * When the last good run began, by what is stored: intervals are counted from there, and a run that came due since then
   * is made up for. Default: null, and intervals are counted from now.
   */
  readonly lastRun?: Date | null;
  /** Called with what `due` threw. The schedule goes on. */
  readonly onError?: (error: unknown) => void;
  /** Default: the machine's. */
  readonly clock?: ScheduleClock;
  /** A number from 0 to 1, for delays. Default: `Math.random`. */
  readonly random?: () => number;
}

/** A schedule that runs until it is stopped. */
export interface Schedule {
  /** False once it was stopped, when no run will ever be due again, or when its timer has died. */
  readonly running: boolean;
  /** When the next run is due, delays included; null when none is. */
  next(): Date | null;
  /**
   * Must be told how every run ended, whoever asked for it. After a failure the next attempt comes after one minute, then
   * two, four and so on, until the next regular run takes over.
   */
  ended(outcome: "done" | "failed"): void;
  /** Starts no further run. One under way goes on. */
  stop(): void;
}

/** Calls `due` whenever a run is due. Whether one may start then is the caller's business. */
export function createSchedule(
  timing: Timing,
  due: (reason: DueReason) => void,
  options: ScheduleOptions = {},
): Schedule {
  const { jitterMs = 0, lastRun = null, onError, clock = systemClock, random = Math.random } = options;
  const start = clock.now();
  // A clock that was set back must not put the next run off until it has caught up.
  const last = Math.min(lastRun?.getTime() ?? start, start);
  let times = dueTimes(timing, last);
  let regular = firstRun();
  let retryAt: number | null = null;
  let failures = 0;
  let stopped = false;
  let beatAt = clock.elapsed();
  let seenAt = start;
  let takeBack: () => void = () => undefined;

  function firstRun(): Planned | null {
    const at = times.after(last);
    if (at === null || at > start) return plan(at, "regular");
    times = dueTimes(timing, start);
    return plan(start, "missed");
  }

  function plan(at: number | null, reason: DueReason): Planned | null {
    if (at === null) return null;
    // No delay may reach the run that follows.
    const room = (times.after(at) ?? Number.POSITIVE_INFINITY) - at;
    return { at: at + Math.floor(random() * Math.min(jitterMs, room)), reason };
  }

  function next(): Planned | null {
    if (stopped) return null;
    const before = retryAt !== null && (regular === null || retryAt < regular.at);
    return before && retryAt !== null ? { at: retryAt, reason: "retry" } : regular;
  }

  function wait(): void {
    const planned = next();
    beatAt = clock.elapsed();
    seenAt = clock.now();
    takeBack();
    if (planned === null) return;
    const delay = Math.min(Math.max(0, planned.at - seenAt), beatMs);
    takeBack = clock.alarm(delay, wake);
  }

  function wake(): void {
    const now = clock.now();
    if (now < seenAt - setBackMs) startOver(now);
    const planned = next();
    if (planned !== null && planned.at <= now) {
      retryAt = null;
      if (planned.reason !== "retry") {
        failures = 0;
        regular = plan(times.after(now), "regular");
      }
      try {
        due(planned.reason);
      } catch (error) {
        onError?.(error);
      }
    }
    wait();
  }

  /** A clock that was wrong when the next run was planned, and was set back since, would put it off for as long. */
  function startOver(now: number): void {
    times = dueTimes(timing, now);
    regular = plan(times.after(now), "regular");
    if (retryAt !== null) retryAt = now;
  }

  wait();
  return {
    get running() {
      return next() !== null && clock.elapsed() - beatAt < deadMs;
    },
    next() {
      const planned = next();
      return planned === null ? null : new Date(planned.at);
    },
    ended(outcome) {
      failures = outcome === "failed" ? failures + 1 : 0;
      const at = clock.now() + backoffMs(failures, { firstMs: firstRetryMs, random });
      retryAt = outcome === "failed" && (regular === null || at < regular.at) ? at : null;
      wait();
    },
    stop() {
      stopped = true;
      takeBack();
    },
  };
}

interface Planned {
  readonly at: number;
  readonly reason: DueReason;
}

const firstRetryMs = 60_000;
// A timer holds at most 24 days and knows nothing of a clock that is set: so it rings at least this often.
const beatMs = 30_000;
// More than the small steps in which a clock is kept right.
const setBackMs = 60_000;
// Four beats left out: nothing rings any more.
const deadMs = 120_000;

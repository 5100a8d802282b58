/**
 * When runs come due: a timing is a sequence of instants, without a timer.
 *
 * @module
 */

import { Cron } from "croner";

/** When runs are due: every so many hours, or at the times of a cron expression in UTC. */
export type Timing =
  | { readonly kind: "interval"; readonly hours: number }
  | { readonly kind: "cron"; readonly expression: string };

/** The instants at which runs are due, in milliseconds since 1970. */
export interface DueTimes {
  /** The first one after an instant; null where there is none. */
  after(instant: number): number | null;
}

/** The due times of a timing. Those of an interval are counted from `anchor`, which is none of them. */
export function dueTimes(timing: Timing, anchor: number): DueTimes {
  return timing.kind === "interval" ? everyInterval(timing.hours, anchor) : byCron(timing.expression);
}

/** Even steps that need not divide a day, and do not wander when a run takes long. */
function everyInterval(hours: number, anchor: number): DueTimes {
  const stepMs = Math.max(1000, Math.round(hours * 3_600_000));
  return {
    after: (instant) => anchor + Math.max(1, Math.floor((instant - anchor) / stepMs) + 1) * stepMs,
  };
}

function byCron(expression: string): DueTimes {
  const job = new Cron(expression, { timezone: "UTC", paused: true });
  return { after: (instant) => job.nextRun(new Date(instant))?.getTime() ?? null };
}

/** The longest time between two of the next due times, in milliseconds; null where there are no two. */
export function longestGapMs(timing: Timing, from: number = Date.now()): number | null {
  const times = dueTimes(timing, from);
  let longest: number | null = null;
  let before = times.after(from);
  for (let count = 0; before !== null && count < gapsSeen; count++) {
    const next = times.after(before);
    if (next !== null) longest = Math.max(longest ?? 0, next - before);
    before = next;
  }
  return longest;
}

// A week of hourly runs: enough to see the gap of a weekend.
const gapsSeen = 168;

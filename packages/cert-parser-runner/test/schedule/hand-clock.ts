/**
 * A clock whose hands a test turns itself: days pass in no time.
 *
 * @module
 */

import type { ScheduleClock } from "../../src/schedule/clock.ts";

/** A clock that stands still until it is turned. */
export interface HandClock extends ScheduleClock {
  /** Lets time pass: alarms ring in their order, each at its own time. */
  turn(ms: number): void;
  /** Sets the time of day, as an operator or NTP does: no time passes. */
  set(now: Date): void;
  /** Takes all alarms away, as a fault of the runtime would. */
  breakDown(): void;
}

/** Makes a clock that shows the given time. */
export function createHandClock(start: Date): HandClock {
  let now = start.getTime();
  let elapsed = 0;
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();

  return {
    now: () => now,
    elapsed: () => elapsed,
    alarm(delayMs, ring) {
      const alarm = { at: elapsed + Math.max(0, delayMs), ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    turn(ms) {
      const end = elapsed + ms;
      for (;;) {
        const [first] = [...alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (first === undefined) break;
        alarms.delete(first);
        now += first.at - elapsed;
        elapsed = first.at;
        first.ring();
      }
      now += end - elapsed;
      elapsed = end;
    },
    set: (time) => {
      now = time.getTime();
    },
    breakDown: () => alarms.clear(),
  };
}

/**
 * Time and timers of a schedule, so that a test can turn the hands itself.
 *
 * @module
 */

/** A clock with an alarm. */
export interface ScheduleClock {
  /** Milliseconds since 1970. It may jump: clocks are set, machines sleep. */
  now(): number;
  /** Milliseconds since some instant. It only goes forward, and never jumps. */
  elapsed(): number;
  /** Calls once, so many milliseconds from now; the answer takes that back. */
  alarm(delayMs: number, ring: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: ScheduleClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  alarm(delayMs, ring) {
    const timer = setTimeout(ring, delayMs);
    return () => clearTimeout(timer);
  },
};

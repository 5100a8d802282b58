/**
 * Whether the event loop still turns: a timer that comes late has waited behind something.
 *
 * @module
 */

// Deno's global timers are numbers in some versions; these can be unreferenced everywhere.
import { clearInterval, setInterval } from "node:timers";

/** Watches the event loop until it is stopped. */
export interface EventLoopWatch {
  /** The longest that a timer was late within the last {@link recentMs}, in milliseconds. */
  lagMs(): number;
  stop(): void;
}

/** What a watch goes by. */
export interface EventLoopWatchOptions {
  /** Time between two looks. Default: 500 ms. */
  readonly everyMs?: number;
  /** Milliseconds on a clock that never jumps. Default: the machine's. */
  readonly elapsed?: () => number;
}

/**
 * Begins to watch. `perf_hooks.monitorEventLoopDelay` would tell as much, but not on every runtime, and only since it was
 * last reset.
 */
export function watchEventLoop({
  everyMs = 500,
  elapsed = () => performance.now(),
}: EventLoopWatchOptions = {}): EventLoopWatch {
  let due = elapsed() + everyMs;
  const late: { readonly at: number; readonly ms: number }[] = [];

  const look = () => {
    const now = elapsed();
    if (now - due >= noticedMs) late.push({ at: now, ms: now - due });
    while (late[0] !== undefined && late[0].at < now - recentMs) late.shift();
    due = now + everyMs;
  };
  const timer = setInterval(look, everyMs);
  timer.unref();

  return {
    lagMs() {
      const now = elapsed();
      const seen = late.filter(({ at }) => at >= now - recentMs).map(({ ms }) => ms);
      // A request can come in before the timer that is late already.
      return Math.round(Math.max(0, now - due, ...seen));
    },
    stop: () => clearInterval(timer),
  };
}

/** How long a delay counts: Kubernetes restarts after three failed probes ten seconds apart, so one delay alone is forgiven. */
export const recentMs = 15_000;
// Garbage collection and the parse of a long list stay below this.
const noticedMs = 250;

/**
 * Tries again, later each time.
 *
 * @module
 */

import { err, type Result } from "cert-parser-core";
import { aborted, type HttpFault } from "./http-fault.ts";

/** How often and how late to try again. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default: 4. */
  readonly attempts: number;
  /** Delay before the second attempt; it doubles from attempt to attempt. Default: 500 ms. */
  readonly baseDelayMs: number;
  /** Longest delay of our own choosing. Default: 30,000 ms. */
  readonly maxDelayMs: number;
  /** Longest delay that a server's Retry-After can bring about. Default: 60,000 ms. */
  readonly maxRetryAfterMs: number;
}

/** A failed attempt that another one will follow. */
export interface RetryEvent {
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly reason: string;
  readonly message: string;
  /** Until the next attempt. */
  readonly delayMs: number;
}

/** A failure, and how many attempts it took. */
export interface RetriesExhausted {
  readonly fault: HttpFault;
  readonly attempts: number;
  /** True where another attempt would have followed, had there been time. */
  readonly outOfTime: boolean;
}

/** What goes on around the attempts. */
export interface RetrySurroundings {
  /** Ends a delay at once. */
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`: an attempt that could not begin before is not waited for. */
  readonly until: number;
  readonly onRetry?: (event: RetryEvent) => void;
}

/** Runs `attempt` until it succeeds, fails for good, has had its attempts, or is out of time. */
export async function retrying<T>(
  attempt: () => Promise<Result<T, HttpFault>>,
  options: RetryOptions,
  { signal, until, onRetry }: RetrySurroundings,
): Promise<Result<T, RetriesExhausted>> {
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    if (result.ok) return result;
    const fault = result.error;
    if (!fault.retry || attempts >= options.attempts) return err({ fault, attempts, outOfTime: false });

    const delayMs = retryDelay(attempts, fault.retryAfterMs, options);
    if (performance.now() + delayMs >= until) return err({ fault, attempts, outOfTime: true });
    onRetry?.({ attempt: attempts, reason: fault.reason, message: fault.message, delayMs });
    await pause(delayMs, signal);
    if (signal.aborted) return err({ fault: aborted, attempts, outOfTime: false });
  }
}

/** Doubles from attempt to attempt, and is drawn between half of it and all, so that many runners do not come at once. */
function retryDelay(attempts: number, retryAfterMs: number | undefined, options: RetryOptions): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, options.maxRetryAfterMs);
  const longest = Math.min(options.baseDelayMs * 2 ** (attempts - 1), options.maxDelayMs);
  return Math.round(longest * (0.5 + Math.random() / 2));
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Some four seconds of patience in all; the schedule brings the next run. */
export const defaultRetryOptions: RetryOptions = Object.freeze({
  attempts: 4,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 60_000,
});

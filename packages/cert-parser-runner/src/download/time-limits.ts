/**
 * How long an exchange may take: one attempt, a silence in its body, and a run as a whole.
 *
 * @module
 */

import { aborted, type HttpFault } from "./http-fault.ts";

/** The limits of one exchange. */
export interface TimeLimits {
  /** Longest time from the first byte sent to the last one received, redirects included. */
  readonly attemptMs: number;
  /** Longest time without a byte, once the body has begun. */
  readonly idleMs: number;
  /** When the run that the exchange belongs to must be over. */
  readonly run: Deadline;
}

/** An instant, and how much time there was until then. */
export interface Deadline {
  /** On the clock of `performance.now()`. */
  readonly at: number;
  readonly totalMs: number;
}

/** Watches over one exchange. */
export interface TimeWatch {
  /** Fires when a limit is reached, or the caller's signal fires. */
  readonly signal: AbortSignal;
  /** The body has begun, or bytes of it have come. */
  alive(): void;
  /** What made the signal fire; null as long as it has not. */
  fault(): HttpFault | null;
  /** Ends the watch. Must be called: a signal that is kept would gather listeners. */
  clear(): void;
}

/** A deadline that many milliseconds from now. */
export function deadlineIn(totalMs: number): Deadline {
  return { at: performance.now() + totalMs, totalMs };
}

/** How long a run may take: ten attempts, but 15 minutes at most where that is enough for one. */
export function defaultOverallTimeoutMs(attemptMs: number): number {
  return Math.max(attemptMs, Math.min(10 * attemptMs, 900_000));
}

/** Starts to watch. Not `AbortSignal.any` with timeouts: their timers do not keep the process alive. */
export function watchTime({ attemptMs, idleMs, run }: TimeLimits, signal: AbortSignal): TimeWatch {
  const controller = new AbortController();
  let fault: HttpFault | null = null;
  const stop = (reason: HttpFault) => {
    fault ??= reason;
    controller.abort();
  };
  const cancel = () => stop(aborted);
  const leftMs = run.at - performance.now();
  let idle: ReturnType<typeof setTimeout> | undefined;

  if (signal.aborted) cancel();
  else if (leftMs <= 0) stop(runTimedOut(run));
  const whole = setTimeout(
    () => stop(leftMs < attemptMs ? runTimedOut(run) : attemptTimedOut(attemptMs)),
    Math.min(leftMs, attemptMs),
  );
  signal.addEventListener("abort", cancel, { once: true });

  return {
    signal: controller.signal,
    alive() {
      clearTimeout(idle);
      idle = setTimeout(() => stop(wentSilent(idleMs)), idleMs);
    },
    fault: () => fault,
    clear() {
      clearTimeout(whole);
      clearTimeout(idle);
      signal.removeEventListener("abort", cancel);
    },
  };
}

function attemptTimedOut(ms: number): HttpFault {
  return { reason: "TIMEOUT", message: `gave no complete answer within ${ms / 1000} s`, retry: true };
}

function wentSilent(ms: number): HttpFault {
  const message = `sent nothing for ${ms / 1000} s in the middle of its answer`;
  return { reason: "IDLE_TIMEOUT", message, retry: true };
}

function runTimedOut({ totalMs }: Deadline): HttpFault {
  const message = `gave no complete answer before the ${totalMs / 1000} s of the whole run were over`;
  return { reason: "OVERALL_TIMEOUT", message, retry: false };
}

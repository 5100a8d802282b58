/**
 * Runs the cases in a thread, ends it where a case takes too long, and goes on with the next.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import type { Failure } from "./failure.ts";
import type { Counts, Report, Slow, Task } from "./worker.ts";

/** What a whole run saw. */
export interface Findings {
  readonly cases: number;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly slowest: readonly Slow[];
  /** The first case of each fault, and how many met it. */
  readonly failures: ReadonlyMap<string, Failed>;
  readonly peakMiB: number;
}

/** One fault. */
export interface Failed {
  readonly index: number;
  readonly failure: Failure;
  times: number;
}

/** Runs cases until there are no more, the time is up, too much is found, or `signal` stops it. */
export async function supervise(task: Omit<Task, "progress">, signal: AbortSignal): Promise<Findings> {
  const failures = new Map<string, Failed>();
  const outcomes = new Map<string, number>();
  let slowest: readonly Slow[] = [];
  let cases = 0;
  let peak = 0;

  const note = (index: number, failure: Failure) => {
    const known = failures.get(failure.signature);
    if (known === undefined) failures.set(failure.signature, { index, failure, times: 1 });
    else known.times++;
  };
  const count = (counts: Counts) => {
    cases += counts.cases;
    for (const [outcome, times] of Object.entries(counts.outcomes)) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
    }
    slowest = [...slowest, ...counts.slowest].sort((a, b) => b.ms - a.ms).slice(0, 10);
    peak = Math.max(peak, process.memoryUsage.rss());
  };

  // A machine that is busy with something else is slow too: a case has hung only when it does so again.
  let suspect = -1;
  for (let first = task.first; first < task.end && failures.size < mostFailures; ) {
    const stopped = await runThread({ ...task, first }, { note, count, signal });
    if (stopped === undefined || signal.aborted) break;
    const again = stopped.index === suspect || stopped.reason !== "hang";
    if (again) note(stopped.index, lost(stopped));
    suspect = stopped.index;
    first = again ? stopped.index + 1 : stopped.index;
  }
  return { cases, outcomes, slowest, failures, peakMiB: peak / 2 ** 20 };
}

interface Stopped {
  readonly index: number;
  readonly reason: string;
}

interface Listener {
  readonly note: (index: number, failure: Failure) => void;
  readonly count: (counts: Counts) => void;
  readonly signal: AbortSignal;
}

/** Gives the case at which the thread was ended, or undefined where it came to its own end. */
function runThread(
  task: Omit<Task, "progress">,
  { note, count, signal }: Listener,
): Promise<Stopped | undefined> {
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    workerData: { ...task, progress },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  const { promise, resolve } = Promise.withResolvers<Stopped | undefined>();
  const stop = (reason: string) =>
    resolve({ index: Math.max(task.first, Atomics.load(progress, 0)), reason });

  let [current, since] = [-1, performance.now()];
  const watchdog = setInterval(() => {
    const index = Atomics.load(progress, 0);
    if (index !== current) [current, since] = [index, performance.now()];
    else if (index >= 0 && performance.now() - since > longestMs) stop("hang");
  }, 100);
  worker.on("message", (report: Report) => {
    if (report.type === "failed") note(report.index, report.failure);
    else count(report.counts);
    if (report.type === "counted" && report.done) resolve(undefined);
  });
  signal.addEventListener("abort", () => stop("stopped"), { once: true });
  worker.on("error", (error) => stop(String(error)));

  return promise.finally(async () => {
    clearInterval(watchdog);
    await worker.terminate();
  });
}

function lost({ reason }: Stopped): Failure {
  const message = reason === "hang" ? `took over ${longestMs} ms` : `ended the thread: ${reason}`;
  return { message, stack: "", signature: message };
}

const longestMs = 2000;
const mostFailures = 20;

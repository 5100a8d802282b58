/**
 * Reads case after case in a thread of its own, which can be ended where one of them never does.
 *
 * @module
 */

import { parentPort, workerData } from "node:worker_threads";
import { createCase } from "./case.ts";
import { check } from "./check.ts";
import { describeFailure, type Failure } from "./failure.ts";
import { readSeeds } from "./seeds.ts";

/** What a thread is to do. */
export interface Task {
  readonly seed: number;
  readonly names: readonly string[];
  readonly first: number;
  /** The first case that is none of its. */
  readonly end: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Where it writes which case it is at. */
  readonly progress: Int32Array;
}

/** What it says now and then, and at the end. */
export type Report =
  | { readonly type: "failed"; readonly index: number; readonly failure: Failure }
  | { readonly type: "counted"; readonly counts: Counts; readonly done: boolean };

/** What came of the cases since the last report. */
export interface Counts {
  readonly cases: number;
  /** By target and by what came of it: `read`, or the code of the refusal. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly slowest: readonly Slow[];
}

/** A case that took long. */
export interface Slow {
  readonly index: number;
  readonly target: string;
  readonly bytes: number;
  readonly ms: number;
}

const { seed, names, first, end, deadline, progress } = workerData as Task;
const seeds = readSeeds();
let outcomes = new Map<string, number>();
let slowest: Slow[] = [];
let cases = 0;

for (let index = first; index < end && Date.now() < deadline; index++) {
  Atomics.store(progress, 0, index);
  await run(index);
  if (cases === 5000) report(false);
}
report(true);

async function run(index: number): Promise<void> {
  const tried = createCase(seed, index, seeds, names);
  cases++;
  try {
    const { refused, ms } = await check(tried);
    const outcome = `${tried.target} ${refused ?? "read"}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (ms > 1) slowest.push({ index, target: tried.target, bytes: tried.bytes.length, ms });
  } catch (error) {
    post({ type: "failed", index, failure: describeFailure(tried, error) });
  }
}

function report(done: boolean): void {
  const top = slowest.sort((a, b) => b.ms - a.ms).slice(0, 10);
  post({ type: "counted", counts: { cases, outcomes: Object.fromEntries(outcomes), slowest: top }, done });
  [outcomes, slowest, cases] = [new Map(), [], 0];
}

function post(message: Report): void {
  parentPort?.postMessage(message);
}

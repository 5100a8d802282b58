/**
 * `npm run fuzz`: gives the core ever new damaged inputs, and ends with 1 where it does with one what it never may.
 *
 * `--minutes M` (default 1) or `--count N`; `--seed N` (default: another each time, printed); `--target NAME`, several
 * times; `--case K` runs one case of a seed again. Ctrl-C ends a run early and tells what was found. Inputs that fail are
 * written to `fuzz/found`, as found and cut down.
 *
 * @module
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Case, createCase } from "./case.ts";
import { check } from "./check.ts";
import { failureOf } from "./failure.ts";
import { minimise } from "./minimise.ts";
import { readSeeds } from "./seeds.ts";
import { type Failed, supervise } from "./supervise.ts";
import { targets } from "./targets.ts";
import type { Slow } from "./worker.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    count: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    case: { type: "string" },
    target: { type: "string", multiple: true, default: [] },
  },
});
const seed = numberOf("seed", values.seed);
const names = values.target.length > 0 ? values.target : Object.keys(targets);
for (const name of names) {
  if (targets[name] === undefined)
    throw new RangeError(`--target is one of ${Object.keys(targets).join(", ")}`);
}
const seeds = readSeeds();
const replay = [`--seed ${seed}`, ...values.target.map((name) => `--target ${name}`)].join(" ");

if (values.case === undefined) await runMany();
else await runOne(numberOf("case", values.case));

async function runMany(): Promise<void> {
  const minutes = numberOf("minutes", values.minutes ?? (values.count === undefined ? "1" : "1440"));
  const end = values.count === undefined ? 2 ** 31 - 1 : numberOf("count", values.count);
  console.log(`${replay}, beginning with ${seeds.length} inputs; targets: ${names.join(", ")}`);
  const begun = performance.now();
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  const task = { seed, names, first: 0, end, deadline: Date.now() + minutes * 60_000 };
  const found = await supervise(task, stopped.signal);
  const seconds = (performance.now() - begun) / 1000;

  console.log(
    `${found.cases} cases in ${seconds.toFixed(0)} s, ${Math.round(found.cases / seconds)} a second`,
  );
  console.log(`memory of the process: at most ${Math.round(found.peakMiB)} MiB\n`);
  console.table(byTarget(found.outcomes));
  console.log("slowest cases, read again three times:");
  for (const slow of found.slowest.slice(0, 5)) console.log(`  ${await describeSlow(slow)}`);
  for (const failed of found.failures.values()) await keep(failed);
  if (found.failures.size > 0) process.exitCode = 1;
  else console.log("\nnothing came of any but values and CertParserError");
}

async function runOne(index: number): Promise<void> {
  const tried = createCase(seed, index, seeds, names);
  console.log(
    `case ${index}: ${tried.target}, ${tried.bytes.length} bytes, ${JSON.stringify(tried.reading)}`,
  );
  write(`case-${seed}-${index}.bin`, tried.bytes);
  const failure = await failureOf(tried);
  console.log(failure === undefined ? await check(tried) : failure.stack || failure.message);
  if (failure !== undefined) process.exitCode = 1;
}

async function keep({ index, failure, times }: Failed): Promise<void> {
  const tried = createCase(seed, index, seeds, names);
  console.error(`\n${tried.target}: ${failure.message}\n${failure.stack}`);
  console.error(`met by ${times} cases; again: npm run fuzz -- ${replay} --case ${index}`);
  write(`${seed}-${index}.bin`, tried.bytes);
  // One that hung would hang again, and here no one would end it.
  if (failure.stack !== "")
    write(`${seed}-${index}.min.bin`, (await minimise(tried, failure.signature)).bytes);
}

function write(name: string, bytes: Case["bytes"]): void {
  const folder = join(import.meta.dirname, "found");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  console.error(`written: fuzz/found/${name}, ${bytes.length} bytes`);
}

async function describeSlow({ index, target, bytes, ms }: Slow): Promise<string> {
  const tried = createCase(seed, index, seeds, names);
  const again: number[] = [];
  for (let time = 0; time < 3; time++) again.push((await check(tried)).ms);
  return `${target}, ${bytes} bytes: ${ms.toFixed(1)} ms, again ${Math.min(...again).toFixed(1)} ms (--case ${index})`;
}

/** How many were read, and how many refused and why: a target that refuses nearly all is given the wrong inputs. */
function byTarget(
  outcomes: ReadonlyMap<string, number>,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const table: Record<string, Record<string, number>> = Object.fromEntries(names.map((name) => [name, {}]));
  for (const [key, times] of [...outcomes].sort(([, a], [, b]) => b - a)) {
    const [target = "", outcome = ""] = key.split(" ");
    table[target] = { ...table[target], [outcome]: times };
  }
  return table;
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new RangeError(`--${option} is a number, not ${JSON.stringify(text)}`);
}

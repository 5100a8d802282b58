/**
 * `npm run bench`: reads one list with every contender, each in a process of its own, and prints ratios.
 *
 * The JSON of the same figures goes to `bench/results.json`, or to the file after `--json`.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contenders } from "./contenders.ts";
import { largestList } from "./lists.ts";
import type { Measurement } from "./measure.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const ours = "cert-parser-core";
const { name } = largestList();

console.log(`Reading ${name} to full records, on Node ${process.versions.node}, ${cpus()[0]?.model}\n`);
const reading = Object.keys(contenders).map((contender) => measure(contender, 0));
const base = reading[0] as Measurement;
printTable(
  ["reader", "certificates", "cold ms", "warm ms", "warm, times ours", "cold, times ours", "grown MiB"],
  reading.map((row) => [
    row.contender,
    String(row.certificates),
    row.coldMs.toFixed(1),
    row.warmMs.toFixed(2),
    (row.warmMs / base.warmMs).toFixed(1),
    (row.coldMs / base.coldMs).toFixed(1),
    row.grownMiB.toFixed(0),
  ]),
);

console.log("\nGrowth: the same reader, a list ten times as long\n");
const growth = [500, 5000].map((count) => measure(ours, count));
const [small, large] = growth as [Measurement, Measurement];
printTable(
  ["certificates", "warm ms", "microseconds each", "times the first"],
  growth.map((row) => [
    String(row.certificates),
    row.warmMs.toFixed(2),
    ((row.warmMs * 1000) / row.certificates).toFixed(2),
    (row.warmMs / small.warmMs).toFixed(2),
  ]),
);

const results = {
  list: name,
  node: process.versions.node,
  cpu: cpus()[0]?.model,
  reading: reading.map((row) => ({
    ...row,
    warmTimesOurs: row.warmMs / base.warmMs,
    coldTimesOurs: row.coldMs / base.coldMs,
  })),
  growth: { measurements: growth, tenTimesTheInputCosts: large.warmMs / small.warmMs },
};
const file = values.json ?? join(import.meta.dirname, "results.json");
writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
console.log(`\nThe same as JSON: ${file}`);

function measure(contender: string, count: number): Measurement {
  const script = join(import.meta.dirname, "measure.ts");
  const args = ["--conditions=cert-parser-source", script, contender, String(count)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measurement;
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...rows]) console.log(line(row));
}

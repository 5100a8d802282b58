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
import type { Growth } from "./growth.ts";
import { largestList } from "./lists.ts";
import type { Measurement } from "./measure.ts";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const { name } = largestList();

console.log(`Reading ${name} to full records, on Node ${process.versions.node}, ${cpus()[0]?.model}\n`);
const reading = Object.keys(contenders).map(measure);
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

console.log("\nGrowth: the same reader, ten times the certificates, in turns in one process\n");
const growth = runScript<Growth>("growth.ts");
printTable(
  ["certificates", "warm ms", "microseconds each", "times the first"],
  growth.certificates.map((certificates, index) => {
    const warmMs = growth.warmMs[index] ?? 0;
    const times = index === 0 ? "1.00" : growth.times.toFixed(2);
    return [String(certificates), warmMs.toFixed(2), ((warmMs * 1000) / certificates).toFixed(2), times];
  }),
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
  growth,
};
const file = values.json ?? join(import.meta.dirname, "results.json");
writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
console.log(`\nThe same as JSON: ${file}`);

function measure(contender: string): Measurement {
  return runScript<Measurement>("measure.ts", contender);
}

/** Each measurement has a process of its own, so that none meets what another left behind. */
function runScript<T>(name: string, ...args: readonly string[]): T {
  const script = join(import.meta.dirname, name);
  const command = ["--conditions=cert-parser-source", script, ...args];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" })) as T;
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

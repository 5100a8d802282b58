/**
 * Measures one contender in a process of its own: `measure.ts CONTENDER`.
 *
 * Prints one line of JSON: the first run (cold), the median of the following (warm), and the memory that the process
 * grew by while it read.
 *
 * @module
 */

import { parseMasterList } from "cert-parser-core";
import { contenders } from "./contenders.ts";
import { largestList } from "./lists.ts";

/** What one process measured. */
export interface Measurement {
  readonly contender: string;
  readonly certificates: number;
  readonly runs: number;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly grownMiB: number;
}

const [contender = ""] = process.argv.slice(2);
const read = contenders[contender];
if (read === undefined) throw new Error(`no contender is called ${JSON.stringify(contender)}`);

const list = largestList().bytes;
const certificates = parseMasterList(list).certificates.map(({ der }) => der);

const timed = (): number => {
  const begun = performance.now();
  if (read(list, certificates) !== certificates.length) throw new Error("a certificate was lost");
  return performance.now() - begun;
};

const before = process.memoryUsage.rss();
const coldMs = timed();
const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
// Enough runs for the compiler to settle, within some three seconds.
const warmUp = Math.max(3, Math.min(100, Math.round(1000 / coldMs)));
for (let run = 0; run < warmUp; run++) timed();
const times = Array.from({ length: Math.max(5, Math.min(200, Math.round(2000 / coldMs))) }, timed);
const warmMs = times.toSorted((a, b) => a - b)[times.length >> 1] as number;

const measurement: Measurement = {
  contender,
  certificates: certificates.length,
  runs: times.length,
  coldMs,
  warmMs,
  grownMiB,
};
console.log(JSON.stringify(measurement));

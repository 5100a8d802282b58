/**
 * Measures one reader of CRLs in a process of its own: `measure-crl.ts CONTENDER FILE ENTRIES`. Prints one line of JSON.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { crlContenders } from "./crl-contenders.ts";
import { median } from "./processes.ts";
import { growthDuring } from "./resident.ts";

/** What one process measured. */
export interface CrlMeasurement {
  readonly contender: string;
  readonly entries: number;
  readonly coldMs: number;
  readonly warmMs: number;
  /** Resident memory after the first reading less that before, with the input in memory both times. */
  readonly grownMiB: number;
  /** The most that was resident during the first reading, less that before it. */
  readonly peakMiB: number;
}

const [contender = "", file = "", count = ""] = process.argv.slice(2);
const read = crlContenders[contender];
if (read === undefined) throw new Error(`no contender is called ${JSON.stringify(contender)}`);
const { buffer, byteOffset, length } = readFileSync(file);
// No copy: it would leave the other one to the collector, and the growth would be measured too small by as much.
const crl = new Uint8Array(buffer, byteOffset, length);

const timed = (): number => {
  const begun = performance.now();
  if (read(crl) !== Number(count)) throw new Error("an entry was lost");
  return performance.now() - begun;
};

let coldMs = 0;
const grown = growthDuring(() => {
  coldMs = timed();
});
const runs = Math.max(5, Math.min(100, Math.round(3000 / coldMs)));
for (let run = 0; run < 3; run++) timed();
const warmMs = median(Array.from({ length: runs }, timed));

const measurement: CrlMeasurement = {
  contender,
  entries: Number(count),
  coldMs,
  warmMs,
  ...grown,
};
console.log(JSON.stringify(measurement));

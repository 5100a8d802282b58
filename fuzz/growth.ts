/**
 * `npm run fuzz:growth`: reads inputs of many equal parts and of eight times as many, and ends with 1 where a byte of the
 * longer ones costs far more.
 *
 * `--only TEXT` takes those whose name has the text. Times are compared with one another, never with a fixed one.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { CertParserError, readBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { type Crowd, crowds } from "./crowds.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
// Caches and collections may double the cost of a byte; what is quadratic makes it eight times as much.
const steepest = 2.5;
const rows: Record<string, Readonly<Record<string, number | string>>> = {};
const steep: string[] = [];
for (const [name, crowd] of Object.entries(crowds)) {
  if (name.includes(values.only)) await measure(name, crowd);
}
console.table(rows);
if (steep.length > 0) {
  console.error(`costs more for each byte the more there are: ${steep.join("; ")}`);
  process.exitCode = 1;
}

async function measure(name: string, crowd: Crowd): Promise<void> {
  const [few, many] = [crowd(1000), crowd(8000)];
  let growth = Number.POSITIVE_INFINITY;
  let [fast, slow] = [await read(few, 10), await read(many, 2)];
  // A machine that is busy with something else adds to the time: the fastest of all turns tells.
  for (let turn = 0; turn < 4 && growth > steepest; turn++) {
    fast = faster(fast, await read(few, 10));
    slow = faster(slow, await read(many, 1));
    growth = slow.ms / many.length / (fast.ms / few.length);
  }
  const { ms, outcome } = slow;
  rows[name] = {
    bytes: many.length,
    ms: ms.toFixed(1),
    "a byte, times": growth.toFixed(2),
    outcome,
  };
  // What takes a few milliseconds is measured too badly to tell.
  if (ms > 20 && growth > steepest) steep.push(name);
}

interface Read {
  readonly ms: number;
  readonly outcome: string;
}

/** The fastest of some times. */
async function read(bytes: Uint8Array, times: number): Promise<Read> {
  let fastest: Read = { ms: Number.POSITIVE_INFINITY, outcome: "" };
  for (let time = 0; time < times; time++) {
    const begun = performance.now();
    const outcome = await outcomeOf(bytes);
    fastest = faster(fastest, { ms: performance.now() - begun, outcome });
  }
  return fastest;
}

function faster(one: Read, other: Read): Read {
  return one.ms <= other.ms ? one : other;
}

async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    return (await readBundle(bytes, { sha256 })).kind;
  } catch (error) {
    if (error instanceof CertParserError) return error.code;
    throw error;
  }
}

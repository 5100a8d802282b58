/**
 * Measures what ten times the certificates cost, in a process of its own: `growth.ts`.
 *
 * The short list is read ten times for each time that the long one is, in turns, so that whatever else the machine does
 * slows both alike. Prints one line of JSON.
 *
 * @module
 */

import { parseMasterList } from "cert-parser-core";
import { contenders } from "./contenders.ts";
import { largestList, listOf } from "./lists.ts";

/** What ten times the input cost. */
export interface Growth {
  readonly certificates: readonly [number, number];
  /** Median of the rounds. */
  readonly warmMs: readonly [number, number];
  /** Median of the rounds' own ratios. */
  readonly times: number;
  readonly rounds: number;
}

const read = contenders["cert-parser-core"];
const counts = [500, 5000] as const;
const real = parseMasterList(largestList().bytes).certificates.map(({ der }) => der);
const [short, long] = [listOf(real, counts[0]), listOf(real, counts[1])];

const timed = (list: Uint8Array): number => {
  const begun = performance.now();
  read?.(list, []);
  return performance.now() - begun;
};
const round = (): readonly [number, number] => {
  const shorts = Array.from({ length: 10 }, () => timed(short));
  return [shorts.reduce((sum, ms) => sum + ms) / 10, timed(long)];
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

for (let warmUp = 0; warmUp < 10; warmUp++) round();
const rounds = Array.from({ length: 31 }, round);
const growth: Growth = {
  certificates: counts,
  warmMs: [median(rounds.map(([ms]) => ms)), median(rounds.map(([, ms]) => ms))],
  times: median(rounds.map(([a, b]) => b / a)),
  rounds: rounds.length,
};
console.log(JSON.stringify(growth));

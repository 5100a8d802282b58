/**
 * Measures what ten times the input costs: ten short ones for each long one, in turns, so that whatever else the machine
 * does slows both alike.
 *
 * @module
 */

import { median } from "./processes.ts";
import type { Growth } from "./table.ts";

/** How often to read. */
export interface Turns {
  readonly warmUp: number;
  readonly rounds: number;
}

/** `counts` are of what the inputs hold: the second of ten times as many as the first. */
export async function measureGrowth(
  counts: readonly [number, number],
  read: (index: 0 | 1) => unknown,
  { warmUp, rounds }: Turns,
): Promise<Growth> {
  const timed = async (index: 0 | 1): Promise<number> => {
    const begun = performance.now();
    await read(index);
    return performance.now() - begun;
  };
  const round = async (): Promise<readonly [number, number]> => {
    let shorts = 0;
    for (let turn = 0; turn < 10; turn++) shorts += await timed(0);
    return [shorts / 10, await timed(1)];
  };

  for (let turn = 0; turn < warmUp; turn++) await round();
  const measured: (readonly [number, number])[] = [];
  for (let turn = 0; turn < rounds; turn++) measured.push(await round());
  return {
    counts,
    warmMs: [median(measured.map(([ms]) => ms)), median(measured.map(([, ms]) => ms))],
    times: median(measured.map(([a, b]) => b / a)),
    rounds,
  };
}

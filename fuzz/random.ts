/**
 * Numbers that a seed decides: the same seed and case give the same input on every machine.
 *
 * @module
 */

/** Draws numbers one after the other. */
export interface Random {
  /** An integer from 0 to below `bound`; 0 where the bound is. */
  below(bound: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  /** One of these. */
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** Draws for one case of one seed, whatever came before it. */
export function createRandom(seed: number, index: number): Random {
  // splitmix32, by Sebastiano Vigna's construction: neighbouring states give unrelated numbers.
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)) | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (bound: number) => (bound > 0 ? next() % bound : 0);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}

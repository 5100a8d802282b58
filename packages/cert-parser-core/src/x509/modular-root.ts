/**
 * Square roots modulo a prime.
 *
 * @module
 */

import { modularPower } from "./modular-power.ts";

/** A number whose square is `value` modulo an odd prime, the other being its negative; undefined where there is none. */
export function squareRoot(value: bigint, prime: bigint): bigint | undefined {
  const root =
    prime % 4n === 3n ? modularPower(value, (prime + 1n) / 4n, prime) : tonelliShanks(value, prime);
  return root !== undefined && (root * root) % prime === value ? root : undefined;
}

/** For P-224, the one known field whose prime is 1 modulo 4: Cohen, A Course in Computational Algebraic Number Theory, 1.5.1. */
function tonelliShanks(value: bigint, prime: bigint): bigint | undefined {
  let odd = prime - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  let generator = modularPower(nonResidue(prime), odd, prime);
  let root = modularPower(value, (odd + 1n) / 2n, prime);
  let rest = modularPower(value, odd, prime);
  // value * rest = root^2 all the time, and the order of rest, a power of two, becomes less each time.
  while (rest > 1n) {
    const order = orderOf(rest, prime, twos);
    if (order === twos) return undefined;
    for (let left = twos - order - 1; left > 0; left--) generator = (generator * generator) % prime;
    root = (root * generator) % prime;
    generator = (generator * generator) % prime;
    rest = (rest * generator) % prime;
    twos = order;
  }
  return root;
}

/** How many times it is squared until it is 1; `most` where it is not before. */
function orderOf(value: bigint, prime: bigint, most: number): number {
  let order = 0;
  for (let power = value; power !== 1n && order < most; order++) power = (power * power) % prime;
  return order;
}

/** By Euler's criterion; half of all numbers are none. */
function nonResidue(prime: bigint): bigint {
  let candidate = 2n;
  while (modularPower(candidate, (prime - 1n) / 2n, prime) === 1n) candidate++;
  return candidate;
}

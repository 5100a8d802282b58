/**
 * What all mutators are: a function of bytes, a source of numbers and material from elsewhere.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** Gives other bytes; `donor` is another input, to take pieces from. */
export type Mutator = (bytes: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

/** Replaces what is from `start` to `end`. */
export function splice(
  bytes: Uint8Array,
  start: number,
  end: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return concat([bytes.subarray(0, start), ...parts, bytes.subarray(end)]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

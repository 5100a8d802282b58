/**
 * Mutations that know nothing of the format.
 *
 * @module
 */

import { type Mutator, splice } from "./mutator.ts";
import type { Random } from "./random.ts";

export const byteMutators: readonly Mutator[] = [
  flipBit,
  setByte,
  insert,
  remove,
  duplicate,
  graft,
  truncate,
  append,
];

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  return splice(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const value = random.oneIn(2) ? random.below(256) : random.pick(telling);
  return splice(bytes, at, at + 1, Uint8Array.of(value));
}

function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  return splice(bytes, at, at, random.bytes(1 + random.below(8)));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = range(bytes, random);
  return splice(bytes, start, end);
}

function duplicate(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = range(bytes, random);
  return splice(bytes, end, end, bytes.subarray(start, end));
}

/** A range of another input in the place of one of this. */
function graft(bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  const [start, end] = range(bytes, random);
  return splice(bytes, start, end, donor.subarray(...range(donor, random)));
}

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.below(bytes.length));
}

function append(bytes: Uint8Array, random: Random, donor: Uint8Array): Uint8Array {
  const tail = random.oneIn(2) ? random.bytes(1 + random.below(16)) : donor;
  return splice(bytes, bytes.length, bytes.length, tail);
}

/** Mostly a short one. */
function range(bytes: Uint8Array, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length);
  const longest = random.oneIn(8) ? bytes.length : 32;
  return [start, Math.min(bytes.length, start + 1 + random.below(longest))];
}

// Tags, lengths and characters that readers branch on.
const telling = [
  0x00, 0x01, 0x02, 0x04, 0x06, 0x0a, 0x0d, 0x1f, 0x20, 0x24, 0x30, 0x31, 0x3a, 0x3d, 0x7f, 0x80, 0x81, 0x84,
  0xa0, 0xff,
];

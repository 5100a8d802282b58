/**
 * Choices that look random and are the same on every build.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Octets drawn for a label. Each label has its own, so that a new choice leaves the others as they were. */
export function drawBytes(label: string, length: number): Uint8Array {
  return new Uint8Array(createHash("shake256", { outputLength: length }).update(seed).update(label).digest());
}

/** A whole number from 0 to `below` - 1. */
export function drawNumber(label: string, below: number): number {
  return new DataView(drawBytes(label, 4).buffer).getUint32(0) % below;
}

/** A number from 0 to under 1. */
export function drawFraction(label: string): number {
  return new DataView(drawBytes(label, 4).buffer).getUint32(0) / 2 ** 32;
}

/** One of `choices`, as often as its weight says. */
export function drawWeighted<T>(
  label: string,
  choices: readonly (readonly [weight: number, choice: T])[],
): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let rest = drawFraction(label) * total;
  for (const [weight, choice] of choices) {
    rest -= weight;
    if (rest < 0) return choice;
  }
  throw new TypeError(`nothing to choose from for ${label}`);
}

/** `items` in an order of their own, drawn from their names. */
export function drawOrder<T>(label: string, items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, rank: drawFraction(`${label}/${nameOf(item)}`) }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

const seed = "cert-parser-fixtures/1/";

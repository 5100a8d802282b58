/**
 * The order of a SET OF in DER, X.690 section 11.6.
 *
 * @module
 */

import type { Element } from "./reader.ts";

/** The first element that should stand before the one that it follows; undefined where all are in order. */
export function firstOutOfOrder(input: Uint8Array, elements: readonly Element[]): Element | undefined {
  for (let index = 1; index < elements.length; index++) {
    const [before, element] = [elements[index - 1] as Element, elements[index] as Element];
    if (isOutOfOrder(input, before, element)) return element;
  }
  return undefined;
}

/** Tells whether `element` should stand before the one that it follows. None is the beginning of another: lengths differ first. */
export function isOutOfOrder(input: Uint8Array, before: Element, element: Element): boolean {
  const length = Math.min(before.end - before.start, element.end - element.start);
  for (let at = 0; at < length; at++) {
    const difference = (input[element.start + at] as number) - (input[before.start + at] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

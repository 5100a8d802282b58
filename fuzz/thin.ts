/**
 * Cuts long sets and sequences of DER down to three of their elements, and mends the lengths around them.
 *
 * @module
 */

import { encode, type Found, findElements, replaceElement } from "./der-elements.ts";
import { concat } from "./mutator.ts";
import { createRandom } from "./random.ts";

/** Gives the same structure with fewer elements; another `variant` keeps others of them. */
export function thin(der: Uint8Array, variant: number): Uint8Array {
  const random = createRandom(variant, der.length);
  let thinned = der;
  for (;;) {
    const crowded = [...childrenOf(findElements(thinned))].find(isCrowded);
    if (crowded === undefined) return thinned;
    const [parent, children] = crowded;
    const first = random.below(children.length - 2);
    const kept = children.slice(first, first + 3).map(({ start, end }) => thinned.subarray(start, end));
    thinned = replaceElement(thinned, parent, encode(thinned[parent.start] ?? 0x30, concat(kept)));
  }
}

function childrenOf(elements: readonly Found[]): ReadonlyMap<Found, readonly Found[]> {
  const children = new Map<Found, Found[]>();
  for (const element of elements) {
    if (element.parent === undefined) continue;
    const siblings = children.get(element.parent);
    if (siblings === undefined) children.set(element.parent, [element]);
    else siblings.push(element);
  }
  return children;
}

/** So long that it must be a list of certificates or of CRL entries; an extension list is shorter. */
function isCrowded([parent, children]: readonly [Found, readonly Found[]]): boolean {
  return parent.end - parent.start > 4096 && children.length > 8;
}

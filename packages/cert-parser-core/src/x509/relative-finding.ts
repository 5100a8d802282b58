/**
 * What is amiss with an element that stands in a file again and again: found once, noted wherever it stands.
 *
 * @module
 */

import type { Finding } from "../findings.ts";

/** A finding whose offset counts from the first byte of the element. */
export type RelativeFinding = Finding;

/** Notes the deviations of an element that starts at `start`. */
export function noteDeviations(
  deviations: readonly RelativeFinding[],
  start: number,
  findings: Finding[],
): void {
  // By index: nearly all elements have none, and an iterator for each would cost more than the look.
  for (let at = 0; at < deviations.length; at++) {
    const { code, message, offset, clause } = deviations[at] as RelativeFinding;
    findings.push({ code, message, offset: start + offset, clause });
  }
}

/** For the many elements that are as they should be. */
export const noDeviations: readonly RelativeFinding[] = Object.freeze([]);

/**
 * Cuts a failing input down to the bytes that make it fail.
 *
 * @module
 */

import type { Case } from "./case.ts";
import { failureOf } from "./failure.ts";
import { splice } from "./mutator.ts";

/** Leaves out ever shorter ranges for as long as the same fault is met; at most some thousand tries. */
export async function minimise(failing: Case, signature: string): Promise<Case> {
  let smallest = failing;
  let tries = mostTries;
  for (let size = failing.bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < smallest.bytes.length && tries > 0; tries--) {
      const shorter = {
        ...smallest,
        bytes: splice(smallest.bytes, at, Math.min(at + size, smallest.bytes.length)),
      };
      if ((await failureOf(shorter))?.signature === signature) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}

const mostTries = 4000;

/**
 * Numbers of many certificates in one piece of memory: an array for each would take as much as all else that is kept of it.
 *
 * @module
 */

/** Some slots in a row, which are 0 at first. */
export interface NumberSlots {
  readonly slots: Int32Array;
  /** Where the first of them is in `slots`. */
  readonly base: number;
}

/** Gives slots out. */
export interface NumberSlab {
  take(count: number): NumberSlots;
}

/** Makes a slab that begins small: a file may hold one certificate. */
export function createNumberSlab(): NumberSlab {
  let slots = new Int32Array(firstSlots);
  let next = 0;
  return {
    take(count) {
      if (next + count > slots.length) {
        slots = new Int32Array(Math.max(Math.min(2 * slots.length, mostSlots), count));
        next = 0;
      }
      const base = next;
      next += count;
      return { slots, base };
    },
  };
}

const firstSlots = 32;
const mostSlots = 16_384;

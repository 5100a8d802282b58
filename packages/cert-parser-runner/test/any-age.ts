/**
 * For tests that are not about the age of a list.
 *
 * @module
 */

/** Lets a first list of any age in. Those of the fixtures were signed on a fixed day, and grow older with each run. */
export const anyAge = { MAX_LIST_AGE_HOURS: "876000" } as const;

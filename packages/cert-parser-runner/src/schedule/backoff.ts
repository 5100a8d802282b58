/**
 * How long to wait before something is tried again.
 *
 * @module
 */

/** How waits grow. */
export interface BackoffOptions {
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly firstMs: number;
  /** The longest, before chance is added. Default: none. */
  readonly maxMs?: number;
  /** A number from 0 to 1, such as `Math.random`. */
  readonly random: () => number;
}

/** The wait after so many failures in a row, a fifth more or less by chance: a fleet should not knock all at once. */
export function backoffMs(failures: number, { firstMs, maxMs, random }: BackoffOptions): number {
  const grown = firstMs * 2 ** Math.max(0, failures - 1);
  const wait = Math.min(grown, maxMs ?? Number.POSITIVE_INFINITY);
  return Math.round(wait * (0.8 + 0.4 * random()));
}

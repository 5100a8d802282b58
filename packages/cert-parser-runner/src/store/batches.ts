/**
 * Cuts a sequence into pieces that fit one statement.
 *
 * @module
 */

/** Yields arrays of at most `size` members, in order, holding no more than one at a time. */
export function* batches<T>(members: Iterable<T>, size: number): Generator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for (const member of members) {
    batch.push(member);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

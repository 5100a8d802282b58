/**
 * Several queries that see the same state of the store.
 *
 * @module
 */

import { type DatabasePool, type DatabaseTransactionConnection, sql } from "slonik";
import { expectCurrentSchema } from "./migrate.ts";

/** Reads in one snapshot of the database: the list before a run or the one after it, never parts of both. */
export function readConsistently<T>(
  pool: DatabasePool,
  read: (transaction: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return pool.transaction(async (transaction) => {
    await transaction.query(sql.unsafe`set transaction isolation level repeatable read, read only`);
    await expectCurrentSchema(transaction);
    return read(transaction);
  });
}

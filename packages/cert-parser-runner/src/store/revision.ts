/**
 * The number of the store's state: what was judged by one state is not applied to another.
 *
 * @module
 */

import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { storeError } from "./store-error.ts";

/** Reads the revision. */
export async function readRevision(connection: CommonQueryMethods): Promise<number> {
  return Number(
    await connection.oneFirst(
      sql.type(v.object({ revision: v.bigint() }))`select revision from certs.trust_revision`,
    ),
  );
}

/** Throws `STORE_CHANGED` if the store has another revision; null is not compared. To be asked under the lock. */
export async function expectRevision(
  transaction: DatabaseTransactionConnection,
  judgedBy: number | null,
): Promise<void> {
  if (judgedBy === null || judgedBy === (await readRevision(transaction))) return;
  throw storeError(
    "STORE_CHANGED",
    "another run, or an operator, changed the store after the bundle was judged; nothing was written: judge it anew",
  );
}

/** Counts a change of what judgments rest on. */
export async function raiseRevision(transaction: DatabaseTransactionConnection): Promise<void> {
  await transaction.query(sql.unsafe`update certs.trust_revision set revision = revision + 1`);
}

/**
 * The two ways to use the database: reads that see one state of it, and writes of one writer at a time.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { type DatabasePool, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { expectCurrentSchema } from "./schema-version.ts";
import { storeError } from "./store-error.ts";

/** How long to wait for the lock, and what stops the waiting. */
export interface LockWait {
  /** In milliseconds; then `STORE_BUSY` is thrown. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Reads in one snapshot of the database: the state before a run or the one after it, never parts of both. */
export function readConsistently<T>(
  pool: DatabasePool,
  read: (transaction: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return pool.transaction(async (transaction) => {
    await transaction.query(sql.unsafe`set transaction isolation level repeatable read, read only`);
    await readTimesInIsoStyle(transaction);
    await expectCurrentSchema(transaction);
    return read(transaction);
  });
}

/** Writes under the store's lock, on the schema that this program knows: all of it, or nothing. */
export async function writeLocked<T>(
  pool: DatabasePool,
  wait: LockWait,
  write: (transaction: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  throwIfCancelled(wait.signal);
  return pool.transaction(async (transaction) => {
    await lockStore(transaction, wait);
    await readTimesInIsoStyle(transaction);
    await expectCurrentSchema(transaction);
    const result = await write(transaction);
    // The last chance to turn back: after this the transaction is committed.
    throwIfCancelled(wait.signal);
    return result;
  });
}

/**
 * Takes the store's lock until the transaction ends. It asks again and again rather than waiting in the server, where no
 * signal reaches and the statement timeout counts.
 */
export async function lockStore(
  transaction: DatabaseTransactionConnection,
  { timeoutMs, signal }: LockWait,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 20; !(await tryLock(transaction)); pauseMs = Math.min(pauseMs * 2, 500)) {
    throwIfCancelled(signal);
    if (performance.now() > deadline) {
      const seconds = Math.round(timeoutMs / 1000);
      throw storeError(
        "STORE_BUSY",
        `another run has held the store for more than ${seconds} s: try again later`,
      );
    }
    await delay(pauseMs);
  }
  throwIfCancelled(signal);
}

/** Throws `CANCELLED` once the signal was given. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw storeError("CANCELLED", "the run was cancelled; the store is unchanged");
}

/** Servers, databases and roles may each have another style: the parser of times knows one. */
async function readTimesInIsoStyle(transaction: DatabaseTransactionConnection): Promise<void> {
  await transaction.query(sql.unsafe`set local datestyle to 'ISO'`);
}

function tryLock(transaction: DatabaseTransactionConnection): Promise<boolean> {
  return transaction.oneFirst(
    sql.type(v.object({ locked: v.boolean() }))`
      select pg_try_advisory_xact_lock(${namespace}::int4, ${writers}::int4) as locked
    `,
  );
}

// "cert" in ASCII: advisory locks are shared with whatever else uses the database.
const namespace = 0x63657274;
const writers = 1;

/**
 * One writer at a time on one database, whichever process it is in.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { storeError } from "./store-error.ts";

/** How long to wait, and what stops the waiting. */
export interface LockWait {
  /** In milliseconds; then `STORE_BUSY` is thrown. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Takes the store's lock until the transaction ends. It is asked for again and again rather than waited for in the
 * server, where no signal reaches and the statement timeout counts.
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
  if (signal.aborted) throw storeError("CANCELLED", "the run was cancelled; the store is as it was");
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

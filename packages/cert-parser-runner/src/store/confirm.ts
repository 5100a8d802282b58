/**
 * Records that a source gives what is held of it already.
 *
 * @module
 */

import type { Confirmation, StoreReport } from "cert-parser-core";
import type { DatabasePool } from "slonik";
import { expectCurrentSchema } from "./migrate.ts";
import { saveAcceptedRun } from "./runs.ts";
import { readSource, saveSeen } from "./sources.ts";
import { storeError } from "./store-error.ts";
import { type LockWait, lockStore, throwIfCancelled } from "./store-lock.ts";

/** Records the run, and when the bundle was last seen. `now` is asked when the work is done. */
export async function confirmBundle(
  pool: DatabasePool,
  confirmation: Confirmation,
  wait: LockWait,
  now: () => Date,
): Promise<void> {
  const { executionId, source, trigger, startedAt, bundleSha256, certificates } = confirmation;
  throwIfCancelled(wait.signal);
  await pool.transaction(async (transaction) => {
    await lockStore(transaction, wait);
    await expectCurrentSchema(transaction);
    // Asked under the lock: another run may have stored another bundle since this one looked.
    const state = await readSource(transaction, source);
    if (state?.bundleSha256 !== bundleSha256) {
      throw storeError(
        "BUNDLE_REPLACED",
        `the bundle that ${source} was seen to give still is not the one that is held: run again`,
      );
    }
    await saveSeen(transaction, confirmation);
    const report: StoreReport = { ...nothing, unchanged: certificates };
    const run = {
      executionId,
      source,
      trigger,
      startedAt,
      bundleSha256,
      outcome: "unchanged",
      report,
    } as const;
    await saveAcceptedRun(transaction, { ...run, finishedAt: now() });
    // The last chance to turn back: after this the transaction is committed.
    throwIfCancelled(wait.signal);
  });
}

const nothing: StoreReport = {
  added: 0,
  removed: 0,
  unchanged: 0,
  newToStore: 0,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};

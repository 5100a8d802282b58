/**
 * Records that a source gives what is held of it already.
 *
 * @module
 */

import type { Confirmation, StoreReport } from "cert-parser-core";
import type { DatabaseTransactionConnection } from "slonik";
import { saveAcceptedRun } from "./runs.ts";
import { readSource, saveSeen } from "./sources.ts";
import { storeError } from "./store-error.ts";

/** Records the run, and when the bundle was last seen. `now` is asked when the work is done. */
export async function confirmBundle(
  transaction: DatabaseTransactionConnection,
  confirmation: Confirmation,
  now: () => Date,
): Promise<void> {
  const { executionId, source, trigger, startedAt, bundleSha256, certificates } = confirmation;
  // Asked under the lock: another run may have stored another bundle since this one looked.
  const state = await readSource(transaction, source);
  if (state?.bundleSha256 !== bundleSha256) {
    throw storeError(
      "BUNDLE_REPLACED",
      `the bundle that ${source} was seen to give is no longer the one that is held: run again`,
    );
  }
  await saveSeen(transaction, confirmation);
  const report: StoreReport = { ...nothing, unchanged: certificates };
  await saveAcceptedRun(transaction, {
    executionId,
    source,
    trigger,
    startedAt,
    bundleSha256,
    outcome: "unchanged",
    report,
    finishedAt: now(),
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

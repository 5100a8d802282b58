/**
 * Brings the store in step with a snapshot: all of it in one transaction, or nothing.
 *
 * @module
 */

import type { Snapshot, StoreReport } from "cert-parser-core";
import type { DatabasePool, DatabaseTransactionConnection } from "slonik";
import { saveBundle, saveFindings, saveRejections, saveSourceBundle } from "./bundles.ts";
import { saveCertificates } from "./certificates.ts";
import { listingsOf, readListed, saveListings } from "./listings.ts";
import { expectCurrentSchema } from "./migrate.ts";
import type { Observation } from "./observation.ts";
import { saveRevocationLists } from "./revocation-lists.ts";
import { saveAcceptedRun } from "./runs.ts";
import { readSource, saveSource } from "./sources.ts";
import { storeError } from "./store-error.ts";
import { type LockWait, lockStore, throwIfCancelled } from "./store-lock.ts";

/** Applies a snapshot and records the run. `now` is asked when the work is done. */
export async function applySnapshot(
  pool: DatabasePool,
  snapshot: Snapshot,
  wait: LockWait,
  now: () => Date,
): Promise<StoreReport> {
  throwIfCancelled(wait.signal);
  expectAccepted(snapshot);
  return pool.transaction(async (transaction) => {
    await lockStore(transaction, wait);
    await expectCurrentSchema(transaction);
    const report = await writeSnapshot(transaction, snapshot, wait.signal, now);
    // The last chance to turn back: after this the transaction is committed.
    throwIfCancelled(wait.signal);
    return report;
  });
}

async function writeSnapshot(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  signal: AbortSignal,
  now: () => Date,
): Promise<StoreReport> {
  const { source, bundle, observedAt, certificates } = snapshot;
  const previous = await readSource(transaction, source);
  const before = await readListed(transaction, source);
  const observation: Observation = {
    source,
    observedAt,
    previouslySeen: previous?.lastSeen ?? null,
    bundleIsNew: previous?.bundleSha256 !== bundle.sha256,
  };

  await saveBundle(transaction, snapshot);
  await saveSource(transaction, snapshot);
  await saveSourceBundle(transaction, snapshot);

  const distinct = new Map(certificates.map((entry) => [entry.record.sha256, entry]));
  const newToStore = await saveCertificates(transaction, distinct.values(), observedAt, signal);
  const listings = listingsOf(certificates);
  await saveListings(transaction, listings, observation, signal);
  const { crlsAdded, revokedAdded } = await saveRevocationLists(
    transaction,
    snapshot.crls,
    observation,
    signal,
  );
  const rejectionsAdded = await saveRejections(transaction, snapshot, signal);
  await saveFindings(transaction, snapshot, signal);

  const after = new Set(
    listings.filter(({ record }) => record.foundIn !== "envelope").map(({ record }) => record.sha256),
  );
  const added = [...after].filter((sha256) => !before.has(sha256));
  const unchanged = after.size - added.length;
  const report: StoreReport = {
    added: added.length,
    removed: before.size - unchanged,
    unchanged,
    newToStore: added.filter((sha256) => newToStore.has(sha256)).length,
    crlsAdded,
    revokedAdded,
    rejectionsAdded,
  };
  const outcome = observation.bundleIsNew || changesAnything(report) ? "applied" : "unchanged";
  const { executionId, trigger, startedAt } = snapshot;
  const run = {
    executionId,
    source,
    trigger,
    startedAt,
    bundleSha256: bundle.sha256,
    outcome,
    report,
  } as const;
  await saveAcceptedRun(transaction, { ...run, finishedAt: now() });
  return report;
}

/** The pipeline stops before it comes to this; a store that is asked anyway must not replace what it holds. */
function expectAccepted({ judgements }: Snapshot): void {
  if (judgements.length === 0 || judgements.some(({ outcome }) => outcome === "accepted")) return;
  throw storeError("BUNDLE_REFUSED", "the bundle was refused by the trust policy; the store is as it was");
}

function changesAnything({ unchanged: _, ...changes }: StoreReport): boolean {
  return Object.values(changes).some((count) => count > 0);
}

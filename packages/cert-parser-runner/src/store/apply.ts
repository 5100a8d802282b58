/**
 * Brings the store in step with a snapshot: all of it in one transaction, or nothing.
 *
 * @module
 */

import type { Snapshot, StoreReport } from "cert-parser-core";
import type { DatabasePool, DatabaseTransactionConnection } from "slonik";
import { saveBundle, saveFindings, saveRejections, saveSourceBundle } from "./bundles.ts";
import { saveCertificates } from "./certificates.ts";
import { type Listing, listingsOf, readListed, saveListings } from "./listings.ts";
import { expectCurrentSchema } from "./migrate.ts";
import type { Observation } from "./observation.ts";
import { savePins } from "./pins.ts";
import { forgetQuarantined } from "./quarantine.ts";
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
  const { removals } = snapshot;
  const listings = listingsOf(certificates, isUnsigned(snapshot));
  await saveListings(transaction, listings, observation, signal, removals?.certificates ?? null);
  const { crlsAdded, revokedAdded } = await saveRevocationLists(
    transaction,
    snapshot.crls,
    observation,
    signal,
    removals?.crls ?? null,
  );
  await savePins(transaction, snapshot);
  await forgetQuarantined(transaction, source, bundle.sha256);
  const rejectionsAdded = await saveRejections(transaction, snapshot, signal);
  await saveFindings(transaction, snapshot, signal);

  const after = listedAfter(before.keys(), listings, removals?.certificates);
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

/** What the source lists now. A delta leaves what it does not take away. */
function listedAfter(
  before: Iterable<string>,
  listings: readonly Listing[],
  removals: ReadonlySet<string> | undefined,
): ReadonlySet<string> {
  const present = listings.filter(({ record }) => record.foundIn !== "envelope");
  const stays = removals === undefined ? [] : [...before].filter((sha256) => !removals.has(sha256));
  return new Set([...stays, ...present.map(({ record }) => record.sha256)]);
}

/** For the entries of a policy that says no level. */
function isUnsigned({ bundle }: Snapshot): boolean {
  return bundle.objects.every(({ signers }) => signers.length === 0);
}

/** The pipeline stops before it comes to this; a store that is asked anyway must not replace what it holds. */
function expectAccepted({ judgments }: Snapshot): void {
  if (judgments.every(({ outcome }) => outcome === "accepted")) return;
  throw storeError(
    "BUNDLE_REFUSED",
    "the bundle was not accepted by the trust policy; the store is as it was",
  );
}

function changesAnything({ unchanged: _, ...changes }: StoreReport): boolean {
  return Object.values(changes).some((count) => count > 0);
}

/**
 * Brings the store in step with a snapshot, and derives what follows from it.
 *
 * @module
 */

import type { Snapshot, StoreReport } from "cert-parser-core";
import type { DatabaseTransactionConnection } from "slonik";
import { saveBundle, saveFindings, saveRejections, saveSourceBundle } from "./bundles.ts";
import { saveCertificates, saveSigners } from "./certificates.ts";
import { changeFacts, type Derivation } from "./derived-state.ts";
import { saveEditions } from "./editions.ts";
import { saveCarriage, saveHoldings } from "./holdings.ts";
import { readListedDigests } from "./listed.ts";
import { savePins } from "./pins.ts";
import { forgetQuarantined } from "./quarantine.ts";
import { expectRevision } from "./revision.ts";
import { saveRevocationLists } from "./revocation-lists.ts";
import { saveAcceptedRun } from "./runs.ts";
import { readSource, saveSource, saveSourceState } from "./sources.ts";
import { storeError } from "./store-error.ts";

/** What applying a snapshot needs beside it. */
export interface ApplyOptions {
  readonly engine: Derivation["engine"];
  readonly signal: AbortSignal;
  /** Asked when the work is done. */
  readonly now: () => Date;
}

/**
 * Applies a snapshot and records the run; to be called under the lock. Throws `STORE_CHANGED` if the store is not as it was
 * when the bundle was judged.
 */
export async function applySnapshot(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  { engine, signal, now }: ApplyOptions,
): Promise<StoreReport> {
  expectAccepted(snapshot);
  await expectRevision(transaction, snapshot.revision);
  const { source, bundle, observedAt } = snapshot;
  const previous = await readSource(transaction, source);
  const before = await readListedDigests(transaction, source);
  const { result, state } = await changeFacts(transaction, { engine, now: observedAt }, source, () =>
    writeFacts(transaction, snapshot, signal),
  );
  await saveSourceState(transaction, state, source, engine);
  const { newToStore, ...changes } = result;
  const after = await readListedDigests(transaction, source);
  const added = [...after].filter((sha256) => !before.has(sha256));
  const report: StoreReport = {
    added: added.length,
    removed: [...before].filter((sha256) => !after.has(sha256)).length,
    unchanged: after.size - added.length,
    newToStore: added.filter((sha256) => newToStore.has(sha256)).length,
    ...changes,
  };
  const isNew = previous?.bundleSha256 !== bundle.sha256;
  const { executionId, trigger, startedAt } = snapshot;
  await saveAcceptedRun(transaction, {
    executionId,
    source,
    trigger,
    startedAt,
    bundleSha256: bundle.sha256,
    outcome: isNew || changesAnything(report) ? "applied" : "unchanged",
    report,
    finishedAt: now(),
  });
  return report;
}

interface WrittenFacts extends Pick<StoreReport, "crlsAdded" | "rejectionsAdded" | "revokedAdded"> {
  /** Certificates that the store had never held, by SHA-256. */
  readonly newToStore: ReadonlySet<string>;
}

async function writeFacts(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<WrittenFacts> {
  const { source, bundle, judgment } = snapshot;
  await saveBundle(transaction, snapshot);
  await saveSource(transaction, snapshot);
  await saveSourceBundle(transaction, snapshot);
  const newToStore = await saveCertificates(transaction, snapshot, signal);
  await saveSigners(transaction, snapshot);
  const crlChanges = await saveRevocationLists(transaction, snapshot, signal);
  await saveEditions(transaction, snapshot, signal);
  await saveHoldings(transaction, snapshot, signal);
  await saveCarriage(transaction, snapshot, signal);
  await savePins(transaction, snapshot);
  // Of a bundle that was accepted in part, something still waits.
  if (judgment.outcome === "accepted") await forgetQuarantined(transaction, source, bundle.sha256);
  const rejectionsAdded = await saveRejections(transaction, snapshot, signal);
  await saveFindings(transaction, snapshot, signal);
  return { newToStore, ...crlChanges, rejectionsAdded };
}

/** The pipeline stops before it comes to this; a store that is asked anyway must not replace what it holds. */
function expectAccepted({ judgment: { outcome } }: Snapshot): void {
  if (outcome === "accepted" || outcome === "partial") return;
  throw storeError("BUNDLE_REFUSED", "the trust policy did not accept the bundle; the store is unchanged");
}

function changesAnything({ unchanged: _, ...changes }: StoreReport): boolean {
  return Object.values(changes).some((count) => count > 0);
}

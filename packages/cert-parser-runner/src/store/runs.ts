/**
 * The log of runs in the database: what an operator, and the next start, want to know.
 *
 * @module
 */

import type { Snapshot, Stage, StoreReport, SyncErrorCode } from "cert-parser-core";
import { type CommonQueryMethods, sql } from "slonik";
import { byteaFromHex } from "./bytea.ts";
import { instant, storableText } from "./storable-text.ts";

/** A run that stopped before the store: nothing was written. */
export interface FailedRun {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly stage: Stage;
  readonly code: SyncErrorCode;
  /** The code underneath, such as `HTTP_401`, `DER_TRUNCATED` or `SHRINK`. */
  readonly reason: string;
  /** What happened, in one sentence, without secrets. */
  readonly message: string;
  /** SHA-256 of the bundle, lower-case hex, where the run came to have one. */
  readonly bundleSha256?: string | null;
}

/** How a run that reached the store ended. */
export type AppliedOutcome = "applied" | "unchanged";

/** Records a run that reached its end, in the transaction that wrote its results. */
export async function saveAppliedRun(
  connection: CommonQueryMethods,
  { executionId, source, trigger, startedAt, bundle }: Snapshot,
  { outcome, report, finishedAt }: { outcome: AppliedOutcome; report: StoreReport; finishedAt: Date },
): Promise<void> {
  await connection.query(sql.unsafe`
    insert into certs.runs (execution_id, source, trigger, started_at, finished_at, outcome, bundle_sha256,
      added, removed, unchanged, new_to_store, crls_added, revoked_added, rejections_added)
    values (${storableText(executionId)}, ${source}, ${storableText(trigger)}, ${instant(startedAt)}::timestamptz,
      ${instant(finishedAt)}::timestamptz, ${outcome}, ${sql.binary(byteaFromHex(bundle.sha256))},
      ${report.added}, ${report.removed}, ${report.unchanged}, ${report.newToStore}, ${report.crlsAdded},
      ${report.revokedAdded}, ${report.rejectionsAdded})
    on conflict (execution_id) do update
    set finished_at = excluded.finished_at, outcome = excluded.outcome, bundle_sha256 = excluded.bundle_sha256,
      stage = null, code = null, reason = null, message = null,
      added = excluded.added, removed = excluded.removed, unchanged = excluded.unchanged,
      new_to_store = excluded.new_to_store, crls_added = excluded.crls_added,
      revoked_added = excluded.revoked_added, rejections_added = excluded.rejections_added
  `);
}

/** Records a run that stopped. One that is recorded as applied stays so: what it wrote is there. */
export async function saveFailedRun(connection: CommonQueryMethods, run: FailedRun): Promise<void> {
  const bundleSha256 = run.bundleSha256 ? sql.binary(byteaFromHex(run.bundleSha256)) : null;
  await connection.query(sql.unsafe`
    insert into certs.runs
      (execution_id, source, trigger, started_at, finished_at, outcome, stage, code, reason, message, bundle_sha256)
    values (${storableText(run.executionId)}, ${storableText(run.source)}, ${storableText(run.trigger)},
      ${instant(run.startedAt)}::timestamptz, ${instant(run.finishedAt)}::timestamptz, 'failed', ${run.stage},
      ${run.code}, ${storableText(run.reason)}, ${storableText(run.message)}, ${bundleSha256}::bytea)
    on conflict (execution_id) do nothing
  `);
}

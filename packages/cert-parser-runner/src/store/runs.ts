/**
 * The log of runs in the database: what an operator, and the next start, want to know.
 *
 * @module
 */

import type { Stage, StoreReport, SyncErrorCode } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import { at, digest, storableText } from "./columns.ts";

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
  /** SHA-256 of the bundle, lower-case hex, if the run came to have one. */
  readonly bundleSha256?: string | null;
}

/** A run that reached its end. */
export interface AcceptedRun {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly outcome: "applied" | "unchanged";
  /** SHA-256 of the bundle, lower-case hex. */
  readonly bundleSha256: string;
  readonly report: StoreReport;
}

/** Records a run that reached its end, in the transaction that wrote its results. */
export async function saveAcceptedRun(
  transaction: DatabaseTransactionConnection,
  run: AcceptedRun,
): Promise<void> {
  const { report } = run;
  await transaction.query(sql.unsafe`
    with recorded as (
      insert into certs.runs (execution_id, source, trigger, started_at, finished_at, outcome, bundle_sha256,
        added, removed, unchanged, new_to_store, crls_added, revoked_added, rejections_added)
      values (${storableText(run.executionId)}, ${run.source}, ${storableText(run.trigger)},
        ${at(run.startedAt)}, ${at(run.finishedAt)}, ${run.outcome},
        ${digest(run.bundleSha256)}, ${report.added}, ${report.removed}, ${report.unchanged},
        ${report.newToStore}, ${report.crlsAdded}, ${report.revokedAdded}, ${report.rejectionsAdded})
      on conflict (execution_id) do update
      set finished_at = excluded.finished_at, outcome = excluded.outcome, bundle_sha256 = excluded.bundle_sha256,
        stage = null, code = null, reason = null, message = null,
        added = excluded.added, removed = excluded.removed, unchanged = excluded.unchanged,
        new_to_store = excluded.new_to_store, crls_added = excluded.crls_added,
        revoked_added = excluded.revoked_added, rejections_added = excluded.rejections_added
      returning outcome, stage, code
    )
    ${countRecorded}
  `);
  await transaction.query(forgetRuns(run, ["failed", "unchanged"]));
}

/** Records a run that stopped. One that is recorded as accepted stays so: what it wrote is there. */
export async function saveFailedRun(connection: CommonQueryMethods, run: FailedRun): Promise<void> {
  await connection.query(sql.unsafe`
    with recorded as (
      insert into certs.runs
        (execution_id, source, trigger, started_at, finished_at, outcome, stage, code, reason, message, bundle_sha256)
      values (${storableText(run.executionId)}, ${storableText(run.source)}, ${storableText(run.trigger)},
        ${at(run.startedAt)}, ${at(run.finishedAt)}, 'failed', ${run.stage},
        ${run.code}, ${storableText(run.reason)}, ${storableText(run.message)},
        ${digest(run.bundleSha256 ?? null)})
      on conflict (execution_id) do nothing
      returning outcome, stage, code
    )
    ${countRecorded}
  `);
  // Unchanged ones stay: the last of them may be the last accepted run that there is.
  await connection.query(forgetRuns(run, ["failed"]));
}

const countRecorded = sql.fragment`
  insert into certs.run_totals as total (outcome, stage, code, runs)
  select outcome, stage, code, 1 from recorded
  on conflict (outcome, stage, code) do update set runs = total.runs + 1
`;

/** Removes what the log of the run's source has that is too old: a service that is retried for months must not fill it. */
function forgetRuns(
  { source, finishedAt }: { readonly source: string; readonly finishedAt: Date },
  outcomes: readonly ("failed" | "unchanged")[],
) {
  const before = new Date(finishedAt.getTime() - keptMs);
  return sql.unsafe`
    delete from certs.runs
    where source = ${storableText(source)} and finished_at < ${at(before)}
      and outcome = any(${sql.array(outcomes, "text")})
  `;
}

// A year, with some weeks left to look back on the same days of the last one.
const keptMs = 400 * 24 * 60 * 60 * 1000;

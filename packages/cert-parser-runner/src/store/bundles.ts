/**
 * The archive of bundles: every file of which something was accepted, as it came in, and what reading it noticed.
 *
 * @module
 */

import type { Finding, Rejection, Snapshot } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import {
  at,
  batches,
  bytea,
  byteaFromHex,
  byteaFromOptionalHex,
  type Column,
  columnNames,
  digest,
  optionalInstant,
  storableJson,
  storableOptionalText,
  storableText,
  unnestRows,
} from "./columns.ts";
import { judgmentDocument } from "./judgment-json.ts";
import { claimedSigners } from "./signed-by.ts";
import { stableUuid } from "./stable-uuid.ts";
import { throwIfCancelled } from "./transactions.ts";

/** Keeps the bundle, unless it is held already. */
export async function saveBundle(
  transaction: DatabaseTransactionConnection,
  { bundle, observedAt }: Snapshot,
): Promise<void> {
  const { sha256, kind, bytes } = bundle;
  // Asked first: a bundle is large, and mostly it is the one of the last run.
  const isHeld = await transaction.exists(
    sql.unsafe`select from certs.bundles where sha256 = ${digest(sha256)}`,
  );
  if (isHeld) return;
  await transaction.query(sql.unsafe`
    insert into certs.bundles (sha256, id, kind, bytes, byte_length, signers, first_seen)
    values (${digest(sha256)}, ${stableUuid(sha256)}, ${kind}, ${sql.binary(bytea(bytes))}, ${bytes.length},
      ${storableJson(claimedSigners(bundle))}::jsonb, ${at(observedAt)})
  `);
}

/** Records that the source gave the bundle, and how it was judged. */
export async function saveSourceBundle(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const { source, bundle, judgment, policy, revision, observedAt } = snapshot;
  await transaction.query(sql.unsafe`
    insert into certs.source_bundles as held
      (source, bundle_sha256, outcome, judgment, policy, revision, signing_time, first_seen, last_seen)
    values (${source}, ${digest(bundle.sha256)}, ${judgment.outcome},
      ${storableJson(judgmentDocument(judgment))}::jsonb, ${policy}, ${revision}::int8,
      ${optionalInstant(signingTimeOf(snapshot))}::timestamptz, ${at(observedAt)}, ${at(observedAt)})
    on conflict (source, bundle_sha256) do update
    set outcome = excluded.outcome, judgment = excluded.judgment, policy = excluded.policy, revision = excluded.revision,
      signing_time = excluded.signing_time, last_seen = greatest(held.last_seen, excluded.last_seen)
  `);
}

/**
 * The latest time at which an accepted signer signed: what other signers claim does not count. Of what nobody verified
 * (TRUST_MODE off) there are only claims.
 */
function signingTimeOf({ bundle, judgment }: Pick<Snapshot, "bundle" | "judgment">): Date | null {
  const times = judgment.objects.flatMap(({ outcome, evidence }, at) => {
    if (outcome !== "accepted") return [];
    const isVerified = evidence !== undefined && evidence.level !== "unverified";
    const given = isVerified
      ? [evidence.signingTime]
      : (bundle.objects[at]?.signers.map(({ signingTime }) => signingTime) ?? []);
    return given.flatMap((time) => time?.getTime() ?? []);
  });
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** Records the parts that could not be read. Gives how many of them were not recorded before. */
export async function saveRejections(
  transaction: DatabaseTransactionConnection,
  { bundle, rejections, observedAt }: Snapshot,
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  for (const batch of batches(rejections, batchSize)) {
    throwIfCancelled(signal);
    added += await transaction.oneFirst(sql.type(v.object({ added: v.number() }))`
      with inserted as (
        insert into certs.rejections (bundle_sha256, ${columnNames(rejectionColumns)}, first_seen)
        select ${digest(bundle.sha256)}, ${columnNames(rejectionColumns, "incoming")}, ${at(observedAt)}
        from ${unnestRows(rejectionColumns, batch)} as incoming (${columnNames(rejectionColumns)})
        on conflict do nothing
        returning 1
      )
      select count(*)::int4 as added from inserted
    `);
  }
  return added;
}

/** Records the deviations of the bundle, its certificates and its CRLs, which must be saved already. */
export async function saveFindings(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  for (const batch of batches(findingsOf(snapshot), batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(sql.unsafe`
      insert into certs.findings (bundle_sha256, ${columnNames(findingColumns)}, first_seen)
      select ${digest(snapshot.bundle.sha256)}, ${columnNames(findingColumns, "incoming")},
        ${at(snapshot.observedAt)}
      from ${unnestRows(findingColumns, batch)} as incoming (${columnNames(findingColumns)})
      on conflict do nothing
    `);
  }
}

interface SubjectFinding {
  readonly finding: Finding;
  /** SHA-256 of what deviates; neither for the bundle itself. */
  readonly certificate?: string;
  readonly crl?: string;
}

function* findingsOf({ findings, certificates, crls }: Snapshot): Generator<SubjectFinding, void, undefined> {
  for (const finding of findings) yield { finding };
  for (const { record } of certificates) {
    for (const finding of record.findings) yield { finding, certificate: record.sha256 };
  }
  for (const { record } of crls) {
    for (const finding of record.findings) yield { finding, crl: record.sha256 };
  }
}

const batchSize = 1000;

const rejectionColumns: readonly Column<Rejection>[] = [
  { name: "kind", type: "text", value: ({ kind }) => kind },
  { name: "found_in", type: "text", value: ({ foundIn }) => foundIn },
  { name: "position", type: "int4", value: ({ index }) => index },
  { name: "byte_offset", type: "int8", value: ({ offset }) => offset },
  { name: "sha256", type: "bytea", value: ({ sha256 }) => byteaFromHex(sha256) },
  { name: "der", type: "bytea", value: ({ der }) => bytea(der) },
  { name: "code", type: "text", value: ({ reason }) => reason.code },
  { name: "message", type: "text", value: ({ reason }) => storableText(reason.message) },
  { name: "reason_offset", type: "int8", value: ({ reason }) => reason.offset },
  { name: "path", type: "text", value: ({ reason }) => storableOptionalText(reason.path ?? null) },
  { name: "origin", type: "text", value: ({ origin }) => storableOptionalText(origin?.name ?? null) },
];

const findingColumns: readonly Column<SubjectFinding>[] = [
  {
    name: "certificate_sha256",
    type: "bytea",
    value: ({ certificate = null }) => byteaFromOptionalHex(certificate),
  },
  { name: "crl_sha256", type: "bytea", value: ({ crl = null }) => byteaFromOptionalHex(crl) },
  { name: "code", type: "text", value: ({ finding }) => finding.code },
  { name: "message", type: "text", value: ({ finding }) => storableText(finding.message) },
  { name: "byte_offset", type: "int8", value: ({ finding }) => finding.offset },
  { name: "clause", type: "text", value: ({ finding }) => storableText(finding.clause) },
];

/**
 * Bundles that were not accepted, or only in part, kept with their judgments.
 *
 * @module
 */

import type { BundleKind, QuarantineEntry } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { at, bytea, digest, hexColumn, storableJson, storableText } from "./columns.ts";
import { digestPrefix } from "./digest-prefix.ts";
import { type JudgmentDocument, judgmentDocument } from "./judgment-json.ts";
import type { Decision } from "./key-decisions.ts";
import { type QuarantineLimits, surplusOf } from "./quarantine-limits.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent } from "./trust-events.ts";

/** A bundle that was not accepted, or only in part. */
export interface QuarantinedBundle {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly source: string;
  readonly kind: BundleKind;
  readonly byteLength: number;
  readonly outcome: "pending" | "refused";
  /** As it was kept: of one that is very long, the steps are left out. */
  readonly judgment: JudgmentDocument;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly timesSeen: number;
  /** Whether the file itself is kept: one that alone is too large is not. */
  readonly isHeld: boolean;
}

/** A bundle in quarantine, with its file. */
export interface HeldQuarantinedBundle extends QuarantinedBundle {
  readonly bytes: Uint8Array;
}

/** An operator's word that a bundle is not wanted. */
export interface DiscardDecision extends Decision {
  /** The bundle's SHA-256 in hex, or the beginning of it: at least sixteen digits. */
  readonly sha256: string;
  /** If several sources gave that bundle; null for the only one. */
  readonly source: string | null;
}

/** Keeps a bundle, and discards others if there are too many or too much. */
export async function saveQuarantined(
  transaction: DatabaseTransactionConnection,
  { source, executionId, bundle, outcome, judgment, observedAt }: QuarantineEntry,
  limits: QuarantineLimits,
): Promise<void> {
  const bytes = bundle.bytes.length > limits.maxBytes ? null : sql.binary(bytea(bundle.bytes));
  const document = boundedJudgment(judgmentDocument(judgment));
  await transaction.query(sql.unsafe`
    insert into certs.quarantine as held (source, sha256, execution_id, kind, bytes, byte_length, outcome, judgment,
      judgment_length, first_seen, last_seen, times_seen)
    values (${storableText(source)}, ${digest(bundle.sha256)}, ${storableText(executionId)}, ${bundle.kind},
      ${bytes}::bytea, ${bundle.bytes.length}, ${outcome}, ${document}::jsonb, ${Buffer.byteLength(document)},
      ${at(observedAt)}, ${at(observedAt)}, 1)
    on conflict (source, sha256) do update
    set execution_id = excluded.execution_id, outcome = excluded.outcome, judgment = excluded.judgment,
      judgment_length = excluded.judgment_length, bytes = coalesce(held.bytes, excluded.bytes),
      last_seen = greatest(held.last_seen, excluded.last_seen), times_seen = held.times_seen + 1
  `);
  await discardSurplus(transaction, limits);
}

/** Removes a bundle that was accepted in the end. */
export async function forgetQuarantined(
  transaction: DatabaseTransactionConnection,
  source: string,
  sha256: string,
): Promise<void> {
  await transaction.query(sql.unsafe`
    delete from certs.quarantine where source = ${source} and sha256 = ${digest(sha256)}
  `);
}

/** Removes a bundle that an operator does not want, and keeps that in the log. Gives what it was. */
export async function discardQuarantined(
  transaction: DatabaseTransactionConnection,
  { sha256, source, by, reason }: DiscardDecision,
  now: Date,
): Promise<QuarantinedBundle> {
  const bundle = await chooseQuarantined(transaction, sha256, source);
  await forgetQuarantined(transaction, bundle.source, bundle.sha256);
  const event = { at: now, source: bundle.source, bundleSha256: bundle.sha256, by, reason };
  await saveTrustEvent(transaction, { ...event, kind: "discard" });
  return bundle;
}

/** The bundles in quarantine, the latest first. */
export async function readQuarantined(connection: CommonQueryMethods): Promise<readonly QuarantinedBundle[]> {
  const rows = await connection.any(sql.type(quarantineRow)`
    select sha256, source, kind, byte_length, outcome, judgment, first_seen, last_seen, times_seen,
      bytes is not null as held
    from certs.quarantine
    order by last_seen desc, first_seen desc, sha256, source
  `);
  return rows.map((row) => ({
    sha256: row.sha256,
    source: row.source,
    kind: row.kind as BundleKind,
    byteLength: row.byte_length,
    outcome: row.outcome,
    judgment: row.judgment as unknown as JudgmentDocument,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    timesSeen: row.times_seen,
    isHeld: row.held,
  }));
}

/**
 * Finds a bundle by its SHA-256 in hex, or the beginning of it (at least sixteen digits). Throws `QUARANTINE_MISSING` or
 * `QUARANTINE_AMBIGUOUS`.
 */
export async function readQuarantinedBundle(
  connection: CommonQueryMethods,
  sha256: string,
  source: string | null,
): Promise<HeldQuarantinedBundle> {
  const bundle = await chooseQuarantined(connection, sha256, source);
  const bytes = await connection.oneFirst(sql.type(v.object({ bytes: v.nullable(v.instance(Uint8Array)) }))`
    select bytes from certs.quarantine where source = ${bundle.source} and sha256 = ${digest(bundle.sha256)}
  `);
  if (bytes !== null) return { ...bundle, bytes };
  throw storeError(
    "QUARANTINE_MISSING",
    `bundle ${bundle.sha256} was too large to be kept: sync it from a file`,
  );
}

async function chooseQuarantined(
  connection: CommonQueryMethods,
  sha256: string,
  source: string | null,
): Promise<QuarantinedBundle> {
  const prefix = digestPrefix(sha256);
  if (prefix === undefined) {
    throw storeError(
      "QUARANTINE_MISSING",
      `${JSON.stringify(sha256)} is not sixteen or more hexadecimal digits of a bundle's SHA-256`,
    );
  }
  const [bundle, ...others] = (await readQuarantined(connection)).filter(
    (each) => each.sha256.startsWith(prefix) && (source === null || each.source === source),
  );
  const what = `bundle in quarantine whose SHA-256 begins with ${prefix}`;
  if (bundle === undefined) throw storeError("QUARANTINE_MISSING", `there is no ${what}`);
  if (others.length === 0) return bundle;
  const places = [bundle, ...others].map((one) => `${one.sha256} of ${one.source}`).join(", ");
  throw storeError("QUARANTINE_AMBIGUOUS", `there is more than one ${what}: ${places}`);
}

async function discardSurplus(
  transaction: DatabaseTransactionConnection,
  limits: QuarantineLimits,
): Promise<void> {
  const rows = await transaction.any(sql.type(sizeRow)`
    select source, sha256, outcome, last_seen, coalesce(octet_length(bytes), 0) + judgment_length as size
    from certs.quarantine
    order by last_seen, first_seen, sha256, source
  `);
  for (const { source, sha256 } of surplusOf(rows, limits))
    await forgetQuarantined(transaction, source, sha256);
}

/** Hostile objects can make steps without end: without them the reasons are still there. */
function boundedJudgment(judgment: JudgmentDocument): string {
  const whole = storableJson(judgment);
  if (whole.length <= maxJudgmentLength) return whole;
  const objects = judgment.objects.map(({ steps: _, ...object }) => object);
  const brief = storableJson({ ...judgment, objects });
  if (brief.length <= maxJudgmentLength) return brief;
  return storableJson({ ...judgment, objects: objects.slice(0, mostObjects) });
}

// That of nine lists in one directory has 30,000 characters.
const maxJudgmentLength = 1024 * 1024;
const mostObjects = 1000;

const quarantineRow = v.object({
  sha256: hexColumn,
  source: v.string(),
  kind: v.string(),
  byte_length: v.number(),
  outcome: v.picklist(["pending", "refused"]),
  judgment: v.looseObject({}),
  first_seen: v.date(),
  last_seen: v.date(),
  times_seen: v.number(),
  held: v.boolean(),
});

const sizeRow = v.object({
  source: v.string(),
  sha256: hexColumn,
  outcome: v.picklist(["pending", "refused"]),
  last_seen: v.date(),
  size: v.number(),
});

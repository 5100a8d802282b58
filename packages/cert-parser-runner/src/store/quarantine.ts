/**
 * Bundles that were not accepted, kept aside with their reasons: so many, and no more bytes than so many.
 *
 * @module
 */

import type { BundleKind, JudgmentReason, QuarantineEntry } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { bytea } from "./bytea.ts";
import { judgmentDocuments } from "./judgment-json.ts";
import { instant, storableJson, storableText } from "./storable-text.ts";
import { storeError } from "./store-error.ts";

/** How much is kept. */
export interface QuarantineLimits {
  readonly maxBundles: number;
  /** Of all bundles together. */
  readonly maxBytes: number;
}

/** Twenty lists of four years, and more bytes than they ever have. */
export const defaultQuarantine: QuarantineLimits = { maxBundles: 20, maxBytes: 256 * 1024 * 1024 };

/** A bundle that was not accepted. */
export interface QuarantinedBundle {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly source: string;
  readonly kind: BundleKind;
  readonly byteLength: number;
  readonly outcome: "pending" | "refused";
  /** One for each signed object. */
  readonly judgments: readonly QuarantinedJudgment[];
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly timesSeen: number;
  /** Whether the file itself is kept: one that alone is too large is not. */
  readonly isHeld: boolean;
}

/** A judgment, as it was kept. */
export interface QuarantinedJudgment {
  readonly outcome: "accepted" | "pending" | "refused";
  readonly reasons: readonly JudgmentReason[];
}

/** Keeps a bundle aside, and lets go of the oldest where there are too many or too much. */
export async function saveQuarantined(
  transaction: DatabaseTransactionConnection,
  { source, executionId, bundle, outcome, judgments, observedAt }: QuarantineEntry,
  limits: QuarantineLimits,
): Promise<void> {
  const bytes = bundle.bytes.length > limits.maxBytes ? null : sql.binary(bytea(bundle.bytes));
  const at = instant(observedAt);
  await transaction.query(sql.unsafe`
    insert into certs.quarantine as held (source, sha256, execution_id, kind, bytes, byte_length, outcome, judgments,
      first_seen, last_seen, times_seen)
    values (${storableText(source)}, decode(${bundle.sha256}, 'hex'), ${storableText(executionId)}, ${bundle.kind},
      ${bytes}::bytea, ${bundle.bytes.length}, ${outcome}, ${storableJson(judgmentDocuments(judgments))}::jsonb,
      ${at}::timestamptz, ${at}::timestamptz, 1)
    on conflict (source, sha256) do update
    set execution_id = excluded.execution_id, outcome = excluded.outcome, judgments = excluded.judgments,
      bytes = coalesce(held.bytes, excluded.bytes),
      last_seen = greatest(held.last_seen, excluded.last_seen), times_seen = held.times_seen + 1
  `);
  await transaction.query(sql.unsafe`
    delete from certs.quarantine as held
    using (
      select source, sha256, row_number() over latest as position,
        sum(coalesce(octet_length(bytes), 0)) over (latest rows unbounded preceding) as bytes
      from certs.quarantine
      window latest as (order by last_seen desc, first_seen desc, sha256, source)
    ) as ranked
    where held.source = ranked.source and held.sha256 = ranked.sha256
      and (ranked.position > ${limits.maxBundles} or ranked.bytes > ${limits.maxBytes}::int8)
  `);
}

/** Lets go of a bundle that was accepted in the end. */
export async function forgetQuarantined(
  transaction: DatabaseTransactionConnection,
  source: string,
  sha256: string,
): Promise<void> {
  await transaction.query(sql.unsafe`
    delete from certs.quarantine where source = ${source} and sha256 = decode(${sha256}, 'hex')
  `);
}

/** The bundles in quarantine, the latest first. */
export async function readQuarantined(connection: CommonQueryMethods): Promise<readonly QuarantinedBundle[]> {
  const rows = await connection.any(sql.type(quarantineRow)`
    select encode(sha256, 'hex') as sha256, source, kind, byte_length, outcome, judgments,
      (extract(epoch from first_seen) * 1000)::float8 as first_seen,
      (extract(epoch from last_seen) * 1000)::float8 as last_seen,
      times_seen, bytes is not null as held
    from certs.quarantine
    order by last_seen desc, first_seen desc, sha256, source
  `);
  return rows.map((row) => ({
    sha256: row.sha256,
    source: row.source,
    kind: row.kind as BundleKind,
    byteLength: row.byte_length,
    outcome: row.outcome,
    judgments: row.judgments as readonly QuarantinedJudgment[],
    firstSeen: new Date(row.first_seen),
    lastSeen: new Date(row.last_seen),
    timesSeen: row.times_seen,
    isHeld: row.held,
  }));
}

/** A bundle in quarantine, with its file. */
export interface HeldQuarantinedBundle extends QuarantinedBundle {
  readonly bytes: Uint8Array;
}

/**
 * Finds a bundle by its SHA-256 in hex, or the beginning of it (at least eight digits). Throws `QUARANTINE_MISSING` or
 * `QUARANTINE_AMBIGUOUS`.
 */
export async function readQuarantinedBundle(
  connection: CommonQueryMethods,
  sha256: string,
  source: string | null,
): Promise<HeldQuarantinedBundle> {
  const prefix = sha256.toLowerCase();
  const found = /^[0-9a-f]{8,64}$/.test(prefix)
    ? (await readQuarantined(connection)).filter(
        (bundle) => bundle.sha256.startsWith(prefix) && (source === null || bundle.source === source),
      )
    : [];
  const [bundle, ...others] = found;
  const what = `bundle in quarantine whose SHA-256 begins with ${prefix}`;
  if (bundle === undefined) throw storeError("QUARANTINE_MISSING", `there is no ${what}`);
  if (others.length > 0) {
    const places = found.map((one) => `${one.sha256} of ${one.source}`).join(", ");
    throw storeError("QUARANTINE_AMBIGUOUS", `there is more than one ${what}: ${places}`);
  }
  const bytes = await readBytes(connection, bundle);
  if (bytes !== null) return { ...bundle, bytes };
  throw storeError("QUARANTINE_MISSING", `the ${what} was too large to be kept: sync it from a file`);
}

/** Null where it is not kept. */
async function readBytes(
  connection: CommonQueryMethods,
  { source, sha256 }: Pick<QuarantinedBundle, "sha256" | "source">,
): Promise<Uint8Array | null> {
  const row = await connection.maybeOne(sql.type(v.object({ bytes: v.nullable(v.instance(Uint8Array)) }))`
    select bytes from certs.quarantine where source = ${source} and sha256 = decode(${sha256}, 'hex')
  `);
  return row?.bytes ?? null;
}

const quarantineRow = v.object({
  sha256: v.string(),
  source: v.string(),
  kind: v.string(),
  byte_length: v.number(),
  outcome: v.picklist(["pending", "refused"]),
  judgments: v.array(v.unknown()),
  first_seen: v.number(),
  last_seen: v.number(),
  times_seen: v.number(),
  held: v.boolean(),
});

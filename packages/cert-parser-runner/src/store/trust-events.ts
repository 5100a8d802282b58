/**
 * The log of what changed in whom is trusted.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { instant, storableOptionalText, storableText } from "./storable-text.ts";

/** What happened. */
export type TrustEventKind = v.InferOutput<typeof kinds>;

/** One event. */
export interface TrustEvent {
  readonly at: Date;
  readonly kind: TrustEventKind;
  /** `*` for every source. */
  readonly source: string;
  /** Of the publisher; SHA-256, lower-case hex, as those below. Null for a release. */
  readonly keySha256: string | null;
  /** Of the key that was rolled away from; null for others. */
  readonly previousKeySha256: string | null;
  /** The bundle with which it came; null where it came with none. */
  readonly bundleSha256: string | null;
  /** Who; null where nobody did. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** What every event has, and what only some have. */
export type NewTrustEvent = Pick<TrustEvent, "at" | "kind" | "source"> & Partial<TrustEvent>;

/** Writes an event down. */
export async function saveTrustEvent(connection: CommonQueryMethods, event: NewTrustEvent): Promise<void> {
  const { keySha256 = null, previousKeySha256 = null, bundleSha256 = null, by = null, reason = null } = event;
  await connection.query(sql.unsafe`
    insert into certs.trust_events (at, kind, source, key_sha256, previous_key_sha256, bundle_sha256, actor, reason)
    values (${instant(event.at)}::timestamptz, ${event.kind}, ${storableText(event.source)},
      decode(${keySha256}, 'hex'), decode(${previousKeySha256}, 'hex'), decode(${bundleSha256}, 'hex'),
      ${storableOptionalText(by)}, ${storableOptionalText(reason)})
  `);
}

/** The last events, the latest first. */
export async function readTrustEvents(
  connection: CommonQueryMethods,
  most: number,
): Promise<readonly TrustEvent[]> {
  const rows = await connection.any(sql.type(eventRow)`
    select (extract(epoch from at) * 1000)::float8 as at, kind, source, encode(key_sha256, 'hex') as key_sha256,
      encode(previous_key_sha256, 'hex') as previous_key_sha256, encode(bundle_sha256, 'hex') as bundle_sha256,
      actor, reason
    from certs.trust_events
    order by id desc
    limit ${most}
  `);
  return rows.map((row) => ({
    at: new Date(row.at),
    kind: row.kind,
    source: row.source,
    keySha256: row.key_sha256,
    previousKeySha256: row.previous_key_sha256,
    bundleSha256: row.bundle_sha256,
    by: row.actor,
    reason: row.reason,
  }));
}

const kinds = v.picklist([
  "first-use",
  "vouched",
  "anchored",
  "rollover",
  "approval",
  "revocation",
  "release",
]);

const eventRow = v.object({
  at: v.number(),
  kind: kinds,
  source: v.string(),
  key_sha256: v.nullable(v.string()),
  previous_key_sha256: v.nullable(v.string()),
  bundle_sha256: v.nullable(v.string()),
  actor: v.nullable(v.string()),
  reason: v.nullable(v.string()),
});

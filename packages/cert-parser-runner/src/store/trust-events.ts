/**
 * The log of what changed in who is trusted.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { at, digest, hexColumn, storableOptionalText, storableText } from "./columns.ts";

/** What happened. */
export type TrustEventKind = v.InferOutput<typeof kinds>;

/** One event. */
export interface TrustEvent {
  readonly at: Date;
  readonly kind: TrustEventKind;
  /** `*` for every source. */
  readonly source: string;
  /** The key; SHA-256, lower-case hex, as those below. Null if it is about none. */
  readonly keySha256: string | null;
  /** The key that was rolled away from, or the other one of a pair; null for others. */
  readonly previousKeySha256: string | null;
  /** The bundle with which it came; null if it came with none. */
  readonly bundleSha256: string | null;
  /** The CRL; null if it is about none. */
  readonly crlSha256: string | null;
  /** Who; null if nobody did. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** What every event has, and what only some have. */
export type NewTrustEvent = Pick<TrustEvent, "at" | "kind" | "source"> & Partial<TrustEvent>;

/** Writes an event down. */
export async function saveTrustEvent(connection: CommonQueryMethods, event: NewTrustEvent): Promise<void> {
  const { keySha256 = null, previousKeySha256 = null, bundleSha256 = null, crlSha256 = null } = event;
  const { by = null, reason = null } = event;
  await connection.query(sql.unsafe`
    insert into certs.trust_events
      (at, kind, source, key_sha256, previous_key_sha256, bundle_sha256, crl_sha256, actor, reason)
    values (${at(event.at)}, ${event.kind}, ${storableText(event.source)}, ${digest(keySha256)},
      ${digest(previousKeySha256)}, ${digest(bundleSha256)}, ${digest(crlSha256)}, ${storableOptionalText(by)},
      ${storableOptionalText(reason)})
  `);
}

/** The last events, the latest first. */
export async function readTrustEvents(
  connection: CommonQueryMethods,
  most: number,
): Promise<readonly TrustEvent[]> {
  const rows = await connection.any(sql.type(eventRow)`
    select at, kind, source, key_sha256, previous_key_sha256, bundle_sha256, crl_sha256, actor, reason
    from certs.trust_events
    order by id desc
    limit ${most}
  `);
  return rows.map((row) => ({
    at: row.at,
    kind: row.kind,
    source: row.source,
    keySha256: row.key_sha256,
    previousKeySha256: row.previous_key_sha256,
    bundleSha256: row.bundle_sha256,
    crlSha256: row.crl_sha256,
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
  "lift",
  "lift-ended",
  "join",
  "part",
  "discard",
  "source-added",
  "source-removal",
  "crl-dropped",
]);

const eventRow = v.object({
  at: v.date(),
  kind: kinds,
  source: v.string(),
  key_sha256: v.nullable(hexColumn),
  previous_key_sha256: v.nullable(hexColumn),
  bundle_sha256: v.nullable(hexColumn),
  crl_sha256: v.nullable(hexColumn),
  actor: v.nullable(v.string()),
  reason: v.nullable(v.string()),
});

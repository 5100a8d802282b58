/**
 * Publishers of lists: the pins of the sources, and what operators say of them.
 *
 * @module
 */

import type { PublisherState } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { instant, storableText } from "./storable-text.ts";
import { storeError } from "./store-error.ts";
import { saveTrustEvent } from "./trust-events.ts";

/** A publisher of a source. */
export interface PublisherOverview {
  /** `*` for a key that is revoked for every source. */
  readonly source: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: what is pinned. */
  readonly keySha256: string;
  /** `unknown`: only lists in quarantine are of it. */
  readonly state: PublisherState | "unknown";
  readonly country: string;
  /** Of the CSCA, RFC 4514. */
  readonly subject: string;
  /** SHA-256 of the CSCA certificate. */
  readonly certificateSha256: string;
  readonly firstSeen: Date;
  /** Null where nobody approved it. */
  readonly approved: { readonly at: Date; readonly by: string; readonly reason: string | null } | null;
  /** Of its last accepted list; null before the first. */
  readonly signingTime: Date | null;
  readonly bundleSha256: string | null;
}

/** An operator's word on a publisher. */
export interface PublisherDecision {
  /** Null for every source that has seen the publisher. */
  readonly source: string | null;
  /** The key's SHA-256 in hex, or the beginning of it: at least eight digits, and of one key only. */
  readonly key: string;
  readonly by: string;
  readonly reason: string;
}

/** Reads the publishers, those in quarantine last. */
export async function readPublishers(connection: CommonQueryMethods): Promise<readonly PublisherOverview[]> {
  const rows = await connection.any(sql.type(publisherRow)`
    select source, encode(key_sha256, 'hex') as key_sha256, state, country, subject,
      encode(certificate_sha256, 'hex') as certificate_sha256,
      (extract(epoch from first_seen) * 1000)::float8 as first_seen,
      (extract(epoch from approved_at) * 1000)::float8 as approved_at, approved_by, approval_reason,
      (extract(epoch from signing_time) * 1000)::float8 as signing_time,
      encode(bundle_sha256, 'hex') as bundle_sha256
    from certs.publishers
    order by source collate "C", first_seen, key_sha256
  `);
  const known = rows.map(toPublisher);
  const seen = new Set(known.map(({ source, keySha256 }) => `${keySha256} ${source}`));
  const waiting = await readUnknownPublishers(connection);
  return [...known, ...waiting.filter(({ source, keySha256 }) => !seen.has(`${keySha256} ${source}`))];
}

/** Publishers whose lists are in quarantine for nothing but that nobody knows them, or beside. */
async function readUnknownPublishers(connection: CommonQueryMethods): Promise<readonly PublisherOverview[]> {
  const rows = await connection.any(sql.type(unknownRow)`
    select distinct on (source, judged.publisher ->> 'keySha256') source,
      judged.publisher ->> 'keySha256' as key_sha256, judged.publisher ->> 'country' as country,
      judged.publisher ->> 'subject' as subject, judged.publisher ->> 'certificateSha256' as certificate_sha256,
      (extract(epoch from first_seen) * 1000)::float8 as first_seen
    from certs.quarantine
    cross join lateral (
      select judgment -> 'publisher' as publisher from jsonb_array_elements(judgments) as judgment
    ) as judged
    where jsonb_typeof(judged.publisher) = 'object'
    order by source, judged.publisher ->> 'keySha256', first_seen
  `);
  return rows.map((row) => ({
    source: row.source,
    keySha256: row.key_sha256,
    state: "unknown",
    country: row.country,
    subject: row.subject,
    certificateSha256: row.certificate_sha256,
    firstSeen: new Date(row.first_seen),
    approved: null,
    signingTime: null,
    bundleSha256: null,
  }));
}

/** Approves a publisher, also one that was revoked. Gives what was changed. Throws `PUBLISHER_UNKNOWN` or `PUBLISHER_AMBIGUOUS`. */
export async function approvePublisher(
  transaction: DatabaseTransactionConnection,
  decision: PublisherDecision,
  at: Date,
): Promise<readonly PublisherOverview[]> {
  const chosen = (await choosePublishers(transaction, decision)).filter(
    ({ source }) => source !== everySource,
  );
  const [first] = chosen;
  if (first !== undefined) {
    if (decision.source === null) await forgetForEverySource(transaction, first.keySha256);
    else await expectNotRevokedForEverySource(transaction, first.keySha256);
  }
  for (const publisher of chosen) {
    await writeState(transaction, publisher, "approved", decision, at);
    await saveTrustEvent(transaction, eventOf("approval", publisher, decision, at));
  }
  return changed(transaction, chosen);
}

/** Revokes a publisher's key; for every source, also those to come, where none is named. Gives what was changed. */
export async function revokePublisher(
  transaction: DatabaseTransactionConnection,
  decision: PublisherDecision,
  at: Date,
): Promise<readonly PublisherOverview[]> {
  const chosen = await choosePublishers(transaction, decision);
  const [first] = chosen;
  if (first === undefined) return [];
  const everywhere = decision.source === null ? [{ ...first, source: everySource }] : [];
  const revoked = [...chosen.filter(({ source }) => source !== everySource), ...everywhere];
  for (const publisher of revoked) {
    await writeState(transaction, publisher, "revoked", decision, at);
    await saveTrustEvent(transaction, eventOf("revocation", publisher, decision, at));
  }
  // What is held of it is to be judged anew, not to be found unchanged.
  await transaction.query(sql.unsafe`update certs.sources set policy = null`);
  return changed(transaction, revoked);
}

async function choosePublishers(
  transaction: DatabaseTransactionConnection,
  { source, key }: PublisherDecision,
): Promise<readonly PublisherOverview[]> {
  const prefix = key.toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(prefix)) {
    throw storeError(
      "PUBLISHER_UNKNOWN",
      `${JSON.stringify(key)} is not eight or more hexadecimal digits of a key`,
    );
  }
  const chosen = (await readPublishers(transaction)).filter(
    (publisher) => publisher.keySha256.startsWith(prefix) && (source === null || publisher.source === source),
  );
  const keys = new Set(chosen.map(({ keySha256 }) => keySha256));
  const place = source === null ? "" : ` of source ${source}`;
  if (keys.size === 0)
    throw storeError("PUBLISHER_UNKNOWN", `no publisher${place} has a key that begins with ${prefix}`);
  if (keys.size > 1) {
    throw storeError(
      "PUBLISHER_AMBIGUOUS",
      `${keys.size} publishers${place} have a key that begins with ${prefix}`,
    );
  }
  return chosen;
}

async function writeState(
  transaction: DatabaseTransactionConnection,
  publisher: PublisherOverview,
  state: PublisherState,
  { by, reason }: PublisherDecision,
  at: Date,
): Promise<void> {
  const isApproval = state === "approved";
  await transaction.query(sql.unsafe`
    insert into certs.publishers as held
      (source, key_sha256, country, subject, certificate_sha256, state, first_seen, approved_at, approved_by, approval_reason)
    values (${publisher.source}, decode(${publisher.keySha256}, 'hex'), ${storableText(publisher.country)},
      ${storableText(publisher.subject)}, decode(${publisher.certificateSha256}, 'hex'), ${state},
      ${instant(at)}::timestamptz, ${isApproval ? instant(at) : null}::timestamptz,
      ${isApproval ? storableText(by) : null}, ${isApproval ? storableText(reason) : null})
    on conflict (source, key_sha256) do update
    set state = excluded.state, approved_at = excluded.approved_at, approved_by = excluded.approved_by,
      approval_reason = excluded.approval_reason
  `);
}

async function forgetForEverySource(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
): Promise<void> {
  await transaction.query(sql.unsafe`
    delete from certs.publishers where source = ${everySource} and key_sha256 = decode(${keySha256}, 'hex')
  `);
}

/** An approval for one source alone would change nothing: the row of every source wins. */
async function expectNotRevokedForEverySource(
  transaction: DatabaseTransactionConnection,
  keySha256: string,
): Promise<void> {
  const known = await readPublishers(transaction);
  if (!known.some((each) => each.source === everySource && each.keySha256 === keySha256)) return;
  throw storeError("PUBLISHER_UNKNOWN", "the key is revoked for every source: approve it without --source");
}

async function changed(
  transaction: DatabaseTransactionConnection,
  chosen: readonly PublisherOverview[],
): Promise<readonly PublisherOverview[]> {
  const names = new Set(chosen.map(({ source, keySha256 }) => `${keySha256} ${source}`));
  return (await readPublishers(transaction)).filter(({ source, keySha256 }) =>
    names.has(`${keySha256} ${source}`),
  );
}

function eventOf(
  kind: "approval" | "revocation",
  { source, keySha256 }: PublisherOverview,
  { by, reason }: PublisherDecision,
  at: Date,
) {
  return { at, kind, source, keySha256, by, reason } as const;
}

function toPublisher(row: v.InferOutput<typeof publisherRow>): PublisherOverview {
  const { approved_at: at, approved_by: by } = row;
  return {
    source: row.source,
    keySha256: row.key_sha256,
    state: row.state,
    country: row.country,
    subject: row.subject,
    certificateSha256: row.certificate_sha256,
    firstSeen: new Date(row.first_seen),
    approved: at === null || by === null ? null : { at: new Date(at), by, reason: row.approval_reason },
    signingTime: row.signing_time === null ? null : new Date(row.signing_time),
    bundleSha256: row.bundle_sha256,
  };
}

/** Stands for every source in the rows of keys that are revoked for all. */
export const everySource = "*";

const publisherRow = v.object({
  source: v.string(),
  key_sha256: v.string(),
  state: v.picklist(["pinned", "approved", "retired", "revoked"]),
  country: v.string(),
  subject: v.string(),
  certificate_sha256: v.string(),
  first_seen: v.number(),
  approved_at: v.nullable(v.number()),
  approved_by: v.nullable(v.string()),
  approval_reason: v.nullable(v.string()),
  signing_time: v.nullable(v.number()),
  bundle_sha256: v.nullable(v.string()),
});

const unknownRow = v.object({
  source: v.string(),
  key_sha256: v.string(),
  country: v.string(),
  subject: v.string(),
  certificate_sha256: v.string(),
  first_seen: v.number(),
});

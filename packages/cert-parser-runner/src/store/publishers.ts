/**
 * Publishers of lists: the pins of the sources, and those whose lists wait in quarantine.
 *
 * @module
 */

import type { KnownPublisher } from "cert-parser-core";
import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { hexColumn } from "./columns.ts";

/** A publisher of a source. */
export interface PublisherOverview {
  /** `*` for a key that is revoked for every source. */
  readonly source: string;
  /** SHA-256 of the key's numbers, lower-case hex: what is pinned. */
  readonly keySha256: string;
  /** `retired`: its successor has published a list. `unknown`: its lists are only in quarantine. */
  readonly state: KnownPublisher["state"] | "retired" | "unknown";
  readonly country: string;
  /** Of the CSCA, RFC 4514. */
  readonly subject: string;
  /** SHA-256 of the CSCA certificate. */
  readonly certificateSha256: string;
  readonly firstSeen: Date;
  /** Null if nobody approved it. */
  readonly approved: { readonly at: Date; readonly by: string; readonly reason: string | null } | null;
  /** The CRL that revokes its root, SHA-256; null if none does. */
  readonly revokedBy: string | null;
  /** An operator's word that the key stays good whatever CRLs say of its root; null without one. */
  readonly lifted: { readonly at: Date; readonly by: string; readonly reason: string } | null;
  /** Of its latest accepted list; null before the first. */
  readonly signingTime: Date | null;
  readonly bundleSha256: string | null;
}

/** Reads the publishers, those in quarantine last. */
export async function readPublishers(connection: CommonQueryMethods): Promise<readonly PublisherOverview[]> {
  const rows = await connection.any(sql.type(publisherRow)`
    select publisher.source, publisher.key_sha256,
      case when publisher.state <> 'revoked' and key.is_retired then 'retired' else publisher.state end as state,
      publisher.country, publisher.subject, publisher.certificate_sha256, publisher.first_seen, publisher.approved_at,
      publisher.approved_by, publisher.approval_reason, root.revoked_by, lifted.decided_at as lifted_at,
      lifted.decided_by as lifted_by, lifted.reason as lift_reason, latest.signing_time, latest.bundle_sha256
    from certs.publishers as publisher
    left join certs.keys as key on key.key_sha256 = publisher.key_sha256
    left join lateral (
      select revoked_by from certs.certificates
      where key_sha256 = publisher.key_sha256 and verdict = 'root' and revoked_by is not null
      order by sha256
      limit 1
    ) as root on true
    left join certs.key_decisions as lifted
      on lifted.kind = 'lifted' and lifted.key_sha256 = publisher.key_sha256
    left join (
      select distinct on (source, publisher_key_sha256) source, publisher_key_sha256, signing_time, bundle_sha256
      from certs.editions
      where ended_at is null
      order by source, publisher_key_sha256, signing_time desc, content_sha256
    ) as latest on latest.source = publisher.source and latest.publisher_key_sha256 = publisher.key_sha256
    order by publisher.source collate "C", publisher.first_seen, publisher.key_sha256
  `);
  const known = rows.map(toPublisher);
  const seen = new Set(known.map(({ source, keySha256 }) => `${keySha256} ${source}`));
  const waiting = await readUnknownPublishers(connection);
  return [...known, ...waiting.filter(({ source, keySha256 }) => !seen.has(`${keySha256} ${source}`))];
}

/** Publishers whose lists are in quarantine, for whatever reason. */
async function readUnknownPublishers(connection: CommonQueryMethods): Promise<readonly PublisherOverview[]> {
  const rows = await connection.any(sql.type(unknownRow)`
    select distinct on (source, judged.publisher ->> 'keySha256') source,
      judged.publisher ->> 'keySha256' as key_sha256, judged.publisher ->> 'country' as country,
      judged.publisher ->> 'subject' as subject, judged.publisher ->> 'certificateSha256' as certificate_sha256,
      first_seen
    from certs.quarantine
    cross join lateral (
      select object -> 'publisher' as publisher from jsonb_array_elements(judgment -> 'objects') as object
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
    firstSeen: row.first_seen,
    approved: null,
    revokedBy: null,
    lifted: null,
    signingTime: null,
    bundleSha256: null,
  }));
}

function toPublisher(row: v.InferOutput<typeof publisherRow>): PublisherOverview {
  const { approved_at: at, approved_by: by } = row;
  const { lifted_at: liftedAt, lifted_by: liftedBy, lift_reason: liftReason } = row;
  return {
    source: row.source,
    keySha256: row.key_sha256,
    state: row.state,
    country: row.country,
    subject: row.subject,
    certificateSha256: row.certificate_sha256,
    firstSeen: row.first_seen,
    approved: at === null || by === null ? null : { at, by, reason: row.approval_reason },
    revokedBy: row.revoked_by,
    lifted:
      liftedAt === null || liftedBy === null || liftReason === null
        ? null
        : { at: liftedAt, by: liftedBy, reason: liftReason },
    signingTime: row.signing_time,
    bundleSha256: row.bundle_sha256,
  };
}

const publisherRow = v.object({
  source: v.string(),
  key_sha256: hexColumn,
  state: v.picklist(["pinned", "approved", "retired", "revoked"]),
  country: v.string(),
  subject: v.string(),
  certificate_sha256: hexColumn,
  first_seen: v.date(),
  approved_at: v.nullable(v.date()),
  approved_by: v.nullable(v.string()),
  approval_reason: v.nullable(v.string()),
  revoked_by: v.nullable(hexColumn),
  lifted_at: v.nullable(v.date()),
  lifted_by: v.nullable(v.string()),
  lift_reason: v.nullable(v.string()),
  signing_time: v.nullable(v.date()),
  bundle_sha256: v.nullable(hexColumn),
});

const unknownRow = v.object({
  source: v.string(),
  key_sha256: v.string(),
  country: v.string(),
  subject: v.string(),
  certificate_sha256: v.string(),
  first_seen: v.date(),
});

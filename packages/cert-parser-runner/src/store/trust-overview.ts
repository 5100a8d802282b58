/**
 * The state of trust at a glance: what an operator should look into.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";

/** What trust there is in what the store holds. */
export interface TrustOverview {
  /** Publishers that were trusted on first use, and that nobody has approved. */
  readonly unapprovedPins: number;
  /** Certificates that sources list now whose signatures nobody looked at, each once. */
  readonly unverifiedCertificates: number;
  /** Certificates that sources list now and nobody signed, each once. */
  readonly unsignedCertificates: number;
  /** Bundles in quarantine that were refused. */
  readonly refusedBundles: number;
  /** Bundles in quarantine that wait for an operator. */
  readonly pendingBundles: number;
  /** When a publisher last rolled over to another key; null where none has. */
  readonly lastRollover: Date | null;
}

/** Reads it. */
export async function readTrustOverview(connection: CommonQueryMethods): Promise<TrustOverview> {
  const row = await connection.one(sql.type(trustRow)`
    select
      (select count(*)::int4 from certs.publishers where state = 'pinned') as unapproved,
      (${presentOf("unverified")}) as unverified,
      (${presentOf("unsigned")}) as unsigned,
      (select count(*)::int4 from certs.quarantine where outcome = 'refused') as refused,
      (select count(*)::int4 from certs.quarantine where outcome = 'pending') as pending,
      (
        select (extract(epoch from max(at)) * 1000)::float8 from certs.trust_events where kind = 'rollover'
      ) as rollover
  `);
  return {
    unapprovedPins: row.unapproved,
    unverifiedCertificates: row.unverified,
    unsignedCertificates: row.unsigned,
    refusedBundles: row.refused,
    pendingBundles: row.pending,
    lastRollover: row.rollover === null ? null : new Date(row.rollover),
  };
}

function presentOf(level: "unsigned" | "unverified") {
  return sql.fragment`
    select count(distinct certificate_sha256)::int4 from certs.listings
    where level = ${level} and absent_since is null and found_in <> 'envelope'
  `;
}

const trustRow = v.object({
  unapproved: v.number(),
  unverified: v.number(),
  unsigned: v.number(),
  refused: v.number(),
  pending: v.number(),
  rollover: v.nullable(v.number()),
});

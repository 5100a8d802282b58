/**
 * The state of trust at a glance: what an operator should look into.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { presentCertificates } from "./listed.ts";

/** How far what the store holds can be trusted. */
export interface TrustOverview {
  /** Publishers that were trusted on first use, and that nobody has approved. */
  readonly unapprovedPins: number;
  /** Certificates listed now whose signatures were not looked at, each once. */
  readonly unverifiedCertificates: number;
  /** Certificates listed now that nobody signed, each once. */
  readonly unsignedCertificates: number;
  /** CSCA and link certificates listed now that an accepted CRL revokes, each once. */
  readonly revokedAuthorities: number;
  /** Keys of CSCAs that left every list before their time. */
  readonly withdrawnKeys: number;
  /** Bundles in quarantine that were refused. */
  readonly refusedBundles: number;
  /** Bundles in quarantine that wait for an operator. */
  readonly pendingBundles: number;
  /** When a publisher last rolled over to another key; null if none has. */
  readonly lastRollover: Date | null;
}

/** Reads it. */
export async function readTrustOverview(connection: CommonQueryMethods): Promise<TrustOverview> {
  const row = await connection.one(sql.type(trustRow)`
    with present as (
      select distinct certificate_sha256, level from ${presentCertificates} as present
    )
    select
      (
        select count(*)::int4 from certs.publishers
        left join certs.keys on keys.key_sha256 = publishers.key_sha256
        where state = 'pinned' and is_retired is not true
      ) as unapproved,
      (select count(*)::int4 from present where level = 'unverified') as unverified,
      (select count(*)::int4 from present where level = 'unsigned') as unsigned,
      (
        select count(distinct sha256)::int4 from certs.certificates
        join present on present.certificate_sha256 = sha256
        where revoked_by is not null
      ) as revoked,
      (select count(*)::int4 from certs.keys where withdrawn_since is not null) as withdrawn,
      (select count(*)::int4 from certs.quarantine where outcome = 'refused') as refused,
      (select count(*)::int4 from certs.quarantine where outcome = 'pending') as pending,
      (select max(at) from certs.trust_events where kind = 'rollover') as rollover
  `);
  return {
    unapprovedPins: row.unapproved,
    unverifiedCertificates: row.unverified,
    unsignedCertificates: row.unsigned,
    revokedAuthorities: row.revoked,
    withdrawnKeys: row.withdrawn,
    refusedBundles: row.refused,
    pendingBundles: row.pending,
    lastRollover: row.rollover,
  };
}

const trustRow = v.object({
  unapproved: v.number(),
  unverified: v.number(),
  unsigned: v.number(),
  revoked: v.number(),
  withdrawn: v.number(),
  refused: v.number(),
  pending: v.number(),
  rollover: v.nullable(v.date()),
});

/**
 * Which countries' documents can be checked with what the store holds: a valid CSCA, and a CRL that is of the present.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { at } from "./columns.ts";

/** What there is of one country. */
export interface CountryCoverage {
  /** Upper case, as many letters as written; empty for certificates that name none. */
  readonly country: string;
  /** CSCA certificates in `root_ca` that have not expired, each key once. */
  readonly validCscas: number;
  /** `stale`: the next one is overdue. `none`: no CRL of the country counts. */
  readonly crl: "fresh" | "none" | "stale";
  /** When the next CRL is due; without a date in the CRL, 90 days after it. Null without a CRL. */
  readonly nextUpdate: Date | null;
}

/**
 * The CRLs that count, without those that a later CRL of the same key, or of one that speaks for it, has made old: an old
 * key's last CRL stays in force and is overdue for ever.
 */
export const latestCrls = sql.fragment`(
  select list.* from certs.revocation_lists as list
  left join (
    select voice.key_sha256, max(newer.this_update) as this_update
    from certs.revocation_lists as newer
    join certs.key_voices as voice on voice.speaker_sha256 = newer.issuer_key_sha256
    where newer.is_effective
    group by voice.key_sha256
  ) as renewed on renewed.key_sha256 = list.issuer_key_sha256
  where list.is_effective and list.this_update >= coalesce(renewed.this_update, list.this_update)
)`;

/** Reads the coverage as of `now`, by country. */
export async function readCoverage(
  connection: CommonQueryMethods,
  now: Date,
): Promise<readonly CountryCoverage[]> {
  const rows = await connection.any(sql.type(coverageRow)`
    with csca as (
      select coalesce(certificate.country, '') as country,
        count(distinct coalesce(certificate.key_sha256, certificate.sha256))
          filter (where certificate.not_after >= ${at(now)} and certificate.not_before <= ${at(now)}) as valid
      from certs.anchors as anchor
      join certs.certificates as certificate on certificate.sha256 = anchor.certificate_sha256
      where certificate.role in ('csca', 'link')
      group by 1
    ), crl as (
      select coalesce(of_key.country, list.country, '') as country,
        max(coalesce(list.next_update, list.this_update + interval '90 days')) as next_update
      from ${latestCrls} as list
      left join (
        select key_sha256, unnest(countries) as country from certs.keys
      ) as of_key on of_key.key_sha256 = list.issuer_key_sha256
      group by 1
    )
    select country, coalesce(csca.valid, 0)::int4 as valid, crl.next_update
    from csca full join crl using (country)
    order by country collate "C"
  `);
  return rows.map(({ country, valid: validCscas, next_update: nextUpdate }) => {
    const crl = nextUpdate === null ? "none" : nextUpdate >= now ? "fresh" : "stale";
    return { country, validCscas, crl, nextUpdate };
  });
}

const coverageRow = v.object({
  country: v.string(),
  valid: v.number(),
  next_update: v.nullable(v.date()),
});

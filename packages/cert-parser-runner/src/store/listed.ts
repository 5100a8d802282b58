/**
 * What a source lists at present: the lists that are current in it, and what stands by itself.
 *
 * @module
 */

import type { KnownCertificate } from "cert-parser-core";
import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { hexColumn } from "./columns.ts";

/** The certificates that any source lists now, as a query: those of envelopes are beside the list. */
export const presentCertificates = sql.fragment`(
  select edition.source, member.certificate_sha256, 'verified' as level, true as is_listed, null::text as origin
  from certs.editions as edition
  join certs.edition_certificates as member on member.edition = edition.id
  where edition.is_current and member.found_in = 'list'
  union all
  select source, certificate_sha256, level, false, origin from certs.holdings
  where until is null and found_in <> 'envelope'
)`;

/** Reads the digests of what a source lists now. */
export async function readListedDigests(
  connection: CommonQueryMethods,
  source: string,
): Promise<ReadonlySet<string>> {
  const digests = await connection.anyFirst(sql.type(v.object({ certificate_sha256: hexColumn }))`
    select distinct certificate_sha256 from ${presentCertificates} as present where source = ${source}
  `);
  return new Set(digests);
}

/** Reads what a source lists now, as the policy compares it. */
export async function readListed(
  connection: CommonQueryMethods,
  source: string,
): Promise<ReadonlyMap<string, KnownCertificate>> {
  const rows = await connection.any(sql.type(listedRow)`
    select certificate.sha256, certificate.not_after, certificate.country,
      certificate.role in ('csca', 'link') as is_authority, listed.level, listed.is_listed, listed.origin
    from (
      select certificate_sha256, max(origin) as origin, bool_or(is_listed) as is_listed,
        case when bool_or(level = 'verified') then 'verified' when bool_or(level = 'unsigned') then 'unsigned'
          else 'unverified' end as level
      from ${presentCertificates} as present
      where source = ${source}
      group by certificate_sha256
    ) as listed
    join certs.certificates as certificate on certificate.sha256 = listed.certificate_sha256
    order by certificate.sha256
  `);
  return new Map(
    rows.map(
      ({ sha256, not_after: notAfter, country, is_authority: isAuthority, is_listed: isListed, ...row }) => [
        sha256,
        { notAfter, country, isAuthority, isListed, level: row.level, origin: row.origin },
      ],
    ),
  );
}

const listedRow = v.object({
  sha256: hexColumn,
  not_after: v.date(),
  country: v.nullable(v.string()),
  is_authority: v.boolean(),
  is_listed: v.boolean(),
  level: v.picklist(["verified", "unsigned", "unverified"]),
  origin: v.nullable(v.string()),
});

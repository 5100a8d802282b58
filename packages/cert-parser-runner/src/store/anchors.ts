/**
 * The rows of `root_ca`: certificates of current lists that no CRL revokes.
 *
 * @module
 */

import { type DatabaseTransactionConnection, sql } from "slonik";
import { at } from "./columns.ts";

/**
 * Writes what differs. Of several sources that list a certificate now, the one whose lists held it first is shown: by the
 * time of signing, so that it does not depend on what came first.
 */
export async function saveAnchors(transaction: DatabaseTransactionConnection, now: Date): Promise<void> {
  await transaction.query(sql.unsafe`
    with listed as (
      select member.certificate_sha256, edition.source, min(edition.signing_time) as since,
        (array_agg(edition.master_list_issuer order by edition.signing_time desc, edition.content_sha256)
          filter (where edition.is_current))[1] as master_list_issuer
      from certs.editions as edition
      join certs.edition_certificates as member on member.edition = edition.id
      where member.found_in = 'list' and edition.ended_at is null
      group by member.certificate_sha256, edition.source
      having bool_or(edition.is_current)
      union all
      select certificate_sha256, source, since, null from certs.holdings
      where until is null and level = 'unverified' and found_in = 'list'
    ), wanted as (
      select distinct on (listed.certificate_sha256) listed.certificate_sha256, listed.source, listed.master_list_issuer
      from listed
      join certs.certificates as certificate on certificate.sha256 = listed.certificate_sha256
      where certificate.role <> 'dsc' and certificate.revoked_by is null
      order by listed.certificate_sha256, listed.since, listed.source collate "C"
    ), written as (
      insert into certs.anchors as held (certificate_sha256, source, master_list_issuer, updated_at)
      select certificate_sha256, source, master_list_issuer, ${at(now)} from wanted
      on conflict (certificate_sha256) do update
      set source = excluded.source, master_list_issuer = excluded.master_list_issuer, updated_at = excluded.updated_at
      where (held.source, held.master_list_issuer) is distinct from (excluded.source, excluded.master_list_issuer)
    )
    delete from certs.anchors as held
    where not exists (
      select from wanted where wanted.certificate_sha256 = held.certificate_sha256
    )
  `);
}

/**
 * The predecessor's views, of what was verified: its readers know no levels and no verdicts.
 *
 * @module
 */

import type { Migration } from "./migration.ts";
import { withPredecessorRows } from "./predecessor-rows.ts";

const currentCrls = `select
        list.id,
        list.der as crl,
        listing.source,
        list.predecessor_issuer as issuer,
        list.predecessor_country as country,
        greatest(list.updated_at, listing.updated_at) at time zone 'UTC' as updated_at
      from certs.revocation_lists as list
      cross join lateral (
        select present.source,
          (select max(updated_at) from certs.revocation_list_listings where crl_sha256 = list.sha256) as updated_at
        from certs.revocation_list_listings as present
        where present.crl_sha256 = list.sha256 and present.absent_since is null and present.verdict <> 'refused'
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing`;

// Listings are never removed, so the old rows do not come back.
const untilASignedList = "select from certs.listings where found_in = 'list' and level <> 'unsigned'";

/** The eighth version: the views leave out what nobody signed, and what its signature does not bear out. */
export const verifiedViewsMigration: Migration = {
  version: 8,
  name: "verified-views",
  statements: [
    `create or replace view certs.root_ca as
      ${withPredecessorRows(
        "root_ca",
        `select
        certificate.id,
        certificate.der as certificate,
        encode(certificate.subject_key_identifier, 'hex') as subject_key_identifier,
        encode(certificate.authority_key_identifier, 'hex') as authority_key_identifier,
        certificate.predecessor_issuer as issuer,
        listing.master_list_issuer,
        certificate.issuer_der as x_500_issuer,
        listing.source,
        certs.predecessor_isn(certificate.serial_number) as isn,
        greatest(certificate.updated_at, listing.master_list_issuer_since, listing.updated_at)
          at time zone 'UTC' as updated_at
      from certs.certificates as certificate
      cross join lateral (
        select source.name as source, source.master_list_issuer, source.master_list_issuer_since,
          (select max(updated_at) from certs.listings where certificate_sha256 = certificate.sha256) as updated_at
        from certs.listings as present
        join certs.sources as source on source.name = present.source
        where present.certificate_sha256 = certificate.sha256
          and present.found_in = 'list' and present.absent_since is null
          -- What nobody signed is held, and no root.
          and present.level <> 'unsigned'
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing
      where certificate.role <> 'dsc'`,
        untilASignedList,
      )}`,

    `create or replace view certs.dsc as
      ${withPredecessorRows(
        "dsc",
        `select
        certificate.id,
        certificate.der as certificate,
        encode(certificate.subject_key_identifier, 'hex') as subject_key_identifier,
        encode(certificate.authority_key_identifier, 'hex') as authority_key_identifier,
        certificate.predecessor_issuer as issuer,
        certificate.issuer_der as x_500_issuer,
        listing.source,
        certs.predecessor_isn(certificate.serial_number) as isn,
        greatest(certificate.updated_at, listing.updated_at) at time zone 'UTC' as updated_at
      from certs.certificates as certificate
      cross join lateral (
        select present.source,
          (select max(updated_at) from certs.listings where certificate_sha256 = certificate.sha256) as updated_at
        from certs.listings as present
        where present.certificate_sha256 = certificate.sha256
          and present.found_in <> 'envelope' and present.absent_since is null
          and (present.level = 'unverified' or present.level = 'verified' and present.verdict = 'link')
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing
      where certificate.role = 'dsc'`,
        untilASignedList,
      )}`,

    `create or replace view certs.crls as
      ${withPredecessorRows("crls", currentCrls, untilASignedList)}`,

    `create or replace view certs.revoked_certificate_list as
      ${withPredecessorRows(
        "revoked_certificate_list",
        `select
        certs.predecessor_entry_id(entry.crl_sha256, entry.position) as id,
        crl.source,
        crl.country,
        certs.predecessor_isn(entry.serial_number) as isn,
        crl.id as crl,
        entry.reason as revocation_reason,
        entry.revocation_date at time zone 'UTC' as revocation_date,
        crl.updated_at
      from certs.revoked_certificates as entry
      join certs.revocation_lists as list on list.sha256 = entry.crl_sha256
      join (${currentCrls}) as crl on crl.id = list.id`,
        untilASignedList,
      )}`,
  ],
};

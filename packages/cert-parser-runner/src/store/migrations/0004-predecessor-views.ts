/**
 * Four read-only views with the names, columns and values of the Python predecessor, for its readers to go on with.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";
import { keepPredecessorRows, letReadersIn, withPredecessorRows } from "./predecessor-rows.ts";

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
        where present.crl_sha256 = list.sha256 and present.absent_since is null
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing`;

/** The fourth version: the predecessor's tables, as views. */
export const predecessorViewsMigration: Migration = {
  version: 4,
  name: "predecessor-views",
  statements: [
    ...keepPredecessorRows,

    // Python's hex() of the number: no leading zeros, a minus sign before the prefix. A negative number is its
    // complement plus one: digits are inverted, then the last one that does not overflow is counted up.
    `create function certs.predecessor_isn(serial_number bytea) returns text
      language sql immutable strict parallel safe
      return case when length(serial_number) = 0 then '0x0'
        when get_byte(serial_number, 0) < 128
        then '0x' || coalesce(nullif(ltrim(encode(serial_number, 'hex'), '0'), ''), '0')
        else (
          select '-0x' || ltrim(
            left(stem, -1) || translate(right(stem, 1), '0123456789abcde', '123456789abcdef')
              || repeat('0', length(inverted) - length(stem)), '0')
          from (
            select inverted, rtrim(inverted, 'f') as stem
            from (
              select translate(encode(serial_number, 'hex'), '0123456789abcdef', 'fedcba9876543210') as inverted
            ) as digits
          ) as parts
        )
      end`,
    `comment on function certs.predecessor_isn(bytea) is
      'The serial number as the Python predecessor wrote it: 0x1a, -0x4e, 0x0.'`,
    // Readers of the views call them: said, for databases in which functions are not open to all by default.
    `grant execute on function certs.predecessor_isn(bytea) to public`,

    // RFC 9562, 5.8: version 8, from the digest of the CRL's digest and the position.
    `create function certs.predecessor_entry_id(crl_sha256 bytea, entry integer) returns uuid
      language sql immutable strict parallel safe
      return (
        select encode(
          set_byte(
            set_byte(digest, 6, (get_byte(digest, 6) & 15) | 128),
            8, (get_byte(digest, 8) & 63) | 128
          ), 'hex')::uuid
        from (
          select substring(pg_catalog.sha256(crl_sha256 || int4send(entry)) from 1 for 16) as digest
        ) as derived
      )`,
    `comment on function certs.predecessor_entry_id(bytea, integer) is
      'The id of a CRL entry in the view revoked_certificate_list: the same in every store.'`,
    `grant execute on function certs.predecessor_entry_id(bytea, integer) to public`,

    `create view certs.root_ca as
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
        join certs.bundles as bundle on bundle.sha256 = source.bundle_sha256
        where present.certificate_sha256 = certificate.sha256
          and present.found_in = 'list' and present.absent_since is null
          -- What nobody signed is held, and no root.
          and bundle.kind = 'master-list' and jsonb_array_length(bundle.signers) > 0
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing
      where certificate.role <> 'dsc'`,
      )}`,
    ...viewComments("root_ca", "CSCA certificates that a Master List lists now."),

    `create view certs.dsc as
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
        order by present.first_seen, present.source collate "C"
        limit 1
      ) as listing
      where certificate.role = 'dsc'`,
      )}`,
    ...viewComments("dsc", "Document signer certificates that a source lists now."),

    `create view certs.crls as
      ${withPredecessorRows("crls", currentCrls)}`,
    ...viewComments("crls", "CRLs that a source carries now."),

    `create view certs.revoked_certificate_list as
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
      )}`,
    ...viewComments("revoked_certificate_list", "Entries of the CRLs that a source carries now."),
    letReadersIn,
  ],
};

function viewComments(view: string, about: string): string[] {
  const text =
    `${about} Columns and values as the Python predecessor had them. ` +
    "Until a signed Master List was accepted, also the rows that it left.";
  return comments(view, text, {
    updated_at: "When the row last changed, in UTC.",
  }).map((statement) => statement.replace("comment on table", "comment on view"));
}

/**
 * Sources, their bundles, and the certificates that they list.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The first version: what a Master List needs. */
export const certificatesMigration: Migration = {
  version: 1,
  name: "certificates",
  statements: [
    // Kept, and out of the way of the views of the same names: the tables of the Python predecessor. What their readers
    // need is looked for there by the fourth version.
    `do $$
    declare
      found name;
    begin
      for found in
        select relname from pg_catalog.pg_class
        where relnamespace = to_regnamespace('certs') and relkind in ('r', 'p')
          and relname in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
      loop
        create schema if not exists certs_predecessor;
        execute format('alter table certs.%I set schema certs_predecessor', found);
      end loop;
    end $$`,

    `create table certs.bundles (
      sha256 bytea primary key check (octet_length(sha256) = 32),
      id uuid not null unique,
      kind text not null,
      bytes bytea not null check (sha256 = pg_catalog.sha256(bytes)),
      byte_length integer not null check (byte_length = octet_length(bytes)),
      signing_time timestamptz,
      signers jsonb not null check (jsonb_typeof(signers) = 'array'),
      first_seen timestamptz not null
    )`,
    ...comments("bundles", "Files that were accepted, kept as they came in. Rows are never removed.", {
      sha256: "SHA-256 of the file: its identity.",
      id: "RFC 9562 version 8 UUID made of the first 16 bytes of sha256.",
      kind: "What the file is: master-list, bare-master-list, certificate, certificates, crl, ldif, zip, deviation-list.",
      bytes: "The file itself.",
      byte_length: "Length of the file in bytes.",
      signing_time: "The latest signingTime that its signers claim; null where none says.",
      signers: "One object for each signer: how it is named, its algorithms (dotted OIDs), its signingTime.",
      first_seen: "When it was first accepted, from any source.",
    }),

    `create table certs.sources (
      name text primary key check (name <> ''),
      bundle_sha256 bytea not null references certs.bundles (sha256),
      signing_time timestamptz,
      master_list_issuer text,
      master_list_issuer_since timestamptz not null,
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen)
    )`,
    ...comments("sources", "Where lists come from, and what each last gave that was accepted.", {
      name: "The name given to the source in the configuration or on the command line.",
      bundle_sha256: "The last accepted bundle.",
      signing_time: "signingTime of the last accepted bundle; null where it had none.",
      master_list_issuer: "The list's issuer as the Python predecessor wrote it; null for unsigned lists.",
      master_list_issuer_since: "Since when master_list_issuer reads so.",
      first_seen: "When a bundle of the source was first accepted.",
      last_seen: "When a bundle of the source was last accepted, also an unchanged one.",
    }),

    `create table certs.source_bundles (
      source text not null references certs.sources (name),
      bundle_sha256 bytea not null references certs.bundles (sha256),
      verdict text not null check (verdict in ('accepted', 'refused')),
      judgments jsonb not null check (jsonb_typeof(judgments) = 'array'),
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      primary key (source, bundle_sha256)
    )`,
    `create index source_bundles_bundle on certs.source_bundles (bundle_sha256)`,
    ...comments("source_bundles", "Which source gave which bundle, and how it was judged.", {
      source: "The source.",
      bundle_sha256: "The bundle.",
      verdict: "accepted when every signed object of the bundle was, as of the last run.",
      judgments:
        "One object for each signed object of the bundle: outcome and reasons (code, weight, message).",
      first_seen: "When the source first gave this bundle.",
      last_seen: "When it last did.",
    }),

    `create table certs.certificates (
      sha256 bytea primary key check (octet_length(sha256) = 32),
      id uuid not null unique,
      der bytea not null check (sha256 = pg_catalog.sha256(der)),
      role text not null
        check (role in ('csca', 'link', 'ml-signer', 'dsc', 'dl-signer', 'vds-signer', 'unknown')),
      version integer not null,
      serial_number bytea not null,
      issuer text not null,
      subject text not null,
      issuer_der bytea not null,
      subject_der bytea not null,
      country text,
      not_before timestamptz not null,
      not_after timestamptz not null,
      subject_key_identifier bytea,
      authority_key_identifier bytea,
      signature_algorithm text not null,
      public_key_algorithm text not null,
      public_key_size integer check (public_key_size > 0),
      public_key_curve text,
      predecessor_issuer text not null,
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      updated_at timestamptz not null
    )`,
    // A chip's certificate is looked up by its key identifier: in hex by readers of the views, in bytes by ours. Hash,
    // since a B-tree refuses values of some 2,700 bytes, and nothing bounds what a certificate may hold.
    `create index certificates_subject_key_identifier_hex
      on certs.certificates using hash (encode(subject_key_identifier, 'hex'))`,
    `create index certificates_subject_key_identifier on certs.certificates using hash (subject_key_identifier)`,
    ...comments("certificates", "Every certificate ever listed, once. Rows are never removed.", {
      sha256:
        "SHA-256 of der: the certificate's identity. Issuer with serial number, and key identifiers, repeat.",
      id: "RFC 9562 version 8 UUID made of the first 16 bytes of sha256: the same in every store.",
      der: "The exact bytes received.",
      role: "What it is by its content.",
      version: "X.509 version: 1, 2 or 3.",
      serial_number: "Content octets of the INTEGER: two's complement, may be negative.",
      issuer: "RFC 4514.",
      subject: "RFC 4514.",
      issuer_der: "DER of the Name.",
      subject_der: "DER of the Name.",
      country: "countryName of the subject in upper case, as many letters as written; null if there is none.",
      not_before: "Start of validity.",
      not_after: "End of validity.",
      subject_key_identifier: "Octets of the extension; null where it is absent.",
      authority_key_identifier: "Octets of keyIdentifier of the extension; null where it is absent.",
      signature_algorithm: "Dotted OID.",
      public_key_algorithm: "Dotted OID.",
      public_key_size: "Length of the modulus or of the field in bits; null for unknown kinds of key.",
      public_key_curve: "Name of the curve; null for keys that are not on a known one.",
      predecessor_issuer: "The issuer as the Python predecessor wrote it.",
      first_seen: "When it was first accepted, from any source.",
      last_seen: "When a changed bundle was last accepted in which it stands.",
      updated_at: "When this row last changed otherwise than in last_seen.",
    }),

    `create table certs.listings (
      source text not null references certs.sources (name),
      certificate_sha256 bytea not null references certs.certificates (sha256),
      found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
      position integer not null check (position >= 0),
      occurrences integer not null check (occurrences > 0),
      verdict text not null check (verdict in
        ('root', 'link', 'issuer-absent', 'signature-invalid', 'algorithm-unsupported', 'unchecked')),
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      absent_since timestamptz,
      updated_at timestamptz not null,
      primary key (source, certificate_sha256, found_in)
    )`,
    `create index listings_certificate on certs.listings (certificate_sha256)`,
    ...comments("listings", "Which source lists which certificate, now or once. Rows are never removed.", {
      source: "The source.",
      certificate_sha256: "The certificate.",
      found_in:
        "list, ldif, file; or envelope: beside the list, not covered by its signature, never a trust anchor.",
      position: "Position where it was found, from 0; the first one of several.",
      occurrences: "How often it stands there.",
      verdict: "What the certificate's signature says of it, as of the last run.",
      first_seen: "When the source first listed it.",
      last_seen:
        "While it is listed: the last changed bundle. Once it is absent: when it was last seen there.",
      absent_since: "When it was first missing; null while it is listed.",
      updated_at: "When it was added, went away or came back.",
    }),
  ],
};

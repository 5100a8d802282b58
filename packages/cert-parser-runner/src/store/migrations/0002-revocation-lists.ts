/**
 * CRLs, who lists them, and their entries.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The second version: CRLs. */
export const revocationListsMigration: Migration = {
  version: 2,
  name: "revocation-lists",
  statements: [
    `create table certs.revocation_lists (
      sha256 bytea primary key check (octet_length(sha256) = 32),
      id uuid not null unique,
      der bytea not null check (sha256 = pg_catalog.sha256(der)),
      version integer not null,
      issuer text not null,
      issuer_der bytea not null,
      country text,
      this_update timestamptz not null,
      next_update timestamptz,
      crl_number bytea,
      authority_key_identifier bytea,
      signature_algorithm text not null,
      revoked_count integer not null check (revoked_count >= 0),
      predecessor_issuer text not null,
      predecessor_country text,
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      updated_at timestamptz not null
    )`,
    ...comments("revocation_lists", "Every CRL ever accepted, once. Rows are never removed.", {
      sha256: "SHA-256 of der: the CRL's identity.",
      id: "RFC 9562 version 8 UUID made of the first 16 bytes of sha256.",
      der: "The exact bytes received.",
      version: "1 or 2.",
      issuer: "RFC 4514.",
      issuer_der: "DER of the Name.",
      country: "countryName of the issuer in upper case; null if there is none.",
      this_update: "When it was issued.",
      next_update: "When the next one is promised; null where a version 1 CRL does not say.",
      crl_number: "Content octets of the INTEGER; null where it is absent.",
      authority_key_identifier: "Octets of keyIdentifier of the extension; null where it is absent.",
      signature_algorithm: "Dotted OID.",
      revoked_count: "How many entries it has.",
      predecessor_issuer: "The issuer as the Python predecessor wrote it.",
      predecessor_country: "The issuer's country as written, in whatever case.",
      first_seen: "When it was first accepted, from any source.",
      last_seen: "When a changed bundle was last accepted in which it stands.",
      updated_at: "When this row last changed otherwise than in last_seen.",
    }),

    `create table certs.revocation_list_listings (
      source text not null references certs.sources (name),
      crl_sha256 bytea not null references certs.revocation_lists (sha256),
      found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
      position integer not null check (position >= 0),
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      absent_since timestamptz,
      updated_at timestamptz not null,
      primary key (source, crl_sha256, found_in)
    )`,
    `create index revocation_list_listings_crl on certs.revocation_list_listings (crl_sha256)`,
    ...comments("revocation_list_listings", "Which source carries which CRL, now or once.", {
      source: "The source.",
      crl_sha256: "The CRL.",
      found_in: "Where in the bundle it was found.",
      position: "Position where it was found, from 0; the first one of several.",
      first_seen: "When the source first carried it.",
      last_seen:
        "While it is carried: the last changed bundle. Once it is absent: when it was last seen there.",
      absent_since: "When it was first missing; null while it is carried.",
      updated_at: "When it was added, went away or came back.",
    }),

    `create table certs.revoked_certificates (
      crl_sha256 bytea not null references certs.revocation_lists (sha256),
      position integer not null check (position >= 0),
      serial_number bytea not null,
      revocation_date timestamptz not null,
      reason text,
      primary key (crl_sha256, position)
    )`,
    // Hash: serial numbers of any length come in, and a B-tree refuses those of some 2,700 bytes.
    `create index revoked_certificates_serial_number on certs.revoked_certificates using hash (serial_number)`,
    ...comments("revoked_certificates", "The entries of the CRLs.", {
      crl_sha256: "The CRL.",
      position: "Position in the CRL, from 0. A serial number may occur more than once.",
      serial_number: "Content octets of the INTEGER: two's complement.",
      revocation_date: "When it was revoked.",
      reason: "CRLReason as RFC 5280, 5.3.1 spells it; null where none is given.",
    }),
  ],
};

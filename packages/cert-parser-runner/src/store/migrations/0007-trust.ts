/**
 * What trust rests on: levels of listings, issuers, publishers with their pins, and what was not accepted.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The seventh version: trust. */
export const trustMigration: Migration = {
  version: 7,
  name: "trust",
  statements: [
    `alter table certs.sources
      add column policy text,
      add column directory_version integer check (directory_version >= 0)`,
    ...comments("sources", "Where lists come from, and what each last gave that was accepted.", {
      policy:
        "Fingerprint of the settings of trust under which the last accepted bundle was judged; null where it is to be judged anew.",
      directory_version: "The highest pkdVersion that was accepted of a directory; null where none was.",
    }),

    "alter table certs.certificates add column key_sha256 bytea check (octet_length(key_sha256) = 32)",
    ...comments("certificates", "Every certificate ever listed, once. Rows are never removed.", {
      key_sha256:
        "SHA-256 of its SubjectPublicKeyInfo; null until it was listed while signatures are verified.",
    }),

    // Nothing was verified before this version.
    `alter table certs.listings
      add column level text not null default 'unverified' check (level in ('verified', 'unsigned', 'unverified')),
      add column issuer_sha256 bytea check (octet_length(issuer_sha256) = 32),
      add column issuer_key_sha256 bytea check (octet_length(issuer_key_sha256) = 32),
      add column origin text`,
    `update certs.listings as listing set level = 'unsigned'
      from certs.sources as source
      join certs.bundles as bundle on bundle.sha256 = source.bundle_sha256
      where listing.source = source.name and listing.found_in in ('list', 'file')
        and jsonb_array_length(bundle.signers) = 0`,
    "alter table certs.listings alter column level drop default",
    `create index listings_authorities on certs.listings (certificate_sha256)
      where level = 'verified' and found_in = 'list'`,
    ...comments("listings", "Which source lists which certificate, now or once. Rows are never removed.", {
      level:
        "verified: a good signature stands behind it; unsigned: none does; unverified: none was looked at (TRUST_MODE off).",
      issuer_sha256: "A certificate of the key that signed it; null where none was found.",
      issuer_key_sha256: "SHA-256 of that key's SubjectPublicKeyInfo.",
      origin: "The entry of the directory that it stands in; null elsewhere.",
    }),

    `alter table certs.revocation_list_listings
      add column verdict text not null default 'unchecked' check (verdict in ('accepted', 'refused', 'unchecked')),
      add column issuer_key_sha256 bytea check (octet_length(issuer_key_sha256) = 32),
      add column speaks_for bytea[] not null default '{}',
      add column origin text`,
    "alter table certs.revocation_list_listings alter column verdict drop default",
    ...comments("revocation_list_listings", "Which source carries which CRL, now or once.", {
      verdict:
        "accepted: its signature, scope and age are good; refused; unchecked: nobody looked (TRUST_MODE off).",
      issuer_key_sha256:
        "SHA-256 of the SubjectPublicKeyInfo of the key that signed it; null where none was found.",
      speaks_for: "The keys of the CSCA whose certificates it speaks of.",
      origin: "The entry of the directory that it stands in; null elsewhere.",
    }),

    `create table certs.publishers (
      source text not null check (source <> ''),
      key_sha256 bytea not null check (octet_length(key_sha256) = 32),
      country text not null,
      subject text not null,
      certificate_sha256 bytea not null check (octet_length(certificate_sha256) = 32),
      state text not null check (state in ('pinned', 'approved', 'retired', 'revoked')),
      first_seen timestamptz not null,
      approved_at timestamptz,
      approved_by text,
      approval_reason text,
      signing_time timestamptz,
      bundle_sha256 bytea references certs.bundles (sha256),
      content_sha256 bytea check (octet_length(content_sha256) = 32),
      primary key (source, key_sha256),
      check (num_nulls(signing_time, bundle_sha256, content_sha256) in (0, 3))
    )`,
    ...comments(
      "publishers",
      "The CSCAs whose signers' lists fill a source: the pins. Rows are never removed.",
      {
        source: "The source, which may not have given an accepted bundle yet; * for every source.",
        key_sha256: "SHA-256 of the SubjectPublicKeyInfo: what is pinned.",
        country: "Of the CSCA, in upper case.",
        subject: "Of the CSCA, RFC 4514.",
        certificate_sha256: "The CSCA certificate by which the key was last seen.",
        state:
          "pinned: trusted on first use; approved; retired: rolled away from, it signs no new lists; revoked by an operator.",
        first_seen: "When its first list was accepted, or it was approved or revoked before.",
        approved_at: "When it was approved; null where it was not.",
        approved_by: "Who did: an operator, the anchors, or other sources that list it.",
        approval_reason: "Why.",
        signing_time:
          "When its last accepted list was signed; null before the first. No older one is accepted.",
        bundle_sha256: "The bundle in which that list stood.",
        content_sha256: "SHA-256 of the content of that list.",
      },
    ),

    `create table certs.trust_events (
      id bigint generated always as identity primary key,
      at timestamptz not null,
      kind text not null check (kind in ('first-use', 'vouched', 'anchored', 'rollover', 'approval', 'revocation', 'release')),
      source text not null,
      key_sha256 bytea check (octet_length(key_sha256) = 32),
      previous_key_sha256 bytea check (octet_length(previous_key_sha256) = 32),
      bundle_sha256 bytea check (octet_length(bundle_sha256) = 32),
      actor text,
      reason text
    )`,
    ...comments("trust_events", "What changed in whom is trusted, in order. Rows are never removed.", {
      id: "Order of events.",
      at: "When.",
      kind: "first-use, vouched, anchored: a publisher's first list; rollover; approval, revocation, release: by an operator.",
      source: "The source; * for every source.",
      key_sha256: "The publisher's key; null for a release.",
      previous_key_sha256: "The key that was rolled away from; null for others.",
      bundle_sha256: "The bundle with which it came; null where it came with none.",
      actor: "Who; null where nobody did.",
      reason: "Why; null where nobody said.",
    }),

    `create table certs.quarantine (
      source text not null,
      sha256 bytea not null check (octet_length(sha256) = 32),
      execution_id text not null,
      kind text not null,
      bytes bytea check (sha256 = pg_catalog.sha256(bytes)),
      byte_length integer not null check (byte_length >= 0),
      outcome text not null check (outcome in ('pending', 'refused')),
      judgments jsonb not null check (jsonb_typeof(judgments) = 'array'),
      first_seen timestamptz not null,
      last_seen timestamptz not null check (last_seen >= first_seen),
      times_seen integer not null check (times_seen > 0),
      primary key (source, sha256)
    )`,
    ...comments(
      "quarantine",
      "Bundles that were not accepted. The oldest go first where they are too many or too large.",
      {
        source: "The source.",
        sha256: "SHA-256 of the file.",
        execution_id: "The run that saw it last.",
        kind: "What the file is, as in bundles.",
        bytes: "The file itself; null where it alone is larger than is kept.",
        byte_length: "Length of the file in bytes.",
        outcome: "refused, or pending: it waits for an operator.",
        judgments: "One object for each signed object of the bundle, as in source_bundles.",
        first_seen: "When it first came.",
        last_seen: "When it last did.",
        times_seen: "How often it came.",
      },
    ),
  ],
};

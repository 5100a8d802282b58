-- The store: what was accepted, and what follows from it.
--
-- Facts are written as they come: bundles, certificates, CRLs, editions, holdings, carriage, decisions. Everything under
-- "derived" is computed from all of them in the same transaction, so it never depends on the order in which they came.
--
-- This file is version 1 of the schema. Each store keeps its checksum (without comments such as these): once released, it
-- is never edited.

-- What came in.

create table certs.bundles (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  id uuid not null unique,
  kind text not null,
  bytes bytea not null check (sha256 = pg_catalog.sha256(bytes)),
  byte_length integer not null check (byte_length = octet_length(bytes)),
  signers jsonb not null check (jsonb_typeof(signers) = 'array'),
  first_seen timestamptz not null
);
comment on table certs.bundles is 'Files of which something was accepted, kept as they came in. Rows are never removed.';
comment on column certs.bundles.sha256 is 'SHA-256 of the file: its identity.';
comment on column certs.bundles.id is 'RFC 9562 version 8 UUID made of the first 16 bytes of sha256.';
comment on column certs.bundles.kind is 'What the file is: master-list, bare-master-list, certificate, certificates, crl, ldif, zip, deviation-list.';
comment on column certs.bundles.bytes is 'The file itself.';
comment on column certs.bundles.byte_length is 'Length of the file in bytes.';
comment on column certs.bundles.signers is 'What each signer claims: its identifier, algorithms (dotted OIDs) and signingTime. None of it is verified.';
comment on column certs.bundles.first_seen is 'When something of it was first accepted, from any source.';

create table certs.sources (
  name text primary key check (name not in ('', '*')),
  bundle_sha256 bytea not null references certs.bundles (sha256),
  etag text check (octet_length(etag) between 1 and 2048),
  last_modified text check (octet_length(last_modified) between 1 and 2048),
  policy text,
  state text,
  directory_version integer check (directory_version >= 0),
  first_seen timestamptz not null,
  last_seen timestamptz not null check (last_seen >= first_seen),
  removed_at timestamptz,
  removed_by text,
  removal_reason text,
  check (num_nulls(removed_at, removed_by, removal_reason) in (0, 3))
);
comment on table certs.sources is 'Where bundles come from, and what each source last gave. Rows are never removed.';
comment on column certs.sources.name is 'The name given to the source in the configuration or on the command line.';
comment on column certs.sources.bundle_sha256 is 'The last bundle of which something was accepted.';
comment on column certs.sources.etag is 'ETag that came with that bundle, unchanged; null if there was none.';
comment on column certs.sources.last_modified is 'Last-Modified that came with that bundle, unchanged; null if there was none.';
comment on column certs.sources.policy is 'Fingerprint of the trust settings by which that bundle was judged; null if it is to be judged anew.';
comment on column certs.sources.state is 'Fingerprint of the state of trust with that bundle; once that is another, the bundle is judged anew.';
comment on column certs.sources.directory_version is 'The highest pkdVersion that was accepted; null if none was.';
comment on column certs.sources.first_seen is 'When a bundle of the source was first accepted.';
comment on column certs.sources.last_seen is 'When its last bundle was last seen to be what the source gives.';
comment on column certs.sources.removed_at is 'When an operator removed the source; null while it is in use.';
comment on column certs.sources.removed_by is 'Who removed it.';
comment on column certs.sources.removal_reason is 'Why it was removed.';

create table certs.source_bundles (
  source text not null references certs.sources (name),
  bundle_sha256 bytea not null references certs.bundles (sha256),
  outcome text not null check (outcome in ('accepted', 'partial')),
  judgment jsonb not null check (jsonb_typeof(judgment) = 'object'),
  policy text,
  revision bigint,
  signing_time timestamptz,
  first_seen timestamptz not null,
  last_seen timestamptz not null check (last_seen >= first_seen),
  primary key (source, bundle_sha256)
);
create index source_bundles_bundle on certs.source_bundles (bundle_sha256);
comment on table certs.source_bundles is 'Which source gave which bundle, and how it was judged.';
comment on column certs.source_bundles.source is 'The source.';
comment on column certs.source_bundles.bundle_sha256 is 'The bundle.';
comment on column certs.source_bundles.outcome is 'accepted, or partial: some of its objects wait or were refused.';
comment on column certs.source_bundles.judgment is 'The judgment: outcome, reasons, and one object for each signed object of the bundle.';
comment on column certs.source_bundles.policy is 'Fingerprint of the trust settings by which it was judged.';
comment on column certs.source_bundles.revision is 'Revision of the store by which it was judged.';
comment on column certs.source_bundles.signing_time is 'When the accepted signer signed, the latest of several; with TRUST_MODE off what signers claim. Null if there is none.';
comment on column certs.source_bundles.first_seen is 'When the source first gave this bundle.';
comment on column certs.source_bundles.last_seen is 'When the source last gave it, or said that it has no other.';

create table certs.revocation_lists (
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
  verdict text not null check (verdict in ('accepted', 'refused', 'unchecked')),
  issuer_key_sha256 bytea check (octet_length(issuer_key_sha256) = 32),
  accepted_at timestamptz,
  is_effective boolean not null default false,
  predecessor_issuer text not null,
  predecessor_country text,
  first_seen timestamptz not null,
  updated_at timestamptz not null,
  check ((verdict = 'accepted') = (accepted_at is not null))
);
create index revocation_lists_effective on certs.revocation_lists (sha256) where is_effective;
comment on table certs.revocation_lists is 'Every CRL that came in, once. Rows are never removed.';
comment on column certs.revocation_lists.sha256 is 'SHA-256 of der: the CRL''s identity.';
comment on column certs.revocation_lists.id is 'RFC 9562 version 8 UUID made of the first 16 bytes of sha256.';
comment on column certs.revocation_lists.der is 'The exact bytes received.';
comment on column certs.revocation_lists.version is '1 or 2.';
comment on column certs.revocation_lists.issuer is 'RFC 4514.';
comment on column certs.revocation_lists.issuer_der is 'DER of the Name.';
comment on column certs.revocation_lists.country is 'countryName of the issuer in upper case; null if there is none.';
comment on column certs.revocation_lists.this_update is 'When it was issued.';
comment on column certs.revocation_lists.next_update is 'When the next one is promised; null if it does not say.';
comment on column certs.revocation_lists.crl_number is 'Content octets of the INTEGER; null if absent.';
comment on column certs.revocation_lists.authority_key_identifier is 'Octets of keyIdentifier of the extension; null if absent.';
comment on column certs.revocation_lists.signature_algorithm is 'Dotted OID.';
comment on column certs.revocation_lists.revoked_count is 'How many entries it has.';
comment on column certs.revocation_lists.verdict is 'accepted: its signature, scope and age are good; refused; unchecked: TRUST_MODE off. Accepted stays accepted.';
comment on column certs.revocation_lists.issuer_key_sha256 is 'The key that signed it; null if none was found.';
comment on column certs.revocation_lists.accepted_at is 'When it was first accepted; null if it never was.';
comment on column certs.revocation_lists.is_effective is 'Derived: whether it counts now. A newer accepted CRL of the same key takes its place; nothing else does.';
comment on column certs.revocation_lists.predecessor_issuer is 'The issuer as the Python predecessor wrote it.';
comment on column certs.revocation_lists.predecessor_country is 'The issuer''s country as written, in any case.';
comment on column certs.revocation_lists.first_seen is 'When it first came in, from any source.';
comment on column certs.revocation_lists.updated_at is 'When this row last changed.';

create table certs.revoked_certificates (
  crl_sha256 bytea not null references certs.revocation_lists (sha256),
  position integer not null check (position >= 0),
  serial_number bytea not null,
  revocation_date timestamptz not null,
  reason text,
  primary key (crl_sha256, position)
);
-- Hash: serial numbers of any length come in, and a B-tree refuses those of some 2,700 bytes.
create index revoked_certificates_serial_number on certs.revoked_certificates using hash (serial_number);
comment on table certs.revoked_certificates is 'The entries of the CRLs.';
comment on column certs.revoked_certificates.crl_sha256 is 'The CRL.';
comment on column certs.revoked_certificates.position is 'Position in the CRL, from 0. A serial number may occur more than once.';
comment on column certs.revoked_certificates.serial_number is 'Content octets of the INTEGER: two''s complement.';
comment on column certs.revoked_certificates.revocation_date is 'When it was revoked.';
comment on column certs.revoked_certificates.reason is 'CRLReason as RFC 5280, 5.3.1 spells it; null if none is given.';

create table certs.certificates (
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
  key_sha256 bytea check (octet_length(key_sha256) = 32),
  verdict text not null check (verdict in
    ('root', 'link', 'issuer-absent', 'signature-invalid', 'algorithm-unsupported', 'unchecked')),
  issuer_sha256 bytea check (octet_length(issuer_sha256) = 32),
  issuer_key_sha256 bytea check (octet_length(issuer_key_sha256) = 32),
  verdict_policy text,
  verdict_revision bigint,
  revoked_by bytea references certs.revocation_lists (sha256),
  revocation_reason text,
  revoked_at timestamptz,
  predecessor_issuer text not null,
  first_seen timestamptz not null,
  updated_at timestamptz not null,
  check ((revoked_by is null) = (revoked_at is null))
);
-- A chip's certificate is looked up by its key identifier: in hex by readers of the views, in bytes by ours. Hash, since a
-- B-tree refuses values of some 2,700 bytes, and nothing bounds what a certificate may hold.
create index certificates_subject_key_identifier_hex
  on certs.certificates using hash (encode(subject_key_identifier, 'hex'));
create index certificates_subject_key_identifier on certs.certificates using hash (subject_key_identifier);
create index certificates_key on certs.certificates (key_sha256);
create index certificates_revoked on certs.certificates (revoked_by) where revoked_by is not null;
comment on table certs.certificates is 'Every certificate that came in, once. Rows are never removed.';
comment on column certs.certificates.sha256 is 'SHA-256 of der: the certificate''s identity. Issuer with serial number, and key identifiers, repeat.';
comment on column certs.certificates.id is 'RFC 9562 version 8 UUID made of the first 16 bytes of sha256: the same in every store.';
comment on column certs.certificates.der is 'The exact bytes received.';
comment on column certs.certificates.role is 'What it is by its content.';
comment on column certs.certificates.version is 'X.509 version: 1, 2 or 3.';
comment on column certs.certificates.serial_number is 'Content octets of the INTEGER: two''s complement, may be negative.';
comment on column certs.certificates.issuer is 'RFC 4514.';
comment on column certs.certificates.subject is 'RFC 4514.';
comment on column certs.certificates.issuer_der is 'DER of the Name.';
comment on column certs.certificates.subject_der is 'DER of the Name.';
comment on column certs.certificates.country is 'countryName of the subject in upper case, as many letters as written; null if there is none.';
comment on column certs.certificates.not_before is 'Start of validity.';
comment on column certs.certificates.not_after is 'End of validity.';
comment on column certs.certificates.subject_key_identifier is 'Octets of the extension; null if absent.';
comment on column certs.certificates.authority_key_identifier is 'Octets of keyIdentifier of the extension; null if absent.';
comment on column certs.certificates.signature_algorithm is 'Dotted OID.';
comment on column certs.certificates.public_key_algorithm is 'Dotted OID.';
comment on column certs.certificates.public_key_size is 'Length of the modulus or of the field in bits; null for unknown kinds of key, and for keys without any.';
comment on column certs.certificates.public_key_curve is 'Name of the curve; null for keys that are not on a known one.';
comment on column certs.certificates.key_sha256 is 'SHA-256 of the key''s numbers, whatever its encoding; null until its signature was looked at.';
comment on column certs.certificates.verdict is 'What its signature says: root, link, issuer-absent, signature-invalid, algorithm-unsupported; unchecked: not looked at. A found issuer stays.';
comment on column certs.certificates.issuer_sha256 is 'A certificate of the key that signed it; null if none was found.';
comment on column certs.certificates.issuer_key_sha256 is 'The key that signed it; null if none was found.';
comment on column certs.certificates.verdict_policy is 'Fingerprint of the trust settings by which the verdict was given.';
comment on column certs.certificates.verdict_revision is 'Revision of the store by whose editions, keys and CRLs it was given.';
comment on column certs.certificates.revoked_by is 'Derived, for CSCA and link certificates: the CRL that revokes it; null if none does.';
comment on column certs.certificates.revocation_reason is 'Derived: the reason that CRL gives; null if it gives none.';
comment on column certs.certificates.revoked_at is 'Derived: the revocation date in that CRL.';
comment on column certs.certificates.predecessor_issuer is 'The issuer as the Python predecessor wrote it.';
comment on column certs.certificates.first_seen is 'When it first came in, from any source.';
comment on column certs.certificates.updated_at is 'When what was read of it last changed.';

-- What is held.

create table certs.editions (
  id integer primary key generated always as identity,
  source text not null references certs.sources (name),
  publisher_key_sha256 bytea not null check (octet_length(publisher_key_sha256) = 32),
  content_sha256 bytea not null check (octet_length(content_sha256) = 32),
  signing_time timestamptz not null,
  bundle_sha256 bytea not null references certs.bundles (sha256),
  origin text,
  signer_sha256 bytea not null check (octet_length(signer_sha256) = 32),
  publisher_certificate_sha256 bytea not null check (octet_length(publisher_certificate_sha256) = 32),
  rolled_from_sha256 bytea check (octet_length(rolled_from_sha256) = 32),
  master_list_issuer text,
  accepted_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  is_current boolean not null default false,
  unique (source, publisher_key_sha256, content_sha256),
  check (num_nulls(ended_at, ended_by, end_reason) in (0, 3))
);
create index editions_bundle on certs.editions (bundle_sha256);
comment on table certs.editions is 'Signed lists that were accepted: one row for each list of a publisher in a source. Rows are never removed.';
comment on column certs.editions.id is 'The edition.';
comment on column certs.editions.source is 'The source that gave it.';
comment on column certs.editions.publisher_key_sha256 is 'The key of the CSCA behind its signer.';
comment on column certs.editions.content_sha256 is 'SHA-256 of the signed content.';
comment on column certs.editions.signing_time is 'When the accepted signer signed it; the latest time if that content was signed again.';
comment on column certs.editions.bundle_sha256 is 'The bundle that it came in.';
comment on column certs.editions.origin is 'The part of the bundle that it was in; null if the bundle is nothing else.';
comment on column certs.editions.signer_sha256 is 'The certificate of the accepted signer.';
comment on column certs.editions.publisher_certificate_sha256 is 'The CSCA certificate behind it.';
comment on column certs.editions.rolled_from_sha256 is 'The key from which trust passed to the publisher over links; null if it was trusted by itself.';
comment on column certs.editions.master_list_issuer is 'The list''s issuer as the Python predecessor wrote it, from verified certificates; null if they were not given.';
comment on column certs.editions.accepted_at is 'When it was first accepted.';
comment on column certs.editions.ended_at is 'When an operator removed its source; null otherwise.';
comment on column certs.editions.ended_by is 'Who removed it.';
comment on column certs.editions.end_reason is 'Why it was removed.';
comment on column certs.editions.is_current is 'Derived: whether no newer edition of the same CSCA takes its place, from any source.';

create table certs.edition_certificates (
  edition integer not null references certs.editions (id),
  certificate_sha256 bytea not null references certs.certificates (sha256),
  found_in text not null check (found_in in ('list', 'envelope')),
  position integer not null check (position >= 0),
  occurrences integer not null check (occurrences > 0),
  leads_to_publisher boolean not null,
  primary key (edition, certificate_sha256, found_in)
);
create index edition_certificates_certificate on certs.edition_certificates (certificate_sha256);
comment on table certs.edition_certificates is 'The certificates of each edition.';
comment on column certs.edition_certificates.edition is 'The edition.';
comment on column certs.edition_certificates.certificate_sha256 is 'The certificate.';
comment on column certs.edition_certificates.found_in is 'list; or envelope: beside the list, not covered by its signature, never a trust anchor.';
comment on column certs.edition_certificates.position is 'Position where it was found, from 0; the first of several.';
comment on column certs.edition_certificates.occurrences is 'How often it occurs there.';
comment on column certs.edition_certificates.leads_to_publisher is
  'Whether it is a link on the path to the publisher: then it counts as held, in the envelope too.';

create table certs.holdings (
  id bigint primary key generated always as identity,
  source text not null references certs.sources (name),
  certificate_sha256 bytea not null references certs.certificates (sha256),
  found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
  origin text,
  level text not null check (level in ('verified', 'unsigned', 'unverified')),
  position integer not null check (position >= 0),
  occurrences integer not null check (occurrences > 0),
  since timestamptz not null,
  until timestamptz,
  updated_at timestamptz not null,
  check (until >= since)
);
create unique index holdings_present on certs.holdings (source, certificate_sha256, found_in) where until is null;
create index holdings_certificate on certs.holdings (certificate_sha256);
create index holdings_unverified on certs.holdings (certificate_sha256)
  where level = 'unverified' and found_in = 'list';
comment on table certs.holdings is 'Certificates outside of accepted signed lists, by periods: values of directories, files, lists that nobody signed or verified. Rows are never removed.';
comment on column certs.holdings.id is 'The period.';
comment on column certs.holdings.source is 'The source.';
comment on column certs.holdings.certificate_sha256 is 'The certificate.';
comment on column certs.holdings.found_in is 'Where it was found: list, ldif, file; or envelope: beside a list, never a trust anchor.';
comment on column certs.holdings.origin is 'The entry of the directory that it is in; null elsewhere.';
comment on column certs.holdings.level is 'verified: a known CSCA signed it; unsigned: nobody did; unverified: no signature was looked at (TRUST_MODE off).';
comment on column certs.holdings.position is 'Position where it was found, from 0; the first of several.';
comment on column certs.holdings.occurrences is 'How often it occurs there.';
comment on column certs.holdings.since is 'When the source first held it, in this period.';
comment on column certs.holdings.until is 'When it was first missing; null while the source holds it.';
comment on column certs.holdings.updated_at is 'When the period began, ended, or changed its level.';

create table certs.crl_carriage (
  id bigint primary key generated always as identity,
  source text not null references certs.sources (name),
  crl_sha256 bytea not null references certs.revocation_lists (sha256),
  found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
  origin text,
  position integer not null check (position >= 0),
  since timestamptz not null,
  until timestamptz,
  updated_at timestamptz not null,
  check (until >= since)
);
create unique index crl_carriage_present on certs.crl_carriage (source, crl_sha256, found_in) where until is null;
create index crl_carriage_crl on certs.crl_carriage (crl_sha256);
comment on table certs.crl_carriage is 'Which source carried which CRL, by periods. Whether a CRL counts does not depend on it.';
comment on column certs.crl_carriage.id is 'The period.';
comment on column certs.crl_carriage.source is 'The source.';
comment on column certs.crl_carriage.crl_sha256 is 'The CRL.';
comment on column certs.crl_carriage.found_in is 'Where in the bundle it was found.';
comment on column certs.crl_carriage.origin is 'The entry of the directory that it is in; null elsewhere.';
comment on column certs.crl_carriage.position is 'Position where it was found, from 0; the first of several.';
comment on column certs.crl_carriage.since is 'When the source first carried it, in this period.';
comment on column certs.crl_carriage.until is 'When it was first missing; null while the source carries it.';
comment on column certs.crl_carriage.updated_at is 'When the period began or ended.';

-- Who is trusted.

create table certs.publishers (
  source text not null check (source <> ''),
  key_sha256 bytea not null check (octet_length(key_sha256) = 32),
  country text not null,
  subject text not null,
  certificate_sha256 bytea not null check (octet_length(certificate_sha256) = 32),
  state text not null check (state in ('pinned', 'approved', 'revoked')),
  first_seen timestamptz not null,
  approved_at timestamptz,
  approved_by text,
  approval_reason text,
  primary key (source, key_sha256)
);
comment on table certs.publishers is 'The CSCAs whose signers'' lists are accepted from a source: the pins, and what operators decided about them.';
comment on column certs.publishers.source is 'The source, which may not have given an accepted bundle yet; * for every source.';
comment on column certs.publishers.key_sha256 is 'The key: what is pinned.';
comment on column certs.publishers.country is 'Of the CSCA, in upper case.';
comment on column certs.publishers.subject is 'Of the CSCA, RFC 4514.';
comment on column certs.publishers.certificate_sha256 is 'The CSCA certificate by which the key was last seen.';
comment on column certs.publishers.state is 'pinned: trusted on first use; approved; revoked: by an operator.';
comment on column certs.publishers.first_seen is 'When its first list was accepted, or it was approved or revoked before.';
comment on column certs.publishers.approved_at is 'When it was approved; null if it was not.';
comment on column certs.publishers.approved_by is 'Who approved it: an operator, the anchors, or other sources that list it.';
comment on column certs.publishers.approval_reason is 'Why it was approved.';

create table certs.key_decisions (
  kind text not null check (kind in ('lifted', 'joined')),
  key_sha256 bytea not null check (octet_length(key_sha256) = 32),
  joined_key_sha256 bytea check (octet_length(joined_key_sha256) = 32),
  decided_at timestamptz not null,
  decided_by text not null,
  reason text not null,
  unique nulls not distinct (kind, key_sha256, joined_key_sha256),
  check ((kind = 'joined') = (joined_key_sha256 is not null)),
  check (key_sha256 < joined_key_sha256)
);
comment on table certs.key_decisions is 'What operators decided about keys, in every source. A decision that was taken back is removed; the log keeps it.';
comment on column certs.key_decisions.kind is 'lifted: the key stays good whatever CRLs say of its root; joined: two keys are of one CSCA.';
comment on column certs.key_decisions.key_sha256 is 'The key; of two that are joined, the lower one.';
comment on column certs.key_decisions.joined_key_sha256 is 'The other key of a pair; null for others.';
comment on column certs.key_decisions.decided_at is 'When it was decided.';
comment on column certs.key_decisions.decided_by is 'Who decided it.';
comment on column certs.key_decisions.reason is 'Why.';

create table certs.trust_events (
  id bigint primary key generated always as identity,
  at timestamptz not null,
  kind text not null check (kind in ('first-use', 'vouched', 'anchored', 'rollover', 'approval', 'revocation', 'release',
    'lift', 'lift-ended', 'join', 'part', 'discard', 'source-added', 'source-removal', 'crl-dropped')),
  source text not null,
  key_sha256 bytea check (octet_length(key_sha256) = 32),
  previous_key_sha256 bytea check (octet_length(previous_key_sha256) = 32),
  bundle_sha256 bytea check (octet_length(bundle_sha256) = 32),
  crl_sha256 bytea check (octet_length(crl_sha256) = 32),
  actor text,
  reason text
);
comment on table certs.trust_events is 'What changed in who is trusted, in order. Rows are never removed.';
comment on column certs.trust_events.id is 'Order of events.';
comment on column certs.trust_events.at is 'When.';
comment on column certs.trust_events.kind is
  'first-use, vouched, anchored: a publisher''s first list; rollover; approval, revocation, release, lift, lift-ended, join, part, discard, source-removal: by an operator; source-added: a new name; crl-dropped: a CRL that counts is carried by no source any more.';
comment on column certs.trust_events.source is 'The source; * for every source.';
comment on column certs.trust_events.key_sha256 is 'The key; null if it is about none.';
comment on column certs.trust_events.previous_key_sha256 is 'The key that was rolled away from, or the other one of a pair; null for others.';
comment on column certs.trust_events.bundle_sha256 is 'The bundle with which it came; null if it came with none.';
comment on column certs.trust_events.crl_sha256 is 'The CRL; null if it is about none.';
comment on column certs.trust_events.actor is 'Who; null if nobody did.';
comment on column certs.trust_events.reason is 'Why; null if nobody said.';

create table certs.quarantine (
  source text not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  execution_id text not null,
  kind text not null,
  bytes bytea check (sha256 = pg_catalog.sha256(bytes)),
  byte_length integer not null check (byte_length >= 0),
  outcome text not null check (outcome in ('pending', 'refused')),
  judgment jsonb not null check (jsonb_typeof(judgment) = 'object'),
  judgment_length integer not null check (judgment_length > 0),
  first_seen timestamptz not null,
  last_seen timestamptz not null check (last_seen >= first_seen),
  times_seen integer not null check (times_seen > 0),
  primary key (source, sha256)
);
comment on table certs.quarantine is 'Bundles that were not accepted, or only in part. If there are too many, refused ones go first, and first those of the source that has most.';
comment on column certs.quarantine.source is 'The source.';
comment on column certs.quarantine.sha256 is 'SHA-256 of the file.';
comment on column certs.quarantine.execution_id is 'The run that saw it last.';
comment on column certs.quarantine.kind is 'What the file is, as in bundles.';
comment on column certs.quarantine.bytes is 'The file itself; null if it alone is larger than what is kept.';
comment on column certs.quarantine.byte_length is 'Length of the file in bytes.';
comment on column certs.quarantine.outcome is 'refused; or pending: it waits for an operator.';
comment on column certs.quarantine.judgment is 'The judgment, as in source_bundles.';
comment on column certs.quarantine.judgment_length is 'Length of the judgment in bytes, as it was written.';
comment on column certs.quarantine.first_seen is 'When it first came.';
comment on column certs.quarantine.last_seen is 'When it last came.';
comment on column certs.quarantine.times_seen is 'How often it came.';

create table certs.trust_revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null check (revision >= 0)
);
insert into certs.trust_revision (revision) values (0);
comment on table certs.trust_revision is 'One row that counts the changes: a judgment made at another revision is not applied.';
comment on column certs.trust_revision.only_row is 'Always true.';
comment on column certs.trust_revision.revision is 'Goes up with every change of what judgments rest on.';

-- Derived.

create table certs.keys (
  key_sha256 bytea primary key check (octet_length(key_sha256) = 32),
  countries text[] not null,
  since timestamptz,
  not_after timestamptz not null,
  usage_end timestamptz not null,
  is_retired boolean not null,
  withdrawn_since timestamptz,
  is_revoked boolean not null,
  revoked_by bytea references certs.revocation_lists (sha256)
);
create index keys_revoked on certs.keys (revoked_by) where revoked_by is not null;
comment on table certs.keys is 'Derived: every key of a CSCA that an accepted list holds.';
comment on column certs.keys.key_sha256 is 'SHA-256 of the key''s numbers, whatever its encoding.';
comment on column certs.keys.countries is 'Those that its certificates name, in upper case; the empty string for one that names none.';
comment on column certs.keys.since is 'Start of its oldest root; null if only other keys have signed it.';
comment on column certs.keys.not_after is 'End of its last certificate.';
comment on column certs.keys.usage_end is 'End of its last private key usage period.';
comment on column certs.keys.is_retired is 'Whether its successor has published a list.';
comment on column certs.keys.withdrawn_since is 'Since when no current list holds it, though its time was not over; null if it is not withdrawn.';
comment on column certs.keys.is_revoked is 'Whether a CRL revokes its root, or an operator the key.';
comment on column certs.keys.revoked_by is 'That CRL; null if it is not revoked, or by an operator.';

create table certs.key_voices (
  speaker_sha256 bytea not null references certs.keys (key_sha256) on delete cascade,
  key_sha256 bytea not null references certs.keys (key_sha256) on delete cascade,
  primary key (speaker_sha256, key_sha256)
);
create index key_voices_key on certs.key_voices (key_sha256);
comment on table certs.key_voices is 'Derived: which key speaks for which: for itself, and for older ones of its CSCA.';
comment on column certs.key_voices.speaker_sha256 is 'The key that speaks.';
comment on column certs.key_voices.key_sha256 is 'The key that it speaks for.';

create table certs.anchors (
  certificate_sha256 bytea primary key references certs.certificates (sha256),
  source text not null references certs.sources (name),
  master_list_issuer text,
  updated_at timestamptz not null
);
create index anchors_source on certs.anchors (source);
comment on table certs.anchors is 'Derived: the certificates of root_ca: in a current edition (or in an unverified list, TRUST_MODE off), and not revoked.';
comment on column certs.anchors.certificate_sha256 is 'The certificate.';
comment on column certs.anchors.source is 'Of the sources that list it now, the one whose lists held it first.';
comment on column certs.anchors.master_list_issuer is 'master_list_issuer of that source''s current edition.';
comment on column certs.anchors.updated_at is 'When this row last changed.';

create view certs.listings as
  with period as (
    select edition.id, edition.source, edition.publisher_key_sha256, edition.signing_time as since,
      case when not edition.is_current then
        greatest(coalesce(following.here, edition.ended_at, following.anywhere), edition.signing_time)
      end as until
    from certs.editions as edition
    cross join lateral (
      select min(later.signing_time) filter (where later.source = edition.source) as here,
        min(later.signing_time) as anywhere
      from certs.editions as later
      where later.signing_time > edition.signing_time
          and later.publisher_key_sha256 in (edition.publisher_key_sha256, edition.rolled_from_sha256)
        or later.signing_time >= edition.signing_time
          and later.publisher_key_sha256 <> edition.publisher_key_sha256
          and exists (
            select from certs.key_voices as voice
            where voice.speaker_sha256 = later.publisher_key_sha256
              and voice.key_sha256 = edition.publisher_key_sha256
          )
    ) as following
  ), listed as (
    select period.source, member.certificate_sha256, member.found_in, period.publisher_key_sha256, period.id,
      period.since, period.until,
      case when lag(coalesce(period.until, 'infinity')) over in_order >= period.since then 0 else 1 end as begins
    from period
    join certs.edition_certificates as member on member.edition = period.id
    window in_order as (
      partition by period.source, member.certificate_sha256, member.found_in, period.publisher_key_sha256
      order by period.since, period.id
    )
  ), numbered as (
    select listed.*, sum(begins) over (
      partition by source, certificate_sha256, found_in, publisher_key_sha256 order by since, id
    ) as number
    from listed
  )
  select source, certificate_sha256, found_in, 'verified' as level, publisher_key_sha256, min(since) as since,
    case when bool_and(until is not null) then max(until) end as until
  from numbered
  group by source, certificate_sha256, found_in, publisher_key_sha256, number
  union all
  select source, certificate_sha256, found_in, level, null, since, until from certs.holdings;
comment on view certs.listings is 'Which source listed which certificate, from when to when: in signed lists by their signing times, elsewhere by when it was seen.';
comment on column certs.listings.found_in is 'list, ldif, file; or envelope: beside the list, not covered by its signature, never a trust anchor.';
comment on column certs.listings.level is 'verified, unsigned or unverified, as in holdings.';
comment on column certs.listings.publisher_key_sha256 is 'The key of the publisher''s CSCA; null outside of accepted signed lists.';
comment on column certs.listings.until is 'Null while it is listed.';

-- What happened.

create table certs.runs (
  execution_id text primary key,
  source text not null,
  trigger text not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  outcome text not null check (outcome in ('applied', 'unchanged', 'failed')),
  stage text,
  code text,
  reason text,
  message text,
  bundle_sha256 bytea check (octet_length(bundle_sha256) = 32),
  added integer,
  removed integer,
  unchanged integer,
  new_to_store integer,
  crls_added integer,
  revoked_added integer,
  rejections_added integer,
  check (case when outcome = 'failed' then
    num_nulls(stage, code, reason, message) = 0 and
    num_nonnulls(added, removed, unchanged, new_to_store, crls_added, revoked_added, rejections_added) = 0
  else
    num_nonnulls(stage, code, reason, message) = 0 and num_nulls(bundle_sha256, added, removed, unchanged,
      new_to_store, crls_added, revoked_added, rejections_added) = 0
  end)
);
create index runs_source_finished on certs.runs (source, finished_at desc);
-- The last accepted run is asked for at every look at the store, and may be behind many that failed.
create index runs_source_accepted on certs.runs (source, finished_at desc) where outcome <> 'failed';
comment on table certs.runs is 'Runs that ended, well or not. Those that changed the store are kept, others for 400 days: each recorded run removes older ones of its source (a failed run only failed ones).';
comment on column certs.runs.execution_id is 'The run.';
comment on column certs.runs.source is 'The source, which may never have given an accepted bundle.';
comment on column certs.runs.trigger is 'What started the run: startup, schedule, manual, http.';
comment on column certs.runs.started_at is 'When it began.';
comment on column certs.runs.finished_at is 'When it ended.';
comment on column certs.runs.outcome is 'applied: the store changed; unchanged: it was in step already; failed: nothing was written.';
comment on column certs.runs.stage is 'Where a failed run stopped.';
comment on column certs.runs.code is 'Code at the pipeline''s edge of a failed run, such as TRUST_ERROR.';
comment on column certs.runs.reason is 'The code underneath, such as HTTP_401.';
comment on column certs.runs.message is 'What happened, in one sentence.';
comment on column certs.runs.bundle_sha256 is 'SHA-256 of the bundle, if the run had one. Refused ones are not in certs.bundles.';
comment on column certs.runs.added is 'Certificates listed since this run.';
comment on column certs.runs.removed is 'Certificates absent since this run.';
comment on column certs.runs.unchanged is 'Certificates listed before and after.';
comment on column certs.runs.new_to_store is 'Of those added, how many were new to the store.';
comment on column certs.runs.crls_added is 'CRLs that the store did not hold.';
comment on column certs.runs.revoked_added is 'Entries of those CRLs.';
comment on column certs.runs.rejections_added is 'Rejected parts that were not recorded before.';

create table certs.run_totals (
  outcome text not null check (outcome in ('applied', 'unchanged', 'failed')),
  stage text,
  code text,
  runs bigint not null check (runs > 0),
  check (num_nulls(stage, code) = case when outcome = 'failed' then 0 else 2 end),
  unique nulls not distinct (outcome, stage, code)
);
comment on table certs.run_totals is 'How the runs of all sources ended, ever: also those no longer in runs.';
comment on column certs.run_totals.outcome is 'applied, unchanged or failed.';
comment on column certs.run_totals.stage is 'Where failed runs stopped; null for others.';
comment on column certs.run_totals.code is 'Code at the pipeline''s edge of failed runs; null for others.';
comment on column certs.run_totals.runs is 'How many.';

create table certs.rejections (
  bundle_sha256 bytea not null references certs.bundles (sha256),
  kind text not null check (kind in ('certificate', 'crl', 'deviation', 'list')),
  found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
  position integer not null check (position >= 0),
  byte_offset bigint not null check (byte_offset >= 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  der bytea not null check (sha256 = pg_catalog.sha256(der)),
  code text not null,
  message text not null,
  reason_offset bigint not null,
  path text,
  origin text,
  first_seen timestamptz not null,
  primary key (bundle_sha256, kind, found_in, position, byte_offset, sha256)
);
comment on table certs.rejections is 'Parts of accepted bundles that could not be read. Their neighbors were.';
comment on column certs.rejections.bundle_sha256 is 'The bundle.';
comment on column certs.rejections.kind is 'What the part should have been.';
comment on column certs.rejections.found_in is 'Where in the bundle it was.';
comment on column certs.rejections.position is 'Position among its kind, from 0.';
comment on column certs.rejections.byte_offset is 'Offset of the part in the bundle, or in the part of it that origin names, in bytes.';
comment on column certs.rejections.sha256 is 'SHA-256 of der.';
comment on column certs.rejections.der is 'The exact bytes that were rejected.';
comment on column certs.rejections.code is 'Why, as a stable code.';
comment on column certs.rejections.message is 'Why, in words.';
comment on column certs.rejections.reason_offset is 'Offset in the bundle where reading stopped, in bytes.';
comment on column certs.rejections.path is 'The structure being read, in the standard''s names.';
comment on column certs.rejections.origin is 'Member of the archive, entry of the directory or PEM block that it was in; null elsewhere.';
comment on column certs.rejections.first_seen is 'When it was first rejected.';

create table certs.findings (
  bundle_sha256 bytea not null references certs.bundles (sha256),
  certificate_sha256 bytea references certs.certificates (sha256),
  crl_sha256 bytea references certs.revocation_lists (sha256),
  code text not null,
  message text not null,
  byte_offset bigint not null,
  clause text not null,
  first_seen timestamptz not null,
  check (num_nonnulls(certificate_sha256, crl_sha256) <= 1)
);
-- A hash of the message represents it: a B-tree refuses texts of some 2,700 bytes.
create unique index findings_once on certs.findings
  (bundle_sha256, certificate_sha256, crl_sha256, code, byte_offset, hashtextextended(message, 0))
  nulls not distinct;
create index findings_certificate on certs.findings (certificate_sha256) where certificate_sha256 is not null;
create index findings_crl on certs.findings (crl_sha256) where crl_sha256 is not null;
comment on table certs.findings is 'Deviations from the standards that did not stop reading.';
comment on column certs.findings.bundle_sha256 is 'The bundle.';
comment on column certs.findings.certificate_sha256 is 'The certificate that deviates; null if it is a CRL or the bundle itself.';
comment on column certs.findings.crl_sha256 is 'The CRL that deviates; null if it is a certificate or the bundle itself.';
comment on column certs.findings.code is 'Stable code.';
comment on column certs.findings.message is 'What was found, and what was expected.';
comment on column certs.findings.byte_offset is 'Offset in the bundle, in bytes.';
comment on column certs.findings.clause is 'The clause that it deviates from.';
comment on column certs.findings.first_seen is 'When it was first noticed.';

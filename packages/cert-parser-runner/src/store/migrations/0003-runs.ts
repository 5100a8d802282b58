/**
 * What happened in each run, and what reading noticed.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The third version: runs, rejections and findings. */
export const runsMigration: Migration = {
  version: 3,
  name: "runs",
  statements: [
    `create table certs.runs (
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
    )`,
    `create index runs_source_finished on certs.runs (source, finished_at desc)`,
    ...comments("runs", "Every run that reached its end, well or not.", {
      execution_id: "The run.",
      source: "The source, which may never have given an accepted bundle.",
      trigger: "What started the run: startup, schedule, manual, http.",
      started_at: "When it began.",
      finished_at: "When it ended.",
      outcome: "applied: the store changed; unchanged: it was in step already; failed: nothing was written.",
      stage: "Where a failed run stopped.",
      code: "Code at the pipeline's edge of a failed run, such as TRUST_ERROR.",
      reason: "The code underneath, such as HTTP_401.",
      message: "What happened, in one sentence.",
      bundle_sha256:
        "SHA-256 of the bundle, where the run came to have one. Refused ones are not in certs.bundles.",
      added: "Certificates listed since this run.",
      removed: "Certificates absent since this run.",
      unchanged: "Certificates listed before and after.",
      new_to_store: "Of those added, how many no source had ever listed.",
      crls_added: "CRLs that the store did not hold.",
      revoked_added: "Entries of those CRLs.",
      rejections_added: "Rejected parts that were not recorded before.",
    }),

    `create table certs.rejections (
      bundle_sha256 bytea not null references certs.bundles (sha256),
      kind text not null check (kind in ('certificate', 'crl')),
      found_in text not null check (found_in in ('list', 'envelope', 'ldif', 'file')),
      position integer not null check (position >= 0),
      byte_offset bigint not null check (byte_offset >= 0),
      sha256 bytea not null check (octet_length(sha256) = 32),
      der bytea not null check (sha256 = pg_catalog.sha256(der)),
      code text not null,
      message text not null,
      reason_offset bigint not null,
      path text,
      first_seen timestamptz not null,
      primary key (bundle_sha256, kind, found_in, position, byte_offset, sha256)
    )`,
    ...comments("rejections", "Parts of accepted bundles that could not be read. Their neighbours were.", {
      bundle_sha256: "The bundle.",
      kind: "What the part should have been.",
      found_in: "Where in the bundle it stood.",
      position: "Position among its kind, from 0.",
      byte_offset: "Offset of the part in the bundle, in bytes.",
      sha256: "SHA-256 of der.",
      der: "The exact bytes that were rejected.",
      code: "Why, as a stable code.",
      message: "Why, in words.",
      reason_offset: "Offset in the bundle where reading stopped, in bytes.",
      path: "The structure being read, in the standard's names.",
      first_seen: "When it was first rejected.",
    }),

    `create table certs.findings (
      bundle_sha256 bytea not null references certs.bundles (sha256),
      certificate_sha256 bytea references certs.certificates (sha256),
      crl_sha256 bytea references certs.revocation_lists (sha256),
      code text not null,
      message text not null,
      byte_offset bigint not null,
      clause text not null,
      first_seen timestamptz not null,
      check (num_nonnulls(certificate_sha256, crl_sha256) <= 1)
    )`,
    // A hash of the message stands in for it: a B-tree refuses texts of some 2,700 bytes.
    `create unique index findings_once on certs.findings
      (bundle_sha256, certificate_sha256, crl_sha256, code, byte_offset, hashtextextended(message, 0))
      nulls not distinct`,
    `create index findings_certificate on certs.findings (certificate_sha256) where certificate_sha256 is not null`,
    `create index findings_crl on certs.findings (crl_sha256) where crl_sha256 is not null`,
    ...comments("findings", "Deviations from the standards that were read in spite of themselves.", {
      bundle_sha256: "The bundle.",
      certificate_sha256: "The certificate that deviates; null where it is a CRL or the bundle itself.",
      crl_sha256: "The CRL that deviates; null where it is a certificate or the bundle itself.",
      code: "Stable code.",
      message: "What was found, and what was expected.",
      byte_offset: "Offset in the bundle, in bytes.",
      clause: "The clause that it deviates from.",
      first_seen: "When it was first noticed.",
    }),
  ],
};

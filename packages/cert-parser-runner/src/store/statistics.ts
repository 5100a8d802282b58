/**
 * Figures of what the store holds now and of the runs so far: for metrics and for `status`.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { at } from "./columns.ts";
import { latestCrls } from "./coverage.ts";
import { presentCertificates } from "./listed.ts";
import { readTrustOverview, type TrustOverview } from "./trust-overview.ts";

/** The figures. Certificates of envelopes are in none of them but {@link SourceStatistics}' two ends of validity. */
export interface StoreStatistics {
  /** Certificates that any source lists now, each counted once however many do; no group is empty. */
  readonly certificates: readonly CertificateGroup[];
  /** When those certificates expire. */
  readonly expiry: ExpiryFigures;
  /** Parts that could not be read, of the bundles that the sources last gave, by code. */
  readonly rejections: readonly CodeFigure[];
  /** Deviations in those bundles, by code. One that stands in the bundles of two sources counts twice. */
  readonly findings: readonly CodeFigure[];
  readonly crls: CrlFigures;
  /** Sources that have given an accepted bundle, by name. */
  readonly sources: readonly SourceStatistics[];
  /**
   * How the runs of all sources ended, since the store was made. It never falls, though old runs are forgotten: it is
   * fit for a counter that a restart must not set back.
   */
  readonly runs: readonly RunFigure[];
  readonly trust: TrustOverview;
}

/** Certificates with one country and one role. */
export interface CertificateGroup {
  /** countryName of the subject in upper case, as many letters as written; null where there is none. */
  readonly country: string | null;
  /** What they are by their content: `csca`, `link`, `dsc` and so on. */
  readonly role: string;
  readonly count: number;
}

/** Certificates by the end of their validity. Each of the last three contains the one before it. */
export interface ExpiryFigures {
  /** notAfter is past. They stay anchors of what was signed in their time. */
  readonly expired: number;
  /** Still valid, for less than 30 days. */
  readonly within30Days: number;
  /** Still valid, for less than 90 days. */
  readonly within90Days: number;
  /** Still valid, for less than 365 days. */
  readonly within365Days: number;
}

/** How often a stable code occurs; at least once. */
export interface CodeFigure {
  readonly code: string;
  readonly count: number;
}

/** The CRLs that count, whether or not a source still carries them. */
export interface CrlFigures {
  readonly count: number;
  /** Entries of all of them. */
  readonly revoked: number;
  /** The earliest nextUpdate of those that no later one of the same CSCA has made old; null if none says. */
  readonly earliestNextUpdate: Date | null;
}

/** One source. */
export interface SourceStatistics {
  readonly source: string;
  /** Distinct certificates that it lists now. */
  readonly certificates: number;
  /** When the latest of its current lists was signed, by the accepted signer; null if there is none. */
  readonly signingTime: Date | null;
  /** When the last run ended that stored or confirmed a bundle; null where the log no longer has it. */
  readonly lastAccepted: Date | null;
  /** When the last accepted bundle was last seen to be what the source gives. */
  readonly lastSeen: Date;
  /** The earliest notAfter of the signers of its current lists; null if there are none. */
  readonly signerNotAfter: Date | null;
  /** The earliest notAfter of the CSCA certificates behind those signers; null if there are none. */
  readonly anchorNotAfter: Date | null;
}

/** Runs that ended the same way. */
export interface RunFigure {
  readonly outcome: "applied" | "unchanged" | "failed";
  /** Where failed ones stopped; null for others. */
  readonly stage: string | null;
  /** Code at the pipeline's edge of failed ones, such as `TRUST_ERROR`; null for others. */
  readonly code: string | null;
  /** At least 1. */
  readonly count: number;
}

/** Reads the figures as of `now`: the time that ends of validity are compared with. */
export async function readStatistics(connection: CommonQueryMethods, now: Date): Promise<StoreStatistics> {
  const groups = await readCertificates(connection, now);
  const codes = await readCodes(connection);
  const total = (of: (group: v.InferOutput<typeof groupRow>) => number) =>
    groups.reduce((sum, group) => sum + of(group), 0);
  const figuresOf = (wanted: "finding" | "rejection") =>
    codes.filter(({ kind }) => kind === wanted).map(({ code, count }) => ({ code, count }));
  return {
    certificates: groups.map(({ country, role, count }) => ({ country, role, count })),
    expiry: {
      expired: total(({ expired }) => expired),
      within30Days: total(({ within_30 }) => within_30),
      within90Days: total(({ within_90 }) => within_90),
      within365Days: total(({ within_365 }) => within_365),
    },
    rejections: figuresOf("rejection"),
    findings: figuresOf("finding"),
    crls: await readCrls(connection),
    sources: await readSources(connection),
    runs: await readRuns(connection),
    trust: await readTrustOverview(connection),
  };
}

function readCertificates(connection: CommonQueryMethods, now: Date) {
  const expiringWithin = (days: number) => sql.fragment`
    count(*) filter (where not_after >= ${at(now)} and not_after < ${at(addDays(now, days))})::int4
  `;
  return connection.any(sql.type(groupRow)`
    select country, role, count(*)::int4 as count,
      count(*) filter (where not_after < ${at(now)})::int4 as expired,
      ${expiringWithin(30)} as within_30, ${expiringWithin(90)} as within_90, ${expiringWithin(365)} as within_365
    from (select distinct certificate_sha256 from ${presentCertificates} as present) as present
    join certs.certificates as certificate on certificate.sha256 = present.certificate_sha256
    group by country, role
    order by country collate "C" nulls last, role collate "C"
  `);
}

function readCodes(connection: CommonQueryMethods) {
  return connection.any(sql.type(codeRow)`
    with current as (
      select bundle_sha256 from certs.sources where removed_at is null
    ), noticed as (
      select 'finding' as kind, code from certs.findings where bundle_sha256 in (select * from current)
      union all
      select 'rejection', code from certs.rejections where bundle_sha256 in (select * from current)
    )
    select kind, code, count(*)::int4 as count from noticed group by kind, code order by code collate "C"
  `);
}

async function readCrls(connection: CommonQueryMethods): Promise<CrlFigures> {
  const { count, revoked, next_update } = await connection.one(sql.type(crlRow)`
    select count(*)::int4 as count, coalesce(sum(revoked_count), 0)::float8 as revoked,
      (select min(next_update) from ${latestCrls} as latest) as next_update
    from certs.revocation_lists
    where is_effective
  `);
  return { count, revoked, earliestNextUpdate: next_update };
}

/** Who signs a list, and the CSCA behind: of lists that were verified as that says, of others as their envelope does. */
async function readSources(connection: CommonQueryMethods): Promise<readonly SourceStatistics[]> {
  const rows = await connection.any(sql.type(sourceRow)`
    with signing as (
      select source, signer_sha256 as sha256, true as signs from certs.editions where is_current
      union all
      select source, publisher_certificate_sha256, false from certs.editions where is_current
      union all
      select source, certificate_sha256, role = 'ml-signer' from certs.holdings
      join certs.certificates on sha256 = certificate_sha256
      where until is null and found_in = 'envelope' and role in ('ml-signer', 'csca', 'link')
    ), ends as (
      select source, min(not_after) filter (where signs) as signer_not_after,
        min(not_after) filter (where not signs) as anchor_not_after
      from signing join certs.certificates as certificate on certificate.sha256 = signing.sha256
      group by source
    ), listed as (
      select source, count(distinct certificate_sha256) as certificates from ${presentCertificates} as present
      group by source
    ), current as (
      select source, max(signing_time) as signing_time from certs.editions where is_current group by source
    )
    select source.name as source, coalesce(listed.certificates, 0)::int4 as certificates,
      coalesce(current.signing_time, given.signing_time) as signing_time, accepted.finished_at as last_accepted,
      source.last_seen, ends.signer_not_after, ends.anchor_not_after
    from certs.sources as source
    join certs.source_bundles as given on given.source = source.name and given.bundle_sha256 = source.bundle_sha256
    left join listed on listed.source = source.name
    left join current on current.source = source.name
    left join ends on ends.source = source.name
    cross join lateral (
      select max(finished_at) as finished_at from certs.runs as run
      where run.source = source.name and outcome <> 'failed'
    ) as accepted
    where source.removed_at is null
    order by source.name collate "C"
  `);
  return rows.map((row) => ({
    source: row.source,
    certificates: row.certificates,
    signingTime: row.signing_time,
    lastAccepted: row.last_accepted,
    lastSeen: row.last_seen,
    signerNotAfter: row.signer_not_after,
    anchorNotAfter: row.anchor_not_after,
  }));
}

function readRuns(connection: CommonQueryMethods): Promise<readonly RunFigure[]> {
  return connection.any(sql.type(runRow)`
    select outcome, stage, code, runs::float8 as count from certs.run_totals
    order by outcome collate "C", stage collate "C", code collate "C"
  `);
}

function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * 24 * 60 * 60 * 1000);
}

const groupRow = v.object({
  country: v.nullable(v.string()),
  role: v.string(),
  count: v.number(),
  expired: v.number(),
  within_30: v.number(),
  within_90: v.number(),
  within_365: v.number(),
});

const codeRow = v.object({ kind: v.picklist(["finding", "rejection"]), code: v.string(), count: v.number() });

const crlRow = v.object({ count: v.number(), revoked: v.number(), next_update: v.nullable(v.date()) });

const sourceRow = v.object({
  source: v.string(),
  certificates: v.number(),
  signing_time: v.nullable(v.date()),
  last_accepted: v.nullable(v.date()),
  last_seen: v.date(),
  signer_not_after: v.nullable(v.date()),
  anchor_not_after: v.nullable(v.date()),
});

const runRow = v.object({
  outcome: v.picklist(["applied", "unchanged", "failed"]),
  stage: v.nullable(v.string()),
  code: v.nullable(v.string()),
  count: v.number(),
});

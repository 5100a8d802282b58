/**
 * What the store holds, at a glance: for `/info`, `/ready` and people.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { hexColumn } from "./columns.ts";
import type { StoreLocation } from "./database/store-location.ts";
import { presentCertificates } from "./listed.ts";
import { readTrustOverview, type TrustOverview } from "./trust-overview.ts";

/** The state of the store. */
export interface StoreOverview {
  /** Where the data is; never with a password. */
  readonly location: StoreLocation;
  /** Sources that were ever run, by name. */
  readonly sources: readonly SourceOverview[];
  readonly counts: StoreCounts;
  readonly trust: TrustOverview;
}

/** The state of one source. */
export interface SourceOverview {
  readonly source: string;
  /** The last run that was accepted; null before the first. */
  readonly lastAccepted: RunOverview | null;
  /** The last run of all; null where a run was recorded nowhere. */
  readonly lastRun: RunOverview | null;
  /** The last bundle of which something was accepted; null before the first, and once the source was removed. */
  readonly bundle: BundleOverview | null;
  /** Certificates that it lists now. */
  readonly certificates: number;
}

/** The bundle that a source last gave. */
export interface BundleOverview {
  /** Lower-case hex. */
  readonly sha256: string;
  /** When the latest of its current lists was signed, by the accepted signer; null if there is none. */
  readonly signingTime: Date | null;
  /** Since when the source gives it. */
  readonly firstSeen: Date;
  /** When the source last gave it. */
  readonly lastSeen: Date;
}

/** One run. */
export interface RunOverview {
  readonly executionId: string;
  readonly trigger: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly outcome: "applied" | "unchanged" | "failed";
  /** Why a failed run stopped; null for others. */
  readonly failure: {
    readonly stage: string;
    readonly code: string;
    readonly reason: string;
    readonly message: string;
  } | null;
}

/** Counts over what all sources list now. */
export interface StoreCounts {
  /** Distinct certificates; those of envelopes are not among them. */
  readonly certificates: number;
  /** Distinct countries of those certificates, in upper case. */
  readonly countries: number;
  /** CRLs that count, whether or not a source still carries them. */
  readonly crls: number;
  /** Entries of those CRLs. */
  readonly revoked: number;
  /** Parts of the last accepted bundles that could not be read. */
  readonly rejections: number;
}

/** Reads the overview. */
export async function readOverview(
  connection: CommonQueryMethods,
  location: StoreLocation,
): Promise<StoreOverview> {
  return {
    location,
    sources: await readSources(connection),
    counts: await readCounts(connection),
    trust: await readTrustOverview(connection),
  };
}

async function readSources(connection: CommonQueryMethods): Promise<readonly SourceOverview[]> {
  const lastRuns = await readLastRuns(connection, sql.fragment`true`);
  const lastAccepted = await readLastRuns(connection, sql.fragment`outcome <> 'failed'`);
  const bundles = await readBundles(connection);
  const names = new Set([...lastRuns.keys(), ...bundles.keys()]);
  return [...names].sort().map((source) => {
    const held = bundles.get(source);
    return {
      source,
      lastAccepted: lastAccepted.get(source) ?? null,
      lastRun: lastRuns.get(source) ?? null,
      bundle: held?.bundle ?? null,
      certificates: held?.certificates ?? 0,
    };
  });
}

async function readLastRuns(
  connection: CommonQueryMethods,
  condition: ReturnType<typeof sql.fragment>,
): Promise<ReadonlyMap<string, RunOverview>> {
  // From one name to the next over the index: after months of failing retries, runs are many and sources are few.
  const rows = await connection.any(sql.type(runRow)`
    with recursive names as (
      select min(source) as source from certs.runs
      union all
      select (select min(source) from certs.runs where source > names.source) from names where source is not null
    )
    select last.source, execution_id, trigger, outcome, stage, code, reason, message,
      started_at, finished_at
    from names
    cross join lateral (
      select * from certs.runs as run
      where run.source = names.source and ${condition}
      order by run.finished_at desc, execution_id
      limit 1
    ) as last
  `);
  return new Map(rows.map((row) => [row.source, toRun(row)]));
}

function toRun({ stage, code, reason, message, ...row }: v.InferOutput<typeof runRow>): RunOverview {
  const isFailure = stage !== null && code !== null && reason !== null && message !== null;
  return {
    executionId: row.execution_id,
    trigger: row.trigger,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    outcome: row.outcome,
    failure: isFailure ? { stage, code, reason, message } : null,
  };
}

async function readBundles(
  connection: CommonQueryMethods,
): Promise<ReadonlyMap<string, { readonly bundle: BundleOverview; readonly certificates: number }>> {
  const rows = await connection.any(sql.type(bundleRow)`
    select source.name as source, source.bundle_sha256 as sha256, given.first_seen, given.last_seen,
      coalesce(current.signing_time, given.signing_time) as signing_time,
      coalesce(listed.certificates, 0)::int4 as certificates
    from certs.sources as source
    join certs.source_bundles as given on given.source = source.name and given.bundle_sha256 = source.bundle_sha256
    left join (
      select source, max(signing_time) as signing_time from certs.editions where is_current group by source
    ) as current on current.source = source.name
    left join (
      select source, count(distinct certificate_sha256) as certificates from ${presentCertificates} as present
      group by source
    ) as listed on listed.source = source.name
    where source.removed_at is null
  `);
  return new Map(
    rows.map(({ source, certificates, sha256, signing_time, first_seen, last_seen }) => [
      source,
      {
        bundle: { sha256, signingTime: signing_time, firstSeen: first_seen, lastSeen: last_seen },
        certificates,
      },
    ]),
  );
}

function readCounts(connection: CommonQueryMethods): Promise<StoreCounts> {
  return connection.one(sql.type(countsRow)`
    with listed as (
      select certificate.country
      from (select distinct certificate_sha256 from ${presentCertificates} as present) as present
      join certs.certificates as certificate on certificate.sha256 = present.certificate_sha256
    ), effective as (
      select revoked_count from certs.revocation_lists where is_effective
    )
    select
      (select count(*)::int4 from listed) as certificates,
      (select count(distinct country)::int4 from listed) as countries,
      (select count(*)::int4 from effective) as crls,
      (select coalesce(sum(revoked_count), 0)::int4 from effective) as revoked,
      (
        select count(*)::int4 from certs.rejections
        where bundle_sha256 in (select bundle_sha256 from certs.sources where removed_at is null)
      ) as rejections
  `);
}

const runRow = v.object({
  source: v.string(),
  execution_id: v.string(),
  trigger: v.string(),
  started_at: v.date(),
  finished_at: v.date(),
  outcome: v.picklist(["applied", "unchanged", "failed"]),
  stage: v.nullable(v.string()),
  code: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  message: v.nullable(v.string()),
});

const bundleRow = v.object({
  source: v.string(),
  sha256: hexColumn,
  signing_time: v.nullable(v.date()),
  first_seen: v.date(),
  last_seen: v.date(),
  certificates: v.number(),
});

const countsRow = v.object({
  certificates: v.number(),
  countries: v.number(),
  crls: v.number(),
  revoked: v.number(),
  rejections: v.number(),
});

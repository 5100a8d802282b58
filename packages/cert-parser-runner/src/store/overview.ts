/**
 * What the store holds, at a glance: for `/info`, `/ready` and people.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import type { StoreLocation } from "./store-location.ts";
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
  /** The last accepted bundle; null before the first. */
  readonly bundle: BundleOverview | null;
  /** Certificates that it lists now. */
  readonly certificates: number;
}

/** The bundle that a source last gave. */
export interface BundleOverview {
  /** Lower-case hex. */
  readonly sha256: string;
  /** When the list was signed, by its own word; null where it does not say. */
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
      (extract(epoch from started_at) * 1000)::float8 as started_at,
      (extract(epoch from finished_at) * 1000)::float8 as finished_at
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
    startedAt: new Date(row.started_at),
    finishedAt: new Date(row.finished_at),
    outcome: row.outcome,
    failure: isFailure ? { stage, code, reason, message } : null,
  };
}

async function readBundles(
  connection: CommonQueryMethods,
): Promise<ReadonlyMap<string, { readonly bundle: BundleOverview; readonly certificates: number }>> {
  const rows = await connection.any(sql.type(bundleRow)`
    select source.name as source, encode(source.bundle_sha256, 'hex') as sha256,
      (extract(epoch from source.signing_time) * 1000)::float8 as signing_time,
      (extract(epoch from given.first_seen) * 1000)::float8 as first_seen,
      (extract(epoch from given.last_seen) * 1000)::float8 as last_seen,
      (
        select count(distinct certificate_sha256)::int4 from certs.listings as listing
        where listing.source = source.name and absent_since is null and found_in <> 'envelope'
      ) as certificates
    from certs.sources as source
    join certs.source_bundles as given on given.source = source.name and given.bundle_sha256 = source.bundle_sha256
  `);
  return new Map(
    rows.map((row) => [
      row.source,
      {
        bundle: {
          sha256: row.sha256,
          signingTime: row.signing_time === null ? null : new Date(row.signing_time),
          firstSeen: new Date(row.first_seen),
          lastSeen: new Date(row.last_seen),
        },
        certificates: row.certificates,
      },
    ]),
  );
}

function readCounts(connection: CommonQueryMethods): Promise<StoreCounts> {
  return connection.one(sql.type(countsRow)`
    with listed as (
      select sha256, country from certs.certificates
      where sha256 in (
        select certificate_sha256 from certs.listings where absent_since is null and found_in <> 'envelope'
      )
    ), carried as (
      select sha256, revoked_count from certs.revocation_lists
      where sha256 in (select crl_sha256 from certs.revocation_list_listings where absent_since is null)
    )
    select
      (select count(*)::int4 from listed) as certificates,
      (select count(distinct country)::int4 from listed) as countries,
      (select count(*)::int4 from carried) as crls,
      (select coalesce(sum(revoked_count), 0)::int4 from carried) as revoked,
      (
        select count(*)::int4 from certs.rejections
        where bundle_sha256 in (select bundle_sha256 from certs.sources)
      ) as rejections
  `);
}

const runRow = v.object({
  source: v.string(),
  execution_id: v.string(),
  trigger: v.string(),
  started_at: v.number(),
  finished_at: v.number(),
  outcome: v.picklist(["applied", "unchanged", "failed"]),
  stage: v.nullable(v.string()),
  code: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  message: v.nullable(v.string()),
});

const bundleRow = v.object({
  source: v.string(),
  sha256: v.string(),
  signing_time: v.nullable(v.number()),
  first_seen: v.number(),
  last_seen: v.number(),
  certificates: v.number(),
});

const countsRow = v.object({
  certificates: v.number(),
  countries: v.number(),
  crls: v.number(),
  revoked: v.number(),
  rejections: v.number(),
});

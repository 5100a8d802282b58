/**
 * Sources: what each last gave, and what is known of it for the policy to judge by.
 *
 * @module
 */

import {
  type Confirmation,
  type Known,
  type SignatureEngine,
  type Snapshot,
  stateFingerprint,
  type TrustState,
  trustStateOf,
  type Validators,
} from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { at, digest, hexColumn } from "./columns.ts";
import { readListed } from "./listed.ts";
import { readRevision } from "./revision.ts";
import { saveTrustEvent } from "./trust-events.ts";
import { readKnownPublishers, readTrustFacts } from "./trust-facts.ts";

/** What is held of a source, without its certificates. */
export interface SourceState {
  /** SHA-256 of the last bundle of which something was accepted, lower-case hex. */
  readonly bundleSha256: string;
  /** What came with it. */
  readonly validators: Validators;
  /** Fingerprint of the policy by which it was judged; null if it is to be judged anew. */
  readonly policy: string | null;
  /** Fingerprint of the state of trust with it; null if it is to be judged anew. */
  readonly state: string | null;
  /** The highest `pkdVersion` that was accepted; null if none was. */
  readonly directoryVersion: number | null;
}

/** Reads what is held of a source; undefined before its first accepted bundle. */
export async function readSource(
  connection: CommonQueryMethods,
  source: string,
): Promise<SourceState | undefined> {
  const row = await connection.maybeOne(sql.type(sourceRow)`
    select bundle_sha256, etag, last_modified, policy, state, directory_version from certs.sources
    where name = ${source}
  `);
  if (row === null) return undefined;
  return {
    bundleSha256: row.bundle_sha256,
    validators: { etag: row.etag, lastModified: row.last_modified },
    policy: row.policy,
    state: row.state,
    directoryVersion: row.directory_version,
  };
}

/** Reads what the trust policy judges by. */
export async function readKnown(
  connection: CommonQueryMethods,
  source: string,
  engine: Pick<SignatureEngine, "digest">,
): Promise<Known> {
  const held = await readSource(connection, source);
  const facts = await readTrustFacts(connection);
  const publishers = await readKnownPublishers(connection);
  const state = stateFingerprint(trustStateOf(facts, engine), publishers, source, engine);
  return {
    source,
    listed: held === undefined ? new Map() : await readListed(connection, source),
    bundleSha256: held?.bundleSha256 ?? null,
    validators: held?.validators ?? { etag: null, lastModified: null },
    policy: held?.policy ?? null,
    isStale: held !== undefined && held.state !== state,
    revision: await readRevision(connection),
    trust: {
      facts,
      publishers,
      carried: await readCarried(connection, source),
      directoryVersion: held?.directoryVersion ?? null,
    },
  };
}

/** Makes the snapshot's bundle the source's last one. The bundle must be archived already. */
export async function saveSource(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const { source, bundle, observedAt, policy, release } = snapshot;
  const etag = storableValidator(snapshot.validators.etag);
  const lastModified = storableValidator(snapshot.validators.lastModified);
  const { is_new: isNew } = await transaction.one(sql.type(v.object({ is_new: v.boolean() }))`
    insert into certs.sources as held
      (name, bundle_sha256, etag, last_modified, policy, directory_version, first_seen, last_seen)
    values (${source}, ${digest(bundle.sha256)}, ${etag}, ${lastModified}, ${policy},
      ${directoryVersionOf(snapshot)}::int4, ${at(observedAt)}, ${at(observedAt)})
    on conflict (name) do update
    set bundle_sha256 = excluded.bundle_sha256, etag = excluded.etag, last_modified = excluded.last_modified,
      policy = excluded.policy,
      directory_version = case when ${release !== null}
        then coalesce(excluded.directory_version, held.directory_version)
        else greatest(excluded.directory_version, held.directory_version) end,
      last_seen = greatest(held.last_seen, excluded.last_seen),
      removed_at = null, removed_by = null, removal_reason = null
    returning xmax = 0 as is_new
  `);
  if (!isNew) return;
  await saveTrustEvent(transaction, {
    at: observedAt,
    kind: "source-added",
    source,
    bundleSha256: bundle.sha256,
  });
}

/** Keeps the state of trust that the source's last bundle led to: once it is another, the bundle is judged anew. */
export async function saveSourceState(
  transaction: DatabaseTransactionConnection,
  state: TrustState,
  source: string,
  engine: Pick<SignatureEngine, "digest">,
): Promise<void> {
  const fingerprint = stateFingerprint(state, await readKnownPublishers(transaction), source, engine);
  await transaction.query(sql.unsafe`update certs.sources set state = ${fingerprint} where name = ${source}`);
}

/** Has the last bundle of every source judged anew, not found unchanged: an operator changed what it was judged by. */
export async function forgetJudgments(transaction: DatabaseTransactionConnection): Promise<void> {
  await transaction.query(sql.unsafe`
    update certs.sources set policy = null, state = null where num_nonnulls(policy, state) > 0
  `);
}

/** Moves on when the source's bundle was last seen to be what it gives, and what it came with if it came again. */
export async function saveSeen(
  transaction: DatabaseTransactionConnection,
  { source, bundleSha256, observedAt, validators }: Confirmation,
): Promise<void> {
  const etag = storableValidator(validators?.etag ?? null);
  const lastModified = storableValidator(validators?.lastModified ?? null);
  await transaction.query(sql.unsafe`
    with source as (
      update certs.sources
      set last_seen = greatest(last_seen, ${at(observedAt)}),
        etag = case when ${validators !== null} then ${etag}::text else etag end,
        last_modified = case when ${validators !== null} then ${lastModified}::text else last_modified end
      where name = ${source}
    )
    update certs.source_bundles set last_seen = greatest(last_seen, ${at(observedAt)})
    where source = ${source} and bundle_sha256 = ${digest(bundleSha256)}
  `);
}

/** Outside of signed lists alone: nobody changes those by their entries. */
async function readCarried(
  connection: CommonQueryMethods,
  source: string,
): Promise<NonNullable<Known["trust"]>["carried"]> {
  const rows = await connection.any(sql.type(v.object({ sha256: hexColumn, origin: v.nullable(v.string()) }))`
    select crl_sha256 as sha256, max(origin) as origin from certs.crl_carriage
    where source = ${source} and until is null and found_in <> 'envelope'
    group by crl_sha256
    order by crl_sha256
  `);
  return new Map(rows.map(({ sha256, origin }) => [sha256, { origin }]));
}

/** The highest version of the directories; null if none has one, nobody verified the bundle, or its versions are disputed. */
function directoryVersionOf({ bundle, judgment }: Snapshot): number | null {
  if (judgment.objects.some(({ evidence }) => evidence?.level === "unverified")) return null;
  if (judgment.reasons.some(({ weight }) => weight !== "note")) return null;
  return bundle.directories
    .flatMap(({ versions }) => versions)
    .reduce<number | null>((most, version) => Math.max(most ?? 0, version), null);
}

/**
 * A validator as it was, or none: it is only of use if it is given back exactly as it came. Services write some ten to a
 * hundred characters.
 */
function storableValidator(validator: string | null): string | null {
  return validator !== null && /^[\x20-\x7e\x80-\xff]{1,1024}$/.test(validator) ? validator : null;
}

const sourceRow = v.object({
  bundle_sha256: hexColumn,
  etag: v.nullable(v.string()),
  last_modified: v.nullable(v.string()),
  policy: v.nullable(v.string()),
  state: v.nullable(v.string()),
  directory_version: v.nullable(v.number()),
});

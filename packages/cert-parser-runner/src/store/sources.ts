/**
 * Sources: what each last gave, and which certificates it lists.
 *
 * @module
 */

import type { Confirmation, Known, Snapshot, Validators } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { byteaFromHex } from "./bytea.ts";
import { readKnownTrust } from "./known-trust.ts";
import { readListed } from "./listings.ts";
import { masterListIssuer, signingTimeOf } from "./signed-by.ts";
import { instant, optionalInstant, storableOptionalText } from "./storable-text.ts";

/** What is held of a source, without its certificates. */
export interface SourceState {
  /** SHA-256 of the last accepted bundle, lower-case hex. */
  readonly bundleSha256: string;
  /** Signing time of the last accepted bundle; null where it had none. */
  readonly signingTime: Date | null;
  /** What came with the last accepted bundle. */
  readonly validators: Validators;
  /** When the last accepted bundle was last seen to be what the source gives. */
  readonly lastSeen: Date;
  /** Fingerprint of the policy that it was accepted by; null where it is to be judged anew. */
  readonly policy: string | null;
}

/** Reads what is held of a source; undefined before its first accepted bundle. */
export async function readSource(
  connection: CommonQueryMethods,
  source: string,
): Promise<SourceState | undefined> {
  const row = await connection.maybeOne(sql.type(sourceRow)`
    select encode(bundle_sha256, 'hex') as bundle_sha256,
      (extract(epoch from signing_time) * 1000)::float8 as signing_time,
      etag, last_modified, policy,
      (extract(epoch from last_seen) * 1000)::float8 as last_seen
    from certs.sources
    where name = ${source}
  `);
  if (row === null) return undefined;
  return {
    bundleSha256: row.bundle_sha256,
    signingTime: row.signing_time === null ? null : new Date(row.signing_time),
    validators: { etag: row.etag, lastModified: row.last_modified },
    lastSeen: new Date(row.last_seen),
    policy: row.policy,
  };
}

/** Reads what the trust policy compares with. */
export async function readKnown(connection: CommonQueryMethods, source: string): Promise<Known> {
  const state = await readSource(connection, source);
  return {
    source,
    listed: state === undefined ? new Map() : await readListed(connection, source, state.policy === null),
    bundleSha256: state?.bundleSha256 ?? null,
    signingTime: state?.signingTime ?? null,
    validators: state?.validators ?? { etag: null, lastModified: null },
    policy: state?.policy ?? null,
    trust: await readKnownTrust(connection, source),
  };
}

/** Makes the snapshot's bundle the source's last one. The bundle must be archived already. */
export async function saveSource(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const at = instant(snapshot.observedAt);
  const { etag, lastModified } = snapshot.validators;
  await transaction.query(sql.unsafe`
    insert into certs.sources as held (name, bundle_sha256, signing_time, etag, last_modified, master_list_issuer,
      master_list_issuer_since, first_seen, last_seen, policy, directory_version)
    values (${snapshot.source}, ${sql.binary(byteaFromHex(snapshot.bundle.sha256))},
      ${optionalInstant(signingTimeOf(snapshot.bundle))}::timestamptz,
      ${storableValidator(etag)}, ${storableValidator(lastModified)},
      ${storableOptionalText(masterListIssuer(snapshot))}, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz,
      ${snapshot.policy}, ${directoryVersionOf(snapshot)}::int4)
    on conflict (name) do update
    set bundle_sha256 = excluded.bundle_sha256, signing_time = excluded.signing_time,
      etag = excluded.etag, last_modified = excluded.last_modified,
      master_list_issuer = excluded.master_list_issuer,
      master_list_issuer_since = case
        when held.master_list_issuer is distinct from excluded.master_list_issuer then excluded.last_seen
        else held.master_list_issuer_since
      end,
      last_seen = greatest(held.last_seen, excluded.last_seen), policy = excluded.policy,
      directory_version = coalesce(excluded.directory_version, held.directory_version)
  `);
}

/** The highest version of the directories; null where none says, and where nobody verified what would be compared with it. */
function directoryVersionOf({ bundle, judgments }: Snapshot): number | null {
  if (judgments.some(({ evidence }) => evidence?.level === "unverified")) return null;
  return bundle.directories
    .flatMap(({ versions }) => versions)
    .reduce<number | null>((most, version) => Math.max(most ?? 0, version), null);
}

/** Moves on when the source's bundle was last seen to be what it gives, and what it came with where it came again. */
export async function saveSeen(
  transaction: DatabaseTransactionConnection,
  { source, bundleSha256, observedAt, validators }: Confirmation,
): Promise<void> {
  const at = instant(observedAt);
  const etag = storableValidator(validators?.etag ?? null);
  const lastModified = storableValidator(validators?.lastModified ?? null);
  await transaction.query(sql.unsafe`
    with source as (
      update certs.sources
      set last_seen = greatest(last_seen, ${at}::timestamptz),
        etag = case when ${validators !== null} then ${etag}::text else etag end,
        last_modified = case when ${validators !== null} then ${lastModified}::text else last_modified end
      where name = ${source}
    )
    update certs.source_bundles set last_seen = greatest(last_seen, ${at}::timestamptz)
    where source = ${source} and bundle_sha256 = ${sql.binary(byteaFromHex(bundleSha256))}
  `);
}

/**
 * A validator as it was, or none: it is only of use where it is given back exactly as it came. Services write some ten
 * to a hundred characters.
 */
function storableValidator(validator: string | null): string | null {
  return validator !== null && /^[\x20-\x7e\x80-\xff]{1,1024}$/.test(validator) ? validator : null;
}

const sourceRow = v.object({
  bundle_sha256: v.string(),
  signing_time: v.nullable(v.number()),
  etag: v.nullable(v.string()),
  last_modified: v.nullable(v.string()),
  last_seen: v.number(),
  policy: v.nullable(v.string()),
});

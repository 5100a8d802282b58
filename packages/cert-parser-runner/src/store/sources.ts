/**
 * Sources: what each last gave, and which certificates it lists.
 *
 * @module
 */

import type { Known, Snapshot } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { byteaFromHex } from "./bytea.ts";
import { readListed } from "./listings.ts";
import { masterListIssuer, signingTimeOf } from "./signed-by.ts";
import { instant, optionalInstant, storableOptionalText } from "./storable-text.ts";

/** What is held of a source, without its certificates. */
export interface SourceState {
  /** SHA-256 of the last accepted bundle, lower-case hex. */
  readonly bundleSha256: string;
  /** Signing time of the last accepted bundle; null where it had none. */
  readonly signingTime: Date | null;
  /** When a bundle was last accepted. */
  readonly lastSeen: Date;
}

/** Reads what is held of a source; undefined before its first accepted bundle. */
export async function readSource(
  connection: CommonQueryMethods,
  source: string,
): Promise<SourceState | undefined> {
  const row = await connection.maybeOne(
    sql.type(
      v.object({ bundle_sha256: v.string(), signing_time: v.nullable(v.number()), last_seen: v.number() }),
    )`
      select encode(bundle_sha256, 'hex') as bundle_sha256,
        (extract(epoch from signing_time) * 1000)::float8 as signing_time,
        (extract(epoch from last_seen) * 1000)::float8 as last_seen
      from certs.sources
      where name = ${source}
    `,
  );
  if (row === null) return undefined;
  return {
    bundleSha256: row.bundle_sha256,
    signingTime: row.signing_time === null ? null : new Date(row.signing_time),
    lastSeen: new Date(row.last_seen),
  };
}

/** Reads what the trust policy compares with. */
export async function readKnown(connection: CommonQueryMethods, source: string): Promise<Known> {
  const state = await readSource(connection, source);
  return {
    source,
    listed: state === undefined ? new Map() : await readListed(connection, source),
    bundleSha256: state?.bundleSha256 ?? null,
    signingTime: state?.signingTime ?? null,
  };
}

/** Makes the snapshot's bundle the source's last one. The bundle must be archived already. */
export async function saveSource(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
): Promise<void> {
  const at = instant(snapshot.observedAt);
  await transaction.query(sql.unsafe`
    insert into certs.sources as held (name, bundle_sha256, signing_time, master_list_issuer,
      master_list_issuer_since, first_seen, last_seen)
    values (${snapshot.source}, ${sql.binary(byteaFromHex(snapshot.bundle.sha256))},
      ${optionalInstant(signingTimeOf(snapshot.bundle))}::timestamptz,
      ${storableOptionalText(masterListIssuer(snapshot))}, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (name) do update
    set bundle_sha256 = excluded.bundle_sha256, signing_time = excluded.signing_time,
      master_list_issuer = excluded.master_list_issuer,
      master_list_issuer_since = case
        when held.master_list_issuer is distinct from excluded.master_list_issuer then excluded.last_seen
        else held.master_list_issuer_since
      end,
      last_seen = greatest(held.last_seen, excluded.last_seen)
  `);
}

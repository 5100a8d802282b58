/**
 * Which source lists which certificate, and since when no longer.
 *
 * @module
 */

import type { CertificateEntry, CertificateRecord } from "cert-parser-core";
import { type CommonQueryMethods, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { batches } from "./batches.ts";
import { byteaFromHex } from "./bytea.ts";
import { type Column, columnNames, unnestRows } from "./columns.ts";
import type { Observation } from "./observation.ts";
import { instant } from "./storable-text.ts";
import { throwIfCancelled } from "./store-lock.ts";

/** One certificate as a source lists it, however often it does. */
export interface Listing {
  /** The record of its first occurrence. */
  readonly record: CertificateRecord;
  readonly occurrences: number;
}

/** The listings of a snapshot: one for each certificate and place where it was found. */
export function listingsOf(entries: Iterable<CertificateEntry>): readonly Listing[] {
  const listings = new Map<string, Listing>();
  for (const { record } of entries) {
    const key = `${record.sha256} ${record.foundIn}`;
    const known = listings.get(key);
    if (known === undefined) listings.set(key, { record, occurrences: 1 });
    else {
      const first = record.index < known.record.index ? record : known.record;
      listings.set(key, { record: first, occurrences: known.occurrences + 1 });
    }
  }
  return [...listings.values()];
}

/** What a source lists now, by SHA-256, with the end of validity; the envelope's certificates are beside the list. */
export async function readListed(
  connection: CommonQueryMethods,
  source: string,
): Promise<ReadonlyMap<string, { readonly notAfter: Date }>> {
  const rows = await connection.any(
    sql.type(v.object({ sha256: v.string(), not_after: v.number() }))`
      select distinct encode(certificate.sha256, 'hex') as sha256,
        (extract(epoch from certificate.not_after) * 1000)::float8 as not_after
      from certs.listings as listing
      join certs.certificates as certificate on certificate.sha256 = listing.certificate_sha256
      where listing.source = ${source} and listing.absent_since is null and listing.found_in <> 'envelope'
    `,
  );
  return new Map(rows.map(({ sha256, not_after }) => [sha256, { notAfter: new Date(not_after) }]));
}

/** Brings the listings of a source in step: new ones, those that came back, and those that are absent now. */
export async function saveListings(
  transaction: DatabaseTransactionConnection,
  listings: readonly Listing[],
  observation: Observation,
  signal: AbortSignal,
): Promise<void> {
  for (const batch of batches(listings, batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(saveBatch(batch, observation));
  }
  throwIfCancelled(signal);
  await transaction.query(markAbsent(listings, observation));
  if (observation.bundleIsNew) await transaction.query(markSeen(observation));
}

function saveBatch(batch: readonly Listing[], { source, observedAt, bundleIsNew }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    with incoming as (
      select * from ${unnestRows(columns, batch)} as incoming (${columnNames(columns)})
    ), inserted as (
      insert into certs.listings (source, ${columnNames(columns)}, first_seen, last_seen, updated_at)
      select ${source}, ${columnNames(columns, "incoming")},
        ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      from incoming
      on conflict do nothing
    )
    update certs.listings as held
    set position = incoming.position, occurrences = incoming.occurrences, verdict = incoming.verdict,
      last_seen = case when ${bundleIsNew} then greatest(held.last_seen, ${at}::timestamptz) else held.last_seen end,
      absent_since = null,
      updated_at = case when held.absent_since is null then held.updated_at else ${at}::timestamptz end
    from incoming
    where held.source = ${source}
      and held.certificate_sha256 = incoming.certificate_sha256 and held.found_in = incoming.found_in
      and (${bundleIsNew} or held.absent_since is not null
        or (held.position, held.occurrences, held.verdict)
          is distinct from (incoming.position, incoming.occurrences, incoming.verdict))
  `;
}

function markAbsent(listings: readonly Listing[], { source, observedAt, previouslySeen }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.listings as held
    set absent_since = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      last_seen = greatest(held.last_seen, ${previouslySeen && instant(previouslySeen)}::timestamptz)
    where held.source = ${source} and held.absent_since is null
      and not exists (
        select from ${unnestRows(keyColumns, listings)} as present (${columnNames(keyColumns)})
        where present.certificate_sha256 = held.certificate_sha256 and present.found_in = held.found_in
      )
  `;
}

function markSeen({ source, observedAt }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.certificates as certificate
    set last_seen = ${at}::timestamptz
    where certificate.last_seen < ${at}::timestamptz
      and certificate.sha256 in (
        select certificate_sha256 from certs.listings where source = ${source} and absent_since is null
      )
  `;
}

const batchSize = 1000;

const keyColumns: readonly Column<Listing>[] = [
  { name: "certificate_sha256", type: "bytea", value: ({ record }) => byteaFromHex(record.sha256) },
  { name: "found_in", type: "text", value: ({ record }) => record.foundIn },
];

const columns: readonly Column<Listing>[] = [
  ...keyColumns,
  { name: "position", type: "int4", value: ({ record }) => record.index },
  { name: "occurrences", type: "int4", value: ({ occurrences }) => occurrences },
  { name: "verdict", type: "text", value: ({ record }) => record.verdict },
];

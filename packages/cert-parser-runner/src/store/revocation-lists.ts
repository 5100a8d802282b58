/**
 * CRLs in the store with their entries: each once, whoever carries it.
 *
 * @module
 */

import { type CrlEntry, fromHex, parseName, type RevokedCertificateRecord } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { batches } from "./batches.ts";
import { bytea, byteaFromHex, byteaFromOptionalHex } from "./bytea.ts";
import { assignments, type Column, columnNames, unnestRows } from "./columns.ts";
import { directoryEntryOf } from "./listings.ts";
import type { Observation } from "./observation.ts";
import { predecessorCountry, predecessorIssuer } from "./predecessor-names.ts";
import { stableUuid } from "./stable-uuid.ts";
import {
  instant,
  optionalTimestamptz,
  storableOptionalText,
  storableText,
  timestamptz,
} from "./storable-text.ts";
import { storeError } from "./store-error.ts";
import { throwIfCancelled } from "./store-lock.ts";

/** What {@link saveRevocationLists} added. */
export interface RevocationListChanges {
  readonly crlsAdded: number;
  readonly revokedAdded: number;
}

/**
 * Adds the CRLs that the store does not hold, with their entries, and brings in step which ones the source carries. With a
 * delta only those of `removals` are absent from now on.
 */
export async function saveRevocationLists(
  transaction: DatabaseTransactionConnection,
  entries: readonly CrlEntry[],
  observation: Observation,
  signal: AbortSignal,
  removals: ReadonlySet<string> | null = null,
): Promise<RevocationListChanges> {
  const distinct = [...new Map(entries.map((entry) => [entry.record.sha256, entry])).values()];
  let crlsAdded = 0;
  let revokedAdded = 0;
  for (const batch of batches(distinct, crlBatchSize)) {
    throwIfCancelled(signal);
    const rows = await transaction.any(saveBatch(batch, instant(observation.observedAt)));
    const added = new Set(rows.map(({ sha256 }) => sha256));
    for (const entry of batch) {
      if (!added.has(entry.record.sha256)) continue;
      crlsAdded += 1;
      revokedAdded += await saveEntries(transaction, entry, signal);
    }
  }
  await saveCrlListings(transaction, entries, observation, signal);
  await transaction.query(
    removals === null ? markAbsent(entries, observation) : markRemoved(entries, removals, observation),
  );
  if (observation.bundleIsNew) await transaction.query(markSeen(observation));
  return { crlsAdded, revokedAdded };
}

function saveBatch(batch: readonly CrlEntry[], at: string) {
  return sql.type(v.object({ sha256: v.string() }))`
    with incoming as (
      select * from ${unnestRows(crlColumns, batch)} as incoming (${columnNames(crlColumns)})
    ), inserted as (
      insert into certs.revocation_lists (${columnNames(crlColumns)}, first_seen, last_seen, updated_at)
      select ${columnNames(crlColumns, "incoming")}, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      from incoming
      on conflict (sha256) do nothing
      returning sha256
    ), corrected as (
      update certs.revocation_lists as held
      set ${assignments(readings)}, updated_at = ${at}::timestamptz
      from incoming
      where held.sha256 = incoming.sha256
        and (${columnNames(readings, "held")}) is distinct from (${columnNames(readings, "incoming")})
    )
    select encode(sha256, 'hex') as sha256 from inserted
  `;
}

/** Reads the entries while it writes them: a CRL of a million entries is never in memory as a whole. */
async function saveEntries(
  transaction: DatabaseTransactionConnection,
  { record, entries }: CrlEntry,
  signal: AbortSignal,
): Promise<number> {
  let saved = 0;
  for (const batch of batches(entries, entryBatchSize)) {
    throwIfCancelled(signal);
    const first = saved;
    await transaction.query(sql.unsafe`
      insert into certs.revoked_certificates (crl_sha256, position, ${columnNames(entryColumns)})
      select ${sql.binary(byteaFromHex(record.sha256))}::bytea, ${first}::int4 + (incoming.ordinality - 1)::int4,
        ${columnNames(entryColumns, "incoming")}
      from ${unnestRows(entryColumns, batch)} with ordinality as incoming (${columnNames(entryColumns)}, ordinality)
    `);
    saved += batch.length;
  }
  // An iterable that was walked before gives nothing: a CRL that revokes no one would be stored as if it were right.
  if (saved !== record.revokedCertificates) {
    throw storeError(
      "STORE_CONSTRAINT",
      `CRL ${record.sha256} has ${record.revokedCertificates} entries by its record, but ${saved} were given`,
    );
  }
  return saved;
}

async function saveCrlListings(
  transaction: DatabaseTransactionConnection,
  entries: readonly CrlEntry[],
  { source, observedAt, bundleIsNew }: Observation,
  signal: AbortSignal,
): Promise<void> {
  const at = instant(observedAt);
  for (const batch of batches(firstOccurrences(entries), crlBatchSize)) {
    throwIfCancelled(signal);
    await transaction.query(sql.unsafe`
      insert into certs.revocation_list_listings as held
        (source, ${columnNames(listingColumns)}, speaks_for, first_seen, last_seen, updated_at)
      select ${source}, ${columnNames(listingColumns, "incoming")},
        array(select decode(key, 'hex') from unnest(string_to_array(incoming.keys, ' ')) as key),
        ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      from ${unnestRows([...listingColumns, keysColumn], batch)}
        as incoming (${columnNames([...listingColumns, keysColumn])})
      on conflict (source, crl_sha256, found_in) do update
      set position = excluded.position, verdict = excluded.verdict, issuer_key_sha256 = excluded.issuer_key_sha256,
        origin = excluded.origin, speaks_for = excluded.speaks_for,
        last_seen = case when ${bundleIsNew} then greatest(held.last_seen, excluded.last_seen) else held.last_seen end,
        absent_since = null,
        updated_at = case when held.absent_since is null and held.verdict = excluded.verdict then held.updated_at
          else excluded.updated_at end
      where ${bundleIsNew} or held.absent_since is not null
        or (held.position, held.verdict, held.issuer_key_sha256, held.origin, held.speaks_for)
          is distinct from (excluded.position, excluded.verdict, excluded.issuer_key_sha256, excluded.origin,
            excluded.speaks_for)
    `);
  }
  throwIfCancelled(signal);
}

function markAbsent(entries: readonly CrlEntry[], { source, observedAt, previouslySeen }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.revocation_list_listings as held
    set absent_since = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      last_seen = greatest(held.last_seen, ${previouslySeen && instant(previouslySeen)}::timestamptz)
    where held.source = ${source} and held.absent_since is null
      and not exists (
        select from ${unnestRows(keyColumns, entries)} as present (${columnNames(keyColumns)})
        where present.crl_sha256 = held.crl_sha256 and present.found_in = held.found_in
      )
  `;
}

function markRemoved(
  entries: readonly CrlEntry[],
  removals: ReadonlySet<string>,
  { source, observedAt, previouslySeen }: Observation,
) {
  const at = instant(observedAt);
  const present = new Set(entries.map(({ record }) => record.sha256));
  const gone = [...removals].filter((sha256) => !present.has(sha256));
  return sql.unsafe`
    update certs.revocation_list_listings as held
    set absent_since = ${at}::timestamptz, updated_at = ${at}::timestamptz,
      last_seen = greatest(held.last_seen, ${previouslySeen && instant(previouslySeen)}::timestamptz)
    where held.source = ${source} and held.absent_since is null and held.found_in = 'ldif'
      and held.crl_sha256 in (
        select decode(sha256, 'hex') from unnest(${sql.array(gone, "text")}) as removed (sha256)
      )
  `;
}

function markSeen({ source, observedAt }: Observation) {
  const at = instant(observedAt);
  return sql.unsafe`
    update certs.revocation_lists as list
    set last_seen = ${at}::timestamptz
    where list.last_seen < ${at}::timestamptz
      and list.sha256 in (
        select crl_sha256 from certs.revocation_list_listings where source = ${source} and absent_since is null
      )
  `;
}

function firstOccurrences(entries: readonly CrlEntry[]): Iterable<CrlEntry> {
  const first = new Map<string, CrlEntry>();
  for (const entry of entries) {
    const key = `${entry.record.sha256} ${entry.record.foundIn}`;
    const known = first.get(key);
    if (known === undefined || entry.record.index < known.record.index) first.set(key, entry);
  }
  return first.values();
}

const crlBatchSize = 1000;
const entryBatchSize = 10_000;

/** What was read from the bytes: a later version of the reader may read more. */
const readings: readonly Column<CrlEntry>[] = [
  { name: "version", type: "int4", value: ({ record }) => record.version },
  { name: "issuer", type: "text", value: ({ record }) => storableText(record.issuer) },
  { name: "issuer_der", type: "bytea", value: ({ record }) => byteaFromHex(record.issuerDer) },
  { name: "country", type: "text", value: ({ record }) => storableOptionalText(record.country) },
  { name: "this_update", type: "timestamptz", value: ({ record }) => timestamptz(record.thisUpdate) },
  { name: "next_update", type: "timestamptz", value: ({ record }) => optionalTimestamptz(record.nextUpdate) },
  { name: "crl_number", type: "bytea", value: ({ record }) => byteaFromOptionalHex(record.crlNumber) },
  {
    name: "authority_key_identifier",
    type: "bytea",
    value: ({ record }) => byteaFromOptionalHex(record.authorityKeyIdentifier),
  },
  { name: "signature_algorithm", type: "text", value: ({ record }) => record.signatureAlgorithm },
  {
    name: "predecessor_issuer",
    type: "text",
    value: ({ record }) => storableText(predecessorIssuer(parseName(fromHex(record.issuerDer)))),
  },
  {
    name: "predecessor_country",
    type: "text",
    value: ({ record }) => storableOptionalText(predecessorCountry(parseName(fromHex(record.issuerDer)))),
  },
];

const crlColumns: readonly Column<CrlEntry>[] = [
  { name: "sha256", type: "bytea", value: ({ record }) => byteaFromHex(record.sha256) },
  { name: "id", type: "uuid", value: ({ record }) => stableUuid(record.sha256) },
  { name: "der", type: "bytea", value: ({ der }) => bytea(der) },
  { name: "revoked_count", type: "int4", value: ({ record }) => record.revokedCertificates },
  ...readings,
];

const entryColumns: readonly Column<RevokedCertificateRecord>[] = [
  { name: "serial_number", type: "bytea", value: ({ serialNumber }) => byteaFromHex(serialNumber) },
  {
    name: "revocation_date",
    type: "timestamptz",
    value: ({ revocationDate }) => timestamptz(revocationDate),
  },
  { name: "reason", type: "text", value: ({ reason }) => storableOptionalText(reason) },
];

const keyColumns: readonly Column<CrlEntry>[] = [
  { name: "crl_sha256", type: "bytea", value: ({ record }) => byteaFromHex(record.sha256) },
  { name: "found_in", type: "text", value: ({ record }) => record.foundIn },
];

const listingColumns: readonly Column<CrlEntry>[] = [
  ...keyColumns,
  { name: "position", type: "int4", value: ({ record }) => record.index },
  { name: "verdict", type: "text", value: ({ standing }) => standing?.verdict ?? "unchecked" },
  {
    name: "issuer_key_sha256",
    type: "bytea",
    value: ({ standing }) => byteaFromOptionalHex(standing?.issuerKeySha256 ?? null),
  },
  { name: "origin", type: "text", value: ({ record }) => directoryEntryOf(record) },
];

/** Parted by spaces: an array of arrays cannot be taken apart in rows. */
const keysColumn: Column<CrlEntry> = {
  name: "keys",
  type: "text",
  value: ({ standing }) => standing?.keys.join(" ") ?? "",
};

/**
 * CRLs in the store with their entries: each once, whoever carries it. One that was accepted stays accepted.
 *
 * @module
 */

import {
  type CrlEntry,
  fromHex,
  parseName,
  type RevokedCertificateRecord,
  type Snapshot,
} from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import {
  assignments,
  at,
  batches,
  bytea,
  byteaFromHex,
  byteaFromOptionalHex,
  type Column,
  columnNames,
  digest,
  hexColumn,
  optionalTimestamptz,
  storableOptionalText,
  storableText,
  timestamptz,
  unnestRows,
} from "./columns.ts";
import { predecessorCountry, predecessorIssuer } from "./predecessor-names.ts";
import { stableUuid } from "./stable-uuid.ts";
import { storeError } from "./store-error.ts";
import { throwIfCancelled } from "./transactions.ts";

/** What {@link saveRevocationLists} added. */
export interface RevocationListChanges {
  readonly crlsAdded: number;
  readonly revokedAdded: number;
}

/** Adds the CRLs that the store does not hold, with their entries, and what was found out about the others. */
export async function saveRevocationLists(
  transaction: DatabaseTransactionConnection,
  { crls, observedAt }: Snapshot,
  signal: AbortSignal,
): Promise<RevocationListChanges> {
  let crlsAdded = 0;
  let revokedAdded = 0;
  for (const batch of batches(distinct(crls), crlBatchSize)) {
    throwIfCancelled(signal);
    const added = new Set(await transaction.anyFirst(saveBatch(batch, observedAt)));
    for (const entry of batch) {
      if (!added.has(entry.record.sha256)) continue;
      crlsAdded += 1;
      revokedAdded += await saveEntries(transaction, entry, signal);
    }
  }
  return { crlsAdded, revokedAdded };
}

function saveBatch(batch: readonly CrlEntry[], observedAt: Date) {
  const isNews = sql.fragment`(incoming.verdict <> 'unchecked' and held.verdict <> 'accepted'
    and (held.verdict, held.issuer_key_sha256) is distinct from (incoming.verdict, incoming.issuer_key_sha256))`;
  const isReadOtherwise = sql.fragment`
    ((${columnNames(readings, "held")}) is distinct from (${columnNames(readings, "incoming")}))`;
  return sql.type(v.object({ sha256: hexColumn }))`
    with incoming as (
      select * from ${unnestRows(columns, batch)} as incoming (${columnNames(columns)})
    ), inserted as (
      insert into certs.revocation_lists (${columnNames(columns)}, accepted_at, first_seen, updated_at)
      select ${columnNames(columns, "incoming")}, case when verdict = 'accepted' then ${at(observedAt)} end,
        ${at(observedAt)}, ${at(observedAt)}
      from incoming
      on conflict (sha256) do nothing
      returning sha256
    ), corrected as (
      update certs.revocation_lists as held
      set ${assignments(readings)},
        verdict = case when ${isNews} then incoming.verdict else held.verdict end,
        issuer_key_sha256 = case when ${isNews} then incoming.issuer_key_sha256 else held.issuer_key_sha256 end,
        accepted_at = case when ${isNews} and incoming.verdict = 'accepted' then ${at(observedAt)}
          else held.accepted_at end,
        updated_at = ${at(observedAt)}
      from incoming
      where held.sha256 = incoming.sha256 and (${isReadOtherwise} or ${isNews})
    )
    select sha256 from inserted
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
      select ${digest(record.sha256)}, ${first}::int4 + (incoming.ordinality - 1)::int4,
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

/** Of several copies, the one that was accepted. */
function distinct(entries: readonly CrlEntry[]): Iterable<CrlEntry> {
  const best = new Map<string, CrlEntry>();
  for (const entry of entries) {
    const before = best.get(entry.record.sha256);
    if (before === undefined || before.standing?.verdict !== "accepted") best.set(entry.record.sha256, entry);
  }
  return best.values();
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

const columns: readonly Column<CrlEntry>[] = [
  { name: "sha256", type: "bytea", value: ({ record }) => byteaFromHex(record.sha256) },
  { name: "id", type: "uuid", value: ({ record }) => stableUuid(record.sha256) },
  { name: "der", type: "bytea", value: ({ der }) => bytea(der) },
  { name: "revoked_count", type: "int4", value: ({ record }) => record.revokedCertificates },
  ...readings,
  { name: "verdict", type: "text", value: ({ standing }) => standing?.verdict ?? "unchecked" },
  {
    name: "issuer_key_sha256",
    type: "bytea",
    value: ({ standing }) => byteaFromOptionalHex(standing?.issuerKeySha256 ?? null),
  },
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

/**
 * The keys of all CSCAs, as the state of trust has them, and which of them speaks for which.
 *
 * @module
 */

import type { TrustState } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import {
  byteaFromHex,
  byteaFromOptionalHex,
  type Column,
  columnNames,
  digests,
  hexColumn,
  instant,
  optionalInstant,
  storableText,
  unnestRows,
} from "./columns.ts";

/** Writes what differs. */
export async function saveKeys(transaction: DatabaseTransactionConnection, state: TrustState): Promise<void> {
  const wanted = keysOf(state);
  const held = new Map((await readKeys(transaction)).map((key) => [key.keySha256, textOf(key)]));
  const changed = wanted.filter((key) => held.get(key.keySha256) !== textOf(key));
  if (changed.length > 0) {
    await transaction.query(sql.unsafe`
      insert into certs.keys (${columnNames(columns)}, countries)
      select ${columnNames(columns, "incoming")}, array(select jsonb_array_elements_text(incoming.countries::jsonb))
      from ${unnestRows([...columns, countriesColumn], changed)}
        as incoming (${columnNames([...columns, countriesColumn])})
      on conflict (key_sha256) do update
      set (${columnNames(columns)}, countries) = (${columnNames(columns, "excluded")}, excluded.countries)
    `);
  }
  const names = new Set(wanted.map(({ keySha256 }) => keySha256));
  const gone = [...held.keys()].filter((keySha256) => !names.has(keySha256));
  if (gone.length > 0) {
    await transaction.query(sql.unsafe`delete from certs.keys where key_sha256 = any(${digests(gone)})`);
  }
  await saveVoices(transaction, state);
}

interface KeyRow {
  readonly keySha256: string;
  readonly countries: readonly string[];
  readonly since: Date | null;
  readonly notAfter: Date;
  readonly usageEnd: Date;
  readonly isRetired: boolean;
  readonly withdrawnSince: Date | null;
  readonly isRevoked: boolean;
  readonly revokedBy: string | null;
}

function keysOf({ lineage, retiredKeys, revokedKeys, withdrawnKeys }: TrustState): readonly KeyRow[] {
  return [...lineage.keys.values()].map(({ keySha256, countries, since, notAfter, usageEnd }) => ({
    keySha256,
    countries: [...countries].map(storableText).toSorted(),
    since: since ?? null,
    notAfter,
    usageEnd,
    isRetired: retiredKeys.has(keySha256),
    withdrawnSince: withdrawnKeys.get(keySha256) ?? null,
    isRevoked: revokedKeys.has(keySha256),
    revokedBy: revokedKeys.get(keySha256)?.crlSha256 ?? null,
  }));
}

async function readKeys(transaction: DatabaseTransactionConnection): Promise<readonly KeyRow[]> {
  const rows = await transaction.any(
    sql.type(keyRow)`select ${columnNames(columns)}, countries from certs.keys`,
  );
  return rows.map((row) => ({
    keySha256: row.key_sha256,
    countries: row.countries,
    since: row.since,
    notAfter: row.not_after,
    usageEnd: row.usage_end,
    isRetired: row.is_retired,
    withdrawnSince: row.withdrawn_since,
    isRevoked: row.is_revoked,
    revokedBy: row.revoked_by,
  }));
}

function textOf(key: KeyRow): string {
  const { keySha256, countries, since, notAfter, usageEnd, isRetired, withdrawnSince, isRevoked, revokedBy } =
    key;
  const times = [since, notAfter, usageEnd, withdrawnSince].map((time) => time?.getTime() ?? null);
  return JSON.stringify([keySha256, countries, times, isRetired, isRevoked, revokedBy]);
}

interface Voice {
  readonly speaker: string;
  readonly key: string;
}

async function saveVoices(
  transaction: DatabaseTransactionConnection,
  { lineage }: TrustState,
): Promise<void> {
  const wanted = [...lineage.keys.keys()].flatMap((speaker) =>
    [...lineage.spokenForBy(speaker)]
      .filter((key) => lineage.keys.has(key))
      .map((key): Voice => ({ speaker, key })),
  );
  const rows = await transaction.any(
    sql.type(voiceRow)`select speaker_sha256, key_sha256 from certs.key_voices`,
  );
  const held = new Set(rows.map(({ speaker_sha256, key_sha256 }) => `${speaker_sha256} ${key_sha256}`));
  const added = wanted.filter(({ speaker, key }) => !held.delete(`${speaker} ${key}`));
  if (added.length > 0) {
    await transaction.query(sql.unsafe`
      insert into certs.key_voices (${columnNames(voiceColumns)})
      select * from ${unnestRows(voiceColumns, added)} as incoming (${columnNames(voiceColumns)})
    `);
  }
  const gone = [...held].map((pair): Voice => {
    const [speaker = "", key = ""] = pair.split(" ");
    return { speaker, key };
  });
  if (gone.length === 0) return;
  await transaction.query(sql.unsafe`
    delete from certs.key_voices as held
    using ${unnestRows(voiceColumns, gone)} as incoming (${columnNames(voiceColumns)})
    where held.speaker_sha256 = incoming.speaker_sha256 and held.key_sha256 = incoming.key_sha256
  `);
}

const columns: readonly Column<KeyRow>[] = [
  { name: "key_sha256", type: "bytea", value: ({ keySha256 }) => byteaFromHex(keySha256) },
  { name: "since", type: "timestamptz", value: ({ since }) => optionalInstant(since) },
  { name: "not_after", type: "timestamptz", value: ({ notAfter }) => instant(notAfter) },
  { name: "usage_end", type: "timestamptz", value: ({ usageEnd }) => instant(usageEnd) },
  { name: "is_retired", type: "bool", value: ({ isRetired }) => isRetired },
  {
    name: "withdrawn_since",
    type: "timestamptz",
    value: ({ withdrawnSince }) => optionalInstant(withdrawnSince),
  },
  { name: "is_revoked", type: "bool", value: ({ isRevoked }) => isRevoked },
  { name: "revoked_by", type: "bytea", value: ({ revokedBy }) => byteaFromOptionalHex(revokedBy) },
];

/** An array of arrays cannot be taken apart in rows. */
const countriesColumn: Column<KeyRow> = {
  name: "countries",
  type: "text",
  value: ({ countries }) => JSON.stringify(countries),
};

const voiceColumns: readonly Column<Voice>[] = [
  { name: "speaker_sha256", type: "bytea", value: ({ speaker }) => byteaFromHex(speaker) },
  { name: "key_sha256", type: "bytea", value: ({ key }) => byteaFromHex(key) },
];

const keyRow = v.object({
  key_sha256: hexColumn,
  countries: v.array(v.string()),
  since: v.nullable(v.date()),
  not_after: v.date(),
  usage_end: v.date(),
  is_retired: v.boolean(),
  withdrawn_since: v.nullable(v.date()),
  is_revoked: v.boolean(),
  revoked_by: v.nullable(hexColumn),
});

const voiceRow = v.object({ speaker_sha256: hexColumn, key_sha256: hexColumn });

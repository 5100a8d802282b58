/**
 * What a source gives, from when to when: a period begins when something is first seen, and ends when it is first missing.
 *
 * @module
 */

import type { FoundIn, TrustLevel } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { at, batches, byteaFromHex, type Column, columnNames, hexColumn, unnestRows } from "./columns.ts";
import { throwIfCancelled } from "./transactions.ts";

/** Something that a source gives, however often. */
export interface Presence {
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  readonly foundIn: FoundIn;
  /** The entry of the directory that it is in; null elsewhere. */
  readonly origin: string | null;
  /** The first of several. */
  readonly position: number;
  readonly occurrences: number;
  readonly level: TrustLevel;
}

/** A table of periods. */
export interface PresenceTable {
  readonly name: "crl_carriage" | "holdings";
  readonly item: "certificate_sha256" | "crl_sha256";
  /** What may change within a period, beside the identity. */
  readonly columns: readonly Column<Presence>[];
}

/** What a source gives now, and which of what it gave before ends with it. */
export interface Observed {
  readonly source: string;
  readonly observedAt: Date;
  readonly present: readonly Presence[];
  /** Whether something that is not present any more ends: what a delta does not name stays. */
  ends(held: Pick<Presence, "foundIn" | "level" | "sha256">): boolean;
}

const originColumns: readonly Column<Presence>[] = [
  { name: "origin", type: "text", value: ({ origin }) => origin },
  { name: "position", type: "int4", value: ({ position }) => position },
];

/** Certificates outside of accepted signed lists. */
export const holdings: PresenceTable = {
  name: "holdings",
  item: "certificate_sha256",
  columns: [
    ...originColumns,
    { name: "occurrences", type: "int4", value: ({ occurrences }) => occurrences },
    { name: "level", type: "text", value: ({ level }) => level },
  ],
};

/** CRLs. */
export const carriage: PresenceTable = { name: "crl_carriage", item: "crl_sha256", columns: originColumns };

/** Brings the periods of a source in step. Rows are written only for what changed. */
export async function savePresence(
  transaction: DatabaseTransactionConnection,
  table: PresenceTable,
  observed: Observed,
  signal: AbortSignal,
): Promise<void> {
  const held = await readHeld(transaction, table, observed.source);
  const present = new Map(observed.present.map((each) => [identityOf(each), each]));
  const begun = [...present].filter(([identity]) => !held.has(identity)).map(([, each]) => each);
  const changed = [...present.values()].flatMap((each) => {
    const before = held.get(identityOf(each));
    return before === undefined || isSame(table, before, each) ? [] : [{ ...each, id: before.id }];
  });
  const ended = [...held].filter(([identity, each]) => !present.has(identity) && observed.ends(each));
  for (const batch of batches(begun, batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(begin(table, batch, observed));
  }
  for (const batch of batches(changed, batchSize)) {
    throwIfCancelled(signal);
    await transaction.query(change(table, batch, observed));
  }
  await endPeriods(
    transaction,
    table,
    ended.map(([, { id }]) => id),
    observed.observedAt,
  );
}

/** Ends all periods of a source. */
export async function endPresence(
  transaction: DatabaseTransactionConnection,
  table: PresenceTable,
  source: string,
  instant: Date,
): Promise<void> {
  const held = await readHeld(transaction, table, source);
  const ids = [...held.values()].map(({ id }) => id);
  await endPeriods(transaction, table, ids, instant);
}

interface HeldPresence extends Pick<Presence, "foundIn" | "level" | "sha256"> {
  readonly id: bigint;
  /** The values of the table's columns, in their order. */
  readonly values: readonly unknown[];
}

async function readHeld(
  transaction: DatabaseTransactionConnection,
  { name, item, columns }: PresenceTable,
  source: string,
): Promise<ReadonlyMap<string, HeldPresence>> {
  const rows = await transaction.any(sql.type(heldRow)`
    select id, ${sql.identifier([item])} as sha256, found_in, ${columnNames(columns)}
    from ${sql.identifier(["certs", name])}
    where source = ${source} and until is null
  `);
  return new Map(
    rows.map(({ id, sha256, found_in: foundIn, level = "unverified", ...values }) => {
      const all: Readonly<Record<string, unknown>> = { ...values, level };
      const presence = { id, sha256, foundIn, level, values: columns.map((column) => all[column.name]) };
      return [identityOf(presence), presence];
    }),
  );
}

function isSame({ columns }: PresenceTable, held: HeldPresence, each: Presence): boolean {
  return columns.every((column, index) => column.value(each) === held.values[index]);
}

function begin(table: PresenceTable, batch: readonly Presence[], { source, observedAt }: Observed) {
  const columns = [...identityColumns(table), ...table.columns];
  return sql.unsafe`
    insert into ${sql.identifier(["certs", table.name])} (source, ${columnNames(columns)}, since, updated_at)
    select ${source}, ${columnNames(columns, "incoming")}, ${at(observedAt)}, ${at(observedAt)}
    from ${unnestRows(columns, batch)} as incoming (${columnNames(columns)})
  `;
}

function change(
  { name, columns }: PresenceTable,
  batch: readonly (Presence & { readonly id: bigint })[],
  { observedAt }: Observed,
) {
  const incoming: readonly Column<Presence & { readonly id: bigint }>[] = [idColumn, ...columns];
  const hasLevel = columns.some((column) => column.name === "level");
  const assigned = columns.map(
    (column) => sql.fragment`${sql.identifier([column.name])} = ${sql.identifier(["incoming", column.name])}`,
  );
  const updatedAt = hasLevel
    ? sql.fragment`case when held.level = incoming.level then held.updated_at else ${at(observedAt)} end`
    : sql.fragment`held.updated_at`;
  return sql.unsafe`
    update ${sql.identifier(["certs", name])} as held
    set ${sql.join(assigned, sql.fragment`, `)}, updated_at = ${updatedAt}
    from ${unnestRows(incoming, batch)} as incoming (${columnNames(incoming)})
    where held.id = incoming.id
  `;
}

async function endPeriods(
  transaction: DatabaseTransactionConnection,
  { name }: PresenceTable,
  ids: readonly bigint[],
  instant: Date,
): Promise<void> {
  if (ids.length === 0) return;
  // A clock that was set back must not make a period end before it began.
  await transaction.query(sql.unsafe`
    update ${sql.identifier(["certs", name])}
    set until = greatest(since, ${at(instant)}), updated_at = greatest(since, ${at(instant)})
    where id = any(${sql.array(ids.map(String), "int8")})
  `);
}

function identityOf({ sha256, foundIn }: Pick<Presence, "foundIn" | "sha256">): string {
  return `${sha256} ${foundIn}`;
}

function identityColumns({ item }: PresenceTable): readonly Column<Presence>[] {
  return [
    { name: item, type: "bytea", value: ({ sha256 }) => byteaFromHex(sha256) },
    { name: "found_in", type: "text", value: ({ foundIn }) => foundIn },
  ];
}

const idColumn: Column<{ readonly id: bigint }> = { name: "id", type: "int8", value: ({ id }) => String(id) };

// Within 2.1 times of COPY, measured; larger batches gain nothing.
const batchSize = 1000;

const heldRow = v.object({
  id: v.bigint(),
  sha256: hexColumn,
  found_in: v.picklist(["list", "envelope", "ldif", "file"]),
  origin: v.nullable(v.string()),
  position: v.number(),
  occurrences: v.optional(v.number()),
  level: v.optional(v.picklist(["verified", "unsigned", "unverified"])),
});

/**
 * Values on their way into the database and out of it: columns in bulk, digests, text and times.
 *
 * @module
 */

import { toHex } from "cert-parser-core";
import {
  type ArraySqlToken,
  type FragmentSqlToken,
  type ListSqlToken,
  type PrimitiveValueExpression,
  sql,
  type UnnestSqlToken,
} from "slonik";
import * as v from "valibot";

/** One column that is filled from a `Row`: one list for insert, update and comparison. */
export interface Column<Row> {
  readonly name: string;
  /** Name of the type, as in `pg_type`. */
  readonly type: "bool" | "bytea" | "int4" | "int8" | "text" | "timestamptz" | "uuid";
  value(row: Row): PrimitiveValueExpression;
}

/** `a, b, c`, or `prefix.a, prefix.b, prefix.c`. */
export function columnNames<Row>(columns: readonly Column<Row>[], prefix?: string): ListSqlToken {
  return sql.join(
    columns.map(({ name }) => sql.identifier(prefix === undefined ? [name] : [prefix, name])),
    sql.fragment`, `,
  );
}

/** `a = incoming.a, b = incoming.b`. */
export function assignments<Row>(columns: readonly Column<Row>[]): ListSqlToken {
  return sql.join(
    columns.map(
      ({ name }) => sql.fragment`${sql.identifier([name])} = ${sql.identifier(["incoming", name])}`,
    ),
    sql.fragment`, `,
  );
}

/** `unnest($1::type[], $2::type[], ...)` of the rows: one parameter a column, however many rows. */
export function unnestRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): UnnestSqlToken {
  return sql.unnest(
    rows.map((row) => columns.map((column) => column.value(row))),
    columns.map(({ type }) => type),
  );
}

/** Yields arrays of at most `size` members, in order, holding no more than one at a time. */
export function* batches<T>(members: Iterable<T>, size: number): Generator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for (const member of members) {
    batch.push(member);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** The bytes as the driver wants them, without copying them. */
export function bytea(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes of lower-case hex. Throws `TypeError` if it is not hex. */
export function byteaFromHex(hex: string): Buffer {
  const bytes = Buffer.from(hex, "hex");
  // Buffer.from stops at the first character that is no digit, and says nothing.
  if (bytes.length * 2 !== hex.length) throw new TypeError("not hexadecimal");
  return bytes;
}

/** The same for a value that may be absent. */
export function byteaFromOptionalHex(hex: string | null): Buffer | null {
  return hex === null ? null : byteaFromHex(hex);
}

/** A digest (lower-case hex) as a `bytea` parameter; null stays null. */
export function digest(hex: string | null): FragmentSqlToken {
  return hex === null ? sql.fragment`null::bytea` : sql.fragment`${sql.binary(byteaFromHex(hex))}::bytea`;
}

/** Digests as a `bytea[]` parameter. */
export function digests(hexes: Iterable<string>): ArraySqlToken {
  return sql.array(Array.from(hexes, byteaFromHex), "bytea");
}

/** A `bytea` column that reads as lower-case hex. */
export const hexColumn = v.pipe(
  v.instance(Uint8Array),
  v.transform((bytes) => toHex(bytes)),
);

/**
 * Text that a `text` column can hold: NUL is written as RFC 4514 writes it, and half a surrogate pair is replaced.
 * One certificate with such a name must not stop a run.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\\00");
}

/** The same for a value that may be absent. */
export function storableOptionalText(text: string | null): string | null {
  return text === null ? null : storableText(text);
}

/** JSON that a `jsonb` column can hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "string" ? storableText(member) : member,
  );
}

/** A time as a `timestamptz` literal. ASN.1 can write a year 0, which PostgreSQL knows as 1 BC. */
export function timestamptz(time: string): string {
  return time.startsWith("0000") ? `0001${time.slice(4)} BC` : time;
}

/** The same for a value that may be absent. */
export function optionalTimestamptz(time: string | null): string | null {
  return time === null ? null : timestamptz(time);
}

/** An instant as a `timestamptz` literal. JavaScript writes the year 0 and years before it with six digits. */
export function instant(date: Date): string {
  const text = date.toISOString();
  if (text.startsWith("+")) return text.slice(1);
  if (text.startsWith("-"))
    return `${String(Number(text.slice(1, 7)) + 1).padStart(4, "0")}${text.slice(7)} BC`;
  return timestamptz(text);
}

/** The same for a value that may be absent. */
export function optionalInstant(date: Date | null | undefined): string | null {
  return date ? instant(date) : null;
}

/** An instant as a parameter. */
export function at(date: Date): FragmentSqlToken {
  return sql.fragment`${instant(date)}::timestamptz`;
}

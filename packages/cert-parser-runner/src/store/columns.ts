/**
 * A table's columns, each with its type and where its value comes from: one list for insert, update and comparison.
 *
 * @module
 */

import { type ListSqlToken, type PrimitiveValueExpression, sql, type UnnestSqlToken } from "slonik";

/** One column that is filled from a `Row`. */
export interface Column<Row> {
  readonly name: string;
  /** Name of the type, as in `pg_type`. */
  readonly type: "bytea" | "int4" | "int8" | "text" | "timestamptz" | "uuid";
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

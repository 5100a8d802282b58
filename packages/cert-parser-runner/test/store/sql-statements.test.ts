import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimestamp } from "../../src/store/database/type-parsers.ts";
import { readMigrations } from "../../src/store/migration.ts";
import { splitStatements } from "../../src/store/sql-statements.ts";

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["nothing", "", []],
  ["one without a semicolon", "select 1", ["select 1"]],
  ["two, and what is empty between them", "select 1;\n;;select 2;", ["select 1", "select 2"]],
  ["comments between and in statements", "-- a; b\nselect 1 -- c;\n;", ["select 1"]],
  ["semicolons in strings", "select 'a;''b;--c', \"d;--\"", ["select 'a;''b;--c', \"d;--\""]],
  [
    "texts between dollar signs",
    "do $$ begin; -- why\n end $$; do $x$ $$; $x$",
    ["do $$ begin; -- why\n end $$", "do $x$ $$; $x$"],
  ],
  ["operators that begin like a comment", "select 3 - 1, 'a' -- b", ["select 3 - 1, 'a'"]],
];
for (const [what, text, statements] of cases) {
  test(`takes ${what} apart`, () => {
    assert.deepEqual(splitStatements(text), statements);
  });
}

test("the schema has one statement a query", () => {
  const statements = readMigrations().flatMap((migration) => migration.statements);
  assert.ok(statements.length > 200);
  for (const statement of statements) assert.match(statement, /^(create|comment|insert|do|grant) /);
});

const times: readonly (readonly [string, string])[] = [
  ["2026-01-08 10:11:12+00", "2026-01-08T10:11:12.000Z"],
  ["2026-01-08 10:11:12.345678+00", "2026-01-08T10:11:12.345Z"],
  ["2026-01-08 10:11:12+05:30", "2026-01-08T04:41:12.000Z"],
  ["1850-01-01 00:00:00-00:53:28", "1850-01-01T00:53:28.000Z"],
  ["0001-01-01 00:00:00+00 BC", "0000-01-01T00:00:00.000Z"],
  ["0026-01-01 00:00:00+00", "0026-01-01T00:00:00.000Z"],
  ["9999-12-31 23:59:59+00", "9999-12-31T23:59:59.000Z"],
  ["10000-01-01 00:00:00+00", "+010000-01-01T00:00:00.000Z"],
];
for (const [text, iso] of times) {
  test(`reads the time ${text}`, () => {
    assert.equal(parseTimestamp(text).toISOString(), iso);
  });
}

test("refuses a time in another style", () => {
  assert.throws(() => parseTimestamp("08/01/2026 10:11:12 UTC"), TypeError);
});

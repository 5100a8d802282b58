/**
 * Which version of the schema a store has, and whether this program can work with it.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";
import { currentVersion } from "./migration.ts";
import { type StoreError, storeError } from "./store-error.ts";

/** A migration that was applied to a store. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of its statements, lower-case hex. */
  readonly checksum: string;
}

/** The version of the schema; 0 if there is none. */
export async function readSchemaVersion(connection: CommonQueryMethods): Promise<number> {
  return (await readAppliedMigrations(connection)).at(-1)?.version ?? 0;
}

/**
 * Throws `SCHEMA_OUTDATED`, `SCHEMA_PRERELEASE` or `SCHEMA_TOO_NEW` unless the schema is the one that this program
 * writes.
 */
export async function expectCurrentSchema(connection: CommonQueryMethods): Promise<void> {
  const applied = await readAppliedMigrations(connection);
  if (isPrerelease(applied)) throw prerelease();
  const version = applied.at(-1)?.version ?? 0;
  if (version > currentVersion) throw tooNew(version);
  if (version === currentVersion) return;
  throw storeError(
    "SCHEMA_OUTDATED",
    `the schema certs is at version ${version}, ${currentVersion} is needed: run cert-parser-runner migrate`,
  );
}

/** The migrations of a store, in order; none if it has no schema. */
export async function readAppliedMigrations(
  connection: CommonQueryMethods,
): Promise<readonly AppliedMigration[]> {
  if (!(await hasMigrationTable(connection))) return [];
  return connection.any(
    sql.type(v.object({ version: v.number(), name: v.string(), checksum: v.string() }))`
      select version, name, encode(checksum, 'hex') as checksum from certs.schema_migrations order by version
    `,
  );
}

/** Whether the table of migrations exists. */
export function hasMigrationTable(connection: CommonQueryMethods): Promise<boolean> {
  return connection.oneFirst(
    sql.type(
      v.object({ found: v.boolean() }),
    )`select to_regclass('certs.schema_migrations') is not null as found`,
  );
}

/** Whether a build from before the first release made the store: it began with a migration of another name. */
export function isPrerelease(applied: readonly AppliedMigration[]): boolean {
  return applied.some(({ version, name }) => version === 1 && name === "certificates");
}

/** What to do with such a store. */
export function prerelease(): StoreError {
  return storeError(
    "SCHEMA_PRERELEASE",
    "a build from before the first release made this store, and its schema is no longer supported; nothing was changed. " +
      'Start anew: with another database, or after "drop schema certs cascade" in this one (keep the schema ' +
      "certs_predecessor); with the embedded store, with another DATA_DIR",
  );
}

/** What to do with a store of a later program. */
export function tooNew(version: number): StoreError {
  return storeError(
    "SCHEMA_TOO_NEW",
    `the store is at version ${version}, this program knows ${currentVersion}: use the version that migrated it, or a later one`,
  );
}

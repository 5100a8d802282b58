/**
 * Brings the schema up to date, and says how far it is.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type CommonQueryMethods, type DatabasePool, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { migrations as allMigrations } from "./migrations/all.ts";
import type { Migration } from "./migrations/migration.ts";
import { rawQuery } from "./raw-query.ts";
import { storeError } from "./store-error.ts";
import { type LockWait, lockStore, throwIfCancelled } from "./store-lock.ts";

/** What {@link migrateSchema} did. */
export interface MigrationReport {
  /** Those applied by this call, in order; empty where the schema was up to date. */
  readonly applied: readonly { readonly version: number; readonly name: string }[];
  /** The version now. */
  readonly current: number;
}

/** Applies what is missing, all of it or nothing. Throws `SCHEMA_CHANGED` or `SCHEMA_TOO_NEW`. */
export async function migrateSchema(
  pool: DatabasePool,
  wait: LockWait,
  migrations: readonly Migration[] = allMigrations,
): Promise<MigrationReport> {
  throwIfCancelled(wait.signal);
  return pool.transaction(async (transaction) => {
    await lockStore(transaction, wait);
    await createMigrationTable(transaction);
    const done = await appliedMigrations(transaction);
    expectKnownMigrations(done, migrations);

    const missing = migrations.filter(({ version }) => !done.has(version));
    for (const migration of missing) {
      throwIfCancelled(wait.signal);
      await applyMigration(transaction, migration);
    }
    return {
      applied: missing.map(({ version, name }) => ({ version, name })),
      current: migrations.at(-1)?.version ?? 0,
    };
  });
}

/** The version of the schema; 0 where there is none. */
export async function readSchemaVersion(connection: CommonQueryMethods): Promise<number> {
  if (!(await hasMigrationTable(connection))) return 0;
  return connection.oneFirst(
    sql.type(v.object({ version: v.number() }))`
      select coalesce(max(version), 0)::int4 as version from certs.schema_migrations
    `,
  );
}

/** Throws `SCHEMA_OUTDATED` or `SCHEMA_TOO_NEW` unless the schema is the one that this program writes. */
export async function expectCurrentSchema(connection: CommonQueryMethods): Promise<void> {
  const version = await readSchemaVersion(connection);
  const current = allMigrations.at(-1)?.version ?? 0;
  if (version < current) {
    throw storeError(
      "SCHEMA_OUTDATED",
      `the schema certs is at version ${version}, ${current} is needed: run cert-parser-runner migrate`,
    );
  }
  if (version > current) throw tooNew(version, current);
}

async function hasMigrationTable(connection: CommonQueryMethods): Promise<boolean> {
  return connection.oneFirst(
    sql.type(
      v.object({ found: v.boolean() }),
    )`select to_regclass('certs.schema_migrations') is not null as found`,
  );
}

async function createMigrationTable(transaction: DatabaseTransactionConnection): Promise<void> {
  if (await hasMigrationTable(transaction)) return;
  // Looked for first: `if not exists` asks for the right to create schemas even where nothing is to be created.
  const hasSchema = await transaction.oneFirst(
    sql.type(v.object({ found: v.boolean() }))`select to_regnamespace('certs') is not null as found`,
  );
  if (!hasSchema) await transaction.query(sql.unsafe`create schema certs`);
  await transaction.query(sql.unsafe`
    create table certs.schema_migrations (
      version integer primary key check (version > 0),
      name text not null,
      checksum bytea not null check (octet_length(checksum) = 32),
      applied_at timestamptz not null default transaction_timestamp()
    )
  `);
  await transaction.query(sql.unsafe`
    comment on table certs.schema_migrations is 'Migrations that were applied, with the SHA-256 of their statements.'
  `);
}

async function appliedMigrations(
  transaction: DatabaseTransactionConnection,
): Promise<ReadonlyMap<number, { readonly name: string; readonly checksum: string }>> {
  const rows = await transaction.any(
    sql.type(v.object({ version: v.number(), name: v.string(), checksum: v.string() }))`
      select version, name, encode(checksum, 'hex') as checksum from certs.schema_migrations order by version
    `,
  );
  return new Map(rows.map(({ version, name, checksum }) => [version, { name, checksum }]));
}

function expectKnownMigrations(
  done: ReadonlyMap<number, { readonly name: string; readonly checksum: string }>,
  migrations: readonly Migration[],
): void {
  const current = migrations.at(-1)?.version ?? 0;
  for (const [version, { name, checksum }] of done) {
    const migration = migrations.find((candidate) => candidate.version === version);
    if (migration === undefined) throw tooNew(version, current);
    if (checksumOf(migration).toString("hex") !== checksum) {
      throw storeError(
        "SCHEMA_CHANGED",
        `migration ${version} (${name}) was applied to this store with other statements than the program has now: ` +
          "use the version of the program that made the store, or restore a backup",
      );
    }
  }
}

async function applyMigration(
  transaction: DatabaseTransactionConnection,
  migration: Migration,
): Promise<void> {
  for (const statement of migration.statements) await transaction.query(rawQuery(statement));
  await transaction.query(sql.unsafe`
    insert into certs.schema_migrations (version, name, checksum)
    values (${migration.version}, ${migration.name}, ${sql.binary(checksumOf(migration))})
  `);
}

function checksumOf({ statements }: Migration): Buffer {
  // Joined by a character that no statement holds, so that none can run over into the next.
  return createHash("sha256").update(statements.join("\0")).digest();
}

function tooNew(version: number, current: number): Error {
  return storeError(
    "SCHEMA_TOO_NEW",
    `the store is at version ${version}, this program knows ${current}: use the version that migrated it, or a later one`,
  );
}

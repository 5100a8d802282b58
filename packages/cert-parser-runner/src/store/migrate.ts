/**
 * Brings the schema up to date.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type DatabasePool, type DatabaseTransactionConnection, sql } from "slonik";
import * as v from "valibot";
import { rawQuery } from "./database/raw-query.ts";
import { type Migration, readMigrations } from "./migration.ts";
import {
  type AppliedMigration,
  hasMigrationTable,
  isPrerelease,
  prerelease,
  readAppliedMigrations,
  tooNew,
} from "./schema-version.ts";
import { storeError } from "./store-error.ts";
import { type LockWait, lockStore, throwIfCancelled } from "./transactions.ts";

/** What {@link migrateSchema} did. */
export interface MigrationReport {
  /** Those applied by this call, in order; empty if the schema was up to date. */
  readonly applied: readonly { readonly version: number; readonly name: string }[];
  /** The version now. */
  readonly current: number;
}

/** Applies what is missing, all of it or nothing. Throws `SCHEMA_CHANGED`, `SCHEMA_PRERELEASE` or `SCHEMA_TOO_NEW`. */
export async function migrateSchema(
  pool: DatabasePool,
  wait: LockWait,
  migrations: readonly Migration[] = readMigrations(),
): Promise<MigrationReport> {
  throwIfCancelled(wait.signal);
  return pool.transaction(async (transaction) => {
    await lockStore(transaction, wait);
    const done = await readAppliedMigrations(transaction);
    if (isPrerelease(done)) throw prerelease();
    expectKnownMigrations(done, migrations);

    await createMigrationTable(transaction);
    const versions = new Set(done.map(({ version }) => version));
    const missing = migrations.filter(({ version }) => !versions.has(version));
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

function expectKnownMigrations(done: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const { version, name, checksum } of done) {
    const migration = migrations.find((candidate) => candidate.version === version);
    if (migration === undefined) throw tooNew(version);
    if (checksumOf(migration).toString("hex") === checksum) continue;
    throw storeError(
      "SCHEMA_CHANGED",
      `migration ${version} (${name}) was applied to this store with other statements than the program has now: ` +
        "use the version of the program that made the store, or restore a backup",
    );
  }
}

async function createMigrationTable(transaction: DatabaseTransactionConnection): Promise<void> {
  if (await hasMigrationTable(transaction)) return;
  // Looked for first: `if not exists` asks for the right to create schemas even if nothing is to be created.
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

/**
 * The two databases that every test of the store runs on.
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PortError, Result, StoreReport } from "cert-parser-core";
import { openDatabase } from "../../src/store/database/database.ts";
import type { Database } from "../../src/store/database/open-handle.ts";
import { rawQuery } from "../../src/store/database/raw-query.ts";
import { startPostgres } from "./postgres.ts";

/** An open database, and how to get rid of it. */
export interface TestDatabase {
  readonly database: Database;
  /** Another connection to the same data; the embedded database has only one. */
  another(): Promise<Database>;
  stop(): Promise<void>;
}

/** Each kind of database, by name. */
export const databaseKinds: Readonly<Record<"embedded" | "PostgreSQL", () => Promise<TestDatabase>>> = {
  async embedded() {
    const directory = await mkdtemp(join(tmpdir(), "cert-parser-store-"));
    const database = await openDatabase({ kind: "embedded", directory });
    return {
      database,
      another: async () => database,
      async stop() {
        await database.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  },
  async PostgreSQL() {
    const server = await startPostgres();
    const settings = { kind: "postgresql", dsn: server.dsn } as const;
    const opened: Database[] = [await openDatabase(settings)];
    const [database] = opened as [Database];
    return {
      database,
      async another() {
        const more = await openDatabase(settings);
        opened.push(more);
        return more;
      },
      async stop() {
        for (const each of opened) await each.close();
        await server.stop();
      },
    };
  },
};

/** Removes everything, so that a test begins with nothing. */
export async function dropEverything({ pool }: Database): Promise<void> {
  await pool.query(rawQuery("drop schema if exists certs cascade"));
  await pool.query(rawQuery("drop schema if exists certs_predecessor cascade"));
}

/** Removes every row and keeps the schema, which takes forty times as long to make. */
export async function emptyEverything({ pool }: Database): Promise<void> {
  await pool.transaction(async (transaction) => {
    for (const table of tables) await transaction.query(rawQuery(`delete from certs.${table}`));
    await transaction.query(rawQuery("update certs.trust_revision set revision = 0"));
  });
}

/** Rows of a query written in the test. */
export async function rowsOf<Row = Record<string, unknown>>(
  { pool }: Database,
  query: string,
): Promise<readonly Row[]> {
  return (await pool.any(rawQuery(query))) as readonly Row[];
}

/** The value of an answer that must be a success. */
export function successOf<T>(result: Result<T, PortError>): T {
  if (!result.ok)
    throw new Error(`${result.error.code} (${result.error.reason}): ${result.error.message}`, result.error);
  return result.value;
}

/** The error of an answer that must be a failure. */
export function errorOf<T>(result: Result<T, PortError>): PortError {
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result.value)}`);
  return result.error;
}

/** A report with zeroes everywhere but here. */
export function report(changes: Partial<StoreReport>): StoreReport {
  return {
    added: 0,
    removed: 0,
    unchanged: 0,
    newToStore: 0,
    crlsAdded: 0,
    revokedAdded: 0,
    rejectionsAdded: 0,
    ...changes,
  };
}

/** A signal that is never given. */
export const never = new AbortController().signal;

/** Those that refer to others before those others. */
const tables = [
  "anchors",
  "key_voices",
  "keys",
  "findings",
  "rejections",
  "crl_carriage",
  "holdings",
  "edition_certificates",
  "editions",
  "publishers",
  "key_decisions",
  "trust_events",
  "quarantine",
  "source_bundles",
  "sources",
  "bundles",
  "certificates",
  "revoked_certificates",
  "revocation_lists",
  "runs",
  "run_totals",
];

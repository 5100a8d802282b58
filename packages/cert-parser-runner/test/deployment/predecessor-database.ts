/**
 * A PostgreSQL as the Python predecessor left it: its tables with rows, a role that writes them, one that reads them.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { createPool } from "slonik";
import { rawQuery } from "../../src/store/database/raw-query.ts";
import { startPostgres } from "../store/postgres.ts";

/** The database, as each of the three sees it. */
export interface PredecessorDatabase {
  /** Of the superuser, who owns the tables. */
  readonly adminDsn: string;
  /** Of the role that the predecessor ran as: it may read and write the tables, and nothing else. */
  readonly serviceDsn: string;
  /** Of a role that only reads the tables. */
  readonly readerDsn: string;
  /** Runs a file of `k8s/examples/predecessor` in one transaction; gives the rows of each of its statements. */
  file(name: string, dsn?: string): Promise<readonly Rows[]>;
  stop(): Promise<void>;
}

/** What a statement gives. */
// biome-ignore lint/suspicious/noExplicitAny: a test knows the columns that it asks for
export type Rows = readonly Readonly<Record<string, any>>[];

/** Starts it. */
export async function startPredecessorDatabase(): Promise<PredecessorDatabase> {
  const postgres = await startPostgres();
  const suffix = randomUUID().replaceAll("-", "");
  // Roles belong to the server, which may be a shared one.
  const [service, reader] = [`cert_parser_${suffix}`, `reader_${suffix}`];
  const withRoles = (statement: string) => statement.replaceAll(/\bto cert_parser\b/g, `to ${service}`);
  const file = async (name: string, dsn: string = postgres.dsn) => {
    const statements = statementsOf(name).map(withRoles);
    return (await run(dsn, ["begin", ...statements, "commit"])).slice(1, -1);
  };

  try {
    await file("schema.sql");
    await run(postgres.dsn, [
      `create role ${service} login password '${password}'`,
      `create role ${reader} login password '${password}'`,
      `grant usage on schema certs to ${service}, ${reader}`,
      `grant select, insert, update, delete on all tables in schema certs to ${service}`,
      `grant select on all tables in schema certs to ${reader}`,
    ]);
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    adminDsn: postgres.dsn,
    serviceDsn: as(postgres.dsn, service),
    readerDsn: as(postgres.dsn, reader),
    file,
    async stop() {
      try {
        await run(postgres.dsn, [
          `reassign owned by ${service} to current_user`,
          `drop owned by ${reader}, ${service}`,
          `drop role ${service}, ${reader}`,
        ]);
      } finally {
        await postgres.stop();
      }
    },
  };
}

/** Runs statements on one connection, one after another; gives the rows of each. */
export async function run(dsn: string, statements: readonly string[]): Promise<readonly Rows[]> {
  const pool = await createPool(dsn, { maxPoolSize: 1 });
  try {
    return await pool.connect(async (connection) => {
      const rows: Rows[] = [];
      for (const statement of statements) rows.push((await connection.any(rawQuery(statement))) as Rows);
      return rows;
    });
  } finally {
    await pool.end();
  }
}

/**
 * Asks for `root_ca` again and again, over one connection. Its end gives how many rows there were, each number once for as
 * long as it stayed; it throws where a query was refused.
 */
export function startReader(dsn: string): { stop(): Promise<readonly number[]> } {
  const stopped = new AbortController();
  const read = async () => {
    const counts: number[] = [];
    const pool = await createPool(dsn, { maxPoolSize: 1 });
    try {
      while (!stopped.signal.aborted) {
        const { length } = await pool.any(rawQuery("select * from certs.root_ca"));
        if (counts.at(-1) !== length) counts.push(length);
        await setTimeout(5);
      }
      return counts;
    } finally {
      await pool.end();
    }
  };
  const reading = read();
  // What is thrown is thrown by stop, which may be long after.
  reading.catch(() => undefined);
  return {
    stop() {
      stopped.abort();
      return reading;
    },
  };
}

/** The rows of one query. */
export async function rowsOf(dsn: string, query: string): Promise<Rows> {
  const [rows = []] = await run(dsn, [query]);
  return rows;
}

/** The statements of a file: each ends with a semicolon at the end of a line. */
function statementsOf(name: string): readonly string[] {
  const text = readFileSync(new URL(`../../../../k8s/examples/predecessor/${name}`, import.meta.url), "utf8");
  return text.split(/;\s*\n/).filter((statement) => statement.trim() !== "");
}

function as(dsn: string, role: string): string {
  const url = new URL(dsn);
  url.username = role;
  url.password = password;
  return url.href;
}

const password = "for-tests-only";

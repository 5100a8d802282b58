/**
 * PostgreSQL over the network, through slonik's own driver.
 *
 * @module
 */

import { createPgDriverFactory } from "@slonik/pg-driver";
import { type ClientConfigurationInput, createPool, type DatabasePool, sql } from "slonik";
import * as v from "valibot";
import { storeError } from "../store-error.ts";
import { withAnswerTimeout } from "./answer-timeout.ts";
import { type ConnectionString, parseConnectionString } from "./connection-string.ts";
import { toStoreError } from "./database-failure.ts";
import type { Database } from "./open-handle.ts";

/** Connects to the database that the connection string names. Throws a `StoreError` that says what to do. */
export async function openPostgresqlDatabase(
  dsn: string,
  configuration: ClientConfigurationInput,
): Promise<Database> {
  const connection = parseConnectionString(dsn);
  const { location } = connection;
  try {
    const pool = await connect(connection, configuration);
    try {
      await expectSupportedServer(pool);
    } catch (error) {
      await pool.end();
      throw error;
    }
    return { pool, location, close: () => pool.end() };
  } catch (error) {
    throw toStoreError(error, location);
  }
}

async function connect(
  { uri, ssl }: ConnectionString,
  configuration: ClientConfigurationInput,
): Promise<DatabasePool> {
  const pool = await createPool(uri, {
    ...configuration,
    driverFactory: withAnswerTimeout(createPgDriverFactory(), answerTimeoutMs(configuration)),
    gracefulTerminationTimeout: 1_000,
    maxPoolSize: 4,
    ...(ssl === undefined ? {} : { ssl }),
  });
  // Whoever asked gets the error as well; without a listener the emitter would throw it a second time.
  pool.on("error", () => {});
  return pool;
}

/** Somewhat longer than the server's own limit, which tells more. */
function answerTimeoutMs({ statementTimeout }: ClientConfigurationInput): number {
  return (typeof statementTimeout === "number" ? statementTimeout : 60_000) + 2_000;
}

async function expectSupportedServer(pool: DatabasePool): Promise<void> {
  const version = await pool.oneFirst(
    sql.type(v.object({ version: v.number() }))`
      select current_setting('server_version_num')::int4 as version
    `,
  );
  if (version < oldestVersion) {
    const found = Math.floor(version / 10_000);
    throw storeError("SERVER_TOO_OLD", `the server runs PostgreSQL ${found}; version 15 or later is needed`);
  }
}

// `unique nulls not distinct` came with 15.
const oldestVersion = 150_000;

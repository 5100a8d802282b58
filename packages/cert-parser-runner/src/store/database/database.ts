/**
 * Opens the database of a store: the embedded one, or PostgreSQL.
 *
 * @module
 */

import type { ClientConfigurationInput } from "slonik";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import type { Database } from "./open-handle.ts";
import { openPostgresqlDatabase } from "./postgresql-database.ts";
import { rowValidation } from "./row-validation.ts";
import { typeParsers } from "./type-parsers.ts";

/** Which database. */
export type StoreSettings =
  /** PGlite in a directory, which is made where it does not exist. One process at a time. */
  | { readonly kind: "embedded"; readonly directory: string }
  /** PostgreSQL 15 or later: `postgresql://user:password@host:5432/database?sslmode=require`. */
  | { readonly kind: "postgresql"; readonly dsn: string };

/** How to connect. */
export interface DatabaseOptions {
  /** Longest wait for a connection, in milliseconds. Default 5,000. */
  readonly connectionTimeoutMs?: number;
  /** Longest time for one statement on PostgreSQL, in milliseconds. Default 60,000. */
  readonly statementTimeoutMs?: number;
}

/** Opens the database. Throws a `StoreError` that says what to do. */
export function openDatabase(settings: StoreSettings, options: DatabaseOptions = {}): Promise<Database> {
  const { connectionTimeoutMs = 5_000, statementTimeoutMs = 60_000 } = options;
  const configuration: ClientConfigurationInput = {
    connectionTimeout: connectionTimeoutMs,
    statementTimeout: statementTimeoutMs,
    // A transaction here reads from iterables that may be walked once only: it must not be run a second time.
    transactionRetryLimit: 0,
    interceptors: [rowValidation],
    typeParsers,
  };
  return settings.kind === "embedded"
    ? openEmbeddedDatabase(settings.directory, configuration)
    : openPostgresqlDatabase(settings.dsn, configuration);
}

/**
 * The trust store: the core's port on PostgreSQL, or on the embedded database.
 *
 * @module
 */

import { err, ok, type PortError, type PortResult, type TrustStore } from "cert-parser-core";
import { type DatabaseTransactionConnection, sql } from "slonik";
import { applySnapshot } from "./apply.ts";
import { confirmBundle } from "./confirm.ts";
import { readConsistently } from "./consistent-read.ts";
import { type Database, type DatabaseOptions, openDatabase, type StoreSettings } from "./database.ts";
import { explainDatabaseFailure, toStoreError } from "./database-failure.ts";
import { expectCurrentSchema, type MigrationReport, migrateSchema, readSchemaVersion } from "./migrate.ts";
import { readOverview, type StoreOverview } from "./overview.ts";
import {
  approvePublisher,
  type PublisherDecision,
  type PublisherOverview,
  readPublishers,
  revokePublisher,
} from "./publishers.ts";
import {
  defaultQuarantine,
  type HeldQuarantinedBundle,
  type QuarantinedBundle,
  type QuarantineLimits,
  readQuarantined,
  readQuarantinedBundle,
  saveQuarantined,
} from "./quarantine.ts";
import { type FailedRun, saveFailedRun } from "./runs.ts";
import { readKnown } from "./sources.ts";
import { readStatistics, type StoreStatistics } from "./statistics.ts";
import { storeError } from "./store-error.ts";
import type { StoreLocation } from "./store-location.ts";
import { lockStore, throwIfCancelled } from "./store-lock.ts";
import { readTrustEvents, type TrustEvent } from "./trust-events.ts";

/** How to open a store. */
export interface StoreOptions extends DatabaseOptions {
  /** Longest wait for another run on the same database, in milliseconds. Default 120,000. */
  readonly lockTimeoutMs?: number;
  /** How much is kept of what was not accepted. Default: twenty bundles, 256 MiB. */
  readonly quarantine?: QuarantineLimits;
  /** The time that runs are recorded to have finished at. Default: the system's clock. */
  readonly now?: () => Date;
}

/**
 * An open store. The methods of the port answer; all others throw a `StoreError`, which has a `code` and a message
 * that says what to do.
 */
export interface Store extends Required<TrustStore> {
  /** Where the data is; never with a password. */
  readonly location: StoreLocation;
  /** Brings the schema up to date, all of it or nothing. */
  migrate(signal?: AbortSignal): Promise<MigrationReport>;
  /** The version of the schema; 0 before the first migration. */
  schemaVersion(): Promise<number>;
  /** Records a run that stopped before the store. */
  recordFailure(run: FailedRun): Promise<void>;
  overview(): Promise<StoreOverview>;
  /** Figures for metrics, with ends of validity counted from `now`. */
  statistics(now: Date): Promise<StoreStatistics>;
  /** The publishers of all sources, also those that only lists in quarantine are of. */
  publishers(): Promise<readonly PublisherOverview[]>;
  /** Approves a publisher; gives what was changed. */
  approvePublisher(decision: PublisherDecision): Promise<readonly PublisherOverview[]>;
  /** Revokes the key of a publisher; gives what was changed. */
  revokePublisher(decision: PublisherDecision): Promise<readonly PublisherOverview[]>;
  /** What changed in whom is trusted, the latest first. */
  trustEvents(most?: number): Promise<readonly TrustEvent[]>;
  /** What was not accepted, the latest first. */
  quarantined(): Promise<readonly QuarantinedBundle[]>;
  /** One of them with its file, by its SHA-256 or the beginning of it, of one source where that is given. */
  quarantinedBundle(sha256: string, source?: string): Promise<HeldQuarantinedBundle>;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  /** Waits for the work in hand, then lets go of the database. Harmless when repeated. */
  close(): Promise<void>;
}

/** Opens a store. It may need {@link Store.migrate} before anything else. */
export async function openStore(settings: StoreSettings, options: StoreOptions = {}): Promise<Store> {
  return createStore(await openDatabase(settings, options), options);
}

/** Makes a store of a database that is open; closing the store closes it. */
export function createStore(database: Database, options: StoreOptions = {}): Store {
  const { lockTimeoutMs = 120_000, now = () => new Date(), quarantine = defaultQuarantine } = options;
  const { pool, location } = database;
  const inHand = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  /** Keeps count of the work, so that closing can wait for it. */
  function track<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) return Promise.reject(storeError("STORE_CLOSED", "the store was closed"));
    const promise = work();
    inHand.add(promise);
    const forget = () => inHand.delete(promise);
    promise.then(forget, forget);
    return promise;
  }

  async function asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await track(work);
    } catch (error) {
      throw toStoreError(error, location);
    }
  }

  const read = <T>(work: (transaction: DatabaseTransactionConnection) => Promise<T>) =>
    asked(() => readConsistently(pool, work));
  const write = <T>(
    work: (transaction: DatabaseTransactionConnection) => Promise<T>,
    signal = new AbortController().signal,
  ) =>
    pool.transaction(async (transaction) => {
      await lockStore(transaction, { timeoutMs: lockTimeoutMs, signal });
      await expectCurrentSchema(transaction);
      return work(transaction);
    });

  async function answered<T>(signal: AbortSignal, work: () => Promise<T>): PortResult<T> {
    try {
      return ok(await track(work));
    } catch (error) {
      return err(toPortError(error, signal, location));
    }
  }

  return {
    location,
    known: (source, signal) =>
      answered(signal, async () => {
        throwIfCancelled(signal);
        return readConsistently(pool, (transaction) => readKnown(transaction, source));
      }),
    apply: (snapshot, signal) =>
      answered(signal, () => applySnapshot(pool, snapshot, { timeoutMs: lockTimeoutMs, signal }, now)),
    confirm: (confirmation, signal) =>
      answered(signal, () => confirmBundle(pool, confirmation, { timeoutMs: lockTimeoutMs, signal }, now)),
    quarantine: (entry, signal) =>
      answered(signal, async () => {
        throwIfCancelled(signal);
        await write((transaction) => saveQuarantined(transaction, entry, quarantine), signal);
      }),
    publishers: () => read(readPublishers),
    approvePublisher: (decision) =>
      asked(() => write((transaction) => approvePublisher(transaction, decision, now()))),
    revokePublisher: (decision) =>
      asked(() => write((transaction) => revokePublisher(transaction, decision, now()))),
    trustEvents: (most = 100) => read((transaction) => readTrustEvents(transaction, most)),
    quarantined: () => read(readQuarantined),
    quarantinedBundle: (sha256, source) =>
      read((transaction) => readQuarantinedBundle(transaction, sha256, source ?? null)),
    migrate: (signal = new AbortController().signal) =>
      asked(() => migrateSchema(pool, { timeoutMs: lockTimeoutMs, signal })),
    schemaVersion: () => asked(() => readSchemaVersion(pool)),
    recordFailure: (run) =>
      asked(async () => {
        await expectCurrentSchema(pool);
        await saveFailedRun(pool, run);
      }),
    overview: () => read((transaction) => readOverview(transaction, location)),
    statistics: (at) => read((transaction) => readStatistics(transaction, at)),
    ping: () =>
      asked(async () => {
        await pool.query(sql.unsafe`select 1`);
      }),
    close() {
      closing ??= Promise.allSettled(inHand).then(() => database.close());
      return closing;
    },
  };
}

function toPortError(error: unknown, signal: AbortSignal, location: StoreLocation): PortError {
  const { reason, message } = explainDatabaseFailure(error, location);
  // A connection that breaks while the run is being cancelled is no fault of the database.
  const code = signal.aborted || reason === "CANCELLED" ? "CANCELLED" : "DATABASE_ERROR";
  return { code, reason, message, cause: error };
}

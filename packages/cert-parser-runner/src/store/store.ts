/**
 * The trust store: the core's port on PostgreSQL, or on the embedded database.
 *
 * @module
 */

import {
  err,
  ok,
  type PortError,
  type PortResult,
  type SignatureEngine,
  type TrustStore,
} from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import { type DatabaseTransactionConnection, sql } from "slonik";
import { applySnapshot } from "./apply.ts";
import { readClock, type StoreClock } from "./clock.ts";
import { confirmBundle } from "./confirm.ts";
import { type CountryCoverage, readCoverage } from "./coverage.ts";
import { type DatabaseOptions, openDatabase, type StoreSettings } from "./database/database.ts";
import { explainDatabaseFailure, toStoreError } from "./database/database-failure.ts";
import type { Database } from "./database/open-handle.ts";
import type { StoreLocation } from "./database/store-location.ts";
import { changeFacts } from "./derived-state.ts";
import {
  type JoinedKeys,
  joinKeys,
  type KeyPairDecision,
  partKeys,
  readJoinedKeys,
} from "./key-decisions.ts";
import { type MigrationReport, migrateSchema } from "./migrate.ts";
import { readOverview, type StoreOverview } from "./overview.ts";
import {
  approvePublisher,
  type PublisherDecision,
  readChanged,
  revokePublisher,
} from "./publisher-decisions.ts";
import { type PublisherOverview, readPublishers } from "./publishers.ts";
import {
  type DiscardDecision,
  discardQuarantined,
  type HeldQuarantinedBundle,
  type QuarantinedBundle,
  readQuarantined,
  readQuarantinedBundle,
  saveQuarantined,
} from "./quarantine.ts";
import { defaultQuarantine, type QuarantineLimits } from "./quarantine-limits.ts";
import { type FailedRun, saveFailedRun } from "./runs.ts";
import { expectCurrentSchema, readSchemaVersion } from "./schema-version.ts";
import { type ListedSource, readSourceList, removeSource, type SourceRemoval } from "./source-list.ts";
import { readKnown } from "./sources.ts";
import { readStatistics, type StoreStatistics } from "./statistics.ts";
import { storeError } from "./store-error.ts";
import { readConsistently, throwIfCancelled, writeLocked } from "./transactions.ts";
import { readTrustEvents, type TrustEvent } from "./trust-events.ts";
import { everySource, readRevocations } from "./trust-facts.ts";

/** How to open a store. */
export interface StoreOptions extends DatabaseOptions {
  /** Longest wait for another run on the same database, in milliseconds. Default 120,000. */
  readonly lockTimeoutMs?: number;
  /** How much is kept of what was not accepted. Default: twenty bundles, 256 MiB. */
  readonly quarantine?: QuarantineLimits;
  /** When runs are recorded to have finished, and decisions to have been made. Default: the system's clock. */
  readonly now?: () => Date;
  /** What keys are told apart by. Default: that of Node. */
  readonly engine?: Pick<SignatureEngine, "digest">;
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
  /** Which countries have a valid CSCA and a fresh CRL, as of `now`. */
  coverage(now: Date): Promise<readonly CountryCoverage[]>;
  /** The sources of which something was accepted, by name. */
  sources(): Promise<readonly ListedSource[]>;
  /** Ends what a source lists; nothing is deleted, and its CRLs keep their effect. Gives the source as it is then. */
  removeSource(removal: SourceRemoval): Promise<ListedSource>;
  /** The publishers of all sources, also those whose lists are only in quarantine. */
  publishers(): Promise<readonly PublisherOverview[]>;
  /** Approves a publisher, also one that a CRL or an operator revoked; gives what was changed. */
  approvePublisher(decision: PublisherDecision): Promise<readonly PublisherOverview[]>;
  /** Revokes the key of a publisher; gives what was changed. */
  revokePublisher(decision: PublisherDecision): Promise<readonly PublisherOverview[]>;
  /** The pairs of keys that operators declared to be of one CSCA. */
  joinedKeys(): Promise<readonly JoinedKeys[]>;
  /** Declares two keys to be of one CSCA though no link joins them. */
  joinKeys(decision: KeyPairDecision): Promise<JoinedKeys>;
  /** Takes that back. */
  partKeys(decision: KeyPairDecision): Promise<void>;
  /** What changed in who is trusted, the latest first. */
  trustEvents(most?: number): Promise<readonly TrustEvent[]>;
  /** What was not accepted, or only in part, the latest first. */
  quarantined(): Promise<readonly QuarantinedBundle[]>;
  /** One of them with its file, by its SHA-256 or the beginning of it, of one source if that is given. */
  quarantinedBundle(sha256: string, source?: string): Promise<HeldQuarantinedBundle>;
  /** Removes one of them, and keeps that in the log; gives what it was. */
  discardQuarantined(decision: DiscardDecision): Promise<QuarantinedBundle>;
  /** What this machine's clock can be compared with. */
  clock(): Promise<StoreClock>;
  /** Throws if the database does not answer. */
  ping(): Promise<void>;
  /** Waits for the work in progress, then closes the database. Harmless when repeated. */
  close(): Promise<void>;
}

/** Opens a store. It may need {@link Store.migrate} before anything else. */
export async function openStore(settings: StoreSettings, options: StoreOptions = {}): Promise<Store> {
  return createStore(await openDatabase(settings, options), options);
}

/** Makes a store of a database that is open; closing the store closes it. */
export function createStore(database: Database, options: StoreOptions = {}): Store {
  const { lockTimeoutMs = 120_000, now = () => new Date(), quarantine = defaultQuarantine } = options;
  const { engine = createNodeEngine() } = options;
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
  ) => writeLocked(pool, { timeoutMs: lockTimeoutMs, signal }, work);
  /** Does what an operator decided, and derives what follows from it. */
  const decide = <T>(
    source: string | null,
    work: (transaction: DatabaseTransactionConnection, at: Date) => Promise<T>,
  ) =>
    asked(() => {
      const at = now();
      return write(async (transaction) => {
        const decided = () => work(transaction, at);
        return (await changeFacts(transaction, { engine, now: at }, source ?? everySource, decided)).result;
      });
    });
  /** The same, and gives the publishers as they are then. */
  const decidePublishers = (decision: PublisherDecision, work: typeof approvePublisher) =>
    asked(() => {
      const at = now();
      return write(async (transaction) => {
        const derivation = { engine, now: at };
        const { result } = await changeFacts(transaction, derivation, decision.source ?? everySource, () =>
          work(transaction, decision, at),
        );
        return readChanged(transaction, result);
      });
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
        return readConsistently(pool, (transaction) => readKnown(transaction, source, engine));
      }),
    revocations: (serialNumbers, signal) =>
      answered(signal, () =>
        readConsistently(pool, (transaction) => readRevocations(transaction, serialNumbers)),
      ),
    apply: (snapshot, signal) =>
      answered(signal, () =>
        write((transaction) => applySnapshot(transaction, snapshot, { engine, signal, now }), signal),
      ),
    confirm: (confirmation, signal) =>
      answered(signal, () => write((transaction) => confirmBundle(transaction, confirmation, now), signal)),
    quarantine: (entry, signal) =>
      answered(signal, () => write((transaction) => saveQuarantined(transaction, entry, quarantine), signal)),
    coverage: (at) => read((transaction) => readCoverage(transaction, at)),
    sources: () => read(readSourceList),
    removeSource: async (removal) => {
      await decide(removal.source, (transaction, at) => removeSource(transaction, removal, at));
      const removed = (await read(readSourceList)).find(({ name }) => name === removal.source);
      if (removed === undefined) throw storeError("SOURCE_UNKNOWN", "the source is gone");
      return removed;
    },
    publishers: () => read(readPublishers),
    approvePublisher: (decision) => decidePublishers(decision, approvePublisher),
    revokePublisher: (decision) => decidePublishers(decision, revokePublisher),
    joinedKeys: () => read(readJoinedKeys),
    joinKeys: (decision) => decide(null, (transaction, at) => joinKeys(transaction, decision, at)),
    partKeys: (decision) => decide(null, (transaction, at) => partKeys(transaction, decision, at)),
    trustEvents: (most = 100) => read((transaction) => readTrustEvents(transaction, most)),
    quarantined: () => read(readQuarantined),
    quarantinedBundle: (sha256, source) =>
      read((transaction) => readQuarantinedBundle(transaction, sha256, source ?? null)),
    discardQuarantined: (decision) =>
      asked(() => write((transaction) => discardQuarantined(transaction, decision, now()))),
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
    clock: () => read(readClock),
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

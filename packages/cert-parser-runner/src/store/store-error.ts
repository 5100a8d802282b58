/**
 * What the store throws outside the port: a plain Error with a stable code and a message that says what to do.
 *
 * @module
 */

/** Stable codes: branch on these, never on messages. They are also the `reason` of the port's errors. */
export type StoreErrorCode =
  /** The bundle to be confirmed is not the one that is held of its source: another run came between. */
  | "BUNDLE_REPLACED"
  /** The bundle was not accepted: it has no business here. */
  | "BUNDLE_REFUSED"
  /** The work was stopped by its signal; nothing of it was kept. */
  | "CANCELLED"
  /** More than one key begins so, or two names are of one key. */
  | "KEY_AMBIGUOUS"
  /** No key begins so, or the two were not joined. */
  | "KEY_UNKNOWN"
  /** More than one publisher has a key that begins so. */
  | "PUBLISHER_AMBIGUOUS"
  /** No publisher has a key that begins so. */
  | "PUBLISHER_UNKNOWN"
  /** More than one bundle in quarantine has a digest that begins so. */
  | "QUARANTINE_AMBIGUOUS"
  /** No bundle in quarantine has that digest, or its file is not kept. */
  | "QUARANTINE_MISSING"
  /** A migration that was applied reads otherwise today: the program and the store do not belong together. */
  | "SCHEMA_CHANGED"
  /** The store needs migrations that were not applied. */
  | "SCHEMA_OUTDATED"
  /** A build from before the first release made the store: start anew. */
  | "SCHEMA_PRERELEASE"
  /** The store was migrated by a later version of the program. */
  | "SCHEMA_TOO_NEW"
  /** PostgreSQL is older than 15. */
  | "SERVER_TOO_OLD"
  /** No source of that name is in use. */
  | "SOURCE_UNKNOWN"
  /** Another run held the store for longer than we wait. */
  | "STORE_BUSY"
  /** Another run, or an operator, changed the store after the bundle was judged. */
  | "STORE_CHANGED"
  /** The store was closed. */
  | "STORE_CLOSED"
  /** The connection broke while it was in use. */
  | "STORE_CONNECTION_LOST"
  /** A row broke a constraint: a fault of the program, or of one that writes beside it. */
  | "STORE_CONSTRAINT"
  /** The server has no database of that name. */
  | "STORE_DATABASE_MISSING"
  /** The data directory cannot be used: no permission, not a directory, or damaged. */
  | "STORE_DIRECTORY"
  /** The connection string cannot be used. */
  | "STORE_DSN_INVALID"
  /** Anything else; the cause says what. */
  | "STORE_FAILED"
  /** No room is left on the disk. */
  | "STORE_FULL"
  /** The host name does not resolve. */
  | "STORE_HOST_UNKNOWN"
  /** Another process has the data directory open. */
  | "STORE_LOCKED"
  /** User name or password were refused. */
  | "STORE_LOGIN_FAILED"
  /** The database user lacks a privilege. */
  | "STORE_PERMISSION"
  /** The server takes no writes: a standby, or a read-only transaction. */
  | "STORE_READ_ONLY"
  /** The server is starting up or shutting down. */
  | "STORE_STARTING"
  /** The server or a statement took too long. */
  | "STORE_TIMEOUT"
  /** TLS could not be agreed on. */
  | "STORE_TLS"
  /** The server takes no more connections. */
  | "STORE_TOO_MANY_CONNECTIONS"
  /** Nothing listens at the address, or the way there is closed. */
  | "STORE_UNREACHABLE";

/** An Error that carries a {@link StoreErrorCode}. */
export interface StoreError extends Error {
  readonly code: StoreErrorCode;
}

/** Makes a {@link StoreError}. The cause must hold no secret: it is logged. */
export function storeError(code: StoreErrorCode, message: string, cause?: unknown): StoreError {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code, name: "StoreError", [storeErrorMark]: true });
}

/** Tells the errors of {@link storeError} from all others. */
export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && storeErrorMark in error;
}

const storeErrorMark = Symbol("cert-parser-runner.store-error");

/**
 * Tells the ways in which a database fails apart, in words that say what to do and hold no secret.
 *
 * @module
 */

import { isStoreError, type StoreError, type StoreErrorCode, storeError } from "../store-error.ts";
import { describeLocation, type StoreLocation } from "./store-location.ts";

/** Why the database did not do what it was asked. */
export interface DatabaseFailure {
  /** A {@link StoreErrorCode}, `SQLSTATE_` with five characters, the code of the error, or `UNEXPECTED`. */
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
}

/** Says what an error of the driver, of the network or of this store means. */
export function explainDatabaseFailure(error: unknown, location: StoreLocation): DatabaseFailure {
  if (isStoreError(error)) return { reason: error.code, message: error.message };
  const where = describeLocation(location);

  for (const link of causesOf(error)) {
    const known = knownFailure(link);
    if (known !== undefined) return { reason: known.code, message: `${where} ${known.says}` };
    if (typeof link.code !== "string") continue;
    if (sqlStateForm.test(link.code)) {
      return { reason: `SQLSTATE_${link.code}`, message: `${where} answered: ${link.message}` };
    }
    return { reason: link.code, message: link.message };
  }

  const message = error instanceof Error ? error.message : String(error);
  return { reason: "UNEXPECTED", message: `${where}: ${message}` };
}

/** The same as an error to throw. */
export function toStoreError(error: unknown, location: StoreLocation): StoreError {
  if (isStoreError(error)) return error;
  for (const link of causesOf(error)) {
    const known = knownFailure(link);
    if (known !== undefined)
      return storeError(known.code, `${describeLocation(location)} ${known.says}`, error);
  }
  const { message } = explainDatabaseFailure(error, location);
  return storeError("STORE_FAILED", message, error);
}

interface KnownFailure {
  readonly code: StoreErrorCode;
  /** What follows the name of the place. */
  readonly says: string;
}

function knownFailure({ code, message }: ErrorLink): KnownFailure | undefined {
  if (typeof code === "string") {
    const byCode = failuresByCode.get(code) ?? failuresByClass.get(code.slice(0, 2));
    if (byCode !== undefined && (failuresByCode.has(code) || sqlStateForm.test(code))) return byCode;
    if (/^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)) return tlsFailure;
  }
  // The driver tells these by their words alone.
  return failuresByWords.find(([words]) => words.test(message))?.[1];
}

const tlsFailure: KnownFailure = {
  code: "STORE_TLS",
  says: "could not be reached over TLS: check sslmode, sslrootcert and the server's certificate",
};

const failuresByCode: ReadonlyMap<string, KnownFailure> = new Map<string, KnownFailure>([
  ["ECONNREFUSED", unreachable("refused the connection: is PostgreSQL running there?")],
  ["ENOENT", unreachable("has no such socket: is PostgreSQL running there?")],
  ["EHOSTUNREACH", unreachable("is not reachable over the network")],
  ["ENETUNREACH", unreachable("is not reachable over the network")],
  ["EADDRNOTAVAIL", unreachable("is not reachable over the network")],
  [
    "ENOTFOUND",
    { code: "STORE_HOST_UNKNOWN", says: "has a host name that does not resolve: check its spelling" },
  ],
  [
    "EAI_AGAIN",
    { code: "STORE_HOST_UNKNOWN", says: "has a host name that cannot be resolved now: check the DNS" },
  ],
  ["ETIMEDOUT", { code: "STORE_TIMEOUT", says: "did not answer in time: check address, port and firewall" }],
  ["ECONNRESET", connectionLost()],
  ["EPIPE", connectionLost()],
  ["57P01", connectionLost()],
  ["57P02", connectionLost()],
  ["25P03", connectionLost()],
  ["57P03", { code: "STORE_STARTING", says: "is starting up or shutting down: try again shortly" }],
  ["57014", { code: "STORE_TIMEOUT", says: "took longer over a statement than is allowed" }],
  ["28P01", loginFailed()],
  ["28000", loginFailed()],
  [
    "3D000",
    { code: "STORE_DATABASE_MISSING", says: "does not exist on the server: create it, or correct its name" },
  ],
  ["53300", { code: "STORE_TOO_MANY_CONNECTIONS", says: "takes no more connections: raise max_connections" }],
  ["53100", { code: "STORE_FULL", says: "has no room left on its disk" }],
  ["ENOSPC", { code: "STORE_FULL", says: "has no room left on its disk" }],
  ["42501", { code: "STORE_PERMISSION", says: "denies the database user a privilege that is needed" }],
  ["25006", { code: "STORE_READ_ONLY", says: "takes no writes: is it a standby?" }],
  ["42P01", schemaOutdated()],
  ["3F000", schemaOutdated()],
]);

/** By the first two characters of an SQLSTATE. */
const failuresByClass: ReadonlyMap<string, KnownFailure> = new Map<string, KnownFailure>([
  ["08", connectionLost()],
  ["23", { code: "STORE_CONSTRAINT", says: "refused a row that breaks a constraint; nothing was written" }],
]);

const failuresByWords: readonly (readonly [RegExp, KnownFailure])[] = [
  [
    /timeout expired|connection timeout/i,
    { code: "STORE_TIMEOUT", says: "did not answer in time: check address, port and firewall" },
  ],
  [/does not support SSL/i, tlsFailure],
  [/connection terminated|backend has been terminated|connection error|not queryable/i, connectionLost()],
  [/SASL|client password must be a string/i, loginFailed()],
];

function unreachable(says: string): KnownFailure {
  return { code: "STORE_UNREACHABLE", says };
}

function connectionLost(): KnownFailure {
  return {
    code: "STORE_CONNECTION_LOST",
    says: "closed the connection; nothing of the work in hand was kept",
  };
}

function loginFailed(): KnownFailure {
  return { code: "STORE_LOGIN_FAILED", says: "refused the login: check user name and password" };
}

function schemaOutdated(): KnownFailure {
  return {
    code: "SCHEMA_OUTDATED",
    says: "lacks tables of the schema certs: run cert-parser-runner migrate",
  };
}

interface ErrorLink {
  readonly code?: unknown;
  readonly message: string;
}

/** The error and what caused it, innermost first: the driver's own error says most. */
function causesOf(error: unknown): readonly ErrorLink[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && !chain.includes(at); at = at.cause) chain.unshift(at);
  return chain;
}

const sqlStateForm = /^[0-9A-Z]{5}$/;

/**
 * The connection string of PostgreSQL, read before the driver does: its own errors would show the password.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsConnectionOptions } from "node:tls";
import { storeError } from "../store-error.ts";
import type { StoreLocation } from "./store-location.ts";

/** What the driver is given. */
export interface ConnectionString {
  /** For the driver: parameters about TLS are taken out. */
  readonly uri: string;
  /** Undefined: no TLS. */
  readonly ssl: TlsConnectionOptions | undefined;
  readonly location: Extract<StoreLocation, { kind: "postgresql" }>;
}

/** Reads `postgresql://user:password@host:port/database?parameter=value`. Throws `STORE_DSN_INVALID`. */
export function parseConnectionString(dsn: string): ConnectionString {
  const url = parseUrl(dsn);
  const ssl = readTls(url.searchParams);
  for (const parameter of tlsParameters) url.searchParams.delete(parameter);

  for (const parameter of url.searchParams.keys()) {
    if (!knownParameters.has(parameter)) throw invalid(`its parameter ${parameter} is not known`);
  }
  if (!url.searchParams.has("application_name"))
    url.searchParams.set("application_name", "cert-parser-runner");

  const host = decode(url.hostname).replace(/^\[|\]$/g, "") || (url.searchParams.get("host") ?? "localhost");
  const database = decode(url.pathname.slice(1));
  if (database === "") throw invalid("it names no database");
  return {
    uri: driverUri(url),
    ssl,
    location: { kind: "postgresql", host, port: Number(url.port || 5432), database },
  };
}

/** The driver would take the brackets of an IPv6 address for a part of it. */
function driverUri(url: URL): string {
  const { hostname } = url;
  return hostname.startsWith("[")
    ? url.href.replace(hostname, encodeURIComponent(hostname.slice(1, -1)))
    : url.href;
}

function parseUrl(dsn: string): URL {
  // No cause: the error of URL holds what it was given, password and all.
  const url = URL.parse(dsn);
  if (url === null)
    throw invalid("it is no URL; characters such as @ : / # ? in a password are written %40 and so on");
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    throw invalid("it must begin with postgresql://");
  }
  return url;
}

function readTls(parameters: URLSearchParams): TlsConnectionOptions | undefined {
  const mode = parameters.get("sslmode") ?? "";
  const files = {
    ca: readPem(parameters, "sslrootcert"),
    cert: readPem(parameters, "sslcert"),
    key: readPem(parameters, "sslkey"),
  };
  const given = Object.fromEntries(Object.entries(files).filter(([, pem]) => pem !== undefined));
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw invalid("sslcert and sslkey belong together");
  }
  switch (mode) {
    case "":
      return Object.keys(given).length === 0 ? undefined : { ...given, rejectUnauthorized: true };
    case "disable":
      return undefined;
    case "no-verify":
      return { ...given, rejectUnauthorized: false };
    // Stricter than libpq, which would take any certificate for `require`.
    case "require":
    case "verify-ca":
    case "verify-full":
      return { ...given, rejectUnauthorized: true };
    default:
      throw invalid("its sslmode is none of disable, no-verify, require, verify-ca, verify-full");
  }
}

function readPem(parameters: URLSearchParams, parameter: string): string | undefined {
  const path = parameters.get(parameter);
  if (path === null) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw storeError("STORE_DSN_INVALID", `the file ${path} that ${parameter} names cannot be read`, cause);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("a percent sign in it begins no escape");
  }
}

function invalid(why: string): Error {
  return storeError("STORE_DSN_INVALID", `the connection string cannot be used: ${why}`);
}

const tlsParameters = ["sslmode", "sslrootcert", "sslcert", "sslkey"] as const;
const knownParameters: ReadonlySet<string> = new Set(["application_name", "host", "options"]);

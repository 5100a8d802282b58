/**
 * Every setting of the runner in one table: the schema of the environment, and what docs and help are made from.
 *
 * @module
 */

import * as v from "valibot";
import {
  decimal,
  type Format,
  flag,
  headerToken,
  httpUrl,
  integer,
  nameList,
  oneOf,
  postgresqlDsn,
  rootPath,
  secretText,
  text,
} from "./formats.ts";

/** What a setting is about. */
export type SettingGroup = "service" | "schedule" | "database" | "server" | "trust" | "process";

/** One setting, for docs and help. */
export interface Setting {
  /** The name in the environment. Its first underscore may be doubled: `AUTH__URL` is `AUTH_URL`. */
  readonly name: SettingName;
  readonly group: SettingGroup;
  /** What stands when it is not set, as one would write it; null where nothing does. */
  readonly default: string | null;
  /** A secret is never shown, and may be read from the file that `NAME_FILE` names. */
  readonly secret: boolean;
  /** One line: what it is for, with its unit. */
  readonly meaning: string;
}

const table = {
  AUTH_URL: {
    group: "service",
    schema: httpUrl,
    meaning: "Token endpoint of the identity provider (first step)",
  },
  AUTH_CLIENT_ID: { group: "service", schema: secretText, secret: true, meaning: "OpenID Connect client" },
  AUTH_CLIENT_SECRET: {
    group: "service",
    schema: secretText,
    secret: true,
    meaning: "Secret of that client",
  },
  AUTH_USERNAME: {
    group: "service",
    schema: secretText,
    secret: true,
    meaning: "User of the password grant",
  },
  AUTH_PASSWORD: { group: "service", schema: secretText, secret: true, meaning: "Password of that user" },
  LOGIN_URL: { group: "service", schema: httpUrl, meaning: "Login of the SFC service (second step)" },
  LOGIN_BORDER_POST_ID: {
    group: "service",
    schema: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    meaning: "Border post that logs in (borderPostId)",
  },
  LOGIN_BOX_ID: { group: "service", schema: text, meaning: "Box that logs in (boxId)" },
  LOGIN_PASSENGER_CONTROL_TYPE: {
    group: "service",
    schema: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    meaning: "Kind of passenger control (passengerControlType)",
  },
  DOWNLOAD_URL: { group: "service", schema: httpUrl, meaning: "Where the list is downloaded (third step)" },
  HTTP_TIMEOUT_SECONDS: {
    group: "service",
    // A timer of JavaScript holds at most 24.8 days; an attempt of over a day is a mistake.
    schema: decimal(0.001, 86_400),
    default: "60",
    meaning: "Longest time of one HTTP attempt, its body included",
  },
  MAX_DOWNLOAD_BYTES: {
    group: "service",
    // Over 2 GiB a Uint8Array can no longer be had everywhere.
    schema: integer(1, 2_147_483_647),
    // 64 MiB, as in the reader's limits: seventy times the largest list seen.
    default: "67108864",
    meaning: "Largest list that is taken, in bytes",
  },
  SCHEDULER_INTERVAL_HOURS: {
    group: "schedule",
    schema: decimal(0.01, 8_760),
    default: "6",
    meaning: "Hours between two runs; fractions too",
  },
  SCHEDULER_CRON: {
    group: "schedule",
    schema: text,
    meaning: "Runs by a cron expression in UTC, in place of the interval",
  },
  SCHEDULER_JITTER_SECONDS: {
    group: "schedule",
    schema: decimal(0, 86_400),
    default: "0",
    meaning: "Longest random delay before a scheduled run, so that a fleet does not ask all at once",
  },
  RUN_ON_STARTUP: {
    group: "schedule",
    schema: flag,
    default: "true",
    meaning: "Run once when the service starts",
  },
  DATABASE_DSN: {
    group: "database",
    schema: postgresqlDsn,
    secret: true,
    meaning: "PostgreSQL 15 or later; without it the embedded store is used",
  },
  DATABASE_HOST: { group: "database", schema: text, meaning: "PostgreSQL host, in place of the DSN" },
  DATABASE_PORT: {
    group: "database",
    schema: integer(1, 65_535),
    default: "5432",
    meaning: "PostgreSQL port",
  },
  DATABASE_NAME: { group: "database", schema: text, meaning: "PostgreSQL database" },
  DATABASE_USERNAME: { group: "database", schema: text, meaning: "PostgreSQL user" },
  DATABASE_PASSWORD: {
    group: "database",
    schema: secretText,
    secret: true,
    meaning: "Password of that user",
  },
  DATA_DIR: {
    group: "database",
    schema: text,
    default: "./.cert-parser",
    meaning: "Directory of the embedded store",
  },
  HOST: {
    group: "server",
    schema: text,
    default: "0.0.0.0",
    meaning: "Address that the HTTP routes listen on",
  },
  PORT: {
    group: "server",
    schema: integer(0, 65_535),
    default: "8000",
    meaning: "Their port; 0 takes a free one",
  },
  ROOT_PATH: {
    group: "server",
    schema: rootPath,
    default: "",
    meaning: "Path that a proxy puts before the routes",
  },
  TRIGGER_TOKEN: {
    group: "server",
    schema: headerToken,
    secret: true,
    meaning: "Bearer token of POST /trigger; without it that route is off",
  },
  TRUST_MODE: {
    group: "trust",
    schema: oneOf(["off", "pin", "anchor"]),
    meaning:
      "anchor (with TRUST_ANCHORS), pin (otherwise: the first publisher stays), or off: nothing is verified",
  },
  TRUST_ANCHORS: {
    group: "trust",
    schema: text,
    meaning: "CSCA certificates: files or directories (DER or PEM), or their SHA-256; separated by commas",
  },
  UNSIGNED_SOURCES: {
    group: "trust",
    schema: nameList,
    meaning: "Sources whose content is unsigned, separated by commas: stored, and never among the roots",
  },
  TRUST_ALLOW_WEAK_ALGORITHMS: {
    group: "trust",
    schema: flag,
    default: "false",
    meaning: "For a test PKI only: SHA-1 and short keys in lists signed after 2020 are noted, not refused",
  },
  MAX_REMOVED_PERCENT: {
    group: "trust",
    schema: decimal(0, 100),
    default: "5",
    meaning: "A list that lost more of its valid certificates than this, and more than two, is refused",
  },
  MIN_CERTIFICATES: {
    group: "trust",
    schema: integer(1, 1_000_000),
    default: "1",
    meaning: "A list with fewer certificates than this is refused",
  },
  MAX_LIST_AGE_HOURS: {
    group: "trust",
    schema: decimal(0.01, 876_000),
    default: "4320",
    meaning:
      "How old a publisher's first list may be (4320 hours are 180 days); an older one waits for approval",
  },
  QUARANTINE_MAX_BUNDLES: {
    group: "trust",
    schema: integer(0, 10_000),
    default: "20",
    meaning: "How many quarantined bundles are kept; refused ones go first, of the source that has most",
  },
  QUARANTINE_MAX_BYTES: {
    group: "trust",
    schema: integer(0, 1_099_511_627_776),
    // 256 MiB: some three hundred lists.
    default: "268435456",
    meaning: "How many bytes they may take, with their judgments",
  },
  LOG_LEVEL: {
    group: "process",
    schema: oneOf(["DEBUG", "INFO", "WARNING", "ERROR"]),
    default: "INFO",
    meaning: "Least severe log line that is written: DEBUG, INFO, WARNING or ERROR",
  },
} as const satisfies Readonly<Record<string, SettingSource>>;

interface SettingSource {
  readonly group: SettingGroup;
  readonly schema: Format<unknown>;
  readonly meaning: string;
  readonly default?: string;
  readonly secret?: true;
}

/** The name of a setting. */
export type SettingName = keyof typeof table;

/** All settings, in the order in which docs show them. */
export const settings: readonly Setting[] = Object.entries<SettingSource>(table).map(([name, source]) => ({
  name: name as SettingName,
  group: source.group,
  default: source.default ?? null,
  secret: source.secret ?? false,
  meaning: source.meaning,
}));

/** The settings, read: those without a default may be absent. */
export type SettingValues = {
  readonly [Name in SettingName]:
    | v.InferOutput<(typeof table)[Name]["schema"]>
    | ((typeof table)[Name] extends { readonly default: string } ? never : undefined);
};

/** The environment's schema: reads the text of every setting and fills in the defaults. */
export const settingsSchema = v.object(
  Object.fromEntries(
    Object.entries<SettingSource>(table).map(([name, source]) => [
      name,
      v.optional(source.schema, source.default),
    ]),
  ),
) as unknown as v.GenericSchema<Readonly<Partial<Record<SettingName, string>>>, SettingValues>;

/**
 * A configuration as rows that may be shown.
 *
 * @module
 */

import type { Configuration } from "./configuration.ts";
import { publicDsn, publicUrl } from "./public-url.ts";
import { type Setting, type SettingGroup, type SettingName, settings } from "./settings.ts";

/** One setting with its value. */
export interface ConfigurationRow {
  readonly name: SettingName;
  readonly group: SettingGroup;
  /** `(hidden)` for a secret, `(not set)` where there is none. */
  readonly value: string;
  /** `default`, or the name under which it was set, such as `AUTH_PASSWORD_FILE`. */
  readonly source: string;
  readonly meaning: string;
}

/** One row for each setting that is in force, in the order of the settings. It shows no secret. */
export function describeConfiguration(configuration: Configuration): readonly ConfigurationRow[] {
  return settings.flatMap((setting) => {
    const value = shown[setting.name](configuration);
    return value === undefined ? [] : [row(setting, value, configuration)];
  });
}

function row(
  { name, group, meaning, secret, default: fallback }: Setting,
  value: Shown,
  configuration: Configuration,
): ConfigurationRow {
  const source = configuration.origins?.[name];
  const set = name === "DATABASE_DSN" ? (source ?? composedFrom(configuration)) : source;
  const plain = value === null || value === "" ? "(not set)" : String(value);
  // A DSN comes with its password hidden already.
  const hide = secret && name !== "DATABASE_DSN" && value !== null;
  return {
    name,
    group,
    value: hide ? "(hidden)" : plain,
    source: set ?? (fallback === null && value !== null && name !== "TRUST_MODE" ? "set" : "default"),
    meaning,
  };
}

function composedFrom({ origins = {}, database }: Configuration): string | undefined {
  if (database.kind !== "postgresql") return undefined;
  const parts = databaseParts.flatMap((name) => origins[name] ?? []);
  return parts.length === 0 ? undefined : parts.join(", ");
}

type Shown = string | number | boolean | null;

// Undefined leaves the row out.
const shown: Readonly<Record<SettingName, (configuration: Configuration) => Shown | undefined>> = {
  AUTH_URL: ({ service }) => (service === null ? null : publicUrl(service.authUrl)),
  AUTH_CLIENT_ID: ({ service }) => service?.clientId ?? null,
  AUTH_CLIENT_SECRET: ({ service }) => service?.clientSecret ?? null,
  AUTH_USERNAME: ({ service }) => service?.username ?? null,
  AUTH_PASSWORD: ({ service }) => service?.password ?? null,
  LOGIN_URL: ({ service }) => (service === null ? null : publicUrl(service.loginUrl)),
  LOGIN_BORDER_POST_ID: ({ service }) => service?.borderPostId ?? null,
  LOGIN_BOX_ID: ({ service }) => service?.boxId ?? null,
  LOGIN_PASSENGER_CONTROL_TYPE: ({ service }) => service?.passengerControlType ?? null,
  DOWNLOAD_URL: ({ service }) => (service === null ? null : publicUrl(service.downloadUrl)),
  HTTP_TIMEOUT_SECONDS: ({ service }) => (service === null ? undefined : service.timeoutMs / 1000),
  MAX_DOWNLOAD_BYTES: ({ service }) => service?.maxBytes,
  SCHEDULER_INTERVAL_HOURS: ({ schedule }) => (schedule.kind === "interval" ? schedule.hours : undefined),
  SCHEDULER_CRON: ({ schedule }) => (schedule.kind === "cron" ? schedule.expression : undefined),
  SCHEDULER_JITTER_SECONDS: ({ schedule }) => schedule.jitterMs / 1000,
  RUN_ON_STARTUP: ({ runOnStartup }) => runOnStartup,
  DATABASE_DSN: ({ database }) => (database.kind === "postgresql" ? publicDsn(database.dsn) : null),
  // The parts are in the DSN already.
  DATABASE_HOST: () => undefined,
  DATABASE_PORT: () => undefined,
  DATABASE_NAME: () => undefined,
  DATABASE_USERNAME: () => undefined,
  DATABASE_PASSWORD: () => undefined,
  DATA_DIR: ({ database }) => (database.kind === "embedded" ? database.directory : undefined),
  HOST: ({ server }) => server.host,
  PORT: ({ server }) => server.port,
  ROOT_PATH: ({ server }) => server.rootPath,
  TRIGGER_TOKEN: ({ triggerToken }) => triggerToken,
  TRUST_MODE: ({ trust }) => trust.mode,
  TRUST_ANCHORS: ({ trust }) =>
    trust.anchors.map((anchor) => (typeof anchor === "string" ? anchor : anchor.sha256)).join(", ") || null,
  UNSIGNED_SOURCES: ({ trust }) => trust.unsignedSources.join(", ") || null,
  TRUST_ALLOW_WEAK_ALGORITHMS: ({ trust }) => trust.allowWeakAlgorithms,
  MAX_REMOVED_PERCENT: ({ trust }) => trust.maxRemovedPercent,
  MIN_CERTIFICATES: ({ trust }) => trust.minCertificates,
  MAX_LIST_AGE_HOURS: ({ trust }) => trust.maxListAgeHours,
  QUARANTINE_MAX_BUNDLES: ({ quarantine }) => quarantine.maxBundles,
  QUARANTINE_MAX_BYTES: ({ quarantine }) => quarantine.maxBytes,
  LOG_LEVEL: ({ logLevel }) => logLevel,
};

const databaseParts: readonly SettingName[] = [
  "DATABASE_HOST",
  "DATABASE_PORT",
  "DATABASE_NAME",
  "DATABASE_USERNAME",
  "DATABASE_PASSWORD",
];

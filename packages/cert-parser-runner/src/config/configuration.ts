/**
 * The configuration of the runner: read once from an environment, every fault reported together.
 *
 * @module
 */

import { err, ok, type Result, type TrustAnchor, type TrustMode } from "cert-parser-core";
import * as v from "valibot";
import type { ConfigurationFault } from "./configuration-fault.ts";
import type { Environment } from "./environment.ts";
import { contradictions, invalidSetting } from "./setting-rules.ts";
import { collectSettingTexts, type SettingTexts } from "./setting-texts.ts";
import { type SettingName, type SettingValues, settingsSchema } from "./settings.ts";
import { readTrustAnchors } from "./trust-anchors.ts";

/** Everything that the runner can be told. */
export interface Configuration {
  /** Null when none of AUTH_, LOGIN_ and DOWNLOAD_ is set. */
  readonly service: ServiceSettings | null;
  readonly schedule: ScheduleSettings;
  readonly runOnStartup: boolean;
  readonly logLevel: LogLevel;
  readonly database: DatabaseSettings;
  readonly server: ServerSettings;
  readonly trust: TrustSettings;
  readonly quarantine: QuarantineSettings;
  /** Bearer token of `POST /trigger`; null turns the route off. */
  readonly triggerToken: string | null;
  /** For the settings that were set, the name under which they stood; the others have their default. */
  readonly origins?: Readonly<Partial<Record<SettingName, string>>>;
}

/** The three-step service: log in at the identity provider, log in at the service, download. */
export interface ServiceSettings {
  readonly authUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  readonly loginUrl: string;
  readonly borderPostId: number;
  readonly boxId: string;
  readonly passengerControlType: number;
  readonly downloadUrl: string;
  /** Longest time of one HTTP attempt, its body included. */
  readonly timeoutMs: number;
  /** Largest list that is taken. */
  readonly maxBytes: number;
}

/** When to run. */
export type ScheduleSettings = {
  /** Longest random delay before a scheduled run. */
  readonly jitterMs: number;
} & (
  | { readonly kind: "interval"; readonly hours: number }
  /** In UTC. */
  | { readonly kind: "cron"; readonly expression: string }
);

/** The least severe log line that is written. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** Where the trust store is. */
export type DatabaseSettings =
  | { readonly kind: "embedded"; readonly directory: string }
  | { readonly kind: "postgresql"; readonly dsn: string };

/** Where the HTTP routes are. */
export interface ServerSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Empty, or `/path` without a slash at its end. */
  readonly rootPath: string;
}

/** When a list is refused, or waits for approval. */
export interface TrustSettings {
  readonly mode: TrustMode;
  /** Certificates, or the SHA-256 of some in lower-case hex; empty but in mode `anchor`. */
  readonly anchors: readonly TrustAnchor[];
  readonly unsignedSources: readonly string[];
  /** For a test PKI: SHA-1 and short keys are noted, not refused. */
  readonly allowWeakAlgorithms: boolean;
  readonly maxRemovedPercent: number;
  readonly minCertificates: number;
  readonly maxListAgeHours: number;
}

/** How much is kept of what was not accepted. */
export interface QuarantineSettings {
  readonly maxBundles: number;
  readonly maxBytes: number;
}

/** Options of {@link loadConfiguration}. */
export interface LoadConfigurationOptions {
  /** Says what is wrong with a cron expression, or null. Without it any text is taken. */
  readonly validateCron?: (expression: string) => string | null;
}

/** Reads the configuration from an environment, and the secrets from the files that `NAME_FILE` settings name. */
export function loadConfiguration(
  environment: Environment,
  options: LoadConfigurationOptions = {},
): Result<Configuration, readonly ConfigurationFault[]> {
  const found = collectSettingTexts(environment);
  const read = v.safeParse(
    settingsSchema,
    Object.fromEntries([...found.texts].map(([name, { text }]) => [name, text])),
  );

  const faults = [
    ...found.faults,
    ...(read.issues ?? []).map(({ path, message }) =>
      invalidSetting(found, path?.[0]?.key as SettingName, message),
    ),
    ...contradictions(found, options),
  ];
  if (!read.success || faults.length > 0) return err(faults);
  return ok(toConfiguration(read.output, found));
}

function toConfiguration(values: SettingValues, { texts }: SettingTexts): Configuration {
  return {
    service: toServiceSettings(values),
    schedule: toScheduleSettings(values),
    runOnStartup: values.RUN_ON_STARTUP,
    logLevel: values.LOG_LEVEL,
    database: toDatabaseSettings(values),
    server: { host: values.HOST, port: values.PORT, rootPath: values.ROOT_PATH },
    trust: toTrustSettings(values),
    quarantine: { maxBundles: values.QUARANTINE_MAX_BUNDLES, maxBytes: values.QUARANTINE_MAX_BYTES },
    triggerToken: values.TRIGGER_TOKEN ?? null,
    origins: Object.fromEntries([...texts].map(([name, { spelled }]) => [name, spelled])),
  };
}

function toTrustSettings(values: SettingValues): TrustSettings {
  const read = values.TRUST_ANCHORS === undefined ? ok([]) : readTrustAnchors(values.TRUST_ANCHORS);
  // `contradictions` has refused what cannot be read; without a word there would be less trust than was asked for.
  if (!read.ok) throw new TypeError(`TRUST_ANCHORS ${read.error}`);
  return {
    mode: values.TRUST_MODE ?? (read.value.length > 0 ? "anchor" : "pin"),
    anchors: read.value,
    unsignedSources: values.UNSIGNED_SOURCES ?? [],
    allowWeakAlgorithms: values.TRUST_ALLOW_WEAK_ALGORITHMS,
    maxRemovedPercent: values.MAX_REMOVED_PERCENT,
    minCertificates: values.MIN_CERTIFICATES,
    maxListAgeHours: values.MAX_LIST_AGE_HOURS,
  };
}

function toScheduleSettings(values: SettingValues): ScheduleSettings {
  const jitterMs = Math.round(values.SCHEDULER_JITTER_SECONDS * 1000);
  return values.SCHEDULER_CRON === undefined
    ? { kind: "interval", hours: values.SCHEDULER_INTERVAL_HOURS, jitterMs }
    : { kind: "cron", expression: values.SCHEDULER_CRON, jitterMs };
}

function toServiceSettings(values: SettingValues): ServiceSettings | null {
  const { AUTH_URL: authUrl, AUTH_CLIENT_ID: clientId, AUTH_CLIENT_SECRET: clientSecret } = values;
  const { AUTH_USERNAME: username, AUTH_PASSWORD: password } = values;
  const { LOGIN_URL: loginUrl, LOGIN_BORDER_POST_ID: borderPostId, LOGIN_BOX_ID: boxId } = values;
  const { LOGIN_PASSENGER_CONTROL_TYPE: passengerControlType, DOWNLOAD_URL: downloadUrl } = values;
  // All or none: `contradictions` has refused anything between.
  if (authUrl === undefined || clientId === undefined || clientSecret === undefined) return null;
  if (username === undefined || password === undefined) return null;
  if (loginUrl === undefined || borderPostId === undefined || boxId === undefined) return null;
  if (passengerControlType === undefined || downloadUrl === undefined) return null;
  return {
    authUrl,
    clientId,
    clientSecret,
    username,
    password,
    loginUrl,
    borderPostId,
    boxId,
    passengerControlType,
    downloadUrl,
    timeoutMs: Math.ceil(values.HTTP_TIMEOUT_SECONDS * 1000),
    maxBytes: values.MAX_DOWNLOAD_BYTES,
  };
}

function toDatabaseSettings(values: SettingValues): DatabaseSettings {
  if (values.DATABASE_DSN !== undefined) return { kind: "postgresql", dsn: values.DATABASE_DSN };
  const { DATABASE_HOST: host, DATABASE_NAME: name, DATABASE_USERNAME: username } = values;
  if (host === undefined || name === undefined || username === undefined) {
    return { kind: "embedded", directory: values.DATA_DIR };
  }

  // Encoding the host too lets an IPv6 address or the directory of a socket stand there.
  const password = values.DATABASE_PASSWORD;
  const user =
    encodeURIComponent(username) + (password === undefined ? "" : `:${encodeURIComponent(password)}`);
  const address = `${encodeURIComponent(host)}:${values.DATABASE_PORT}`;
  return { kind: "postgresql", dsn: `postgresql://${user}@${address}/${encodeURIComponent(name)}` };
}

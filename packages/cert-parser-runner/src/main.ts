/**
 * The composition root: the one file that knows every adapter. The command line maps its flags onto these functions.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import {
  type AuthenticatedSource,
  type Bundle,
  type BundleSource,
  bundleParser,
  CertParserError,
  defaultLimits,
  err,
  type LiftableCode,
  liftableCodes,
  ok,
  type PortError,
  type PortResult,
  type Release,
  type Result,
  type RunReport,
  readBundle,
  type SyncError,
  type SyncEvent,
  sync,
  type TrustAnchor,
  type TrustPolicy,
  trustPolicy,
} from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { type Configuration, loadConfiguration } from "./config/configuration.ts";
import type { ConfigurationFault } from "./config/configuration-fault.ts";
import { type ConfigurationRow, describeConfiguration } from "./config/configuration-rows.ts";
import { type Environment, readEnvironment } from "./config/environment.ts";
import { misspelledSettings } from "./config/setting-spellings.ts";
import { readTrustAnchors } from "./config/trust-anchors.ts";
import { openFileChunks } from "./download/file-chunks.ts";
import { fileFault } from "./download/file-fault.ts";
import { createFileSource } from "./download/file-source.ts";
import type { ServiceRetryEvent } from "./download/service-source.ts";
import type { Logger } from "./log/logger.ts";
import { logClock, logNewSource, logWeakAlgorithms } from "./log/run-notices.ts";
import { logSyncEvents } from "./log/sync-events.ts";
import { logTrustNotices } from "./log/trust-notices.ts";
import { validateCron } from "./schedule/cron.ts";
import { buildSimulatedList } from "./simulate/simulated-list.ts";
import { type Simulator, startSimulator } from "./simulate/simulator.ts";
import { describeLocation, type StoreLocation } from "./store/database/store-location.ts";
import type { MigrationReport } from "./store/migrate.ts";
import type { Store } from "./store/store.ts";

/** Name and version of this program, as its package has them. */
export const packageManifest: { readonly name: string; readonly version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** The source that the service's lists are stored under, and files too unless told otherwise. */
export const defaultSource = "icao-masterlist";

/** How a run ended. */
export type RunResult = Result<RunReport, SyncError>;

/** What every run works with. */
export interface RunContext {
  readonly configuration: Configuration;
  readonly store: Store;
  readonly logger: Logger;
  /** Told of every event beside the log. */
  readonly observe?: (event: SyncEvent) => void;
}

/** Which run, and from where. */
export interface RunRequest {
  readonly from: AuthenticatedSource | BundleSource;
  /** Name of the source in the store. */
  readonly source: string;
  /** What started it. */
  readonly trigger: string;
  readonly executionId?: string;
  readonly signal: AbortSignal;
  /** Takes what nobody signed from this source, whatever the settings say. */
  readonly unsigned?: boolean;
  /** An operator's word that the bundle is to be accepted in spite of what can be lifted. */
  readonly release?: Release;
}

/** What an operator wants released, and why. */
export interface ReleaseRequest extends Release {
  /** SHA-256 of a bundle in quarantine, or the beginning of it. */
  readonly sha256: string;
  /** Where several sources gave that bundle. */
  readonly source?: string;
  readonly signal: AbortSignal;
}

/** The settings of a working directory: the environment, with the directory's `.env` beneath it. */
export function readSettings(directory: string, environment: Environment): Environment {
  return readEnvironment(directory, environment);
}

/** Reads the configuration from an environment; every fault at once. */
export function readConfiguration(
  environment: Environment,
): Result<Configuration, readonly ConfigurationFault[]> {
  return loadConfiguration(environment, { validateCron });
}

/** Everything that can be said of an environment without using it. It holds no secret. */
export interface CheckedSettings {
  readonly faults: readonly ConfigurationFault[];
  /** Names that look like a setting misspelled. */
  readonly warnings: readonly { readonly name: string; readonly message: string }[];
  /** The settings in force; none where there are faults. */
  readonly rows: readonly ConfigurationRow[];
  /** Whether a service to download from is configured. */
  readonly servable: boolean;
}

/** Looks at an environment. */
export function checkSettings(environment: Environment): CheckedSettings {
  const read = readConfiguration(environment);
  const warnings = misspelledSettings(environment);
  if (!read.ok) return { faults: read.error, warnings, rows: [], servable: false };
  const rows = describeConfiguration(read.value);
  return { faults: [], warnings, rows, servable: read.value.service !== null };
}

/** Brings the schema of the store up to date, and lets go of the store. Throws a `StoreError`. */
export async function migrateStore(
  configuration: Configuration,
  signal: AbortSignal,
): Promise<MigrationReport & { readonly location: StoreLocation }> {
  const store = await openStore(configuration);
  try {
    return { ...(await store.migrate(signal)), location: store.location };
  } finally {
    await store.close();
  }
}

/** Opens the store and brings its schema up to date. Throws a `StoreError`, `CANCELLED` where the signal says so. */
export async function openTrustStore(
  configuration: Configuration,
  logger: Logger,
  signal: AbortSignal,
): Promise<Store> {
  const store = await openStore(configuration);
  try {
    const { applied, current } = await store.migrate(signal);
    const place = describeLocation(store.location);
    logger.debug("store.opened", `opened ${place}`, { schema_version: current, location: store.location });
    for (const { version, name } of applied) {
      logger.info("store.migrated", `migration ${version} applied: ${name}`, { version, name });
    }
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Runs the pipeline once. A run that stopped is recorded in the store, where that can be reached. */
export async function runOnce(request: RunRequest, context: RunContext): Promise<RunResult> {
  const { configuration, store, logger } = context;
  const { from, signal, source, trigger, release, executionId = crypto.randomUUID() } = request;
  const startedAt = clock.now();
  const log = logSyncEvents(logger);
  const ownLogger = logger.child({ execution_id: executionId, trigger, source });
  if (configuration.trust.allowWeakAlgorithms) logWeakAlgorithms(ownLogger);
  await noticeNewSource(store, source, ownLogger);
  await noticeClock(store, ownLogger);
  const result = await sync(
    {
      source: from,
      parser: bundleParser({ sha256 }),
      policy: policyOf(configuration, request),
      store,
      clock,
      observe: (event) => {
        log(event);
        context.observe?.(event);
      },
    },
    { source, trigger, executionId, signal, ...(release && { release }) },
  );
  if (!result.ok) await recordFailure(result.error, startedAt, context);
  await noticeTrust(store, ownLogger);
  return result;
}

/**
 * Judges a bundle in quarantine again, with what an operator may lift lifted: shrinking, going back, age and an unknown
 * publisher, never a signature. Throws a `StoreError` where there is no such bundle.
 */
export async function releaseQuarantined(request: ReleaseRequest, context: RunContext): Promise<RunResult> {
  const { sha256: digest, source, by, reason, signal } = request;
  const { bytes, ...bundle } = await context.store.quarantinedBundle(digest, source);
  const from: BundleSource = { read: async () => ok(bytes) };
  const run = { from, source: bundle.source, trigger: "release", signal, release: { by, reason } };
  return runOnce(run, context);
}

/**
 * The three-step service that the configuration names; null where it names none. `onRetry` is told of each attempt that
 * failed and is made again, beside the log.
 */
export async function serviceSource(
  { service }: Configuration,
  logger: Logger,
  onRetry: (event: ServiceRetryEvent) => void = () => undefined,
): Promise<AuthenticatedSource | null> {
  if (service === null) return null;
  const { createServiceSource } = await import("./download/service-source.ts");
  return createServiceSource(service, {
    onRetry: (event) => {
      const { step, attempt, reason, message, delayMs } = event;
      const fields = { step, attempt, reason, delay_ms: delayMs };
      logger.warning("download.retried", `${message}; trying again in ${delayMs} ms`, fields);
      onRetry(event);
    },
  });
}

/** A file as a source, no larger than the download may be. */
export function fileSource(path: string, { service }: Configuration): BundleSource {
  return createFileSource(path, { maxBytes: service?.maxBytes ?? defaultLimits.maxBytes });
}

/** Reads a file whole, no larger than this library reads. */
export function readFileBytes(path: string): PortResult<Uint8Array> {
  const source = createFileSource(path, { maxBytes: defaultLimits.maxBytes });
  return source.read(new AbortController().signal, () => undefined);
}

/** Reads anchors as TRUST_ANCHORS names them. What is wrong reads on from the name of the setting, or of the flag. */
export function readAnchors(text: string): Result<readonly TrustAnchor[], string> {
  return readTrustAnchors(text);
}

/** Opens a file, or standard input where its name is `-`. Neither is held as a whole where it is LDIF. */
export async function readInput(file: string, stdin: AsyncIterable<Uint8Array>): PortResult<Bundle> {
  const chunks = file === "-" ? ok(stdin) : await openFileChunks(file);
  if (!chunks.ok) return chunks;
  try {
    return ok(await readBundle(chunks.value, { sha256 }));
  } catch (cause) {
    if (cause instanceof CertParserError) return err(parseError(cause));
    if (file !== "-" && cause instanceof Error && "errno" in cause) return err(fileFault(file, cause));
    throw cause;
  }
}

/** Reads a bundle that is in memory. */
export async function openBytes(bytes: Uint8Array): PortResult<Bundle> {
  try {
    return ok(await readBundle(bytes, { sha256 }));
  } catch (cause) {
    if (cause instanceof CertParserError) return err(parseError(cause));
    throw cause;
  }
}

/** Starts the simulated service on a port of its own: 0 takes a free one. */
export function startSimulation(
  bundle: Uint8Array,
  address: { readonly host: string; readonly port: number },
  logger: Logger,
): Promise<Simulator> {
  return startSimulator({
    ...address,
    bundle,
    onRequest: ({ method, path, status }) =>
      logger.debug("simulator.request", `simulator: ${method} ${path} answered ${status}`, {
        method,
        path,
        status,
      }),
  });
}

/** The list that is served where no file is named: a synthetic one of the whole world, signed now. */
export function syntheticList(): Promise<Uint8Array> {
  return buildSimulatedList(clock.now());
}

/**
 * Lets downloads go through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name.
 *
 * Deno and Bun do that by themselves, Node only when it is told to.
 */
export async function followProxySettings(environment: Environment): Promise<void> {
  if (proxyNames.every((name) => (environment[name] ?? "") === "")) return;
  const http = await import("node:http");
  http.setGlobalProxyFromEnv?.({ ...environment });
}

/** Database and HTTP client are loaded when they are used: `inspect` and `--help` need neither, and start faster without. */
async function openStore({ database, quarantine }: Configuration): Promise<Store> {
  const store = await import("./store/store.ts");
  return store.openStore(database, { quarantine });
}

/** The policy of a run. What an operator releases, and takes unsigned, holds for that run alone. */
function policyOf({ trust }: Configuration, { source, unsigned, release }: RunRequest): TrustPolicy {
  const { maxListAgeHours, unsignedSources, ...settings } = trust;
  const lifted: readonly LiftableCode[] = release === undefined ? [] : liftableCodes;
  return trustPolicy(
    {
      ...settings,
      maxListAgeMs: maxListAgeHours * 60 * 60 * 1000,
      unsignedSources: unsigned === true ? [...unsignedSources, source] : unsignedSources,
      lifted,
      engine,
    },
    clock,
  );
}

/** A name that is misspelled would make a second source, beside the one that was meant. */
async function noticeNewSource(store: Store, source: string, logger: Logger): Promise<void> {
  const names = (await store.sources().catch(() => [])).map(({ name }) => name);
  if (names.length > 0 && !names.includes(source)) logNewSource(source, names, logger);
}

/** A clock that is off is told before anything is judged by it. */
async function noticeClock(store: Store, logger: Logger): Promise<void> {
  const reference = await store.clock().catch(() => null);
  if (reference !== null) logClock(clock.now(), reference, logger);
}

/** Every run says what of the trust in the store is to be looked into. A store that is away has been told of already. */
async function noticeTrust(store: Store, logger: Logger): Promise<void> {
  const overview = await store.overview().catch(() => null);
  if (overview !== null) logTrustNotices(overview.trust, logger);
}

async function recordFailure(
  error: SyncError,
  startedAt: Date,
  { store, logger }: RunContext,
): Promise<void> {
  const { executionId, source, trigger, stage, code, reason, message, bundleSha256 = null } = error;
  try {
    await store.recordFailure({
      executionId,
      source,
      trigger,
      startedAt,
      finishedAt: clock.now(),
      stage,
      code,
      reason,
      message,
      bundleSha256,
    });
  } catch (cause) {
    logger.warning("run.unrecorded", "the failed run could not be recorded in the store", {
      execution_id: executionId,
      cause,
    });
  }
}

function parseError(cause: CertParserError): PortError {
  const place = cause.offset === undefined ? "" : ` (at byte ${cause.offset})`;
  return { code: "PARSE_ERROR", reason: cause.code, message: `${cause.message}${place}`, cause };
}

const clock = { now: () => new Date() };
// One for all runs: it keeps keys that it has read.
const engine = createNodeEngine();
const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] as const;

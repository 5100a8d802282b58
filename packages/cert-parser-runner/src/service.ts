/**
 * The service: schedule, routes and store, from the start to the last thing released. The other half of `main.ts`.
 *
 * @module
 */

import type { Configuration } from "./config/configuration.ts";
import { type EventLoopWatch, watchEventLoop } from "./http/event-loop.ts";
import { createRecent, type Recent } from "./http/recent.ts";
import { createRoutes } from "./http/routes.ts";
import { type HttpServer, serveHttp } from "./http/serve.ts";
import type { EndedRun, MetricsText, ServiceView, StoredState } from "./http/service-view.ts";
import type { Logger } from "./log/logger.ts";
import { logWeakAlgorithms } from "./log/run-notices.ts";
import {
  defaultSource,
  openTrustStore,
  packageManifest,
  type RunResult,
  runOnce,
  serviceSource,
} from "./main.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { openPatiently } from "./patient-store.ts";
import { createSchedule, type DueReason, type Schedule } from "./schedule/schedule.ts";
import { createSingleRun, type SingleRun } from "./schedule/single-run.ts";
import { longestGapMs } from "./schedule/timing.ts";
import { describeLocation } from "./store/database/store-location.ts";
import type { StoreOverview } from "./store/overview.ts";
import type { StoreStatistics } from "./store/statistics.ts";
import type { Store } from "./store/store.ts";
import { endedRun, ownSource, storedRun, storedState } from "./stored-state.ts";

/** A service that runs. */
export interface Service {
  /** Where the routes are, such as `http://localhost:8000`. */
  readonly url: string;
  /** The run on start; null where RUN_ON_STARTUP is false. */
  readonly firstRun: Promise<RunResult> | null;
  /** What the store holds. */
  overview(): Promise<StoreOverview>;
  /**
   * Accepts no more, cancels the run under way, and lets go of everything, in at most nine seconds. Harmless when
   * repeated.
   */
  stop(): Promise<void>;
}

/**
 * Starts the service that the configuration describes. The routes answer before the store is open; a store that cannot be
 * reached yet is waited for.
 *
 * Throws a `StoreError` where waiting would not help (`CANCELLED` where the signal says so), or what `serveHttp` throws;
 * what was opened until then is released.
 */
export async function startService(
  configuration: Configuration,
  logger: Logger,
  signal: AbortSignal = new AbortController().signal,
): Promise<Service> {
  const begun = performance.now();
  const { createMetrics } = await import("./metrics/metrics.ts");
  const metrics = createMetrics();

  await using resources = new AsyncDisposableStack();
  const state = createState(configuration, logger, metrics);
  if (configuration.trust.allowWeakAlgorithms) logWeakAlgorithms(logger);
  const server = await listen(state);
  resources.defer(() => server.close());

  const { store, overview } = await openPatiently(() => openAndLook(configuration, logger, signal), {
    logger,
    signal,
    onFailure: (error) => {
      state.storeFailure = error;
    },
  });
  resources.defer(() => store.close());
  state.store = store;

  const runs = await createRuns(state, store);
  const schedule = startSchedule(state, runs, overview);
  // Not before: to make an embedded database blocks the event loop for seconds.
  const eventLoop = watchEventLoop();
  resources.defer(() => eventLoop.stop());
  Object.assign(state, { runs, schedule, eventLoop });

  const url = `http://${reachable(configuration.server.host)}:${server.port}`;
  logStart(state, store, schedule, { url, durationMs: Math.round(performance.now() - begun) });
  const firstRun = configuration.runOnStartup ? (runs.start("startup")?.finished ?? null) : null;

  const owned = resources.move();
  return {
    url,
    firstRun,
    overview: () => store.overview(),
    stop: () =>
      within(stopMs, logger, async () => {
        schedule.stop();
        await Promise.all([server.close(), runs.stop()]);
        await owned.disposeAsync();
      }),
  };
}

interface State {
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stored: Recent<StoredState>;
  readonly statistics: Recent<StoreStatistics>;
  /** Longest time between two regular runs; null where it is not known. */
  readonly intervalMs: number | null;
  // Null while the service starts.
  store: Store | null;
  runs: SingleRun<RunResult> | null;
  schedule: Schedule | null;
  eventLoop: EventLoopWatch | null;
  // Why the store could not be opened, when it was last tried.
  storeFailure: Error | null;
  // Null before the first run of this process has ended.
  lastRun: EndedRun | null;
}

function createState(configuration: Configuration, logger: Logger, metrics: Metrics): State {
  const times = { freshMs: 5000, timeoutMs: 2000, staleMs: 60_000 };
  const state: State = {
    configuration,
    logger,
    metrics,
    stored: createRecent(async () => storedState(await openedStore(state).overview()), times),
    statistics: createRecent(async () => openedStore(state).statistics(new Date()), times),
    intervalMs: longestGapMs(configuration.schedule),
    store: null,
    runs: null,
    schedule: null,
    eventLoop: null,
    storeFailure: null,
    lastRun: null,
  };
  return state;
}

function openedStore({ store, storeFailure }: State): Store {
  if (store !== null) return store;
  throw storeFailure ?? Object.assign(new Error("the store is being opened"), { code: "STORE_OPENING" });
}

/** A database that goes away right after it was opened is one that is not there yet. */
async function openAndLook(configuration: Configuration, logger: Logger, signal: AbortSignal) {
  const store = await openTrustStore(configuration, logger, signal);
  try {
    return { store, overview: await store.overview() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function listen(state: State): Promise<HttpServer> {
  const { configuration, logger } = state;
  const { host, port, rootPath } = configuration.server;
  const routes = createRoutes(viewOf(state), {
    rootPath,
    triggerToken: configuration.triggerToken,
    onError: (cause) => logger.error("http.failed", "a route failed", { cause }),
  });
  const server = await serveHttp(routes, { host, port });
  const { version } = packageManifest;
  const fields = { version, host, port: server.port };
  logger.info("service.listening", `listening on ${host} port ${server.port}, opening the store`, fields);
  return server;
}

function viewOf(state: State): ServiceView {
  return {
    name: packageManifest.name,
    version: packageManifest.version,
    signaturesVerified: state.configuration.trust.mode !== "off",
    // A process that is still opening its store is alive.
    schedulerRunning: () => state.schedule?.running ?? true,
    eventLoopLagMs: () => state.eventLoop?.lagMs() ?? 0,
    nextRun: () => state.schedule?.next() ?? null,
    currentRun: () => state.runs?.current ?? null,
    lastRun: () => state.lastRun,
    stored: () => state.stored.read(),
    trigger: () => state.runs?.start("http") ?? null,
    metrics: () => metricsText(state),
  };
}

/** Prometheus asks seldom, and gets what holds at that moment. */
async function metricsText(state: State): Promise<MetricsText> {
  const { metrics, schedule, intervalMs } = state;
  const statistics = await state.statistics.read().catch(() => null);
  metrics.describe({
    statistics,
    storeReachable: statistics !== null,
    schedulerRunning: schedule?.running ?? true,
    nextRun: schedule?.next() ?? null,
    intervalMs,
  });
  return metrics.text();
}

async function createRuns(state: State, store: Store): Promise<SingleRun<RunResult>> {
  const { configuration, logger, metrics } = state;
  const from = await serviceSource(configuration, logger, (event) => metrics.retried(event));
  if (from === null) throw new TypeError("the configuration names no service to download from");
  return createSingleRun(async (executionId, trigger, signal) => {
    const startedAt = new Date();
    const request = { from, source: defaultSource, trigger, executionId, signal };
    const context = { configuration, store, logger, observe: metrics.observe };
    const result = await runOnce(request, context);
    const ended = endedRun(result, { executionId, trigger, startedAt });
    state.lastRun = ended;
    state.stored.forget();
    state.statistics.forget();
    // A run that was asked to stop says nothing of the service.
    if (ended.outcome !== "cancelled") state.schedule?.ended(result.ok ? "done" : "failed");
    logNext(state);
    return result;
  });
}

function logNext({ schedule, logger }: State): void {
  const next = schedule?.next()?.toISOString();
  if (next !== undefined) logger.info("schedule.next", `next run at ${next}`, { next_run: next });
}

/** What was missed or failed is known from the store: this process may be the successor of the one that did. */
function startSchedule(state: State, runs: SingleRun<RunResult>, { sources }: StoreOverview): Schedule {
  const { configuration, logger } = state;
  const { runOnStartup } = configuration;
  const own = ownSource(sources);
  const lastAccepted = own?.lastAccepted?.startedAt ?? null;

  const due = (reason: DueReason) => {
    if (runs.start(triggers[reason]) === null) {
      const fields = { execution_id: runs.current?.executionId };
      logger.warning("schedule.skipped", "a run is due while another goes on: left out", fields);
    } else if (reason === "missed") {
      const since = lastAccepted?.toISOString();
      const text = `a run came due since the last one, at ${since}, and is made up for`;
      logger.info("schedule.missed", text, { last_run: since });
    }
  };
  const { jitterMs } = configuration.schedule;
  const schedule = createSchedule(configuration.schedule, due, {
    jitterMs,
    // The run at the start makes up for all.
    lastRun: runOnStartup ? null : lastAccepted,
    onError: (cause) => logger.error("schedule.failed", "a run that was due could not be started", { cause }),
  });
  const lastRun = own?.lastRun ?? null;
  if (!runOnStartup && lastRun !== null && storedRun(lastRun).outcome === "failed") schedule.ended("failed");
  return schedule;
}

function logStart(
  { configuration, logger }: State,
  store: Store,
  schedule: Schedule,
  { url, durationMs }: { readonly url: string; readonly durationMs: number },
): void {
  const next = schedule.next()?.toISOString() ?? null;
  logger.info("service.started", `listening on ${url}, storing in ${describeLocation(store.location)}`, {
    version: packageManifest.version,
    url,
    location: store.location,
    schedule: configuration.schedule,
    run_on_startup: configuration.runOnStartup,
    next_run: next,
    signatures_verified: configuration.trust.mode !== "off",
    duration_ms: durationMs,
  });
}

/** What listens everywhere is reached at localhost; an IPv6 address stands in brackets. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** Kubernetes kills after 30 s, people lose patience after ten: what is not released by then goes with the process. */
async function within(ms: number, logger: Logger, work: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ms);
  });
  const ended = await Promise.race([work(), late]);
  clearTimeout(timer);
  if (ended === "late") {
    logger.warning(
      "service.stopping",
      `not all was released within ${ms} ms; what is left goes with the process`,
    );
  }
}

const triggers: Readonly<Record<DueReason, string>> = {
  regular: "schedule",
  missed: "catch-up",
  retry: "retry",
};
const stopMs = 9000;

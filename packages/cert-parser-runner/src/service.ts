/**
 * The service: schedule, routes and store, from the start to the last thing released. The other half of `main.ts`.
 *
 * @module
 */

import type { Configuration } from "./config/configuration.ts";
import { createRecent, type Recent } from "./http/recent.ts";
import { createRoutes } from "./http/routes.ts";
import { type HttpServer, serveHttp } from "./http/serve.ts";
import type { EndedRun, ServiceView, StoredState } from "./http/service-view.ts";
import type { Logger } from "./log/logger.ts";
import {
  defaultSource,
  openTrustStore,
  packageManifest,
  type RunResult,
  runOnce,
  serviceSource,
} from "./main.ts";
import { createSchedule, type Schedule } from "./schedule/schedule.ts";
import { createSingleRun, type SingleRun, type StartedRun } from "./schedule/single-run.ts";
import type { RunOverview, SourceOverview, StoreOverview } from "./store/overview.ts";
import type { Store } from "./store/store.ts";
import { describeLocation } from "./store/store-location.ts";

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
 * Starts the service that the configuration describes. The routes answer before the store is open.
 *
 * Throws a `StoreError` (`CANCELLED` where the signal says so), or what `serveHttp` throws; what was opened until then is
 * released.
 */
export async function startService(
  configuration: Configuration,
  logger: Logger,
  signal: AbortSignal = new AbortController().signal,
): Promise<Service> {
  const state: State = { configuration, logger, store: null, runs: null, schedule: null, lastRun: null };
  const stored = createRecent(() => readStored(state), { freshMs: 5000, timeoutMs: 2000, staleMs: 60_000 });

  await using resources = new AsyncDisposableStack();
  const server = await listen(state, stored);
  resources.defer(() => server.close());

  const store = await openTrustStore(configuration, logger, signal);
  resources.defer(() => store.close());
  state.store = store;

  const runs = await createRuns(state, store, stored);
  const schedule = startSchedule(runs, configuration, logger);
  Object.assign(state, { runs, schedule });

  const url = `http://${reachable(configuration.server.host)}:${server.port}`;
  logStart(state, store, schedule, url);
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
  // Null while the service starts.
  store: Store | null;
  runs: SingleRun<RunResult> | null;
  schedule: Schedule | null;
  // Null before the first run of this process has ended.
  lastRun: EndedRun | null;
}

function listen(state: State, stored: Recent<StoredState>): Promise<HttpServer> {
  const { configuration, logger } = state;
  const { host, port, rootPath } = configuration.server;
  const view: ServiceView = {
    name: packageManifest.name,
    version: packageManifest.version,
    // A process that is still opening its store is alive.
    schedulerRunning: () => state.schedule?.running ?? true,
    nextRun: () => state.schedule?.next() ?? null,
    currentRun: () => state.runs?.current ?? null,
    lastRun: () => state.lastRun,
    stored: () => stored.read(),
    trigger: () => state.runs?.start("http") ?? null,
  };
  const routes = createRoutes(view, {
    rootPath,
    triggerToken: configuration.triggerToken,
    onError: (cause) => logger.error("http.failed", "a route failed", { cause }),
  });
  return serveHttp(routes, { host, port });
}

async function createRuns(
  state: State,
  store: Store,
  stored: Recent<StoredState>,
): Promise<SingleRun<RunResult>> {
  const { configuration, logger } = state;
  const from = await serviceSource(configuration, logger);
  if (from === null) throw new TypeError("the configuration names no service to download from");
  return createSingleRun(async (executionId, trigger, signal) => {
    const startedAt = new Date();
    const request = { from, source: defaultSource, trigger, executionId, signal };
    const result = await runOnce(request, { configuration, store, logger });
    state.lastRun = endedRun(result, { executionId, trigger, startedAt });
    stored.forget();
    const next = state.schedule?.next() ?? null;
    if (next !== null) {
      logger.info("schedule.next", `next run at ${next.toISOString()}`, { next_run: next.toISOString() });
    }
    return result;
  });
}

function startSchedule(runs: SingleRun<RunResult>, configuration: Configuration, logger: Logger): Schedule {
  const skipped = () => {
    const fields = { execution_id: runs.current?.executionId };
    logger.warning("schedule.skipped", "a run is due while another goes on: left out", fields);
  };
  const due = async () => {
    const started: StartedRun<RunResult> | null = runs.start("schedule");
    if (started === null) return skipped();
    await started.finished;
  };
  return createSchedule(configuration.schedule, due, {
    onOverlap: skipped,
    onError: (cause) => logger.error("schedule.failed", "a scheduled run failed unexpectedly", { cause }),
  });
}

function logStart({ configuration, logger }: State, store: Store, schedule: Schedule, url: string): void {
  const next = schedule.next()?.toISOString() ?? null;
  logger.info("service.started", `listening on ${url}, storing in ${describeLocation(store.location)}`, {
    version: packageManifest.version,
    url,
    location: store.location,
    schedule: configuration.schedule,
    run_on_startup: configuration.runOnStartup,
    next_run: next,
    signatures_verified: false,
  });
}

function endedRun(
  result: RunResult,
  run: { readonly executionId: string; readonly trigger: string; readonly startedAt: Date },
): EndedRun {
  const ended = { ...run, source: defaultSource, finishedAt: new Date() };
  if (result.ok) {
    const changed = Object.entries(result.value.store).some(
      ([name, count]) => name !== "unchanged" && count > 0,
    );
    return { ...ended, outcome: changed ? "applied" : "unchanged", failure: null };
  }
  const { stage, code, reason } = result.error;
  return {
    ...ended,
    outcome: code === "CANCELLED" ? "cancelled" : "failed",
    failure: { stage, code, reason },
  };
}

async function readStored({ store }: State): Promise<StoredState> {
  if (store === null) throw Object.assign(new Error("the store is being opened"), { code: "STORE_OPENING" });
  const { sources, counts } = await store.overview();
  return { lists: sources.flatMap(storedList), lastRun: latestRun(sources), counts };
}

function storedList({ source, bundle, lastAccepted }: SourceOverview): StoredState["lists"] {
  if (bundle === null) return [];
  const acceptedAt = lastAccepted?.finishedAt ?? bundle.lastSeen;
  return [{ source, acceptedAt, signingTime: bundle.signingTime }];
}

function latestRun(sources: readonly SourceOverview[]): EndedRun | null {
  const own = sources.find(({ source }) => source === defaultSource)?.lastRun;
  return own === undefined || own === null ? null : storedRun(own);
}

function storedRun({ outcome, failure, ...run }: RunOverview): EndedRun {
  const { executionId, trigger, startedAt, finishedAt } = run;
  const ended = { executionId, trigger, startedAt, finishedAt, source: defaultSource };
  if (failure === null) return { ...ended, outcome, failure };
  const { stage, code, reason } = failure;
  return {
    ...ended,
    outcome: code === "CANCELLED" ? "cancelled" : "failed",
    failure: { stage, code, reason },
  };
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

const stopMs = 9000;

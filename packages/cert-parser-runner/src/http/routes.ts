/**
 * The routes for probes, operators and triggers, as a `fetch(request)` handler: the only door to Hono's router here.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { bearsToken } from "./bearer-token.ts";
import { type Readiness, readinessOf, unreachableStore } from "./readiness.ts";
import type { FetchHandler } from "./serve.ts";
import type { EndedRun, ServiceView, StoredList, StoredState } from "./service-view.ts";

/** How the routes are served. */
export interface RoutesOptions {
  /** Path that a proxy puts before the routes: they answer with it and without. Default: none. */
  readonly rootPath?: string;
  /** Bearer token of `POST /trigger`; null turns the route off. Default: null. */
  readonly triggerToken?: string | null;
  /** The time, for ages. Default: the system's. */
  readonly now?: () => Date;
  /** Told of what a route threw; the answer says nothing of it. */
  readonly onError?: (error: unknown) => void;
}

/** Makes the handler of `/health`, `/ready`, `/info` and `/trigger`. */
export function createRoutes(view: ServiceView, options: RoutesOptions = {}): FetchHandler {
  const { rootPath = "", triggerToken = null, now = () => new Date(), onError } = options;

  const routes = new Hono();
  routes.get("/health", (context) => health(context, view));
  routes.get("/ready", (context) => ready(context, view));
  routes.get("/info", (context) => info(context, view, now()));
  if (triggerToken !== null) routes.post("/trigger", (context) => trigger(context, view, triggerToken));

  const app = new Hono();
  app.use(secureHeaders());
  app.use(async (context, next) => {
    await next();
    context.header("Cache-Control", "no-store");
  });
  app.route("/", routes);
  if (rootPath !== "" && rootPath !== "/") app.route(rootPath, routes);
  app.notFound((context) => context.json({ error: "NOT_FOUND", message: "no such route" }, 404));
  app.onError((error, context) => {
    onError?.(error);
    return context.json({ error: "INTERNAL_ERROR", message: "see the log" }, 500);
  });
  return (request) => app.fetch(request);
}

/** Alive as long as the scheduler is. The store does not matter here: restarting the pod would not mend it. */
function health(context: Context, view: ServiceView): Response {
  const running = view.schedulerRunning();
  const body = { status: running ? "healthy" : "unhealthy", scheduler_running: running };
  return context.json(body, running ? 200 : 503);
}

/** Kubernetes takes any 2xx for success: `?strict` makes of 202 a 503. */
async function ready(context: Context, view: ServiceView): Promise<Response> {
  const { status, reason } = await currentReadiness(view);
  const strict = context.req.query("strict") !== undefined;
  const body = { status, scheduler_running: view.schedulerRunning(), ...(reason === null ? {} : { reason }) };
  if (status === "ready") return context.json(body, 200);
  return context.json(body, status === "starting" && !strict ? 202 : 503);
}

async function currentReadiness(view: ServiceView): Promise<Readiness> {
  try {
    const stored = await view.stored();
    return readinessOf(stored, view.lastRun() ?? stored.lastRun);
  } catch (error) {
    return unreachableStore(error);
  }
}

async function info(context: Context, view: ServiceView, now: Date): Promise<Response> {
  const stored = await view.stored().catch(() => null);
  const lastRun = view.lastRun() ?? stored?.lastRun ?? null;
  const current = view.currentRun();
  return context.json({
    name: view.name,
    version: view.version,
    scheduler_running: view.schedulerRunning(),
    has_error: lastRun?.outcome === "failed",
    signatures_verified: false,
    next_run: view.nextRun()?.toISOString() ?? null,
    current_run: current === null ? null : { execution_id: current.executionId, trigger: current.trigger },
    last_run: lastRun === null ? null : describeRun(lastRun),
    store: stored === null ? null : describeStored(stored, now),
  });
}

function trigger(context: Context, view: ServiceView, token: string): Response {
  if (!bearsToken(context.req.header("authorization"), token)) {
    context.header("WWW-Authenticate", "Bearer");
    return context.json({ error: "UNAUTHORIZED", message: "a bearer token is needed" }, 401);
  }
  const started = view.trigger();
  if (started !== null) return context.json({ status: "started", execution_id: started.executionId }, 202);
  const current = view.currentRun();
  if (current === null) return context.json({ error: "STOPPING", message: "the service stops" }, 503);
  return context.json(
    { error: "RUN_IN_PROGRESS", message: "a run goes on", execution_id: current.executionId },
    409,
  );
}

function describeRun(run: EndedRun): Readonly<Record<string, unknown>> {
  return {
    execution_id: run.executionId,
    trigger: run.trigger,
    source: run.source,
    outcome: run.outcome,
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt.toISOString(),
    ...(run.failure === null ? {} : { failure: run.failure }),
  };
}

function describeStored({ lists, counts }: StoredState, now: Date): Readonly<Record<string, unknown>> {
  return { lists: lists.map((list) => describeList(list, now)), ...counts };
}

function describeList(
  { source, acceptedAt, signingTime }: StoredList,
  now: Date,
): Readonly<Record<string, unknown>> {
  const ageMs = signingTime === null ? null : now.getTime() - signingTime.getTime();
  return {
    source,
    accepted_at: acceptedAt.toISOString(),
    signing_time: signingTime?.toISOString() ?? null,
    age_hours: ageMs === null ? null : Math.round((ageMs / 3_600_000) * 10) / 10,
  };
}

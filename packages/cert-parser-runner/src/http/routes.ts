/**
 * The routes for probes, operators and triggers, as a `fetch(request)` handler: the only door to Hono's router here.
 *
 * @module
 */

import { type Context, Hono, type MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { bearsToken } from "./bearer-token.ts";
import { type Readiness, readinessOf, unreachableStore } from "./readiness.ts";
import type { FetchHandler } from "./serve.ts";
import type { EndedRun, ServiceView, StoredList, StoredState, StoredTrust } from "./service-view.ts";

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

/** Makes the handler of `/health`, `/ready`, `/info`, `/metrics` and `/trigger`. */
export function createRoutes(view: ServiceView, options: RoutesOptions = {}): FetchHandler {
  const { rootPath = "", triggerToken = null, now = () => new Date(), onError } = options;

  const routes = new Hono();
  routes.get("/health", (context) => health(context, view));
  routes.get("/ready", (context) => ready(context, view));
  routes.get("/info", (context) => info(context, view, now()));
  if (view.metrics !== undefined) routes.get("/metrics", (context) => metrics(context, view));
  if (triggerToken !== null) {
    routes.post("/trigger", allowBearer(triggerToken), smallBody, (context) => trigger(context, view));
  }
  for (const [path, method] of [...new Map(routes.routes.map((route) => [route.path, route.method]))]) {
    routes.all(path, (context) => wrongMethod(context, method === "GET" ? "GET, HEAD" : method));
  }

  const app = new Hono();
  app.use(secureHeaders(headers));
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

/**
 * Alive as long as the scheduler is, and the event loop turns. The store does not matter here: restarting the pod would not
 * mend it.
 */
function health(context: Context, view: ServiceView): Response {
  const running = view.schedulerRunning();
  const lagMs = view.eventLoopLagMs();
  const reason = running ? late(lagMs) : { code: "SCHEDULER_DEAD", message: "no run will ever be due again" };
  const status = reason === null ? "healthy" : "unhealthy";
  const body = { status, scheduler_running: running, ...(reason === null ? {} : { reason }) };
  return context.json(body, reason === null ? 200 : 503);
}

function late(lagMs: number): Readiness["reason"] {
  if (lagMs < maxLagMs) return null;
  return { code: "EVENT_LOOP_BLOCKED", message: `the process did nothing else for ${lagMs} ms` };
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
    signatures_verified: view.signaturesVerified,
    next_run: view.nextRun()?.toISOString() ?? null,
    current_run: current === null ? null : { execution_id: current.executionId, trigger: current.trigger },
    last_run: lastRun === null ? null : describeRun(lastRun),
    store: stored === null ? null : describeStored(stored, now),
  });
}

async function metrics(context: Context, view: ServiceView): Promise<Response> {
  const given = await view.metrics?.();
  if (given === undefined) return context.notFound();
  return context.body(given.text, 200, { "Content-Type": given.contentType });
}

/** Comes first: who has no token is not listened to any further. */
function allowBearer(token: string): MiddlewareHandler {
  return async (context, next) => {
    if (bearsToken(context.req.header("authorization"), token)) return next();
    context.header("WWW-Authenticate", "Bearer");
    return context.json({ error: "UNAUTHORIZED", message: "a bearer token is needed" }, 401);
  };
}

/**
 * The route needs no body; clients send an empty or a small one.
 *
 * Not hono's own bodyLimit: it makes a new Request of the one it has read, which on Node is none that `Request` knows.
 */
const smallBody: MiddlewareHandler = async (context, next) => {
  const announced = Number(context.req.header("content-length") ?? 0);
  if (announced <= maxBodyBytes && (await endsWithin(context.req.raw.body, maxBodyBytes))) return next();
  const message = `at most ${maxBodyBytes} bytes`;
  return context.json({ error: "BODY_TOO_LARGE", message }, 413);
};

async function endsWithin(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return false;
  }
  return true;
}

function wrongMethod(context: Context, allowed: string): Response {
  context.header("Allow", allowed);
  return context.json({ error: "METHOD_NOT_ALLOWED", message: `this route takes ${allowed}` }, 405);
}

function trigger(context: Context, view: ServiceView): Response {
  const started = view.trigger();
  if (started !== null) return context.json({ status: "started", execution_id: started.executionId }, 202);
  const current = view.currentRun();
  if (current === null) {
    const message = "no run can start now: the service is starting or stopping";
    return context.json({ error: "NOT_ACCEPTING_RUNS", message }, 503);
  }
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

function describeStored({ lists, counts, trust }: StoredState, now: Date): Readonly<Record<string, unknown>> {
  return {
    lists: lists.map((list) => describeList(list, now)),
    ...counts,
    trust: describeTrust(trust),
  };
}

function describeTrust(trust: StoredTrust): Readonly<Record<string, unknown>> {
  return {
    unapproved_publishers: trust.unapprovedPins,
    unverified_certificates: trust.unverifiedCertificates,
    unsigned_certificates: trust.unsignedCertificates,
    quarantined: { refused: trust.refusedBundles, pending: trust.pendingBundles },
    last_rollover: trust.lastRollover?.toISOString() ?? null,
  };
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

// The rest are hono's: nosniff, no referrer, no frames. Transport security is for whoever ends TLS: said here, it would
// bind every service of that host.
const headers = {
  contentSecurityPolicy: { defaultSrc: ["'none'"] },
  strictTransportSecurity: false,
};
const maxBodyBytes = 1024;
// Far above what a parse or a write takes, and below the thirty seconds after which Kubernetes gives up.
const maxLagMs = 10_000;

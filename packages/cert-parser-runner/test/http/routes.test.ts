import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createRoutes, type RoutesOptions } from "../../src/http/routes.ts";
import { type HttpServer, serveHttp } from "../../src/http/serve.ts";
import type { EndedRun, ServiceView, StoredState } from "../../src/http/service-view.ts";

const counts = { certificates: 404, countries: 43, crls: 1, revoked: 4, rejections: 2 };
const trust: StoredState["trust"] = {
  unapprovedPins: 1,
  unverifiedCertificates: 2,
  unsignedCertificates: 3,
  refusedBundles: 4,
  pendingBundles: 5,
  lastRollover: new Date("2026-05-01T00:00:00Z"),
};
const empty: StoredState = { lists: [], lastRun: null, counts: { ...counts, certificates: 0 }, trust };
const filled: StoredState = {
  lists: [
    {
      source: "icao-masterlist",
      acceptedAt: new Date("2026-06-02T06:00:00Z"),
      signingTime: new Date("2026-06-01T12:00:00Z"),
    },
  ],
  lastRun: null,
  counts,
  trust,
};
const failedRun: EndedRun = {
  executionId: "e1",
  trigger: "startup",
  source: "icao-masterlist",
  startedAt: new Date("2026-06-02T06:00:00Z"),
  finishedAt: new Date("2026-06-02T06:00:01Z"),
  outcome: "failed",
  failure: { stage: "authenticate", code: "AUTHENTICATION_ERROR", reason: "HTTP_401" },
};

/** A view of a service at rest, with what a test changes. */
const viewOf = (changes: Partial<ServiceView> = {}): ServiceView => ({
  name: "cert-parser-runner",
  version: "1.2.3",
  signaturesVerified: true,
  schedulerRunning: () => true,
  eventLoopLagMs: () => 0,
  nextRun: () => new Date("2026-06-02T12:00:00Z"),
  currentRun: () => null,
  lastRun: () => null,
  stored: async () => filled,
  trigger: () => ({ executionId: "e2", trigger: "http" }),
  ...changes,
});

/** Answers over a real socket. */
async function ask(
  path: string,
  changes: Partial<ServiceView> = {},
  { init, ...options }: RoutesOptions & { init?: RequestInit } = {},
) {
  const server = await serveHttp(createRoutes(viewOf(changes), options), { host: "127.0.0.1", port: 0 });
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init ?? {});
    return { status: response.status, headers: response.headers, body: await response.json() };
  } finally {
    await server.close();
  }
}

const storeDown = async (): Promise<StoredState> => {
  const secret = "connect postgresql://owner:hunter2@db/trust";
  throw Object.assign(new Error(secret), { code: "STORE_UNREACHABLE" });
};

describe("GET /health", () => {
  test("is healthy while the scheduler runs, whatever the store does", async () => {
    const { status, body } = await ask("/health", { stored: storeDown });
    assert.equal(status, 200);
    assert.deepEqual(body, { status: "healthy", scheduler_running: true });
  });

  test("is unhealthy when the scheduler is dead", async () => {
    const { status, body } = await ask("/health", { schedulerRunning: () => false });
    assert.equal(status, 503);
    assert.equal(body.status, "unhealthy");
    assert.equal(body.scheduler_running, false);
    assert.equal(body.reason.code, "SCHEDULER_DEAD");
  });

  test("is unhealthy when the event loop was blocked lately, and healthy when it was only busy", async () => {
    const blocked = await ask("/health", { eventLoopLagMs: () => 10_000 });
    assert.equal(blocked.status, 503);
    assert.equal(blocked.body.status, "unhealthy");
    assert.equal(blocked.body.reason.code, "EVENT_LOOP_BLOCKED");
    assert.equal((await ask("/health", { eventLoopLagMs: () => 9999 })).status, 200);
  });
});

describe("GET /ready", () => {
  const cases = [
    ["a store with a list is ready", {}, "", 200, "ready", undefined],
    ["a failed run leaves a good store ready", { lastRun: () => failedRun }, "", 200, "ready", undefined],
    [
      "an empty store before the first run starts",
      { stored: async () => empty },
      "",
      202,
      "starting",
      "NO_LIST_YET",
    ],
    [
      "starting is a failure for ?strict",
      { stored: async () => empty },
      "?strict",
      503,
      "starting",
      "NO_LIST_YET",
    ],
    ["ready is ready for ?strict", {}, "?strict", 200, "ready", undefined],
    [
      "an empty store after a failed run is an error",
      { stored: async () => empty, lastRun: () => failedRun },
      "",
      503,
      "error",
      "AUTHENTICATION_ERROR",
    ],
    [
      "a failed run of the process before counts too",
      { stored: async () => ({ ...empty, lastRun: failedRun }) },
      "",
      503,
      "error",
      "AUTHENTICATION_ERROR",
    ],
    [
      "a run that was cancelled is none",
      { stored: async () => empty, lastRun: () => ({ ...failedRun, outcome: "cancelled" as const }) },
      "",
      202,
      "starting",
      "NO_LIST_YET",
    ],
    [
      "a store that does not answer is an error",
      { stored: storeDown },
      "",
      503,
      "error",
      "STORE_UNREACHABLE",
    ],
    [
      "a store that is being opened starts",
      {
        stored: async () => {
          throw Object.assign(new Error("opening"), { code: "STORE_OPENING" });
        },
      },
      "",
      202,
      "starting",
      "STORE_OPENING",
    ],
  ] as const;
  for (const [name, changes, query, status, word, code] of cases) {
    test(name, async () => {
      const answer = await ask(`/ready${query}`, changes);
      assert.equal(answer.status, status);
      assert.equal(answer.body.status, word);
      assert.equal(answer.body.reason?.code, code);
      assert.equal(answer.body.scheduler_running, true);
      assert.doesNotMatch(JSON.stringify(answer.body), /hunter2|postgresql:/);
    });
  }
});

describe("GET /info", () => {
  test("tells name, version, runs, the age of the list and the counts", async () => {
    const options = { now: () => new Date("2026-06-03T12:00:00Z") };
    const { status, body } = await ask("/info", { lastRun: () => failedRun }, options);
    assert.equal(status, 200);
    assert.deepEqual(body, {
      name: "cert-parser-runner",
      version: "1.2.3",
      scheduler_running: true,
      has_error: true,
      signatures_verified: true,
      next_run: "2026-06-02T12:00:00.000Z",
      current_run: null,
      last_run: {
        execution_id: "e1",
        trigger: "startup",
        source: "icao-masterlist",
        outcome: "failed",
        started_at: "2026-06-02T06:00:00.000Z",
        finished_at: "2026-06-02T06:00:01.000Z",
        failure: { stage: "authenticate", code: "AUTHENTICATION_ERROR", reason: "HTTP_401" },
      },
      store: {
        lists: [
          {
            source: "icao-masterlist",
            accepted_at: "2026-06-02T06:00:00.000Z",
            signing_time: "2026-06-01T12:00:00.000Z",
            age_hours: 48,
          },
        ],
        ...counts,
        trust: {
          unapproved_publishers: 1,
          unverified_certificates: 2,
          unsigned_certificates: 3,
          quarantined: { refused: 4, pending: 5 },
          last_rollover: "2026-05-01T00:00:00.000Z",
        },
      },
    });
  });

  test("answers without the store, and says nothing of why", async () => {
    const { status, body } = await ask("/info", { stored: storeDown });
    assert.equal(status, 200);
    assert.equal(body.store, null);
    assert.doesNotMatch(JSON.stringify(body), /hunter2/);
  });
});

describe("POST /trigger", () => {
  const triggerToken = "a-token-of-some-length";
  const post = (authorization?: string): RequestInit => ({
    method: "POST",
    headers: authorization === undefined ? {} : { authorization },
  });

  test("starts a run for who has the token", async () => {
    const { status, body } = await ask(
      "/trigger",
      {},
      { triggerToken, init: post(`Bearer ${triggerToken}`) },
    );
    assert.equal(status, 202);
    assert.deepEqual(body, { status: "started", execution_id: "e2" });
  });

  test("answers 409 with the run that goes on", async () => {
    const changes = { trigger: () => null, currentRun: () => ({ executionId: "e1", trigger: "schedule" }) };
    const options = { triggerToken, init: post(`bearer ${triggerToken}`) };
    const { status, body } = await ask("/trigger", changes, options);
    assert.equal(status, 409);
    assert.equal(body.execution_id, "e1");
  });

  test("answers 503 when no run is let in", async () => {
    const options = { triggerToken, init: post(`Bearer ${triggerToken}`) };
    assert.equal((await ask("/trigger", { trigger: () => null }, options)).status, 503);
  });

  const refused = [
    ["nothing", undefined],
    ["another token", "Bearer a-token-of-some-lengtH"],
    ["a beginning of it", "Bearer a-token"],
    ["another scheme", `Basic ${triggerToken}`],
    ["the token alone", triggerToken],
    ["an empty token", "Bearer "],
  ] as const;
  for (const [name, authorization] of refused) {
    test(`answers 401 to ${name}, and starts nothing`, async () => {
      let started = false;
      const trigger = () => {
        started = true;
        return null;
      };
      const { status, headers } = await ask(
        "/trigger",
        { trigger },
        { triggerToken, init: post(authorization) },
      );
      assert.equal(status, 401);
      assert.equal(headers.get("www-authenticate"), "Bearer");
      assert.equal(started, false);
    });
  }

  // Fetch wants `duplex` for a stream; the types do not know it yet.
  const chunked = (bytes: number): RequestInit & { duplex: "half" } => ({
    body: new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(bytes));
        controller.close();
      },
    }),
    duplex: "half",
  });
  const bodies = [
    ["an empty body", { body: "" }, 202],
    ["a small one", { body: "{}" }, 202],
    ["one of exactly 1 KiB", { body: "x".repeat(1024) }, 202],
    ["a small one of unknown length", chunked(1024), 202],
    ["one over 1 KiB", { body: "x".repeat(1025) }, 413],
    ["a long one of unknown length", chunked(1025), 413],
  ] as const;
  for (const [name, body, expected] of bodies) {
    test(`answers ${expected} to ${name}`, async () => {
      let started = 0;
      const trigger = () => {
        started++;
        return { executionId: "e2", trigger: "http" };
      };
      const init = { ...post(`Bearer ${triggerToken}`), ...body };
      const { status, body: answer } = await ask("/trigger", { trigger }, { triggerToken, init });
      assert.equal(status, expected);
      assert.equal(started, expected === 202 ? 1 : 0);
      if (expected === 413) assert.equal(answer.error, "BODY_TOO_LARGE");
    });
  }

  test("listens to no body before it has seen the token", async () => {
    const init = { ...post("Bearer wrong"), body: "x".repeat(100_000) };
    assert.equal((await ask("/trigger", {}, { triggerToken, init })).status, 401);
  });

  test("is off without a token in the settings", async () => {
    const { status } = await ask("/trigger", {}, { init: post("Bearer anything") });
    assert.equal(status, 404);
  });
});

describe("GET /metrics", () => {
  test("gives the text as it is, with its own content type", async () => {
    const contentType = "text/plain; version=0.0.4; charset=utf-8";
    const text = "# HELP a b\n# TYPE a counter\na 1\n";
    const view = viewOf({ metrics: async () => ({ contentType, text }) });
    const response = await createRoutes(view)(new Request("http://localhost/metrics"));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), contentType);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(await response.text(), text);
  });

  test("is no route where there are no metrics", async () => {
    assert.equal((await ask("/metrics")).status, 404);
  });
});

describe("all routes", () => {
  let server: HttpServer;
  const errors: unknown[] = [];
  before(async () => {
    const view = viewOf({
      nextRun: () => {
        throw new Error("select secret from certs.runs");
      },
    });
    const routes = createRoutes(view, { rootPath: "/certs", onError: (error) => errors.push(error) });
    server = await serveHttp(routes, { host: "127.0.0.1", port: 0 });
  });
  after(() => server.close());
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

  test("answer under ROOT_PATH and without it", async () => {
    assert.equal((await get("/certs/health")).status, 200);
    assert.equal((await get("/health")).status, 200);
  });

  test("an unknown one is 404 as JSON", async () => {
    const response = await get("/metrics/none");
    assert.equal(response.status, 404);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal((await response.json()).error, "NOT_FOUND");
  });

  test("one that fails is 500 without a stack or SQL; the log has it", async () => {
    const response = await get("/info");
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: "INTERNAL_ERROR", message: "see the log" });
    assert.match(String(errors[0]), /select secret/);
  });

  const wrong = [
    ["POST", "/health", "GET, HEAD"],
    ["DELETE", "/certs/ready", "GET, HEAD"],
    ["PUT", "/info", "GET, HEAD"],
    ["OPTIONS", "/metrics", "GET, HEAD"],
    ["GET", "/trigger", "POST"],
    ["PATCH", "/certs/trigger", "POST"],
  ] as const;
  for (const [method, path, allowed] of wrong) {
    test(`${method} ${path} is 405 with Allow: ${allowed}`, async () => {
      const view = viewOf({ metrics: async () => ({ contentType: "text/plain", text: "" }) });
      const handler = createRoutes(view, { rootPath: "/certs", triggerToken: "token" });
      const response = await handler(new Request(`http://localhost${path}`, { method }));
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), allowed);
      assert.equal((await response.json()).error, "METHOD_NOT_ALLOWED");
    });
  }

  test("answer HEAD as GET without the body", async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/health`, { method: "HEAD" });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
  });

  for (const path of ["/health", "/nowhere", "/info", "/trigger"]) {
    test(`${path} forbids caching, sniffing and embedding, and names no server`, async () => {
      const { headers } = await get(path);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("content-security-policy"), "default-src 'none'");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(headers.get("server"), null);
      assert.equal(headers.get("x-powered-by"), null);
      assert.equal(headers.get("strict-transport-security"), null);
    });
  }

  test("tell the version only under /info", async () => {
    const handler = createRoutes(viewOf(), { triggerToken: "token" });
    for (const path of ["/health", "/ready", "/nowhere", "/trigger"]) {
      const response = await handler(new Request(`http://localhost${path}`));
      const all = JSON.stringify([...response.headers]) + (await response.text());
      assert.doesNotMatch(all, /1\.2\.3/, path);
    }
  });
});

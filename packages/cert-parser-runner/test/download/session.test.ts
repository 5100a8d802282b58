import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, type TestContext, test } from "node:test";
import type { AuthenticatedSource, Download, PortError, Result } from "cert-parser-core";
import { createServiceSource, type ServiceRetryEvent } from "../../src/download/service-source.ts";
import { type SeenRequest, startFaultyServer } from "./faulty-server.ts";
import { failure, fast, settingsOf, unknown } from "./service-step.ts";

describe("tokens", () => {
  test("are used again until shortly before they expire", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    await succeed(service.run());
    service.pass(269);
    await succeed(service.run());
    assert.deepEqual(service.log(), ["/token", "/login", "/list access.1 sfc.1", "/list access.1 sfc.1"]);
    service.pass(1);
    await succeed(service.run());
    assert.deepEqual(service.log().slice(4), ["/token", "/login", "/list access.2 sfc.2"]);
  });

  test("that hold less than a minute are used for half of their time", async (t) => {
    const service = await startService(t, { expiresIn: "10" });
    await succeed(service.run());
    service.pass(4.9);
    await succeed(service.run());
    assert.equal(service.count("/token"), 1);
    service.pass(0.1);
    await succeed(service.run());
    assert.equal(service.count("/token"), 2);
  });

  for (const expiresIn of [undefined, 0, -1, "soon", null, { s: 1 }]) {
    test(`are used once where expires_in is ${JSON.stringify(expiresIn)}`, async (t) => {
      const service = await startService(t, { expiresIn });
      await succeed(service.run());
      await succeed(service.run());
      assert.deepEqual([service.count("/token"), service.count("/login")], [2, 2]);
    });
  }

  const renewals = [
    ["/login", "login", ["/token", "/login", "/token", "/login", "/list access.2 sfc.1"]],
    [
      "/list",
      "download",
      ["/token", "/login", "/list access.1 sfc.1", "/token", "/login", "/list access.2 sfc.2"],
    ],
  ] as const;
  for (const expiresIn of [300, undefined]) {
    for (const [path, step, requests] of renewals) {
      test(`that ${path} refuses with 401 are renewed once, with expires_in ${expiresIn}`, async (t) => {
        const service = await startService(t, { expiresIn });
        service.refuse(path, 401, 1);
        await succeed(service.run());
        assert.deepEqual(service.log(), requests);
        const [event, ...more] = service.retries;
        assert.deepEqual([event?.step, event?.reason, more], [step, "HTTP_401", []]);
      });
    }
  }

  test("that were kept and are refused by now are renewed", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    await succeed(service.run());
    service.refuse("/list", 401, 1);
    await succeed(service.run());
    assert.deepEqual(service.log().slice(3), [
      "/list access.1 sfc.1",
      "/token",
      "/login",
      "/list access.2 sfc.2",
    ]);
    await succeed(service.run());
    assert.equal(service.count("/token"), 2);
  });

  test("that are the same after a new login bring a new SFC token all the same", async (t) => {
    const service = await startService(t, { expiresIn: 300, sameAccessToken: true });
    service.refuse("/list", 401, 1);
    await succeed(service.run());
    assert.equal(service.log().at(-1), "/list access.0 sfc.2");
  });

  for (const [path, code, requests] of [
    ["/login", "AUTHENTICATION_ERROR", ["/token", "/login", "/token", "/login"]],
    [
      "/list",
      "EXTERNAL_SERVICE_ERROR",
      ["/token", "/login", "/list access.1 sfc.1", "/token", "/login", "/list access.2 sfc.2"],
    ],
  ] as const) {
    test(`that ${path} always refuses are renewed once, and that is the end of the run`, async (t) => {
      const service = await startService(t, { expiresIn: 300 });
      service.refuse(path, 401, Number.POSITIVE_INFINITY);
      const error = failure(await service.run());
      assert.deepEqual([error.code, error.reason], [code, "HTTP_401"]);
      assert.deepEqual(service.log(), requests);
      await service.run();
      assert.deepEqual(service.log().slice(requests.length).slice(0, 1), ["/token"], "kept nothing");
    });
  }

  test("are renewed once in a run, not once at each step", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    service.refuse("/login", 401, 1);
    service.refuse("/list", 401, 1);
    assert.equal(failure(await service.run()).reason, "HTTP_401");
    assert.equal(service.count("/token"), 2);
    await succeed(service.run());
  });

  test("that are refused with 403 are not renewed, but not kept either", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    service.refuse("/list", 403, 1);
    assert.equal(failure(await service.run()).reason, "HTTP_403");
    assert.deepEqual(service.log(), ["/token", "/login", "/list access.1 sfc.1"]);
    await succeed(service.run());
    assert.deepEqual(service.log().slice(3), ["/token", "/login", "/list access.2 sfc.2"]);
  });

  test("are kept through a failure that is not theirs", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    service.refuse("/list", 404, 1);
    assert.equal(failure(await service.run()).reason, "HTTP_404");
    await succeed(service.run());
    assert.equal(service.count("/token"), 1);
  });

  test("are not asked for again where the password is refused", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    service.refuse("/token", 401, Number.POSITIVE_INFINITY);
    const error = failure(await service.run());
    assert.deepEqual([error.code, error.reason], ["AUTHENTICATION_ERROR", "HTTP_401"]);
    assert.deepEqual(service.log(), ["/token"]);
  });

  test("whose renewal fails give the failure of the renewal", async (t) => {
    const service = await startService(t, { expiresIn: 300 });
    await succeed(service.run());
    service.refuse("/list", 401, 1);
    service.refuse("/token", 400, 1);
    const error = failure(await service.run());
    assert.equal(error.reason, "HTTP_400");
    assert.match(error.message, /^access token: /);
  });
});

interface Plan {
  readonly expiresIn: unknown;
  readonly sameAccessToken?: boolean;
}

/** A service that numbers its tokens and refuses as it is told, with a source that uses it. */
async function startService(t: TestContext, { expiresIn, sameAccessToken = false }: Plan) {
  const refusals = new Map<string, { readonly status: number; left: number }>();
  const count = (path: string) => seen.filter((request) => request.path === path).length;
  const issued = { access: 0, sfc: 0 };
  const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
    "/token": (response) => {
      issued.access += 1;
      const token = `access.${sameAccessToken ? 0 : issued.access}`;
      response.end(JSON.stringify({ access_token: token, expires_in: expiresIn }));
    },
    "/login": (response) => {
      issued.sfc += 1;
      response.end(`sfc.${issued.sfc}`);
    },
    "/list": (response) => response.end("0123"),
  };
  const { origin, seen } = await startFaultyServer(t, (response, _, { path }) => {
    const refusal = refusals.get(path);
    if (refusal !== undefined && refusal.left > 0) {
      refusal.left -= 1;
      response.writeHead(refusal.status).end();
    } else answers[path]?.(response);
  });

  let now = Date.parse("2026-03-01T12:00:00Z");
  const retries: ServiceRetryEvent[] = [];
  const source = createServiceSource(settingsOf(origin, { downloadUrl: `${origin}/list` }), {
    retry: fast,
    now: () => new Date(now),
    onRetry: (event) => retries.push(event),
  });
  return {
    retries,
    count,
    run: () => run(source),
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    refuse: (path: string, status: number, times: number) => refusals.set(path, { status, left: times }),
    /** Paths that were asked for; those of lists with the tokens that came along. */
    log: () => seen.map(line),
  };
}

function line({ path, headers }: SeenRequest): string {
  if (path !== "/list") return path;
  const tokens = [headers.authorization, headers["x-sfc-authorization"]];
  return `/list ${tokens.map((header) => String(header).replace("Bearer ", "")).join(" ")}`;
}

/** The three steps, as the pipeline takes them. */
async function run(source: AuthenticatedSource): Promise<Result<Download, PortError>> {
  const { signal } = new AbortController();
  const access = await source.accessTokens.acquire(signal);
  if (!access.ok) return access;
  const sfc = await source.sfcTokens.acquire(access.value, signal);
  if (!sfc.ok) return sfc;
  const tokens = { accessToken: access.value, sfcToken: sfc.value };
  return source.downloader.download(tokens, signal, () => undefined, unknown);
}

async function succeed(running: Promise<Result<unknown, PortError>>): Promise<void> {
  const result = await running;
  assert.ok(result.ok, JSON.stringify(result));
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ServiceRetryEvent } from "../../src/download/service-source.ts";
import { startFaultyServer } from "./faulty-server.ts";
import { breakOff, failure, fast, good, step } from "./service-step.ts";

describe("retries", () => {
  for (const name of ["authenticate", "login", "download"] as const) {
    for (const status of [408, 429, 500, 502, 503, 504]) {
      test(`${name} tries again after ${status}`, async (t) => {
        const events: ServiceRetryEvent[] = [];
        const { origin, seen } = await startFaultyServer(t, (response, number) => {
          if (number <= 2) response.writeHead(status).end("busy");
          else good[name](response);
        });
        const result = await step(name, origin, { onRetry: (event) => events.push(event) });
        assert.equal(result.ok, true);
        assert.equal(seen.length, 3);
        assert.equal(seen[2]?.body, seen[0]?.body);
        const told = events.map(({ step, attempt, reason }) => [step, attempt, reason]);
        assert.deepEqual(told, [
          [name, 1, `HTTP_${status}`],
          [name, 2, `HTTP_${status}`],
        ]);
      });
    }

    test(`${name} tries again after a connection that was reset`, async (t) => {
      const { origin, seen } = await startFaultyServer(t, (response, number) => {
        if (number === 1) response.socket?.resetAndDestroy();
        else good[name](response);
      });
      assert.equal((await step(name, origin)).ok, true);
      assert.equal(seen.length, 2);
    });

    test(`${name} tries again after a body that broke midway`, async (t) => {
      const { origin, seen } = await startFaultyServer(t, (response, number) => {
        if (number > 1) good[name](response);
        else breakOff(response);
      });
      assert.equal((await step(name, origin)).ok, true);
      assert.equal(seen.length, 2);
    });
  }

  test("end after the attempts that were given, and say how many there were", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => response.writeHead(503).end());
    const error = failure(await step("login", origin, { retry: { attempts: 3 } }));
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "HTTP_503", 3]);
    assert.match(error.message, /after 3 attempts/);
  });

  test("wait longer from attempt to attempt, up to the ceiling", async (t) => {
    const delays: number[] = [];
    const { origin } = await startFaultyServer(t, (response) => response.writeHead(500).end());
    const retry = { attempts: 5, baseDelayMs: 10, maxDelayMs: 40 };
    await step("download", origin, { retry, onRetry: ({ delayMs }) => delays.push(delayMs) });
    assert.equal(delays.length, 4);
    for (const [index, longest] of [10, 20, 40, 40].entries()) {
      const delay = delays[index] ?? -1;
      assert.ok(delay >= longest / 2 && delay <= longest, `delay ${index} is ${delay}`);
    }
  });

  test("wait as long as Retry-After says", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response, number) => {
      if (number === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else good.download(response);
    });
    const started = performance.now();
    assert.equal((await step("download", origin)).ok, true);
    assert.equal(seen.length, 2);
    assert.ok(performance.now() - started >= 990);
  });

  test("wait no longer than the cap, whatever Retry-After says", async (t) => {
    const delays: number[] = [];
    const { origin } = await startFaultyServer(t, (response, number) => {
      const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
      if (number === 1) response.writeHead(503, { "retry-after": inAnHour }).end();
      else good.download(response);
    });
    const result = await step("download", origin, { onRetry: ({ delayMs }) => delays.push(delayMs) });
    assert.equal(result.ok, true);
    assert.deepEqual(delays, [fast.maxRetryAfterMs]);
  });
});

describe("cancelling", () => {
  test("before the request sends nothing", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => good.login(response));
    const error = failure(await step("login", origin, {}, {}, undefined, AbortSignal.abort()));
    assert.deepEqual([error.code, error.reason, seen.length], ["CANCELLED", "ABORTED", 0]);
  });

  test("while the server keeps silent ends the request", async (t) => {
    const controller = new AbortController();
    const { origin, seen } = await startFaultyServer(t, () => controller.abort());
    const error = failure(await step("login", origin, {}, {}, undefined, controller.signal));
    assert.deepEqual([error.code, seen.length], ["CANCELLED", 1]);
  });

  test("while the body comes in ends the download", async (t) => {
    const controller = new AbortController();
    const { origin, seen } = await startFaultyServer(t, (response) => {
      response.writeHead(200, { "content-length": 1000 }).write("0123");
    });
    const stop = (bytes: number) => bytes > 0 && controller.abort();
    const error = failure(await step("download", origin, {}, {}, stop, controller.signal));
    assert.deepEqual([error.code, seen.length], ["CANCELLED", 1]);
  });

  test("while it waits for the next attempt ends the waiting", async (t) => {
    const controller = new AbortController();
    const { origin, seen } = await startFaultyServer(t, (response) => response.writeHead(503).end());
    const retry = { baseDelayMs: 20_000, maxDelayMs: 20_000 };
    const onRetry = () => void setTimeout(() => controller.abort(), 20);
    const started = performance.now();
    const error = failure(await step("login", origin, { retry, onRetry }, {}, undefined, controller.signal));
    assert.deepEqual([error.code, seen.length], ["CANCELLED", 1]);
    assert.ok(performance.now() - started < 5_000);
  });
});

test("a signal that is kept over many runs gathers no listeners", async (t) => {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...[type, listener, options]: Parameters<typeof addEventListener>) => {
    listeners.add(listener);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (...[type, listener, options]: Parameters<typeof removeEventListener>) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };

  const { origin, seen } = await startFaultyServer(t, (response, number) => {
    if (number === 1) response.writeHead(503).end();
    else good.login(response);
  });
  assert.equal((await step("login", origin, {}, {}, undefined, signal)).ok, true);
  assert.equal(seen.length, 2);
  assert.equal(listeners.size, 0);
});

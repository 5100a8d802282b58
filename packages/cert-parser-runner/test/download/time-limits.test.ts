import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createServiceSource, type ServiceSourceOptions } from "../../src/download/service-source.ts";
import { defaultOverallTimeoutMs } from "../../src/download/time-limits.ts";
import { type Answer, startFaultyServer } from "./faulty-server.ts";
import { failure, fast, good, settingsOf, unknown } from "./service-step.ts";

describe("a silence in the body", () => {
  /** Announces a thousand bytes, sends one now and then. */
  const trickle =
    (everyMs: number, bytes: number): Answer =>
    (response) => {
      response.writeHead(200, { "content-length": bytes });
      response.write("0");
      let sent = 1;
      const timer = setInterval(() => {
        if (sent < bytes) response.write("0");
        sent += 1;
        if (sent === bytes) response.end();
      }, everyMs);
      response.on("close", () => clearInterval(timer));
    };

  test("ends the attempt long before its time is over, and may not come again", async (t) => {
    const { source, seen } = await start(t, { idleTimeoutMs: 60 }, (response, number) => {
      if (number > 1) {
        good.download(response);
        return;
      }
      response.writeHead(200, { "content-length": 1000 });
      response.write("0123");
    });
    const begun = performance.now();
    assert.equal((await source.download()).ok, true);
    assert.equal(seen.length, 2);
    assert.ok(performance.now() - begun < 2000);
  });

  test("is named where it comes every time", async (t) => {
    const options = { idleTimeoutMs: 40, retry: { ...fast, attempts: 2 } };
    const { source, seen } = await start(t, options, (response) => {
      response.writeHead(200, { "content-length": 1000 }).write("0123");
    });
    const error = failure(await source.download());
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "IDLE_TIMEOUT", 2]);
    assert.match(error.message, /sent nothing for 0\.04 s in the middle of its answer after 2 attempts/);
  });

  test("shorter than the limit does no harm, however often", async (t) => {
    const { source, seen } = await start(t, { idleTimeoutMs: 400 }, trickle(25, 24));
    assert.equal((await source.download()).ok, true);
    assert.equal(seen.length, 1);
  });

  test("before the body begins is none: a service may think", async (t) => {
    const { source } = await start(t, { idleTimeoutMs: 30 }, async (response) => {
      await delay(120);
      good.download(response);
    });
    assert.equal((await source.download()).ok, true);
  });
});

describe("the time of a whole run", () => {
  test("ends an attempt that has time of its own left", async (t) => {
    const { source, seen } = await start(t, { overallTimeoutMs: 80 }, () => undefined);
    const error = failure(await source.download());
    assert.deepEqual(
      [error.code, error.reason, seen.length],
      ["EXTERNAL_SERVICE_ERROR", "OVERALL_TIMEOUT", 1],
    );
    assert.match(error.message, /before the 0\.08 s of the whole run were over: /);
  });

  test("counts the body too", async (t) => {
    const { source } = await start(t, { overallTimeoutMs: 100 }, (response) => {
      response.writeHead(200, { "content-length": 1000 });
      const timer = setInterval(() => response.write("0"), 10);
      response.on("close", () => clearInterval(timer));
    });
    assert.equal(failure(await source.download()).reason, "OVERALL_TIMEOUT");
  });

  test("is not slept away: a delay that would end after it ends the run", async (t) => {
    const { source, seen } = await start(t, { overallTimeoutMs: 1_000 }, (response) =>
      response.writeHead(503, { "retry-after": "2" }).end(),
    );
    const begun = performance.now();
    const error = failure(await source.download());
    assert.deepEqual([error.reason, seen.length], ["HTTP_503", 1]);
    assert.match(error.message, /answered 503, with no time left for another attempt: /);
    assert.ok(performance.now() - begun < 900);
  });

  test("is that of all three steps, and begins anew with each run", async (t) => {
    const { source } = await start(t, { overallTimeoutMs: 900 }, async (response, number, { path }) => {
      await delay(350);
      if (path === "/token") response.end(`{"access_token":"access.${number}"}`);
      else if (path === "/login") response.end("sfc.1");
      else good.download(response);
    });
    for (let run = 0; run < 2; run++) {
      assert.equal((await source.accessTokens()).ok, true);
      assert.equal((await source.sfcTokens()).ok, true);
      assert.equal(failure(await source.download()).reason, "OVERALL_TIMEOUT");
    }
  });

  const defaults = [
    [1_000, 10_000],
    [60_000, 600_000],
    [120_000, 900_000],
    [3_600_000, 3_600_000],
  ] as const;
  for (const [timeoutMs, expected] of defaults) {
    test(`is ${expected} ms by default where an attempt may take ${timeoutMs} ms`, () => {
      assert.equal(defaultOverallTimeoutMs(timeoutMs), expected);
    });
  }
});

/** A source of a server, with one signal for all steps. */
async function start(t: TestContext, options: ServiceSourceOptions, answer: Answer) {
  const { origin, seen } = await startFaultyServer(t, answer);
  const source = createServiceSource(settingsOf(origin), { retry: fast, ...options });
  const { signal } = new AbortController();
  return {
    seen,
    source: {
      accessTokens: () => source.accessTokens.acquire(signal),
      sfcTokens: () => source.sfcTokens.acquire("access.1", signal),
      download: () =>
        source.downloader.download(
          { accessToken: "access.1", sfcToken: "sfc.1" },
          signal,
          () => undefined,
          unknown,
        ),
    },
  };
}

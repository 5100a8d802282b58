import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Validators } from "cert-parser-core";
import { createServiceSource } from "../../src/download/service-source.ts";
import { type Answer, startFaultyServer } from "./faulty-server.ts";
import { failure, fast, good, never, settingsOf, unknown } from "./service-step.ts";

const date = "Sun, 01 Mar 2026 12:00:00 GMT";

describe("validators", () => {
  for (const etag of ['"a1"', 'W/"a1"', "no-quotes", '"with, comma"']) {
    test(`${etag} is given as it came, and sent back as it is`, async (t) => {
      const { download, seen } = await start(t, (response) => {
        response.setHeader("etag", etag).setHeader("last-modified", date);
        good.download(response);
      });
      const first = await download(unknown);
      assert.ok(first.ok && first.value.modified);
      assert.deepEqual(first.value.validators, { etag, lastModified: date });
      await download(first.value.validators);
      assert.equal(seen[0]?.headers["if-none-match"], undefined);
      assert.equal(seen[0]?.headers["if-modified-since"], undefined);
      assert.equal(seen[1]?.headers["if-none-match"], etag);
      assert.equal(seen[1]?.headers["if-modified-since"], date);
    });
  }

  test("of which one is missing are sent without it", async (t) => {
    const { download, seen } = await start(t, (response) => good.download(response));
    const result = await download({ etag: null, lastModified: date });
    assert.ok(result.ok && result.value.modified);
    assert.deepEqual(result.value.validators, unknown);
    assert.equal(seen[0]?.headers["if-none-match"], undefined);
    assert.equal(seen[0]?.headers["if-modified-since"], date);
  });

  for (const etag of ["", '"a\nb"', '"ü"', '"日"', `"${"x".repeat(600)}"`]) {
    test(`that no header should carry are not sent: ${JSON.stringify(etag).slice(0, 20)}`, async (t) => {
      const { download, seen } = await start(t, (response) => good.download(response));
      assert.equal((await download({ etag, lastModified: null })).ok, true);
      assert.equal(seen[0]?.headers["if-none-match"], undefined);
    });
  }

  test("that would not be sent back are not given either", async (t) => {
    const { download } = await start(t, (response) => {
      response.setHeader("etag", `"${"x".repeat(600)}"`).setHeader("last-modified", date);
      good.download(response);
    });
    const result = await download(unknown);
    assert.ok(result.ok && result.value.modified);
    assert.deepEqual(result.value.validators, { etag: null, lastModified: date });
  });
});

describe("304", () => {
  test("to a conditional request means that there is no other list", async (t) => {
    const { download, seen } = await start(t, (response) => response.writeHead(304).end());
    const result = await download({ etag: '"a1"', lastModified: null });
    assert.deepEqual(result, { ok: true, value: { modified: false } });
    assert.equal(seen.length, 1);
  });

  test("to a request that was none is a failure", async (t) => {
    const { download, seen } = await start(t, (response) => response.writeHead(304).end());
    const error = failure(await download(unknown));
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "HTTP_304", 1]);
  });

  test("after a redirect and a retry counts as well, since they keep the condition", async (t) => {
    const { download, seen } = await start(t, (response, number) => {
      if (number === 1) response.writeHead(503).end();
      else if (number === 2) response.writeHead(302, { location: "/moved" }).end();
      else response.writeHead(304).end();
    });
    const result = await download({ etag: '"a1"', lastModified: null });
    assert.deepEqual(result, { ok: true, value: { modified: false } });
    assert.deepEqual(
      seen.map(({ headers }) => headers["if-none-match"]),
      ['"a1"', '"a1"', '"a1"'],
    );
  });
});

async function start(t: TestContext, answer: Answer) {
  const { origin, seen } = await startFaultyServer(t, answer);
  const source = createServiceSource(settingsOf(origin), { retry: fast });
  const tokens = { accessToken: "access.1", sfcToken: "sfc.1" };
  const download = (known: Validators) => source.downloader.download(tokens, never, () => undefined, known);
  return { seen, download };
}

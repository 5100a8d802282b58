import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deadOrigin, startFaultyServer, startUntrustedServer } from "./faulty-server.ts";
import { breakOff, failure, fast, good, step } from "./service-step.ts";

describe("the network", () => {
  test("that refuses a connection is tried again, and named", async () => {
    const attempts: number[] = [];
    const origin = await deadOrigin();
    const error = failure(
      await step("authenticate", origin, { onRetry: ({ attempt }) => attempts.push(attempt) }),
    );
    assert.deepEqual([error.code, error.reason], ["EXTERNAL_SERVICE_ERROR", "CONNECTION_REFUSED"]);
    assert.match(
      error.message,
      /^access token: http:\/\/127\.0\.0\.1:\d+\/token refuses the connection( \(\w+\))? after 4 /,
    );
    assert.deepEqual(attempts, [1, 2, 3]);
  });

  test("that resets each connection is a closed connection", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => response.socket?.resetAndDestroy());
    const error = failure(await step("login", origin));
    assert.deepEqual([error.code, error.reason], ["EXTERNAL_SERVICE_ERROR", "CONNECTION_CLOSED"]);
    assert.equal(seen.length, fast.attempts);
  });

  test("that does not know the host is named", async () => {
    const error = failure(await step("download", "http://no-such-host.invalid", { retry: { attempts: 1 } }));
    assert.deepEqual([error.code, error.reason], ["EXTERNAL_SERVICE_ERROR", "NAME_NOT_FOUND"]);
    assert.match(error.message, /DOWNLOAD_URL/);
  });

  test("whose certificate nobody vouches for is not tried again, and the way out is named", async (t) => {
    const { origin, seen } = await startUntrustedServer(t);
    const error = failure(await step("download", origin));
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "TLS_ERROR", 0]);
    assert.match(error.message, /not trusted( \(\w+\))?: .*NODE_EXTRA_CA_CERTS/);
  });

  test("that keeps silent runs into the timeout of each attempt", async (t) => {
    const { origin, seen } = await startFaultyServer(t, () => undefined);
    const error = failure(await step("login", origin, { retry: { attempts: 2 } }, { timeoutMs: 80 }));
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "TIMEOUT", 2]);
    assert.match(error.message, /0\.08 s after 2 attempts: .*HTTP_TIMEOUT_SECONDS/);
  });

  test("that trickles a body runs into the same timeout, and may do better next time", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response, number) => {
      if (number > 1) {
        good.download(response);
        return;
      }
      response.writeHead(200, { "content-length": 1000 });
      const trickle = setInterval(() => response.write("0"), 10);
      response.on("close", () => clearInterval(trickle));
    });
    assert.equal((await step("download", origin, {}, { timeoutMs: 150 })).ok, true);
    assert.equal(seen.length, 2);
  });

  test("that always breaks the body off gives TRUNCATED_BODY", async (t) => {
    const { origin, seen } = await startFaultyServer(t, breakOff);
    const error = failure(await step("download", origin));
    assert.deepEqual([error.code, error.reason], ["EXTERNAL_SERVICE_ERROR", "TRUNCATED_BODY"]);
    assert.equal(seen.length, fast.attempts);
  });
});

describe("a body", () => {
  test("over the limit is refused before it is read, when its length is announced", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => {
      response.writeHead(200, { "content-length": 10_001 }).end(new Uint8Array(10_001));
    });
    const progress: number[] = [];
    const error = failure(
      await step("download", origin, {}, { maxBytes: 10_000 }, (bytes) => progress.push(bytes)),
    );
    assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", "TOO_LARGE", 1]);
    assert.match(error.message, /10001 bytes, over the limit of 10000.*MAX_DOWNLOAD_BYTES/);
    assert.deepEqual(progress, []);
  });

  test("over the limit is refused while it is read, when it has no end", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => {
      const pour = () => {
        while (response.write(new Uint8Array(65_536)));
      };
      response.on("drain", pour);
      pour();
    });
    const error = failure(await step("download", origin, {}, { maxBytes: 1_000_000 }));
    assert.deepEqual([error.reason, seen.length], ["TOO_LARGE", 1]);
  });

  test("of exactly the limit is taken", async (t) => {
    const { origin } = await startFaultyServer(t, (response) => response.end(new Uint8Array(10_000)));
    assert.equal((await step("download", origin, {}, { maxBytes: 10_000 })).ok, true);
  });

  const wrong = [
    ["download", "", "EMPTY_BODY"],
    ["download", "<!DOCTYPE html><title>Sign in</title>", "HTML_BODY"],
    ["download", "\uFEFF\n <html>", "HTML_BODY"],
    ["download", '<?xml version="1.0"?><Error/>', "XML_BODY"],
    ["download", '{"error":"maintenance"}', "JSON_BODY"],
    ["authenticate", "", "EMPTY_BODY"],
    ["authenticate", "<html>", "HTML_BODY"],
    ["authenticate", "secret-token", "NOT_JSON"],
    ["authenticate", '{"access_token":"secret-token"', "NOT_JSON"],
    ["authenticate", "{}", "TOKEN_MISSING"],
    ["authenticate", "null", "TOKEN_MISSING"],
    ["authenticate", '{"access_token":""}', "TOKEN_MISSING"],
    ["authenticate", '{"access_token":42}', "TOKEN_MISSING"],
    ["authenticate", '{"access_token":"secret-token\\nx: y"}', "TOKEN_MALFORMED"],
    ["login", " \r\n", "TOKEN_MISSING"],
    ["login", '""', "TOKEN_MISSING"],
    ["login", "<html>", "HTML_BODY"],
    ["login", '{"token":"secret-token"}', "JSON_BODY"],
    ["login", "secret-token with words", "TOKEN_MALFORMED"],
    ["login", "secret-tökén", "TOKEN_MALFORMED"],
  ] as const;
  for (const [name, body, reason] of wrong) {
    test(`${JSON.stringify(body)} at ${name} is ${reason}, and is not asked for again`, async (t) => {
      const { origin, seen } = await startFaultyServer(t, (response) => response.end(body));
      const error = failure(await step(name, origin));
      assert.deepEqual([error.code, error.reason, seen.length], ["EXTERNAL_SERVICE_ERROR", reason, 1]);
    });
  }
});

describe("a redirect", () => {
  for (const status of [301, 302, 307, 308]) {
    test(`${status} within the origin is followed with method, headers and body`, async (t) => {
      const { origin, seen } = await startFaultyServer(t, (response, number) => {
        if (number === 1) response.writeHead(status, { location: "/moved?x=1" }).end("moved");
        else good.login(response);
      });
      assert.deepEqual(await step("login", origin), { ok: true, value: "sfc.1" });
      const { headers: _, path, ...sent } = seen[1] ?? assert.fail("not followed");
      assert.equal(path, "/moved?x=1");
      assert.deepEqual(sent, { method: "POST", body: seen[0]?.body });
      assert.equal(seen[1]?.headers.authorization, "Bearer access.1");
    });
  }

  test("303 after a POST is refused, since no step means a GET", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) =>
      response.writeHead(303, { location: "/x" }).end(),
    );
    assert.equal(failure(await step("login", origin)).reason, "HTTP_303");
    assert.equal(seen.length, 1);
  });

  for (const name of ["authenticate", "login", "download"] as const) {
    test(`to another origin at ${name} fails, and nothing is sent there`, async (t) => {
      const other = await startFaultyServer(t, (response) => good[name](response));
      const location = `${other.origin}/stolen?code=s3cr3t`;
      const { origin, seen } = await startFaultyServer(t, (response) =>
        response.writeHead(307, { location }).end(),
      );
      const error = failure(await step(name, origin));
      assert.deepEqual(
        [error.code, error.reason, seen.length],
        ["EXTERNAL_SERVICE_ERROR", "REDIRECT_ORIGIN", 1],
      );
      assert.ok(error.message.includes(`${other.origin}/stolen,`), error.message);
      assert.deepEqual(other.seen, []);
    });
  }

  test("in a circle ends", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) =>
      response.writeHead(302, { location: "/again" }).end(),
    );
    assert.equal(failure(await step("download", origin)).reason, "REDIRECT_LIMIT");
    assert.equal(seen.length, 6);
  });

  test("without a Location is an answer like any other", async (t) => {
    const { origin } = await startFaultyServer(t, (response) => response.writeHead(302).end());
    assert.equal(failure(await step("download", origin)).reason, "HTTP_302");
  });
});

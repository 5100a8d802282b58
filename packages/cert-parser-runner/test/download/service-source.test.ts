import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { createServiceSource } from "../../src/download/service-source.ts";
import { type Answer, startFaultyServer } from "./faulty-server.ts";
import {
  breakOff,
  bytesOf,
  failure,
  good,
  never,
  secrets,
  settingsOf,
  step,
  unknown,
} from "./service-step.ts";

describe("the three steps", () => {
  test("send what the protocol asks for, and read both tokens and the list", async (t) => {
    const list = new Uint8Array(300_000).fill(0x30);
    const { origin, seen } = await startFaultyServer(t, (response, _, { path }) => {
      if (path === "/token?realm=a")
        response.end(JSON.stringify({ access_token: "access.1", expires_in: 60 }));
      else if (path === "/login") response.end(" sfc.1\r\n");
      else response.writeHead(200, { "content-length": list.length }).end(list);
    });
    const source = createServiceSource(settingsOf(origin, { authUrl: `${origin}/token?realm=a` }));
    const progress: [number, number | undefined][] = [];

    const access = await source.accessTokens.acquire(never);
    assert.deepEqual(access, { ok: true, value: "access.1" });
    const sfc = await source.sfcTokens.acquire("access.1", never);
    assert.deepEqual(sfc, { ok: true, value: "sfc.1" });
    const tokens = { accessToken: "access.1", sfcToken: "sfc.1" };
    const body = await source.downloader.download(
      tokens,
      never,
      (...figures) => progress.push(figures),
      unknown,
    );
    assert.ok(Buffer.from(bytesOf(body)).equals(list));

    const [token, login, download] = seen;
    assert.equal(token?.method, "POST");
    assert.equal(token?.headers["content-type"], "application/x-www-form-urlencoded");
    assert.deepEqual(Object.fromEntries(new URLSearchParams(token?.body)), {
      grant_type: "password",
      client_id: "client",
      client_secret: secrets.clientSecret,
      username: "user",
      password: secrets.password,
    });
    assert.equal(login?.method, "POST");
    assert.equal(login?.headers.authorization, "Bearer access.1");
    assert.equal(login?.headers["content-type"], "application/json");
    assert.deepEqual(JSON.parse(login?.body ?? ""), {
      borderPostId: 7,
      boxId: "box",
      passengerControlType: 2,
    });
    assert.equal(download?.method, "GET");
    assert.equal(download?.headers.authorization, "Bearer access.1");
    assert.equal(download?.headers["x-sfc-authorization"], "Bearer sfc.1");

    assert.deepEqual(progress[0], [0, list.length]);
    assert.deepEqual(progress.at(-1), [list.length, list.length]);
    const received = progress.map(([bytes]) => bytes);
    assert.deepEqual(
      received,
      [...received].sort((a, b) => a - b),
    );
  });

  test("take the SFC token as a JSON string too", async (t) => {
    const { origin } = await startFaultyServer(t, (response) => response.end('"sfc.2"\n'));
    assert.deepEqual(await step("login", origin), { ok: true, value: "sfc.2" });
  });

  test("take a list without Content-Length", async (t) => {
    const { origin } = await startFaultyServer(t, (response) => {
      response.write("0123");
      response.end("456");
    });
    const result = await step("download", origin);
    assert.equal(Buffer.from(bytesOf(result)).toString(), "0123456");
  });
});

describe("refusals", () => {
  const refusals = [
    [
      "authenticate",
      401,
      '{"error":"invalid_client"}',
      "AUTHENTICATION_ERROR",
      /AUTH_CLIENT_SECRET.*AUTH_PASSWORD/,
    ],
    ["authenticate", 403, "", "AUTHENTICATION_ERROR", /AUTH_CLIENT_ID/],
    ["authenticate", 400, '{"error":"invalid_grant"}', "AUTHENTICATION_ERROR", /400 \(invalid_grant\)/],
    ["authenticate", 400, '{"error":"invalid_request"}', "EXTERNAL_SERVICE_ERROR", /invalid_request/],
    ["authenticate", 404, "", "EXTERNAL_SERVICE_ERROR", /AUTH_URL/],
    ["login", 403, "", "AUTHENTICATION_ERROR", /LOGIN_BOX_ID/],
    ["login", 400, "", "EXTERNAL_SERVICE_ERROR", /LOGIN_PASSENGER_CONTROL_TYPE/],
    ["login", 404, "", "EXTERNAL_SERVICE_ERROR", /LOGIN_URL/],
    ["download", 403, "", "EXTERNAL_SERVICE_ERROR", /tokens .* not accepted/],
    ["download", 404, "", "EXTERNAL_SERVICE_ERROR", /DOWNLOAD_URL/],
    ["download", 206, "0abc", "EXTERNAL_SERVICE_ERROR", /answered 206/],
    ["download", 304, "", "EXTERNAL_SERVICE_ERROR", /DOWNLOAD_URL/],
  ] as const;
  for (const [name, status, body, code, message] of refusals) {
    test(`${status} ${body} at ${name} is ${code}, at the first attempt`, async (t) => {
      const { origin, seen } = await startFaultyServer(t, (response) => response.writeHead(status).end(body));
      const error = failure(await step(name, origin));
      assert.deepEqual([error.code, error.reason], [code, `HTTP_${status}`]);
      assert.match(error.message, message);
      assert.equal(seen.length, 1);
    });
  }
});

describe("secrets", () => {
  const answers: readonly (readonly [string, Answer])[] = [
    [
      "an echo of the request",
      (response, _, request) => response.writeHead(400).end(JSON.stringify(request)),
    ],
    ["a reset", (response) => response.socket?.resetAndDestroy()],
    ["a broken body", (response) => breakOff(response)],
    ["a token with a newline", (response) => response.end('{"access_token":"s3cr3t\\n.x"}')],
    ["half a JSON document", (response) => response.end('{"access_token":"s3cr3t.x"')],
    [
      "a redirect elsewhere",
      (response) => response.writeHead(302, { location: "http://x.invalid/?s3cr3t" }).end(),
    ],
  ];
  for (const name of ["authenticate", "login", "download"] as const) {
    for (const [what, answer] of answers) {
      test(`stay out of the error of ${name} after ${what}`, async (t) => {
        const { origin } = await startFaultyServer(t, answer);
        const query = {
          authUrl: `${origin}/?s3cr3t`,
          loginUrl: `${origin}/?s3cr3t`,
          downloadUrl: `${origin}/?s3cr3t`,
        };
        const result = await step(name, origin, { retry: { attempts: 1 } }, query, undefined, never, {
          accessToken: "s3cr3t-access",
          sfcToken: "s3cr3t-sfc",
        });
        assert.doesNotMatch(inspect(failure(result), { depth: 10, showHidden: true }), /s3cr3t/);
      });
    }
  }

  test("in a URL are a fault of the configuration", async (t) => {
    const { origin, seen } = await startFaultyServer(t, (response) => good.login(response));
    const loginUrl = origin.replace("//", "//user:s3cr3t@");
    const error = failure(await step("login", origin, {}, { loginUrl }));
    assert.deepEqual([error.code, error.reason, seen.length], ["CONFIGURATION_ERROR", "INVALID_URL", 0]);
    assert.doesNotMatch(inspect(error), /s3cr3t/);
  });
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { createServiceSource } from "../../src/download/service-source.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import type { SimulatedRequest } from "../../src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";

const bundle = Uint8Array.from({ length: 100_000 }, (_, index) => (index === 0 ? 0x30 : index % 256));
const lifetimeSeconds = 300;
const login = { borderPostId: 1, boxId: "a", passengerControlType: 2 };
const grant = {
  grant_type: "password",
  client_id: simulatorCredentials.clientId,
  client_secret: simulatorCredentials.clientSecret,
  username: simulatorCredentials.username,
  password: simulatorCredentials.password,
};

describe("the simulator", () => {
  let simulator: Simulator;
  let now = new Date("2026-03-01T12:00:00Z");
  const requests: SimulatedRequest[] = [];

  before(async () => {
    simulator = await startSimulator({
      port: 0,
      bundle,
      tokenLifetimeSeconds: lifetimeSeconds,
      now: () => now,
      onRequest: (request) => requests.push(request),
    });
  });
  after(() => simulator.close());

  test("serves a runner that is set up with its environment", async () => {
    const configuration = loadConfiguration(simulator.environment);
    assert.ok(configuration.ok && configuration.value.service !== null);
    const source = createServiceSource(configuration.value.service);
    const signal = new AbortController().signal;

    const access = await source.accessTokens.acquire(signal);
    assert.ok(access.ok, JSON.stringify(access));
    const sfc = await source.sfcTokens.acquire(access.value, signal);
    assert.ok(sfc.ok, JSON.stringify(sfc));
    const tokens = { accessToken: access.value, sfcToken: sfc.value };
    const totals = new Set<number | undefined>();
    const list = await source.downloader.download(tokens, signal, (_, total) => totals.add(total), {
      etag: null,
      lastModified: null,
    });
    assert.ok(list.ok && list.value.modified && Buffer.from(list.value.bytes).equals(bundle));
    assert.deepEqual([...totals], [bundle.length]);
  });

  test("refuses a runner with a wrong password, with the code of a failed login", async () => {
    const configuration = loadConfiguration({ ...simulator.environment, AUTH_PASSWORD: "wrong" });
    assert.ok(configuration.ok && configuration.value.service !== null);
    const source = createServiceSource(configuration.value.service);
    const access = await source.accessTokens.acquire(new AbortController().signal);
    assert.ok(!access.ok);
    assert.deepEqual([access.error.code, access.error.reason], ["AUTHENTICATION_ERROR", "HTTP_401"]);
    assert.match(access.error.message, /invalid_grant/);
  });

  describe("at the token endpoint", () => {
    test("answers a token response that must not be stored", async () => {
      const response = await postForm(grant);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("cache-control"), "no-store");
      const { access_token: token, ...rest } = (await response.json()) as Record<string, unknown>;
      assert.match(String(token), /^access-[0-9a-f]{64}$/);
      assert.deepEqual(rest, { token_type: "Bearer", expires_in: lifetimeSeconds });
    });

    const { grant_type: _, ...withoutGrantType } = grant;
    const { password: __, ...withoutPassword } = grant;
    const flawed = [
      ["a wrong grant type", { ...grant, grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
      ["no grant type", withoutGrantType, 400, "invalid_request"],
      ["no password", withoutPassword, 400, "invalid_request"],
      ["an empty user", { ...grant, username: "" }, 400, "invalid_request"],
      ["a wrong client", { ...grant, client_id: "other" }, 401, "invalid_client"],
      ["a wrong client secret", { ...grant, client_secret: "other" }, 401, "invalid_client"],
      ["a wrong user", { ...grant, username: "other" }, 401, "invalid_grant"],
      ["a wrong password", { ...grant, password: "other" }, 401, "invalid_grant"],
    ] as const;
    for (const [flaw, form, status, error] of flawed) {
      test(`refuses ${flaw} with ${status} ${error}`, async () => {
        await assertRefused(await postForm(form), status, error);
      });
    }

    test("refuses a field that is there twice", async () => {
      const body = new URLSearchParams([...Object.entries(grant), ["password", "other"]]);
      await assertRefused(await fetch(simulator.urls.auth, { method: "POST", body }), 400, "invalid_request");
    });

    test("refuses JSON", async () => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(simulator.urls.auth, {
        method: "POST",
        headers,
        body: JSON.stringify(grant),
      });
      await assertRefused(response, 400, "invalid_request");
    });

    test("refuses a body that is far too large", async () => {
      await assertRefused(await postForm({ ...grant, padding: "x".repeat(100_000) }), 413, "invalid_request");
    });
  });

  describe("at the login", () => {
    test("answers the SFC token as text", async () => {
      const response = await postLogin(login, await accessToken());
      assert.equal(response.status, 200);
      assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
      assert.match(await response.text(), /^sfc-[0-9a-f]{64}$/);
    });

    const bodies = [
      ["a border post that is text", { ...login, borderPostId: "1" }],
      ["a border post that is a fraction", { ...login, borderPostId: 1.5 }],
      ["a box that is a number", { ...login, boxId: 1 }],
      ["an empty box", { ...login, boxId: "" }],
      ["a control type that is text", { ...login, passengerControlType: "1" }],
      ["a control type that is missing", { borderPostId: 1, boxId: "a" }],
      ["an array", [login]],
      ["null", null],
    ] as const;
    for (const [flaw, body] of bodies) {
      test(`refuses ${flaw} with 400`, async () => {
        await assertRefused(await postLogin(body, await accessToken()), 400, "invalid_request");
      });
    }

    test("refuses what is no JSON, and JSON that is called text", async () => {
      const authorization = `Bearer ${await accessToken()}`;
      for (const [type, body] of [
        ["application/json", "{"],
        ["text/plain", JSON.stringify(login)],
      ] as const) {
        const headers = { authorization, "content-type": type };
        const response = await fetch(simulator.urls.login, { method: "POST", headers, body });
        await assertRefused(response, 400, "invalid_request");
      }
    });

    test("refuses a missing, a wrong, an expired and an SFC token with 401", async () => {
      const expired = await accessToken();
      now = new Date(now.getTime() + lifetimeSeconds * 1000);
      const { sfc } = await tokens();
      for (const token of [undefined, "", "wrong", expired, sfc]) {
        const response = await postLogin(login, token);
        assert.match(response.headers.get("www-authenticate") ?? "", /invalid_token/);
        await assertRefused(response, 401, "invalid_token");
      }
    });
  });

  describe("at the download", () => {
    test("answers the bytes with their length", async () => {
      const { access, sfc } = await tokens();
      const response = await download(`Bearer ${access}`, `Bearer ${sfc}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "application/octet-stream");
      assert.equal(response.headers.get("content-length"), String(bundle.length));
      assert.ok(Buffer.from(await response.arrayBuffer()).equals(bundle));
    });

    test("names the version of the list, and answers 304 to whoever holds it", async () => {
      const { access, sfc } = await tokens();
      const ask = (headers: Record<string, string>) => download(`Bearer ${access}`, `Bearer ${sfc}`, headers);
      const response = await ask({});
      const etag = response.headers.get("etag") ?? "";
      const modified = response.headers.get("last-modified") ?? "";
      assert.equal(etag, `"${createHash("sha256").update(bundle).digest("hex")}"`);
      assert.equal(modified, "Sun, 01 Mar 2026 12:00:00 GMT");

      const conditions = [
        [{ "if-none-match": etag }, 304],
        [{ "if-none-match": `W/${etag}` }, 304],
        [{ "if-none-match": `"other", ${etag}` }, 304],
        [{ "if-none-match": "*" }, 304],
        [{ "if-none-match": '"other"' }, 200],
        [{ "if-modified-since": modified }, 304],
        [{ "if-modified-since": "Sun, 01 Mar 2026 12:00:01 GMT" }, 304],
        [{ "if-modified-since": "Sun, 01 Mar 2026 11:59:59 GMT" }, 200],
        // The date counts only where there is no tag.
        [{ "if-none-match": '"other"', "if-modified-since": modified }, 200],
        [{ "if-none-match": etag, "if-modified-since": "Sun, 01 Mar 2026 11:00:00 GMT" }, 304],
      ] as const;
      for (const [headers, status] of conditions) {
        const answer = await ask(headers);
        assert.equal(answer.status, status, JSON.stringify(headers));
        assert.equal(answer.headers.get("etag"), etag);
        assert.equal((await answer.arrayBuffer()).byteLength, status === 304 ? 0 : bundle.length);
      }
      for (const headers of [{ "if-none-match": "no-quotes" }, { "if-modified-since": "yesterday" }]) {
        await assertRefused(await ask(headers), 400, "invalid_request");
      }
    });

    test("asks for tokens before it says whether a list is held", async () => {
      await assertRefused(
        await download(undefined, undefined, { "if-none-match": "*" }),
        401,
        "invalid_token",
      );
    });

    test("refuses tokens that are missing, swapped, of another login, or without Bearer", async () => {
      const { access, sfc } = await tokens();
      const other = await tokens();
      const pairs = [
        [undefined, undefined],
        [`Bearer ${access}`, undefined],
        [undefined, `Bearer ${sfc}`],
        [`Bearer ${sfc}`, `Bearer ${access}`],
        [`Bearer ${access}`, `Bearer ${access}`],
        [`Bearer ${access}`, `Bearer ${other.sfc}`],
        [`Bearer ${access}`, sfc],
        [access, `Bearer ${sfc}`],
      ] as const;
      for (const [authorization, sfcAuthorization] of pairs) {
        await assertRefused(await download(authorization, sfcAuthorization), 401, "invalid_token");
      }
    });

    test("refuses tokens that have expired", async () => {
      const { access, sfc } = await tokens();
      now = new Date(now.getTime() + lifetimeSeconds * 1000 - 1);
      assert.equal((await download(`Bearer ${access}`, `Bearer ${sfc}`)).status, 200);
      now = new Date(now.getTime() + 1);
      await assertRefused(await download(`Bearer ${access}`, `Bearer ${sfc}`), 401, "invalid_token");
    });
  });

  test("answers other routes with 404 and other methods with 405, and tells of each request", async () => {
    const before = requests.length;
    await assertRefused(await fetch(new URL("/other?q=1", simulator.urls.auth)), 404, "not_found");
    const response = await fetch(simulator.urls.auth);
    assert.equal(response.headers.get("allow"), "POST");
    await assertRefused(response, 405, "method_not_allowed");
    assert.deepEqual(requests.slice(before), [
      { method: "GET", path: "/other", status: 404 },
      { method: "GET", path: "/protocol/openid-connect/token", status: 405 },
    ]);
  });

  test("has the paths of the predecessor's simulator", () => {
    const { auth, login, download } = simulator.urls;
    const paths = [auth, login, download].map((url) => new URL(url).pathname);
    assert.deepEqual(paths, ["/protocol/openid-connect/token", "/auth/v1/login", "/certificates/csca"]);
  });

  function postForm(form: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(simulator.urls.auth, { method: "POST", body: new URLSearchParams(form) });
  }

  async function accessToken(): Promise<string> {
    const { access_token: token } = (await (await postForm(grant)).json()) as { access_token: string };
    return token;
  }

  function postLogin(body: unknown, token: string | undefined): Promise<Response> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...authorization, "content-type": "application/json" };
    return fetch(simulator.urls.login, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async function tokens(): Promise<{ access: string; sfc: string }> {
    const access = await accessToken();
    return { access, sfc: await (await postLogin(login, access)).text() };
  }

  function download(
    authorization?: string,
    sfcAuthorization?: string,
    others: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const headers = new Headers(others);
    if (authorization !== undefined) headers.set("authorization", authorization);
    if (sfcAuthorization !== undefined) headers.set("x-sfc-authorization", sfcAuthorization);
    return fetch(simulator.urls.download, { headers });
  }
});

describe("a simulator with an identity provider of its own", () => {
  test("takes that one's word for access tokens, at the login and at the download", async (t) => {
    const good = new Set(["from.elsewhere"]);
    const simulator = await startSimulator({
      port: 0,
      bundle,
      acceptAccessToken: async (token) => good.has(token),
    });
    t.after(() => simulator.close());
    const ask = async (accessToken: string) => {
      const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
      return fetch(simulator.urls.login, { method: "POST", headers, body: JSON.stringify(login) });
    };
    await assertRefused(await ask("another"), 401, "invalid_token");
    const own = await fetch(simulator.urls.auth, { method: "POST", body: new URLSearchParams(grant) });
    await assertRefused(
      await ask(((await own.json()) as { access_token: string }).access_token),
      401,
      "invalid_token",
    );

    const sfc = await (await ask("from.elsewhere")).text();
    const headers = { authorization: "Bearer from.elsewhere", "x-sfc-authorization": `Bearer ${sfc}` };
    assert.equal((await fetch(simulator.urls.download, { headers })).status, 200);
    good.clear();
    await assertRefused(await fetch(simulator.urls.download, { headers }), 401, "invalid_token");
  });
});

async function assertRefused(response: Response, status: number, error: string): Promise<void> {
  assert.equal(response.status, status);
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(body.error, error);
  assert.equal(typeof body.error_description, "string");
}

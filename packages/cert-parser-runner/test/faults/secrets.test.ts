import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import { serveHttp } from "../../src/http/serve.ts";
import { createSimulatorApp, simulatorPaths } from "../../src/simulate/simulator-app.ts";
import { anyAge } from "../any-age.ts";
import { type Ended, type RunningCli, runCli, startCli } from "../cli/run-cli.ts";
import { runStatement, startPostgres, type TestPostgres } from "../store/postgres.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** Values that are found nowhere else; each with what URLs and forms make other characters of. */
const secrets = {
  clientSecret: "cl13nt & s3cr3t=%",
  password: "pässw0rd +/s3cr3t",
  databasePassword: "d4tabase:s3cr3t@/",
  triggerToken: "tr1gger-t0ken-s3cr3t",
};
const user = "border-post-17";

describe("secrets", () => {
  let postgres: TestPostgres;
  let dsn: string;
  let service: SpyingService;
  const role = `cert_parser_${randomUUID().replaceAll("-", "")}`;
  before(async () => {
    [postgres, service] = await Promise.all([startPostgres(), startSpyingService()]);
    await runStatement(
      postgres.dsn,
      `create role ${role} login superuser password '${secrets.databasePassword}'`,
    );
    const url = new URL(postgres.dsn);
    url.username = role;
    url.password = encodeURIComponent(secrets.databasePassword);
    dsn = url.href;
  });
  after(async () => {
    await service.close();
    for (const statement of [
      `reassign owned by ${role} to current_user`,
      `drop owned by ${role}`,
      `drop role ${role}`,
    ]) {
      await runStatement(postgres.dsn, statement);
    }
    await postgres.stop();
  });

  const environment = (settings: Record<string, string> = {}): Record<string, string> => ({
    ...service.environment,
    DATABASE_DSN: dsn,
    LOG_LEVEL: "DEBUG",
    TRIGGER_TOKEN: secrets.triggerToken,
    ...settings,
  });
  const otherDsn = (parts: Partial<Pick<URL, "username" | "pathname" | "port">>) => ({
    DATABASE_DSN: Object.assign(new URL(dsn), parts).href,
  });

  test("stay out of all that a good run and the routes of a service say", async () => {
    const running = startCli(["serve"], { env: environment({ HOST: "127.0.0.1", PORT: "0" }) });
    try {
      const [, url = ""] = await running.seen(/"url":"([^"]+)"/);
      await firstRun(url);
      const said = await askEverything(url);
      assert.match(said, /"outcome":"applied"/);
      running.process.kill("SIGTERM");
      const ended = await running.ended;
      assert.equal(ended.code, 0, ended.stderr);
      assertSilent(`${said}${textOf(ended)}`);
      assert.match(ended.stderr, /"level":"DEBUG"/);
      assert.ok(service.tokens.size >= 2, "an access token and an SFC token to look for");
    } finally {
      running.process.kill("SIGKILL");
    }
  });

  test("stay out of a run that ends well in one command, for people and for machines", async () => {
    for (const args of [
      ["sync"],
      ["sync", "--json"],
      ["check-config"],
      ["check-config", "--json"],
      ["migrate"],
    ]) {
      const ended = await runCli(args, { env: environment() });
      assert.equal(ended.code, 0, ended.stderr);
      assertSilent(textOf(ended));
    }
  });

  const faults: readonly (readonly [
    name: string,
    mood: Mood,
    settings: () => Record<string, string>,
    says: RegExp,
  ])[] = [
    ["is refused with its password", "good", () => ({ AUTH_PASSWORD: `${secrets.password}x` }), /HTTP_401/],
    ["is refused at the download with 401", "no-download", () => ({}), /HTTP_401/],
    ["gets its own words back as an error", "echo", () => ({}), /HTTP_400/],
    ["gets its own words back as an answer", "echo-ok", () => ({}), /JSON_BODY|TOKEN_M/],
    ["gets its own words back in a redirect", "echo-redirect", () => ({}), /REDIRECT_ORIGIN/],
    ["gets a token that no header can carry", "broken-token", () => ({}), /TOKEN_MALFORMED/],
    ["meets a closed port", "good", () => ({ DOWNLOAD_URL: "http://127.0.0.1:1/x" }), /PORT_BLOCKED|REFUSED/],
    [
      "has its password refused by the database",
      "good",
      () => otherDsn({ username: "nobody" }),
      /STORE_LOGIN_FAILED/,
    ],
    ["finds no such database", "good", () => otherDsn({ pathname: "/none" }), /STORE_DATABASE_MISSING/],
    ["finds no database server", "good", () => otherDsn({ port: "1" }), /STORE_UNREACHABLE/],
    [
      "has a connection string that is none",
      "good",
      () => ({ DATABASE_DSN: `postgresql://u:${secrets.databasePassword}@h/d` }),
      /DATABASE_DSN|STORE_/,
    ],
  ];
  for (const [index, [name, mood, settings, says]] of faults.entries()) {
    // The summary for people and that for machines take turns; the log is there in both.
    const options = index % 2 === 0 ? [] : ["--json"];
    test(`stay out of a run that ${name}`, async () => {
      service.mood = mood;
      try {
        const ended = await runCli(["sync", ...options], { env: environment(settings()) });
        assert.notEqual(ended.code, 0);
        assert.match(textOf(ended), says);
        assertSilent(textOf(ended));
      } finally {
        service.mood = "good";
      }
    });
  }

  test("stay out of a service whose runs fail and whose database goes away", async () => {
    const proxy = await startTcpProxy(Number(new URL(dsn).port));
    const settings = otherDsn({ port: String(proxy.port) });
    service.mood = "echo";
    const env = environment({ ...settings, HOST: "127.0.0.1", PORT: "0" });
    const running: RunningCli = startCli(["serve"], { env });
    try {
      const [, url = ""] = await running.seen(/"url":"([^"]+)"/);
      await firstRun(url);
      let said = await askEverything(url);
      assert.match(said, /HTTP_400/);
      await proxy.refuse();
      said += await askEverything(url);
      running.process.kill("SIGTERM");
      assertSilent(`${said}${textOf(await running.ended)}`);
    } finally {
      service.mood = "good";
      running.process.kill("SIGKILL");
      await proxy.close();
    }
  });

  test("would be found: the search knows them in every form", () => {
    const { password } = secrets;
    const forms = [password, encodeURIComponent(password), String(new URLSearchParams({ password }))];
    for (const form of [...forms, JSON.stringify(forms), Buffer.from(password).toString("base64")]) {
      assert.throws(() => assertSilent(`before ${form} after`), { code: "ERR_ASSERTION" });
    }
  });

  /** No secret, and no token that was ever given out, in any form. */
  function assertSilent(said: string): void {
    for (const secret of [...Object.values(secrets), ...service.tokens]) {
      for (const form of formsOf(secret)) {
        const at = said.indexOf(form);
        assert.equal(at, -1, `found ${form} in ${said.slice(Math.max(0, at - 300), at + 100)}`);
      }
    }
  }
});

function formsOf(secret: string): readonly string[] {
  const form = String(new URLSearchParams({ "": secret })).slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString("base64");
  return [...new Set([secret, encodeURIComponent(secret), encodeURI(secret), form, json, base64])];
}

function textOf({ stdout, stderr }: Ended): string {
  return `${stdout}\n${stderr}\n`;
}

/** Asks every route of a service, with and without the right token, and gives headers and bodies of all answers. */
async function askEverything(url: string): Promise<string> {
  const wrong = { authorization: "Bearer wrong" };
  const right = { authorization: `Bearer ${secrets.triggerToken}` };
  const requests: readonly (readonly [string, RequestInit])[] = [
    ...["/health", "/ready", "/ready?strict", "/info", "/metrics", "/none", "/trigger"].map(
      (path) => [path, {}] as const,
    ),
    ["/trigger", { method: "POST" }],
    ["/trigger", { method: "POST", headers: wrong }],
    ["/trigger", { method: "POST", headers: right }],
  ];
  let said = "";
  for (const [path, init] of requests) {
    const response = await fetch(url + path, init);
    said += `${path} ${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}\n`;
  }
  return said;
}

/** Resolves when the run on start is over, and told of. */
async function firstRun(url: string): Promise<void> {
  for (;;) {
    const { current_run: current, last_run: last } = await (await fetch(`${url}/info`)).json();
    if (current === null && last?.trigger === "startup") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Mood = "good" | "no-download" | "echo" | "echo-ok" | "echo-redirect" | "broken-token";

interface SpyingService {
  /** How it answers. */
  mood: Mood;
  readonly environment: Readonly<Record<string, string>>;
  /** Every token that it gave out. */
  readonly tokens: ReadonlySet<string>;
  close(): Promise<void>;
}

/** The simulated service, which remembers its tokens and has moods. */
async function startSpyingService(): Promise<SpyingService> {
  const tokens = new Set<string>();
  const { clientSecret, password } = secrets;
  const app = createSimulatorApp({
    bundle: readFixture("crl-envelope.ml"),
    credentials: { clientId: "client", clientSecret, username: user, password },
  });
  const state = { mood: "good" as Mood };
  const server = await serveHttp((request) => answer(request), { host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${server.port}`;

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (state.mood === "no-download" && pathname === simulatorPaths.download) {
      return new Response(null, { status: 401 });
    }
    if (pathname === simulatorPaths.auth && state.mood === "broken-token") {
      tokens.add("br0ken-t0ken");
      return Response.json({ access_token: "br0ken-t0ken\nx" });
    }
    // The tokens of the first step must be good, or no later step would be reached.
    if (state.mood.startsWith("echo") && pathname !== simulatorPaths.auth) return echo(request);
    const response = await app.fetch(request);
    if (pathname !== simulatorPaths.download) remember(await response.clone().text());
    return response;
  }

  function remember(body: string): void {
    for (const [token] of body.matchAll(/(?:access|sfc)-[0-9a-f]{64}/g)) tokens.add(token);
  }

  async function echo(request: Request): Promise<Response> {
    const words = JSON.stringify({ headers: [...request.headers], body: await request.text() });
    if (state.mood === "echo-ok") return new Response(words);
    if (state.mood === "echo") return new Response(words, { status: 400, statusText: "echo" });
    const location = `http://elsewhere.invalid/?said=${encodeURIComponent(words)}`;
    return new Response(words, { status: 302, headers: { location } });
  }

  return Object.assign(state, {
    tokens,
    environment: {
      AUTH_URL: origin + simulatorPaths.auth,
      AUTH_CLIENT_ID: "client",
      AUTH_CLIENT_SECRET: clientSecret,
      AUTH_USERNAME: user,
      AUTH_PASSWORD: password,
      LOGIN_URL: origin + simulatorPaths.login,
      LOGIN_BORDER_POST_ID: "1",
      LOGIN_BOX_ID: "BOX-01",
      LOGIN_PASSENGER_CONTROL_TYPE: "1",
      DOWNLOAD_URL: origin + simulatorPaths.download,
      ...anyAge,
    },
    close: () => server.close(),
  });
}

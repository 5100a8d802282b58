import assert from "node:assert/strict";
import { connect, createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import { createPool } from "slonik";
import { serveHttp } from "../../src/http/serve.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import { lockStore } from "../../src/store/store-lock.ts";
import { runStatement, startPostgres, type TestPostgres } from "../store/postgres.ts";
import { type RunningCli, runCli, startCli } from "./run-cli.ts";

describe("serve", () => {
  let postgres: TestPostgres;
  let simulator: Simulator;
  let env: Record<string, string>;
  before(async () => {
    postgres = await startPostgres();
    simulator = await startSimulator({ bundle: readFixture("world.ml"), port: 0 });
    env = {
      ...simulator.environment,
      DATABASE_DSN: await freshDatabase("serve"),
      HOST: "127.0.0.1",
      PORT: "0",
    };
  });
  after(async () => {
    await simulator.close();
    await postgres.stop();
  });

  async function freshDatabase(name: string): Promise<string> {
    await runStatement(postgres.dsn, `create database ${name}`);
    const dsn = new URL(postgres.dsn);
    dsn.pathname = `/${name}`;
    return dsn.href;
  }

  /** Serves, hands the base URL to the test, and stops with a signal that must end it in order. */
  async function serving(
    settings: Record<string, string>,
    work: (url: string, running: RunningCli) => Promise<void>,
    signal: NodeJS.Signals = "SIGTERM",
  ): Promise<RunningCli> {
    const running = startCli([], { env: { ...env, ...settings } });
    try {
      const [, url = ""] = await running.seen(/"url":"(http:[^"]+)"/);
      await work(url, running);
      const begun = performance.now();
      running.process.kill(signal);
      const ended = await running.ended;
      assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr);
      assert.ok(performance.now() - begun < 10_000);
      return running;
    } finally {
      running.process.kill("SIGKILL");
    }
  }

  const get = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, body: await response.json() };
  };

  test("runs at its start, is ready then, and ends in order on SIGTERM", async () => {
    const running = await serving({}, async (url, { seen }) => {
      await seen(/"event":"schedule.next"/);
      assert.deepEqual(await get(`${url}/ready?strict`), {
        status: 200,
        body: { status: "ready", scheduler_running: true },
      });
      const { body } = await get(`${url}/info`);
      assert.equal(body.last_run.outcome, "applied");
      assert.equal(body.last_run.trigger, "startup");
      assert.equal(body.store.certificates, 404);
      assert.ok(Date.parse(body.next_run) > Date.now());
      assert.equal((await get(`${url}/nowhere`)).status, 404);
    });
    const names = running.events().map(({ event }) => event);
    assert.ok(names.indexOf("service.started") < names.indexOf("pipeline.started"));
    assert.deepEqual(names.slice(-2), ["service.stopping", "service.stopped"]);
  });

  test("a restarted service with a good store is ready at once", async () => {
    await serving({ RUN_ON_STARTUP: "false" }, async (url) => {
      const { status, body } = await get(`${url}/ready?strict`);
      assert.deepEqual([status, body.status], [200, "ready"]);
      assert.equal((await get(`${url}/info`)).body.last_run.outcome, "applied");
    });
  });

  test("an empty store is starting before its first run", async () => {
    const DATABASE_DSN = await freshDatabase("starting");
    await serving(
      { DATABASE_DSN, RUN_ON_STARTUP: "false" },
      async (url) => {
        assert.equal((await get(`${url}/ready`)).status, 202);
        assert.equal((await get(`${url}/ready?strict`)).status, 503);
        assert.equal((await get(`${url}/health`)).status, 200);
      },
      "SIGINT",
    );
  });

  test("goes on after a failed run, says why it is not ready, and recovers by its schedule", async () => {
    let down = true;
    const target = await startSimulator({ bundle: readFixture("bare.der"), port: 0 });
    const proxy = await serveHttp(
      async (request) => {
        if (down) return new Response("maintenance", { status: 403 });
        const init = { method: "POST", headers: request.headers, body: await request.text() };
        return fetch(target.urls.auth, init);
      },
      { host: "127.0.0.1", port: 0 },
    );
    try {
      const settings = {
        ...target.environment,
        AUTH_URL: `http://127.0.0.1:${proxy.port}/token`,
        DATABASE_DSN: await freshDatabase("recovers"),
        SCHEDULER_CRON: "* * * * * *",
      };
      await serving(settings, async (url, { seen }) => {
        await seen(/"event":"pipeline.failed"/);
        const { status, body } = await get(`${url}/ready`);
        assert.deepEqual([status, body.status], [503, "error"]);
        assert.equal(body.reason.code, "AUTHENTICATION_ERROR");
        assert.equal((await get(`${url}/health`)).status, 200);
        down = false;
        await seen(
          /"trigger":"schedule".*"event":"pipeline.completed"|"event":"pipeline.completed".*"trigger":"schedule"/,
        );
        assert.equal((await get(`${url}/ready`)).status, 200);
      });
    } finally {
      await proxy.close();
      await target.close();
    }
  });

  test("POST /trigger starts a run under the id that it answers with", async () => {
    const TRIGGER_TOKEN = "trigger-token-for-tests";
    const running = await serving({ TRIGGER_TOKEN, RUN_ON_STARTUP: "false" }, async (url, { seen }) => {
      const headers = { authorization: `Bearer ${TRIGGER_TOKEN}` };
      assert.equal((await fetch(`${url}/trigger`, { method: "POST" })).status, 401);
      const response = await fetch(`${url}/trigger`, { method: "POST", headers });
      assert.equal(response.status, 202);
      const { execution_id } = await response.json();
      await seen(new RegExp(`"pipeline.completed","execution_id":"${execution_id}","trigger":"http"`));
    });
    assert.doesNotMatch(JSON.stringify(running.events()), new RegExp(TRIGGER_TOKEN));
  });

  describe("while a run hangs", () => {
    let silent: Server;
    let settings: Record<string, string>;
    before(async () => {
      silent = createServer((socket) => socket.resume().on("error", () => undefined));
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const address = silent.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      settings = { AUTH_URL: `http://127.0.0.1:${port}/token`, DATABASE_DSN: await freshDatabase("hangs") };
    });
    after(() => new Promise((resolve) => silent.close(resolve)));

    test("the routes answer, and a signal cancels the run", async () => {
      const running = await serving(settings, async (url, { seen }) => {
        await seen(/"event":"pipeline.started"/);
        const { body } = await get(`${url}/info`);
        assert.equal(body.current_run.trigger, "startup");
      });
      const failed = running.events().find(({ event }) => event === "pipeline.failed");
      assert.deepEqual([failed?.level, failed?.code], ["WARNING", "CANCELLED"]);
    });

    test("SIGINT that comes twice at once, as under npm, still ends it in order", async () => {
      await serving(
        settings,
        async (_url, { process, seen }) => {
          await seen(/"event":"pipeline.started"/);
          process.kill("SIGINT");
        },
        "SIGINT",
      );
    });
  });

  test("a signal while it starts, behind another that holds the store, ends it in order", async () => {
    const pool = await createPool(env.DATABASE_DSN ?? "", { maxPoolSize: 1 });
    try {
      await pool.transaction(async (transaction) => {
        await lockStore(transaction, { timeoutMs: 1000, signal: new AbortController().signal });
        const running = startCli(["serve"], { env });
        // Nothing is logged before the store is open: the wait for the lock shows in the database only.
        await new Promise((resolve) => setTimeout(resolve, 2000));
        running.process.kill("SIGTERM");
        const { code, stderr } = await running.ended;
        assert.equal(code, 0, stderr);
        assert.deepEqual(
          running.events().map(({ event }) => event),
          ["service.stopped"],
        );
      });
    } finally {
      await pool.end();
    }
  });

  test("a second signal after a while ends it at once with 128 plus its number", async () => {
    const running = startCli(["serve"], { env: { ...env, RUN_ON_STARTUP: "false" } });
    try {
      const [, host = "", port = ""] = await running.seen(/"url":"http:\/\/([^:]+):(\d+)"/);
      // A request that is never finished: the server waits for it when it closes.
      const half = connect(Number(port), host);
      half.on("error", () => undefined);
      await new Promise((resolve) => half.write("GET /health HTTP/1.1\r\nHost: ", resolve));
      running.process.kill("SIGINT");
      await running.seen(/"event":"service.stopping"/);
      await new Promise((resolve) => setTimeout(resolve, 1200));
      running.process.kill("SIGTERM");
      const { code } = await running.ended;
      half.destroy();
      assert.equal(code, 143);
    } finally {
      running.process.kill("SIGKILL");
    }
  });

  test("a port in use is one clear message and exit code 1", async () => {
    const other = await serveHttp(() => new Response(""), { host: "127.0.0.1", port: 0 });
    try {
      const { code, stderr } = await runCli(["serve"], { env: { ...env, PORT: String(other.port) } });
      assert.equal(code, 1);
      assert.match(
        stderr,
        new RegExp(`^error: CONFIGURATION_ERROR \\(PORT_IN_USE\\): port ${other.port} `, "m"),
      );
    } finally {
      await other.close();
    }
  });

  test("a database that is down is one clear message and exit code 1", async () => {
    const DATABASE_DSN = "postgresql://root:hunter2@127.0.0.1:1/trust";
    const { code, stderr } = await runCli(["serve"], { env: { ...env, DATABASE_DSN } });
    assert.equal(code, 1);
    assert.match(stderr, /^error: DATABASE_ERROR \(STORE_UNREACHABLE\): /m);
    assert.doesNotMatch(stderr, /hunter2/);
  });

  test("simulate prints the settings with which sync works", async () => {
    const simulating = startCli(["simulate", "--port", "0"]);
    try {
      await simulating.seen(/"event":"simulator.started"/);
      await simulating.seen(/^DOWNLOAD_URL=.+$/m);
      simulating.process.kill("SIGTERM");
      const { code, stdout } = await simulating.ended;
      assert.equal(code, 0);
      const names = stdout
        .trim()
        .split("\n")
        .map((line) => line.split("=")[0]);
      assert.deepEqual(names.sort(), Object.keys(simulator.environment).sort());
    } finally {
      simulating.process.kill("SIGKILL");
    }
  });
});

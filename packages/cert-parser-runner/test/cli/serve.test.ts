import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fixtureUrl, readFixture } from "cert-parser-fixtures";
import { createPool } from "slonik";
import { serveHttp } from "../../src/http/serve.ts";
import { buildSimulatedList } from "../../src/simulate/simulated-list.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import { lockStore } from "../../src/store/transactions.ts";
import { runStatement, startPostgres, type TestPostgres } from "../store/postgres.ts";
import { cli, type RunningCli, runCli, startCli, startProcess } from "./run-cli.ts";

const newPidNamespace = ["--user", "--map-root-user", "--fork", "--pid", "--mount-proc", "--kill-child"];

describe("serve", () => {
  let postgres: TestPostgres;
  let simulator: Simulator;
  let env: Record<string, string>;
  before(async () => {
    postgres = await startPostgres();
    simulator = await startSimulator({ bundle: await buildSimulatedList(new Date()), port: 0 });
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
        UNSIGNED_SOURCES: "icao-masterlist",
        SCHEDULER_CRON: "* * * * * *",
      };
      await serving(settings, async (url, { seen }) => {
        // The log tells of the failure before the routes do; the next run is announced when it is all over.
        await seen(/"event":"pipeline.failed"[\s\S]*"event":"schedule.next"/);
        const { status, body } = await get(`${url}/ready`);
        assert.deepEqual([status, body.status], [503, "error"]);
        assert.equal(body.reason.code, "AUTHENTICATION_ERROR");
        assert.equal((await get(`${url}/health`)).status, 200);
        down = false;
        await seen(/"event":"pipeline.completed".*"trigger":"schedule"[\s\S]*"event":"schedule.next"/);
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

    test("a restarted service with a good store is ready before that run has ended", async () => {
      const DATABASE_DSN = env.DATABASE_DSN ?? "";
      await serving({ ...settings, DATABASE_DSN }, async (url, { seen }) => {
        await seen(/"event":"pipeline.started"/);
        assert.equal((await get(`${url}/ready?strict`)).status, 200);
        assert.equal((await get(`${url}/info`)).body.current_run.trigger, "startup");
      });
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
        // The wait for the lock shows in the database only.
        await new Promise((resolve) => setTimeout(resolve, 2000));
        running.process.kill("SIGTERM");
        const { code, stderr } = await running.ended;
        assert.equal(code, 0, stderr);
        assert.deepEqual(
          running.events().map(({ event }) => event),
          ["service.listening", "service.stopped"],
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

  test("a login that the database refuses is one clear message and exit code 1: waiting would not help", async () => {
    const dsn = new URL(env.DATABASE_DSN ?? "");
    dsn.pathname = "/no_such_database";
    dsn.password = "hunter2";
    const { code, stderr } = await runCli(["serve"], { env: { ...env, DATABASE_DSN: dsn.href } });
    assert.equal(code, 1);
    assert.match(stderr, /^error: DATABASE_ERROR \(STORE_(DATABASE_MISSING|LOGIN_FAILED)\): /m);
    assert.doesNotMatch(stderr, /hunter2/);
  });

  test("a schema of a later version ends it with exit code 1", async () => {
    const DATABASE_DSN = await freshDatabase("later");
    assert.equal((await runCli(["migrate"], { env: { DATABASE_DSN } })).code, 0);
    await runStatement(
      DATABASE_DSN,
      "insert into certs.schema_migrations select 999, 'later', checksum from certs.schema_migrations where version = 1",
    );
    const { code, stderr } = await runCli(["serve"], { env: { ...env, DATABASE_DSN } });
    assert.equal(code, 1);
    assert.match(stderr, /^error: DATABASE_ERROR \(SCHEMA_TOO_NEW\): /m);
  });

  test("without a database it waits, alive and not ready; when it comes it goes on, and when it goes, too", async () => {
    const database = new URL(await freshDatabase("comes_and_goes"));
    const proxy = await switchable(Number(database.port || 5432), database.hostname);
    database.hostname = "127.0.0.1";
    database.port = String(proxy.port);
    const TRIGGER_TOKEN = "trigger-token-for-tests";
    const running = startCli([], { env: { ...env, DATABASE_DSN: database.href, TRIGGER_TOKEN } });
    try {
      const [, port = ""] = await running.seen(/"event":"service.listening".*?"port":(\d+)/);
      const url = `http://127.0.0.1:${port}`;
      await running.seen(/"event":"store.unavailable"/);
      const waiting = await get(`${url}/ready`);
      assert.equal(waiting.status, 503);
      assert.match(waiting.body.reason.code, /^STORE_/);
      assert.equal((await get(`${url}/health`)).status, 200);

      proxy.open();
      await running.seen(/"event":"service.started"/);
      await running.seen(/"event":"pipeline.completed"/);
      assert.equal((await get(`${url}/ready?strict`)).status, 200);

      proxy.close();
      const headers = { authorization: `Bearer ${TRIGGER_TOKEN}` };
      const trigger = async () => (await fetch(`${url}/trigger`, { method: "POST", headers })).json();
      await running.seen(/"event":"schedule.next"/);
      await trigger();
      const [failed = ""] = await running.seen(/\{[^\n]*"event":"pipeline.failed"[^\n]*\}/);
      assert.equal(JSON.parse(failed).code, "DATABASE_ERROR");
      await running.seen(/"event":"run.unrecorded"/);
      assert.equal((await get(`${url}/ready`)).status, 503);
      assert.equal((await get(`${url}/health`)).status, 200);

      proxy.open();
      await running.seen(/("event":"schedule.next"[\s\S]*){2}/);
      const { execution_id } = await trigger();
      await running.seen(new RegExp(`"pipeline.completed","execution_id":"${execution_id}"`));
      assert.equal((await get(`${url}/ready`)).status, 200);
      running.process.kill("SIGTERM");
      assert.equal((await running.ended).code, 0);
    } finally {
      running.process.kill("SIGKILL");
      await proxy.end();
    }
  });

  test("starts in under two seconds, and a run that was missed is made up for", async () => {
    const DATABASE_DSN = await freshDatabase("missed");
    const synced = await runCli(["sync"], { env: { ...env, DATABASE_DSN } });
    assert.equal(synced.code, 0, synced.stderr);
    await runStatement(
      DATABASE_DSN,
      "update certs.runs set started_at = started_at - interval '7 hours', finished_at = finished_at - interval '7 hours'",
    );
    const running = await serving({ DATABASE_DSN, RUN_ON_STARTUP: "false" }, async (url, { seen }) => {
      await seen(/"event":"schedule.missed"/);
      await seen(/"event":"pipeline.completed"/);
      const { body } = await get(`${url}/info`);
      assert.deepEqual([body.last_run.trigger, body.last_run.outcome], ["catch-up", "unchanged"]);
    });
    const started = running.events().find(({ event }) => event === "service.started");
    assert.ok(Number(started?.duration_ms) < 2000, `${started?.duration_ms} ms`);
  });

  test("a run that failed before the restart is tried again soon, not at the next regular time", async () => {
    const DATABASE_DSN = await freshDatabase("failed");
    const settings = { DATABASE_DSN, AUTH_PASSWORD: "wrong-password" };
    assert.equal((await runCli(["sync"], { env: { ...env, ...settings } })).code, 1);
    await serving({ ...settings, RUN_ON_STARTUP: "false" }, async (url) => {
      const { body } = await get(`${url}/info`);
      const inMs = Date.parse(body.next_run) - Date.now();
      assert.ok(inMs > 30_000 && inMs < 75_000, `${inMs} ms`);
    });
  });

  test("/metrics tells of runs, store and schedule", async () => {
    await serving({}, async (url, { seen }) => {
      await seen(/"event":"schedule.next"/);
      const response = await fetch(`${url}/metrics`);
      assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
      const text = await response.text();
      assert.match(text, /^cert_parser_runs_total\{[^}]*outcome="(applied|unchanged)"[^}]*\} 1$/m);
      assert.match(text, /^cert_parser_store_reachable 1$/m);
      assert.match(text, /^cert_parser_scheduler_running 1$/m);
      assert.match(text, /^cert_parser_schedule_interval_seconds 21600$/m);
    });
  });

  test("warns of the embedded store in a pod", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cert-parser-pod-"));
    const { DATABASE_DSN: _, ...withoutDatabase } = env;
    const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", DATA_DIR: join(directory, "store") };
    const running = startCli([], { env: { ...withoutDatabase, ...pod } });
    try {
      const [line = ""] = await running.seen(/\{[^\n]*"event":"configuration.suspicious"[^\n]*\}/);
      assert.equal(JSON.parse(line).name, "DATABASE_DSN");
      running.process.kill("SIGTERM");
      assert.equal((await running.ended).code, 0);
    } finally {
      running.process.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    }
  });

  const faults = [
    ["an exception", "throw new Error('nobody expects this')"],
    ["a rejection", "Promise.reject(new Error('nobody expects this'))"],
  ] as const;
  for (const [name, fault] of faults) {
    test(`${name} that nobody handles ends it with a log line and exit code 1`, async () => {
      const preload = `data:text/javascript,setTimeout(() => { ${fault} }, 3000)`;
      const args = ["--conditions=cert-parser-source", "--import", preload, cli, "serve"];
      const running = startProcess(process.execPath, args, { env: { ...env, RUN_ON_STARTUP: "false" } });
      const { code } = await running.ended;
      assert.equal(code, 1);
      const last = running.events().at(-1);
      assert.deepEqual([last?.event, last?.level], ["process.failed", "ERROR"]);
      assert.match(JSON.stringify(last?.causes), /nobody expects this/);
    });
  }

  describe("as the first process of a container", { skip: noPidNamespace() }, () => {
    const asFirst = (args: readonly string[], settings: Record<string, string>) =>
      startProcess(
        "unshare",
        [...newPidNamespace, process.execPath, "--conditions=cert-parser-source", cli, ...args],
        { env: settings },
      );

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      test(`${signal} ends serve in order`, async () => {
        const running = asFirst(["serve"], { ...env, RUN_ON_STARTUP: "false" });
        try {
          await running.seen(/"event":"service.started"/);
          const begun = performance.now();
          process.kill(childOf(running.process.pid), signal);
          const { code, stderr } = await running.ended;
          assert.equal(code, 0, stderr);
          assert.ok(performance.now() - begun < 10_000);
          assert.equal(running.events().at(-1)?.event, "service.stopped");
        } finally {
          running.process.kill("SIGKILL");
        }
      });
    }

    test("a command that has nothing to end in order ends at once on SIGTERM", async () => {
      // It waits for its input, which never comes.
      const running = startProcess(
        "sh",
        [
          "-c",
          `sleep 60 | exec unshare "$@"`,
          "sh",
          ...newPidNamespace,
          process.execPath,
          "--conditions=cert-parser-source",
          cli,
          "inspect",
          "-",
        ],
        {},
        { detached: true },
      );
      const { pid = 0 } = running.process;
      try {
        const first = await firstOf(pid);
        await new Promise((resolve) => setTimeout(resolve, 2000));
        process.kill(first, "SIGTERM");
        const exited = async () => {
          while (existsSync(`/proc/${first}/status`)) await new Promise((resolve) => setTimeout(resolve, 20));
        };
        await exited();
      } finally {
        process.kill(-pid, "SIGKILL");
        await running.ended;
      }
    });
  });

  const simulations = [
    ["its own list", [], []],
    ["a file of any age", ["--file", fileURLToPath(fixtureUrl("world.ml"))], ["MAX_LIST_AGE_HOURS"]],
  ] as const;
  for (const [index, [what, args, further]] of simulations.entries()) {
    test(`simulate prints the settings with which sync takes ${what}`, async () => {
      const simulating = startCli(["simulate", "--port", "0", ...args]);
      try {
        await simulating.seen(/"event":"simulator.started"/);
        const [printed] = await simulating.seen(/^(?:[A-Z_]+=.+\n){10,}/m);
        const settings = Object.fromEntries(
          Array.from(printed.matchAll(/^(\w+)=(.+)$/gm), ([, ...pair]) => pair),
        );
        const names = [...Object.keys(simulator.environment), ...further];
        assert.deepEqual(Object.keys(settings).sort(), names.sort());

        const DATABASE_DSN = await freshDatabase(`simulated_${index}`);
        const synced = await runCli(["sync"], { env: { ...settings, DATABASE_DSN } });
        assert.equal(synced.code, 0, synced.stderr);
        assert.match(synced.stdout, /stored +404 added/);
        simulating.process.kill("SIGTERM");
        assert.equal((await simulating.ended).code, 0);
      } finally {
        simulating.process.kill("SIGKILL");
      }
    });
  }
});

/** A way to a database that a test opens and closes. */
async function switchable(port: number, host: string) {
  const sockets = new Set<Socket>();
  let passes = false;
  const server = createServer((incoming) => {
    sockets.add(incoming);
    incoming.on("error", () => undefined);
    if (!passes) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(port, host);
    sockets.add(outgoing);
    outgoing.on("error", () => incoming.destroy());
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const close = () => {
    passes = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    open: () => {
      passes = true;
    },
    close,
    end: () => {
      close();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function noPidNamespace(): string | false {
  const { status } = spawnSync("unshare", [...newPidNamespace, "true"]);
  return status === 0 ? false : "unshare cannot make a process namespace here";
}

/** The first process of the namespace, by its number outside. */
function childOf(pid = 0): number {
  return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"), 10);
}

/** The node below `sh` and `unshare`. */
async function firstOf(shell: number): Promise<number> {
  for (;;) {
    const children = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ");
    for (const child of children.filter(Boolean)) {
      const grandchild = childOf(Number(child));
      if (grandchild > 0) return grandchild;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

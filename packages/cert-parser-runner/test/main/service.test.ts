import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import { type Logger, readConfiguration, startService } from "../../src/index.ts";
import { createLogger } from "../../src/log/logger.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import { anyAge } from "../any-age.ts";

const silent: Logger = createLogger({
  level: "ERROR",
  stream: { write: () => undefined },
  terminal: false,
  colour: false,
});

describe("startService", () => {
  let simulator: Simulator;
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-service-"));
  before(async () => {
    simulator = await startSimulator({ bundle: readFixture("one-bad.ml"), port: 0 });
  });
  after(async () => {
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const configure = (settings: Record<string, string>) => {
    const read = readConfiguration({
      ...simulator.environment,
      ...anyAge,
      HOST: "127.0.0.1",
      PORT: "0",
      ...settings,
    });
    assert.ok(read.ok, JSON.stringify(read));
    return read.value;
  };
  const freePort = async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
  };

  test("a setting for test PKIs is warned of at the start", async () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const logger = createLogger({ level: "WARNING", stream, terminal: false, colour: false });
    const settings = { DATA_DIR: join(directory, "weak"), RUN_ON_STARTUP: "false" };
    const weak = { ...settings, TRUST_ALLOW_WEAK_ALGORITHMS: "true" };
    await (await startService(configure(weak), logger)).stop();
    assert.ok(written.some((line) => JSON.parse(line).event === "trust.weakened"));
  });

  test("serves a library user as it serves the command line, and may be started again", async () => {
    for (const outcome of ["applied", "unchanged"]) {
      const service = await startService(configure({ DATA_DIR: join(directory, "twice") }), silent);
      const run = await service.firstRun;
      assert.ok(run?.ok);
      const info = await (await fetch(`${service.url}/info`)).json();
      assert.equal(info.last_run.outcome, outcome);
      assert.equal(info.store.rejections, 1);
      await service.stop();
      await assert.rejects(fetch(`${service.url}/health`));
    }
  });

  test("answers before the store is open: alive, and starting", async () => {
    const port = String(await freePort());
    const starting = startService(configure({ PORT: port, DATA_DIR: join(directory, "slow") }), silent);
    // PGlite takes seconds to be created, a port none.
    let answer: { status: number; body: { reason?: { code: string } } } | null = null;
    while (answer === null) {
      answer = await fetch(`http://127.0.0.1:${port}/ready`).then(
        async (response) => ({ status: response.status, body: await response.json() }),
        () => null,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(answer.status, 202);
    assert.equal(answer.body.reason?.code, "STORE_OPENING");
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    assert.equal(health.status, 200);
    const service = await starting;
    await service.stop();
  });

  test("lets go of its port when the store cannot be opened, and waiting would not help", async () => {
    const port = await freePort();
    // A file where the directory should be.
    const settings = { PORT: String(port), DATA_DIR: import.meta.filename };
    await assert.rejects(startService(configure(settings), silent), { code: "STORE_DIRECTORY" });
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test("waits for a store that is not there, says so, and stops waiting when it is told to", async () => {
    const port = String(await freePort());
    const nowhere = await freePort();
    const settings = { PORT: port, DATABASE_DSN: `postgresql://nobody@127.0.0.1:${nowhere}/none` };
    const stop = new AbortController();
    const starting = startService(configure(settings), silent, stop.signal);
    const rejected = assert.rejects(starting, { code: "CANCELLED" });
    let answer: { status: number; body: { reason?: { code: string } } } | null = null;
    while (answer?.body.reason?.code !== "STORE_UNREACHABLE") {
      answer = await fetch(`http://127.0.0.1:${port}/ready`).then(
        async (response) => ({ status: response.status, body: await response.json() }),
        () => null,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(answer.status, 503);
    assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.match(metrics, /^cert_parser_store_reachable 0$/m);
    stop.abort();
    await rejected;
    await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
  });

  test("lets go of its store: another one can open the directory at once", async () => {
    const DATA_DIR = join(directory, "handed-on");
    const first = await startService(configure({ DATA_DIR }), silent);
    await first.stop();
    const second = await startService(configure({ DATA_DIR, RUN_ON_STARTUP: "false" }), silent);
    assert.equal(second.firstRun, null);
    await second.stop();
  });
});

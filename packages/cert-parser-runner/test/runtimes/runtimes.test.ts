import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { readManifest } from "cert-parser-fixtures";
import { buildSimulatedList } from "../../src/simulate/simulated-list.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import { cli, type RunningCli, startProcess } from "../cli/run-cli.ts";
import { authorityCertificate, serverCertificate, serverKey } from "./certificate-chain.ts";

const tools = join(import.meta.dirname, "../../../../node_modules");
const runtimes = [
  ["Node", process.execPath, ["--conditions=cert-parser-source", cli]],
  [
    "Deno",
    join(tools, "deno/deno"),
    [
      "run",
      "-A",
      "--no-lock",
      "--no-config",
      "--node-modules-dir=manual",
      "--conditions=cert-parser-source",
      cli,
    ],
  ],
  ["Bun", join(tools, "bun/bin/bun.exe"), ["--conditions=cert-parser-source", cli]],
] as const;
const list = readManifest().files.find(({ name }) => name === "world.ml")?.list;
const timeout = 120_000;

for (const [name, command, args] of runtimes) {
  const skip = existsSync(command) ? false : `${name} is not installed here`;
  describe(`on ${name}`, { skip, timeout }, () => {
    const directory = mkdtempSync(join(tmpdir(), "cert-parser-runtime-"));
    let simulator: Simulator;
    before(async () => {
      simulator = await startSimulator({ bundle: await buildSimulatedList(new Date()), port: 0 });
    });
    after(async () => {
      await simulator.close();
      rmSync(directory, { recursive: true, force: true });
    });

    const start = (subcommand: string, settings: Record<string, string>): RunningCli =>
      startProcess(command, [...args, subcommand], {
        env: {
          ...simulator.environment,
          DATA_DIR: join(directory, "store"),
          LOG_LEVEL: "DEBUG",
          ...settings,
        },
      });

    test("serve runs at its start, answers on its routes, and ends in order on SIGTERM", async () => {
      const running = start("serve", { HOST: "127.0.0.1", PORT: "0" });
      try {
        const [, url = ""] = await running.seen(/"url":"(http:[^"]+)"/);
        await running.seen(/"event":"schedule.next"/);
        const ready = await fetch(`${url}/ready?strict`);
        assert.deepEqual(
          [ready.status, await ready.json()],
          [200, { status: "ready", scheduler_running: true }],
        );
        for (const header of ["server", "x-powered-by"]) assert.equal(ready.headers.get(header), null);
        const info = await (await fetch(`${url}/info`)).json();
        assert.equal(info.last_run.outcome, "applied");
        assert.equal(info.store.certificates, list?.distinct);
        assert.equal((await fetch(`${url}/health`)).status, 200);
        assert.equal((await fetch(`${url}/trigger`, { method: "POST" })).status, 404);
        const metrics = await (await fetch(`${url}/metrics`)).text();
        assert.match(metrics, /^cert_parser_runs_total\{[^}]*outcome="applied"[^}]*\} 1$/m);
        const begun = performance.now();
        running.process.kill("SIGTERM");
        const { code, stderr } = await running.ended;
        assert.equal(code, 0, stderr);
        assert.ok(performance.now() - begun < 10_000);
        assert.equal(running.events().at(-1)?.event, "service.stopped");
      } finally {
        running.process.kill("SIGKILL");
      }
    });

    test("goes through the proxy that HTTP_PROXY names", async () => {
      const proxy = await startProxy(simulator.port);
      try {
        // Names that only the proxy knows: whoever does not ask it gets nowhere.
        const settings = Object.fromEntries(
          Object.entries(simulator.environment).map(([key, value]) => [
            key,
            value.replace(`127.0.0.1:${simulator.port}`, "sfc.invalid"),
          ]),
        );
        const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
        const { code, stderr } = await start("sync", { ...settings, HTTP_PROXY, http_proxy: HTTP_PROXY })
          .ended;
        assert.equal(code, 0, stderr);
        assert.equal(proxy.asked.length, 3);
        assert.ok(proxy.asked.every((target) => target.includes("sfc.invalid")));
      } finally {
        await proxy.close();
      }
    });

    test("trusts the CA that NODE_EXTRA_CA_CERTS names, and no other", async () => {
      const file = join(directory, "ca.pem");
      writeFileSync(file, authorityCertificate);
      const tls = await startTls(simulator.port);
      try {
        const settings = Object.fromEntries(
          Object.entries(simulator.environment).map(([key, value]) => [
            key,
            value.replace(`http://127.0.0.1:${simulator.port}`, `https://127.0.0.1:${tls.port}`),
          ]),
        );
        const trusted = await start("sync", { ...settings, NODE_EXTRA_CA_CERTS: file }).ended;
        assert.equal(trusted.code, 0, trusted.stderr);
        const untrusted = await start("sync", settings).ended;
        assert.equal(untrusted.code, 1);
        assert.match(untrusted.stderr, /^error: EXTERNAL_SERVICE_ERROR \(\w+\) at stage authenticate: /m);
      } finally {
        await tls.close();
      }
    });
  });
}

/** A forward proxy that leads every name to one port of this machine. */
async function startProxy(port: number) {
  const asked: string[] = [];
  const server = createHttpServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "", "http://none.invalid");
    asked.push(`${incoming.method} ${url.host}${url.pathname}`);
    const { method, headers } = incoming;
    const onward = httpRequest({ port, host: "127.0.0.1", path: url.pathname, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket) => {
    // Each of the three requests may have a tunnel of its own, or share one: what counts is that they come this way.
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.on("data", (chunk) => {
        if (/^HTTP\/1\.1 /.test(chunk.toString("latin1"))) asked.push(`CONNECT ${incoming.url}`);
      });
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  return { asked, ...(await listening(server)) };
}

/** TLS before a port of this machine. */
async function startTls(port: number) {
  const server = createTlsServer({ cert: serverCertificate, key: serverKey }, (socket) => {
    const onward = connect(port, "127.0.0.1");
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  return listening(server);
}

async function listening(server: Server | NetServer) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  return { port, close };
}

/**
 * `npm run bench:footprint`: memory at rest and time from start to ready, beside those of a bare Hono server.
 *
 * A pod that is restarted with a good store in PostgreSQL, before its first run and after one of the largest list. Each
 * figure is the median of `--times N` starts (default 3), in turns.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runStatement, startPostgres } from "../packages/cert-parser-runner/test/store/postgres.ts";
import { largestList } from "./lists.ts";
import { type Form, type Served, startProgram, startServe, triggerRun } from "./served.ts";
import { listVersion, startSimulatedService } from "./simulated-service.ts";

const { values } = parseArgs({ options: { times: { type: "string", default: "3" } } });
const times = Number(values.times);

interface Footprint {
  readonly readyMs: number;
  readonly restMiB: number;
  /** After a run, and some seconds for the memory to come back. */
  readonly afterRunMiB: number | null;
}

await using resources = new AsyncDisposableStack();
const database = await startPostgres();
resources.defer(() => database.stop());
const { name, bytes } = largestList();
const service = await startSimulatedService(await listVersion(bytes, 0));
resources.defer(() => service.close());
const token = randomUUID();
const environment = {
  ...service.environment,
  TRIGGER_TOKEN: token,
  MAX_REMOVED_PERCENT: "100",
};
const isBuilt = existsSync(join(import.meta.dirname, "../packages/cert-parser-runner/dist/cli.js"));
// What was built may be older than the sources, and have another schema.
const databases: Readonly<Record<Form, string>> = {
  sources: database.dsn,
  built: await anotherDatabase(database.dsn, "built"),
};
for (const form of isBuilt ? (["sources", "built"] as const) : (["sources"] as const)) {
  // A store as a restarted pod finds it.
  await (await startServe({ ...environment, DATABASE_DSN: databases[form] }, form)).stop();
}

let version = 0;
const contenders: Readonly<Record<string, () => Promise<Footprint>>> = {
  "bare Hono server": bareServer,
  "serve, from its sources": () => ourServer("sources"),
  ...(isBuilt ? { "serve, built": () => ourServer("built") } : {}),
};
const measured = new Map<string, Footprint[]>(Object.keys(contenders).map((key) => [key, []]));
for (let turn = 0; turn < times; turn++) {
  for (const [key, measure] of Object.entries(contenders)) measured.get(key)?.push(await measure());
}

console.log(`Node ${process.versions.node}; runs of ${name}; medians of ${times}\n`);
console.table(
  Object.fromEntries(
    [...measured].map(([key, all]) => [
      key,
      {
        "start to ready, ms": Math.round(median(all.map(({ readyMs }) => readyMs))),
        "resident at rest, MiB": Math.round(median(all.map(({ restMiB }) => restMiB))),
        "resident after a run, MiB": all.some(({ afterRunMiB }) => afterRunMiB === null)
          ? "makes none"
          : Math.round(median(all.map(({ afterRunMiB }) => afterRunMiB ?? 0))),
      },
    ]),
  ),
);

async function anotherDatabase(dsn: string, name: string): Promise<string> {
  await runStatement(dsn, `create database ${name}`);
  const url = new URL(dsn);
  url.pathname = `/${name}`;
  return url.href;
}

async function bareServer(): Promise<Footprint> {
  const program = `
    import { serve } from "@hono/node-server";
    import { Hono } from "hono";
    const app = new Hono();
    app.get("/ready", (context) => context.json({ status: "ready" }));
    serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log(JSON.stringify({ port })));
  `;
  const server = await startProgram(["--input-type=module", "--eval", program], {}, "/ready");
  try {
    return { readyMs: server.readyMs, restMiB: await atRest(server), afterRunMiB: null };
  } finally {
    await server.stop();
  }
}

async function ourServer(form: Form): Promise<Footprint> {
  const server = await startServe(
    { ...environment, DATABASE_DSN: databases[form], RUN_ON_STARTUP: "false" },
    form,
  );
  try {
    const restMiB = await atRest(server);
    version++;
    service.give(await listVersion(bytes, version));
    const { outcome } = await triggerRun(server.url, token);
    if (outcome !== "applied") throw new Error(`the run ended as ${outcome}`);
    return { readyMs: server.readyMs, restMiB, afterRunMiB: await atRest(server) };
  } finally {
    await server.stop();
  }
}

async function atRest({ pid }: Served): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

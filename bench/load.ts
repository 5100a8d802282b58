/**
 * `npm run bench:load`: how /health answers while runs of the largest list go on, one after another, on PostgreSQL.
 *
 * Each run brings a version of the list whose certificates are all new: it is downloaded, read and stored whole. Ends
 * with 1 where a request failed, or where the 99th percentile is over 50 ms at the rate of probes and dashboards.
 * `--seconds N` for each row (default 20).
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { startPostgres } from "../packages/cert-parser-runner/test/store/postgres.ts";
import { largestList } from "./lists.ts";
import { startServe, triggerRun } from "./served.ts";
import { listVersion, startSimulatedService } from "./simulated-service.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "20" } } });
const seconds = Number(values.seconds);
const goalMs = 50;
// Of the list that was given last; none is given twice.
let version = 0;

interface Row {
  readonly name: string;
  readonly runs: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly failed: number;
  /** Longest delay between two turns of the service's event loop. */
  readonly loopMs: number;
}

await using resources = new AsyncDisposableStack();
const database = await startPostgres();
resources.defer(() => database.stop());
const { name, bytes } = largestList();
const service = await startSimulatedService(await listVersion(bytes, 0));
resources.defer(() => service.close());
const token = randomUUID();
const served = await startServe({
  ...service.environment,
  DATABASE_DSN: database.dsn,
  TRIGGER_TOKEN: token,
  MAX_REMOVED_PERCENT: "100",
});
resources.defer(() => served.stop());

const rows = [
  await measure("at rest, 100 a second", { rate: 100, busy: false }),
  await measure("runs, 100 a second", { rate: 100, busy: true }),
  await measure("at rest, as many as can be", { busy: false }),
  await measure("runs, as many as can be", { busy: true }),
];
console.log(
  `GET /health of one process on Node ${process.versions.node}, ${seconds} s each: 100 a second on one connection, or all that 10 connections can;`,
);
console.log(`runs: ${name}, every certificate new to PostgreSQL each time\n`);
console.table(
  Object.fromEntries(
    rows.map((row) => [
      row.name,
      {
        runs: row.runs,
        "requests/s": Math.round(row.perSecond),
        "p50 ms": row.p50,
        "p99 ms": row.p99,
        "max ms": row.max,
        failed: row.failed,
        "loop max ms": Math.round(row.loopMs),
      },
    ]),
  ),
);
const failed = rows.reduce((sum, row) => sum + row.failed, 0);
const p99 = rows.find((row) => row.name.startsWith("runs, 100"))?.p99 ?? Infinity;
if (failed > 0) console.error(`${failed} requests failed`);
if (p99 >= goalMs) console.error(`p99 during runs is ${p99} ms, and should be under ${goalMs}`);
if (failed > 0 || p99 >= goalMs) process.exitCode = 1;

async function measure(name: string, load: { readonly rate?: number; readonly busy: boolean }): Promise<Row> {
  await longestDelayMs();
  const cannon = autocannon({
    url: `${served.url}/health`,
    // A connection fires what it may at once: several of them would wait for each other, not for the service.
    connections: load.rate === undefined ? 10 : 1,
    duration: seconds,
    timeout: 10,
    // Requests that should have been sent while the service was busy count as if they had been.
    ...(load.rate === undefined ? {} : { overallRate: load.rate }),
  });
  let over = false;
  const result = cannon.then((measured) => {
    over = true;
    return measured;
  });
  let runs = 0;
  while (load.busy && !over) {
    await oneRun();
    runs++;
  }
  const { requests, latency, errors, timeouts, non2xx } = await result;
  return {
    name,
    runs,
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
    failed: errors + timeouts + non2xx,
    loopMs: await longestDelayMs(),
  };
}

async function oneRun(): Promise<void> {
  version++;
  service.give(await listVersion(bytes, version));
  const { outcome } = await triggerRun(served.url, token);
  if (outcome !== "applied") throw new Error(`a run ended as ${outcome}`);
}

/** Since it was last asked. */
async function longestDelayMs(): Promise<number> {
  const text = await (await fetch(`${served.url}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1000;
}

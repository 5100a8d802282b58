/**
 * `npm run soak`: run after run in one process against the simulated service, every tenth of them faulty.
 *
 * Prints memory and handles after the fiftieth run and after the last, and ends with 1 where heap or handles have grown
 * by over 10 %, or a run did not end as it should. `--runs N` (default 1000), `--minutes N` (stops earlier),
 * `--database embedded` (default: a PostgreSQL that comes with npm).
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readFixture } from "cert-parser-fixtures";
import { createServiceSource } from "../packages/cert-parser-runner/src/download/service-source.ts";
import { createLogger } from "../packages/cert-parser-runner/src/log/logger.ts";
import {
  defaultSource,
  openTrustStore,
  readConfiguration,
  runOnce,
} from "../packages/cert-parser-runner/src/main.ts";
import { createMetrics } from "../packages/cert-parser-runner/src/metrics/metrics.ts";
import { startPostgres } from "../packages/cert-parser-runner/test/store/postgres.ts";
import { type Fault, listVersion, startSimulatedService } from "./simulated-service.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    minutes: { type: "string", default: "Infinity" },
    database: { type: "string", default: "postgresql" },
  },
});
const wanted = Number(values.runs);
const deadline = performance.now() + Number(values.minutes) * 60_000;
if (!(wanted > baseline())) throw new RangeError(`--runs must be over ${baseline()}`);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

interface Reading {
  readonly run: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly externalMiB: number;
  readonly handles: Readonly<Record<string, number>>;
}

await using resources = new AsyncDisposableStack();
const database = await openDatabase();
const service = await startSimulatedService(await list(0));
resources.defer(() => service.close());
const configuration = configure({ ...service.environment, ...database, MAX_REMOVED_PERCENT: "100" });
const silent = { write: () => undefined };
const logger = createLogger({ level: "DEBUG", stream: silent, terminal: false, colour: false });
const metrics = createMetrics();
const store = await openTrustStore(configuration, logger, new AbortController().signal);
resources.defer(() => store.close());
if (configuration.service === null) throw new TypeError("no service is configured");
const from = createServiceSource(configuration.service, {
  // The delays between attempts are not what is tried here.
  retry: { baseDelayMs: 1, maxDelayMs: 5 },
  onRetry: (event) => metrics.retried(event),
});

const outcomes = new Map<string, number>();
const unexpected: string[] = [];
const begun = performance.now();
let first: Reading | null = null;
let run = 0;
// Whole tens, so that both readings come as long after a faulty run.
while (run < wanted && (performance.now() < deadline || run <= baseline() || run % 10 !== 0)) {
  run++;
  await oneRun(run);
  if (run === baseline()) first = await read(run, idleMs());
  if (run % 100 === 0 && run < wanted) console.log(`${run} runs, ${describe(await read(run, 300))}`);
}
const last = await read(run, idleMs());
const seconds = (performance.now() - begun) / 1000;

console.log(
  `\n${run} runs in ${seconds.toFixed(0)} s on ${values.database}, Node ${process.versions.node}: ` +
    [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(", "),
);
for (const reading of [first, last]) {
  if (reading !== null) console.log(`after run ${String(reading.run).padStart(5)}: ${describe(reading)}`);
}
for (const text of unexpected.slice(0, 10)) console.error(text);
const grown = first === null ? [] : growth(first, last);
for (const text of grown) console.error(text);
if (unexpected.length + grown.length > 0) process.exitCode = 1;
else console.log("heap and handles are within 10 % of what they were");

/** One run, and whether it ended as it should. */
async function oneRun(number: number): Promise<void> {
  const fault = faultOf(number);
  // Every other good run has something to store; to the ones between, the service says that there is nothing new.
  if (fault === null && number % 2 === 1) service.give(await list(number));
  if (fault === "truncated") service.give(await list(number));
  await service.fail(fault);
  const result = await runOnce(
    { from, source: defaultSource, trigger: "soak", signal: new AbortController().signal },
    { configuration, store, logger, observe: metrics.observe },
  );
  await service.fail(null);
  if (number % 10 === 0) await scrape();

  const outcome = result.ok ? result.value.outcome : `${result.error.stage}: ${result.error.reason}`;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (result.ok !== (fault === null)) {
    const message = result.ok ? "" : result.error.message;
    unexpected.push(`run ${number} (${fault ?? "good"}) ended as ${outcome} ${message}`);
  }
}

async function scrape(): Promise<void> {
  const statistics = await store.statistics(new Date());
  metrics.describe({ statistics, storeReachable: true, schedulerRunning: true, nextRun: null });
  await metrics.text();
}

function faultOf(number: number): Fault | null {
  const faults = ["error", "truncated", "refused"] as const;
  return number % 10 === 5 ? (faults[((number - 5) / 10) % faults.length] ?? null) : null;
}

/** A list of the whole world in two versions, which take turns. */
function list(number: number): Promise<Uint8Array> {
  return listVersion(readFixture("world.ml"), 1 + ((number >> 1) % 2), number);
}

async function openDatabase(): Promise<Readonly<Record<string, string>>> {
  if (values.database === "embedded") {
    const directory = await mkdtemp(join(tmpdir(), "cert-parser-soak-"));
    resources.defer(() => rm(directory, { recursive: true, force: true }));
    return { DATA_DIR: directory };
  }
  const server = await startPostgres();
  resources.defer(() => server.stop());
  return { DATABASE_DSN: server.dsn };
}

function configure(environment: Readonly<Record<string, string>>) {
  const read = readConfiguration(environment);
  if (!read.ok) throw new TypeError(JSON.stringify(read.error));
  return read.value;
}

async function read(number: number, waitMs: number): Promise<Reading> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  // Finalizers want a second collection.
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles = Object.fromEntries(
    [...Map.groupBy(process.getActiveResourcesInfo(), (type) => type)]
      .map(([type, all]) => [type, all.length] as const)
      .sort(),
  );
  return { run: number, rssMiB: mib(rss), heapMiB: mib(heapUsed), externalMiB: mib(external), handles };
}

function growth(before: Reading, after: Reading): readonly string[] {
  const count = ({ handles }: Reading) => Object.values(handles).reduce((sum, each) => sum + each, 0);
  const figures = [
    ["heap (MiB)", before.heapMiB, after.heapMiB],
    ["handles", count(before), count(after)],
  ] as const;
  return figures
    .filter(([, from, to]) => to > from * 1.1)
    .map(([name, from, to]) => `${name} grew by over 10 %: ${from.toFixed(1)} to ${to.toFixed(1)}`);
}

function describe({ rssMiB, heapMiB, externalMiB, handles }: Reading): string {
  const named = Object.entries(handles).map(([type, count]) => `${count} ${type}`);
  const memory = `rss ${rssMiB.toFixed(1)} MiB, heap ${heapMiB.toFixed(2)} MiB, external ${externalMiB.toFixed(1)} MiB`;
  return `${memory}, handles: ${named.join(", ") || "none"}`;
}

function mib(bytes: number): number {
  return bytes / 2 ** 20;
}

/** Readings are compared with the one after this run: caches are filled by then. */
function baseline(): number {
  return 50;
}

/** After as long, connections that nobody uses are closed on both sides. */
function idleMs(): number {
  return 6000;
}

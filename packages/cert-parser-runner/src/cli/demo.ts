/**
 * `demo`: the simulated service and the real one together, with one run at the start and a summary for people.
 *
 * @module
 */

import { join } from "node:path";
import type { RunReport } from "cert-parser-core";
import type { Command } from "commander";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { followProxySettings, type RunResult, startSimulation } from "../main.ts";
import { type Service, startService } from "../service.ts";
import type { StoreOverview } from "../store/overview.ts";
import { failure } from "./failure.ts";
import { alignRows } from "./layout.ts";
import { parsePort } from "./port-argument.ts";
import { runRows } from "./run-text.ts";
import { endingOn, serveUntil } from "./serve.ts";
import { servedList } from "./served-list.ts";
import { configurationOf, loggerOf, type Settings, settingsOf } from "./settings.ts";
import { stopped } from "./stop-signals.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addDemo(program: Command, surroundings: Surroundings): void {
  program
    .command("demo")
    .summary("simulate and serve together: the whole chain without any setting")
    .description(
      "Starts the simulated service and, against it, the real one: logs in, downloads, reads, verifies, stores,\n" +
        "and shows what came of it. Then goes on serving until it is stopped.",
    )
    .option("--port <port>", "port of the routes; 0 takes a free one (default: PORT, or 8000)", parsePort)
    .option("--host <host>", "address of the routes (default: HOST, or 0.0.0.0)")
    .option("--file <file>", "the list to serve; by default a synthetic one, signed at the start")
    .option("--data-dir <directory>", "embedded store (default: demo in DATA_DIR, or ./.cert-parser-demo)")
    .addHelpText("after", help)
    .action(async (options: DemoOptions) => runDemo(options, surroundings));
}

interface DemoOptions {
  readonly port?: number;
  readonly host?: string;
  readonly file?: string;
  readonly dataDir?: string;
}

async function runDemo(options: DemoOptions, surroundings: Surroundings): Promise<void> {
  const own = demoSettings(settingsOf(surroundings), options);
  const logger = loggerOf(surroundings, configurationOf(own).logLevel, own, { endsWith: "pipeline.failed" });
  const stop = surroundings.stopSignals.catch();

  const list = await servedList(options.file);
  await using resources = new AsyncDisposableStack();
  const simulator = await startSimulation(list.bundle, { host: "127.0.0.1", port: 0 }, logger);
  resources.defer(() => simulator.close());

  const settings = { ...own, ...simulator.environment, ...list.settings };
  await followProxySettings(settings);
  await endingOn(stop, logger, async () => {
    const service = await startService(configurationOf(settings), logger, stop);
    resources.defer(() => service.stop());
    const first = await Promise.race([service.firstRun, stopped(stop).then(() => null)]);
    if (first !== null) await present(first, service, simulator.urls.download, surroundings);
    await serveUntil(stop, service, logger);
  });
}

/**
 * What the user has set, except the service, which is the simulated one, and the database: the keys of the synthetic
 * certificates are public, and must never come among real ones. No anchor of the user's knows who signs the synthetic list.
 */
function demoSettings(settings: Settings, options: DemoOptions): Settings {
  const replaced =
    options.file === undefined
      ? /^(AUTH|LOGIN|DOWNLOAD|DATABASE|TRUST)_/
      : /^(AUTH|LOGIN|DOWNLOAD|DATABASE)_/;
  const kept = Object.entries(settings).filter(([name]) => !replaced.test(name));
  return {
    ...Object.fromEntries(kept),
    RUN_ON_STARTUP: "true",
    // What listens on this machine is not to be asked for through a proxy.
    NO_PROXY: [settings.NO_PROXY ?? settings.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(","),
    ...(options.port === undefined ? {} : { PORT: String(options.port) }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
    DATA_DIR: options.dataDir ?? (settings.DATA_DIR ? join(settings.DATA_DIR, "demo") : demoDirectory),
  };
}

/** Shows what came of the first run; one that failed ends the demo. */
async function present(
  result: RunResult,
  service: Service,
  downloadUrl: string,
  { stdout }: Surroundings,
): Promise<void> {
  if (!result.ok) throw failure(result.error, undefined, result.error.cause);
  await stdout.write(summary(result.value, await service.overview(), service.url, downloadUrl));
}

function summary(report: RunReport, overview: StoreOverview, url: string, downloadUrl: string): string {
  const { counts, location } = overview;
  const [[, read = "", ...details] = ["read"], ...further] = runRows(report, location);
  const rows = alignRows([
    report.bundle === null
      ? ["asked", downloadUrl, "it has no newer list than the one held"]
      : ["downloaded", `${read} from ${downloadUrl}`, ...details],
    ...further,
    [
      "held now",
      `${formatQuantity(counts.certificates, "certificate")} of ${formatQuantity(counts.countries, "country", "countries")}, ` +
        `${formatQuantity(counts.crls, "CRL")}, ${formatCount(counts.rejections)} rejected`,
    ],
    ["look at", `${url}/health`, `${url}/ready`, `${url}/info`],
    ["stop with", "Ctrl-C"],
  ]);
  return `\ncert-parser demo: one run through the simulated service\n\n${rows}\n`;
}

// A directory of its own, so that synthetic certificates never lie among real ones.
const demoDirectory = "./.cert-parser-demo";

const help = `
Examples:
  cert-parser-runner demo
  cert-parser-runner demo --port 0 --data-dir /tmp/trust --file list.ml

PORT, HOST, DATA_DIR, LOG_LEVEL and the rest hold as for serve; AUTH_*, LOGIN_*, DOWNLOAD_* and DATABASE_* do not: the
certificates are invented, their keys are public, and they belong in no real store.

Exit codes:
  0  stopped by a signal
  1  could not start (store or port), or the first run failed
  2  wrong usage or configuration`;

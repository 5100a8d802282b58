/**
 * `sync [FILE...]`: one run, or one for each file, and exit.
 *
 * @module
 */

import type { RunReport } from "cert-parser-core";
import type { Command } from "commander";
import type { Configuration } from "../config/configuration.ts";
import { formatCount, formatQuantity } from "../log/figures.ts";
import type { Logger } from "../log/logger.ts";
import {
  defaultSource,
  fileSource,
  followProxySettings,
  openTrustStore,
  type RunRequest,
  type RunResult,
  runOnce,
  serviceSource,
} from "../main.ts";
import { failure, misuse, toCommandFailure } from "./failure.ts";
import type { Output } from "./output.ts";
import { describeRun, runDocument } from "./run-text.ts";
import { configurationOf, loggerOf, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addSync(program: Command, surroundings: Surroundings): void {
  program
    .command("sync")
    .summary("one run and exit: through the service, or from files")
    .description(
      "Brings the store in step with the list of the service, or with each file in the order given.\n" +
        "Stops at the first run that fails; what it would have changed stays as it was.\n" +
        "Signatures are not verified yet: store only what comes from where you trust.",
    )
    .argument("[file...]", "Master Lists; without any, the configured service is asked")
    .option("--source <name>", "the source that the lists are stored under", defaultSource)
    .option("--json", "one JSON document: { runs: [...] }")
    .addHelpText("after", help)
    .action(async (files: readonly string[], options: SyncOptions) => {
      if (options.source.trim() === "") throw misuse("--source wants a name");
      const settings = settingsOf(surroundings);
      const configuration = configurationOf(settings);
      if (files.length === 0 && configuration.service === null) throw misuse(nothingToSync);
      const logger = loggerOf(surroundings, configuration.logLevel, settings, {
        endsWith: "pipeline.failed",
      });
      const signal = surroundings.stopSignals.catch();
      await followProxySettings(settings);

      const work: Work = { files, source: options.source, configuration, logger, signal, ended: [] };
      const print = options.json ? printDocument : printSummaries;
      // On a terminal the tables say it.
      const printing = () => print(work, surroundings.stdout);
      await (surroundings.stderr.isTTY === true ? printing() : summed(printing, work));
    });
}

interface SyncOptions {
  readonly source: string;
  readonly json?: true;
}

interface Work {
  readonly files: readonly string[];
  readonly source: string;
  readonly configuration: Configuration;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The runs that have ended so far. */
  readonly ended: RunResult[];
}

/** Ends the log with one line for all runs, however they ended: what a batch system keeps. */
async function summed(print: () => Promise<void>, { ended, logger }: Work): Promise<void> {
  const begun = performance.now();
  let completed = false;
  try {
    await print();
    completed = true;
  } finally {
    const reports = ended.flatMap((result) => (result.ok ? [result.value] : []));
    const total = (of: (report: RunReport) => number) => reports.reduce((sum, report) => sum + of(report), 0);
    const figures = {
      runs: ended.length,
      applied: reports.filter(({ outcome }) => outcome === "applied").length,
      unchanged: reports.filter(({ outcome }) => outcome === "unchanged").length,
      failed: ended.length - reports.length,
      added: total(({ store }) => store.added),
      removed: total(({ store }) => store.removed),
      rejected: total(({ bundle }) => bundle?.rejected.length ?? 0),
      duration_ms: Math.round(performance.now() - begun),
    };
    const text =
      `${formatQuantity(figures.runs, "run")}: ${figures.applied} applied, ${figures.unchanged} unchanged, ${figures.failed} failed; ` +
      `${formatCount(figures.added)} added, ${formatCount(figures.removed)} removed, ${formatCount(figures.rejected)} rejected`;
    if (completed) logger.info("sync.ended", text, figures);
    else logger.error("sync.ended", `failed: ${text}`, figures);
  }
}

async function printSummaries(work: Work, out: Output): Promise<void> {
  for await (const { result, location, file } of runEach(work)) {
    if (!result.ok) throw failure(result.error, file, result.error.cause);
    await out.write(describeRun(result.value, location, file));
  }
}

/** The document is whole also where a run failed or the store could not be opened: then it has an `error`. */
async function printDocument(work: Work, out: Output): Promise<void> {
  const runs: unknown[] = [];
  let failed: unknown;
  try {
    for await (const { result, file } of runEach(work)) {
      runs.push(runDocument(result, file));
      if (!result.ok) throw failure(result.error, file, result.error.cause);
    }
  } catch (error) {
    failed = error;
  }
  const details = toCommandFailure(failed)?.details;
  await out.write(`${JSON.stringify({ runs, ...(details ? { error: details } : {}) }, null, 2)}\n`);
  if (failed !== undefined) throw failed;
}

/** Runs one after the other, and lets go of the store at the end or when the caller stops asking. */
async function* runEach(work: Work) {
  const { configuration, logger, signal } = work;
  const store = await openTrustStore(configuration, logger, signal);
  try {
    for (const { request, file } of await requestsOf(work)) {
      const ownLogger = file === undefined ? logger : logger.child({ file });
      const result = await runOnce(request, { configuration, store, logger: ownLogger });
      work.ended.push(result);
      yield { result, location: store.location, file };
    }
  } finally {
    await store.close();
  }
}

async function requestsOf(
  work: Work,
): Promise<readonly { readonly request: RunRequest; readonly file?: string }[]> {
  const { files, source, configuration, logger, signal } = work;
  const common = { source, trigger: "manual", signal };
  if (files.length > 0) {
    return files.map((file) => ({ request: { ...common, from: fileSource(file, configuration) }, file }));
  }
  const from = await serviceSource(configuration, logger);
  return from === null ? [] : [{ request: { ...common, from } }];
}

const nothingToSync = `CONFIGURATION_ERROR (SERVICE_MISSING): neither a file was given nor a service configured
  cert-parser-runner sync FILE       stores a list from a file
  cert-parser-runner check-config    shows the settings of the service, and what is wrong with them`;

const help = `
Examples:
  cert-parser-runner sync
  cert-parser-runner sync list.ml
  cert-parser-runner sync --source nl list-2025.ml list-2026.ml
  DATABASE_DSN=postgresql://user:password@host/db cert-parser-runner sync list.ml --json

Fit for a CronJob or a systemd timer: off a terminal, the log ends with one line for all runs (event sync.ended).

Exit codes:
  0  every run reached its end
  1  a run was refused, failed or was cancelled, or the store cannot be opened
  2  wrong usage or configuration`;

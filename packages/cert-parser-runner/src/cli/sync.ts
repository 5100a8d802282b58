/**
 * `sync [FILE...]`: one run, or one for each file, and exit.
 *
 * @module
 */

import type { RunReport } from "cert-parser-core";
import { type Command, Option } from "commander";
import type { Configuration } from "../config/configuration.ts";
import { formatCount, formatQuantity } from "../log/figures.ts";
import type { Logger } from "../log/logger.ts";
import {
  defaultSource,
  fileSource,
  followProxySettings,
  openTrustStore,
  type ReleaseRequest,
  type RunRequest,
  type RunResult,
  releaseQuarantined,
  runOnce,
  serviceSource,
} from "../main.ts";
import { misuse, toCommandFailure } from "./failure.ts";
import { operatorOf } from "./operator.ts";
import type { Output } from "./output.ts";
import { expectWhole, isPartial, runFailure } from "./run-failure.ts";
import { describeRun, runDocument } from "./run-text.ts";
import { configurationOf, loggerOf, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addSync(program: Command, surroundings: Surroundings): void {
  program
    .command("sync")
    .summary("one run and exit: through the service, or from files")
    .description(
      "Brings the store in step with the list of the service, or with each file in the order given. " +
        "Each object of a bundle is judged alone: a list must be signed by a trusted publisher, be newer than the " +
        "one before, and not have lost more than it may. What is accepted is stored; what is refused or waits for " +
        "approval is quarantined, and changes nothing. Stops at the first run of which nothing was accepted.",
    )
    .argument("[file...]", "Master Lists; without any, the configured service is asked")
    .option(
      "--source <name>",
      `the source that the lists are stored under (default: ${defaultSource});\n` +
        "with --release: the one whose bundle is meant, where several have it",
    )
    .option("--unsigned", "accepts unsigned content, this time; it never becomes a root")
    .addOption(
      new Option(
        "--release <sha256>",
        "judges a quarantined bundle again, and accepts it in spite of shrinking, age, gaps or an unknown\n" +
          "publisher, never of a bad signature; 16 digits or more; as trust approve SHA256",
      ).conflicts("unsigned"),
    )
    .option("--reason <text>", "with --release: why; it is kept")
    .option("--by <name>", "with --release: who says so; by default the user of the system")
    .option("--json", "one JSON document: { runs: [...] }")
    .addHelpText("after", help)
    .action(async (files: readonly string[], options: SyncOptions) => {
      expectSourceName(options.source);
      const release = releaseOf(files, options, surroundings);
      const settings = settingsOf(surroundings);
      const configuration = configurationOf(settings);
      if (files.length === 0 && release === null && configuration.service === null) {
        throw misuse(nothingToSync);
      }
      const logger = loggerOf(surroundings, configuration.logLevel, settings, {
        endsWith: "pipeline.failed",
      });
      const signal = surroundings.stopSignals.catch();
      await followProxySettings(settings);

      const { source = defaultSource, unsigned = false } = options;
      const work: Work = { files, source, unsigned, release, configuration, logger, signal, ended: [] };
      const print = options.json ? printDocument : printSummaries;
      // On a terminal the tables say it.
      const printing = () => print(work, surroundings.stdout);
      await (surroundings.stderr.isTTY === true ? printing() : summed(printing, work));
    });
}

interface SyncOptions {
  readonly source?: string;
  readonly unsigned?: true;
  readonly release?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: true;
}

function expectSourceName(source: string | undefined): void {
  if (source?.trim() === "") throw misuse("--source wants a name");
  if (source === "*") throw misuse("--source *: that stands for every source");
}

/** What is to be released, by whom and why; null where it is a run as every other. */
function releaseOf(
  files: readonly string[],
  { release, reason, by, source }: SyncOptions,
  surroundings: Surroundings,
): Work["release"] {
  if (release === undefined) {
    if (reason !== undefined || by !== undefined) throw misuse("--reason and --by go with --release");
    return null;
  }
  if (files.length > 0) throw misuse("--release takes a bundle out of quarantine, and no file");
  if (reason === undefined || reason.trim() === "") throw misuse("--release wants a --reason: it is kept");
  const sha256 = release.replaceAll(":", "").toLowerCase();
  if (!/^[0-9a-f]{16,64}$/.test(sha256)) {
    throw misuse(`--release ${release}: expected a SHA-256 in hex, or 16 digits of it or more`);
  }
  return {
    sha256,
    reason,
    by: operatorOf(surroundings, by),
    ...(source === undefined ? {} : { source }),
  };
}

interface Work {
  readonly files: readonly string[];
  readonly source: string;
  readonly unsigned: boolean;
  readonly release: Omit<ReleaseRequest, "signal"> | null;
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
      applied: reports.filter((report) => report.outcome === "applied" && !isPartial(report)).length,
      partial: reports.filter(isPartial).length,
      unchanged: reports.filter(({ outcome }) => outcome === "unchanged").length,
      failed: ended.length - reports.length,
      added: total(({ store }) => store.added),
      removed: total(({ store }) => store.removed),
      rejected: total(({ bundle }) => bundle?.rejected.length ?? 0),
      duration_ms: Math.round(performance.now() - begun),
    };
    const text =
      `${formatQuantity(figures.runs, "run")}: ${figures.applied} applied, ${figures.partial} in part, ${figures.unchanged} unchanged, ${figures.failed} failed; ` +
      `${formatCount(figures.added)} added, ${formatCount(figures.removed)} removed, ${formatCount(figures.rejected)} rejected`;
    if (completed) logger.info("sync.ended", text, figures);
    else if (figures.failed === 0 && figures.partial > 0) logger.warning("sync.ended", text, figures);
    else logger.error("sync.ended", `failed: ${text}`, figures);
  }
}

async function printSummaries(work: Work, out: Output): Promise<void> {
  for await (const { result, location, file } of runEach(work)) {
    if (!result.ok) throw runFailure(result.error, file);
    await out.write(describeRun(result.value, location, file));
  }
  expectWhole(work.ended);
}

/** The document is whole also where a run failed or the store could not be opened: then it has an `error`. */
async function printDocument(work: Work, out: Output): Promise<void> {
  const runs: unknown[] = [];
  let failed: unknown;
  try {
    for await (const { result, file } of runEach(work)) {
      runs.push(runDocument(result, file));
      if (!result.ok) throw runFailure(result.error, file);
    }
    expectWhole(work.ended);
  } catch (error) {
    failed = error;
  }
  const details = toCommandFailure(failed)?.details;
  await out.write(`${JSON.stringify({ runs, ...(details ? { error: details } : {}) }, null, 2)}\n`);
  if (failed !== undefined) throw failed;
}

/** Runs one after the other, and lets go of the store at the end or when the caller stops asking. */
async function* runEach(work: Work) {
  const { configuration, logger, signal, release } = work;
  const store = await openTrustStore(configuration, logger, signal);
  try {
    if (release !== null) {
      const result = await releaseQuarantined({ ...release, signal }, { configuration, store, logger });
      work.ended.push(result);
      yield { result, location: store.location, file: undefined };
      return;
    }
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
  const { files, source, unsigned, configuration, logger, signal } = work;
  const common = { source, unsigned, trigger: "manual", signal };
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
  cert-parser-runner sync --unsigned --source extra local-cscas.pem
  cert-parser-runner sync --release 9f86d081884c7d65 --reason "confirmed by the publisher"
  DATABASE_DSN=postgresql://user:password@host/db cert-parser-runner sync list.ml --json

Fit for a CronJob or a systemd timer: off a terminal, the log ends with one line for all runs (event sync.ended).

Exit codes:
  0  everything was accepted, or is held already
  1  something was refused or waits for approval (what was accepted is stored), a run failed or was cancelled,
     or the store cannot be opened
  2  wrong usage or configuration`;

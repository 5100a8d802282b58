/**
 * The command line: which commands there are, and what their failures look like.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import { packageManifest } from "../main.ts";
import { addCheckConfig } from "./check-config.ts";
import { addDemo } from "./demo.ts";
import { addDiff } from "./diff.ts";
import { type ExitCode, toCommandFailure } from "./failure.ts";
import { addInspect } from "./inspect.ts";
import { addMigrate } from "./migrate.ts";
import { addServe } from "./serve.ts";
import { addSimulate } from "./simulate.ts";
import { addSource } from "./source.ts";
import { addStatus } from "./status.ts";
import type { Surroundings } from "./surroundings.ts";
import { addSync } from "./sync.ts";
import { addTrust } from "./trust.ts";
import { addVerify } from "./verify.ts";

/** Runs the command that the arguments name, `serve` where there are none, and gives the exit code. It never throws. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings;
  try {
    await createProgram(surroundings).parseAsync(args.length === 0 ? ["serve"] : [...args], { from: "user" });
    await stdout.flush();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const foreseen = toCommandFailure(error);
    if (foreseen === null) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      stderr.write(`error: UNEXPECTED: ${text}\n`);
      return 1;
    }
    stderr.write(`error: ${foreseen.message}\n`);
    return foreseen.exitCode;
  }
}

function createProgram(surroundings: Surroundings): Command {
  const { stdout, stderr } = surroundings;
  const program = new Command("cert-parser-runner");
  program
    .description(
      "Keeps a trust store in step with ICAO Master Lists: downloads, reads, verifies and stores them.\n" +
        "Only lists signed by a trusted publisher are accepted.",
    )
    .version(packageManifest.version)
    .configureOutput({
      // Help and version are short: what a closed stdout does not take needs no one to wait for it.
      writeOut: (text) => void stdout.write(text).catch(() => undefined),
      writeErr: (text) => void stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError("(cert-parser-runner --help shows the commands, and --help behind one what it takes)")
    .addHelpText("after", help);

  addServe(program, surroundings);
  addSync(program, surroundings);
  addInspect(program, surroundings);
  addVerify(program, surroundings);
  addDiff(program, surroundings);
  addTrust(program, surroundings);
  addSource(program, surroundings);
  addStatus(program, surroundings);
  addMigrate(program, surroundings);
  addCheckConfig(program, surroundings);
  addSimulate(program, surroundings);
  addDemo(program, surroundings);
  return program;
}

const help = `
Without a command it serves. Settings come from the environment and from .env in the working directory.
Results go to stdout; logs go to stderr, as JSON lines unless that is a terminal.

Exit codes: 0 done or good, 1 refused or failed, 2 wrong usage or configuration; of verify also 3 undetermined and
5 could not be judged.`;

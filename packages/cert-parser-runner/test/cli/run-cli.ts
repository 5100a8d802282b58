/**
 * Runs the real command line in a process of its own.
 *
 * @module
 */

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { movedClock } from "../../../../scripts/moved-clock.ts";
import { assertDocumented } from "../log/documented.ts";

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr holds a match; rejects when the command ends before. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** The log entries so far: stderr is no terminal here. */
  events(): readonly LogLine[];
}

/** One log line. */
export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What a test gives a command. */
export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: an empty directory, so that no `.env` gets in. */
  readonly cwd?: string;
  readonly input?: Uint8Array;
  /** When the command believes to start, such as `2026-09-15T00:00:00Z`. Default: the clock of the test. */
  readonly at?: string;
}

const clockAt = new URL("clock-at.ts", import.meta.url).href;
export const cli = join(import.meta.dirname, "../../src/cli.ts");

/** Starts a command. It has only the environment that it is given, and the clock of the test. */
export function startCli(args: readonly string[], { at, ...options }: CliOptions = {}): RunningCli {
  const node = ["--conditions=cert-parser-source", ...(at === undefined ? [] : ["--import", clockAt])];
  const env = { ...options.env, ...(at !== undefined && { TEST_CLOCK: at }) };
  return startProcess(process.execPath, [...node, cli, ...args], { ...options, env });
}

/** Starts any program in the same way. */
export function startProcess(
  command: string,
  args: readonly string[],
  { env = {}, cwd, input }: CliOptions = {},
  spawnOptions: SpawnOptions = {},
): RunningCli {
  const directory = cwd ?? mkdtempSync(join(tmpdir(), "cert-parser-cli-"));
  const child = spawn(command, args, {
    ...spawnOptions,
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...movedClock, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  // A command that does not read its input closes it.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input ?? "");

  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (cwd === undefined) rmSync(directory, { recursive: true, force: true });
      // Whatever the test is about: no command logs what the table of events does not have.
      try {
        assertDocumented(logLines(stderr));
      } catch (error) {
        reject(error);
      }
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    process: child,
    ended,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (found !== null) resolve(found);
          return found !== null;
        };
        if (look()) return;
        child.stdout?.on("data", look);
        child.stderr?.on("data", look);
        child.on("close", () => {
          if (!look()) reject(new Error(`ended without ${pattern}:\n${stdout}\n${stderr}`));
        });
      }),
    events: () => logLines(stderr),
  };
}

function logLines(stderr: string): readonly LogLine[] {
  // What was cut off in the middle, as by SIGKILL, is none.
  const lines = stderr.split("\n").slice(0, -1);
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

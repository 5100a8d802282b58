/**
 * Runs the commands of the documents: every `sh run` block, in order, each document with a database, a directory and a
 * shell of its own.
 *
 * ```sh
 * node --conditions=cert-parser-source scripts/run-documents.ts [DOCUMENT...]
 * ```
 *
 * @module
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type CommandBlock, commandBlocks, operatorDocuments, root } from "./document-blocks.ts";
import { movedClock } from "./moved-clock.ts";

/** What the blocks and this program call, and the Debian package that has it. */
const neededPrograms: Readonly<Record<string, string>> = {
  base64: "coreutils",
  bash: "bash",
  curl: "curl",
  jq: "jq",
  openssl: "openssl",
  pg_dump: "postgresql",
  pg_restore: "postgresql",
  ps: "procps",
  psql: "postgresql",
};

/** For all blocks of one document. */
const longestMs = 300_000;

const given = process.argv.slice(2);
const documents = (given.length === 0 ? operatorDocuments() : given).map((document) => ({
  document,
  blocks: commandBlocks(document).filter(({ mark }) => mark === "run"),
}));
expectPrograms();
const serverPrograms = findServer();
const work = mkdtempSync(join(tmpdir(), "cert-parser-documents-"));
const started: ChildProcess[] = [];
const shells: ChildProcess[] = [];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void release().then(() => process.exit(1)));
}
// The last word: while all else was being ended, another block may have begun.
process.on("exit", () => {
  for (const shell of shells) endSession(shell);
});
// Whoever cuts the table short, as `head` does, must not leave a server behind.
process.stdout.on("error", () => undefined);
try {
  process.exitCode = (await checkDocuments()) ? 0 : 1;
} finally {
  await release();
}

async function release(): Promise<void> {
  for (const process of started.reverse()) await end(process);
  rmSync(work, { recursive: true, force: true });
}

async function checkDocuments(): Promise<boolean> {
  const server = await startServer();
  const simulator = await startSimulator();
  for (const { document, blocks } of documents) {
    if (blocks.length === 0) continue;
    const name = `documents_${documents.findIndex((entry) => entry.document === document)}`;
    server.sql(`create database ${name} owner cert_parser`);
    const environment = { ...simulator, DATABASE_DSN: server.dsn(name), PORT: String(await freePort()) };
    if (!(await runBlocks(blocks, environment))) return false;
  }
  const count = documents.reduce((sum, { blocks }) => sum + blocks.length, 0);
  console.log(`${count} blocks ran`);
  return count > 0;
}

/** Runs the blocks in one shell, as a reader would, and prints how each ended. */
async function runBlocks(
  blocks: readonly CommandBlock[],
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const directory = mkdtempSync(join(work, "clone-"));
  linkClone(directory);
  const results = mkdtempSync(join(work, "results-"));
  for (const [index, { commands }] of blocks.entries()) {
    writeFileSync(join(results, `${index}.sh`), commands);
  }
  // Job control as in a terminal: `kill %1` ends all that a job has started.
  const driver = `set -euo pipefail -m
    for ((document_block = 0; document_block < ${blocks.length}; document_block++)); do
      exec > "$DOCUMENT_RESULTS/$document_block.log" 2>&1
      source "$DOCUMENT_RESULTS/$document_block.sh"
      : > "$DOCUMENT_RESULTS/$document_block.done"
    done`;
  const { PATH = "", HOME = "" } = process.env;
  const shell = spawn("bash", ["-c", driver], {
    cwd: directory,
    // A session of its own, by which everything that it leaves running is found again.
    detached: true,
    stdio: "ignore",
    env: { PATH, HOME, TMPDIR: directory, DOCUMENT_RESULTS: results, ...movedClock, ...environment },
  });
  shells.push(shell);
  const timer = setTimeout(() => endSession(shell), longestMs);
  await once(shell, "close");
  clearTimeout(timer);
  endSession(shell);
  shells.pop();

  for (const [index, block] of blocks.entries()) {
    const log = join(results, `${index}.log`);
    const output = existsSync(log) ? readFileSync(log, "utf8") : "";
    const absent = block.shows.filter((text) => !output.includes(text));
    const passed = existsSync(join(results, `${index}.done`)) && absent.length === 0;
    const what = block.commands.split("\n").find((line) => /^\s*[^#\s]/.test(line)) ?? "";
    console.log(`${passed ? "pass" : "FAIL"}  ${block.document}:${block.line}  ${what.trim().slice(0, 90)}`);
    if (passed) continue;
    console.error(`\n${block.commands}\n${output}`);
    for (const text of absent) console.error(`does not show: ${text}`);
    return false;
  }
  return true;
}

/** A directory that looks like the clone, and in which files can be made that do not stay. */
function linkClone(directory: string): void {
  for (const name of readdirSync(root)) {
    if (/^\.(git|env|cert-parser.*)$/.test(name)) continue;
    symlinkSync(join(root, name), join(directory, name));
  }
}

function endSession({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  // While one of them lives, no other session has this number.
  const { stdout } = spawnSync("ps", ["-o", "pid=", "-s", String(pid)], { encoding: "utf8" });
  for (const member of stdout.split("\n").map(Number).filter(Boolean)) {
    try {
      process.kill(member, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

interface Server {
  sql(statement: string): void;
  dsn(database: string): string;
}

/** A PostgreSQL of the same version as `pg_dump`, which refuses newer ones. */
async function startServer(): Promise<Server> {
  const data = join(work, "postgresql");
  mkdirSync(data);
  const port = await freePort();
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  if (user.uid !== undefined) {
    chownSync(data, user.uid, user.gid);
    execFileSync("chmod", ["a+rx", work]);
  }
  const quietly = { cwd: data, stdio: "ignore", ...user } as const;
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(serverPrograms, "initdb"), initdb, quietly);
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  const server = spawn(
    join(serverPrograms, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    quietly,
  );
  started.push(server);
  const admin = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const sql = (statement: string) => {
    execFileSync("psql", [admin, "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement], { stdio: "inherit" });
  };
  for (let attempt = 0; spawnSync("psql", [admin, "-qX", "-c", "select 1"]).status !== 0; attempt++) {
    if (attempt > 100 || server.exitCode !== null) throw new Error("PostgreSQL did not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  sql("create role cert_parser login createdb password 'for-documents-only'");
  return {
    sql,
    dsn: (name) => `postgresql://cert_parser:for-documents-only@127.0.0.1:${port}/${name}`,
  };
}

/** The simulated service; gives the settings that a runner needs to use it. */
async function startSimulator(): Promise<Readonly<Record<string, string>>> {
  const cli = join(root, "packages/cert-parser-runner/src/cli.ts");
  const args = ["--conditions=cert-parser-source", cli, "simulate", "--port", "0"];
  const simulator = spawn(process.execPath, args, { cwd: work, stdio: ["ignore", "pipe", "ignore"] });
  started.push(simulator);
  let printed = "";
  for await (const text of simulator.stdout.setEncoding("utf8")) {
    printed += text;
    if (/^DOWNLOAD_URL=.*\n/m.test(printed)) break;
  }
  const lines = printed.matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name = "", value = ""]) => [name, value]));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "exit");
  // To PostgreSQL this is a fast shutdown, to the simulator an end in order.
  child.kill("SIGINT");
  await closed;
}

function expectPrograms(): void {
  const missing = Object.entries(neededPrograms).filter(([program]) => !isOnPath(program));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  throw new Error(
    `missing: ${missing.map(([program]) => program).join(", ")}; on Debian: apt-get install ${packages}`,
  );
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Where Debian has the server that belongs to `pg_dump`. */
function findServer(): string {
  const [, major] = /\) (\d+)/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" })) ?? [];
  const folders = [`/usr/lib/postgresql/${major}/bin`, ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.find((folder) => globSync("{postgres,initdb}", { cwd: folder }).length === 2);
  if (found === undefined) {
    throw new Error(`missing: the server of PostgreSQL ${major}; on Debian: apt-get install postgresql`);
  }
  return found;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

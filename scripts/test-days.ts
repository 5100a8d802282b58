/**
 * Runs the tests today and on later days: nothing may fail because time went by.
 *
 * ```sh
 * node --conditions=cert-parser-source scripts/test-days.ts [--short] [TEST FILE...]
 * ```
 *
 * `--short` leaves out today, and the tests that neither start a process nor read the clock.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const days = [
  { name: "today", offset: 0 },
  { name: "in 400 days", offset: 400 },
  { name: "in 20 years", offset: 7305 },
] as const;

const { values, positionals } = parseArgs({
  options: { short: { type: "boolean", default: false } },
  allowPositionals: true,
});
const all = positionals.length > 0 ? positionals : testFiles();
const files = values.short ? all.filter((file) => touchesClock(join(root, file))) : all;
const library = findLibrary();

const failed: string[] = [];
for (const { name, offset } of days) {
  if (values.short && offset === 0) continue;
  const env = { ...process.env, ...(offset === 0 ? {} : clockAhead(offset)) };
  console.log(`\n${name}, ${dayOf(env, offset)}: ${files.length} test files`);
  const begun = performance.now();
  const options = ["--conditions=cert-parser-source", "--test", "--test-timeout=300000"];
  const { status } = spawnSync(process.execPath, [...options, ...files], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  const took = `${Math.round((performance.now() - begun) / 1000)} s`;
  console.log(`${name}: ${status === 0 ? "all passed" : "FAILED"}, ${took}`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`failed ${failed.join(" and ")}`);
  process.exitCode = 1;
}

/** The files that `npm test` runs. */
function testFiles(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const patterns = Array.from(String(scripts.test).matchAll(/"([^"]+)"/g), ([, pattern = ""]) => pattern);
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
}

/** Whether a test, or a helper that it imports, starts a process, reads the clock or lets a service do so. */
function touchesClock(file: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (/\bnew Date\(\)|\bDate\.now\b|node:child_process|node:tls/.test(text)) return true;
  const imported = Array.from(text.matchAll(/from "(\.[^"]+)"/g), ([, path = ""]) =>
    join(dirname(file), path),
  );
  return imported.some((path) => path.includes("/test/") && touchesClock(path, seen));
}

/** What moves the clock of a process and of all that it starts. The monotonic clock stays: timers and time limits use it. */
function clockAhead(offset: number): Readonly<Record<string, string>> {
  return { LD_PRELOAD: library, FAKETIME: `+${offset}d`, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

/** The day that a process sees. Throws where the clock did not move. */
function dayOf(env: NodeJS.ProcessEnv, offset: number): string {
  const { stdout } = spawnSync(process.execPath, ["--print", "Date.now()"], { env, encoding: "utf8" });
  const seen = Number(stdout);
  const expected = Date.now() + offset * 24 * 60 * 60 * 1000;
  if (!(Math.abs(seen - expected) < 60_000)) throw new Error(`the clock could not be moved: ${stdout}`);
  return new Date(seen).toISOString().slice(0, 10);
}

/** The one for programs with threads. */
function findLibrary(): string {
  const [found] = globSync("/usr/{lib,lib64,local/lib}{/*,}/faketime/libfaketimeMT.so.1");
  if (found === undefined) throw new Error("missing: libfaketime; on Debian: apt-get install faketime");
  return found;
}

/**
 * Runs the tests today and on later days: nothing may fail because time went by.
 *
 * ```sh
 * node --conditions=cert-parser-source scripts/test-days.ts [--short] [TEST FILE...]
 * ```
 *
 * `--short` runs, on the last of these days alone, the tests that let the program read the clock.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clockAhead } from "./moved-clock.ts";

const root = join(import.meta.dirname, "..");

/** The longest that is tried: of today's certificates nearly all have expired by then. */
const lastDay = { name: "in 20 years", ahead: 7305 };
const days = [{ name: "today", ahead: 0 }, { name: "in 400 days", ahead: 400 }, lastDay];

/** The tests that start the program or the service with its own clock, or read the clock themselves. */
const shortPatterns = [
  "examples/test/*.test.ts",
  "packages/cert-parser-core/test/readme.test.ts",
  "packages/cert-parser-runner/test/{main,oidc,runtimes,simulate}/*.test.ts",
  "packages/cert-parser-runner/test/cli/{demo,run-cli,status,sync}.test.ts",
  "packages/cert-parser-runner/test/deployment/predecessor.test.ts",
  "packages/cert-parser-runner/test/faults/secrets.test.ts",
  "packages/cert-parser-runner/test/store/embedded.test.ts",
];

const { values, positionals } = parseArgs({
  options: { short: { type: "boolean", default: false } },
  allowPositionals: true,
});
const files = positionals.length > 0 ? positionals : filesOf(values.short ? shortPatterns : allPatterns());

const outcomes = (values.short ? [lastDay] : days).map(({ name, ahead }) => {
  const env = { ...process.env, ...(ahead === 0 ? {} : clockAhead(ahead)) };
  console.log(`\n${name}, ${dayOf(env, ahead)}: ${files.length} test files`);
  const begun = performance.now();
  const options = ["--conditions=cert-parser-source", "--test", "--test-timeout=300000"];
  // Node leaves a core free, of which continuous integration may have two.
  if (values.short) options.push(`--test-concurrency=${availableParallelism()}`);
  const { status } = spawnSync(process.execPath, [...options, ...files], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { passed: status === 0, text: `${name}: ${status === 0 ? "passed" : "FAILED"} in ${seconds} s` };
});
console.log(`\n${outcomes.map(({ text }) => text).join("\n")}`);
if (!outcomes.every(({ passed }) => passed)) process.exitCode = 1;

/** What `npm test` runs. */
function allPatterns(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Array.from(String(scripts.test).matchAll(/"([^"]+)"/g), ([, pattern = ""]) => pattern);
}

function filesOf(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root });
    if (found.length === 0) throw new Error(`no test is at ${pattern}`);
    return found.sort();
  });
}

/** The day that a process sees. Throws where the clock did not move. */
function dayOf(env: NodeJS.ProcessEnv, ahead: number): string {
  const { stdout } = spawnSync(process.execPath, ["--print", "Date.now()"], { env, encoding: "utf8" });
  const seen = Number(stdout);
  const expected = Date.now() + ahead * 24 * 60 * 60 * 1000;
  if (!(Math.abs(seen - expected) < 60_000)) throw new Error(`the clock could not be moved: ${stdout}`);
  return new Date(seen).toISOString().slice(0, 10);
}

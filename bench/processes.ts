/**
 * Each measurement has a process of its own, so that none meets what another left behind.
 *
 * @module
 */

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";

/** Runs a script of this folder, and gives the JSON that it prints. */
export function runScript<T>(name: string, ...args: readonly string[]): T {
  const script = join(import.meta.dirname, name);
  const command = ["--conditions=cert-parser-source", script, ...args];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: "utf8" })) as T;
}

/** Whether a program is there and does this. */
export function isInstalled(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Wall time of a program in milliseconds, less that of one that starts and ends: median of some runs. */
export function timeProgram(program: string, args: readonly string[], idle: readonly string[]): number {
  const time = (given: readonly string[]): number => {
    const begun = performance.now();
    const { status, error } = spawnSync(program, given, { stdio: ["ignore", "ignore", "ignore"] });
    if (status !== 0) throw new Error(`${program} ${given.join(" ")} ended with ${status}`, { cause: error });
    return performance.now() - begun;
  };
  time(args);
  return median(Array.from({ length: 5 }, () => time(args) - time(idle)));
}

export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

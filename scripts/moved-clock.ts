/**
 * The clock of another day, by libfaketime: for a process, and for all that it starts.
 *
 * @module
 */

import { globSync } from "node:fs";

/** What moves the clock of this process. Whoever starts one with an environment of its own passes it on. */
export const movedClock: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(LD_PRELOAD|FAKETIME\w*)$/.test(name) ? [[name, value]] : [],
  ),
);

/** The environment in which a process lives `days` later. Throws where libfaketime is not installed. */
export function clockAhead(days: number): Readonly<Record<string, string>> {
  // The variant for programs with threads.
  const [library] = globSync("/usr/{lib,lib64,local/lib}{/*,}/faketime/libfaketimeMT.so.1");
  if (library === undefined) throw new Error("missing: libfaketime; on Debian: apt-get install faketime");
  // Timers and time limits go by the monotonic clock, which stays.
  return { LD_PRELOAD: library, FAKETIME: `+${days}d`, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

/**
 * How much memory the process has at most while something runs, rather than in all its life.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";

/** Runs `work`; gives the growth of resident memory in MiB: at its end, and at its peak. */
export function growthDuring(work: () => void): { readonly grownMiB: number; readonly peakMiB: number } {
  forgetPeak();
  const before = process.memoryUsage.rss();
  work();
  const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
  return { grownMiB, peakMiB: Math.max(grownMiB, (peak() - before) / 2 ** 20) };
}

/** Elsewhere than on Linux the peak is that of the whole life. */
function forgetPeak(): void {
  // proc_pid_clear_refs(5): 5 sets the peak back to what is resident now.
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
}

function peak(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 2 ** 10;
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
  return Number(kibibytes) * 2 ** 10;
}

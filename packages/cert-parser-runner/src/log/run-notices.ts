/**
 * What an operator should look at before a run: settings that weaken it, and names that may be typos.
 *
 * @module
 */

import { formatDuration, formatQuantity } from "./figures.ts";
import type { Logger } from "./logger.ts";

/** Says that SHA-1 and short keys are let pass. */
export function logWeakAlgorithms(logger: Logger): void {
  const text =
    "TRUST_ALLOW_WEAK_ALGORITHMS is true: lists signed with SHA-1, RSA under 2048 or EC under 224 bits are accepted. " +
    "Use it for a test PKI only";
  logger.warning("trust.weakened", text);
}

/** Says that a source is new in a store that holds others; `others` are their names. */
export function logNewSource(source: string, others: readonly string[], logger: Logger): void {
  const shown = others.slice(0, mostShown).join(", ");
  const more = others.length > mostShown ? `, and ${others.length - mostShown} more` : "";
  const text =
    `source ${source} is new; the store holds ${formatQuantity(others.length, "other source")}: ${shown}${more}. ` +
    "A misspelled name starts a second source, and what the first lists stays: see source list";
  logger.warning("source.new", text, { others: others.length });
}

/** What this machine's clock is compared with. */
export interface ClockReference {
  /** Now, by the database. */
  readonly now: Date;
  /** When the latest accepted list or CRL was signed; null in an empty store. */
  readonly latestSigned: Date | null;
}

/** Says that this machine's clock is off, by another one or by what states have signed. All ages are reckoned from it. */
export function logClock(now: Date, { now: database, latestSigned }: ClockReference, logger: Logger): void {
  const skewMs = now.getTime() - database.getTime();
  if (Math.abs(skewMs) > mostSkewMs) {
    const way = skewMs > 0 ? "ahead of" : "behind";
    const text =
      `this machine's clock is ${span(Math.abs(skewMs))} ${way} the database's: ` +
      "ages of lists and CRLs are reckoned from it; set the one that is wrong";
    logger.warning("clock.skewed", text, { skew_ms: Math.round(skewMs) });
  }
  // What is accepted is signed a day ahead at the most.
  if (latestSigned !== null && latestSigned.getTime() - now.getTime() > dayMs) {
    const text =
      `this machine's clock shows ${now.toISOString()}, but the store holds what was signed at ${latestSigned.toISOString()}: ` +
      "newer lists would be refused as signed in the future; set the clock";
    logger.warning("clock.behind", text, { latest_signed: latestSigned.toISOString() });
  }
}

function span(ms: number): string {
  return ms < 2 * dayMs ? formatDuration(ms) : formatQuantity(Math.floor(ms / dayMs), "day");
}

const dayMs = 24 * 60 * 60 * 1000;
const mostShown = 5;
const mostSkewMs = 5 * 60 * 1000;

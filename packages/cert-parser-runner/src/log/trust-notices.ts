/**
 * Says, with every run, what of the trust in the store an operator should look into.
 *
 * @module
 */

import { formatCount, formatQuantity } from "./figures.ts";
import type { Logger } from "./logger.ts";

/** What there is to look into. */
export interface TrustFigures {
  /** Publishers that were trusted on first use and have not been approved. */
  readonly unapprovedPins: number;
  /** Certificates listed now whose signatures were not verified. */
  readonly unverifiedCertificates: number;
  /** Unsigned certificates listed now. */
  readonly unsignedCertificates: number;
  /** Bundles in quarantine that were refused. */
  readonly refusedBundles: number;
  /** Bundles in quarantine that wait for an operator. */
  readonly pendingBundles: number;
}

/** Logs a line for each thing that there is. */
export function logTrustNotices(figures: TrustFigures, logger: Logger): void {
  const { unapprovedPins: publishers, refusedBundles: refused, pendingBundles: pending } = figures;
  if (publishers > 0) {
    const who = formatQuantity(publishers, "publisher");
    const text = `${who} trusted on first use and not approved: see trust list, then trust approve`;
    logger.warning("trust.unapproved", text, { publishers });
  }
  logLevels(figures, logger);
  if (refused + pending > 0) {
    const bundles = formatQuantity(refused + pending, "bundle");
    const text = `${bundles} in quarantine, of which ${formatCount(pending)} wait for approval: see trust list`;
    logger.warning("trust.quarantined", text, { refused, pending });
  }
}

function logLevels(
  { unverifiedCertificates: unverified, unsignedCertificates: unsigned }: TrustFigures,
  logger: Logger,
): void {
  if (unverified + unsigned === 0) return;
  const text =
    `${formatQuantity(unverified, "certificate")} listed whose signatures were not verified, ` +
    `and ${formatCount(unsigned)} unsigned`;
  // A source that is declared unsigned is no reason to warn.
  const level = unverified > 0 ? "warning" : "info";
  logger[level]("trust.unverified", text, { unverified, unsigned });
}

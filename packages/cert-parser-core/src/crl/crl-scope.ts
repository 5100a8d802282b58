/**
 * What kind of CRL one is: only a full one tells of every certificate of its issuer.
 *
 * @module
 */

import type { DistributionPointScope } from "./issuing-distribution-point.ts";

/**
 * - `full`: all certificates of its issuer, for all reasons. The others must not be applied as if they were such.
 * - `delta`: what changed since a base CRL (RFC 5280, 5.2.4), whatever else it is.
 * - `indirect`: certificates of other issuers too; each entry says whose (RFC 5280, 5.2.5 and 5.3.3).
 * - `partial`: some certificates or reasons only (RFC 5280, 5.2.5).
 * - `unknown`: an extension that may say so cannot be read, or one is critical and not known here (RFC 5280, 5.2).
 */
export type CrlScope = "full" | "delta" | "indirect" | "partial" | "unknown";

/** What a scope follows from. */
export interface ScopeMarks {
  readonly unprocessable: boolean;
  readonly isDelta: boolean;
  /** Whether an entry has a certificateIssuer. */
  readonly namesIssuers: boolean;
  readonly distributionPoint: DistributionPointScope | undefined;
}

/** Tells the scope; where several fit, the first in the order of {@link CrlScope} after `unknown`. */
export function crlScopeOf({
  unprocessable,
  isDelta,
  namesIssuers,
  distributionPoint,
}: ScopeMarks): CrlScope {
  if (unprocessable) return "unknown";
  if (isDelta) return "delta";
  if (namesIssuers || distributionPoint?.indirectCRL) return "indirect";
  return distributionPoint !== undefined && isPartial(distributionPoint) ? "partial" : "full";
}

function isPartial(point: DistributionPointScope): boolean {
  return (
    point.named ||
    point.onlyContainsUserCerts ||
    point.onlyContainsCACerts ||
    point.onlyContainsAttributeCerts ||
    point.onlySomeReasons !== undefined
  );
}

/**
 * The plain record of an IssuingDistributionPoint.
 *
 * @module
 */

import type { IssuingDistributionPoint } from "../crl/issuing-distribution-point.ts";
import type { ReasonFlag } from "../x509/distribution-point-name.ts";
import { formatRdns } from "../x509/name-text.ts";
import { type GeneralNameRecord, toGeneralNameRecords } from "./general-name-record.ts";

/** What of its issuer's certificates a CRL covers, as plain data. */
export interface IssuingDistributionPointRecord {
  /** Null where the distribution point has no name, or the other one. */
  readonly fullName: readonly GeneralNameRecord[] | null;
  /** RFC 4514. */
  readonly nameRelativeToCRLIssuer: string | null;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** Null where the CRL covers all reasons. */
  readonly onlySomeReasons: readonly ReasonFlag[] | null;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** Makes the record of an IssuingDistributionPoint. */
export function toIssuingDistributionPointRecord(
  point: IssuingDistributionPoint,
): IssuingDistributionPointRecord {
  const { fullName, nameRelativeToCRLIssuer, onlySomeReasons } = point;
  return {
    fullName: toGeneralNameRecords(fullName),
    nameRelativeToCRLIssuer: nameRelativeToCRLIssuer ? formatRdns([nameRelativeToCRLIssuer]) : null,
    onlyContainsUserCerts: point.onlyContainsUserCerts,
    onlyContainsCACerts: point.onlyContainsCACerts,
    onlySomeReasons: onlySomeReasons ?? null,
    indirectCRL: point.indirectCRL,
    onlyContainsAttributeCerts: point.onlyContainsAttributeCerts,
  };
}

/**
 * The plain records of a CRL and of its entries.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { CrlReason } from "../crl/crl-reason.ts";
import type { CrlScope } from "../crl/crl-scope.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatTime } from "../der/time.ts";
import type { Finding, FoundIn, Origin } from "../findings.ts";
import { countryOf, formatName, formatNameDer } from "../x509/name.ts";
import {
  type AuthorityKeyRecord,
  type DistributionPointRecord,
  toAuthorityKeyRecord,
  toDistributionPointRecord,
} from "./extension-records.ts";
import { type GeneralNameRecord, toGeneralNameRecords } from "./general-name-record.ts";
import {
  type IssuingDistributionPointRecord,
  toIssuingDistributionPointRecord,
} from "./issuing-distribution-point-record.ts";

/** One CRL as plain data, ready for JSON; its entries are {@link RevokedCertificateRecord}s. */
export interface CrlRecord {
  readonly index: number;
  /** SHA-256 of the DER, lower-case hex: the CRL's identity. */
  readonly sha256: string;
  /** Length of the DER, in bytes. */
  readonly bytes: number;
  readonly foundIn: FoundIn;
  /** The part of the file that it stood in; null where the file is nothing else. */
  readonly origin: Origin | null;
  /** 1 or 2. */
  readonly version: number;
  /** RFC 4514. */
  readonly issuer: string;
  /** DER of the issuer Name, lower-case hex. */
  readonly issuerDer: string;
  /** countryName of the issuer in upper case; null if there is none. */
  readonly country: string | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly thisUpdate: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`; null where a version 1 CRL has none. */
  readonly nextUpdate: string | null;
  /** Which certificates it speaks of: only a `full` one may be applied by itself to all that its issuer has issued. */
  readonly scope: CrlScope;
  /** Content octets of the INTEGER, lower-case hex. */
  readonly crlNumber: string | null;
  /** The number of the CRL that this delta goes on top of: content octets of the INTEGER, lower-case hex. */
  readonly baseCrlNumber: string | null;
  /** Lower-case hex. */
  readonly authorityKeyIdentifier: string | null;
  /** All three forms of the authority key identifier. */
  readonly authorityKey: AuthorityKeyRecord | null;
  /** Further names of the issuer. */
  readonly issuerAltName: readonly GeneralNameRecord[] | null;
  readonly issuingDistributionPoint: IssuingDistributionPointRecord | null;
  /** Where deltas to this CRL are to be had. */
  readonly freshestCRL: readonly DistributionPointRecord[] | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** How many certificates it revokes. */
  readonly revokedCertificates: number;
  readonly findings: readonly Finding[];
}

/** One entry of a CRL as plain data. */
export interface RevokedCertificateRecord {
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly revocationDate: string;
  /** Null where none is given. */
  readonly reason: CrlReason | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`; null where none is given. */
  readonly invalidityDate: string | null;
  /** Who issued the certificate, in an indirect CRL; null where that is the CRL's issuer. */
  readonly certificateIssuer: readonly GeneralNameRecord[] | null;
}

/** Makes the record of a CRL. */
export function toCrlRecord(crl: RevocationList): CrlRecord {
  const { nextUpdate, authorityKey, issuingDistributionPoint, freshestCRL } = crl;
  return {
    index: crl.index,
    sha256: crl.sha256,
    bytes: crl.der.length,
    foundIn: crl.foundIn,
    origin: crl.origin ?? null,
    version: crl.version,
    issuer: formatName(crl.issuer),
    issuerDer: formatNameDer(crl.issuer),
    country: countryOf(crl.issuer)?.toUpperCase() ?? null,
    thisUpdate: formatTime(crl.thisUpdate),
    nextUpdate: nextUpdate ? formatTime(nextUpdate) : null,
    scope: crl.scope,
    crlNumber: optionalHex(crl.crlNumber),
    baseCrlNumber: optionalHex(crl.deltaCrlIndicator),
    authorityKeyIdentifier: optionalHex(crl.authorityKeyIdentifier),
    authorityKey: authorityKey ? toAuthorityKeyRecord(authorityKey) : null,
    issuerAltName: toGeneralNameRecords(crl.issuerAltName),
    issuingDistributionPoint: issuingDistributionPoint
      ? toIssuingDistributionPointRecord(issuingDistributionPoint)
      : null,
    freshestCRL: freshestCRL?.map(toDistributionPointRecord) ?? null,
    signatureAlgorithm: crl.signatureAlgorithm.algorithm,
    revokedCertificates: crl.revokedCertificateCount,
    findings: crl.findings,
  };
}

/** Yields the records of a CRL's entries, read while they are iterated, and anew each time. */
export function revokedCertificateRecords(crl: RevocationList): Iterable<RevokedCertificateRecord> {
  return {
    *[Symbol.iterator]() {
      for (const entry of crl.revokedCertificates) {
        const { invalidityDate } = entry;
        yield {
          serialNumber: toHex(entry.serialNumber),
          revocationDate: formatTime(entry.revocationDate),
          reason: entry.reason ?? null,
          invalidityDate: invalidityDate ? formatTime(invalidityDate) : null,
          certificateIssuer: toGeneralNameRecords(entry.certificateIssuer),
        };
      }
    },
  };
}

function optionalHex(octets: Uint8Array | undefined): string | null {
  return octets === undefined ? null : toHex(octets);
}

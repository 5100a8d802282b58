/**
 * The plain records of a CRL and of its entries.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { CrlReason } from "../crl/crl-reason.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatTime } from "../der/time.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { countryOf, formatName, formatNameDer } from "../x509/name.ts";

/** One CRL as plain data, ready for JSON; its entries are {@link RevokedCertificateRecord}s. */
export interface CrlRecord {
  readonly index: number;
  /** SHA-256 of the DER, lower-case hex: the CRL's identity. */
  readonly sha256: string;
  /** Length of the DER, in bytes. */
  readonly bytes: number;
  readonly foundIn: FoundIn;
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
  /** Content octets of the INTEGER, lower-case hex. */
  readonly crlNumber: string | null;
  /** Lower-case hex. */
  readonly authorityKeyIdentifier: string | null;
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
}

/** Makes the record of a CRL. */
export function toCrlRecord(crl: RevocationList): CrlRecord {
  const { crlNumber, authorityKeyIdentifier, nextUpdate } = crl;
  return {
    index: crl.index,
    sha256: crl.sha256,
    bytes: crl.der.length,
    foundIn: crl.foundIn,
    version: crl.version,
    issuer: formatName(crl.issuer),
    issuerDer: formatNameDer(crl.issuer),
    country: countryOf(crl.issuer)?.toUpperCase() ?? null,
    thisUpdate: formatTime(crl.thisUpdate),
    nextUpdate: nextUpdate ? formatTime(nextUpdate) : null,
    crlNumber: crlNumber ? toHex(crlNumber) : null,
    authorityKeyIdentifier: authorityKeyIdentifier ? toHex(authorityKeyIdentifier) : null,
    signatureAlgorithm: crl.signatureAlgorithm.algorithm,
    revokedCertificates: crl.revokedCertificateCount,
    findings: crl.findings,
  };
}

/** Yields the records of a CRL's entries, read while they are iterated, and anew each time. */
export function revokedCertificateRecords(crl: RevocationList): Iterable<RevokedCertificateRecord> {
  return {
    *[Symbol.iterator]() {
      for (const { serialNumber, revocationDate, reason } of crl.revokedCertificates) {
        yield {
          serialNumber: toHex(serialNumber),
          revocationDate: formatTime(revocationDate),
          reason: reason ?? null,
        };
      }
    },
  };
}

/**
 * The plain record of a certificate: what `inspect --ndjson` prints, and what a store keeps.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { CertificateVerdict } from "../chain/certificate-verdict.ts";
import { formatTime } from "../der/time.ts";
import type { Finding, FoundIn, Origin } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";
import { formatName, formatNameDer } from "../x509/name.ts";
import { type CertificateRole, roleOf } from "../x509/role.ts";

/** One certificate as plain data, ready for JSON. */
export interface CertificateRecord {
  /** Position where it was found, from 0, in the order of the file. */
  readonly index: number;
  /** SHA-256 of the DER, lower-case hex: the certificate's identity. */
  readonly sha256: string;
  /** Length of the DER, in bytes. */
  readonly bytes: number;
  readonly foundIn: FoundIn;
  /** The part of the file that it stood in; null where the file is nothing else. */
  readonly origin: Origin | null;
  readonly role: CertificateRole;
  readonly verdict: CertificateVerdict;
  /** X.509 version as people say it: 1, 2 or 3. */
  readonly version: number;
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** RFC 4514. */
  readonly issuer: string;
  /** RFC 4514. */
  readonly subject: string;
  /** DER of the issuer Name, lower-case hex. */
  readonly issuerDer: string;
  /** DER of the subject Name, lower-case hex. */
  readonly subjectDer: string;
  /** countryName of the subject in upper case, as many letters as written; null if there is none. */
  readonly country: string | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notBefore: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notAfter: string;
  /** Lower-case hex. */
  readonly subjectKeyIdentifier: string | null;
  /** Lower-case hex. */
  readonly authorityKeyIdentifier: string | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** Dotted OID. */
  readonly publicKeyAlgorithm: string;
  /** Length of the modulus or of the field in bits, never 0; null for keys that cannot be measured. */
  readonly publicKeySize: number | null;
  /** Name of the curve, such as `P-256` or `brainpoolP384r1`; null for keys that are not on a known one. */
  readonly publicKeyCurve: string | null;
  /** What reading noticed. */
  readonly findings: readonly Finding[];
}

/** Makes the record of a certificate. */
export function toCertificateRecord(certificate: Certificate): CertificateRecord {
  const { der, issuer, subject, publicKey, subjectKeyIdentifier, authorityKeyIdentifier } = certificate;
  return {
    index: certificate.index,
    sha256: certificate.sha256,
    bytes: der.length,
    foundIn: certificate.foundIn,
    origin: certificate.origin ?? null,
    role: roleOf(certificate),
    verdict: "unchecked",
    version: certificate.version,
    serialNumber: toHex(certificate.serialNumber),
    issuer: formatName(issuer),
    subject: formatName(subject),
    issuerDer: formatNameDer(issuer),
    subjectDer: formatNameDer(subject),
    country: certificate.country?.toUpperCase() ?? null,
    notBefore: formatTime(certificate.notBefore),
    notAfter: formatTime(certificate.notAfter),
    subjectKeyIdentifier: subjectKeyIdentifier ? toHex(subjectKeyIdentifier) : null,
    authorityKeyIdentifier: authorityKeyIdentifier ? toHex(authorityKeyIdentifier) : null,
    signatureAlgorithm: certificate.signatureAlgorithm.algorithm,
    publicKeyAlgorithm: publicKey.algorithm.algorithm,
    publicKeySize: publicKey.size ?? null,
    publicKeyCurve: publicKey.curve ?? null,
    findings: certificate.findings,
  };
}

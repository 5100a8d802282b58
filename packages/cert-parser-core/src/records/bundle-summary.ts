/**
 * What is in a bundle, in figures: what a run reports.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { formatTime } from "../der/time.ts";
import type { Finding, FindingCode, FoundIn, Origin, Rejection, RejectionReason } from "../findings.ts";
import type { Bundle, BundleKind } from "../icao/bundle.ts";
import { formatName } from "../x509/name.ts";

/** Counts over a whole bundle, as plain data, ready for JSON. */
export interface BundleSummary {
  readonly kind: BundleKind;
  /** Length of the input. */
  readonly bytes: number;
  /** SHA-256 of the input, lower-case hex. */
  readonly sha256: string;
  /** Certificates of the list, duplicates included; those of the envelope are counted apart. */
  readonly certificates: number;
  /** Of them, how many differ. */
  readonly distinct: number;
  /** The upper-case country codes of those certificates, sorted. */
  readonly countries: readonly string[];
  readonly crls: number;
  /** Entries of all CRLs. */
  readonly revoked: number;
  readonly rejected: readonly RejectionSummary[];
  /** How often each finding was made. */
  readonly findings: Readonly<Partial<Record<FindingCode, number>>>;
  readonly envelopeCertificates: number;
  readonly signers: readonly SignerSummary[];
}

/** A rejected part without its bytes. */
export interface RejectionSummary {
  readonly kind: Rejection["kind"];
  readonly foundIn: FoundIn;
  readonly index: number;
  readonly offset: number;
  /** The part of the file that it stood in; null where the file is nothing else. */
  readonly origin: Origin | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly reason: RejectionReason;
}

/** One signerInfo of the CMS, RFC 5652 section 5.3. */
export interface SignerSummary {
  /** How the signer's certificate is named. */
  readonly sid:
    | { readonly type: "issuerAndSerialNumber"; readonly issuer: string; readonly serialNumber: string }
    | { readonly type: "subjectKeyIdentifier"; readonly subjectKeyIdentifier: string };
  /** Dotted OID. */
  readonly digestAlgorithm: string;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`; null where the signer does not say. */
  readonly signingTime: string | null;
}

/** Counts what is in a bundle. Hashes every certificate, to tell how many differ. */
export function summariseBundle(bundle: Bundle): BundleSummary {
  const { objects } = bundle;
  const certificates = objects.flatMap((object) => object.certificates);
  const envelopeCertificates = objects.flatMap((object) => object.envelopeCertificates);
  const crls = objects.flatMap((object) => object.crls);
  const countries = certificates.map(({ country }) => country?.toUpperCase());
  return {
    kind: bundle.kind,
    bytes: bundle.byteLength,
    sha256: bundle.sha256,
    certificates: certificates.length,
    distinct: new Set(certificates.map(({ sha256 }) => sha256)).size,
    countries: [...new Set(countries.filter((country) => country !== undefined))].sort(),
    crls: crls.length,
    revoked: crls.reduce((total, crl) => total + crl.revokedCertificateCount, 0),
    rejected: objects.flatMap((object) => object.rejections.map(summariseRejection)),
    findings: countFindings([bundle, ...objects, ...certificates, ...envelopeCertificates, ...crls]),
    envelopeCertificates: envelopeCertificates.length,
    signers: objects.flatMap((object) => object.signers.map(summariseSigner)),
  };
}

function summariseRejection(rejection: Rejection): RejectionSummary {
  const { der, origin = null, ...summary } = rejection;
  return { ...summary, origin, bytes: der.length };
}

/** Makes the summary of a signer. */
export function summariseSigner({
  sid,
  digestAlgorithm,
  signatureAlgorithm,
  signingTime,
}: SignerInfo): SignerSummary {
  return {
    sid:
      sid.type === "issuerAndSerialNumber"
        ? { type: sid.type, issuer: formatName(sid.issuer), serialNumber: toHex(sid.serialNumber) }
        : { type: sid.type, subjectKeyIdentifier: toHex(sid.subjectKeyIdentifier) },
    digestAlgorithm: digestAlgorithm.algorithm,
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signingTime: signingTime ? formatTime(signingTime) : null,
  };
}

function countFindings(
  parts: readonly { readonly findings: readonly Finding[] }[],
): BundleSummary["findings"] {
  const counts: Partial<Record<FindingCode, number>> = {};
  for (const { findings } of parts) {
    for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/**
 * One object of a bundle in figures: a list, or what stands by itself.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import type { Origin } from "../findings.ts";
import type { SignedObject } from "../icao/bundle.ts";
import { isDeviationList } from "../icao/deviation-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import { formatName, type Name } from "../x509/name.ts";
import { type SignerSummary, summariseSigner } from "./bundle-summary.ts";

/** One object of a bundle, ready for JSON. */
export interface ObjectDescription {
  readonly kind: SignedObject["kind"];
  /** The part of the file that it stood in; null where the file is nothing else. */
  readonly origin: Origin | null;
  readonly offset: number;
  readonly certificates: number;
  readonly envelopeCertificates: number;
  readonly crls: number;
  readonly deviations: number;
  readonly rejected: number;
  readonly findings: number;
  readonly signers: readonly SignerDescription[];
}

/** A signer, and which certificate of the envelope it names. */
export interface SignerDescription extends SignerSummary {
  /** SHA-256 and subject of the certificate that `sid` names; null where the envelope has none. Nothing was verified. */
  readonly certificate: { readonly sha256: string; readonly subject: string } | null;
}

/** Describes an object. */
export function describeObject(object: SignedObject): ObjectDescription {
  return {
    kind: object.kind,
    origin: object.origin ?? null,
    offset: object.offset,
    certificates: object.certificates.length,
    envelopeCertificates: object.envelopeCertificates.length,
    crls: object.crls.length,
    deviations: isDeviationList(object) ? object.deviations.length : 0,
    rejected: object.rejections.length,
    findings: object.findings.length,
    signers: describeSigners(object),
  };
}

function describeSigners({ signers, envelopeCertificates }: SignedObject): readonly SignerDescription[] {
  if (signers.length === 0) return [];
  const named = new Map<string, Certificate>();
  // The first counts, as it does for everybody who looks for it.
  for (const certificate of envelopeCertificates.toReversed()) {
    const { issuer, serialNumber, subjectKeyIdentifier } = certificate;
    named.set(issuerAndSerial(issuer, serialNumber), certificate);
    if (subjectKeyIdentifier !== undefined) named.set(toHex(subjectKeyIdentifier), certificate);
  }
  return signers.map((signer) => describeSigner(signer, named));
}

function describeSigner(signer: SignerInfo, named: ReadonlyMap<string, Certificate>): SignerDescription {
  const { sid } = signer;
  const certificate = named.get(
    sid.type === "issuerAndSerialNumber"
      ? issuerAndSerial(sid.issuer, sid.serialNumber)
      : toHex(sid.subjectKeyIdentifier),
  );
  return {
    ...summariseSigner(signer),
    certificate: certificate
      ? { sha256: certificate.sha256, subject: formatName(certificate.subject) }
      : null,
  };
}

function issuerAndSerial({ der }: Name, serialNumber: Uint8Array): string {
  return `${toHex(serialNumber)} of ${toHex(der)}`;
}

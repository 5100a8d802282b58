/**
 * One object of a bundle in figures: a list, or what stands by itself.
 *
 * @module
 */

import type { Origin } from "../findings.ts";
import type { SignedObject } from "../icao/bundle.ts";
import { isDeviationList } from "../icao/deviation-list.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { signerCertificates } from "../verify/signer-certificates.ts";
import { formatName } from "../x509/name.ts";
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

/** A signer, and the certificate whose key made its signature. */
export interface SignerDescription extends SignerSummary {
  /** Null if no certificate of the object made the signature. It says nothing of trust. */
  readonly certificate: { readonly sha256: string; readonly subject: string } | null;
}

/** Describes an object. */
export function describeObject(
  object: SignedObject,
  engine: SignatureEngine = createPortableEngine(),
): ObjectDescription {
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
    signers: describeSigners(object, engine),
  };
}

function describeSigners(object: SignedObject, engine: SignatureEngine): readonly SignerDescription[] {
  const certificates = signerCertificates(object, engine);
  return object.signers.map((signer, at) => {
    const certificate = certificates[at];
    return {
      ...summariseSigner(signer),
      certificate: certificate
        ? { sha256: certificate.sha256, subject: formatName(certificate.subject) }
        : null,
    };
  });
}

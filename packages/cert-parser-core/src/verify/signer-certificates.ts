/**
 * Who signed a list: the certificates whose keys made its signatures, by the same look-up as the verification's.
 *
 * @module
 */

import { createBoundedSignatures } from "../chain/bounded-signatures.ts";
import { isGood } from "../chain/verification-step.ts";
import { budgetFor } from "../chain/work-budget.ts";
import { parseSignedAttributes, type SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { CertParserError } from "../errors.ts";
import type { SignedObject } from "../icao/bundle.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { signerCandidates } from "./signer-candidates.ts";
import { checkSignerValidity, checkSigningCertificate } from "./signer-checks.ts";
import { checkSignerProfile, checkSignerUsagePeriod, signingPurpose } from "./signer-profile.ts";
import { findSigner } from "./signer-search.ts";

/** The certificate of each signer, in the order of the CMS; undefined if none in the object made the signature. */
export function signerCertificates(
  { kind, signers, certificates, envelopeCertificates }: SignedObject,
  engine: SignatureEngine,
): readonly (Certificate | undefined)[] {
  if (signers.length === 0) return [];
  const purpose = signingPurpose(kind === "deviation-list" ? "deviation-list" : "master-list");
  const list = {
    candidates: signerCandidates(envelopeCertificates, [certificates], purpose),
    signatures: createBoundedSignatures(engine, budgetFor(envelopeCertificates.length)),
  };
  return signers.map((signer) => {
    const attributes = readAttributes(signer);
    const found = attributes && findSigner(signer, attributes, list);
    if (attributes === undefined || found === undefined || "step" in found) return undefined;
    const named = found.map(({ certificate }) => certificate);
    // One key may have several certificates: the one that may sign is meant.
    return named.find((certificate) => maySign(certificate, attributes, purpose, engine)) ?? named[0];
  });
}

function readAttributes({ signedAttrs }: SignerInfo): SignedAttributes | undefined {
  if (signedAttrs === undefined) return undefined;
  try {
    const attributes = parseSignedAttributes(signedAttrs);
    return attributes.signingTime === undefined ? undefined : attributes;
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

function maySign(
  certificate: Certificate,
  attributes: SignedAttributes,
  purpose: string,
  engine: SignatureEngine,
): boolean {
  const { signingTime } = attributes;
  if (signingTime === undefined) return false;
  return isGood([
    checkSigningCertificate(certificate, attributes, (name, data) => engine.digest(name, data)),
    ...checkSignerProfile(certificate, purpose),
    checkSignerValidity(certificate, signingTime, signingTime),
    checkSignerUsagePeriod(certificate, signingTime),
  ]);
}

/**
 * What a certificate must be to sign a list: Doc 9303-12, Table 6.
 *
 * @module
 */

import { failed, noted, passed, type VerificationStep } from "../chain/verification-step.ts";
import { idCeExtKeyUsage, idIcaoDeviationListSigningKey, idIcaoMasterListSigningKey } from "../der/oids.ts";
import type { Finding } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";

/** The key purpose of the signers of a kind of list. */
export function signingPurpose(kind: "master-list" | "deviation-list"): string {
  return kind === "master-list" ? idIcaoMasterListSigningKey : idIcaoDeviationListSigningKey;
}

/** Tells whether the certificate is a CSCA's: it may issue certificates, and names no other purpose. */
export function isIssuer({ basicConstraints, keyUsage, extKeyUsage }: Certificate): boolean {
  const mayIssue = basicConstraints?.cA === true && keyUsage?.includes("keyCertSign") === true;
  return mayIssue && extKeyUsage === undefined;
}

/** Checks the profile of the signer: a list signer's, or that of a CSCA, which Doc 9303-12 does not have sign lists. */
export function checkSignerProfile(certificate: Certificate, purpose: string): VerificationStep {
  const { keyUsage, extKeyUsage, extensions } = certificate;
  if (isIssuer(certificate)) {
    // The German list of 2019-09-25.
    return noted("signer-profile", "CSCA_SIGNED_DIRECTLY", "a CSCA signed the list itself", rule);
  }
  const refuse = (message: string) => failed("signer-profile", "SIGNER_PROFILE", message, rule);
  if (extKeyUsage?.includes(purpose) !== true) {
    const found = extKeyUsage === undefined ? "no extKeyUsage" : `extKeyUsage ${extKeyUsage.join(", ")}`;
    return refuse(`the signer's certificate has ${found}, expected ${purpose}`);
  }
  if (!extensions.some(({ type, critical }) => type === idCeExtKeyUsage && critical)) {
    return refuse("extKeyUsage of the signer's certificate is not critical");
  }
  if (keyUsage?.includes("digitalSignature") !== true) {
    return refuse("keyUsage of the signer's certificate lacks digitalSignature");
  }
  const unknown = unknownCriticalExtension(certificate);
  if (unknown !== undefined) return refuse(unknown.message);
  return passed(
    "signer-profile",
    `the signer has digitalSignature and the critical purpose ${purpose}`,
    rule,
  );
}

/** The finding on a critical extension that is not known: whoever meets one must reject (RFC 5280, 4.2). */
export function unknownCriticalExtension({ findings }: Certificate): Finding | undefined {
  return findings.find(({ code, clause }) => code === "EXTENSION_CRITICALITY" && clause === "RFC 5280, 4.2");
}

const rule = "Doc 9303-12, Table 6";

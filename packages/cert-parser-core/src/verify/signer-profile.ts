/**
 * What a certificate must be to sign a list: Doc 9303-12, Table 6.
 *
 * @module
 */

import { isWithin, usagePeriodOf } from "../chain/private-key-usage.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { idCeExtKeyUsage, idIcaoDeviationListSigningKey, idIcaoMasterListSigningKey } from "../der/oids.ts";
import { formatTime } from "../der/time.ts";
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
export function checkSignerProfile(certificate: Certificate, purpose: string): readonly VerificationStep[] {
  const { keyUsage, extKeyUsage, extensions } = certificate;
  if (isIssuer(certificate)) {
    // The German list of 2019-09-25.
    return [profile.noted("CSCA_SIGNED_DIRECTLY", "a CSCA signed the list itself")];
  }
  const refuse = (message: string) => [profile.failed("SIGNER_PROFILE", message)];
  if (extKeyUsage?.includes(purpose) !== true) {
    const found = extKeyUsage === undefined ? "no extKeyUsage" : `extKeyUsage ${extKeyUsage.join(", ")}`;
    return refuse(`the signer's certificate has ${found}, expected ${purpose}`);
  }
  if (keyUsage?.includes("digitalSignature") !== true) {
    return refuse("keyUsage of the signer's certificate lacks digitalSignature");
  }
  const unknown = unknownCriticalExtension(certificate);
  if (unknown !== undefined) return refuse(unknown.message);
  // Estonia's Deviation List of 2018: the purpose is there, and restricts as much as a critical one.
  return extensions.some(({ type, critical }) => type === idCeExtKeyUsage && critical)
    ? [profile.passed(`the signer has digitalSignature and the critical purpose ${purpose}`)]
    : [profile.noted("SIGNER_PROFILE", "extKeyUsage of the signer's certificate is not critical")];
}

/** Whether the signer's key may sign when it did: a list signer's, and that of a CSCA that signs directly. */
export function checkSignerUsagePeriod(certificate: Certificate, signingTime: Date): VerificationStep {
  if (certificate.privateKeyUsagePeriod === undefined)
    return usagePeriod.skipped("the signer gives no period");
  const period = usagePeriodOf(certificate);
  const text = `the signer's key may sign from ${formatTime(period.notBefore)} to ${formatTime(period.notAfter)}`;
  return isWithin(signingTime, period)
    ? usagePeriod.passed(text)
    : usagePeriod.failed(
        "KEY_USAGE_PERIOD",
        `${text}, and the list was signed at ${formatTime(signingTime)}`,
      );
}

/** The finding on a critical extension that is not known: whoever meets one must reject (RFC 5280, 4.2). */
export function unknownCriticalExtension({ findings }: Certificate): Finding | undefined {
  return findings.find(({ code, clause }) => code === "EXTENSION_CRITICALITY" && clause === "RFC 5280, 4.2");
}

const profile = namedStep("signer-profile", "Doc 9303-12, Table 6");
const usagePeriod = namedStep("signer-usage-period", "Doc 9303-12, 7.1.1");

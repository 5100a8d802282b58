/**
 * The checks of a signer's certificate, once its signature is good.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import type { SignedAttributes } from "../cms/signed-attributes.ts";
import type { EssCertId } from "../cms/signing-certificate.ts";
import { formatTime } from "../der/time.ts";
import type { SignatureDigest } from "../signatures/signature-engine.ts";
import { isSignatureDigest } from "../signatures/signature-hash.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { digestName } from "../x509/digest-algorithm.ts";
import { foldName } from "../x509/name.ts";

/** Holds the certificate against signingCertificate and signingCertificateV2, where there is one. */
export function checkSigningCertificate(
  certificate: Certificate,
  { signingCertificates }: SignedAttributes,
  digest: (name: SignatureDigest, data: Uint8Array) => Uint8Array,
): VerificationStep {
  const step = namedStep("signing-certificate", "RFC 5035, 3");
  if (signingCertificates.length === 0) return step.skipped("there is no signingCertificate");
  return signingCertificates.every((id) => names(id, certificate, digest))
    ? step.passed("the certificate is the one that was signed")
    : step.failed("SIGNING_CERTIFICATE_MISMATCH", "signingCertificate names another certificate");
}

function names(
  { hashAlgorithm, certHash, issuerSerial }: EssCertId,
  certificate: Certificate,
  digest: (name: SignatureDigest, data: Uint8Array) => Uint8Array,
): boolean {
  const hash = digestName(hashAlgorithm);
  if (!isSignatureDigest(hash) || !equalBytes(digest(hash, certificate.der), certHash)) return false;
  if (issuerSerial === undefined) return true;
  const issuer = foldName(certificate.issuer);
  return (
    equalBytes(issuerSerial.serialNumber, certificate.serialNumber) &&
    issuerSerial.issuer.some((name) => name.type === "directoryName" && foldName(name.value) === issuer)
  );
}

/** Valid when the list was signed; one that has expired since is only said. */
export function checkSignerValidity(
  { notBefore, notAfter }: Certificate,
  signingTime: Date,
  now: Date,
): VerificationStep {
  const step = namedStep("signer-validity", "RFC 5280, 6.1.3");
  const period = `the signer's certificate is valid from ${formatTime(notBefore)} to ${formatTime(notAfter)}`;
  if (signingTime < notBefore || signingTime > notAfter) {
    const message = `${period}, and the list was signed at ${formatTime(signingTime)}`;
    return step.failed("SIGNER_EXPIRED", message);
  }
  return notAfter < now
    ? step.noted("SIGNER_EXPIRED_SINCE", `${period}, when the list was signed`)
    : step.passed(period);
}

/** One note for each thing that was let pass. */
export function leniencySteps(step: string, leniencies: readonly Leniency[]): readonly VerificationStep[] {
  return leniencies.map((leniency) => namedStep(step, rules[leniency]).noted("LENIENCY", messages[leniency]));
}

const messages: Readonly<Record<Leniency, string>> = {
  DIGEST_INFO_NULL_ABSENT: "DigestInfo has no NULL after the digest algorithm",
  ECDSA_PARAMETERS_NULL: "the ECDSA algorithm has NULL for its parameters, expected none",
  RSA_PARAMETERS_ABSENT: "the RSA algorithm has no parameters, expected NULL",
};
const rules: Readonly<Record<Leniency, string>> = {
  DIGEST_INFO_NULL_ABSENT: "RFC 8017, 9.2",
  ECDSA_PARAMETERS_NULL: "RFC 5758, 3.2",
  RSA_PARAMETERS_ABSENT: "RFC 4055, 5",
};

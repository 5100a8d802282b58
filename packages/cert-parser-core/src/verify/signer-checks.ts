/**
 * The checks of a signer's certificate, once its signature is good.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import type { BoundedCheck } from "../chain/bounded-signatures.ts";
import {
  failed,
  noted,
  passed,
  skipped,
  type VerificationStep,
  type VerificationStepName,
} from "../chain/verification-step.ts";
import type { SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import type { EssCertId } from "../cms/signing-certificate.ts";
import { formatTime } from "../der/time.ts";
import type { SignatureDigest } from "../signatures/signature-engine.ts";
import { isSignatureDigest } from "../signatures/signature-hash.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { digestName, isWeakDigest } from "../x509/digest-algorithm.ts";
import { foldName } from "../x509/name.ts";

/** SHA-1 and RSA below 2048 bits: verified and noted in lists up to 2020 (Moldova's of 2018 has the one), refused after. */
export function checkStrength(
  { digestAlgorithm }: SignerInfo,
  { scheme, hash, keySize }: BoundedCheck,
  signingTime: Date,
): VerificationStep {
  const [step, rule] = ["algorithm-strength", "Doc 9303-12, 4.1.6"] as const;
  const weaknesses: string[] = [];
  if (isWeakDigest(hash) || isWeakDigest(digestName(digestAlgorithm.algorithm)))
    weaknesses.push("over SHA-1");
  if (scheme?.startsWith("rsa") && (keySize ?? 0) < 2048) weaknesses.push(`of an RSA key of ${keySize} bits`);
  if (weaknesses.length === 0) return passed(step, "digest and key are long enough", rule);
  const message = `the signature is ${weaknesses.join(" and ")}`;
  return signingTime < weakUntil
    ? noted(step, "WEAK_ALGORITHM", message, rule)
    : failed(step, "WEAK_ALGORITHM", `${message}, in a list signed after 2020`, rule);
}

/** Holds the certificate against signingCertificate and signingCertificateV2, where there is one. */
export function checkSigningCertificate(
  certificate: Certificate,
  { signingCertificates }: SignedAttributes,
  digest: (name: SignatureDigest, data: Uint8Array) => Uint8Array,
): VerificationStep {
  const [step, rule] = ["signing-certificate", "RFC 5035, 3"] as const;
  if (signingCertificates.length === 0) return skipped(step, "there is no signingCertificate", rule);
  return signingCertificates.every((id) => names(id, certificate, digest))
    ? passed(step, "the certificate is the one that was signed", rule)
    : failed(step, "SIGNING_CERTIFICATE_MISMATCH", "signingCertificate names another certificate", rule);
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
  const [step, rule] = ["signer-validity", "RFC 5280, 6.1.3"] as const;
  const period = `the signer's certificate is valid from ${formatTime(notBefore)} to ${formatTime(notAfter)}`;
  if (signingTime < notBefore || signingTime > notAfter) {
    const message = `${period}, and the list was signed at ${formatTime(signingTime)}`;
    return failed(step, "SIGNER_EXPIRED", message, rule);
  }
  return notAfter < now
    ? noted(step, "SIGNER_EXPIRED_SINCE", `${period}, when the list was signed`, rule)
    : passed(step, period, rule);
}

/** One note for each thing that was let pass. */
export function leniencySteps(
  step: VerificationStepName,
  leniencies: readonly Leniency[],
): readonly VerificationStep[] {
  return leniencies.map((leniency) => noted(step, "LENIENCY", messages[leniency], rules[leniency]));
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
const weakUntil = new Date("2021-01-01T00:00:00Z");

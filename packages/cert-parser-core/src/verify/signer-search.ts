/**
 * Which of the certificates at hand is the signer's: the one whose key made the signature, RFC 5652, 5.4.
 *
 * @module
 */

import type { BoundedCheck } from "../chain/bounded-signatures.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import type { SignedAttributes } from "../cms/signed-attributes.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { ListContext } from "./list-context.ts";

/** A certificate, and what its key makes of the signature. */
export interface Candidate {
  readonly certificate: Certificate;
  readonly check: BoundedCheck;
}

/** The certificates at hand whose key made the signature; nearly always one, of the envelope. */
export function findSigner(
  signer: SignerInfo,
  attributes: SignedAttributes,
  list: Pick<ListContext, "candidates" | "signatures">,
): readonly Candidate[] | VerificationStep {
  const { sid, signatureAlgorithm: algorithm, digestAlgorithm, signature } = signer;
  const candidates = list.candidates(sid);
  if (candidates.length === 0) {
    const message = `no certificate matches the signer's ${sid.type}`;
    return signerCertificate.failed("SIGNER_NOT_FOUND", message);
  }
  const checks = candidates.map((certificate) => {
    const { publicKey } = certificate;
    const data = attributes.der;
    return {
      certificate,
      check: list.signatures.check({ publicKey, algorithm, digestAlgorithm, data, signature }),
    };
  });
  const good = checks.filter(({ check }) => check.outcome === "valid");
  return good.length > 0 ? good : badSignature(checks);
}

function badSignature(checks: readonly Candidate[]): VerificationStep {
  const isUnsupported = checks.every(({ check }) => check.outcome === "unsupported");
  const isUnchecked = checks.some(({ check }) => check.outcome === "unchecked");
  const code = isUnchecked ? "WORK_EXCEEDED" : isUnsupported ? "SIGNATURE_UNSUPPORTED" : "SIGNATURE_INVALID";
  const decisive = checks.find(({ check }) =>
    isUnchecked ? check.outcome === "unchecked" : isUnsupported || check.outcome === "invalid",
  );
  return signature.failed(code, decisive?.check.reason ?? "the signature is not good");
}

const signerCertificate = namedStep("signer-certificate", "RFC 5652, 5.3");
const signature = namedStep("signature", "RFC 5652, 5.4");

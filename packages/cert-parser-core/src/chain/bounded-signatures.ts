/**
 * Signatures verified within a budget, and none of them twice.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { checkSignature, type SignatureCheck, type SignatureInput } from "../signatures/check-signature.ts";
import { signatureCost } from "../signatures/signature-cost.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { SignatureOutcome } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PublicKey } from "../x509/public-key.ts";
import type { WorkBudget } from "./work-budget.ts";

/** What came of a signature; `unchecked` if the budget was used up. */
export interface BoundedCheck
  extends Pick<SignatureCheck, "leniencies" | "reason" | "scheme" | "hash" | "keySize"> {
  readonly outcome: SignatureOutcome | "unchecked";
}

/** Verifies signatures, for all verdicts on one file. */
export interface BoundedSignatures {
  readonly engine: SignatureEngine;
  readonly budget: WorkBudget;
  check(input: SignatureInput): BoundedCheck;
  /** Whether this key signed this certificate; the algorithm outside must be the one inside. */
  checkCertificate(certificate: Certificate, publicKey: PublicKey): BoundedCheck;
  /** The same, with what is known already, on another budget. */
  within(budget: WorkBudget): BoundedSignatures;
}

/** Begins with no signature verified. */
export function createBoundedSignatures(engine: SignatureEngine, budget: WorkBudget): BoundedSignatures {
  return boundedBy(engine, budget, new Map());
}

function boundedBy(
  engine: SignatureEngine,
  budget: WorkBudget,
  known: Map<string, BoundedCheck>,
): BoundedSignatures {
  const check = (input: SignatureInput): BoundedCheck =>
    budget.spend(signatureCost(input.publicKey, input.data.length))
      ? checkSignature(engine, input)
      : exceeded;
  return {
    engine,
    budget,
    check,
    checkCertificate(certificate, publicKey) {
      // RFC 5280, 4.1.1.2. Reading compared the two already.
      if (certificate.findings.some(({ code }) => code === "SIGNATURE_ALGORITHM_MISMATCH")) return mismatched;
      // By the spelling of the key: one that is restricted to RSASSA-PSS verifies less than the same numbers without.
      const name = `${certificate.sha256} ${toHex(engine.digest("SHA-256", publicKey.der))}`;
      const answer = known.get(name) ?? check(signatureOf(certificate, publicKey));
      if (answer.outcome !== "unchecked") known.set(name, answer);
      return answer;
    },
    within: (other) => boundedBy(engine, other, known),
  };
}

function signatureOf(certificate: Certificate, publicKey: PublicKey): SignatureInput {
  return {
    publicKey,
    algorithm: certificate.signatureAlgorithm,
    data: certificate.tbsCertificate,
    signature: certificate.signature,
  };
}

const nothing = { leniencies: [], scheme: undefined, hash: undefined, keySize: undefined } as const;
const exceeded: BoundedCheck = {
  ...nothing,
  outcome: "unchecked",
  reason: "the work allowed for this object is used up",
};
const mismatched: BoundedCheck = {
  ...nothing,
  outcome: "invalid",
  reason: "signatureAlgorithm differs from tbsCertificate.signature",
};

/**
 * One check of a verdict: what was asked, by which clause, and what came of it.
 *
 * @module
 */

import type { JudgmentCode } from "./verification-code.ts";

/** The checks of a signed list, in the order in which they are made. */
export type VerificationStepName =
  | "signers"
  | "content-type"
  | "list-version"
  | "signed-attributes"
  | "attribute-content-type"
  | "message-digest"
  | "digest-algorithm"
  | "algorithm-protection"
  | "signing-time"
  | "signer-certificate"
  | "signature"
  | "algorithm-strength"
  | "signing-certificate"
  | "signer-profile"
  | "signer-validity"
  | "issuer"
  | "revocation"
  | "anchor"
  | "rollover";

/** How a check came out. `noted` lets pass what an operator should know; `skipped` had nothing to look at. */
export type VerificationResult = "passed" | "failed" | "noted" | "skipped";

/** One check. */
export interface VerificationStep {
  readonly step: VerificationStepName;
  readonly result: VerificationResult;
  /** Null where there is nothing to say beyond that it passed or was skipped. */
  readonly code: JudgmentCode | null;
  /** What was found, and what was expected. */
  readonly message: string;
  /** The clause that asks for it, such as `RFC 5652, 5.3`. */
  readonly rule: string;
}

/** A check that came out well. */
export function passed(step: VerificationStepName, message: string, rule: string): VerificationStep {
  return { step, result: "passed", code: null, message, rule };
}

/** A check that refuses. */
export function failed(
  step: VerificationStepName,
  code: JudgmentCode,
  message: string,
  rule: string,
): VerificationStep {
  return { step, result: "failed", code, message, rule };
}

/** A check that lets pass what should be known. */
export function noted(
  step: VerificationStepName,
  code: JudgmentCode,
  message: string,
  rule: string,
): VerificationStep {
  return { step, result: "noted", code, message, rule };
}

/** A check that had nothing to look at. */
export function skipped(step: VerificationStepName, message: string, rule: string): VerificationStep {
  return { step, result: "skipped", code: null, message, rule };
}

/** Tells whether none of the checks refuses. */
export function isGood(steps: readonly VerificationStep[]): boolean {
  return steps.every(({ result }) => result !== "failed");
}

/**
 * One check of a verdict: what was asked, by which clause, and what came of it.
 *
 * @module
 */

import type { VerificationCode } from "./verification-code.ts";

/** How a check came out. `noted` lets pass what an operator should know; `skipped` had nothing to look at. */
export type VerificationResult = "passed" | "failed" | "noted" | "skipped";

/** One check. */
export interface VerificationStep<Name extends string = string> {
  readonly step: Name;
  readonly result: VerificationResult;
  /** Null if there is nothing to say beyond that it passed or was skipped. */
  readonly code: VerificationCode | null;
  /** What was found, and what was expected. */
  readonly message: string;
  /** The clause that asks for it, such as `RFC 5652, 5.3`. */
  readonly rule: string;
}

/** What may come of a check. */
export interface StepResults<Name extends string> {
  passed(message: string): VerificationStep<Name>;
  /** Decides against what is verified. */
  failed(code: VerificationCode, message: string): VerificationStep<Name>;
  /** Says something, and decides nothing. */
  noted(code: VerificationCode, message: string): VerificationStep<Name>;
  /** There was nothing to look at. */
  skipped(message: string): VerificationStep<Name>;
}

/** Names a check, and the clause that asks for it. */
export function namedStep<Name extends string>(step: Name, rule: string): StepResults<Name> {
  return {
    passed: (message) => ({ step, result: "passed", code: null, message, rule }),
    failed: (code, message) => ({ step, result: "failed", code, message, rule }),
    noted: (code, message) => ({ step, result: "noted", code, message, rule }),
    skipped: (message) => ({ step, result: "skipped", code: null, message, rule }),
  };
}

/** Tells whether no check failed. */
export function isGood(steps: readonly VerificationStep[]): boolean {
  return steps.every(({ result }) => result !== "failed");
}

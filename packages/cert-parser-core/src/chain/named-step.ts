/**
 * Steps of a verification by their names: of a CRL, of a document signer.
 *
 * @module
 */

import type { JudgmentCode } from "./verification-code.ts";
import type { VerificationStep } from "./verification-step.ts";

/** A step of what is verified beside lists, in the form of theirs. */
export interface NamedStep<Name extends string> extends Omit<VerificationStep, "step"> {
  readonly step: Name;
}

/** What may come of a step. */
export interface StepResults<Name extends string> {
  passed(message: string): NamedStep<Name>;
  /** It decides against what is verified. */
  failed(code: JudgmentCode, message: string): NamedStep<Name>;
  /** It has something to say, and decides nothing. */
  noted(code: JudgmentCode, message: string): NamedStep<Name>;
  /** There was nothing to look at. */
  skipped(message: string): NamedStep<Name>;
}

/** Names a step, and the clause that asks for it. */
export function namedStep<Name extends string>(step: Name, rule: string): StepResults<Name> {
  return {
    passed: (message) => ({ step, result: "passed", code: null, message, rule }),
    failed: (code, message) => ({ step, result: "failed", code, message, rule }),
    noted: (code, message) => ({ step, result: "noted", code, message, rule }),
    skipped: (message) => ({ step, result: "skipped", code: null, message, rule }),
  };
}

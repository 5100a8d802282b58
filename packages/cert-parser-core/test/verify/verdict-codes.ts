/**
 * What tests ask of verdicts, and the pins that they give.
 *
 * @module
 */

import { keySha256Of } from "../../src/chain/authority-index.ts";
import type { VerificationCode } from "../../src/chain/verification-code.ts";
import type { VerificationResult } from "../../src/chain/verification-step.ts";
import { createPortableEngine } from "../../src/signatures/portable-engine.ts";
import type { TrustedKey } from "../../src/verify/trust-anchor.ts";
import type { ListVerdict } from "../../src/verify/verify-list.ts";
import type { Certificate } from "../../src/x509/certificate.ts";

/** The codes of the checks that refuse; of those that note something, if asked. */
export function codesOf(
  { steps }: Pick<ListVerdict, "steps">,
  wanted: VerificationResult = "failed",
): readonly (VerificationCode | null)[] {
  return steps.filter(({ result }) => result === wanted).map(({ code }) => code);
}

/** The pin of a certificate's key. */
export function pin({ certificate }: { readonly certificate: Certificate }, retired = false): TrustedKey {
  return { keySha256: keySha256Of(certificate.publicKey, engine), retired };
}

const engine = createPortableEngine();

/**
 * Judges what has no list around it: values of a directory, files of certificates and CRLs. Each has a signature of its own,
 * and the answer depends on that, never on the wrapping.
 *
 * @module
 */

import { isAuthority } from "../chain/authority-index.ts";
import type { CertificateJudgment } from "../chain/certificate-verdict.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { VerificationStep } from "../chain/verification-step.ts";
import type { SignedObject } from "../icao/bundle.ts";
import type { Evidence } from "./evidence.ts";
import { type JudgeContext, trustedIssuers, wasSigned } from "./judge-context.ts";
import { affordsKeys, nothingShown, tooCostly } from "./judge-list.ts";
import { type JudgmentReason, type ObjectJudgment, outcomeOf } from "./judgment.ts";
import { certificateSteps, crlSteps, type JudgedCertificate } from "./loose-steps.ts";
import { crlStanding, isListed, isOfItsCountry, judgeLoose, looseStanding } from "./standings.ts";
import type { TakenCrls } from "./take-in-crls.ts";
import { lift } from "./trust-settings.ts";

/** Judges an object by the signatures of its parts, and by the CRLs of the whole bundle, which were taken in before. */
export async function judgeLooseObject(
  object: SignedObject,
  { judged: crls, alerts }: TakenCrls,
  context: JudgeContext,
): Promise<ObjectJudgment> {
  if (!affordsKeys(object, context)) return tooCostly();
  const { settings, known } = context;
  const issuers = trustedIssuers(context);
  const judged = await judgeLoose(object.certificates, context);
  const isUnsignedSource = settings.unsignedSources.includes(known.source) && !wasSigned(context);
  const certificates = judged.map((one) => {
    const isVerified = isTrustworthy(one, issuers, context);
    const isHeld = isVerified || !isAuthority(one.certificate) || isUnsignedSource;
    return { judgment: one, isVerified, standing: looseStanding(one, isVerified, isHeld, context) };
  });
  const steps = [...certificateSteps(certificates, context), ...crlSteps(crls)];
  const reasons = [
    ...steps.flatMap((step) => toReason(step, decides(object, certificates, crls))),
    ...alerts,
    ...context.looseReasons,
  ].map((reason) => lift(reason, settings));
  const evidence: Evidence = {
    ...nothingShown,
    level: certificates.some(({ isVerified }) => isVerified) ? "verified" : "unsigned",
    steps,
    certificates: new Map(
      certificates.map(({ judgment, standing }) => [judgment.certificate.sha256, standing]),
    ),
    crls: new Map(crls.map((each) => [each.crl.sha256, crlStanding(each)])),
    verdicts: { list: undefined, certificates: judged, crls },
  };
  return { outcome: outcomeOf(reasons), reasons, evidence };
}

/** What is bad about a part is only said, unless nothing of the object can be held or applied. */
function decides(
  { certificates }: SignedObject,
  judged: readonly JudgedCertificate[],
  crls: readonly RevocationListJudgment[],
): boolean {
  if (certificates.length > 0) return judged.every(({ standing }) => !standing.isHeld);
  return crls.every(({ outcome }) => outcome === "refused");
}

function toReason(
  { result, code, message }: VerificationStep,
  isDecisive: boolean,
): readonly JudgmentReason[] {
  if (code === null || (result !== "failed" && result !== "noted")) return [];
  return [{ code, weight: result === "failed" && isDecisive ? "refusal" : "note", message }];
}

/** A certificate is good if a trusted key of its country signed it, or if a trusted list holds it. */
function isTrustworthy(
  judged: CertificateJudgment,
  issuers: ReadonlySet<string>,
  context: JudgeContext,
): boolean {
  const { verdict, issuerKeySha256, certificate } = judged;
  if (isAuthority(certificate) && isListed(judged, context)) return true;
  if (verdict === "root") return issuerKeySha256 !== undefined && isAnchored(judged, context);
  if (verdict !== "link" || issuerKeySha256 === undefined) return false;
  const { ledger, known } = context;
  return (
    issuers.has(issuerKeySha256) &&
    isOfItsCountry(judged) &&
    !ledger.isKeyRevoked(issuerKeySha256) &&
    (!ledger.state.withdrawnKeys.has(issuerKeySha256) || known.listed.has(certificate.sha256))
  );
}

/** The anchor itself, and no other root of its key. */
function isAnchored({ certificate }: CertificateJudgment, { settings, ledger }: JudgeContext): boolean {
  if (settings.mode === "unanchored") {
    return ledger.certificates.some(({ sha256 }) => sha256 === certificate.sha256);
  }
  return settings.anchors.some((anchor) =>
    typeof anchor === "string"
      ? anchor.toLowerCase() === certificate.sha256
      : anchor.sha256 === certificate.sha256,
  );
}

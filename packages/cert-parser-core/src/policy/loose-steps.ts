/**
 * The checks of what has no list around it, one for each kind of thing that came out, however many certificates it is of.
 *
 * @module
 */

import type { CertificateJudgment } from "../chain/certificate-verdict.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { VerificationCode } from "../chain/verification-code.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { formatTime } from "../der/time.ts";
import { formatName } from "../x509/name.ts";
import type { CertificateStanding } from "./evidence.ts";
import type { JudgeContext } from "./judge-context.ts";
import type { TrustState } from "./trust-state.ts";

/** A certificate that stands by itself, and what was found. */
export interface JudgedCertificate {
  readonly judgment: CertificateJudgment;
  /** Whether a trusted key of its country signed it, or a trusted list holds it. */
  readonly isVerified: boolean;
  readonly standing: CertificateStanding;
}

/** The checks of certificates: who issued them, and whether CRLs revoke them. */
export function certificateSteps(
  certificates: readonly JudgedCertificate[],
  { ledger }: JudgeContext,
): readonly VerificationStep[] {
  if (certificates.length === 0) return [];
  const { state } = ledger;
  const verified = certificates.filter(({ isVerified }) => isVerified);
  const leftOut = certificates.filter(({ standing }) => !standing.isHeld);
  const open = certificates.filter(({ isVerified, standing }) => !isVerified && standing.isHeld);
  const total = certificates.length;
  return [
    ...(verified.length > 0 ? [issuedStep(verified, total)] : []),
    ...(leftOut.length > 0 ? [unlistedStep(leftOut, total)] : []),
    ...[...Map.groupBy(open, (each) => openCode(each, state))].map(([code, ofCode]) =>
      openStep(code, ofCode.length, total),
    ),
    ...revocationSteps(verified, total, state),
  ];
}

/** The checks of one CRL; of several, what came of them. */
export function crlSteps(crls: readonly RevocationListJudgment[]): readonly VerificationStep[] {
  const [only, ...others] = crls;
  if (only !== undefined && others.length === 0) return only.steps;
  const refused = crls.filter(({ outcome }) => outcome === "refused");
  if (crls.length > 0 && refused.length === 0)
    return [crlStep.passed(`${crls.length} CRLs, each to be applied`)];
  const byCode = Map.groupBy(refused, ({ steps }) => steps.find(({ result }) => result === "failed")?.code);
  return [...byCode].flatMap(([code, ofCode]) => {
    const first = ofCode[0]?.steps.find(({ result }) => result === "failed");
    const message = `${ofCode.length} of ${crls.length} CRLs cannot be applied: ${first?.message ?? ""}`;
    return code === null || code === undefined ? [] : [crlStep.failed(code, message)];
  });
}

function issuedStep(verified: readonly JudgedCertificate[], total: number): VerificationStep {
  const [first] = verified;
  if (total > 1 || first === undefined) {
    return signature.passed(`${verified.length} of ${total} certificates, each issued by a trusted CSCA`);
  }
  const { issuer, issuerKeySha256, certificate } = first.judgment;
  const name = formatName((issuer ?? certificate).subject);
  return signature.passed(`issued by ${name}, whose key ${issuerKeySha256 ?? ""} is trusted`);
}

/** A store leaves such a certificate out and takes the others; a file that holds one is not good. */
function unlistedStep(leftOut: readonly JudgedCertificate[], total: number): VerificationStep {
  const what =
    total === 1
      ? "the CSCA certificate is in"
      : `${leftOut.length} of ${total} certificates are of CSCAs, and in`;
  const message = `${what} no trusted list; a store takes such only from a source that is declared unsigned and never sent a signed list`;
  return signers.failed("UNSIGNED", message);
}

function openStep(code: VerificationCode, count: number, total: number): VerificationStep {
  const text = openTexts[code] ?? code;
  const message = total === 1 ? text : `${count} of ${total} certificates: ${text}`;
  if (code === "SIGNATURE_INVALID") return signature.failed(code, message);
  return code === "ANCHOR_REVOKED" ? issuer.failed(code, message) : issuer.noted(code, message);
}

function openCode(
  { judgment }: JudgedCertificate,
  { revokedKeys, withdrawnKeys }: TrustState,
): VerificationCode {
  const { verdict, issuerKeySha256 } = judgment;
  if (verdict === "signature-invalid") return "SIGNATURE_INVALID";
  if (verdict === "algorithm-unsupported") return "SIGNATURE_UNSUPPORTED";
  if (verdict === "unchecked") return "WORK_EXCEEDED";
  if (issuerKeySha256 !== undefined && revokedKeys.has(issuerKeySha256)) return "ANCHOR_REVOKED";
  if (issuerKeySha256 !== undefined && withdrawnKeys.has(issuerKeySha256)) return "KEY_WITHDRAWN";
  return "ISSUER_UNKNOWN";
}

/** That no CRL is known is said, and is nothing against a certificate. */
function revocationSteps(
  verified: readonly JudgedCertificate[],
  total: number,
  state: TrustState,
): readonly VerificationStep[] {
  const { lineage, facts, effectiveCrls } = state;
  const revoked = verified.filter(({ standing }) => standing.revokedBy !== null);
  const [first] = revoked;
  if (first?.standing.revokedBy) {
    const { revocationDate, reason, crlSha256 } = first.standing.revokedBy;
    const since = `revoked at ${formatTime(revocationDate)}, reason ${reason ?? "not given"}, by CRL ${crlSha256}`;
    const message =
      total === 1 ? since : `${revoked.length} of ${total} certificates are revoked; the first was ${since}`;
    return [revocation.failed("REVOKED", message)];
  }
  const speaking = new Set(
    facts.crls.filter(({ sha256 }) => effectiveCrls.has(sha256)).map((crl) => crl.keySha256),
  );
  const covered = verified.filter(({ standing: { issuerKeySha256 } }) =>
    issuerKeySha256 === null
      ? false
      : [...lineage.speakersFor(issuerKeySha256)].some((key) => speaking.has(key)),
  );
  if (verified.length === 0) return [];
  if (covered.length === verified.length) {
    return [revocation.passed(total === 1 ? unrevokedBy(verified, state) : "not revoked by the known CRLs")];
  }
  const open = verified.length - covered.length;
  const message = "no CRL that speaks for its CSCA is known";
  return [revocation.skipped(total === 1 ? message : `${open} of ${total} certificates: ${message}`)];
}

/** Names the latest CRL that speaks for the CSCA of the only certificate. */
function unrevokedBy([only]: readonly JudgedCertificate[], state: TrustState): string {
  const speakers = state.lineage.speakersFor(only?.standing.issuerKeySha256 ?? "");
  const [latest] = state.facts.crls
    .filter(({ sha256, keySha256 }) => state.effectiveCrls.has(sha256) && speakers.has(keySha256))
    .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
  if (latest === undefined) return "not revoked by the known CRLs";
  const due = latest.nextUpdate === null ? "" : `, next due ${formatTime(latest.nextUpdate)}`;
  return `not revoked by CRL ${latest.sha256}, issued ${formatTime(latest.thisUpdate)}${due}`;
}

const signature = namedStep("signature", "RFC 5280, 6.1.3");
const issuer = namedStep("issuer", "Doc 9303-12, D.1.1");
const signers = namedStep("signers", "RFC 5652, 5.1");
const revocation = namedStep("revocation", "Doc 9303-12, D.1.2.3");
const crlStep = namedStep("crls", "RFC 5280, 6.3.3");
const openTexts: Readonly<Partial<Record<VerificationCode, string>>> = {
  ANCHOR_REVOKED: "the key of its CSCA is revoked",
  ISSUER_UNKNOWN: "no trusted CSCA of its country is known to have issued it",
  KEY_WITHDRAWN: "the key of its CSCA left every list before its time, and it was not seen before",
  SIGNATURE_INVALID: "the key that it names did not sign it",
  SIGNATURE_UNSUPPORTED: "signed in a way that is not verified here",
  WORK_EXCEEDED: "not verified, since the work allowed was used up",
};

/**
 * Judges the CRLs of an object, takes the accepted ones into the ledger, and tells what those say who have no authority. CRLs
 * have signatures of their own, whoever brings them.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import { formatName } from "../x509/name.ts";
import { type JudgeContext, trustedIssuers } from "./judge-context.ts";
import type { JudgmentReason } from "./judgment.ts";
import { crlFactOf, judgeCrls } from "./standings.ts";
import type { CrlFact } from "./trust-facts.ts";

/** What became of the CRLs of an object. */
export interface TakenCrls {
  readonly judged: readonly RevocationListJudgment[];
  /** A note for each CRL that lists a certificate of a sibling or a namesake of its key. */
  readonly alerts: readonly JudgmentReason[];
}

/** Takes in CRLs by keys that trusted lists hold, or that an anchor leads to. */
export async function takeInCrls(crls: readonly RevocationList[], context: JudgeContext): Promise<TakenCrls> {
  if (crls.length === 0) return { judged: [], alerts: [] };
  const issuers = trustedIssuers(context);
  const judged = (await judgeCrls(crls, context)).map((each) => onlyOfTrusted(each, issuers));
  return { judged, alerts: addToLedger(judged, context) };
}

/** Takes in CRLs that a caller has beside the store, by any key: they speak for that key and its older ones alone. */
export async function takeInBeside(crls: readonly RevocationList[], context: JudgeContext): Promise<void> {
  addToLedger(await judgeCrls(crls, context), context);
}

function addToLedger(
  judged: readonly RevocationListJudgment[],
  context: JudgeContext,
): readonly JudgmentReason[] {
  return judged.flatMap((each) => {
    const fact = crlFactOf(each, context.serialNumbers);
    if (fact === undefined) return [];
    context.ledger.addCrl(fact);
    return alertOf(each, fact, context) ?? [];
  });
}

/** A key that no trusted list holds, and no anchor leads to, signs nothing that counts. */
function onlyOfTrusted(judged: RevocationListJudgment, issuers: ReadonlySet<string>): RevocationListJudgment {
  const { issuerKeySha256, issuer } = judged;
  if (issuerKeySha256 === undefined || issuers.has(issuerKeySha256)) return judged;
  const name = issuer === undefined ? issuerKeySha256 : formatName(issuer.subject);
  const message = `signed by ${name}, which no trusted list holds and no anchor leads to`;
  const steps = judged.steps.map((step) =>
    step.step === "signature"
      ? ({ ...step, result: "failed", code: "ISSUER_UNKNOWN", message } as const)
      : step,
  );
  return { ...judged, outcome: "refused", steps };
}

function alertOf(
  { alertsFor }: RevocationListJudgment,
  { revoked }: CrlFact,
  { ledger }: JudgeContext,
): JudgmentReason | undefined {
  if (alertsFor.size === 0 || revoked.length === 0) return undefined;
  const listed = new Set(revoked.map(({ serialNumber }) => serialNumber));
  const meant = ledger.state.authorities.find(
    ({ certificate, issuerKeySha256 }) =>
      issuerKeySha256 !== undefined &&
      alertsFor.has(issuerKeySha256) &&
      listed.has(toHex(certificate.serialNumber)),
  );
  if (meant === undefined) return undefined;
  const name = formatName(meant.certificate.subject);
  const message = `a CRL of a sibling or namesake key lists the serial number of ${name} (${meant.certificate.sha256}); it does not speak for it, so nothing is revoked: declare the keys to be one CSCA if they are`;
  return { code: "REVOCATION_ALERT", weight: "note", message };
}

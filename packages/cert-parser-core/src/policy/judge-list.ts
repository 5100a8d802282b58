/**
 * Judges a signed list: signatures, publisher, age and size, each reason with its weight.
 *
 * @module
 */

import type { CertificateJudgment } from "../chain/certificate-verdict.ts";
import type { SignedObject } from "../icao/bundle.ts";
import type { MasterList } from "../icao/master-list.ts";
import { canonicalKeyCost } from "../signatures/signature-cost.ts";
import type { ListVerdict } from "../verify/verify-list.ts";
import type { Evidence, JudgedPublisher } from "./evidence.ts";
import { type DatedList, type Freshness, judgeFreshness } from "./freshness.ts";
import type { JudgeContext } from "./judge-context.ts";
import { type JudgmentReason, type ObjectJudgment, outcomeOf } from "./judgment.ts";
import { judgePublisher } from "./publisher-policy.ts";
import { heldByEditions, heldInLists, judgeListSize } from "./shrink-guard.ts";
import { crlStanding, judgeListed, listedStanding } from "./standings.ts";
import { type TakenCrls, takeInCrls } from "./take-in-crls.ts";
import { lift } from "./trust-settings.ts";

/** Judges a list. What is accepted is in the ledger afterwards; `accepted` are the publishers of lists before it. */
export async function judgeList(
  list: MasterList,
  accepted: readonly JudgedPublisher[],
  context: JudgeContext,
): Promise<ObjectJudgment> {
  if (!affordsKeys(list, context)) return tooCostly();
  const { ledger, settings, now, known } = context;
  const { verdict, publisher, reasons } = judgePublisher(list, {
    source: known.source,
    settings,
    publishers: context.publishers,
    ledger,
    signatures: context.signatures,
    now,
    accepted,
  });
  const { signingTime, steps } = verdict;
  const verdicts = { list: verdict, certificates: [], crls: [] };
  const nothing: Evidence = { ...nothingShown, level: "verified", signingTime, publisher, steps, verdicts };
  if (publisher === null || signingTime === null)
    return judgmentOf([...reasons, ...emptyList(list)], nothing, context);

  if (outcomeOf(reasons) === "refused") return judgmentOf([...reasons, ...emptyList(list)], nothing, context);

  const { inside, beside } = await judgeListed(list, context);
  const placed = placeOf({ signingTime, publisher }, list, inside, context);
  const evidence = { ...nothing, edition: placed.edition };
  const judgment = judgmentOf([...reasons, ...placed.reasons, ...emptyList(list)], evidence, context);
  if (judgment.outcome !== "accepted") return judgment;
  const { alerts, ...taken } = await takeIn(list, verdict, publisher, { inside, beside }, context);
  return {
    ...judgment,
    reasons: [...judgment.reasons, ...alerts],
    evidence: { ...evidence, ...taken },
  };
}

/** Where the list stands among those of its CSCA, with the links that it brings itself, and what would leave with it. */
function placeOf(
  dated: DatedList,
  { certificates }: MasterList,
  inside: readonly CertificateJudgment[],
  { ledger, settings, now, known }: JudgeContext,
): Pick<Freshness, "edition" | "reasons"> {
  if (settings.mode === "unanchored") return { edition: "current", reasons: [] };
  const { maxListAgeMs } = settings;
  const lineage = ledger.lineageWith(inside);
  const freshness = judgeFreshness(dated, ledger.state, lineage, { now, maxListAgeMs });
  if (freshness.edition === "history") return freshness;
  const held =
    known.trust === undefined
      ? heldInLists(known)
      : heldByEditions(freshness.replaced, ledger.state.authorities);
  // A signing time in the future must not make the certificates that are held look expired.
  const instant = dated.signingTime < now ? dated.signingTime : now;
  const size = judgeListSize(certificates, held, instant, settings);
  return { edition: freshness.edition, reasons: [...freshness.reasons, ...size] };
}

async function takeIn(
  list: MasterList,
  verdict: ListVerdict,
  { keySha256, contentSha256, rolledFrom }: JudgedPublisher,
  { inside, beside }: Awaited<ReturnType<typeof judgeListed>>,
  context: JudgeContext,
): Promise<Pick<Evidence, "certificates" | "crls" | "signers" | "verdicts"> & Pick<TakenCrls, "alerts">> {
  const { ledger, known } = context;
  const signingTime = verdict.signingTime ?? context.now;
  const signers = ledger.signersAmong(list.certificates, context.signatures);
  const edition = { source: known.source, publisher: keySha256, signingTime, contentSha256, rolledFrom };
  // A link that led to the publisher is of the edition, wherever in the file it was: else its old key would not be retired.
  const links = new Set(verdict.rollover?.links.map(({ sha256 }) => sha256));
  const onPath = beside.filter(({ certificate }) => links.has(certificate.sha256));
  ledger.addEdition(edition, [...inside, ...onPath], signers);
  const { judged: crls, alerts } = await takeInCrls(list.crls, context);
  return {
    alerts,
    // Those of the list last, so that what is in both is judged as in the list.
    certificates: new Map(
      [...beside, ...inside].map((judged) => [judged.certificate.sha256, listedStanding(judged, context)]),
    ),
    crls: new Map(crls.map((judged) => [judged.crl.sha256, crlStanding(judged)])),
    signers,
    verdicts: { list: verdict, certificates: inside, crls },
  };
}

/** Telling which key a compressed point is takes as long as a signature. */
export function affordsKeys(
  { certificates, envelopeCertificates }: Pick<SignedObject, "certificates" | "envelopeCertificates">,
  { signatures }: Pick<JudgeContext, "signatures">,
): boolean {
  let cost = 0;
  for (const { publicKey } of [...certificates, ...envelopeCertificates]) cost += canonicalKeyCost(publicKey);
  return cost === 0 || (cost <= maxKeyCost && signatures.budget.spend(cost));
}

/** What is not looked at any further. */
export function tooCostly(): ObjectJudgment {
  const message = "telling the keys apart would take more work than is allowed";
  return {
    outcome: "refused",
    reasons: [{ code: "WORK_EXCEEDED", weight: "refusal", message }],
    evidence: nothingShown,
  };
}

function emptyList({ certificates }: MasterList): readonly JudgmentReason[] {
  if (certificates.length > 0) return [];
  const message = "list holds 0 certificates, expected at least 1";
  return [{ code: "TOO_FEW_CERTIFICATES", weight: "refusal", message }];
}

function judgmentOf(
  own: readonly JudgmentReason[],
  evidence: Evidence,
  { settings, listReasons }: JudgeContext,
): ObjectJudgment {
  const reasons = [...own, ...listReasons].map((reason) =>
    lift(reason, settings, evidence.publisher?.keySha256),
  );
  return { outcome: outcomeOf(reasons), reasons, evidence };
}

/** Nothing was found out. */
export const nothingShown: Evidence = {
  level: "unsigned",
  signingTime: null,
  publisher: null,
  edition: null,
  steps: [],
  certificates: new Map(),
  crls: new Map(),
};

// Some 2,500 compressed points on P-256; no real list has one. They are told apart at once, before there is a turn for others.
const maxKeyCost = 2048;

/**
 * How a run judged its bundle, in words: what went in, what waits, what was refused, and what to do.
 *
 * @module
 */

import type {
  BundleJudgment,
  BundleSummary,
  JudgedPublisher,
  JudgmentReason,
  ObjectJudgment,
  RunReport,
} from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { judgmentText, unchangedText } from "../log/sync-events.ts";
import { cutList, type Row } from "./layout.ts";
import { nextSteps } from "./next-steps.ts";

/** The verdict of a run that reached its end. An unchanged bundle was judged when it came. */
export function verdictRows(report: RunReport): readonly Row[] {
  const { outcome, judgment, bundle, source, quarantined } = report;
  if (outcome === "unchanged" || judgment === null) return [["verdict", unchangedText(report)]];
  const { objects } = judgment;
  const accepted = [...new Set(objects.filter(isAccepted).map(acceptedText))];
  const heads =
    judgment.outcome === "accepted"
      ? accepted.length === 0
        ? ["accepted: nothing in it, nothing changed"]
        : accepted
      : [`IN PART: ${judgmentText(judgment)}`];
  return [
    ["verdict", ...cutList(heads, mostTexts, (text) => [text])],
    ...(judgment.outcome === "accepted"
      ? []
      : [["went in", ...cutList(accepted, mostTexts, (text) => [text])] satisfies Row]),
    ...unacceptedRows(judgment),
    ...noteRows(judgment),
    ...approvalRows(objects),
    ...stepRows(judgment, bundle, source, quarantined),
  ];
}

/** Each object that waits or was refused, with its reasons. */
export function unacceptedLines(
  { objects }: BundleJudgment,
  outcome: "pending" | "refused",
): readonly string[] {
  return objects.flatMap((object, at) => {
    if (object.outcome !== outcome) return [];
    const weight = outcome === "refused" ? "refusal" : "pending";
    const decisive = object.reasons.filter((reason) => reason.weight === weight);
    return [`${objectText(object, at, objects.length)}:`, ...decisive.map(reasonText)];
  });
}

function unacceptedRows(judgment: BundleJudgment): readonly Row[] {
  const waits = unacceptedLines(judgment, "pending");
  const refused = unacceptedLines(judgment, "refused");
  const said = new Set(judgment.objects.flatMap(({ reasons }) => reasons.map(reasonText)));
  const whole = judgment.reasons
    .filter(({ weight }) => weight !== "note")
    .map(reasonText)
    .filter((text) => !said.has(text));
  const rows: Row[] = [];
  if (waits.length > 0) rows.push(["waits", ...cutList(waits, mostLines, (text) => [text])]);
  if (refused.length > 0) rows.push(["refused", ...cutList(refused, mostLines, (text) => [text])]);
  if (whole.length > 0) rows.push(["as a whole", ...whole]);
  return rows;
}

function noteRows({ reasons, objects }: BundleJudgment): readonly Row[] {
  const all = [...objects.flatMap((object) => object.reasons), ...reasons];
  const notes = new Map(all.filter(({ weight }) => weight === "note").map((each) => [each.message, each]));
  return notes.size === 0
    ? []
    : [["noted", ...cutList([...notes.values()], mostLines, (note) => [reasonText(note)])]];
}

/** Publishers that were trusted on first use. */
function approvalRows(objects: readonly ObjectJudgment[]): readonly Row[] {
  const unapproved = objects.flatMap(({ reasons, evidence }) =>
    reasons.some(({ code }) => code === "PIN_UNAPPROVED") ? (evidence?.publisher?.keySha256 ?? []) : [],
  );
  return [...new Set(unapproved)].map((key) => [
    "to approve",
    `cert-parser-runner trust approve ${key.slice(0, 16)}`,
  ]);
}

function stepRows(
  judgment: BundleJudgment,
  bundle: BundleSummary | null,
  source: string,
  quarantined: boolean,
): readonly Row[] {
  const steps = nextSteps({ judgment, source, quarantined, bundleSha256: bundle?.sha256 });
  return steps.length === 0 ? [] : [["to do", ...steps]];
}

function isAccepted({ outcome }: ObjectJudgment): boolean {
  return outcome === "accepted";
}

function acceptedText({ outcome, evidence }: ObjectJudgment): string {
  if (evidence === undefined) return outcome;
  const { level, publisher, certificates, crls, edition } = evidence;
  if (level === "unverified") return `${outcome}; signatures were not verified`;
  const kept = edition === "history" ? `${outcome} as history` : outcome;
  if (publisher !== null) return `${kept}: signed by ${publisher.subject}, ${trustTexts[publisher.trust]}`;
  if (certificates.size + crls.size === 0) return `${outcome}: unsigned, as its source is declared to be`;
  const good = [...certificates.values()].filter((standing) => standing.level === "verified").length;
  const applied = [...crls.values()].filter(({ verdict }) => verdict === "accepted").length;
  if (certificates.size === 0) {
    return `${outcome}: unsigned except ${formatQuantity(applied, "CRL")}, good by its own signature`;
  }
  return `${outcome}: each by its own signature, ${formatQuantity(good, "certificate")} and ${formatQuantity(applied, "CRL")} good`;
}

/** By its publisher if that is known, by its position otherwise. */
function objectText({ evidence }: ObjectJudgment, at: number, total: number): string {
  const publisher = evidence?.publisher ?? null;
  if (publisher !== null) return `list of ${publisher.subject}, key ${publisher.keySha256.slice(0, 16)}`;
  return total === 1 ? "the file" : `object ${at + 1} of ${total}`;
}

function reasonText({ code, message }: JudgmentReason): string {
  return `${code}: ${message}`;
}

const trustTexts: Readonly<Record<JudgedPublisher["trust"], string>> = {
  anchor: "under a trust anchor",
  "first-use": "trusted on first use",
  pin: "the publisher of this source",
  unanchored: "no trust anchors configured",
  unknown: "released by an operator",
  vouched: "whose CSCA another source vouches for",
};
const mostTexts = 10;
const mostLines = 40;

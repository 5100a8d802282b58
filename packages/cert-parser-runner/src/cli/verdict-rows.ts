/**
 * What a run judged its lists by, in words.
 *
 * @module
 */

import type { JudgedPublisher, Judgment, RunReport } from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { unchangedText } from "../log/sync-events.ts";
import { cutList, type Row } from "./layout.ts";

/** The verdict, and what an operator should know of it. What is held was judged when it came. */
export function verdictRows(report: RunReport): readonly Row[] {
  const { outcome, judgments } = report;
  if (outcome === "unchanged") return [["verdict", unchangedText(report)]];
  const texts = [...new Set(judgments.map(verdictText))];
  const notes = new Map(
    judgments.flatMap(({ reasons }) => reasons.map((each) => [each.code, each] as const)),
  );
  const rows: Row[] = [["verdict", ...cutList(texts, mostTexts, (text) => [text])]];
  if (notes.size > 0) {
    rows.push(["noted", ...[...notes.values()].map(({ code, message }) => `${code}: ${message}`)]);
  }
  const unapproved = judgments.flatMap(({ reasons, evidence }) =>
    reasons.some(({ code }) => code === "PIN_UNAPPROVED") ? (evidence?.publisher ?? []) : [],
  );
  for (const { keySha256 } of unapproved) {
    rows.push(["to approve", `cert-parser-runner trust approve ${keySha256.slice(0, 16)}`]);
  }
  return rows;
}

function verdictText({ outcome, evidence }: Judgment): string {
  if (evidence === undefined) return outcome;
  const { level, publisher, certificates, crls } = evidence;
  if (level === "unverified") return `${outcome}; signatures were not verified`;
  if (publisher !== null) return `${outcome}: signed by ${publisher.subject}, ${trustTexts[publisher.trust]}`;
  if (certificates.size + crls.size === 0) return `${outcome}: unsigned, as its source is declared to be`;
  const good = [...certificates.values()].filter((standing) => standing.level === "verified").length;
  const applied = [...crls.values()].filter(({ verdict }) => verdict === "accepted").length;
  if (certificates.size === 0) {
    return `${outcome}: unsigned but for ${formatQuantity(applied, "CRL")} good by its own signature`;
  }
  return `${outcome}: each by its own signature, ${formatQuantity(good, "certificate")} and ${formatQuantity(applied, "CRL")} good`;
}

const trustTexts: Readonly<Record<JudgedPublisher["trust"], string>> = {
  anchor: "which ends at an anchor",
  "first-use": "trusted on first use",
  pin: "the publisher of this source",
  unknown: "released by an operator",
  vouched: "whose CSCA another source vouches for",
};
const mostTexts = 10;

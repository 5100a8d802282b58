/**
 * Whose lists the store takes, in words and as a document: what `trust` shows.
 *
 * @module
 */

import { formatQuantity } from "../log/figures.ts";
import type { PublisherOverview } from "../store/publishers.ts";
import type { QuarantinedBundle } from "../store/quarantine.ts";
import type { TrustEvent } from "../store/trust-events.ts";
import { terminal } from "./bundle-text.ts";
import { alignRows, cutList, type Row } from "./layout.ts";

/** What `trust list` shows. */
export interface TrustState {
  readonly publishers: readonly PublisherOverview[];
  readonly quarantine: readonly QuarantinedBundle[];
  /** The latest first. */
  readonly events: readonly TrustEvent[];
}

/** Writes the state for people. */
export function trustText({ publishers, quarantine, events }: TrustState): string {
  const sections = [
    publishers.length === 0
      ? "no publisher is known yet: the first list brings one\n"
      : publisherTexts(publishers, quarantine),
    ...quarantine.map((bundle) => alignRows(quarantineRows(bundle), terminal)),
  ];
  if (events.length > 0) {
    sections.push(alignRows([["decisions", ...cutList(events, mostEvents, eventLines)]], terminal));
  }
  return sections.join("\n");
}

/** Publishers, one after the other. */
export function publisherTexts(
  publishers: readonly PublisherOverview[],
  quarantine: readonly QuarantinedBundle[] = [],
): string {
  return publishers.map((publisher) => alignRows(publisherRows(publisher, quarantine), terminal)).join("\n");
}

/** The state, ready for JSON. */
export function trustDocument({ publishers, quarantine, events }: TrustState): unknown {
  return { publishers, quarantine, events };
}

function publisherRows(
  publisher: PublisherOverview,
  quarantine: readonly QuarantinedBundle[],
): readonly Row[] {
  const { source, keySha256, state, subject, approved, firstSeen, signingTime, certificateSha256 } =
    publisher;
  const rows: Row[] = [
    ["publisher", subject],
    ["source", source === "*" ? "every source" : source],
    ["state", stateTexts[state]],
    ["its key", keySha256],
    ["CSCA", certificateSha256],
  ];
  if (approved !== null) {
    const { at, by, reason } = approved;
    rows.push(["approved", `${secondsText(at)} by ${by}`, ...(reason === null ? [] : [reason])]);
  }
  rows.push(["first seen", secondsText(firstSeen)]);
  if (signingTime !== null) rows.push(["last list", `signed ${secondsText(signingTime)}`]);
  if (state === "pinned" || (state === "unknown" && waitsForApproval(source, quarantine))) {
    rows.push(["to approve", `cert-parser-runner trust approve ${keySha256.slice(0, 16)}`]);
  }
  return rows;
}

/** Whether a list of the source is in quarantine for its publisher: of a forged one, say, an approval changes nothing. */
function waitsForApproval(source: string, quarantine: readonly QuarantinedBundle[]): boolean {
  return quarantine
    .filter((bundle) => bundle.source === source)
    .flatMap(({ judgments }) => judgments)
    .some(({ reasons }) => reasons.some(({ code }) => code === "PUBLISHER_UNKNOWN"));
}

function quarantineRows(bundle: QuarantinedBundle): readonly Row[] {
  const { source, sha256, outcome, judgments, byteLength, lastSeen, timesSeen, isHeld } = bundle;
  const weight = outcome === "refused" ? "refusal" : "pending";
  const reasons = judgments.flatMap((judgment) => judgment.reasons).filter((each) => each.weight === weight);
  return [
    ["quarantine", `${outcome}, of source ${source}, ${formatQuantity(byteLength, "byte")}`],
    ["SHA-256", sha256],
    ["reasons", ...cutList(reasons, mostReasons, ({ code, message }) => [`${code}: ${message}`])],
    ["seen", `${formatQuantity(timesSeen, "time")}, last ${secondsText(lastSeen)}`],
    ...(isHeld ? [] : [["file", "too large to be kept"] as Row]),
  ];
}

function eventLines({
  at,
  kind,
  source,
  keySha256,
  bundleSha256,
  by,
  reason,
}: TrustEvent): readonly string[] {
  const who = by === null ? "" : ` by ${by}`;
  const what = keySha256 ?? bundleSha256;
  return [
    `${secondsText(at)} ${kind}, source ${source}${who}`,
    ...(what === null ? [] : [what]),
    ...(reason === null ? [] : [`"${reason}"`]),
  ];
}

function secondsText(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

const stateTexts: Readonly<Record<PublisherOverview["state"], string>> = {
  approved: "approved",
  pinned: "UNAPPROVED: trusted on first use, and nobody has approved it yet",
  retired: "retired: rolled over to another key, and signs no new list",
  revoked: "REVOKED: no list of it is taken",
  unknown: "UNKNOWN: its lists wait in quarantine",
};
const mostEvents = 20;
const mostReasons = 10;

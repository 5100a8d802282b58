/**
 * Whose lists are accepted, in words: what `trust` prints.
 *
 * @module
 */

import type { JoinedKeys } from "../store/key-decisions.ts";
import type { PublisherOverview } from "../store/publishers.ts";
import type { QuarantinedBundle } from "../store/quarantine.ts";
import type { TrustEvent, TrustEventKind } from "../store/trust-events.ts";
import { terminal } from "./bundle-text.ts";
import { instantText } from "./instant-text.ts";
import { alignRows, cutList, type Row } from "./layout.ts";
import { quarantineRows } from "./quarantine-text.ts";

/** What `trust list` shows. */
export interface TrustListing {
  readonly publishers: readonly PublisherOverview[];
  readonly quarantine: readonly QuarantinedBundle[];
  readonly joined: readonly JoinedKeys[];
  /** The latest first. */
  readonly events: readonly TrustEvent[];
}

/** Writes the listing, human-readable. */
export function trustText({ publishers, quarantine, joined, events }: TrustListing): string {
  const sections = [
    publishers.length === 0
      ? "no publisher is known yet: the first list brings one\n"
      : publisherTexts(publishers, quarantine),
    ...quarantine.map((bundle) => alignRows(quarantineRows(bundle), terminal)),
    ...joined.map((pair) => alignRows(joinedRows(pair), terminal)),
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

/** Two keys that were declared to be of one CSCA. */
export function joinedRows({ keys, at, by, reason }: JoinedKeys): readonly Row[] {
  return [["joined keys", ...keys, `${instantText(at)} by ${by}`, `"${reason}"`]];
}

function publisherRows(
  publisher: PublisherOverview,
  quarantine: readonly QuarantinedBundle[],
): readonly Row[] {
  const { source, keySha256, state, subject, approved, firstSeen, signingTime, certificateSha256 } =
    publisher;
  const { revokedBy, lifted } = publisher;
  const rows: Row[] = [
    ["publisher", subject],
    ["source", source === "*" ? "every source" : source],
    ["state", stateTexts[state]],
    ["its key", keySha256],
    ["CSCA", certificateSha256],
  ];
  if (approved !== null) {
    const { at, by, reason } = approved;
    rows.push(["approved", `${instantText(at)} by ${by}`, ...(reason === null ? [] : [reason])]);
  }
  if (revokedBy !== null) {
    const effect =
      lifted === null ? "REVOKED: a CRL lists its root" : "a CRL lists its root, lifted by an operator";
    rows.push(["CRL", effect, revokedBy]);
  }
  if (lifted !== null) rows.push(["lifted", `${instantText(lifted.at)} by ${lifted.by}`, lifted.reason]);
  rows.push(["first seen", instantText(firstSeen)]);
  if (signingTime !== null) rows.push(["last list", `signed ${instantText(signingTime)}`]);
  if (waitsForApproval(publisher, quarantine)) {
    rows.push(["to approve", `cert-parser-runner trust approve ${keySha256.slice(0, 16)}`]);
  }
  return rows;
}

/** Whether an approval changes anything: for a forged list in quarantine, say, it does not. */
function waitsForApproval(
  { source, keySha256, state, revokedBy, lifted }: PublisherOverview,
  quarantine: readonly QuarantinedBundle[],
): boolean {
  if (state === "pinned" || (revokedBy !== null && lifted === null)) return true;
  return quarantine
    .filter((bundle) => bundle.source === source)
    .flatMap(({ judgment }) => judgment.objects)
    .filter(({ publisher }) => publisher?.keySha256 === keySha256)
    .some(({ reasons }) =>
      reasons.some(({ code, weight }) => weight === "pending" && publisherCodes.has(code)),
    );
}

function eventLines(event: TrustEvent): readonly string[] {
  const { at, kind, source, keySha256, previousKeySha256, bundleSha256, crlSha256, by, reason } = event;
  const who = by === null ? "" : ` by ${by}`;
  const where = source === "*" ? "" : `, source ${source}`;
  const subjects = [keySha256, previousKeySha256, keySha256 === null ? bundleSha256 : null, crlSha256];
  return [
    `${instantText(at)} ${eventTexts[kind]}${where}${who}`,
    ...subjects.flatMap((digest) => digest ?? []),
    ...(reason === null ? [] : [`"${reason}"`]),
  ];
}

const stateTexts: Readonly<Record<PublisherOverview["state"], string>> = {
  approved: "approved",
  pinned: "UNAPPROVED: trusted on first use, and not approved yet",
  retired: "retired: rolled over to another key, and signs no new list",
  revoked: "REVOKED: none of its lists is accepted",
  unknown: "UNKNOWN: its lists are quarantined",
};
const eventTexts: Readonly<Record<TrustEventKind, string>> = {
  anchored: "publisher under an anchor",
  approval: "publisher approved",
  "crl-dropped": "CRL no longer delivered; it still counts",
  discard: "bundle discarded",
  "first-use": "publisher trusted on first use",
  join: "keys joined",
  lift: "revocation lifted",
  "lift-ended": "revocation counts again",
  part: "keys parted",
  release: "bundle approved",
  revocation: "publisher revoked",
  rollover: "publisher rolled over",
  "source-added": "source added",
  "source-removal": "source removed",
  vouched: "publisher vouched for by another source",
};
const publisherCodes: ReadonlySet<string> = new Set(["LINK_REVOKED", "LINK_UNSEEN", "PUBLISHER_UNKNOWN"]);
const mostEvents = 20;

/**
 * A comparison in words and figures, and as a document: what `diff` shows.
 *
 * @module
 */

import {
  type Certificate,
  type CountryChange,
  type Edition,
  type EditionComparison,
  formatName,
  type LostIssuer,
  type NewPublisher,
  roleOf,
  toCertificateRecord,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { terminal } from "./bundle-text.ts";
import { instantText } from "./instant-text.ts";
import { alignRows, besideEachOther, cellsPerLine, cutList, type Row } from "./layout.ts";
import { type Column, tableLines } from "./text-table.ts";
import { certificateDocument } from "./verification-document.ts";

/** Writes a comparison. The names are what the user called the two sides. */
export function comparisonText(comparison: EditionComparison, oldName: string, newName: string): string {
  const { added, removed, byCountry, instant } = comparison;
  const expired = removed.filter((certificate) => isExpired(certificate, instant)).length;
  const rows: Row[] = [
    ["from", printable(oldName), ...editionLines(comparison.old)],
    ["to", printable(newName), ...editionLines(comparison.new)],
    ["publisher", ...publisherLines(comparison)],
    ["added", formatQuantity(added.length, "certificate"), ...cutList(added, mostShown, certificateLines)],
    [
      "removed",
      `${formatQuantity(removed.length, "certificate")}: ${formatCount(expired)} had expired by ` +
        `${instantText(instant)}, ${formatCount(removed.length - expired)} still valid`,
      ...cutList(removed, mostShown, (certificate) => removedLines(certificate, instant)),
      ...cutList(comparison.removedDigests, mostShown, (sha256) => [
        `held outside of signed lists: ${sha256}`,
      ]),
    ],
    ["lost issuers", ...lossLines(comparison.lostIssuers)],
    ["without CSCA", ...countryLossLines(comparison)],
  ];
  if (byCountry.length > 0) rows.push(["by country", ...countryLines(byCountry)]);
  return alignRows(rows, terminal);
}

/** What names a side in JSON. */
export interface SideDocument {
  readonly kind: string;
  readonly sha256: string | null;
}

/** The same, ready for JSON. */
export function comparisonDocument(
  comparison: EditionComparison,
  oldSide: SideDocument,
  newSide: SideDocument,
): unknown {
  const { instant, added, removed, byCountry, lostIssuers, lostCountries, newPublishers } = comparison;
  return {
    old: editionDocument(oldSide, comparison.old),
    new: editionDocument(newSide, comparison.new),
    at: instantText(instant),
    added: added.map(listedDocument),
    removed: removed.map((certificate) => ({
      ...listedDocument(certificate),
      expired: isExpired(certificate, instant),
    })),
    removedDigests: comparison.removedDigests,
    byCountry,
    lostIssuers: lostIssuers.map(({ link, issuer }) => ({
      link: listedDocument(link),
      issuer: listedDocument(issuer),
    })),
    lostCountries,
    newPublishers: newPublishers.map(({ keySha256, country, subject, rollover }) => ({
      keySha256,
      country,
      subject,
      rollover: rollover && {
        from: rollover.from,
        to: rollover.to,
        links: rollover.links.map(certificateDocument),
      },
    })),
  };
}

function editionDocument({ kind, sha256 }: SideDocument, { certificates, signingTime, publishers }: Edition) {
  return {
    kind,
    sha256,
    signingTime: signingTime && instantText(signingTime),
    distinct: certificates.length,
    publishers: publishers.map(({ keySha256, country, subject }) => ({ keySha256, country, subject })),
  };
}

function listedDocument(certificate: Certificate) {
  return { ...certificateDocument(certificate), country: toCertificateRecord(certificate).country };
}

function editionLines({ certificates, signingTime, publishers }: Edition): readonly string[] {
  const signed = signingTime === null ? "no signing time" : `signed ${instantText(signingTime)}`;
  const by = publishers.length === 0 ? ["no signature is good"] : publishers.map(publisherText);
  return [`${formatQuantity(certificates.length, "certificate")}, ${signed}`, ...by];
}

function publisherText({ subject }: { readonly subject: string }): string {
  return `by ${subject}`;
}

function publisherLines(comparison: EditionComparison): readonly string[] {
  const { newPublishers } = comparison;
  if (comparison.new.publishers.length === 0) return ["no signature of the new list is good"];
  if (newPublishers.length === 0) return ["the same"];
  return newPublishers.flatMap(changedLines);
}

function changedLines({ subject, keySha256, rollover }: NewPublisher): readonly string[] {
  const how =
    rollover === null
      ? "no link leads to its key:"
      : `over ${formatQuantity(rollover.links.length, "link certificate")}, to the key`;
  return [`CHANGED to ${subject}`, how, keySha256];
}

function isExpired({ notAfter }: Certificate, instant: Date): boolean {
  return notAfter < instant;
}

function certificateLines(certificate: Certificate): readonly string[] {
  return [`${roleOf(certificate)}: ${formatName(certificate.subject)}`, certificate.sha256];
}

function removedLines(certificate: Certificate, instant: Date): readonly string[] {
  const state = isExpired(certificate, instant) ? "expired" : "VALID";
  const until = certificate.notAfter.toISOString().slice(0, 10);
  return [
    `${state} (${until}), ${roleOf(certificate)}: ${formatName(certificate.subject)}`,
    certificate.sha256,
  ];
}

function lossLines(lostIssuers: readonly LostIssuer[]): readonly string[] {
  if (lostIssuers.length === 0) return ["none"];
  return [
    `${formatQuantity(lostIssuers.length, "certificate")} whose issuer only the old list has:`,
    ...cutList(lostIssuers, mostShown, ({ link }) => certificateLines(link)),
  ];
}

function countryLossLines({ lostCountries }: EditionComparison): readonly string[] {
  if (lostCountries.length === 0) return ["none"];
  return lostCountries.map(
    ({ country, because }) =>
      `${country}: its last valid CSCA certificate ${because === "expired" ? "expired" : "was removed"}`,
  );
}

function countryLines(byCountry: readonly CountryChange[]): readonly string[] {
  const columns: Column[] = [
    ["", "left"],
    ["added", "right"],
    ["removed", "right"],
    ["expired", "right"],
  ];
  const rows = byCountry.map(({ country, added, removed, removedExpired }) => [
    country ?? "none",
    ...[added, removed, removedExpired].map((count) => (count === 0 ? "." : String(count))),
  ]);
  const [head = "", ...lines] = tableLines(columns, rows, longestName);
  const across = Math.min(lines.length, cellsPerLine(head, tableWidth));
  return [
    ...besideEachOther(Array<string>(across).fill(head), tableWidth),
    ...besideEachOther(lines, tableWidth),
  ];
}

const mostShown = 20;
const longestName = 12;
const tableWidth = 64;

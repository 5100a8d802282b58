/**
 * The CRLs of a file.
 *
 * @module
 */

import type { BundleDescription, CrlDescription } from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { algorithmName } from "./algorithm-names.ts";
import { andMore, type Row } from "./layout.ts";
import { type Column, tableLines } from "./text-table.ts";

/** A paragraph for each of a few CRLs, a table of more. */
export function crlRows({ revocationLists }: BundleDescription): readonly Row[] {
  if (revocationLists.length <= mostInWords) return revocationLists.map(crlRow);
  const shown = revocationLists.slice(0, mostInTable);
  const more = revocationLists.length - shown.length;
  return [
    ["each CRL", ...tableLines(columns, shown.map(cells), longestCell), ...(more > 0 ? [andMore(more)] : [])],
  ];
}

function crlRow(crl: CrlDescription): Row {
  const next = crl.nextUpdate === null ? "which says no next update" : `next update ${crl.nextUpdate}`;
  const number = crl.crlNumber === null ? "without a number" : `number ${crl.crlNumber}`;
  return [
    "CRL",
    `of ${crl.issuer}`,
    `${number}, version ${crl.version}, signed with ${algorithmName(crl.signatureAlgorithm)}`,
    `this update ${crl.thisUpdate}, ${next}`,
    scopes[crl.scope],
    `revokes ${formatQuantity(crl.revokedCertificates, "certificate")}${reasonsText(crl)}`,
  ];
}

function reasonsText({ reasons }: CrlDescription): string {
  const { none, ...given } = reasons;
  const counted = Object.entries(given).sort(([, a], [, b]) => b - a);
  if (counted.length === 0) return none === undefined ? "" : ", giving no reasons";
  const texts = counted.map(([reason, count]) => `${reason} ${count}`);
  return `: ${[...texts, ...(none === undefined ? [] : [`no reason ${none}`])].join(", ")}`;
}

function cells(crl: CrlDescription): readonly string[] {
  const day = (time: string | null) => time?.slice(0, "YYYY-MM-DD".length) ?? "none";
  return [
    crl.country ?? "none",
    crl.crlNumber ?? "none",
    day(crl.thisUpdate),
    day(crl.nextUpdate),
    crl.scope,
    String(crl.revokedCertificates),
  ];
}

const scopes: Readonly<Record<CrlDescription["scope"], string>> = {
  full: "covers all certificates of its issuer",
  delta: "is a delta: what changed since another CRL",
  indirect: "covers certificates of other issuers too",
  partial: "covers some certificates or reasons only",
  unknown: "which certificates it covers cannot be told",
};

const columns: readonly Column[] = [
  ["country", "left"],
  ["number", "right"],
  ["updated", "left"],
  ["next", "left"],
  ["scope", "left"],
  ["entries", "right"],
];
const mostInWords = 3;
const mostInTable = 200;
// A date has ten.
const longestCell = 12;

/**
 * The certificates of each country, by role.
 *
 * @module
 */

import type { BundleDescription, CertificateRole, CountryCount } from "cert-parser-core";
import { andMore, besideEachOther, cellsPerLine } from "./layout.ts";
import { type Column, tableLines } from "./text-table.ts";

/** A line for each country, several beside each other where they fit. */
export function countryTable({ byCountry, roles, expired }: BundleDescription): readonly string[] {
  const shown = byCountry.slice(0, mostCountries);
  const present = roleColumns.filter(([role]) => roles[role] !== undefined);
  const columns: Column[] = [
    ["", "left"],
    ...present.map(([, head]): Column => [head, "right"]),
    ...(expired ? [["expired", "right"] as const] : []),
  ];
  const [head = "", ...lines] = tableLines(
    columns,
    shown.map((country) => cells(country, present, expired)),
    longestName,
  );
  const across = Math.min(lines.length, cellsPerLine(head, tableWidth));
  return [
    ...besideEachOther(Array<string>(across).fill(head), tableWidth),
    ...besideEachOther(lines, tableWidth),
    ...(byCountry.length > shown.length ? [andMore(byCountry.length - shown.length)] : []),
  ];
}

function cells(
  { country, roles, expired }: CountryCount,
  present: readonly RoleColumn[],
  anyExpired: number | null,
): readonly string[] {
  return [
    country ?? "none",
    ...present.map(([role]) => figure(roles[role] ?? 0)),
    ...(anyExpired ? [figure(expired ?? 0)] : []),
  ];
}

/** A dot for nothing: it is where the eye should not stop. */
function figure(count: number): string {
  return count === 0 ? "." : String(count);
}

type RoleColumn = readonly [role: CertificateRole, head: string];

const roleColumns: readonly RoleColumn[] = [
  ["csca", "roots"],
  ["link", "links"],
  ["dsc", "DSC"],
  ["ml-signer", "ML"],
  ["dl-signer", "DL"],
  ["vds-signer", "VDS"],
  ["unknown", "other"],
];

// There are some 200 states; whoever writes more has made them up.
const mostCountries = 240;
const longestName = 12;
const tableWidth = 64;

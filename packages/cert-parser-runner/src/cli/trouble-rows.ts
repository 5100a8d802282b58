/**
 * What could not be read, and what reading noticed.
 *
 * @module
 */

import type {
  BundleDescription,
  Finding,
  FindingExample,
  Rejection,
  RejectionSummary,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { partNames, partPlace } from "../log/part-names.ts";
import { cutList, type Row } from "./layout.ts";
import { originText } from "./object-rows.ts";

/** The rejected parts; then the findings by code, each with one example. */
export function troubleRows({ rejected, findings, findingExamples }: BundleDescription): readonly Row[] {
  const found = Object.entries(findings).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  return [
    ["rejected", ...(rejected.length === 0 ? ["none"] : cutList(rejected, mostRejections, rejectionLines))],
    [
      "findings",
      ...(found.length === 0 ? ["none"] : [`${formatCount(total)}, with the first of each code:`]),
      ...found.flatMap(([code, count]) => {
        const example = findingExamples[code as keyof typeof findingExamples];
        return findingLines(`${code} ${formatCount(count)}`, example);
      }),
    ],
  ];
}

/** Where a rejected part is, and why it was. */
export function rejectionRow(rejection: Rejection): Row {
  const { der, origin = null, ...summary } = rejection;
  return ["rejected", ...rejectionLines({ ...summary, origin, bytes: der.length })];
}

/** The findings of one certificate or CRL, each with its place. */
export function findingsRow(findings: readonly Finding[]): Row {
  if (findings.length === 0) return ["findings", "none"];
  const lines = findings.flatMap(({ code, message, offset, clause }) => [
    `${code} at byte ${offset} (${clause})`,
    `  ${message}`,
  ]);
  return ["findings", ...lines];
}

function rejectionLines(rejection: RejectionSummary): readonly string[] {
  const { kind, index, offset, bytes, reason } = rejection;
  const place = reason.path === undefined ? "" : ` in ${reason.path}`;
  return [
    `${partNames[kind]} ${index} ${partPlace(rejection)}, ${formatQuantity(bytes, "byte")} at offset ${offset}:`,
    `  ${reason.code}: ${reason.message}${place}, at byte ${reason.offset}`,
  ];
}

function findingLines(head: string, example: FindingExample | undefined): readonly string[] {
  if (example === undefined) return [head];
  return [
    `${head}  (${example.clause})`,
    `  ${exampleName(example)}: ${example.message}, at byte ${example.offset}`,
  ];
}

/** As `--certificate` and `--crl` take it. */
function exampleName({ part, position, sha256, origin }: FindingExample): string {
  const place = origin === null ? "" : ` in ${originText(origin)}`;
  if (part === "file") return "the file";
  if (part === "list") return `the list${place}`;
  return `${partNames[part]} ${position} (${sha256?.slice(0, 16)})`;
}

const mostRejections = 20;

/**
 * Keeps the tables of `docs/metrics.md` in step with the code; run as a program it writes them.
 *
 * ```sh
 * node --conditions=cert-parser-source packages/cert-parser-runner/test/metrics/metrics-document.ts
 * ```
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import {
  type MetricRow,
  processMetricRows,
  runMetricRows,
  stateMetricRows,
} from "../../src/metrics/metric-table.ts";
import { readRules } from "./rules.ts";

const file = new URL("../../../../docs/metrics.md", import.meta.url);

/** The document as it is. */
export function readDocument(): string {
  return readFileSync(file, "utf8");
}

/** The document as it should be: what stands between the marks `begin NAME` and `end NAME` is made anew. */
export function renewTables(document: string): string {
  return Object.entries(tables).reduce((text, [name, render]) => {
    const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/metrics.md has no place for ${name}`);
    return `${text.slice(0, from + begin.length)}\n${render()}\n${text.slice(to)}`;
  }, document);
}

const tables: Readonly<Record<string, () => string>> = {
  runs: () => metricRows(Object.values(runMetricRows)),
  state: () => metricRows(Object.values(stateMetricRows)),
  process: () => metricRows(processMetricRows),
  alerts: alertRows,
};

function metricRows(rows: readonly MetricRow[]): string {
  return table(
    ["metric", "type", "labels", "meaning"],
    rows.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      help,
    ]),
  );
}

function alertRows(): string {
  const rules = readRules().spec.groups.flatMap((group) => group.rules);
  return table(
    ["alert", "severity", "for", "expression"],
    rules.map(({ alert, labels, for: duration = "", expr }) => [
      `[${alert}](#${alert.toLowerCase()})`,
      labels.severity ?? "",
      duration,
      `\`${expr}\``,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

if (import.meta.main) writeFileSync(file, renewTables(readDocument()));

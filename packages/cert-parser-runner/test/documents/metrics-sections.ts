/**
 * The tables of `docs/metrics.md`.
 *
 * @module
 */

import {
  type MetricRow,
  processMetricRows,
  runMetricRows,
  stateMetricRows,
} from "../../src/metrics/metric-table.ts";
import { readRules } from "../metrics/rules.ts";
import { code, codes, type Sections, table } from "./markdown.ts";

export const metricsSections: Sections = {
  runs: () => metricRows(Object.values(runMetricRows)),
  state: () => metricRows(Object.values(stateMetricRows)),
  process: () => metricRows(processMetricRows),
  alerts: alertRows,
};

function metricRows(rows: readonly MetricRow[]): string {
  return table(
    ["metric", "type", "labels", "meaning"],
    rows.map(({ name, type, labels, help }) => [code(name), type, codes(labels), help]),
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
      code(expr),
    ]),
  );
}

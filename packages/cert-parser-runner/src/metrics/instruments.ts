/**
 * Makes counters, gauges and histograms from rows of the table: with `process-metrics.ts` the only door to prom-client.
 *
 * @module
 */

import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MetricRow } from "./metric-table.ts";

/** Makes a counter. Without labels it is at 0 from the start. */
export function counter<Label extends string>(registry: Registry, row: MetricRow<Label>): Counter<Label> {
  return new Counter({ ...namesOf(row), registers: [registry] });
}

/** Makes a gauge. Without labels it is absent until it is set. */
export function gauge<Label extends string>(registry: Registry, row: MetricRow<Label>): Gauge<Label> {
  const made = new Gauge({ ...namesOf(row), registers: [registry] });
  // prom-client lets one without labels begin at 0, which would pass for a measurement.
  if (row.labels.length === 0) made.remove();
  return made;
}

/** Makes a histogram with the buckets of its row. */
export function histogram<Label extends string>(registry: Registry, row: MetricRow<Label>): Histogram<Label> {
  const buckets = row.buckets === undefined ? {} : { buckets: [...row.buckets] };
  return new Histogram({ ...namesOf(row), ...buckets, registers: [registry] });
}

function namesOf<Label extends string>({ name, help, labels }: MetricRow<Label>) {
  return { name, help, labelNames: [...labels] };
}

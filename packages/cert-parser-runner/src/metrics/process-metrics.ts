/**
 * Figures of the process and its runtime, as far as that has them.
 *
 * @module
 */

import { collectDefaultMetrics, type Registry } from "prom-client";
import { processMetricRows } from "./metric-table.ts";

/** Adds the documented figures of the process. Deno and Bun lack some of them; those are left out there. */
export function addProcessMetrics(registry: Registry): void {
  const others = new Set(registry.getMetricsAsArray().map(({ name }) => name));
  try {
    collectDefaultMetrics({ register: registry });
  } catch {
    // What the runtime refused is missing; what was added before it stays.
  }
  // The runtime's version is not for everyone; of the rest, some come from private interfaces, some are NaN now and then.
  const wanted = new Set(processMetricRows.map(({ name }) => name));
  for (const { name } of registry.getMetricsAsArray()) {
    if (!others.has(name) && !wanted.has(name)) registry.removeSingleMetric(name);
  }
}

/**
 * What Prometheus may know of the service: nothing here is secret, and no label grows without bound.
 *
 * @module
 */

import type { SyncEvent } from "cert-parser-core";
import { Registry } from "prom-client";
import type { MetricsState } from "./metrics-state.ts";
import { addProcessMetrics } from "./process-metrics.ts";
import { createRunMetrics } from "./run-metrics.ts";
import { createStateMetrics } from "./state-metrics.ts";

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  /** The time, for ages. Default: the system's. */
  readonly now?: () => Date;
}

/** The metrics of one service. */
export interface Metrics {
  /** Counts an event of a run. */
  observe(event: SyncEvent): void;
  /** Counts an attempt of the download that failed and is made again. */
  retried(event: { readonly step: string; readonly reason: string }): void;
  /** Sets the gauges from what is stored, to be called before each scrape. */
  describe(state: MetricsState): void;
  /** The answer to a scrape, in Prometheus's text format 0.0.4. */
  text(): Promise<MetricsText>;
}

/** An exposition and its media type. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Makes the metrics, in a registry of their own.
 *
 * One is enough for a process: the figures of the process are sampled for as long as it lives.
 */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { now = () => new Date() } = options;
  const registry = new Registry();
  const runs = createRunMetrics(registry, now);
  const state = createStateMetrics(registry, now);
  addProcessMetrics(registry);
  return {
    observe: runs.observe,
    retried: runs.retried,
    describe: state.describe,
    async text() {
      state.refresh();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

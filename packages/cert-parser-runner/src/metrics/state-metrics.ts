/**
 * Shows what the store holds and the service does, as of the moment of the scrape.
 *
 * @module
 */

import type { Registry } from "prom-client";
import { createBoundedLabel, otherValue } from "./bounded-label.ts";
import { counter, gauge } from "./instruments.ts";
import { stateMetricRows } from "./metric-table.ts";
import type { CertificateCount, MetricsState, StoredFigures, TrustFigures } from "./metrics-state.ts";

/** Sets the gauges from a state. */
export interface StateMetrics {
  describe(state: MetricsState): void;
  /** Brings ages and what is left of a validity up to the present. */
  refresh(): void;
}

/** Makes the gauges of the state. Until the first state is described there is none but `cert_parser_up`. */
export function createStateMetrics(registry: Registry, now: () => Date): StateMetrics {
  const gauges = createGauges(registry);
  gauges.up.set(1);
  let shown: StoredFigures | null = null;

  return {
    describe({ statistics, storeReachable, schedulerRunning, nextRun, intervalMs = null }) {
      gauges.storeReachable.set(Number(storeReachable));
      gauges.schedulerRunning.set(Number(schedulerRunning));
      if (nextRun === null) gauges.nextRun.remove();
      else gauges.nextRun.set(nextRun.getTime() / 1000);
      if (intervalMs === null) gauges.interval.remove();
      else gauges.interval.set(intervalMs / 1000);
      // An alert must not go away because the store has: without figures the last ones stay.
      if (statistics === null) return;
      showFigures(gauges, statistics);
      shown = statistics;
    },
    refresh: () => shown !== null && showAges(gauges, shown, now().getTime()),
  };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const rows = stateMetricRows;
  const country = createBoundedLabel(maxCountries);
  const role = createBoundedLabel(maxCodes);
  const code = createBoundedLabel(maxCodes);
  const source = createBoundedLabel(maxSources);
  return {
    label: { country, role, code, source },
    up: gauge(registry, rows.up),
    storeReachable: gauge(registry, rows.storeReachable),
    schedulerRunning: gauge(registry, rows.schedulerRunning),
    nextRun: gauge(registry, rows.nextRun),
    interval: gauge(registry, rows.interval),
    certificates: gauge(registry, rows.certificates),
    certificatesExpired: gauge(registry, rows.certificatesExpired),
    certificatesExpiring: gauge(registry, rows.certificatesExpiring),
    crls: gauge(registry, rows.crls),
    revoked: gauge(registry, rows.revoked),
    crlExpiry: gauge(registry, rows.crlExpiry),
    rejections: gauge(registry, rows.rejections),
    findings: gauge(registry, rows.findings),
    recordedRuns: counter(registry, rows.recordedRuns),
    unapprovedPublishers: gauge(registry, rows.unapprovedPublishers),
    unverifiedCertificates: gauge(registry, rows.unverifiedCertificates),
    unsignedCertificates: gauge(registry, rows.unsignedCertificates),
    quarantinedBundles: gauge(registry, rows.quarantinedBundles),
    lastRollover: gauge(registry, rows.lastRollover),
    sourceCertificates: gauge(registry, rows.sourceCertificates),
    listAge: gauge(registry, rows.listAge),
    lastAcceptedAge: gauge(registry, rows.lastAcceptedAge),
    signerExpiry: gauge(registry, rows.signerExpiry),
    anchorExpiry: gauge(registry, rows.anchorExpiry),
  };
}

function showFigures(gauges: Gauges, figures: StoredFigures): void {
  const { label } = gauges;
  showCertificates(gauges, figures.certificates);
  gauges.certificatesExpired.set(figures.expiry.expired);
  gauges.certificatesExpiring.set({ within_days: "30" }, figures.expiry.within30Days);
  gauges.certificatesExpiring.set({ within_days: "90" }, figures.expiry.within90Days);
  gauges.certificatesExpiring.set({ within_days: "365" }, figures.expiry.within365Days);
  gauges.crls.set(figures.crls.count);
  gauges.revoked.set(figures.crls.revoked);
  showTrust(gauges, figures.trust);

  // What two values have in common under one label is added up, never overwritten.
  gauges.rejections.reset();
  for (const { code, count } of figures.rejections) gauges.rejections.inc({ code: label.code(code) }, count);
  gauges.findings.reset();
  for (const { code, count } of figures.findings) gauges.findings.inc({ code: label.code(code) }, count);
  gauges.recordedRuns.reset();
  for (const { outcome, stage, code, count } of figures.runs) {
    const labels = {
      outcome: label.code(outcome),
      stage: label.code(stage ?? ""),
      code: label.code(code ?? ""),
    };
    gauges.recordedRuns.inc(labels, count);
  }
  gauges.sourceCertificates.reset();
  for (const { source, certificates } of figures.sources) {
    gauges.sourceCertificates.inc({ source: label.source(source) }, certificates);
  }
}

function showTrust(gauges: Gauges, trust: TrustFigures): void {
  gauges.unapprovedPublishers.set(trust.unapprovedPins);
  gauges.unverifiedCertificates.set(trust.unverifiedCertificates);
  gauges.unsignedCertificates.set(trust.unsignedCertificates);
  gauges.quarantinedBundles.set({ outcome: "refused" }, trust.refusedBundles);
  gauges.quarantinedBundles.set({ outcome: "pending" }, trust.pendingBundles);
  if (trust.lastRollover === null) gauges.lastRollover.remove();
  else gauges.lastRollover.set(trust.lastRollover.getTime() / 1000);
}

/** The countries with most certificates come first to a label of their own: there are some 200 in the world. */
function showCertificates({ certificates, label }: Gauges, counts: readonly CertificateCount[]): void {
  certificates.reset();
  for (const { country, role, count } of counts.toSorted((a, b) => b.count - a.count)) {
    certificates.inc({ country: label.country(country ?? ""), role: label.role(role) }, count);
  }
}

function showAges(gauges: Gauges, { crls, sources }: StoredFigures, nowMs: number): void {
  if (crls.earliestNextUpdate === null) gauges.crlExpiry.remove();
  else gauges.crlExpiry.set((crls.earliestNextUpdate.getTime() - nowMs) / 1000);

  const byLabel = new Map(sources.map((figures) => [gauges.label.source(figures.source), figures]));
  for (const each of [gauges.listAge, gauges.lastAcceptedAge, gauges.signerExpiry, gauges.anchorExpiry]) {
    each.reset();
  }
  for (const [source, figures] of byLabel) {
    // Many sources under one label have no age in common.
    if (source === otherValue) continue;
    const { signingTime, lastAccepted, signerNotAfter, anchorNotAfter } = figures;
    if (signingTime !== null) gauges.listAge.set({ source }, (nowMs - signingTime.getTime()) / 1000);
    if (lastAccepted !== null)
      gauges.lastAcceptedAge.set({ source }, (nowMs - lastAccepted.getTime()) / 1000);
    if (signerNotAfter !== null)
      gauges.signerExpiry.set({ source }, (signerNotAfter.getTime() - nowMs) / 1000);
    if (anchorNotAfter !== null)
      gauges.anchorExpiry.set({ source }, (anchorNotAfter.getTime() - nowMs) / 1000);
  }
}

// ISO 3166 has 249 countries, Doc 9303 some more, and lists write whatever they like.
const maxCountries = 300;
// Closed sets of a dozen or two, some of which the store gives back as text.
const maxCodes = 100;
// The service has one source; the command line may add others by name.
const maxSources = 50;

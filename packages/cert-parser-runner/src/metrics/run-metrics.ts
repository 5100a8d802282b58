/**
 * Counts what the runs of this process do, event by event.
 *
 * @module
 */

import type { BundleJudgment, RunReport, SyncError, SyncEvent, VerificationCode } from "cert-parser-core";
import type { Registry } from "prom-client";
import { createBoundedLabel } from "./bounded-label.ts";
import { counter, gauge, histogram } from "./instruments.ts";
import { runMetricRows } from "./metric-table.ts";

/** Takes events of runs, one run at a time. */
export interface RunMetrics {
  observe(event: SyncEvent): void;
  retried(event: { readonly step: string; readonly reason: string }): void;
}

/** Makes the metrics of runs. Counters begin at zero for whatever can be foreseen, so that a first rise is seen as one. */
export function createRunMetrics(registry: Registry, now: () => Date): RunMetrics {
  const instruments = createInstruments(registry);
  const reasons = createBoundedLabel(maxReasons);

  const ended = (outcome: Outcome, stopped: { stage: string; code: string }, durationMs: number) => {
    instruments.runInProgress.set(0);
    instruments.runs.inc({ outcome, stage: stopped.stage, code: stopped.code });
    instruments.runDuration.observe({ outcome }, durationMs / 1000);
    instruments.lastRun.set({ outcome }, now().getTime() / 1000);
    if (outcome === "applied" || outcome === "partial" || outcome === "unchanged")
      instruments.consecutiveFailures.set(0);
    else if (outcome !== "cancelled") instruments.consecutiveFailures.inc();
  };

  return {
    observe(event) {
      switch (event.type) {
        case "pipeline.started":
          return instruments.runInProgress.set(1);
        case "stage.started":
        case "stage.progress":
          return undefined;
        case "stage.completed":
          return observeStage(instruments, event);
        case "part.rejected": {
          const { kind, reason } = event.rejection;
          return instruments.lastRunRejections.inc({ kind, code: reason.code });
        }
        case "pipeline.completed":
          showFindings(instruments, event.report);
          if (event.report.judgment !== null) countRefusals(instruments, event.report.judgment);
          return ended(completedOutcome(event.report), { stage: "", code: "" }, event.report.durationMs);
        case "pipeline.failed":
          if (event.error.judgment !== undefined) countRefusals(instruments, event.error.judgment);
          return ended(failedOutcome(event.error), event.error, event.durationMs);
      }
    },
    retried: ({ step, reason }) => instruments.retries.inc({ step, reason: reasons(reason) }),
  };
}

type Outcome = RunReport["outcome"] | "partial" | "pending" | "refused" | "failed" | "cancelled";
type Instruments = ReturnType<typeof createInstruments>;

function createInstruments(registry: Registry) {
  const rows = runMetricRows;
  const instruments = {
    runs: counter(registry, rows.runs),
    runDuration: histogram(registry, rows.runDuration),
    stageDuration: histogram(registry, rows.stageDuration),
    runInProgress: gauge(registry, rows.runInProgress),
    consecutiveFailures: gauge(registry, rows.consecutiveFailures),
    lastRun: gauge(registry, rows.lastRun),
    downloadedBytes: counter(registry, rows.downloadedBytes),
    notModified: counter(registry, rows.notModified),
    retries: counter(registry, rows.retries),
    refusals: counter(registry, rows.refusals),
    lastRunRejections: gauge(registry, rows.lastRunRejections),
    lastRunFindings: gauge(registry, rows.lastRunFindings),
  };
  instruments.runInProgress.set(0);
  instruments.consecutiveFailures.set(0);
  for (const [outcome, stage, code] of foreseenEnds) instruments.runs.inc({ outcome, stage, code }, 0);
  for (const outcome of new Set(foreseenEnds.map(([first]) => first)))
    instruments.runDuration.zero({ outcome });
  for (const stage of stages) instruments.stageDuration.zero({ stage });
  for (const code of foreseenRefusals) instruments.refusals.inc({ code }, 0);
  return instruments;
}

function observeStage(
  { stageDuration, downloadedBytes, notModified, lastRunRejections }: Instruments,
  { stage, durationMs, figures }: SyncEvent & { type: "stage.completed" },
): void {
  stageDuration.observe({ stage }, durationMs / 1000);
  if (stage === "download" && figures.modified === false) notModified.inc();
  if (stage === "download") downloadedBytes.inc(Number(figures.bytes ?? 0));
  // The bundle was read: what was rejected in the one before no longer counts. Rejections are told after this.
  if (stage === "parse") lastRunRejections.reset();
}

/** A run that was told of no newer bundle read none, and what was found in the last one still holds. */
function showFindings({ lastRunFindings }: Instruments, { bundle }: RunReport): void {
  if (bundle === null) return;
  lastRunFindings.reset();
  for (const [code, count] of Object.entries(bundle.findings)) lastRunFindings.set({ code }, count ?? 0);
}

/** Each code once for each object; those of the bundle as a whole only if no object has them. */
function countRefusals({ refusals }: Instruments, { reasons, objects }: BundleJudgment): void {
  const open = objects.filter(({ outcome }) => outcome !== "accepted");
  const ofObjects = open.map((object) => decisiveCodes(object.reasons));
  const said = new Set(ofObjects.flatMap((codes) => [...codes]));
  const ofWhole = [...decisiveCodes(reasons)].filter((code) => !said.has(code));
  for (const codes of [...ofObjects, ofWhole]) for (const code of codes) refusals.inc({ code });
}

function decisiveCodes(reasons: BundleJudgment["reasons"]): ReadonlySet<VerificationCode> {
  return new Set(reasons.filter(({ weight }) => weight !== "note").map(({ code }) => code));
}

function completedOutcome({ outcome, judgment }: RunReport): Outcome {
  return judgment?.outcome === "partial" ? "partial" : outcome;
}

function failedOutcome({ code, judgment }: SyncError): Outcome {
  if (code === "CANCELLED") return "cancelled";
  if (judgment?.outcome === "refused") return "refused";
  return judgment?.outcome === "pending" ? "pending" : "failed";
}

const stages = ["authenticate", "login", "download", "parse", "verify", "store"] as const;

/** Prometheus takes no notice of a counter's first value: these are there before they rise. */
const foreseenEnds: readonly (readonly [Outcome, string, string])[] = [
  ["applied", "", ""],
  ["partial", "", ""],
  ["unchanged", "", ""],
  ["pending", "verify", "TRUST_ERROR"],
  ["refused", "verify", "TRUST_ERROR"],
  ["failed", "authenticate", "AUTHENTICATION_ERROR"],
  ["failed", "authenticate", "EXTERNAL_SERVICE_ERROR"],
  ["failed", "login", "AUTHENTICATION_ERROR"],
  ["failed", "login", "EXTERNAL_SERVICE_ERROR"],
  ["failed", "download", "AUTHENTICATION_ERROR"],
  ["failed", "download", "EXTERNAL_SERVICE_ERROR"],
  ["failed", "parse", "PARSE_ERROR"],
  ["failed", "verify", "TRUST_ERROR"],
  ["failed", "store", "DATABASE_ERROR"],
];

const foreseenRefusals: readonly VerificationCode[] = [
  "ANCHOR_MISMATCH",
  "KEY_WITHDRAWN",
  "LINK_REVOKED",
  "LINK_UNSEEN",
  "LIST_TOO_OLD",
  "MESSAGE_DIGEST_MISMATCH",
  "PKD_VERSION_GAP",
  "PKD_VERSION_JUMP",
  "PUBLISHER_RETIRED",
  "PUBLISHER_UNKNOWN",
  "REPLAY",
  "ROLLBACK",
  "SHRINK",
  "SIGNATURE_INVALID",
  "SIGNER_EXPIRED",
  "SIGNING_TIME_IN_FUTURE",
  "TOO_FEW_CERTIFICATES",
  "UNSIGNED",
  "WEAK_ALGORITHM",
  "WORK_EXCEEDED",
];

// Statuses and faults of the download: some thirty are known.
const maxReasons = 100;

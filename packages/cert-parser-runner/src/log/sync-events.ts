/**
 * Turns the events of a run into log entries.
 *
 * @module
 */

import type {
  BundleJudgment,
  BundleSummary,
  Rejection,
  RunReport,
  Stage,
  StageFigures,
  SyncError,
  SyncEvent,
} from "cert-parser-core";
import { causeChain } from "./error-text.ts";
import { formatCount, formatDuration, formatQuantity } from "./figures.ts";
import type { LogFields, Logger } from "./logger.ts";
import { partNames, partPlace } from "./part-names.ts";

/** Gives the observer of a run. Every entry carries `execution_id`, `trigger` and `source`. */
export function logSyncEvents(logger: Logger): (event: SyncEvent) => void {
  return (event) => {
    const { executionId, trigger, source } = event;
    const log = logger.child({ execution_id: executionId, trigger, source });
    switch (event.type) {
      case "pipeline.started":
        return log.info("pipeline.started", `run started: source ${source}, trigger ${trigger}`);
      case "stage.started":
        return log.debug(`${stageNames[event.stage]}.started`, `${stageNames[event.stage]} started`, {
          stage: event.stage,
        });
      case "stage.progress":
        return log.progress(progressText(event.done, event.total));
      case "stage.completed":
        log.progress(null);
        return logStage(log, event);
      case "part.rejected":
        return logRejection(log, event.rejection);
      case "pipeline.completed":
        return logCompletion(log, event.report);
      case "pipeline.failed":
        log.progress(null);
        return logFailure(log, event.error, event.durationMs);
    }
  };
}

/** Where it stopped and why, as the last line of a run that failed. */
export function failureText({ code, reason, stage, message }: SyncError): string {
  return `${code} (${reason}) at stage ${stage}: ${message}`;
}

/** What a run found that had nothing to do. */
export function unchangedText({ bundle }: RunReport): string {
  if (bundle === null) return "unchanged: the service has no newer list than the one held";
  const signingTime = bundle.signers[0]?.signingTime ?? null;
  return signingTime === null
    ? "unchanged: the list is the one held"
    : `unchanged: the list is the one of ${signingTime}`;
}

/** Whether signatures were verified: not with TRUST_MODE off, and null if nothing was judged. */
export function signaturesVerified(judgment: BundleJudgment | null): boolean | null {
  if (judgment === null || judgment.objects.length === 0) return null;
  return judgment.objects.every(({ reasons }) => reasons.every(({ code }) => code !== "SIGNATURE_UNCHECKED"));
}

/** How many objects went in, wait, and were refused. */
export function judgmentText({ objects }: BundleJudgment): string {
  const { accepted, pending, refused } = judgmentCounts(objects);
  const of = formatQuantity(objects.length, "object");
  return `${formatCount(accepted)} of ${of} accepted, ${formatCount(pending)} pending, ${formatCount(refused)} refused`;
}

function judgmentCounts(objects: BundleJudgment["objects"]) {
  const count = (outcome: string) => objects.filter((object) => object.outcome === outcome).length;
  return { accepted: count("accepted"), pending: count("pending"), refused: count("refused") };
}

function progressText(done: number, total: number | undefined): string {
  if (total === undefined || total <= 0) return `receiving: ${formatQuantity(done, "byte")}`;
  const percent = Math.min(100, Math.floor((done * 100) / total));
  const filled = Math.floor(percent / 5);
  const bar = `${"█".repeat(filled)}${"░".repeat(20 - filled)}`;
  return `receiving ${bar} ${String(percent).padStart(3)} % of ${formatQuantity(total, "byte")}`;
}

function logStage(log: Logger, event: SyncEvent & { type: "stage.completed" }): void {
  const { stage, durationMs, figures } = event;
  const name = stageNames[stage];
  const message = `${stageTexts[stage](figures)} (${formatDuration(durationMs)})`;
  const fields = { stage, duration_ms: durationMs, ...figures };
  if (stage === "verify" && figures.outcome !== "accepted") log.warning(`${name}.completed`, message, fields);
  else log.info(`${name}.completed`, message, fields);
}

function logRejection(log: Logger, rejection: Rejection): void {
  const { kind, foundIn, index, offset, origin, sha256, der, reason } = rejection;
  const place = reason.path === undefined ? "" : ` in ${reason.path}`;
  log.warning(
    `${kind}.rejected`,
    `${partNames[kind]} ${index} ${partPlace(rejection)} rejected: ${reason.code}: ${reason.message}${place}, at byte ${reason.offset}`,
    {
      index,
      found_in: foundIn,
      origin: origin?.name,
      offset,
      bytes: der.length,
      sha256,
      code: reason.code,
      reason_offset: reason.offset,
      path: reason.path,
    },
  );
}

function logCompletion(log: Logger, report: RunReport): void {
  const { judgment, bundle } = report;
  const isWhole = judgment === null || judgment.outcome === "accepted";
  if (!isWhole) logUnaccepted(log, judgment, bundle?.sha256);
  const level = isWhole ? "info" : "warning";
  log[level]("pipeline.completed", completionText(report), completionFields(report));
}

/** A line for each object that waits or was refused. */
function logUnaccepted(log: Logger, { objects }: BundleJudgment, bundleSha256: string | undefined): void {
  for (const [index, { outcome, reasons, evidence }] of objects.entries()) {
    if (outcome === "accepted") continue;
    const decisive = reasons.filter(
      ({ weight }) => weight === (outcome === "refused" ? "refusal" : "pending"),
    );
    const publisher = evidence?.publisher ?? null;
    const name = publisher === null ? `object ${index + 1}` : `list of ${publisher.subject}`;
    const why = decisive.map(({ code, message }) => `${code}: ${message}`).join("; ");
    log.warning("object.unaccepted", `${name} ${outcome}: ${why}`, {
      index,
      outcome,
      codes: decisive.map(({ code }) => code),
      publisher: publisher?.keySha256,
      country: publisher?.country,
      bundle_sha256: bundleSha256,
    });
  }
}

function completionText(report: RunReport): string {
  const { bundle, outcome, store, judgment, durationMs } = report;
  const took = formatDuration(durationMs);
  if (outcome === "unchanged") return `run completed: ${unchangedText(report)} (${took})`;
  const changes = `${formatCount(store.added)} added, ${formatCount(store.removed)} removed, ${formatCount(store.unchanged)} unchanged`;
  const part = judgment?.outcome === "partial" ? ` in part (${judgmentText(judgment)})` : "";
  return `run completed${part}: ${formatQuantity(bundle?.certificates ?? 0, "certificate")}: ${changes} (${took})`;
}

function completionFields({ bundle, outcome, store, judgment, durationMs }: RunReport): LogFields {
  return {
    outcome,
    duration_ms: durationMs,
    ...(bundle === null ? {} : bundleFields(bundle)),
    ...(judgment === null ? {} : judgmentFields(judgment)),
    added: store.added,
    removed: store.removed,
    unchanged: store.unchanged,
    new_to_store: store.newToStore,
    crls_added: store.crlsAdded,
    revoked_added: store.revokedAdded,
    rejections_added: store.rejectionsAdded,
  };
}

function judgmentFields(judgment: BundleJudgment): LogFields {
  const { accepted, pending, refused } = judgmentCounts(judgment.objects);
  return {
    judgment: judgment.outcome,
    objects_accepted: accepted,
    objects_pending: pending,
    objects_refused: refused,
    signatures_verified: signaturesVerified(judgment),
  };
}

function bundleFields(bundle: BundleSummary): LogFields {
  return {
    bundle_sha256: bundle.sha256,
    bytes: bundle.bytes,
    certificates: bundle.certificates,
    distinct: bundle.distinct,
    countries: bundle.countries.length,
    crls: bundle.crls,
    revoked: bundle.revoked,
    rejected: bundle.rejected.length,
    findings: Object.values(bundle.findings).reduce((total, count) => total + count, 0),
    signing_time: bundle.signers[0]?.signingTime ?? null,
  };
}

function logFailure(log: Logger, error: SyncError, durationMs: number): void {
  const { code, reason, stage, cause, judgment, bundleSha256 } = error;
  if (judgment !== undefined) logUnaccepted(log, judgment, bundleSha256);
  const fields = {
    stage,
    code,
    reason,
    duration_ms: durationMs,
    causes: causeChain(cause),
    ...(log.writes("DEBUG") && cause instanceof Error ? { stack: cause.stack } : {}),
  };
  // A run that was asked to stop did as it was told.
  if (code === "CANCELLED") log.warning("pipeline.failed", `run cancelled at stage ${stage}`, fields);
  else log.error("pipeline.failed", `run failed: ${failureText(error)}`, fields);
}

const stageNames = {
  authenticate: "authentication",
  login: "login",
  download: "download",
  parse: "parse",
  verify: "verification",
  store: "store",
} as const satisfies Readonly<Record<Stage, string>>;

const stageTexts: Readonly<Record<Stage, (figures: StageFigures) => string>> = {
  authenticate: () => "authenticated at the identity provider",
  login: () => "logged in at the service",
  download: ({ bytes, modified }) =>
    modified === false
      ? "the service has no newer list"
      : `received ${formatQuantity(Number(bytes), "byte")}`,
  parse: ({ certificates, crls, rejected }) =>
    `read ${formatQuantity(Number(certificates), "certificate")} and ${formatQuantity(Number(crls), "CRL")}, ${formatCount(Number(rejected))} rejected`,
  verify: ({ outcome, reasons }) => {
    const unchecked = String(reasons).split(" ").includes("SIGNATURE_UNCHECKED");
    const judged = outcome === "partial" ? "bundle accepted in part" : `bundle ${outcome}`;
    return unchecked ? `${judged}; its signatures were not verified` : judged;
  },
  store: ({ added, removed, unchanged }) =>
    `stored: ${formatCount(Number(added))} added, ${formatCount(Number(removed))} removed, ${formatCount(Number(unchanged))} unchanged`,
};

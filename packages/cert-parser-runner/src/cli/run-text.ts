/**
 * A run in words and figures, and as a document.
 *
 * @module
 */

import type { BundleJudgment, BundleSummary, RunReport } from "cert-parser-core";
import { formatCount, formatDuration, formatQuantity } from "../log/figures.ts";
import { partNames, partPlace } from "../log/part-names.ts";
import { judgmentText, signaturesVerified } from "../log/sync-events.ts";
import type { RunResult } from "../main.ts";
import { describeLocation, type StoreLocation } from "../store/database/store-location.ts";
import { judgmentDocument } from "../store/judgment-json.ts";
import type { FailureDetails } from "./failure.ts";
import { alignRows, type Row } from "./layout.ts";
import { verdictRows } from "./verdict-rows.ts";

/** Describes a run that reached its end. `file` is what the user called the file, where it was one. */
export function describeRun(report: RunReport, location: StoreLocation, file?: string): string {
  const name = file === undefined ? `${report.source}` : `${file} as ${report.source}`;
  return `\n${name}\n\n${alignRows(runRows(report, location))}`;
}

/** What a run did, as rows. */
export function runRows(report: RunReport, location: StoreLocation): readonly Row[] {
  const { bundle, store } = report;
  return [
    ...(bundle === null ? [["read", "nothing: the service has no newer list"] as Row] : bundleRows(bundle)),
    ...verdictRows(report),
    ["stored", changesText(report), describeLocation(location)],
    ["took", formatDuration(report.durationMs)],
    ...(store.crlsAdded > 0
      ? ([
          ["CRLs added", `${formatCount(store.crlsAdded)} with ${formatCount(store.revokedAdded)} entries`],
        ] as Row[])
      : []),
  ];
}

function bundleRows(bundle: BundleSummary): readonly Row[] {
  return [
    ["read", formatQuantity(bundle.bytes, "byte"), `SHA-256 ${bundle.sha256}`],
    [
      "found",
      `${formatQuantity(bundle.certificates, "certificate")}, ${formatCount(bundle.distinct)} distinct, ` +
        `of ${formatQuantity(bundle.countries.length, "country", "countries")}`,
      ...(bundle.crls === 0
        ? []
        : [
            `${formatQuantity(bundle.crls, "CRL")} with ${formatQuantity(bundle.revoked, "entry", "entries")}`,
          ]),
    ],
    ["rejected", ...rejectionTexts(bundle)],
  ];
}

/** A run as a document: the report, or where and why it stopped. */
export function runDocument(result: RunResult, file?: string): unknown {
  const from = file === undefined ? {} : { file };
  if (result.ok) {
    const { executionId, source, trigger, outcome, store, judgment, ...report } = result.value;
    const judged = { signaturesVerified: signaturesVerified(judgment) };
    const told = { ...report, judgment: judgment && judgmentDocument(judgment), store };
    return { executionId, source, trigger, ...from, outcome, ...judged, ...told };
  }
  const { executionId, source, trigger, stage, code, reason, message, judgment = null } = result.error;
  const { bundleSha256 = null, quarantined = false } = result.error;
  const error = {
    ...{ stage, code, reason, message },
    ...(judgment === null ? {} : { bundleSha256, quarantined, judgment: judgmentDocument(judgment) }),
  };
  const judged = { signaturesVerified: signaturesVerified(judgment) };
  return { executionId, source, trigger, ...from, outcome: "failed", ...judged, error };
}

/** Why a run that was applied in part has not succeeded. */
export function partialDetails(judgment: BundleJudgment): FailureDetails {
  const deciding = [...judgment.objects.flatMap(({ reasons }) => reasons), ...judgment.reasons].find(
    ({ weight }) => weight !== "note",
  );
  const message = `${judgmentText(judgment)}; what was accepted is stored`;
  return { code: "TRUST_ERROR", reason: deciding?.code ?? "REFUSED", stage: "verify", message };
}

function changesText({ store }: RunReport): string {
  const { added, removed, unchanged } = store;
  return `${formatCount(added)} added, ${formatCount(removed)} removed, ${formatCount(unchanged)} unchanged`;
}

function rejectionTexts({ rejected }: BundleSummary): readonly string[] {
  if (rejected.length === 0) return ["nothing"];
  const shown = rejected.slice(0, maxShown).map((each) => {
    const { kind, index, reason } = each;
    return `${partNames[kind]} ${index} ${partPlace(each)}: ${reason.code}: ${reason.message}`;
  });
  const more = rejected.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${formatCount(more)} more`];
}

// All of them are in the log, in the store and in --json.
const maxShown = 10;

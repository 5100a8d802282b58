/**
 * The pipeline: authenticate, log in, download, parse, verify, store. The first failure stops it, as a value.
 *
 * @module
 */

import type { Bundle, HeldBundle } from "../icao/bundle.ts";
import type { BundleJudgment } from "../policy/judgment.ts";
import type { Known, Validators } from "../policy/known.ts";
import { type BundleSummary, summariseBundle } from "../records/bundle-summary.ts";
import { err, ok, type Result } from "../result.ts";
import type { SyncEvent } from "./events.ts";
import { bundleFigures, downloadFigures, judgmentFigures, noFigures, storeFigures } from "./figures.ts";
import { lookUpRevocations } from "./look-up.ts";
import type {
  AuthenticatedSource,
  BundleParser,
  BundleSource,
  Clock,
  Confirmation,
  Download,
  DownloadProgress,
  PortError,
  PortResult,
  StoreReport,
  TrustPolicy,
  TrustStore,
} from "./ports.ts";
import { refusalOf } from "./refusal.ts";
import type { RunReport, SyncError } from "./report.ts";
import { attempt, type Run, type SyncOptions, stage, startRun } from "./run.ts";
import { takeSnapshot } from "./snapshot.ts";

/** What a run works with. */
export interface SyncPorts {
  /** With a login in two steps, or without. */
  readonly source: AuthenticatedSource | BundleSource;
  readonly parser: BundleParser;
  readonly policy: TrustPolicy;
  readonly store: TrustStore;
  readonly clock: Clock;
  /** Told of everything that happens. What it throws is dropped: a broken log must not stop a run. */
  readonly observe?: (event: SyncEvent) => void;
}

/** Runs the pipeline once. It never throws and never rejects. */
export async function sync(
  ports: SyncPorts,
  options: SyncOptions = {},
): Promise<Result<RunReport, SyncError>> {
  const run = startRun(ports, options);
  run.emit({ type: "pipeline.started" });
  const result = await runStages(ports, run);
  if (result.ok) run.emit({ type: "pipeline.completed", report: result.value });
  else run.emit({ type: "pipeline.failed", error: result.error, durationMs: run.elapsedMs() });
  return result;
}

async function runStages(ports: SyncPorts, run: Run): Promise<Result<RunReport, SyncError>> {
  const { identity, signal } = run;
  const state = await attempt(run, "store", () => ports.store.known(identity.source, signal));
  if (!state.ok) return state;
  const known = state.value;

  // What another policy accepted, or an operator releases, is judged anew. Without the bundle that they came with,
  // validators would only bring the answer that there is no other.
  const { release } = run;
  const isSettled =
    known.bundleSha256 !== null &&
    release === null &&
    known.isStale !== true &&
    isOfPolicy(known, ports.policy.fingerprint);
  const downloaded = await download(ports.source, run, isSettled ? known.validators : noValidators);
  if (!downloaded.ok) return downloaded;
  if (!downloaded.value.modified) return confirm(ports, run, known, null);
  const { bytes, validators } = downloaded.value;

  const parsed = await stage(run, "parse", () => ports.parser.parse(bytes, signal), bundleFigures);
  if (!parsed.ok) return parsed;
  const bundle: HeldBundle = { ...parsed.value, bytes };
  for (const rejection of bundle.objects.flatMap((object) => object.rejections)) {
    run.emit({ type: "part.rejected", rejection });
  }
  if (isSettled && bundle.sha256 === known.bundleSha256) {
    return confirm(ports, run, known, { bundle, validators });
  }

  const first = await judgeAndApply(ports, run, bundle, validators, known);
  if (first.ok || !isOvertaken(first.error)) return first;
  // Another run or an operator changed what it was judged by: judged anew, once.
  const now = await attempt(run, "store", () => ports.store.known(identity.source, signal));
  return now.ok ? judgeAndApply(ports, run, bundle, validators, now.value) : now;
}

async function judgeAndApply(
  ports: SyncPorts,
  run: Run,
  bundle: HeldBundle,
  validators: Validators,
  known: Known,
): Promise<Result<RunReport, SyncError>> {
  const { policy, store } = ports;
  const complete = await attempt(run, "store", () => lookUpRevocations(store, bundle, known, run.signal));
  if (!complete.ok) return complete;
  const judged = await stage(
    run,
    "verify",
    () => policy.judge(bundle, complete.value, run.signal),
    judgmentFigures,
  );
  if (!judged.ok) return judged;
  const judgment = judged.value;
  const refusal = refusalOf(judgment);
  if (refusal) return err(await setAside(ports, run, bundle, judgment, refusal));

  const stored = await stage(
    run,
    "store",
    () => applyBundle(ports, run, bundle, validators, known, judgment),
    (done) => storeFigures(done.report),
  );
  if (!stored.ok) return stored;
  const { summary, report } = stored.value;
  const quarantined =
    judgment.outcome === "partial" && (await quarantine(store, run, bundle, judgment, "pending"));
  return ok(finish(run, { outcome: "applied", bundle: summary, judgment, quarantined, store: report }));
}

function isOvertaken({ reason }: SyncError): boolean {
  return reason === "STORE_CHANGED";
}

function isOfPolicy({ policy }: Known, fingerprint: string | undefined): boolean {
  return policy === undefined || fingerprint === undefined || fingerprint === policy;
}

/** Ends a run of whose bundle nothing was accepted. That it could not be quarantined makes it no more acceptable. */
async function setAside(
  { store }: SyncPorts,
  run: Run,
  bundle: HeldBundle,
  judgment: BundleJudgment,
  refusal: PortError,
): Promise<SyncError> {
  const outcome = judgment.outcome === "refused" ? "refused" : "pending";
  const quarantined = await quarantine(store, run, bundle, judgment, outcome);
  return { ...run.identity, stage: "verify", ...refusal, judgment, bundleSha256: bundle.sha256, quarantined };
}

async function quarantine(
  store: TrustStore,
  run: Run,
  bundle: HeldBundle,
  judgment: BundleJudgment,
  outcome: "pending" | "refused",
): Promise<boolean> {
  const entry = { ...run.identity, observedAt: run.now(), bundle, outcome, judgment };
  if (store.quarantine === undefined) return false;
  const kept = await attempt(
    run,
    "verify",
    async () => store.quarantine?.(entry, run.signal) ?? ok(undefined),
  );
  return kept.ok;
}

/** What came down, and turned out to be held already. */
interface Repeated {
  readonly bundle: Bundle;
  readonly validators: Validators;
}

/** Ends a run that found what is held already; `repeated` is null where the service said so. */
async function confirm(
  { store }: SyncPorts,
  run: Run,
  { bundleSha256, listed }: Known,
  repeated: Repeated | null,
): Promise<Result<RunReport, SyncError>> {
  const report: StoreReport = { ...nothingChanged, unchanged: listed.size };
  const confirmation: Confirmation = {
    ...run.identity,
    startedAt: run.startedAt,
    observedAt: run.now(),
    bundleSha256: bundleSha256 ?? "",
    certificates: listed.size,
    validators: repeated?.validators ?? null,
  };
  const confirmed = await stage(
    run,
    "store",
    () => confirmBundle(store, repeated, confirmation, run.signal),
    () => storeFigures(report),
  );
  if (!confirmed.ok) return confirmed;
  const ended = {
    outcome: "unchanged",
    bundle: confirmed.value,
    judgment: null,
    quarantined: false,
  } as const;
  return ok(finish(run, { ...ended, store: report }));
}

/** As with a bundle that is applied, the summary is made before the store is touched. */
async function confirmBundle(
  store: TrustStore,
  repeated: Repeated | null,
  confirmation: Confirmation,
  signal: AbortSignal,
): PortResult<BundleSummary | null> {
  const summary = repeated && summariseBundle(repeated.bundle);
  const confirmed = await store.confirm(confirmation, signal);
  return confirmed.ok ? ok(summary) : confirmed;
}

function finish(
  run: Run,
  ended: Pick<RunReport, "bundle" | "judgment" | "outcome" | "quarantined" | "store">,
): RunReport {
  const finishedAt = run.now();
  const durationMs = finishedAt.getTime() - run.startedAt.getTime();
  return { ...run.identity, startedAt: run.startedAt, finishedAt, durationMs, ...ended };
}

async function download(
  source: SyncPorts["source"],
  run: Run,
  validators: Validators,
): Promise<Result<Download, SyncError>> {
  const { signal } = run;
  const progress: DownloadProgress = (done, total) =>
    run.emit({ type: "stage.progress", stage: "download", done, total });
  if ("read" in source) {
    return stage(run, "download", () => readSource(source, signal, progress), downloadFigures);
  }

  const access = await stage(run, "authenticate", () => source.accessTokens.acquire(signal), noFigures);
  if (!access.ok) return access;
  const accessToken = access.value;
  const sfc = await stage(run, "login", () => source.sfcTokens.acquire(accessToken, signal), noFigures);
  if (!sfc.ok) return sfc;
  const credentials = { accessToken, sfcToken: sfc.value };
  const { downloader } = source;
  return stage(
    run,
    "download",
    () => downloader.download(credentials, signal, progress, validators),
    downloadFigures,
  );
}

async function readSource(
  source: BundleSource,
  signal: AbortSignal,
  progress: DownloadProgress,
): PortResult<Download> {
  const read = await source.read(signal, progress);
  return read.ok ? ok({ modified: true, bytes: read.value, validators: noValidators }) : read;
}

/** Records and summary are made inside the stage, and before the store is touched: a fault in them is its failure. */
async function applyBundle(
  { store, policy }: SyncPorts,
  run: Run,
  bundle: HeldBundle,
  validators: Validators,
  known: Known,
  judgment: BundleJudgment,
): PortResult<{ readonly report: StoreReport; readonly summary: BundleSummary }> {
  const snapshot = takeSnapshot(bundle, known, {
    ...run.identity,
    startedAt: run.startedAt,
    observedAt: run.now(),
    validators,
    judgment,
    // What waits for an operator is judged again, however often it comes.
    policy: judgment.outcome === "accepted" ? (policy.fingerprint ?? null) : null,
    revision: known.revision ?? null,
    release: run.release,
  });
  const summary = summariseBundle(bundle);
  const applied = await store.apply(snapshot, run.signal);
  return applied.ok ? ok({ report: applied.value, summary }) : applied;
}

const noValidators: Validators = { etag: null, lastModified: null };
const nothingChanged: StoreReport = {
  added: 0,
  removed: 0,
  unchanged: 0,
  newToStore: 0,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};

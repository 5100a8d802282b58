/**
 * The pipeline: authenticate, log in, download, parse, verify, store. The first failure stops it, as a value.
 *
 * @module
 */

import type { Bundle } from "../icao/bundle.ts";
import { type BundleSummary, summariseBundle } from "../records/bundle-summary.ts";
import { err, ok, type Result } from "../result.ts";
import type { Judgement } from "../trust/policy.ts";
import type { Stage, StageFigures, SyncEvent } from "./events.ts";
import type {
  AuthenticatedSource,
  BundleParser,
  BundleSource,
  Clock,
  DownloadProgress,
  PortError,
  PortResult,
  StoreReport,
  SyncErrorCode,
  TrustPolicy,
  TrustStore,
} from "./ports.ts";
import type { RunReport, SyncError } from "./report.ts";
import { type SnapshotContext, takeSnapshot } from "./snapshot.ts";

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

/** Which run this is. */
export interface SyncOptions {
  /** Name of the source in the store; `default` if left out. */
  readonly source?: string;
  /** What started the run; `manual` if left out. */
  readonly trigger?: string;
  /** A UUID by default. */
  readonly executionId?: string;
  /** Cancels the run: it ends with the code `CANCELLED`, and the store as it was. */
  readonly signal?: AbortSignal;
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

interface Run {
  readonly identity: { readonly executionId: string; readonly source: string; readonly trigger: string };
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly elapsedMs: () => number;
  readonly emit: (event: EventBody) => void;
}

// Omit would merge the kinds of events into one that has only what they share.
type EventBody = SyncEvent extends infer Event
  ? Event extends SyncEvent
    ? Omit<Event, keyof Run["identity"]>
    : never
  : never;

function startRun({ clock, observe }: SyncPorts, options: SyncOptions): Run {
  const identity = {
    executionId: options.executionId ?? crypto.randomUUID(),
    source: options.source ?? "default",
    trigger: options.trigger ?? "manual",
  };
  const startedAt = clock.now();
  return {
    identity,
    startedAt,
    signal: options.signal ?? new AbortController().signal,
    now: () => clock.now(),
    elapsedMs: () => clock.now().getTime() - startedAt.getTime(),
    emit(event) {
      try {
        observe?.({ ...identity, ...event } as SyncEvent);
      } catch {
        // The run matters more than its observer.
      }
    },
  };
}

async function runStages(ports: SyncPorts, run: Run): Promise<Result<RunReport, SyncError>> {
  const { signal } = run;
  const downloaded = await fetchBundle(ports.source, run);
  if (!downloaded.ok) return downloaded;

  const parsed = await stage(run, "parse", () => ports.parser.parse(downloaded.value, signal), bundleFigures);
  if (!parsed.ok) return parsed;
  const bundle = parsed.value;
  for (const rejection of bundle.objects.flatMap((object) => object.rejections)) {
    run.emit({ type: "part.rejected", rejection });
  }

  const judged = await stage(run, "verify", () => judgeObjects(ports, run, bundle), judgementFigures);
  if (!judged.ok) return judged;
  const refusal = refuse(run, judged.value);
  if (refusal) return err(refusal);

  const { identity, startedAt } = run;
  const context = { ...identity, startedAt, observedAt: run.now(), judgements: judged.value };
  const stored = await stage(
    run,
    "store",
    () => applyBundle(ports.store, bundle, context, signal),
    (done) => storeFigures(done.report),
  );
  if (!stored.ok) return stored;

  const finishedAt = run.now();
  return ok({
    ...identity,
    startedAt,
    finishedAt,
    durationMs: finishedAt.getTime() - startedAt.getTime(),
    bundle: stored.value.summary,
    judgements: judged.value,
    store: stored.value.report,
  });
}

async function fetchBundle(source: SyncPorts["source"], run: Run): Promise<Result<Uint8Array, SyncError>> {
  const { signal } = run;
  const progress: DownloadProgress = (done, total) =>
    run.emit({ type: "stage.progress", stage: "download", done, total });
  const figures = (bytes: Uint8Array): StageFigures => ({ bytes: bytes.length });
  if ("read" in source) return stage(run, "download", () => source.read(signal, progress), figures);

  const access = await stage(run, "authenticate", () => source.accessTokens.acquire(signal), noFigures);
  if (!access.ok) return access;
  const accessToken = access.value;
  const sfc = await stage(run, "login", () => source.sfcTokens.acquire(accessToken, signal), noFigures);
  if (!sfc.ok) return sfc;
  const credentials = { accessToken, sfcToken: sfc.value };
  return stage(run, "download", () => source.downloader.download(credentials, signal, progress), figures);
}

async function judgeObjects(
  { policy, store }: SyncPorts,
  run: Run,
  bundle: Bundle,
): PortResult<readonly Judgement[]> {
  const known = await store.known(run.identity.source, run.signal);
  if (!known.ok) return known;
  const judgements: Judgement[] = [];
  for (const object of bundle.objects) {
    const judged = await policy.judge(object, known.value, run.signal);
    if (!judged.ok) return judged;
    judgements.push(judged.value);
  }
  return ok(judgements);
}

/** Records and summary are made inside the stage, and before the store is touched: a fault in them is its failure. */
async function applyBundle(
  store: TrustStore,
  bundle: Bundle,
  context: SnapshotContext,
  signal: AbortSignal,
): PortResult<{ readonly report: StoreReport; readonly summary: BundleSummary }> {
  const snapshot = takeSnapshot(bundle, context);
  const summary = summariseBundle(bundle);
  const applied = await store.apply(snapshot, signal);
  return applied.ok ? ok({ report: applied.value, summary }) : applied;
}

function refuse(run: Run, judgements: readonly Judgement[]): SyncError | undefined {
  const refused = judgements.find(({ outcome }) => outcome === "refused");
  if (refused === undefined) return undefined;
  const refusals = refused.reasons.filter(({ weight }) => weight === "refusal");
  return {
    ...run.identity,
    stage: "verify",
    code: "TRUST_ERROR",
    reason: refusals[0]?.code ?? "REFUSED",
    message: `list refused: ${refusals.map(({ message }) => message).join("; ")}`,
    judgements,
  };
}

/** Runs one stage between its two events; whatever goes wrong in it becomes a value. */
async function stage<T>(
  run: Run,
  name: Stage,
  work: () => PortResult<T>,
  figures: (value: T) => StageFigures,
): Promise<Result<T, SyncError>> {
  if (run.signal.aborted) return err(cancelled(run, name));
  run.emit({ type: "stage.started", stage: name });
  const begun = run.now().getTime();
  try {
    const result = await work();
    // Where the abort came too late to stop the store, what it did stands.
    if (run.signal.aborted && !(name === "store" && result.ok)) return err(cancelled(run, name));
    if (!result.ok) return err(failed(run, name, result.error));
    const durationMs = run.now().getTime() - begun;
    run.emit({ type: "stage.completed", stage: name, durationMs, figures: figures(result.value) });
    return ok(result.value);
  } catch (cause) {
    if (run.signal.aborted) return err(cancelled(run, name));
    const message = cause instanceof Error ? cause.message : String(cause);
    return err(failed(run, name, { code: stageCodes[name], reason: "UNEXPECTED", message, cause }));
  }
}

function failed(run: Run, name: Stage, error: PortError): SyncError {
  return { ...run.identity, stage: name, ...error };
}

function cancelled(run: Run, name: Stage): SyncError {
  return {
    ...run.identity,
    stage: name,
    code: "CANCELLED",
    reason: "ABORTED",
    message: "the run was cancelled; the store is as it was",
    cause: run.signal.reason,
  };
}

function bundleFigures({ kind, objects }: Bundle): StageFigures {
  const count = (of: (object: Bundle["objects"][number]) => number) =>
    objects.reduce((total, object) => total + of(object), 0);
  return {
    kind,
    certificates: count((object) => object.certificates.length),
    envelope_certificates: count((object) => object.envelopeCertificates.length),
    crls: count((object) => object.crls.length),
    rejected: count((object) => object.rejections.length),
  };
}

function judgementFigures(judgements: readonly Judgement[]): StageFigures {
  const codes = judgements.flatMap(({ reasons }) => reasons.map(({ code }) => code));
  const refused = judgements.some(({ outcome }) => outcome === "refused");
  return { outcome: refused ? "refused" : "accepted", reasons: [...new Set(codes)].join(" ") };
}

function storeFigures(report: StoreReport): StageFigures {
  return {
    added: report.added,
    removed: report.removed,
    unchanged: report.unchanged,
    new_to_store: report.newToStore,
    crls_added: report.crlsAdded,
    revoked_added: report.revokedAdded,
    rejections_added: report.rejectionsAdded,
  };
}

function noFigures(): StageFigures {
  return {};
}

/** What a stage's own fault is called, where its port threw instead of answering. */
const stageCodes: Readonly<Record<Stage, SyncErrorCode>> = {
  authenticate: "AUTHENTICATION_ERROR",
  login: "AUTHENTICATION_ERROR",
  download: "EXTERNAL_SERVICE_ERROR",
  parse: "PARSE_ERROR",
  verify: "TRUST_ERROR",
  store: "DATABASE_ERROR",
};

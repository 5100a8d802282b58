/**
 * What the store and the last run say, in the terms of the routes.
 *
 * @module
 */

import type { EndedRun, StoredState } from "./http/service-view.ts";
import { defaultSource, type RunResult } from "./main.ts";
import type { RunOverview, SourceOverview, StoreOverview } from "./store/overview.ts";

/** What the store holds, as the routes show it. */
export function storedState({ sources, counts, trust }: StoreOverview): StoredState {
  const own = ownSource(sources)?.lastRun ?? null;
  return { lists: sources.flatMap(storedList), lastRun: own && storedRun(own), counts, trust };
}

/** The source that the service itself fills. */
export function ownSource(sources: readonly SourceOverview[]): SourceOverview | undefined {
  return sources.find(({ source }) => source === defaultSource);
}

/** A run of this process that has ended. */
export function endedRun(
  result: RunResult,
  run: { readonly executionId: string; readonly trigger: string; readonly startedAt: Date },
): EndedRun {
  const ended = { ...run, source: defaultSource, finishedAt: new Date() };
  if (result.ok) return { ...ended, outcome: result.value.outcome, failure: null };
  return { ...ended, ...stopped(result.error) };
}

function storedList({ source, bundle, lastAccepted }: SourceOverview): StoredState["lists"] {
  if (bundle === null) return [];
  const acceptedAt = lastAccepted?.finishedAt ?? bundle.lastSeen;
  return [{ source, acceptedAt, signingTime: bundle.signingTime }];
}

/** A run that the store has on record. */
export function storedRun({ outcome, failure, ...run }: RunOverview): EndedRun {
  const { executionId, trigger, startedAt, finishedAt } = run;
  const ended = { executionId, trigger, startedAt, finishedAt, source: defaultSource };
  return failure === null ? { ...ended, outcome, failure } : { ...ended, ...stopped(failure) };
}

function stopped({ stage, code, reason }: NonNullable<EndedRun["failure"]>) {
  const outcome = code === "CANCELLED" ? ("cancelled" as const) : ("failed" as const);
  return { outcome, failure: { stage, code, reason } };
}

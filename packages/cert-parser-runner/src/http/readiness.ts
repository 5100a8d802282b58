/**
 * Whether the service can be relied on: by what is stored, not by what this process has seen.
 *
 * @module
 */

import type { EndedRun, StoredState } from "./service-view.ts";

/** The answer of `GET /ready`. */
export interface Readiness {
  readonly status: "ready" | "starting" | "error";
  /** Why not, in stable codes and one sentence; null when it is ready. */
  readonly reason: { readonly code: string; readonly message: string } | null;
}

/** Ready as soon as a list was ever accepted: a run that fails afterwards leaves a good store behind. */
export function readinessOf(stored: StoredState, lastRun: EndedRun | null): Readiness {
  if (stored.lists.length > 0) return { status: "ready", reason: null };
  const failure = lastRun?.failure ?? null;
  if (failure === null || lastRun?.outcome !== "failed") {
    const message = "no list was accepted yet: the first run has not ended";
    return { status: "starting", reason: { code: "NO_LIST_YET", message } };
  }
  const { stage, code, reason } = failure;
  // The message of the failure is in the log: it may name hosts, and this route is open to all.
  const message = `no list was accepted yet, and the last run stopped at stage ${stage}: ${reason}`;
  return { status: "error", reason: { code, message } };
}

/** The store did not answer, or is being opened: an Error with the code `STORE_OPENING`. */
export function unreachableStore(error: unknown): Readiness {
  const { code } = error as { code?: unknown };
  if (code === "STORE_OPENING") {
    return { status: "starting", reason: { code, message: "the store is being opened" } };
  }
  const known = typeof code === "string" ? code : "STORE_FAILED";
  return { status: "error", reason: { code: known, message: "the store does not answer; see the log" } };
}

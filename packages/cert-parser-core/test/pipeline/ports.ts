/**
 * Ports for one run of the pipeline: real parsing and the real first policy, sources and a store in memory.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type AuthenticatedSource,
  bundleParser,
  type Clock,
  err,
  type Known,
  minimalTrustPolicy,
  ok,
  type PortError,
  type PortResult,
  type RunReport,
  type Snapshot,
  type Stage,
  type StoreReport,
  type SyncError,
  type SyncEvent,
  type SyncPorts,
  type sync,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { integer } from "../der-writer.ts";
import { buildCertificate, buildCscaMasterList, buildSignedData } from "../specimens.ts";

/** What a port does in place of its work, by the stage it serves; `known` is the store's question before judging. */
export type Hooks = Partial<Record<Stage | "known", () => unknown>>;

/** Ports, and what they were asked to do. */
export interface Bench {
  readonly ports: SyncPorts;
  /** The ports that were called, in order. */
  readonly calls: readonly string[];
  readonly events: readonly SyncEvent[];
  /** What the store was given. */
  readonly applied: readonly Snapshot[];
}

export interface BenchOptions {
  readonly bundle: Uint8Array;
  readonly known?: Known;
  /** Called as the port begins its work: what it returns, unless undefined, is the port's answer; it may throw. */
  readonly hooks?: Hooks;
  /** Milliseconds that the clock moves on each time it is read. */
  readonly tickMs?: number;
}

export const accessToken = "secret-access-token";
export const sfcToken = "secret-sfc-token";
export const nothingKnown: Known = {
  source: "default",
  listed: new Map(),
  bundleSha256: null,
  signingTime: null,
};
export const startOfTime: Date = new Date("2026-06-01T12:00:00Z");

/** Makes a bench. Every port works, as far as `hooks` let it. */
export function createBench({ bundle, known = nothingKnown, hooks = {}, tickMs = 0 }: BenchOptions): Bench {
  const calls: string[] = [];
  const events: SyncEvent[] = [];
  const applied: Snapshot[] = [];
  const clock = createClock(tickMs);
  const policy = minimalTrustPolicy({ maxRemovedPercent: 5, minCertificates: 1 }, clock);
  const parser = bundleParser({ sha256 });

  async function port<T>(name: Stage | "known", work: () => Promise<T>): Promise<T> {
    calls.push(name);
    const answer = await hooks[name]?.();
    return answer === undefined ? work() : (answer as T);
  }

  const source: AuthenticatedSource = {
    accessTokens: { acquire: () => port("authenticate", async () => ok(accessToken)) },
    sfcTokens: {
      acquire: (token) =>
        port("login", async () => (token === accessToken ? ok(sfcToken) : err(wrongCredentials))),
    },
    downloader: {
      download: (credentials, _signal, progress) =>
        port("download", async () => {
          if (credentials.accessToken !== accessToken || credentials.sfcToken !== sfcToken) {
            return err(wrongCredentials);
          }
          progress(1, undefined);
          progress(bundle.length, bundle.length);
          return ok(bundle);
        }),
    },
  };

  return {
    calls,
    events,
    applied,
    ports: {
      source,
      parser: { parse: (bytes, signal) => port("parse", () => parser.parse(bytes, signal)) },
      policy: { judge: (object, held, signal) => port("verify", () => policy.judge(object, held, signal)) },
      store: {
        known: () => port("known", async () => ok(known)),
        apply: (snapshot) => port("store", () => keep(snapshot, applied)),
      },
      clock,
      observe: (event) => events.push(event),
    },
  };
}

/** A list of three certificates. */
export const bundle: Uint8Array = buildSignedData(
  buildCscaMasterList(
    buildCertificate({ serialNumber: integer("01") }),
    buildCertificate({ serialNumber: integer("02") }),
    buildCertificate({ serialNumber: integer("03") }),
  ),
);
/** The stages of a source with a login. */
export const stages = ["authenticate", "login", "download", "parse", "verify", "store"] as const;
/** The calls of a run of them that succeeds. */
export const allCalls: readonly string[] = [
  "authenticate",
  "login",
  "download",
  "parse",
  "known",
  "verify",
  "store",
];
/** What a port may answer that cannot do its work. */
export const failure: PortError = {
  code: "CONFIGURATION_ERROR",
  reason: "SOME_REASON",
  message: "it does not work",
};

/** The error of a run that is to fail. */
export async function failing(run: ReturnType<typeof sync>): Promise<SyncError> {
  const result = await run;
  assert.ok(!result.ok, "the run was to fail");
  return result.error;
}

/** The report of a run that is to succeed. */
export async function succeeding(run: ReturnType<typeof sync>): Promise<RunReport> {
  const result = await run;
  assert.ok(result.ok, result.ok ? "" : `${result.error.stage}: ${result.error.message}`);
  return result.value;
}

export const storeReport: StoreReport = {
  added: 3,
  removed: 0,
  unchanged: 0,
  newToStore: 3,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};

async function keep(snapshot: Snapshot, applied: Snapshot[]): PortResult<StoreReport> {
  applied.push(snapshot);
  return ok(storeReport);
}

function createClock(tickMs: number): Clock {
  let ms = startOfTime.getTime();
  return {
    now: () => {
      const now = new Date(ms);
      ms += tickMs;
      return now;
    },
  };
}

const wrongCredentials: PortError = {
  code: "AUTHENTICATION_ERROR",
  reason: "HTTP_401",
  message: "the token is not the one that was given",
};

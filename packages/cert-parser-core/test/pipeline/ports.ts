/**
 * Ports for one run of the pipeline: real parsing and the real policy without signatures, sources and a store in memory.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  type AuthenticatedSource,
  bundleParser,
  type Clock,
  type Confirmation,
  err,
  type Known,
  type KnownCertificate,
  ok,
  type PortError,
  type PortResult,
  type QuarantineEntry,
  type RunReport,
  type Snapshot,
  type Stage,
  type StoreReport,
  type SyncError,
  type SyncEvent,
  type SyncPorts,
  type sync,
  trustPolicy,
  type Validators,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { integer } from "../der-writer.ts";
import { buildCertificate, buildCscaMasterList, buildSignedData } from "../specimens.ts";

/** A port's method, by the stage it serves; the store is asked what it holds before any stage, and has two more. */
export type Call = Stage | "known" | "confirm" | "quarantine";

/** What a port does in place of its work. */
export type Hooks = Partial<Record<Call, () => unknown>>;

/** Ports, and what they were asked to do. */
export interface Bench {
  readonly ports: SyncPorts;
  /** The ports that were called, in order. */
  readonly calls: readonly Call[];
  readonly events: readonly SyncEvent[];
  /** What the store was given. */
  readonly applied: readonly Snapshot[];
  readonly confirmed: readonly Confirmation[];
  /** What the store was given to keep aside. */
  readonly aside: readonly QuarantineEntry[];
  /** What the downloader was told is held. */
  readonly asked: readonly Validators[];
}

export interface BenchOptions {
  readonly bundle: Uint8Array;
  readonly known?: Known;
  /** What comes with the bundle. */
  readonly validators?: Validators;
  /** Called as the port begins its work: what it returns, unless undefined, is the port's answer; it may throw. */
  readonly hooks?: Hooks;
  /** Milliseconds that the clock moves on each time it is read. */
  readonly tickMs?: number;
}

export const accessToken = "secret-access-token";
export const sfcToken = "secret-sfc-token";
export const noValidators: Validators = { etag: null, lastModified: null };
export const nothingKnown: Known = {
  source: "default",
  listed: new Map(),
  bundleSha256: null,
  validators: noValidators,
};
/** A certificate that stands by itself, and is held. */
export const heldOne: KnownCertificate = {
  notAfter: new Date("2040-01-01T00:00:00Z"),
  isListed: false,
  level: "unsigned",
  country: null,
  isAuthority: false,
  origin: null,
};
export const startOfTime: Date = new Date("2026-06-01T12:00:00Z");

/** Makes a bench. Every port works, as far as `hooks` let it. */
export function createBench(options: BenchOptions): Bench {
  const { bundle, known = nothingKnown, validators = noValidators, hooks = {}, tickMs = 0 } = options;
  const calls: Call[] = [];
  const events: SyncEvent[] = [];
  const applied: Snapshot[] = [];
  const confirmed: Confirmation[] = [];
  const aside: QuarantineEntry[] = [];
  const asked: Validators[] = [];
  const clock = createClock(tickMs);
  const policy = trustPolicy({ mode: "off" }, clock);
  const parser = bundleParser({ sha256 });

  async function port<T>(name: Call, work: () => Promise<T>): Promise<T> {
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
      download: (credentials, _signal, progress, held) => {
        asked.push(held);
        return port("download", async () => {
          if (credentials.accessToken !== accessToken || credentials.sfcToken !== sfcToken) {
            return err(wrongCredentials);
          }
          progress(1, undefined);
          progress(bundle.length, bundle.length);
          return ok({ modified: true, bytes: bundle, validators });
        });
      },
    },
  };

  return {
    calls,
    events,
    applied,
    confirmed,
    aside,
    asked,
    ports: {
      source,
      parser: { parse: (bytes, signal) => port("parse", () => parser.parse(bytes, signal)) },
      policy: { judge: (...asked) => port("verify", () => policy.judge(...asked)) },
      store: {
        known: () => port("known", async () => ok(known)),
        apply: (snapshot) => port("store", () => keep(snapshot, applied)),
        confirm: (confirmation) =>
          port("confirm", async () => {
            confirmed.push(confirmation);
            return ok(undefined);
          }),
        quarantine: (entry) =>
          port("quarantine", async () => {
            aside.push(entry);
            return ok(undefined);
          }),
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
export const allCalls: readonly Call[] = ["known", ...stages];
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

/**
 * Real runs whose events the metrics are shown: fixtures through the pipeline into an embedded store.
 *
 * @module
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuthenticatedSource,
  type BundleSource,
  bundleParser,
  err,
  ok,
  type RunReport,
  type SyncError,
  type SyncEvent,
  sync,
  trustPolicy,
} from "cert-parser-core";
import { openStore } from "../../src/store/store.ts";

/** Runs the pipeline into one store, again and again. */
export interface RunBench {
  run(
    source: AuthenticatedSource | BundleSource,
    observe: (event: SyncEvent) => void,
    signal?: AbortSignal,
  ): Promise<RunReport | SyncError>;
  close(): Promise<void>;
}

/** Opens an empty store. */
export async function openRunBench(): Promise<RunBench> {
  const directory = await mkdtemp(join(tmpdir(), "cert-parser-metrics-"));
  const store = await openStore({ kind: "embedded", directory });
  await store.migrate();
  const clock = { now: () => new Date() };
  const policy = trustPolicy({ mode: "off", maxRemovedPercent: 100 }, clock);
  return {
    async run(source, observe, signal = new AbortController().signal) {
      const ports = { source, parser: bundleParser(), policy, store, clock, observe };
      const result = await sync(ports, { signal });
      return result.ok ? result.value : result.error;
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A source without a login that gives these bytes. */
export function given(bytes: Uint8Array): BundleSource {
  return { read: async () => ok(bytes) };
}

/** A service that has no newer bundle than the one that is held. */
export const notModified: AuthenticatedSource = {
  accessTokens: { acquire: async () => ok("access") },
  sfcTokens: { acquire: async () => ok("sfc") },
  downloader: { download: async () => ok({ modified: false }) },
};

/** A service that is not there. */
export const unreachable: BundleSource = {
  read: async () => err({ code: "EXTERNAL_SERVICE_ERROR", reason: "ECONNREFUSED", message: "nobody there" }),
};

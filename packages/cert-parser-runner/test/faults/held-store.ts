/**
 * A store that holds a list already, and a look at all that a failed run must leave as it was.
 *
 * @module
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { AuthenticatedSource } from "cert-parser-core";
import { type FixtureName, fixtureUrl } from "cert-parser-fixtures";
import { createLogger } from "../../src/log/logger.ts";
import { fileSource, type RunContext, type RunResult, readConfiguration, runOnce } from "../../src/main.ts";
import type { Store } from "../../src/store/store.ts";

/** The list that is held, and the one that the service has: neither is a part of the other. */
export const lists = { held: "one-bad.ml", served: "crl-envelope.ml" } as const satisfies Record<
  string,
  FixtureName
>;

/** A source of a store, named anew for each test. */
export interface HeldSource {
  readonly source: string;
  /** Runs the pipeline on this source, into the same store or through another connection to it. */
  run(from: AuthenticatedSource, through?: { readonly store: Store }): Promise<RunResult>;
  /** Everything that is held of the source. */
  held(): Promise<unknown>;
}

/** Runs the pipeline on a file first, so that there is something to lose. */
export async function holdList(store: Store): Promise<HeldSource> {
  const source = `source-${randomUUID()}`;
  const context = contextOf(store);
  const { signal: never } = new AbortController();
  const first = await runOnce(
    {
      from: fileSource(fileURLToPath(fixtureUrl(lists.held)), context.configuration),
      source,
      trigger: "test",
      signal: never,
    },
    context,
  );
  assert.ok(first.ok, JSON.stringify(first));
  return {
    source,
    run: (from, through = { store }) =>
      runOnce({ from, source, trigger: "test", signal: never }, { ...context, ...through }),
    held: () => readHeld(store, source),
  };
}

/** What is held, but for the log of runs: that a run failed is written down. */
async function readHeld(store: Store, source: string): Promise<unknown> {
  const known = await store.known(source, new AbortController().signal);
  assert.ok(known.ok, JSON.stringify(known));
  const { sources, counts } = await store.overview();
  const own = sources.find((each) => each.source === source);
  return { known: known.value, counts, bundle: own?.bundle, accepted: own?.lastAccepted };
}

function contextOf(store: Store): RunContext {
  // The lists of these tests are of several publishers; what goes wrong here is not their signatures.
  const configuration = readConfiguration({ TRUST_MODE: "off" });
  assert.ok(configuration.ok);
  const stream = { write: () => undefined };
  const logger = createLogger({ level: "ERROR", stream, terminal: false, colour: false });
  return { configuration: configuration.value, store, logger };
}

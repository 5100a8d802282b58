/**
 * The store of the configuration, opened for one command.
 *
 * @module
 */

import { openTrustStore, type RunContext } from "../main.ts";
import type { Store } from "../store/store.ts";
import { configurationOf, loggerOf, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Opens the store, works with it, and closes it. `context` is for commands that run the pipeline. */
export async function withStore<T>(
  surroundings: Surroundings,
  work: (store: Store, context: RunContext, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const settings = settingsOf(surroundings);
  const configuration = configurationOf(settings);
  const logger = loggerOf(surroundings, configuration.logLevel, settings, { endsWith: "pipeline.failed" });
  const signal = surroundings.stopSignals.catch();
  const store = await openTrustStore(configuration, logger, signal);
  try {
    return await work(store, { configuration, store, logger }, signal);
  } finally {
    await store.close();
  }
}

/**
 * The store of the configuration, opened for one command.
 *
 * @module
 */

import { openTrustStore } from "../main.ts";
import type { Store } from "../store/store.ts";
import { configurationOf, loggerOf, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Opens the store, does some work with it, and lets go of it. */
export async function withStore<T>(
  surroundings: Surroundings,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const settings = settingsOf(surroundings);
  const configuration = configurationOf(settings);
  const logger = loggerOf(surroundings, configuration.logLevel, settings);
  const store = await openTrustStore(configuration, logger, surroundings.stopSignals.catch());
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * Opens a store that is not there yet: a pod and its database often start at the same time.
 *
 * @module
 */

import type { Logger } from "./log/logger.ts";
import { backoffMs } from "./schedule/backoff.ts";
import { isStoreError, type StoreErrorCode, storeError } from "./store/store-error.ts";

/** What {@link openPatiently} goes by. */
export interface PatienceOptions {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Told of each failure that time may mend. */
  readonly onFailure?: (error: Error) => void;
  /** The first wait, in milliseconds; each further one is twice as long, up to 30 s. Default: 1,000. */
  readonly firstMs?: number;
}

/**
 * Opens, and where that fails for a reason that passes tries again until it is open.
 *
 * Throws what `open` throws where waiting would not help, such as a wrong password or a schema of a later version, and a
 * `StoreError` of code `CANCELLED` where the signal ends the wait.
 */
export async function openPatiently<T>(open: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { logger, signal, onFailure, firstMs = 1000 } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (signal.aborted || !isStoreError(error) || !waitedFor.has(error.code)) throw error;
      onFailure?.(error);
      const delayMs = backoffMs(attempt, { firstMs, maxMs, random: Math.random });
      logger.warning("store.unavailable", `${error.message}; trying again in ${delayMs} ms`, {
        code: error.code,
        attempt,
        delay_ms: delayMs,
      });
      await pause(delayMs, signal);
    }
  }
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, delayMs);
  const stop = () => resolve();
  signal.addEventListener("abort", stop);
  await promise;
  clearTimeout(timer);
  // Not left behind: a database may be away for days.
  signal.removeEventListener("abort", stop);
  if (signal.aborted) throw storeError("CANCELLED", "stopped while waiting for the store");
}

const maxMs = 30_000;

/**
 * The failures that pass. All others are mistakes in the configuration or in the program: the process ends, and whoever
 * started it sees why.
 */
export const waitedFor: ReadonlySet<StoreErrorCode> = new Set([
  "STORE_BUSY",
  "STORE_CONNECTION_LOST",
  "STORE_FULL",
  "STORE_HOST_UNKNOWN",
  "STORE_READ_ONLY",
  "STORE_STARTING",
  "STORE_TIMEOUT",
  "STORE_TOO_MANY_CONNECTIONS",
  "STORE_UNREACHABLE",
] as const satisfies readonly StoreErrorCode[]);

/**
 * SIGINT, SIGTERM and SIGHUP: the first asks for an orderly end, the second does not wait for it.
 *
 * @module
 */

import process from "node:process";

/** Signals that ask the process to end. */
export interface StopSignals {
  /**
   * From here on the first signal aborts the given AbortSignal with its name as the reason, and the process goes on to
   * end in order. A second one ends it at once with 128 plus the signal's number, as shells have it: 130 for SIGINT.
   */
  catch(): AbortSignal;
}

/**
 * Listens once asked to; until then a signal ends the process, by the runtime's own ways.
 *
 * As the first process of a container it has none: the kernel drops a signal for which the first process has no handler.
 */
export function createStopSignals(): StopSignals {
  const controller = new AbortController();
  let listening = false;
  let caught = false;
  let firstAt = 0;

  const onSignal = (name: keyof typeof numbers) => {
    if (!caught) process.exit(128 + numbers[name]);
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort(name);
      return;
    }
    // Ctrl-C under npm comes twice: from the terminal to the whole process group, and once more from npm.
    if (performance.now() - firstAt < sameSignalMs) return;
    process.exit(128 + numbers[name]);
  };

  const listen = () => {
    if (listening) return;
    listening = true;
    process.on("SIGINT", () => onSignal("SIGINT"));
    process.on("SIGTERM", () => onSignal("SIGTERM"));
    process.on("SIGHUP", () => onSignal("SIGHUP"));
  };

  if (process.pid === 1) listen();
  return {
    catch() {
      caught = true;
      listen();
      return controller.signal;
    },
  };
}

/** Resolves with the name of the signal when one has come. */
export async function stopped(stop: AbortSignal): Promise<string> {
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener("abort", resolve, { once: true }));
  return String(stop.reason);
}

const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const sameSignalMs = 1000;

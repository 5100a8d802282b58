/**
 * One run at a time, whoever asks for it: the schedule, the start, or a request.
 *
 * @module
 */

/** A run that was let in. */
export interface StartedRun<T> {
  readonly executionId: string;
  readonly trigger: string;
  /** What the run gave. */
  readonly finished: Promise<T>;
}

/** Lets runs in one at a time. */
export interface SingleRun<T> {
  /** The run that goes on now; null when none does. */
  readonly current: StartedRun<T> | null;
  /** Starts a run, unless one goes on or the service stops: then null. */
  start(trigger: string): StartedRun<T> | null;
  /** Lets no further run in, asks the one that goes on to end, and resolves when it has. */
  stop(): Promise<void>;
}

/** Makes the gate. `run` must not throw: it answers with how it ended. */
export function createSingleRun<T>(
  run: (executionId: string, trigger: string, signal: AbortSignal) => Promise<T>,
): SingleRun<T> {
  const stopping = new AbortController();
  let current: StartedRun<T> | null = null;

  return {
    get current() {
      return current;
    },
    start(trigger) {
      if (current !== null || stopping.signal.aborted) return null;
      const executionId = crypto.randomUUID();
      const finished = run(executionId, trigger, stopping.signal).finally(() => {
        current = null;
      });
      current = { executionId, trigger, finished };
      return current;
    },
    async stop() {
      stopping.abort(new Error("the service stops"));
      await current?.finished;
    },
  };
}

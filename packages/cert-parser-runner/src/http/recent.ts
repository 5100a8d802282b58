/**
 * A value that is costly to ask for, kept for a short while: probes come often, and from several sides.
 *
 * @module
 */

/** How fresh the value must be. */
export interface RecentOptions {
  /** A value of at most this age is given without asking. */
  readonly freshMs: number;
  /** How long to wait for an answer. */
  readonly timeoutMs: number;
  /** A value of at most this age is given when no answer came in time: the embedded store is busy while a run writes. */
  readonly staleMs: number;
}

/** The value, asked for when it is wanted. */
export interface Recent<T> {
  /** Rejects with what `load` rejected with, or with an Error of code `STORE_TIMEOUT`. */
  read(): Promise<T>;
  /** Asks anew next time. */
  forget(): void;
}

/** Remembers what `load` gave. However many ask at once, it is called once. */
export function createRecent<T>(load: () => Promise<T>, options: RecentOptions): Recent<T> {
  const { freshMs, timeoutMs, staleMs } = options;
  let held: { readonly value: T; readonly at: number } | null = null;
  let loading: Promise<T> | null = null;

  const ask = (): Promise<T> => {
    if (loading !== null) return loading;
    const asked = load()
      .then((value) => {
        // An answer to a question from before `forget` is still the newest there is, but not fresh.
        held = { value, at: loading === asked ? performance.now() : performance.now() - freshMs - 1 };
        return value;
      })
      .finally(() => {
        if (loading === asked) loading = null;
      });
    loading = asked;
    return asked;
  };

  return {
    async read() {
      const age = held === null ? Number.POSITIVE_INFINITY : performance.now() - held.at;
      if (held !== null && age <= freshMs) return held.value;
      const answer = await withTimeout(ask(), timeoutMs);
      if (answer !== timedOut) return answer;
      if (held !== null && age <= staleMs) return held.value;
      throw Object.assign(new Error(`the store did not answer within ${timeoutMs} ms`), {
        code: "STORE_TIMEOUT",
      });
    },
    forget() {
      loading = null;
      if (held !== null) held = { ...held, at: Math.min(held.at, performance.now() - freshMs - 1) };
    },
  };
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T | typeof timedOut> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(() => resolve(timedOut), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const timedOut = Symbol("timed out");

/**
 * Plays random histories against a store. After each step the promises of the trust model hold.
 *
 * @module
 */

import type { TestContext } from "node:test";
import fc from "fast-check";
import { type Action, actions, History } from "./history.ts";
import type { ModelStore } from "./memory-store.ts";

/** How many, and against what. */
export interface PlayOptions {
  readonly runs: number;
  /** Makes the empty store of a history. */
  readonly begin: () => Promise<ModelStore>;
}

/** Plays them; what breaks a promise is cut down to the shortest history that does. `MODEL_SEED` sets which are played. */
export async function playHistories(context: TestContext, { runs, begin }: PlayOptions): Promise<void> {
  const seed = Number(process.env.MODEL_SEED ?? Math.trunc(Math.random() * 2 ** 31));
  context.diagnostic(`seed ${seed}, ${runs} histories`);
  await fc.assert(
    fc.asyncProperty(fc.array(actions, { minLength: 1, maxLength: 14 }), async (steps: readonly Action[]) => {
      const history = await History.begin(await begin());
      for (const [at, step] of steps.entries()) {
        await history.take(step);
        try {
          await history.check();
        } catch (error) {
          throw new Error(`after step ${at + 1}, ${JSON.stringify(step)}`, { cause: error });
        }
      }
    }),
    { seed, numRuns: runs },
  );
}

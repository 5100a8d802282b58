/**
 * Gives the event loop its turn while signatures are verified, by the work that was done since the last one.
 *
 * @module
 */

import type { WorkBudget } from "./work-budget.ts";

/**
 * Waits for a turn if enough work was done, `units` of it beside what the budget was spent on; throws the signal's reason once
 * it is aborted.
 */
export type Pause = (units?: number) => Promise<void>;

/** Pauses by what the budget was spent on. */
export function pauseBy(budget: WorkBudget, signal: AbortSignal): Pause {
  let spent = budget.spent;
  let beside = 0;
  return async (units = 0) => {
    signal.throwIfAborted();
    beside += units;
    if (budget.spent - spent + beside < unitsBetweenTurns) return;
    spent = budget.spent;
    beside = 0;
    // A promise alone would not let timers and sockets come in.
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal.throwIfAborted();
  };
}

// Some 20 ms with the engine of node:crypto.
const unitsBetweenTurns = 200;

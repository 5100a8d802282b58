/**
 * A case that broke a promise, told from others by what went wrong and where.
 *
 * @module
 */

import type { Case } from "./case.ts";
import { check } from "./check.ts";

/** What went wrong. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
  /** The same for the same fault, whatever the input. */
  readonly signature: string;
}

/** Runs a case that is expected to fail; undefined where it does not. */
export async function failureOf(tried: Case): Promise<Failure | undefined> {
  try {
    await check(tried);
    return undefined;
  } catch (error) {
    return describeFailure(tried, error);
  }
}

/** Describes what a case threw. */
export function describeFailure({ target }: Case, error: unknown): Failure {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const place = /\bat .*?([\w-]+\.ts:\d+)/.exec(stack)?.[1] ?? "";
  const kind = message.replace(/\d+/g, "N").slice(0, 200);
  return { message: `${name}: ${message}`, stack, signature: [target, name, kind, place].join(" | ") };
}

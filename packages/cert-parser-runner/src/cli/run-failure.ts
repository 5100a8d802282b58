/**
 * How a command ends whose run was refused, waits, failed, or was applied in part.
 *
 * @module
 */

import type { RunReport, SyncError } from "cert-parser-core";
import type { RunResult } from "../main.ts";
import { type CommandFailure, failure } from "./failure.ts";
import { nextSteps } from "./next-steps.ts";
import { partialDetails } from "./run-text.ts";
import { unacceptedLines } from "./verdict-rows.ts";

/** Why a run stopped, object by object if there are several, and what to do. */
export function runFailure(error: SyncError, file: string | undefined): CommandFailure {
  const { judgment } = error;
  const several =
    judgment === undefined || judgment.objects.length < 2
      ? []
      : [...unacceptedLines(judgment, "refused"), ...unacceptedLines(judgment, "pending")];
  return failure(error, file, error.cause, [...several.slice(0, mostLines), ...nextSteps(error)]);
}

/** What was accepted in part is stored, and the command has not succeeded. */
export function expectWhole(ended: readonly RunResult[]): void {
  const [partial] = ended.flatMap((result) => (result.ok && isPartial(result.value) ? [result.value] : []));
  if (partial?.judgment) throw failure(partialDetails(partial.judgment));
}

/** Whether not all of the bundle was accepted. */
export function isPartial({ judgment }: RunReport): boolean {
  return judgment?.outcome === "partial";
}

const mostLines = 40;

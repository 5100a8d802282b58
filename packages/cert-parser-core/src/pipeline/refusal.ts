/**
 * Why a run ends of whose bundle nothing was accepted.
 *
 * @module
 */

import type { BundleJudgment } from "../policy/judgment.ts";
import type { PortError } from "./ports.ts";

/** What decided, in the words of the first object that it decided against; undefined if something was accepted. */
export function refusalOf({ outcome, reasons, objects }: BundleJudgment): PortError | undefined {
  if (outcome === "accepted" || outcome === "partial") return undefined;
  const deciding = objects.find((object) => object.outcome === outcome);
  const weight = outcome === "refused" ? "refusal" : "pending";
  const decisive = [...(deciding?.reasons ?? []), ...reasons].filter((reason) => reason.weight === weight);
  const what = outcome === "refused" ? "list refused" : "list waits for approval";
  const messages = new Set(decisive.map(({ message }) => message));
  return {
    code: "TRUST_ERROR",
    reason: decisive[0]?.code ?? outcome.toUpperCase(),
    message: `${what}: ${[...messages].join("; ")}`,
  };
}

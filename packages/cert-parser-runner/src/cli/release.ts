/**
 * Accepting a quarantined bundle by an operator's word.
 *
 * @module
 */

import { type ReleaseRequest, type RunContext, releaseQuarantined } from "../main.ts";
import { documentText } from "./json-text.ts";
import type { Output } from "./output.ts";
import { expectWhole, runFailure } from "./run-failure.ts";
import { describeRun, runDocument } from "./run-text.ts";

/** Judges the bundle again with what can be lifted lifted, and prints the run. Throws if not all of it was accepted. */
export async function releaseBundle(
  request: ReleaseRequest,
  context: RunContext,
  out: Output,
  json: boolean,
): Promise<void> {
  const result = await releaseQuarantined(request, context);
  if (json) await out.write(documentText({ runs: [runDocument(result)] }));
  if (!result.ok) throw runFailure(result.error, undefined);
  if (!json) await out.write(describeRun(result.value, context.store.location));
  expectWhole([result]);
}

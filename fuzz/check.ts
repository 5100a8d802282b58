/**
 * Reads one case, and throws where something came of it that never may.
 *
 * @module
 */

import { CertParserError, type CertParserErrorCode } from "cert-parser-core";
import { amidOtherBytes, describeOutcome } from "../packages/cert-parser-core/test/outcome.ts";
import type { Case } from "./case.ts";
import { targets } from "./targets.ts";
import { BrokenPromise, walk } from "./walk.ts";

/** What came of one case: the code of the refusal, or null where something was read. */
export interface Outcome {
  readonly refused: CertParserErrorCode | null;
  readonly ms: number;
}

/** Any error but `CertParserError`, a view outside of the input, a finding without a place: all of these are thrown. */
export async function check({ target, reading, bytes, twice }: Case): Promise<Outcome> {
  const input = amidOtherBytes(bytes);
  const read = async (from: Uint8Array): Promise<unknown> => {
    try {
      return await targets[target]?.read(from, reading);
    } catch (error) {
      if (error instanceof CertParserError) return error;
      throw error;
    }
  };

  const begun = performance.now();
  const value = await read(input);
  const ms = performance.now() - begun;
  if (value instanceof CertParserError) expectPlace(value);
  else walk(value, input);
  if (twice && describeOutcome(value) !== describeOutcome(await read(bytes.slice()))) {
    throw new BrokenPromise("the same bytes are read differently amid others");
  }
  return { refused: value instanceof CertParserError ? value.code : null, ms };
}

function expectPlace({ code, message, offset }: CertParserError): void {
  if (message === "") throw new BrokenPromise(`${code} says nothing`);
  if (offset !== undefined && !(Number.isSafeInteger(offset) && offset >= 0)) {
    throw new BrokenPromise(`${code} is at ${offset}`);
  }
}

/**
 * The list that the simulated service hands out.
 *
 * @module
 */

import { readFileBytes, syntheticList } from "../main.ts";
import { failure } from "./failure.ts";

/** What is served. */
export interface ServedList {
  readonly bundle: Uint8Array;
  /** The settings with which a runner takes it as its first list. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Reads the file that the user named, or signs the synthetic list. Whether the bytes are a list is for others to say. */
export async function servedList(file: string | undefined): Promise<ServedList> {
  if (file === undefined) return { bundle: await syntheticList(), settings: {} };
  const read = await readFileBytes(file);
  if (!read.ok) throw failure(read.error, file, read.error.cause);
  return { bundle: read.value, settings: anyAge };
}

// The file may have been signed years ago, and would then wait for approval.
const anyAge = { MAX_LIST_AGE_HOURS: "876000" };

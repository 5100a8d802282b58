/**
 * The list that the simulated service hands out.
 *
 * @module
 */

import { readFileBytes, syntheticList } from "../main.ts";
import { failure } from "./failure.ts";

/** The bytes of the file that the user named, or the synthetic list. Whether they are a list is for others to say. */
export async function servedList(file: string | undefined): Promise<Uint8Array> {
  if (file === undefined) return syntheticList();
  const read = await readFileBytes(file);
  if (!read.ok) throw failure(read.error, file, read.error.cause);
  return read.value;
}

/**
 * A file on disk in chunks, for what need not be held as a whole.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { err, ok, type PortResult } from "cert-parser-core";
import { fileFault, isDirectory, isEmpty } from "./file-fault.ts";

/**
 * Opens a file. Its reasons are those of `createFileSource` but for the size; an error while the chunks are read is thrown
 * as it comes. The file is closed when the chunks have been read, or are left.
 */
export async function openFileChunks(path: string): PortResult<AsyncIterable<Uint8Array>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const stat = await handle.stat();
    const fault = stat.isDirectory() ? isDirectory(path) : stat.isFile() && stat.size === 0 && isEmpty(path);
    if (!fault) return ok(chunksOf(handle));
    await handle.close();
    return err(fault);
  } catch (cause) {
    await handle?.close();
    return err(fileFault(path, cause));
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      // A new one each time: whoever takes a chunk may keep it.
      const chunk = new Uint8Array(chunkBytes);
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const chunkBytes = 262_144;

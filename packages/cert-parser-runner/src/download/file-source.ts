/**
 * A file on disk as a source.
 *
 * @module
 */

import { type FileHandle, open } from "node:fs/promises";
import { type BundleSource, type DownloadProgress, err, ok, type PortResult } from "cert-parser-core";
import { cancelled, fileFault, isDirectory, isEmpty, tooLarge } from "./file-fault.ts";

/** Options of {@link createFileSource}. */
export interface FileSourceOptions {
  /** Largest file that is taken. */
  readonly maxBytes: number;
}

/**
 * A source that reads one file. Its reasons are `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`, `FILE_UNREADABLE`, `FILE_EMPTY`,
 * `FILE_TOO_LARGE` and `ABORTED`.
 */
export function createFileSource(path: string, { maxBytes }: FileSourceOptions): BundleSource {
  return {
    read: async (signal, progress) => {
      let handle: FileHandle | undefined;
      try {
        handle = await open(path);
        return await readUnder(handle, path, maxBytes, signal, progress);
      } catch (cause) {
        return err(fileFault(path, cause));
      } finally {
        await handle?.close();
      }
    },
  };
}

async function readUnder(
  handle: FileHandle,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
  progress: DownloadProgress,
): PortResult<Uint8Array> {
  const stat = await handle.stat();
  if (stat.isDirectory()) return err(isDirectory(path));
  const total = stat.isFile() ? stat.size : undefined;
  if (total !== undefined && total > maxBytes) return err(tooLarge(path, maxBytes));

  // A pipe tells no size, and a file may grow while it is read: one byte over the limit shows either.
  const bytes = await readAtMost(handle, total ?? chunkBytes, maxBytes + 1, (length) => {
    progress(length, total);
    return !signal.aborted;
  });
  if (signal.aborted) return err(cancelled(path));
  if (bytes.length > maxBytes) return err(tooLarge(path, maxBytes));
  if (bytes.length === 0) return err(isEmpty(path));
  return ok(bytes);
}

/** Reads to the end of the file, to `most` bytes, or until `goOn` says no, whichever comes first. */
async function readAtMost(
  handle: FileHandle,
  expected: number,
  most: number,
  goOn: (length: number) => boolean,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(expected + 1, most));
  let length = 0;
  while (length < most && goOn(length)) {
    if (length === bytes.length) bytes = grown(bytes, most);
    const room = Math.min(bytes.length - length, chunkBytes);
    const { bytesRead } = await handle.read(bytes, length, room);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function grown(bytes: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(bytes.length * 2, most));
  larger.set(bytes);
  return larger;
}

const chunkBytes = 1_048_576;

/**
 * Writing to stdout: at the reader's pace, to the last byte, and without a crash when the reader has gone.
 *
 * @module
 */

import type { Writable } from "node:stream";

/** Where results go. */
export interface Output {
  /** True once the reader has gone (`| head`): nothing that is written arrives any more. */
  readonly closed: boolean;
  /** Writes, and resolves when more may be written. Rejects when the text cannot be kept, as on a full disk. */
  write(text: string): Promise<void>;
  /** Resolves when all that was written has left the process. */
  flush(): Promise<void>;
}

/** Wraps a stream. Its errors are ours from here on. */
export function createOutput(stream: Writable): Output {
  let closed = false;
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // EPIPE: the reader has seen enough. Anything else is told to whoever writes.
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") failure = error;
    closed = true;
  });

  return {
    get closed() {
      return closed;
    },
    async write(text) {
      if (!closed && text !== "" && !stream.write(text)) await drained(stream, () => closed);
      if (failure !== null) throw failure;
    },
    async flush() {
      if (!closed) await new Promise<void>((resolve) => stream.write("", () => resolve()));
      if (failure !== null) throw failure;
    },
  };
}

async function drained(stream: Writable, closed: () => boolean): Promise<void> {
  if (closed()) return;
  await new Promise<void>((resolve) => {
    const events = ["drain", "error", "close"];
    const go = () => {
      for (const event of events) stream.off(event, go);
      resolve();
    };
    for (const event of events) stream.on(event, go);
  });
}

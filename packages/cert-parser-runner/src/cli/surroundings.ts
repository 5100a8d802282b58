/**
 * What a command works with besides its arguments.
 *
 * @module
 */

import type { Output } from "./output.ts";
import type { StopSignals } from "./stop-signals.ts";

/** The process around a command. */
export interface Surroundings {
  /** The environment alone; commands read `.env` of the directory beneath it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Results. */
  readonly stdout: Output;
  /** Logs and error messages. */
  readonly stderr: LogOutput;
  readonly stopSignals: StopSignals;
}

/** A stream for logs. */
export interface LogOutput {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

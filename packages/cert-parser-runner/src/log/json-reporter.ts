/**
 * One JSON object a line, for machines.
 *
 * @module
 */

import { errorText } from "./error-text.ts";
import type { LogReporter, LogStream } from "./logger.ts";

/** Writes `{"timestamp","level","event",...,"message"}`, one entry a line. */
export function jsonReporter(stream: LogStream): LogReporter {
  return {
    report({ timestamp, level, event, message, fields }) {
      const own = { timestamp: timestamp.toISOString(), level, event };
      // Twice: the first gives these keys their place, the second keeps a field of the same name from taking it.
      stream.write(`${JSON.stringify({ ...own, ...fields, ...own, message }, plain)}\n`);
    },
    progress: () => undefined,
  };
}

/** JSON has no form for an error, a big integer or bytes; the first two have a text, and bytes are not for a log. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return errorText(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value;
}

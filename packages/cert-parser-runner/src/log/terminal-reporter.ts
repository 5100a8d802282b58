/**
 * Lines for people, with colours and one line of progress that erases itself.
 *
 * @module
 */

import type { LogLevel } from "./events.ts";
import type { LogEntry, LogReporter, LogStream } from "./logger.ts";
import { printable } from "./printable.ts";

/** Writes `12:30:05 INFO message`, and beneath it what is not said in the message where it matters. */
export function terminalReporter(stream: LogStream, colour: boolean): LogReporter {
  let shown: string | null = null;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

  return {
    report(entry) {
      const erase = shown === null ? "" : eraseLine;
      const time = paint(dim, entry.timestamp.toTimeString().slice(0, 8));
      const level = paint(levelColours[entry.level], entry.level.padEnd(7));
      const details = detailsOf(entry).map((text) => `\n${" ".repeat(17)}${paint(dim, printable(text))}`);
      stream.write(`${erase}${time} ${level} ${printable(entry.message)}${details.join("")}\n${shown ?? ""}`);
    },
    progress(text) {
      if (text === null && shown === null) return;
      // A download tells of every chunk; a terminal that is far away should not.
      if (text !== null && shown !== null && performance.now() - drawnAt < redrawMs) return;
      stream.write(`${eraseLine}${text ?? ""}`);
      shown = text;
      drawnAt = performance.now();
    },
  };
}

/** The causes of a failure, and its stack where the log level let one in. */
function detailsOf({ fields }: LogEntry): readonly string[] {
  const causes = Array.isArray(fields.causes) ? fields.causes.map((text) => `caused by ${text}`) : [];
  const stack = typeof fields.stack === "string" ? fields.stack.split("\n").slice(1) : [];
  return [...causes, ...stack.map((line) => line.trim())];
}

const eraseLine = "\r\u001b[2K";
const redrawMs = 80;
const dim = "2";
const levelColours: Readonly<Record<LogLevel, string>> = {
  DEBUG: "2",
  INFO: "32",
  WARNING: "33",
  ERROR: "31",
};

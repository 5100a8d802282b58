/**
 * The one logger of the process: events with stable names, as JSON lines or, on a terminal, as lines for people.
 *
 * @module
 */

import { createConsola } from "consola/core";
import type { LogEventName, LogLevel } from "./events.ts";
import { jsonReporter } from "./json-reporter.ts";
import { terminalReporter } from "./terminal-reporter.ts";

/** What is said beside the message: figures, names, codes. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One thing to say. */
export interface LogEntry {
  readonly timestamp: Date;
  readonly level: LogLevel;
  /** Stable, such as `pipeline.started`. */
  readonly event: LogEventName;
  /** For people. */
  readonly message: string;
  readonly fields: LogFields;
}

/** Writes entries somewhere, in some form. */
export interface LogReporter {
  report(entry: LogEntry): void;
  /** Shows how far something is, in place of the last such text; null takes it away. */
  progress(text: string | null): void;
}

/** Where a log goes: as much of a Node stream as is needed. */
export interface LogStream {
  write(text: string): unknown;
}

/** How to log. */
export interface LoggerOptions {
  /** Entries below this level are left out. */
  readonly level: LogLevel;
  readonly stream: LogStream;
  /** Lines for people, with progress, instead of JSON. */
  readonly terminal: boolean;
  /** Colours, on a terminal. */
  readonly colour: boolean;
  /** An event that is not written: somebody else says it. */
  readonly leaveOut?: LogEventName;
}

/** Says what happens. Every call names an event of the table. */
export interface Logger {
  debug(event: LogEventName, message: string, fields?: LogFields): void;
  info(event: LogEventName, message: string, fields?: LogFields): void;
  warning(event: LogEventName, message: string, fields?: LogFields): void;
  error(event: LogEventName, message: string, fields?: LogFields): void;
  /** Shows how far something is, where there is a terminal; null takes it away. */
  progress(text: string | null): void;
  /** True when entries of this level are written. */
  writes(level: LogLevel): boolean;
  /** A logger that adds these fields to every entry. */
  child(fields: LogFields): Logger;
}

/** Makes the logger. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, stream, terminal, colour, leaveOut } = options;
  const reporter = terminal ? terminalReporter(stream, colour) : jsonReporter(stream);
  const consola = createConsola({
    level: consolaLevels[level],
    // Repeated lines are facts too: without this, consola drops them.
    throttle: -1,
    reporters: [{ log: ({ args }) => reporter.report(args[0] as LogEntry) }],
  });

  const withFields = (own: LogFields): Logger => {
    const write =
      (entryLevel: LogLevel) =>
      (event: LogEventName, message: string, fields: LogFields = {}) => {
        const entry: LogEntry = {
          timestamp: new Date(),
          level: entryLevel,
          event,
          message,
          fields: { ...own, ...fields },
        };
        if (event !== leaveOut) consola[consolaMethods[entryLevel]].raw(entry);
      };
    return {
      debug: write("DEBUG"),
      info: write("INFO"),
      warning: write("WARNING"),
      error: write("ERROR"),
      progress: (text) => reporter.progress(text),
      writes: (wanted) => consolaLevels[wanted] <= consola.level,
      child: (fields) => withFields({ ...own, ...fields }),
    };
  };
  return withFields({});
}

const consolaLevels: Readonly<Record<LogLevel, number>> = { DEBUG: 4, INFO: 3, WARNING: 1, ERROR: 0 };
const consolaMethods = { DEBUG: "debug", INFO: "info", WARNING: "warn", ERROR: "error" } as const;

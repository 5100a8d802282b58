/**
 * The configuration and the log of a command.
 *
 * @module
 */

import type { Configuration } from "../config/configuration.ts";
import type { ConfigurationFault } from "../config/configuration-fault.ts";
import { wantsColour } from "../log/colour.ts";
import type { LogEventName, LogLevel } from "../log/events.ts";
import { createLogger, type Logger } from "../log/logger.ts";
import { readConfiguration, readSettings } from "../main.ts";
import { misuse } from "./failure.ts";
import type { Surroundings } from "./surroundings.ts";

/** Names and values, as in the environment. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** The environment, with `.env` of the working directory beneath it and what flags say above it. */
export function settingsOf({ environment, directory }: Surroundings, flags: Settings = {}): Settings {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return { ...readSettings(directory, environment), ...Object.fromEntries(given) };
}

/** Reads the configuration. Throws a misuse that lists every fault. */
export function configurationOf(settings: Settings): Configuration {
  const read = readConfiguration(settings);
  if (!read.ok) throw misuse(describeFaults(read.error));
  return read.value;
}

/** Every fault on a line of its own. */
export function describeFaults(faults: readonly ConfigurationFault[]): string {
  const lines = faults.map(({ name, code, message }) => `  ${name} ${message} (${code})`);
  const count = faults.length === 1 ? "one setting is wrong" : `${faults.length} settings are wrong`;
  return [`CONFIGURATION_ERROR: ${count}`, ...lines].join("\n");
}

/** What a command adds to the log by itself. */
export interface OwnMessages {
  /** The event that the command's own last message repeats: on a terminal it would be said twice. */
  readonly endsWith?: LogEventName;
}

/** The log on stderr: lines for people on a terminal, JSON elsewhere. */
export function loggerOf(
  { stderr }: Surroundings,
  level: LogLevel,
  settings: Settings,
  { endsWith }: OwnMessages = {},
): Logger {
  const terminal = stderr.isTTY === true;
  return createLogger({
    level,
    stream: stderr,
    terminal,
    colour: wantsColour(stderr, settings),
    ...(terminal && endsWith !== undefined ? { leaveOut: endsWith } : {}),
  });
}

/**
 * `simulate`: a local identity provider, SFC login and download, until it is asked to stop.
 *
 * @module
 */

import type { Command } from "commander";
import { startSimulation } from "../main.ts";
import { parsePort } from "./port-argument.ts";
import { servedList } from "./served-list.ts";
import { configurationOf, loggerOf, settingsOf } from "./settings.ts";
import { stopped } from "./stop-signals.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addSimulate(program: Command, surroundings: Surroundings): void {
  program
    .command("simulate")
    .summary("a local OIDC + SFC + download service")
    .description(
      "Serves a list behind the three steps of the real service, and checks everything that it is sent.\n" +
        "Prints the settings that a runner needs to use it, in the form of a .env file.",
    )
    .option("--port <port>", "port to listen on; 0 takes a free one", parsePort, 8087)
    .option("--host <host>", "address to listen on", "127.0.0.1")
    .option("--file <file>", "the list to serve; by default a synthetic one, signed at the start")
    .addHelpText("after", help)
    .action(async (options: SimulateOptions) => {
      const settings = settingsOf(surroundings);
      const { logLevel } = configurationOf({ LOG_LEVEL: settings.LOG_LEVEL });
      const logger = loggerOf(surroundings, logLevel, settings);
      const stop = surroundings.stopSignals.catch();

      const list = await servedList(options.file);
      const simulator = await startSimulation(list.bundle, options, logger);
      const environment = { ...simulator.environment, ...list.settings };
      const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
      await surroundings.stdout.write(lines.join(""));
      logger.info("simulator.started", `simulating at ${new URL(simulator.urls.auth).origin}`, {
        urls: simulator.urls,
        bytes: list.bundle.length,
      });

      const signal = await stopped(stop);
      await simulator.close();
      logger.info("simulator.stopped", `stopped on ${signal}`, { signal });
    });
}

interface SimulateOptions {
  readonly port: number;
  readonly host: string;
  readonly file?: string;
}

const help = `
Examples:
  cert-parser-runner simulate --file list.ml > .env
  LOG_LEVEL=DEBUG cert-parser-runner simulate --port 0

Exit codes:
  0  stopped by a signal
  1  the file cannot be read, or the port is in use
  2  wrong usage or configuration`;

/**
 * `serve`: the service, until it is asked to stop.
 *
 * @module
 */

import type { Command } from "commander";
import type { Configuration } from "../config/configuration.ts";
import type { Logger } from "../log/logger.ts";
import { checkSettings, followProxySettings } from "../main.ts";
import { type Service, startService } from "../service.ts";
import { misuse } from "./failure.ts";
import { configurationOf, loggerOf, type Settings, settingsOf } from "./settings.ts";
import { stopped } from "./stop-signals.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addServe(program: Command, surroundings: Surroundings): void {
  program
    .command("serve")
    .summary("scheduler and HTTP routes, until SIGTERM (the default)")
    .description(
      "Downloads the list on a schedule, stores it, and answers /health, /ready, /info and /metrics.\n" +
        "Settings come from the environment and from .env: check-config shows them.\n" +
        "Whose lists are taken, TRUST_MODE and TRUST_ANCHORS say, and trust list shows.",
    )
    .addHelpText("after", help)
    .action(async () => {
      const settings = settingsOf(surroundings);
      const configuration = configurationOf(settings);
      if (configuration.service === null) throw misuse(nothingToServe);
      const logger = loggerOf(surroundings, configuration.logLevel, settings);
      const stop = surroundings.stopSignals.catch();
      for (const { name, message } of [
        ...checkSettings(settings).warnings,
        ...podWarnings(settings, configuration),
      ]) {
        logger.warning("configuration.suspicious", `${name} ${message}`, { name });
      }
      await followProxySettings(settings);
      await endingOn(stop, logger, async () => {
        const service = await startService(configuration, logger, stop);
        await serveUntil(stop, service, logger);
      });
    });
}

/** A pod that is replaced finds an embedded store empty, or still locked by its predecessor. */
function podWarnings({ KUBERNETES_SERVICE_HOST: pod }: Settings, { database }: Configuration) {
  if (pod === undefined || pod === "" || database.kind !== "embedded") return [];
  const message =
    "is not set in a Kubernetes pod: the embedded store is for one machine, and goes with the pod";
  return [{ name: "DATABASE_DSN", message }];
}

/** Waits for a signal, then stops the service in order. */
export async function serveUntil(stop: AbortSignal, service: Service, logger: Logger): Promise<void> {
  const signal = await stopped(stop);
  logger.info("service.stopping", `stopping on ${signal}`, { signal });
  const begun = performance.now();
  await service.stop();
  const durationMs = Math.round(performance.now() - begun);
  logger.info("service.stopped", "stopped", { duration_ms: durationMs });
}

/** Does the work; a start that a signal has cancelled is no failure, and is not waited for much longer. */
export async function endingOn(stop: AbortSignal, logger: Logger, work: () => Promise<void>): Promise<void> {
  try {
    await Promise.race([work(), overdue(stop)]);
  } catch (error) {
    if (!stop.aborted || (error as { code?: unknown }).code !== "CANCELLED") throw error;
    logger.info("service.stopped", `stopped on ${String(stop.reason)} while starting`);
  }
}

/** A database that answers to nothing can hold a start for longer than a stop may take. */
async function overdue(stop: AbortSignal): Promise<void> {
  await stopped(stop);
  await new Promise((resolve) => setTimeout(resolve, longestStopMs));
}

// A service that runs has 9 s for its own stop.
const longestStopMs = 9500;
const nothingToServe = `CONFIGURATION_ERROR (SERVICE_MISSING): no service to download from is configured
  Set AUTH_URL, LOGIN_URL, DOWNLOAD_URL and what belongs to them; these commands help:
    cert-parser-runner check-config   shows every setting, and what is wrong with it
    cert-parser-runner demo           serves with a simulated service, without any setting
    cert-parser-runner sync FILE      stores a list from a file`;

const help = `
Examples:
  cert-parser-runner serve
  SCHEDULER_CRON='0 2 * * 1' DATABASE_DSN=postgresql://user:password@host/db cert-parser-runner

A database that cannot be reached is waited for: /health says alive, /ready why not. Where waiting would not help (login
refused, schema of a later version) it ends with exit code 1.

The first SIGTERM, SIGINT or SIGHUP ends the service in order, in under ten seconds. A second one, a second or more
later, ends it at once with 128 plus its number (SIGINT 130, SIGTERM 143).

Exit codes:
  0  stopped by a signal
  1  could not start (store or port), or ended by an unexpected error
  2  wrong usage or configuration`;

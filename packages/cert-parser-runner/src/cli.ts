/**
 * The entry of the command line: connects it to the process.
 *
 * @module
 */

import process from "node:process";
import { createOutput } from "./cli/output.ts";
import { runCli } from "./cli/program.ts";
import { createStopSignals } from "./cli/stop-signals.ts";
import { causeChain } from "./log/error-text.ts";
import { createLogger } from "./log/logger.ts";

const stdout = createOutput(process.stdout);
// A log that no one reads any more must not end the service.
process.stderr.on("error", () => undefined);

for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => endUnexpectedly(error));
}

const exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  directory: process.cwd(),
  stdin: process.stdin,
  stdout,
  stderr: process.stderr,
  stopSignals: createStopSignals(),
});

await stdout.flush().catch(() => undefined);
await new Promise<void>((resolve) => process.stderr.write("", () => resolve()));
// Not left to the event loop: a connection that somebody keeps alive must not keep the process.
process.exit(exitCode);

function endUnexpectedly(error: unknown): void {
  const logger = createLogger({
    level: "ERROR",
    stream: process.stderr,
    terminal: process.stderr.isTTY === true,
    colour: false,
  });
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error("process.failed", "ended by an unexpected error", { causes: causeChain(error), stack });
  process.exit(1);
}

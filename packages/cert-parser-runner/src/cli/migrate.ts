/**
 * `migrate`: brings the schema of the store up to date.
 *
 * @module
 */

import type { Command } from "commander";
import { migrateStore } from "../main.ts";
import { describeLocation } from "../store/database/store-location.ts";
import { configurationOf, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addMigrate(program: Command, surroundings: Surroundings): void {
  program
    .command("migrate")
    .summary("brings the schema of the store up to date")
    .description(
      "Applies the migrations that the store lacks: all of them, or none where one fails.\n" +
        "serve, sync and demo do the same when they start; this is for those who want it apart.",
    )
    .addHelpText("after", help)
    .action(async () => {
      const configuration = configurationOf(settingsOf(surroundings));
      const { applied, current, location } = await migrateStore(
        configuration,
        surroundings.stopSignals.catch(),
      );
      const lines = applied.map(({ version, name }) => `applied ${version}: ${name}\n`);
      const place = describeLocation(location);
      const already = applied.length === 0 ? "already " : "";
      await surroundings.stdout.write(
        `${lines.join("")}${place} is ${already}at schema version ${current}\n`,
      );
    });
}

const help = `
Examples:
  cert-parser-runner migrate
  DATABASE_DSN=postgresql://owner:password@host/db cert-parser-runner migrate

Exit codes:
  0  the schema is up to date
  1  a migration failed, or the store cannot be opened
  2  wrong usage or configuration`;

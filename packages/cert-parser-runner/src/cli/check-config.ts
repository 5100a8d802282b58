/**
 * `check-config`: every setting, and every fault at once.
 *
 * @module
 */

import type { Command } from "commander";
import type { ConfigurationRow } from "../config/configuration-rows.ts";
import { printable } from "../log/printable.ts";
import { checkSettings } from "../main.ts";
import { misuse } from "./failure.ts";
import { describeFaults, settingsOf } from "./settings.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addCheckConfig(program: Command, surroundings: Surroundings): void {
  program
    .command("check-config")
    .summary("every setting, and every fault of the environment at once")
    .description("Reads the environment and .env as serve would. Secrets are never shown.")
    .option("--json", "one JSON document: { ok, faults, warnings, settings }")
    .addHelpText("after", help)
    .action(async (options: { readonly json?: true }) => {
      const checked = checkSettings(settingsOf(surroundings));
      const { faults, warnings, rows } = checked;
      const text = options.json
        ? `${JSON.stringify({ ok: faults.length === 0, faults, warnings, settings: rows }, null, 2)}\n`
        : `${settingLines(rows)}${warningLines(warnings)}${noteLines(checked)}`;
      await surroundings.stdout.write(text);
      if (faults.length > 0) throw misuse(describeFaults(faults));
    });
}

function settingLines(rows: readonly ConfigurationRow[]): string {
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const lines: string[] = [];
  let group = "";
  for (const row of rows) {
    if (row.group !== group) lines.push(`${lines.length === 0 ? "" : "\n"}${row.group}`);
    group = row.group;
    lines.push(`  ${row.name.padEnd(nameWidth)}  ${printable(row.value)}${originText(row)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function originText({ name, value, source }: ConfigurationRow): string {
  if (value === "(not set)" || source === name) return "";
  return source === "default" ? "  (default)" : `  (from ${source})`;
}

function warningLines(warnings: readonly { readonly name: string; readonly message: string }[]): string {
  return warnings.map(({ name, message }) => `\nwarning: ${printable(name)} ${message}`).join("");
}

function noteLines({ faults, servable }: ReturnType<typeof checkSettings>): string {
  if (faults.length > 0) return "\n";
  const note = servable
    ? "\nno faults\n"
    : "\nno faults; no service is configured: sync FILE and demo work, serve wants AUTH_, LOGIN_ and DOWNLOAD_ settings\n";
  return note;
}

const help = `
Examples:
  cert-parser-runner check-config
  cert-parser-runner check-config --json | jq .faults

Exit codes:
  0  no faults
  2  there are faults, or wrong usage`;

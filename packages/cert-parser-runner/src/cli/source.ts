/**
 * `source list` and `source remove`: where lists come from, and how one ends.
 *
 * @module
 */

import type { Command } from "commander";
import { formatQuantity } from "../log/figures.ts";
import type { ListedSource } from "../store/source-list.ts";
import { terminal } from "./bundle-text.ts";
import { misuse } from "./failure.ts";
import { instantText } from "./instant-text.ts";
import { documentText } from "./json-text.ts";
import { alignRows, type Row } from "./layout.ts";
import { operatorOf } from "./operator.ts";
import type { Surroundings } from "./surroundings.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addSource(program: Command, surroundings: Surroundings): void {
  const { stdout } = surroundings;
  const source = program
    .command("source")
    .summary("the sources in the store, and how to remove one")
    .description("Shows the sources of which something was accepted, and ends what one of them lists.")
    .addHelpText("after", help);
  source
    .command("list")
    .summary("the sources in the store")
    .description("Lists the sources, those that were removed too.")
    .option("--json", "one JSON document: { sources }")
    .action(async ({ json }: { readonly json?: true }) => {
      const sources = await withStore(surroundings, (store) => store.sources());
      await stdout.write(json ? documentText({ sources }) : sourcesText(sources));
    });
  source
    .command("remove")
    .summary("ends what a source lists")
    .description(
      "Ends all that a source lists. Nothing is deleted: its history, its CRLs and what they revoke stay. The next " +
        "bundle under that name brings it back.",
    )
    .argument("<name>", "the source, as source list shows it")
    .requiredOption("--reason <text>", "why: kept with the decision")
    .option("--by <name>", "who decides; by default the user of the system")
    .option("--json", "one JSON document: the source as it is now")
    .action(async (name: string, { reason, by, json }: RemoveFlags) => {
      if (reason.trim() === "") throw misuse("--reason wants a text: it is kept");
      const removal = { source: name, reason, by: operatorOf(surroundings, by) };
      const removed = await withStore(surroundings, (store) => store.removeSource(removal));
      await stdout.write(json ? documentText(removed) : sourcesText([removed]));
    });
}

interface RemoveFlags {
  readonly reason: string;
  readonly by?: string;
  readonly json?: true;
}

function sourcesText(sources: readonly ListedSource[]): string {
  if (sources.length === 0) return "no source yet: nothing was accepted\n";
  return sources.map((source) => alignRows(sourceRows(source), terminal)).join("\n");
}

function sourceRows(source: ListedSource): readonly Row[] {
  const { name, firstSeen, lastSeen, editions, currentEditions, holdings, crls, removed } = source;
  const rows: Row[] = [
    ["source", name],
    ["seen", `from ${instantText(firstSeen)} to ${instantText(lastSeen)}`],
    [
      "lists",
      `${formatQuantity(currentEditions, "current list")} of ${formatQuantity(editions, "accepted one")}`,
      `${formatQuantity(holdings, "certificate")} outside of lists, ${formatQuantity(crls, "CRL")}`,
    ],
  ];
  if (removed !== null) {
    rows.push(["REMOVED", `${instantText(removed.at)} by ${removed.by}`, `"${removed.reason}"`]);
  }
  return rows;
}

const help = `
Examples:
  cert-parser-runner source list
  cert-parser-runner source remove icao-mastrelist --reason "a typo in --source"

Exit codes:
  0  done
  1  no source of that name is in use, or the store cannot be opened
  2  wrong usage or configuration`;

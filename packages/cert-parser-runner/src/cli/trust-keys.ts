/**
 * `trust join` and `trust part`: two keys of one CSCA that no link certificate joins.
 *
 * @module
 */

import type { Command } from "commander";
import { misuse } from "./failure.ts";
import { documentText } from "./json-text.ts";
import { alignRows } from "./layout.ts";
import { operatorOf } from "./operator.ts";
import type { Surroundings } from "./surroundings.ts";
import { joinedRows } from "./trust-text.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addKeyCommands(trust: Command, surroundings: Surroundings): void {
  trust
    .command("join")
    .summary("declares two keys to be of one CSCA")
    .description(
      "Declares two keys to be of one CSCA though no link certificate joins them. The newer key then speaks for the " +
        "older: its lists replace those of the older one, and its CRLs count for what the older one issued.",
    )
    .argument("<key>", "SHA-256 of a key, or 16 digits of it or more")
    .argument("<other>", "the same of the other key")
    .requiredOption("--reason <text>", "why: kept with the decision")
    .option("--by <name>", "who decides; by default the user of the system")
    .option("--json", "one JSON document: { keys, at, by, reason }")
    .action(async (key: string, other: string, flags: KeyFlags) => {
      const decision = decisionOf(key, other, flags, surroundings);
      const joined = await withStore(surroundings, (store) => store.joinKeys(decision));
      await surroundings.stdout.write(flags.json ? documentText(joined) : alignRows(joinedRows(joined)));
    });
  trust
    .command("part")
    .summary("takes back that two keys are of one CSCA")
    .description("Takes back what trust join declared.")
    .argument("<key>", "SHA-256 of a key, or 16 digits of it or more")
    .argument("<other>", "the same of the other key")
    .option("--reason <text>", "why: kept with the decision", "parted by trust part")
    .option("--by <name>", "who decides; by default the user of the system")
    .action(async (key: string, other: string, flags: KeyFlags) => {
      const decision = decisionOf(key, other, flags, surroundings);
      await withStore(surroundings, (store) => store.partKeys(decision));
      await surroundings.stdout.write("parted: the two keys are judged as two CSCAs again\n");
    });
}

interface KeyFlags {
  readonly reason: string;
  readonly by?: string;
  readonly json?: true;
}

function decisionOf(key: string, other: string, { reason, by }: KeyFlags, surroundings: Surroundings) {
  if (reason.trim() === "") throw misuse("--reason wants a text: it is kept");
  return { keys: [key, other], reason, by: operatorOf(surroundings, by) } as const;
}

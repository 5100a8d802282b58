/**
 * `trust show`, `trust export` and `trust discard`: one quarantined bundle.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { QuarantinedBundle } from "../store/quarantine.ts";
import type { Store } from "../store/store.ts";
import { misuse } from "./failure.ts";
import { documentText } from "./json-text.ts";
import { operatorOf } from "./operator.ts";
import { quarantineText } from "./quarantine-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addQuarantineCommands(trust: Command, surroundings: Surroundings): void {
  const { stdout } = surroundings;
  trust
    .command("show")
    .summary("a quarantined bundle, object by object")
    .description("Shows how each object of a quarantined bundle was judged, and what can be done.")
    .argument("<sha256>", digestText)
    .option("--source <name>", sourceText)
    .option("--json", "one JSON document: the bundle with its judgment")
    .action(async (sha256: string, { source, json }: BundleFlags) => {
      const bundle = await withStore(surroundings, (store) => chosen(store, sha256, source));
      await stdout.write(json ? documentText(bundle) : quarantineText(bundle));
    });
  trust
    .command("export")
    .summary("writes a quarantined bundle to a file")
    .description("Writes the file as it came in, for inspect, verify and diff. It overwrites nothing.")
    .argument("<sha256>", digestText)
    .argument("<file>", "the file to write")
    .option("--source <name>", sourceText)
    .action(async (sha256: string, file: string, { source }: BundleFlags) => {
      const { bytes, ...bundle } = await withStore(surroundings, (store) =>
        store.quarantinedBundle(sha256, source),
      );
      await writeNew(file, bytes);
      await stdout.write(`wrote ${bundle.sha256} to ${file}\n`);
    });
  trust
    .command("discard")
    .summary("dismisses a quarantined bundle")
    .description("Removes a bundle from quarantine. Who did it and why stays in the log: see trust list.")
    .argument("<sha256>", digestText)
    .option("--source <name>", sourceText)
    .option("--by <name>", "who decides; by default the user of the system")
    .option("--reason <text>", "why: kept with the decision", "discarded by trust discard")
    .option("--json", "one JSON document: the bundle as it was")
    .action(async (sha256: string, { source, by, reason = "", json }: DiscardFlags) => {
      if (reason.trim() === "") throw misuse("--reason wants a text: it is kept");
      const decision = { sha256, source: source ?? null, by: operatorOf(surroundings, by), reason };
      const bundle = await withStore(surroundings, (store) => store.discardQuarantined(decision));
      const text = `discarded ${bundle.sha256} of source ${bundle.source}\n`;
      await stdout.write(json ? documentText(bundle) : text);
    });
}

interface BundleFlags {
  readonly source?: string;
  readonly json?: true;
}

interface DiscardFlags extends BundleFlags {
  readonly by?: string;
  readonly reason?: string;
}

/** A bundle whose file was too large to keep can be shown all the same. */
async function chosen(store: Store, sha256: string, source: string | undefined): Promise<QuarantinedBundle> {
  const prefix = sha256.replaceAll(":", "").toLowerCase();
  const [only, ...others] = (await store.quarantined()).filter(
    (bundle) =>
      /^[0-9a-f]{16,}$/.test(prefix) &&
      bundle.sha256.startsWith(prefix) &&
      (source === undefined || bundle.source === source),
  );
  if (only !== undefined && others.length === 0) return only;
  const { bytes: _, ...bundle } = await store.quarantinedBundle(sha256, source);
  return bundle;
}

async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: "wx" });
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") throw misuse(`${file} exists: name a new file`);
    throw error;
  }
}

const digestText = "SHA-256 of the bundle, or 16 digits of it or more";
const sourceText = "the source, if several sent the same bundle";

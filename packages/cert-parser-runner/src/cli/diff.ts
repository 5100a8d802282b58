/**
 * `diff OLD NEW`: what changed from one list to the next.
 *
 * @module
 */

import { type Bundle, compareEditions } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import type { Command } from "commander";
import { openBytes, readInput } from "../main.ts";
import { comparisonDocument, comparisonText } from "./comparison-text.ts";
import { failure, misuse } from "./failure.ts";
import { readHeldEdition } from "./held-edition.ts";
import type { Surroundings } from "./surroundings.ts";
import { withStore } from "./with-store.ts";

/** Adds the command. */
export function addDiff(program: Command, surroundings: Surroundings): void {
  const { stdin, stdout } = surroundings;
  program
    .command("diff")
    .summary("what changed from one list to the next")
    .description(
      "Compares two files by the certificates in them: what was added, what was removed and whether it had " +
        "expired when the new list was signed, which links lost their issuer, which countries lost their last " +
        "valid CSCA certificate, and whether the publisher changed. With --store it compares a quarantined bundle " +
        "with what the store holds of its source. It does not tell whom to trust: see verify.",
    )
    .argument("<old>", "the file before, - for standard input; with --store: SHA-256 of a quarantined bundle")
    .argument("[new]", "the file after; - reads standard input")
    .option("--store <source>", "compares with what this source lists in the store")
    .option("--json", "one JSON document, with every certificate")
    .addHelpText("after", help)
    .action(async (first: string, second: string | undefined, { store, json }: DiffFlags) => {
      const show = json ? documentOf : textOf;
      if (store !== undefined) {
        if (second !== undefined)
          throw misuse("--store takes the SHA-256 of a quarantined bundle, and no file");
        return stdout.write(show(await heldAndQuarantined(surroundings, store, first)));
      }
      if (second === undefined) throw misuse("two files are compared: name the new one too");
      if (first === "-" && second === "-") throw misuse("only one of the two can be standard input");
      const before = await opened(first, stdin);
      const after = await opened(second, stdin);
      const comparison = await compareEditions(before, after, optionsOf());
      const [from, to] = [side(nameOf(first), before), side(nameOf(second), after)];
      await stdout.write(show({ comparison, from, to }));
    });
}

interface DiffFlags {
  readonly store?: string;
  readonly json?: true;
}

interface Side {
  readonly name: string;
  readonly kind: string;
  readonly sha256: string | null;
}

interface Compared {
  readonly comparison: Awaited<ReturnType<typeof compareEditions>>;
  readonly from: Side;
  readonly to: Side;
}

async function heldAndQuarantined(
  surroundings: Surroundings,
  source: string,
  which: string,
): Promise<Compared> {
  return withStore(surroundings, async (store) => {
    const { bytes, sha256 } = await store.quarantinedBundle(which, source);
    const read = await openBytes(bytes);
    if (!read.ok) throw failure(read.error, sha256, read.error.cause);
    const held = await readHeldEdition(store, source);
    return {
      comparison: await compareEditions(held, read.value, optionsOf()),
      from: { name: `source ${source} in the store`, kind: "store", sha256: null },
      to: side(`quarantined ${sha256.slice(0, 16)}`, read.value),
    };
  });
}

function optionsOf() {
  return { now: new Date(), engine: createNodeEngine() };
}

function side(name: string, { kind, sha256 }: Bundle): Side {
  return { name, kind, sha256 };
}

function textOf({ comparison, from, to }: Compared): string {
  return comparisonText(comparison, from.name, to.name);
}

function documentOf({ comparison, from, to }: Compared): string {
  return `${JSON.stringify(comparisonDocument(comparison, from, to), null, 2)}\n`;
}

async function opened(file: string, stdin: AsyncIterable<Uint8Array>): Promise<Bundle> {
  const read = await readInput(file, stdin);
  if (!read.ok) throw failure(read.error, file, read.error.cause);
  return read.value;
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

const help = `
Examples:
  cert-parser-runner diff list-2025.ml list-2026.ml
  cert-parser-runner diff old.ml new.ml --json | jq '.removed[] | select(.expired | not)'
  cert-parser-runner diff --store icao-masterlist 9f86d081884c7d65

Exit codes:
  0  both sides were read, whatever changed
  1  a side cannot be read, or the store cannot be opened
  2  wrong usage or configuration`;

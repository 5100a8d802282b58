/**
 * `diff OLD NEW`: what changed from one list to the next.
 *
 * @module
 */

import type { Bundle } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import type { Command } from "commander";
import { readInput } from "../main.ts";
import { compareBundles } from "./comparison.ts";
import { comparisonDocument, comparisonText } from "./comparison-text.ts";
import { failure, misuse } from "./failure.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addDiff(program: Command, { stdin, stdout }: Surroundings): void {
  program
    .command("diff")
    .summary("what changed from one list to the next")
    .description(
      "Compares two files by the certificates in them: what was added, what was removed and whether it had " +
        "expired when the new list was signed, which links lost their issuer, which countries lost their last " +
        "valid CSCA certificate, and whether the publisher is another one. It does not say whom to trust: see verify.",
    )
    .argument("<old>", "the file before; - reads standard input")
    .argument("<new>", "the file after; - reads standard input")
    .option("--json", "one JSON document, with every certificate")
    .addHelpText("after", help)
    .action(async (oldFile: string, newFile: string, { json }: { readonly json?: true }) => {
      if (oldFile === "-" && newFile === "-") throw misuse("only one of the two can be standard input");
      const before = await opened(oldFile, stdin);
      const after = await opened(newFile, stdin);
      const comparison = await compareBundles(before, after, { now: new Date(), engine: createNodeEngine() });
      await stdout.write(
        json
          ? `${JSON.stringify(comparisonDocument(comparison), null, 2)}\n`
          : comparisonText(comparison, nameOf(oldFile), nameOf(newFile)),
      );
    });
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

Exit codes:
  0  both files were read, whatever changed
  1  one of them could not be read
  2  wrong usage`;

/**
 * `inspect FILE`: what is in it.
 *
 * @module
 */

import { type Bundle, describeBundle } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import { type Command, Option } from "commander";
import { printable } from "../log/printable.ts";
import { readInput } from "../main.ts";
import { bundleText } from "./bundle-text.ts";
import { explainCertificate, explainCrl } from "./explanation.ts";
import { failure, misuse } from "./failure.ts";
import type { Output } from "./output.ts";
import { pemBlocks } from "./pem-blocks.ts";
import { recordLines } from "./record-lines.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addInspect(program: Command, { stdin, stdout }: Surroundings): void {
  program
    .command("inspect")
    .summary("what is in a file")
    .description(
      "Shows what is in a file, recognised by its content: a Master List or a Deviation List (in CMS, DER or\n" +
        "BER), certificates and CRLs (DER, PEM, base64, PKCS #7), LDIF of ICAO's directory, a ZIP of these.\n" +
        "Signatures are not looked at: that a file can be read says nothing of who made it. See verify.",
    )
    .argument("<file>", "the file; - reads standard input")
    .addOption(new Option("--json", "one JSON document").conflicts(["ndjson", "pem"]))
    .addOption(new Option("--ndjson", "one JSON record a line for each certificate").conflicts(["pem"]))
    .option("--pem", "the certificates as PEM, each under its subject and SHA-256")
    .option("--all", "with --ndjson or --pem: certificates of the envelope, CRLs and deviations too")
    .addOption(
      new Option(
        "--certificate <which>",
        "explains one certificate in full: its SHA-256, or 8 digits of it or more,\n" +
          "or its position, from 0, in the order of --ndjson --all",
      ).conflicts(["ndjson", "all", "crl"]),
    )
    .addOption(
      new Option("--crl <which>", "explains one CRL in full, with its entries, in the same way").conflicts([
        "ndjson",
        "all",
      ]),
    )
    .addHelpText("after", help)
    .action(async (file: string, options: InspectOptions) => {
      if (options.all && !options.ndjson && !options.pem) {
        throw misuse("--all goes with --ndjson or --pem: the other outputs show everything");
      }
      const read = await readInput(file, stdin);
      if (!read.ok) throw failure(read.error, file, read.error.cause);
      await print(read.value, file, options, stdout);
    });
}

interface InspectOptions {
  readonly json?: true;
  readonly ndjson?: true;
  readonly pem?: true;
  readonly all?: true;
  readonly certificate?: string;
  readonly crl?: string;
}

async function print(bundle: Bundle, file: string, options: InspectOptions, out: Output): Promise<void> {
  const all = options.all ?? false;
  const now = new Date();
  if (options.certificate !== undefined) {
    return writeEach(out, explainCertificate(bundle, options.certificate, file, formatOf(options), now));
  }
  if (options.crl !== undefined) {
    return writeEach(out, explainCrl(bundle, options.crl, file, formatOf(options)));
  }
  if (options.ndjson) return writeEach(out, recordLines(bundle, all));
  if (options.pem) return writeEach(out, pemBlocks(bundle, all));
  const description = describeBundle(bundle, { now, engine: createNodeEngine() });
  if (options.json) return out.write(`${JSON.stringify(description, null, 2)}\n`);
  return out.write(bundleText(description, printable(file === "-" ? "standard input" : file)));
}

function formatOf({ json, pem }: InspectOptions): "json" | "pem" | "text" {
  if (json) return "json";
  return pem ? "pem" : "text";
}

/** Makes each text only when the one before is on its way, and none for a reader who has gone. */
async function writeEach(out: Output, texts: Iterable<string>): Promise<void> {
  for (const text of texts) {
    if (out.closed) return;
    await out.write(text);
  }
}

const help = `
Examples:
  cert-parser-runner inspect list.ml
  cert-parser-runner inspect list.zip --json | jq .findings
  cert-parser-runner inspect list.ml --ndjson | jq -r 'select(.country == "SE") | .subject'
  cert-parser-runner inspect list.ml --pem > cscas.pem
  cert-parser-runner inspect list.ml --certificate 17
  cert-parser-runner inspect list.ml --certificate 3f:29:b5:57 --pem
  cert-parser-runner inspect collection.ldif --crl 0

Exit codes:
  0  the file was read; parts that could not be read are shown as rejected
  1  the file could not be read, or has no such certificate or CRL
  2  wrong usage`;

/**
 * `inspect FILE`: what is in it.
 *
 * @module
 */

import {
  type Bundle,
  type Certificate,
  summariseBundle,
  toCertificateRecord,
  toCrlRecord,
} from "cert-parser-core";
import { type Command, Option } from "commander";
import { printable } from "../log/printable.ts";
import { readInput } from "../main.ts";
import { describeBundle } from "./bundle-text.ts";
import { failure, misuse } from "./failure.ts";
import type { Output } from "./output.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the command. */
export function addInspect(program: Command, { stdin, stdout }: Surroundings): void {
  program
    .command("inspect")
    .summary("what is in a file")
    .description(
      "Shows what is in a Master List, a certificate or a CRL, recognised by its content.\n" +
        "Signatures are not verified yet: that a file can be read says nothing of who made it.",
    )
    .argument("<file>", "the file; - reads standard input")
    .addOption(new Option("--json", "one JSON document with the figures").conflicts(["ndjson", "pem"]))
    .addOption(new Option("--ndjson", "one JSON record a line for each certificate").conflicts(["pem"]))
    .option("--pem", "the certificates as PEM, each under its subject and SHA-256")
    .option("--all", "with --ndjson or --pem: certificates of the envelope and CRLs too")
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
}

async function print(bundle: Bundle, file: string, options: InspectOptions, out: Output): Promise<void> {
  if (options.json) return out.write(`${JSON.stringify(summariseBundle(bundle), null, 2)}\n`);
  const all = options.all ?? false;
  if (options.ndjson) return writeEach(out, recordLines(bundle, all));
  if (options.pem) return writeEach(out, pemBlocks(bundle, all));
  return out.write(describeBundle(bundle, printable(file === "-" ? "standard input" : file)));
}

/** Makes each text only when the one before is on its way, and none for a reader who has gone. */
async function writeEach(out: Output, texts: Iterable<string>): Promise<void> {
  for (const text of texts) {
    if (out.closed) return;
    await out.write(text);
  }
}

function* recordLines(bundle: Bundle, all: boolean): Generator<string> {
  for (const certificate of certificatesOf(bundle, all)) {
    yield `${JSON.stringify(toCertificateRecord(certificate))}\n`;
  }
  if (!all) return;
  for (const { crls } of bundle.objects) {
    for (const crl of crls) yield `${JSON.stringify(toCrlRecord(crl))}\n`;
  }
}

function* pemBlocks(bundle: Bundle, all: boolean): Generator<string> {
  for (const certificate of certificatesOf(bundle, all)) {
    const { subject, sha256, foundIn } = toCertificateRecord(certificate);
    // RFC 7468 section 2: text before the boundary is left alone by readers.
    const where = foundIn === "envelope" ? " (envelope: no trust anchor)" : "";
    yield `# ${printable(subject)} SHA-256 ${sha256}${where}\n${pem("CERTIFICATE", certificate.der)}`;
  }
  if (!all) return;
  for (const { crls } of bundle.objects) {
    for (const crl of crls) {
      const { issuer, sha256 } = toCrlRecord(crl);
      yield `# CRL of ${printable(issuer)} SHA-256 ${sha256}\n${pem("X509 CRL", crl.der)}`;
    }
  }
}

function* certificatesOf({ objects }: Bundle, all: boolean): Generator<Certificate> {
  for (const { certificates } of objects) yield* certificates;
  if (!all) return;
  for (const { envelopeCertificates } of objects) yield* envelopeCertificates;
}

/** RFC 7468: base64 in lines of 64 characters. */
function pem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString("base64");
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

const help = `
Examples:
  cert-parser-runner inspect list.ml
  cert-parser-runner inspect list.ml --json
  cert-parser-runner inspect list.ml --ndjson | jq -r 'select(.country == "SE") | .subject'
  cert-parser-runner inspect list.ml --pem > cscas.pem

Exit codes:
  0  the file was read; parts that could not be read are shown as rejected
  1  the file could not be read
  2  wrong usage`;

/**
 * `verify FILE`: whether it is to be trusted, and why (not).
 *
 * @module
 */

import type { Bundle } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import type { Command } from "commander";
import { formatCount } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { readInput } from "../main.ts";
import { readAnchors, readAuthorities } from "./certificate-files.ts";
import { failure, misuse } from "./failure.ts";
import { instantText } from "./instant-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { type ObjectVerification, type VerificationOptions, verifyObjects } from "./verification.ts";
import { verificationDocument } from "./verification-document.ts";
import { verificationText } from "./verification-text.ts";

/** Adds the command. */
export function addVerify(program: Command, { stdin, stdout }: Surroundings): void {
  program
    .command("verify")
    .summary("whether a file is to be trusted, and why (not)")
    .description(
      "Verifies each signed object of a file by itself: content, signed attributes, signature, signer, and the " +
        "path from the signer over its CSCA, and over link certificates, to an anchor; then the certificates and " +
        "CRLs in it. Without an anchor it says whether a list is sound in itself: nobody vouches for its publisher " +
        "then. What nobody signed is refused. The store and the settings are not asked.",
    )
    .argument("<file>", "the file; - reads standard input")
    .option(
      "--anchor <file|sha256...>",
      "CSCA certificates that are trusted, named after FILE: files, directories, or SHA-256",
    )
    .option(
      "--authorities <file...>",
      "further CSCA and link certificates, CRLs, lists: files or directories",
    )
    .option("--at <instant>", "the instant of the check, such as 2026-01-31T12:00:00Z; by default now")
    .option("--json", "one JSON document: every step with its result and its rule")
    .addHelpText("after", help)
    .action(async (file: string, flags: VerifyFlags) => {
      const now = instantOf(flags.at);
      const anchors = flags.anchor && readAnchors(flags.anchor);
      const options = {
        anchors,
        now,
        engine: createNodeEngine(),
        ...(await authoritiesOf(flags.authorities)),
      };
      const read = await readInput(file, stdin);
      if (!read.ok) throw failure(read.error, file, read.error.cause);
      const verifications = await verifyObjects(read.value, options);
      const describe = flags.json ? documentOf : textOf;
      await stdout.write(describe(read.value, verifications, options, file));
      expectVerified(verifications, file);
    });
}

interface VerifyFlags {
  readonly anchor?: readonly string[];
  readonly authorities?: readonly string[];
  readonly at?: string;
  readonly json?: true;
}

function instantOf(text: string | undefined): Date {
  if (text === undefined) return new Date();
  const instant = new Date(text);
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  if (day !== undefined && isDay(day) && !Number.isNaN(instant.getTime())) return instant;
  throw misuse(`--at ${text}: expected an instant such as 2026-01-31 or 2026-01-31T12:00:00Z`);
}

/** Whether the calendar has it: for 31 February, Date gives a day in March. */
function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

async function authoritiesOf(named: readonly string[] = []) {
  const { certificates, crls } = await readAuthorities(named);
  return { authorities: certificates, crls };
}

function textOf(
  { objects }: Bundle,
  verifications: readonly ObjectVerification[],
  { anchors }: VerificationOptions,
  file: string,
): string {
  const name = printable(file === "-" ? "standard input" : file);
  const refused = verifications.filter(({ outcome }) => outcome === "refused").length;
  const several =
    objects.length < 2 ? "" : `: ${formatCount(objects.length)} objects, ${formatCount(refused)} refused`;
  const texts = verifications.map((verification) => verificationText(verification, anchors !== undefined));
  const nothing = objects.length === 0 ? [`${nothingSigned}\n`] : [];
  return [`${name}${several}\n`, ...texts, ...nothing].join("\n");
}

function documentOf(
  { kind, sha256 }: Bundle,
  verifications: readonly ObjectVerification[],
  { anchors, now }: VerificationOptions,
): string {
  const document = {
    kind,
    sha256,
    at: instantText(now),
    outcome: isVerified(verifications) ? "verified" : "refused",
    anchors: anchors?.map((anchor) => (typeof anchor === "string" ? anchor : anchor.sha256)) ?? null,
    objects: verifications.map(verificationDocument),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function isVerified(verifications: readonly ObjectVerification[]): boolean {
  return verifications.length > 0 && verifications.every(({ outcome }) => outcome === "verified");
}

function expectVerified(verifications: readonly ObjectVerification[], file: string): void {
  if (isVerified(verifications)) return;
  const steps = verifications.flatMap((verification) => verification.steps);
  const first = steps.find(({ result }) => result === "failed");
  const reason = first === undefined ? "UNSIGNED" : (first.code ?? "UNREADABLE");
  throw failure({ code: "TRUST_ERROR", reason, message: first?.message ?? nothingSigned }, file);
}

const nothingSigned = "there is nothing in it that somebody signed";

const help = `
Examples:
  cert-parser-runner verify list.ml
  cert-parser-runner verify list.ml --anchor csca.cer
  cert-parser-runner verify list.ml --anchor anchors/ --authorities older-list.ml
  cert-parser-runner verify collection.ldif --authorities list.ml
  cert-parser-runner verify list.ml --json | jq '.objects[].steps[] | select(.result != "passed")'

Exit codes:
  0  verified; with anchors: it ends at one of them
  1  refused, or the file could not be read; of several objects, one was refused
  2  wrong usage, or what --anchor or --authorities names cannot be read`;

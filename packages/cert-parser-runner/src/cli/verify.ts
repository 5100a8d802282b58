/**
 * `verify FILE`: whether it is to be trusted, and why (not).
 *
 * @module
 */

import {
  type Bundle,
  type BundleVerification,
  type ObjectVerification,
  openCodes,
  type VerifyBundleOptions,
  verifyBundle,
} from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import type { Command } from "commander";
import { formatCount } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { readInput } from "../main.ts";
import { readAnchors, readAuthorities } from "./certificate-files.ts";
import { type FailureDetails, failure, misuse, undetermined, unjudged } from "./failure.ts";
import { instantText } from "./instant-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { verificationDocument } from "./verification-document.ts";
import { verificationText } from "./verification-text.ts";

/** Adds the command. */
export function addVerify(program: Command, { stdin, stdout }: Surroundings): void {
  program
    .command("verify")
    .summary("whether a file is to be trusted, and why (not)")
    .description(
      "Verifies each object of a file by itself: content, signed attributes, signature, signer, and the path from " +
        "the signer to its CSCA and over link certificates to an anchor; then the certificates and CRLs in it. " +
        "Without an anchor it tells whether the file is sound in itself, not whether its publisher is trusted. " +
        "Unsigned objects are refused. Neither the store nor the settings are used.",
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
    .option("--allow-weak-algorithms", "for a test PKI: SHA-1 and short keys are noted, not refused")
    .option("--at <instant>", "the instant of the check, such as 2026-01-31T12:00:00Z; by default now")
    .option("--json", "one JSON document: every step with its result and its rule")
    .addHelpText("after", help)
    .action(async (file: string, flags: VerifyFlags) => {
      const now = instantOf(flags.at);
      const anchors = flags.anchor && readAnchors(flags.anchor);
      const options: VerifyBundleOptions = {
        anchors,
        now,
        engine: createNodeEngine(),
        allowWeakAlgorithms: flags.allowWeakAlgorithms ?? false,
        ...(await authoritiesOf(flags.authorities)),
      };
      const read = await readInput(file, stdin);
      if (!read.ok) throw unjudged(read.error, file, read.error.cause);
      const verification = await verifyBundle(read.value, options);
      const describe = flags.json ? documentOf : textOf;
      await stdout.write(describe(read.value, verification, options, file));
      expectVerified(verification, file);
    });
}

interface VerifyFlags {
  readonly anchor?: readonly string[];
  readonly authorities?: readonly string[];
  readonly allowWeakAlgorithms?: true;
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
  verification: BundleVerification,
  { anchors }: VerifyBundleOptions,
  file: string,
): string {
  const name = printable(file === "-" ? "standard input" : file);
  const counts = [...Map.groupBy(verification.objects, ({ outcome }) => outcome)].map(
    ([outcome, ofOutcome]) => `${formatCount(ofOutcome.length)} ${outcome}`,
  );
  const several = objects.length < 2 ? "" : `: ${formatCount(objects.length)} objects, ${counts.join(", ")}`;
  const texts = verification.objects.map((object) => verificationText(object, anchors));
  const nothing = objects.length === 0 ? [`${nothingSigned}\n`] : [];
  return [`${name}${several}\n`, ...texts, ...nothing].join("\n");
}

function documentOf(
  { kind, sha256 }: Bundle,
  { outcome, judgment, objects }: BundleVerification,
  { anchors, now }: VerifyBundleOptions,
): string {
  const document = {
    kind,
    sha256,
    at: instantText(now),
    outcome,
    anchors: anchors?.map((anchor) => (typeof anchor === "string" ? anchor : anchor.sha256)) ?? null,
    reasons: judgment.reasons,
    objects: objects.map(verificationDocument),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function expectVerified({ outcome, objects }: BundleVerification, file: string): void {
  if (outcome === "verified") return;
  const worst = objects.find((object) => object.outcome === outcome);
  const details = outcome === "refused" ? refusalOf(worst) : openQuestionOf(worst);
  throw outcome === "refused" ? failure(details, file) : undetermined(details, file);
}

function refusalOf(object: ObjectVerification | undefined): FailureDetails {
  const first = object?.steps.find(({ result }) => result === "failed");
  const reason = first === undefined ? "UNSIGNED" : (first.code ?? "UNREADABLE");
  return { code: "TRUST_ERROR", reason, message: first?.message ?? nothingSigned };
}

function openQuestionOf(object: ObjectVerification | undefined): FailureDetails {
  const open = object?.steps.find(({ code }) => code !== null && openCodes.has(code));
  const pending = object?.judgment.reasons.find(({ weight }) => weight === "pending");
  const { code, message } = open ?? pending ?? nothingKnown;
  return { code: "TRUST_ERROR", reason: code ?? nothingKnown.code, message: `undetermined: ${message}` };
}

const nothingKnown = { code: "ISSUER_UNKNOWN", message: "not enough is known of its issuer" } as const;
const nothingSigned = "the file holds nothing signed";

const help = `
Examples:
  cert-parser-runner verify list.ml
  cert-parser-runner verify list.ml --anchor csca.cer
  cert-parser-runner verify list.ml --anchor anchors/ --authorities older-list.ml
  cert-parser-runner verify document-signer.cer --anchor csca.cer --authorities csca.crl
  cert-parser-runner verify collection.ldif --authorities list.ml
  cert-parser-runner verify list.ml --json | jq '.objects[].steps[] | select(.result != "passed")'

Exit codes:
  0  verified; with --anchor: the path ends at one of the anchors
  1  refused; of several objects, at least one
  2  wrong usage, or what --anchor or --authorities names cannot be read
  3  undetermined: nothing speaks against it, but who issued it is not known
  5  could not be judged: the file cannot be read or parsed`;

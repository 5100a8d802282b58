/**
 * A quarantined bundle in words: what `trust list` and `trust show` print.
 *
 * @module
 */

import { liftableCodes } from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import type { ObjectJudgmentDocument } from "../store/judgment-json.ts";
import type { QuarantinedBundle } from "../store/quarantine.ts";
import { terminal } from "./bundle-text.ts";
import { instantText } from "./instant-text.ts";
import { alignRows, cutList, type Row } from "./layout.ts";

/** The bundle with each of its objects, and what can be done. */
export function quarantineText(bundle: QuarantinedBundle): string {
  const { objects, reasons } = bundle.judgment;
  const said = new Set(objects.flatMap((object) => object.reasons.map(reasonText)));
  const whole = reasons.map(reasonText).filter((text) => !said.has(text));
  const rows: readonly Row[] = [
    ...identityRows(bundle),
    ...(whole.length === 0 ? [] : [["as a whole", ...whole] satisfies Row]),
  ];
  const shown = objects.slice(0, mostObjects);
  const blocks = shown.map((object, at) => alignRows(objectRows(object, at + 1), terminal));
  const more = objects.length - shown.length;
  const rest = more > 0 ? [`  and ${formatQuantity(more, "object")} more: use --json\n`] : [];
  return [alignRows(rows, terminal), ...blocks, ...rest, alignRows(stepRows(bundle), terminal)].join("\n");
}

/** The bundle in short, for a list of several. */
export function quarantineRows(bundle: QuarantinedBundle): readonly Row[] {
  const { judgment } = bundle;
  const weight = bundle.outcome === "refused" ? "refusal" : "pending";
  const all = [...judgment.reasons, ...judgment.objects.flatMap(({ reasons }) => reasons)];
  const deciding = all.filter((reason) => reason.weight === weight);
  return [
    ...identityRows(bundle),
    ["reasons", ...cutList([...new Set(deciding.map(reasonText))], mostReasons, (text) => [text])],
    ["to see it", `cert-parser-runner trust show ${bundle.sha256.slice(0, 16)}`],
  ];
}

function identityRows(bundle: QuarantinedBundle): readonly Row[] {
  const { source, sha256, outcome, byteLength, firstSeen, lastSeen, timesSeen, isHeld } = bundle;
  return [
    ["quarantined", `${outcome}, of source ${source}, ${formatQuantity(byteLength, "byte")}`],
    ["SHA-256", sha256],
    [
      "seen",
      `${formatQuantity(timesSeen, "time")}, from ${instantText(firstSeen)} to ${instantText(lastSeen)}`,
    ],
    ...(isHeld ? [] : [["file", "too large to be kept"] satisfies Row]),
  ];
}

function objectRows(object: ObjectJudgmentDocument, number: number): readonly Row[] {
  const { outcome, reasons, publisher = null, signingTime = null, edition = null } = object;
  const rows: Row[] = [[`object ${number}`, outcome]];
  if (publisher !== null) rows.push(["publisher", publisher.subject], ["its key", publisher.keySha256]);
  if (signingTime !== null) rows.push(["signed", instantText(new Date(signingTime))]);
  if (edition === "history") rows.push(["edition", "a newer list of the publisher is held"]);
  if (reasons.length > 0) rows.push(["reasons", ...reasons.map(reasonText)]);
  return rows;
}

function stepRows({ sha256, source, judgment }: QuarantinedBundle): readonly Row[] {
  const name = `${sha256.slice(0, 16)} --source ${source}`;
  const steps: string[] = [];
  for (const [at, { outcome, publisher, reasons }] of judgment.objects.entries()) {
    const isForPublisher = reasons.every(({ code, weight }) => weight === "note" || publisherCodes.has(code));
    if (outcome === "pending" && publisher && isForPublisher) {
      const of = judgment.objects.length > 1 ? `, or ${sha256.slice(0, 16)} --list ${at + 1}` : "";
      steps.push(`cert-parser-runner trust approve ${publisher.keySha256.slice(0, 16)}${of}`);
    }
  }
  if (isReleasable(judgment)) steps.push(`cert-parser-runner trust approve ${name} --reason TEXT`);
  steps.push(
    `cert-parser-runner diff --store ${source} ${sha256.slice(0, 16)}`,
    `cert-parser-runner trust export ${sha256.slice(0, 16)} FILE`,
    `cert-parser-runner trust discard ${name} --reason TEXT`,
  );
  return [["to do", ...steps]];
}

function isReleasable({ reasons, objects }: QuarantinedBundle["judgment"]): boolean {
  const deciding = [...reasons, ...objects.flatMap((object) => object.reasons)].filter(
    ({ weight }) => weight !== "note",
  );
  return (
    deciding.length > 0 && deciding.every(({ code }) => liftableCodes.some((liftable) => liftable === code))
  );
}

function reasonText({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${code}: ${message}`;
}

const publisherCodes: ReadonlySet<string> = new Set(["LINK_REVOKED", "LINK_UNSEEN", "PUBLISHER_UNKNOWN"]);
const mostObjects = 30;
const mostReasons = 10;

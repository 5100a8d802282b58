/**
 * A verification in words: the human-readable output of `verify`.
 *
 * @module
 */

import {
  type Certificate,
  type CertificateJudgment,
  type CountryLinks,
  formatName,
  type ListVerdict,
  type ObjectVerification,
  openCodes,
  type RevocationListJudgment,
  roleOf,
  type TrustAnchor,
  type VerificationStep,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { terminal } from "./bundle-text.ts";
import { instantText } from "./instant-text.ts";
import { issuanceRows } from "./issuance-rows.ts";
import { alignRows, cutList, type Row } from "./layout.ts";
import { objectNames, originText } from "./object-rows.ts";
import { isUnsettled, verdictCounts } from "./verification-document.ts";

/** Writes one object: its verdict, every step, the path, and what is in it. No anchors: none were configured. */
export function verificationText(
  verification: ObjectVerification,
  anchors: readonly TrustAnchor[] | undefined,
): string {
  const { object, steps, verdict } = verification;
  const { kind, origin } = object;
  const head = origin === undefined ? objectNames[kind] : `${objectNames[kind]}, in ${originText(origin)}`;
  const rows = [
    ...(verdict === undefined ? issuanceRows(verification, anchors) : publisherRows(verdict)),
    ...contentRows(verification),
  ];
  const sections = [
    alignRows([["verdict", ...verdictLines(verification, anchors !== undefined)]], terminal),
    alignRows(steps.map(stepRow), stepLayout),
    alignRows(rows, terminal),
  ];
  return [`${printable(head)}\n`, ...sections.filter((text) => text !== "")].join("\n");
}

/** The verdict in a sentence or two. */
export function verdictLines(
  { outcome, steps, verdict, judgment }: ObjectVerification,
  anchored: boolean,
): readonly string[] {
  if (outcome === "refused") {
    return ["REFUSED", ...steps.filter(({ result }) => result === "failed").map(reasonText)];
  }
  if (outcome === "undetermined") {
    const open = [
      ...steps.filter(({ code }) => code !== null && openCodes.has(code)),
      ...judgment.reasons.filter(({ weight }) => weight === "pending"),
    ];
    return ["UNDETERMINED: nothing speaks against it, and not enough is known", ...open.map(reasonText)];
  }
  if (verdict === undefined) {
    return anchored
      ? ["verified: issued under a trust anchor"]
      : ["sound in itself; no trust anchors configured, the CSCA is taken as named"];
  }
  if (verdict.anchor !== null) return ["verified: the path ends at a trust anchor"];
  return [
    "sound in itself; no trust anchors configured",
    "compare the key below with what the publisher states, then name its CSCA certificate with --anchor",
  ];
}

function reasonText({ code, message }: Pick<VerificationStep, "code" | "message">): string {
  return code === null ? message : `${code}: ${message}`;
}

function publisherRows(verdict: ListVerdict): readonly Row[] {
  const { signingTime, publisher, path, rollover, leniencies } = verdict;
  const rows: Row[] = [];
  if (signingTime !== null) rows.push(["signing time", instantText(signingTime)]);
  if (publisher !== null) rows.push(["publisher", publisher.subject], ["its key", publisher.keySha256]);
  if (path.length > 0) rows.push(["path", ...path.flatMap((each, index) => pathLines(each, index, verdict))]);
  if (rollover !== null) {
    const links = formatQuantity(rollover.links.length, "link certificate");
    rows.push(["rollover", `over ${links} from the key`, rollover.from]);
  }
  if (leniencies.length > 0) rows.push(["leniencies", ...leniencies]);
  return rows;
}

function pathLines(certificate: Certificate, index: number, { anchor }: ListVerdict): readonly string[] {
  const role = roleOf(certificate);
  const name = index === 0 && role !== "csca" ? "signer" : (pathNames[role] ?? role);
  const end = anchor?.certificate?.sha256 === certificate.sha256 ? " (anchor)" : "";
  return [`${index === 0 ? "" : "<- "}${name}${end}: ${formatName(certificate.subject)}`, certificate.sha256];
}

function contentRows(verification: ObjectVerification): readonly Row[] {
  const { certificates, countries, countriesWithoutCsca, crls } = verification;
  const rows: Row[] = [];
  if (certificates.length > 0) {
    const counts = Object.entries(verdictCounts(certificates)).map(
      ([verdict, count]) => `${formatCount(count)} ${verdict}`,
    );
    rows.push(["certificates", `${formatCount(certificates.length)}: ${counts.join(", ")}`]);
  }
  const unsettled = certificates.filter(isUnsettled);
  if (unsettled.length > 0) {
    rows.push(["unsettled", ...cutList(unsettled, mostShown, unsettledLines)]);
  }
  const broken = countries.filter(({ brokenLinks }) => brokenLinks.length > 0);
  if (broken.length > 0) rows.push(["broken links", cutWords(broken.map(brokenText))]);
  if (countriesWithoutCsca.length > 0) {
    rows.push(["no valid CSCA", cutWords(countriesWithoutCsca)]);
  }
  if (crls.length > 0) rows.push(["CRLs", ...cutList(crls, mostShown, crlLines)]);
  return rows;
}

function unsettledLines({ certificate, verdict }: CertificateJudgment): readonly string[] {
  return [`${verdict}: ${formatName(certificate.subject)}`, certificate.sha256];
}

/** By country: links whose issuer is not there. */
function brokenText({ country = "none", brokenLinks }: CountryLinks): string {
  return brokenLinks.length === 1 ? country : `${country} ${brokenLinks.length}`;
}

function crlLines({ crl, outcome, steps, isStale }: RevocationListJudgment): readonly string[] {
  const failure = steps.find(({ result }) => result === "failed");
  const why = failure === undefined ? "" : ` (${failure.code}: ${failure.message})`;
  const stale = isStale ? ", stale" : "";
  return [`${outcome}${stale}: of ${formatName(crl.issuer)}, ${instantText(crl.thisUpdate)}${why}`];
}

function cutWords(words: readonly string[]): string {
  const shown = words.slice(0, mostCountries).join(", ");
  return words.length > mostCountries ? `${shown}, and ${words.length - mostCountries} more` : shown;
}

function stepRow(step: VerificationStep): Row {
  return [`${step.result.padEnd(8)}${step.step}`, reasonText(step), `(${step.rule})`];
}

const pathNames: Readonly<Record<string, string>> = { csca: "CSCA", link: "link", "ml-signer": "signer" };
// The longest step is attribute-content-type.
const stepLayout = { labelWidth: 32, width: terminal.width } as const;
const mostShown = 20;
// There are some 200 states; a file with more has made them up.
const mostCountries = 240;

/**
 * A verification in words: what `verify` shows to people.
 *
 * @module
 */

import {
  type Certificate,
  type CertificateJudgment,
  type CountryLinks,
  formatName,
  type ListVerdict,
  type RevocationListJudgment,
  roleOf,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { terminal } from "./bundle-text.ts";
import { instantText } from "./instant-text.ts";
import { alignRows, cutList, type Row } from "./layout.ts";
import { objectNames, originText } from "./object-rows.ts";
import type { ObjectStep } from "./object-steps.ts";
import type { ObjectVerification } from "./verification.ts";
import { isUnsettled, verdictCounts } from "./verification-document.ts";

/** Writes one object: what came of it, every step, the path, and what is in it. `anchored` where anchors were named. */
export function verificationText(verification: ObjectVerification, anchored: boolean): string {
  const { object, steps, verdict } = verification;
  const { kind, origin } = object;
  const head = origin === undefined ? objectNames[kind] : `${objectNames[kind]}, in ${originText(origin)}`;
  const rows = [...(verdict === null ? [] : publisherRows(verdict)), ...contentRows(verification)];
  const sections = [
    alignRows([["verdict", ...verdictLines(verification, anchored)]], terminal),
    alignRows(steps.map(stepRow), stepLayout),
    alignRows(rows, terminal),
  ];
  return [`${printable(head)}\n`, ...sections.filter((text) => text !== "")].join("\n");
}

/** What it comes to, in a sentence or two. */
export function verdictLines(
  { outcome, steps, verdict }: ObjectVerification,
  anchored: boolean,
): readonly string[] {
  if (outcome === "refused") {
    const failures = steps.filter(({ result }) => result === "failed");
    return [
      "REFUSED",
      ...failures.map(({ code, message }) => (code === null ? message : `${code}: ${message}`)),
    ];
  }
  if (verdict === null) return ["verified: signed by CSCAs that are trusted"];
  if (verdict.anchor !== null) return ["verified: it ends at an anchor"];
  if (anchored) return ["verified"];
  return [
    "sound in itself; nobody vouches for its publisher, since no anchor was named",
    "compare the key below with what the publisher says of itself, then name its CSCA certificate with --anchor",
  ];
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

function stepRow({ step, result, code, message, rule }: ObjectStep): Row {
  return [`${result.padEnd(8)}${step}`, code === null ? message : `${code}: ${message}`, `(${rule})`];
}

const pathNames: Readonly<Record<string, string>> = { csca: "CSCA", link: "link", "ml-signer": "signer" };
// The longest step is attribute-content-type.
const stepLayout = { labelWidth: 32, width: terminal.width } as const;
const mostShown = 20;
// There are some 200 states; whoever writes more has made them up.
const mostCountries = 240;

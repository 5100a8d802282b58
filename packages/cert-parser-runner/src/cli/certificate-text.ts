/**
 * One certificate in full: what `openssl x509 -text` shows, in its order and words, and what it cannot show.
 *
 * @module
 */

import type { CertificateDescription, Origin, Rejection } from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { partPlace } from "../log/part-names.ts";
import { printable } from "../log/printable.ts";
import { notVerified, terminal } from "./bundle-text.ts";
import { extensionsLines } from "./extension-text.ts";
import { hexLines, integerLines } from "./hex-text.ts";
import { publicKeyLines, signatureAlgorithmLines } from "./key-text.ts";
import { alignRows, type Row } from "./layout.ts";
import { nameText } from "./name-text.ts";
import { originText } from "./object-rows.ts";
import { opensslTime } from "./openssl-names.ts";
import { findingsRow, rejectionRow } from "./trouble-rows.ts";

/** Where a certificate stands in the file. */
export interface CertificatePlace {
  /** Its positions among all certificates of the file, envelopes last. */
  readonly positions: readonly number[];
  /** How many these are. */
  readonly of: number;
  /** What was rejected at the position that was asked for. */
  readonly rejections: readonly Rejection[];
  readonly now: Date;
}

/** Writes a certificate. */
export function certificateText(certificate: CertificateDescription, place: CertificatePlace): string {
  const lines = opensslLines(certificate).map(printable);
  return `${lines.join("\n")}\n\nRead by cert-parser:\n${alignRows(readingRows(certificate, place), terminal)}`;
}

function opensslLines(certificate: CertificateDescription): readonly string[] {
  const { version, serialNumber, signature, extensions } = certificate;
  const algorithm = signatureAlgorithmLines(signature);
  return [
    "Certificate:",
    "    Data:",
    ...indented(8, [
      `Version: ${version} (0x${(version - 1).toString(16)})`,
      ...integerLines("Serial Number", serialNumber),
      ...algorithm,
      `Issuer: ${nameText(certificate.issuerAttributes)}`,
      "Validity",
      `    Not Before: ${opensslTime(certificate.notBefore)}`,
      `    Not After : ${opensslTime(certificate.notAfter)}`,
      `Subject: ${nameText(certificate.subjectAttributes)}`,
      "Subject Public Key Info:",
      ...indented(4, publicKeyLines(certificate.publicKey)),
      ...(extensions.length === 0
        ? []
        : ["X509v3 extensions:", ...indented(4, extensionsLines(certificate))]),
    ]),
    ...indented(4, [...algorithm, "Signature Value:", ...indented(4, hexLines(signature.value, 18))]),
  ];
}

function indented(columns: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => " ".repeat(columns) + line);
}

/** What OpenSSL does not tell. */
function readingRows(certificate: CertificateDescription, place: CertificatePlace): readonly Row[] {
  const { sha256, origin, roleBasis, country, subjectAltName, findings } = certificate;
  const settled =
    roleBasis.settledBy === "content" ? [] : ["whether it signed itself, only its signature tells"];
  const state = [subjectAltName?.localityName, subjectAltName?.stateOrProvinceName]
    .filter(Boolean)
    .join(", ");
  return [
    ["SHA-256", sha256],
    ["place", ...placeLines(certificate, place)],
    ...(origin === null ? [] : originRows(origin)),
    ["role", `${roleBasis.role}: ${roleBasis.because}`, ...settled],
    ["country", country ?? "none"],
    ...(state === "" ? [] : [["state", `${state}, in the machine readable zone`] as Row]),
    ["validity", validityText(certificate, place.now)],
    ["signature", notVerified],
    findingsRow(findings),
    ...place.rejections.map(rejectionRow),
  ];
}

function placeLines(
  certificate: CertificateDescription,
  { positions, of }: CertificatePlace,
): readonly string[] {
  const { index, bytes, offset, origin } = certificate;
  return [
    origin === null ? `certificate ${index} ${partPlace(certificate)}` : `certificate ${index}`,
    `${formatQuantity(bytes, "byte")} at offset ${offset}`,
    ...(of === 1 ? [] : [`position ${positions.join(", ")} of 0 to ${of - 1}`]),
  ];
}

function originRows({ offset, pkd, ...part }: Origin): readonly Row[] {
  const rows: Row[] = [["in", `${originText({ offset, ...part })}, at offset ${offset}`]];
  if (pkd === undefined) return rows;
  const { version, conformanceCodes, conformanceTexts } = pkd;
  rows.push(["PKD", version === null ? "which tells no version" : `version ${version}`]);
  const judged = [...conformanceCodes, ...conformanceTexts];
  rows.push(["conformance", ...(judged.length === 0 ? ["nothing said"] : judged)]);
  return rows;
}

function validityText({ notBefore, notAfter }: CertificateDescription, now: Date): string {
  const today = now.toISOString();
  if (today < notBefore) return `not yet valid: from ${notBefore}`;
  return today > notAfter ? `expired on ${notAfter}` : `valid until ${notAfter}`;
}

/**
 * One CRL in full: what `openssl crl -text` shows, in its order and words, and what it cannot show.
 *
 * @module
 */

import {
  type CrlRecord,
  type IssuingDistributionPointRecord,
  type RevocationList,
  type RevokedCertificateRecord,
  revokedCertificateRecords,
  toCrlRecord,
  toHex,
} from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { partPlace } from "../log/part-names.ts";
import { printable } from "../log/printable.ts";
import { notVerified, terminal } from "./bundle-text.ts";
import { authorityKeyLines, distributionPointLines, extensionLines } from "./extension-text.ts";
import { hexLines } from "./hex-text.ts";
import { alignRows, type Row } from "./layout.ts";
import { generalNamesText } from "./name-text.ts";
import { originText } from "./object-rows.ts";
import { opensslAlgorithm, opensslTime, opensslWords } from "./openssl-names.ts";
import { findingsRow } from "./trouble-rows.ts";

/** Writes a CRL, its entries one by one: there may be a million. */
export function* crlTexts(crl: RevocationList): Generator<string> {
  const record = toCrlRecord(crl);
  const algorithm = `Signature Algorithm: ${opensslAlgorithm(record.signatureAlgorithm)}`;
  yield text([
    "Certificate Revocation List (CRL):",
    `        Version ${record.version} (0x${record.version - 1})`,
    `        ${algorithm}`,
    `        Issuer: ${record.issuer}`,
    `        Last Update: ${opensslTime(record.thisUpdate)}`,
    `        Next Update: ${record.nextUpdate === null ? "NONE" : opensslTime(record.nextUpdate)}`,
    ...extensionsOf(crl, record).map((line) => `        ${line}`),
    record.revokedCertificates === 0 ? "No Revoked Certificates." : "Revoked Certificates:",
  ]);
  for (const entry of revokedCertificateRecords(crl)) yield text(entryLines(entry));
  yield text([
    `    ${algorithm}`,
    "    Signature Value:",
    ...hexLines(toHex(crl.signature.bytes), 18).map((line) => `        ${line}`),
    "",
    "Read by cert-parser:",
  ]);
  yield alignRows(readingRows(crl, record), terminal);
}

function text(lines: readonly string[]): string {
  return `${lines.map(printable).join("\n")}\n`;
}

function extensionsOf({ extensions }: RevocationList, record: CrlRecord): readonly string[] {
  if (extensions.length === 0) return [];
  const lines = extensions.flatMap(({ type, critical, value }) => {
    const [name, decoded] = decodedExtension(type, record) ?? [null];
    return extensionLines({ type, name, critical, value: toHex(value) }, decoded);
  });
  return ["CRL extensions:", ...lines.map((line) => `    ${line}`)];
}

function decodedExtension(
  type: string,
  record: CrlRecord,
): readonly [name: string, decoded: readonly string[] | undefined] | undefined {
  switch (type) {
    case "2.5.29.18":
      return ["issuerAltName", lines(record.issuerAltName, (names) => [generalNamesText(names)])];
    case "2.5.29.20":
      return ["cRLNumber", lines(record.crlNumber, (number) => [numberText(number)])];
    case "2.5.29.27":
      return ["deltaCRLIndicator", lines(record.baseCrlNumber, (number) => [numberText(number)])];
    case "2.5.29.28":
      return ["issuingDistributionPoint", lines(record.issuingDistributionPoint, scopeLines)];
    case "2.5.29.35":
      return ["authorityKeyIdentifier", lines(record.authorityKey, authorityKeyLines)];
    case "2.5.29.46":
      return ["freshestCRL", lines(record.freshestCRL, distributionPointLines)];
    default:
      return undefined;
  }
}

function lines<T>(value: T | null, of: (value: T) => readonly string[]): readonly string[] | undefined {
  return value === null ? undefined : of(value);
}

/** In decimal where it is short, as OpenSSL has it. */
function numberText(hex: string): string {
  return hex.length <= 16
    ? String(BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`)))
    : `0x${hex.toUpperCase()}`;
}

function scopeLines(point: IssuingDistributionPointRecord): readonly string[] {
  const { fullName, nameRelativeToCRLIssuer, onlySomeReasons } = point;
  return [
    ...distributionPointLines([{ fullName, nameRelativeToCRLIssuer, reasons: null, cRLIssuer: null }]),
    ...(point.onlyContainsUserCerts ? ["Only User Certificates"] : []),
    ...(point.onlyContainsCACerts ? ["Only CA Certificates"] : []),
    ...(point.indirectCRL ? ["Indirect CRL"] : []),
    ...(onlySomeReasons === null
      ? []
      : ["Only Some Reasons:", `  ${onlySomeReasons.map(opensslWords).join(", ")}`]),
    ...(point.onlyContainsAttributeCerts ? ["Only Attribute Certificates"] : []),
  ];
}

function entryLines(entry: RevokedCertificateRecord): readonly string[] {
  const { serialNumber, revocationDate, reason, invalidityDate, certificateIssuer } = entry;
  const extensions = [
    ...(reason === null ? [] : ["X509v3 CRL Reason Code:", `    ${opensslWords(reason)}`]),
    ...(invalidityDate === null ? [] : ["Invalidity Date:", `    ${opensslTime(invalidityDate)}`]),
    ...(certificateIssuer === null
      ? []
      : ["X509v3 Certificate Issuer:", `    ${generalNamesText(certificateIssuer)}`]),
  ];
  return [
    `    Serial Number: ${serialNumber.toUpperCase()}`,
    `        Revocation Date: ${opensslTime(revocationDate)}`,
    ...(extensions.length === 0
      ? []
      : ["        CRL entry extensions:", ...extensions.map((line) => `            ${line}`)]),
  ];
}

/** What OpenSSL does not tell. */
function readingRows({ offset }: RevocationList, record: CrlRecord): readonly Row[] {
  const { sha256, origin, index, bytes, findings } = record;
  return [
    ["SHA-256", sha256],
    [
      "place",
      origin === null ? `CRL ${index} ${partPlace(record)}` : `CRL ${index}`,
      `${formatQuantity(bytes, "byte")} at offset ${offset}`,
    ],
    ...(origin === null ? [] : [["in", originText(origin)] as Row]),
    ["scope", record.scope],
    ["revokes", formatQuantity(record.revokedCertificates, "certificate")],
    ["signature", notVerified],
    findingsRow(findings),
  ];
}

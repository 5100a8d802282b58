/**
 * A bundle in words and figures: what `inspect` shows to people.
 *
 * @module
 */

import {
  type Bundle,
  type BundleSummary,
  type CertificateRecord,
  type CrlRecord,
  type RejectionSummary,
  type SignerSummary,
  summariseBundle,
  toCertificateRecord,
  toCrlRecord,
} from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { algorithmName, publicKeyName } from "./algorithm-names.ts";
import { alignCounts, alignRows, countNames, type Row } from "./layout.ts";

/** Describes a bundle. `name` is what the user called the file. */
export function describeBundle(bundle: Bundle, name: string): string {
  const summary = summariseBundle(bundle);
  const records = bundle.objects.flatMap((object) => object.certificates.map(toCertificateRecord));
  const crls = bundle.objects.flatMap((object) => object.crls.map(toCrlRecord));
  const sections = [
    identityRows(summary),
    contentRows(summary, records),
    crls.flatMap(revocationRows),
    trouble(summary),
  ];
  return [`${name}\n`, ...sections.filter((rows) => rows.length > 0).map((rows) => alignRows(rows))].join(
    "\n",
  );
}

/** Said wherever a result could be taken for a verified one. */
export const notVerified = "not verified: this version does not check signatures yet";

function identityRows(summary: BundleSummary): readonly Row[] {
  return [
    ["kind", kinds[summary.kind]],
    ["size", formatQuantity(summary.bytes, "byte")],
    ["SHA-256", summary.sha256],
    ...summary.signers.flatMap(signerRows),
    ["signatures", notVerified],
  ];
}

function signerRows({
  sid,
  digestAlgorithm,
  signatureAlgorithm,
  signingTime,
}: SignerSummary): readonly Row[] {
  const who =
    sid.type === "subjectKeyIdentifier"
      ? `key identifier ${sid.subjectKeyIdentifier}`
      : `serial ${sid.serialNumber} of ${sid.issuer}`;
  return [
    ["signing time", signingTime ?? "not stated"],
    ["signer", who, `${algorithmName(signatureAlgorithm)}, digest ${algorithmName(digestAlgorithm)}`],
  ];
}

function revocationRows(crl: CrlRecord): readonly Row[] {
  const next = crl.nextUpdate === null ? "which says no next update" : `next update ${crl.nextUpdate}`;
  const number = crl.crlNumber === null ? "without a number" : `number ${crl.crlNumber}`;
  return [
    [
      "CRL",
      `of ${printable(crl.issuer)}`,
      `${number}, version ${crl.version}, signed with ${algorithmName(crl.signatureAlgorithm)}`,
      `this update ${crl.thisUpdate}, ${next}`,
      `revokes ${formatQuantity(crl.revokedCertificates, "certificate")}`,
    ],
  ];
}

function contentRows(summary: BundleSummary, records: readonly CertificateRecord[]): readonly Row[] {
  const duplicates = summary.certificates - summary.distinct;
  const repeated = duplicates === 0 ? "all distinct" : `${formatCount(summary.distinct)} distinct`;
  const rows: Row[] = [];
  if (summary.certificates > 0 || summary.crls === 0) {
    rows.push(["certificates", `${formatCount(summary.certificates)}, ${repeated}`]);
  }
  if (summary.envelopeCertificates > 0) {
    rows.push(["in the envelope", `${formatCount(summary.envelopeCertificates)} more, never trust anchors`]);
  }
  if (summary.crls > 0) {
    const revoked = formatQuantity(summary.revoked, "certificate");
    rows.push(["CRLs", `${formatCount(summary.crls)}, revoking ${revoked}`]);
  }
  if (records.length === 0) return rows;
  const keys = records.map((record) =>
    publicKeyName(record.publicKeyAlgorithm, record.publicKeySize, record.publicKeyCurve),
  );
  const countries = [...countNames(records.map(({ country }) => country ?? "none"))];
  return [
    ...rows,
    ["by role", ...alignCounts(countNames(records.map(({ role }) => role)))],
    ["by public key", ...alignCounts(countNames(keys))],
    [
      "by country",
      formatQuantity(summary.countries.length, "country", "countries"),
      ...alignCounts(countries.sort(([a], [b]) => (a < b ? -1 : 1))),
    ],
  ];
}

function trouble({ rejected, findings }: BundleSummary): readonly Row[] {
  const found = Object.entries(findings).sort(([, a], [, b]) => b - a);
  const rows: Row[] = [
    ["rejected", ...(rejected.length === 0 ? ["none"] : rejected.flatMap(rejectionLines))],
  ];
  if (found.length > 0) rows.push(["findings", ...alignCounts(found)]);
  return rows;
}

function rejectionLines({
  kind,
  foundIn,
  index,
  offset,
  bytes,
  reason,
}: RejectionSummary): readonly string[] {
  const what = kind === "crl" ? "CRL" : "certificate";
  const place = reason.path === undefined ? "" : ` in ${reason.path}`;
  return [
    `${what} ${index} of the ${foundIn}, ${formatQuantity(bytes, "byte")} at offset ${offset}:`,
    `  ${reason.code}: ${reason.message}${place}, at byte ${reason.offset}`,
  ];
}

const kinds: Readonly<Record<BundleSummary["kind"], string>> = {
  "master-list": "Master List in a CMS envelope (Doc 9303-12)",
  "bare-master-list": "Master List without an envelope: unsigned",
  certificate: "certificate",
  certificates: "certificates",
  crl: "certificate revocation list",
  ldif: "LDIF of a Public Key Directory",
  zip: "ZIP archive",
  "deviation-list": "Deviation List in a CMS envelope",
};

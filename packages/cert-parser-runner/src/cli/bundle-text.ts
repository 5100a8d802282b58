/**
 * A bundle in words and figures: what `inspect` shows to people.
 *
 * @module
 */

import type { BundleDescription, BundleSummary } from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { publicKeyKind, signatureKind } from "./algorithm-names.ts";
import { countryTable } from "./country-table.ts";
import { crlRows } from "./crl-rows.ts";
import { deviationRows } from "./deviation-rows.ts";
import { directoryRows } from "./directory-rows.ts";
import { alignCounts, alignRows, type Row } from "./layout.ts";
import { objectRows } from "./object-rows.ts";
import { troubleRows } from "./trouble-rows.ts";

/** Writes a description. `name` is what the user called the file. */
export function bundleText(bundle: BundleDescription, name: string): string {
  const sections = [
    identityRows(bundle),
    contentRows(bundle),
    directoryRows(bundle),
    crlRows(bundle),
    deviationRows(bundle),
    certificateRows(bundle),
    countryRows(bundle),
    troubleRows(bundle),
  ];
  const texts = sections.filter((rows) => rows.length > 0).map((rows) => alignRows(rows, terminal));
  return [`${name}\n`, ...texts].join("\n");
}

/** Said wherever a result could be taken for a verified one. */
export const notVerified = "not verified here: the command verify does that";

/** As wide as a terminal of 80 columns, with a SHA-256 beside the labels. */
export const terminal = { labelWidth: 14, width: 80 } as const;

function identityRows(bundle: BundleDescription): readonly Row[] {
  return [
    ["kind", kinds[bundle.kind]],
    ["size", formatQuantity(bundle.bytes, "byte")],
    ["SHA-256", bundle.sha256],
    ...objectRows(bundle),
    ["signatures", notVerified],
  ];
}

function contentRows(bundle: BundleDescription): readonly Row[] {
  const { certificates, distinct, envelopeCertificates, crls, revoked } = bundle;
  const repeated = certificates === distinct ? "all distinct" : `${formatCount(distinct)} distinct`;
  const rows: Row[] = [];
  if (certificates > 0) rows.push(["certificates", `${formatCount(certificates)}, ${repeated}`]);
  if (certificates === 0 && crls + bundle.deviations.length === 0) rows.push(["certificates", "none"]);
  if (envelopeCertificates > 0) {
    rows.push([
      "envelope",
      `${formatQuantity(envelopeCertificates, "certificate")} more, never trust anchors`,
    ]);
  }
  if (crls > 0) {
    rows.push(["CRLs", `${formatCount(crls)}, revoking ${formatQuantity(revoked, "certificate")}`]);
  }
  return rows;
}

function certificateRows(bundle: BundleDescription): readonly Row[] {
  if (bundle.certificates === 0) return [];
  const { roles, publicKeys, signatureAlgorithms } = bundle;
  return [
    ["by role", ...alignCounts(Object.entries(roles).sort(([, a], [, b]) => b - a))],
    [
      "by public key",
      ...alignCounts(publicKeys.slice(0, mostKinds).map((key) => [publicKeyKind(key), key.certificates])),
    ],
    [
      "by signature",
      ...alignCounts(
        signatureAlgorithms
          .slice(0, mostKinds)
          .map((algorithm) => [signatureKind(algorithm), algorithm.certificates]),
      ),
    ],
  ];
}

function countryRows(bundle: BundleDescription): readonly Row[] {
  if (bundle.certificates === 0) return [];
  const countries = formatQuantity(bundle.countries.length, "country", "countries");
  const expired =
    bundle.expired === null || bundle.expiredAt === null
      ? ""
      : `; ${formatCount(bundle.expired)} expired by ${bundle.expiredAt.slice(0, 10)}`;
  return [["by country", countries + expired, ...countryTable(bundle)]];
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
const mostKinds = 40;

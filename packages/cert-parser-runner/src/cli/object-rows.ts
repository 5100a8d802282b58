/**
 * The objects of a file that holds several: lists and their signers, and what stands by itself.
 *
 * @module
 */

import type { BundleDescription, ObjectDescription, Origin, SignerDescription } from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { algorithmName } from "./algorithm-names.ts";
import { andMore, cutList, type Row } from "./layout.ts";

/** Who signed the only object, or a row of all of them. */
export function objectRows({ objects }: BundleDescription): readonly Row[] {
  const [only, ...others] = objects;
  if (only !== undefined && others.length === 0 && only.origin === null) {
    const more = only.signers.length - mostSigners;
    const rows = only.signers.slice(0, mostSigners).flatMap(signerRows);
    return more > 0 ? [...rows, ["signers", andMore(more)]] : rows;
  }
  if (only === undefined) return [];
  return [["objects", formatCount(objects.length), ...cutList(objects, mostObjects, objectLines)]];
}

/** The name of a part of the file, with the version of the directory where it has one. */
export function originText({ name, pkd }: Origin): string {
  return pkd?.version == null ? name : `${name} (version ${pkd.version})`;
}

function signerRows(signer: SignerDescription): readonly Row[] {
  return [
    ["signing time", signer.signingTime ?? "not stated"],
    ["signer", ...signerLines(signer)],
  ];
}

function signerLines(signer: SignerDescription): readonly string[] {
  const { sid, certificate, digestAlgorithm, signatureAlgorithm } = signer;
  const who =
    sid.type === "subjectKeyIdentifier"
      ? `key identifier ${sid.subjectKeyIdentifier}`
      : `serial ${sid.serialNumber} of ${sid.issuer}`;
  return [
    who,
    certificate === null ? "no certificate in the file made the signature" : certificate.subject,
    `${algorithmName(signatureAlgorithm)}, digest ${algorithmName(digestAlgorithm)}`,
  ];
}

function objectLines(object: ObjectDescription): readonly string[] {
  const { origin, signers } = object;
  const place = origin === null ? "" : `, in ${originText(origin)}`;
  return [
    objectNames[object.kind] + place,
    `  ${contents(object)}`,
    ...cutList(signers, mostSigners, ({ signingTime, certificate, sid }) => {
      const named = sid.type === "subjectKeyIdentifier" ? sid.subjectKeyIdentifier : sid.serialNumber;
      return [`  signed ${signingTime ?? "at an unknown time"} by ${certificate?.subject ?? named}`];
    }),
  ];
}

function contents(object: ObjectDescription): string {
  const counts = [
    [object.certificates, "certificate", "certificates"],
    [object.envelopeCertificates, "certificate in the envelope", "certificates in the envelope"],
    [object.crls, "CRL", "CRLs"],
    [object.deviations, "deviation", "deviations"],
    [object.rejected, "part rejected", "parts rejected"],
  ] as const;
  const present = counts.filter(([count]) => count > 0);
  if (present.length === 0) return "nothing";
  return present.map(([count, one, many]) => formatQuantity(count, one, many)).join(", ");
}

const mostObjects = 30;
const mostSigners = 10;

/** What an object is called. */
export const objectNames: Readonly<Record<ObjectDescription["kind"], string>> = {
  "master-list": "Master List",
  "bare-master-list": "Master List without an envelope",
  "deviation-list": "Deviation List",
  certificate: "certificate",
  certificates: "certificates and CRLs by themselves",
  crl: "CRL",
};

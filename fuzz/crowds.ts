/**
 * Inputs of very many equal parts, of any number: what takes longer for each of them the more there are is found with these.
 *
 * @module
 */

import { zipSync } from "fflate";
import {
  concat,
  context,
  indefinite,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
} from "../packages/cert-parser-core/test/der-writer.ts";
import {
  attribute,
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
  crlEntry,
  extension,
  extensions,
} from "../packages/cert-parser-core/test/specimens.ts";

/** Makes an input with so many parts. */
export type Crowd = (count: number) => Uint8Array;

const encoder = new TextEncoder();
const empty = new Uint8Array();
const certificate = buildCertificate();
const certificateText = Buffer.from(certificate).toString("base64");
const add = "dn: c=UT\nchangetype: add\nuserCertificate;binary:: MAA=\n\n";
const remove = "dn: c=UT\nchangetype: delete\n\n";
const value = "userCertificate;binary:: MAA=\n";
const otherValue = "userCertificate;binary:: MAE=\n";
const modification = `delete: userCertificate;binary\n${otherValue}-\n`;

/** By what there is so much of. */
export const crowds: Readonly<Record<string, Crowd>> = {
  "LDIF: entries added and deleted in turns": (count) => ldif((add + remove).repeat(count)),
  "LDIF: entries of one name, then deletions": (count) => ldif(add.repeat(count) + remove.repeat(count)),
  "LDIF: values, then deletions of other ones": (count) =>
    ldif(`dn: c=UT\n${value.repeat(count)}\ndn: c=UT\nchangetype: modify\n${modification.repeat(count)}`),
  "LDIF: values, then one deletion of as many others": (count) =>
    ldif(
      `dn: c=UT\n${value.repeat(count)}\ndn: c=UT\nchangetype: modify\ndelete: userCertificate;binary\n${otherValue.repeat(count)}`,
    ),
  "LDIF: folds in a value": (count) => ldif(`dn: c=UT\nuserCertificate;binary:: MAA${"\n A".repeat(count)}`),
  "LDIF: separators in a name": (count) => ldif(`dn: ${",".repeat(count)}\n${value}\n${remove}`),
  "LDIF: values under a long name": (count) => ldif(`dn: ${"c=UT,".repeat(count)}\n${value.repeat(count)}`),
  "LDIF: values beside conformance codes": (count) =>
    ldif(`dn: c=UT\n${"pkdConformanceCode: ERR\n".repeat(count)}${value.repeat(count)}`),
  "LDIF: lines that are none": (count) => ldif("x\n".repeat(count)),
  "LDIF: the same certificate": (count) =>
    ldif(`dn: c=UT\nuserCertificate;binary:: ${certificateText}\n\n`.repeat(count)),
  "PEM: blocks of nothing": (count) =>
    text("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".repeat(count)),
  "PEM: beginnings": (count) => text("-----BEGIN CERTIFICATE-----\n".repeat(count)),
  "PEM: certificates": (count) =>
    text(`-----BEGIN CERTIFICATE-----\n${certificateText}\n-----END CERTIFICATE-----\n`.repeat(count)),
  "text: spaces": (count) => text(`MAA${" ".repeat(count * 8)}`),
  "text: dashes": (count) => text("-".repeat(count * 8)),
  "ZIP: members": (count) => zip(count, certificate),
  "ZIP: members to be skipped": (count) => zip(count, Uint8Array.of(0x78)),
  "ZIP: signatures": (count) => text("PK\x01\x02PK\x03\x04PK\x05\x06".repeat(count)),
  "list: certificates": (count) => list(certificate, count),
  "list: parts that are no certificates": (count) => list(sequence(), count),
  "list: signers": (count) =>
    buildSignedData(buildCscaMasterList(), { signerInfos: set(times(count, buildSignerInfo())) }),
  "list: attributes of a signer": (count) =>
    buildSignedData(buildCscaMasterList(), {
      signerInfos: set(
        buildSignerInfo({
          signedAttrs: context(0, times(count, sequence(oid("1.2.3"), set(integer("01"))))),
        }),
      ),
    }),
  "list: pieces of its content": (count) =>
    buildSignedData(empty, {
      eContent: context(0, tlv(0x24, times(count, octetString(Uint8Array.of(0x30))))),
    }),
  "list: indefinite lengths, side by side": (count) =>
    buildSignedData(buildCscaMasterList(), {
      certificates: indefinite(0xa0, times(count, indefinite(0x30))),
    }),
  "list: indefinite lengths, one in another": (count) => times(count, Uint8Array.of(0x30, 0x80)),
  "certificate: extensions": (count) =>
    certificateWith(each(count, (index) => extension(`2.5.29.${100 + index}`, octetString()))),
  "certificate: the same extension": (count) =>
    certificateWith(times(count, extension("2.5.29.15", octetString()))),
  "certificate: names in a name": (count) =>
    buildCertificate({ subject: sequence(times(count, set(commonName))) }),
  "certificate: attributes in an RDN": (count) =>
    buildCertificate({ subject: sequence(set(times(count, commonName))) }),
  "certificate: spaces in a name": (count) =>
    buildCertificate({ subject: sequence(set(attribute("2.5.4.3", printableString("  a".repeat(count))))) }),
  "certificate: arcs of an OID": (count) =>
    buildCertificate({ signatureAlgorithm: sequence(tlv(0x06, new Uint8Array(count).fill(1))) }),
  "certificate: alternative names": (count) =>
    certificateWith(extension("2.5.29.17", sequence(times(count, tlv(0x82, Uint8Array.of(0x61)))))),
  "certificate: policies": (count) =>
    certificateWith(extension("2.5.29.32", sequence(times(count, sequence(oid("1.2.3")))))),
  "certificate: document types": (count) =>
    certificateWith(
      extension("2.23.136.1.1.6.2", sequence(integer("00"), set(times(count, printableString("P"))))),
    ),
  "CRL: entries": (count) =>
    buildRevocationList({ revokedCertificates: sequence(times(count, crlEntry("01"))) }),
  "CRL: entries with a bad reason": (count) =>
    buildRevocationList({
      revokedCertificates: sequence(
        times(count, crlEntry("01", sequence(extension("2.5.29.21", octetString())))),
      ),
    }),
  "CRL: extensions": (count) =>
    buildRevocationList({
      crlExtensions: context(
        0,
        sequence(each(count, (index) => extension(`2.5.29.${100 + index}`, octetString()))),
      ),
    }),
};

const commonName = attribute("2.5.4.3", printableString("a"));

function ldif(records: string): Uint8Array {
  return text(`version: 1\n\n${records}`);
}

function text(content: string): Uint8Array {
  return encoder.encode(content);
}

function zip(count: number, member: Uint8Array): Uint8Array {
  const members = Array.from({ length: count }, (_, index) => [`${index}.cer`, member] as const);
  return zipSync(Object.fromEntries(members), { level: 0, mtime: "2026-01-01T00:00:00Z" });
}

function list(part: Uint8Array, count: number): Uint8Array {
  return buildSignedData(buildCscaMasterList(times(count, part)));
}

function certificateWith(...list: readonly Uint8Array[]): Uint8Array {
  return buildCertificate({ extensions: extensions(...list) });
}

function times(count: number, part: Uint8Array): Uint8Array {
  return each(count, () => part);
}

function each(count: number, make: (index: number) => Uint8Array): Uint8Array {
  return concat(...Array.from({ length: count }, (_, index) => make(index)));
}

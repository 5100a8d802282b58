/**
 * The forms in which the field hands DER around, so that what is wrapped is mutated, or the wrapping, or both.
 *
 * @module
 */

import { zipSync } from "fflate";
import { ldifEntry } from "../bench/ldif-entry.ts";
import type { Random } from "./random.ts";

/** The families of mutators. */
export type Format = "der" | "text" | "zip";

/** Bytes, and what they are made of. */
export interface Formed {
  readonly format: Format;
  readonly bytes: Uint8Array;
}

/** Wraps DER, or leaves it as it is. */
export function wrap(der: Uint8Array, random: Random): Formed {
  if (!random.oneIn(3)) return { format: "der", bytes: der };
  const wrapping = random.pick([pem, severalPem, base64, ldif, delta, zip]);
  return wrapping(der, random);
}

function pem(der: Uint8Array, random: Random): Formed {
  return text(pemBlock(der, random));
}

function severalPem(der: Uint8Array, random: Random): Formed {
  return text(Array.from({ length: 1 + random.below(4) }, () => pemBlock(der, random)).join("\n"));
}

function base64(der: Uint8Array, random: Random): Formed {
  return text(inLines(der, random.pick([64, 76, Number.POSITIVE_INFINITY])));
}

function ldif(der: Uint8Array, random: Random): Formed {
  const entries = Array.from({ length: 1 + random.below(3) }, (_, version) =>
    ldifEntry("cn=C\\=UT+sn=01,o=dsc,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int", [
      ["pkdVersion", String(version)],
      [random.pick(attributes), der],
      ["pkdConformanceCode", "ERR:CSCA.CDP.14"],
      ["objectClass", "pkdDownload"],
    ]),
  );
  return text(`version: 1\n\n${entries.join("\n")}`);
}

function delta(der: Uint8Array, random: Random): Formed {
  const dn = "cn=C\\=UT+sn=01,o=dsc,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int";
  const attribute = random.pick(attributes);
  const changes = [
    ldifEntry(dn, [
      ["changetype", "add"],
      ["pkdVersion", "7"],
      [attribute, der],
    ]),
    `${ldifEntry(dn, [
      ["changetype", "modify"],
      ["replace", attribute],
      [attribute, der],
    ])}-\n`,
    ldifEntry(dn, [["changetype", "delete"]]),
  ];
  return text(`version: 1\n\n${Array.from({ length: 3 }, () => random.pick(changes)).join("\n")}`);
}

function zip(der: Uint8Array, random: Random): Formed {
  const level = random.pick([0, 6] as const);
  const members = { "folder/list.ml": der, "readme.txt": new TextEncoder().encode("a readme\n") };
  const archive = zipSync(members, { level, mtime: "2026-01-01T00:00:00Z" });
  return {
    format: "zip",
    bytes: random.oneIn(8) ? zipSync({ "inner.zip": archive }, { mtime: "2026-01-01T00:00:00Z" }) : archive,
  };
}

function pemBlock(der: Uint8Array, random: Random): string {
  const label = random.pick([
    "CERTIFICATE",
    "X509 CRL",
    "PKCS7",
    "CMS",
    "TRUSTED CERTIFICATE",
    "SOMETHING ELSE",
  ]);
  return `-----BEGIN ${label}-----\n${inLines(der, 64)}-----END ${label}-----\n`;
}

function inLines(der: Uint8Array, columns: number): string {
  const all = Buffer.from(der).toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += columns) lines.push(`${all.slice(at, at + columns)}\n`);
  return lines.join("");
}

function text(content: string): Formed {
  return { format: "text", bytes: new TextEncoder().encode(content) };
}

const attributes = [
  "userCertificate;binary",
  "cACertificate;binary",
  "certificateRevocationList;binary",
  "pkdMasterListContent",
  "CscaMasterListData",
] as const;

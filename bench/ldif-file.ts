/**
 * Makes LDIF as large as ICAO's collection 001: some 2,500 bytes an entry, every certificate another one.
 *
 * @module
 */

import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseCertificate, parseMasterList } from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { ldifEntry } from "./ldif-entry.ts";

/** Writes a complete collection of `count` document signers. */
export function writeLdif(file: string, count: number): void {
  const templates = documentSigners().map(toTemplate);
  const output = openSync(file, "w");
  writeSync(output, "version: 1\n\n");
  for (let index = 0; index < count; ) {
    const entries: string[] = [];
    for (const end = Math.min(count, index + 1000); index < end; index++) {
      entries.push(entry(templates[index % templates.length] as Template, index));
    }
    writeSync(output, `${entries.join("\n")}\n`);
  }
  closeSync(output);
}

function entry(template: Template, index: number): string {
  const serial = index.toString(16).toUpperCase().padStart(16, "0");
  const name = "OU=Ministry of the Interior,O=Government of Utopia,CN=CSCA Utopia";
  const escaped = name.replaceAll("=", "\\=").replaceAll(",", "\\,");
  return ldifEntry(
    `cn=C\\=UT\\,${escaped}+sn=${serial},o=dsc,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int`,
    [
      ["pkdVersion", String(1 + (index >> 2))],
      ["userCertificate;binary", another(template, index)],
      ["sn", serial],
      ["cn", `C=UT,${name}`],
      ["objectClass", "inetOrgPerson"],
      ["objectClass", "pkdDownload"],
      ["objectClass", "organizationalPerson"],
      ["objectClass", "top"],
      ["objectClass", "person"],
      ...(index % 5 > 1 ? conformance : []),
    ],
  );
}

/** A certificate, and where in it its copies are told apart. */
interface Template {
  readonly der: Uint8Array;
  readonly serialEnd: number;
  /** Undefined where the subject does not end in four digits or letters. */
  readonly subjectEnd: number | undefined;
}

function toTemplate(der: Uint8Array): Template {
  const { serialNumber, subject } = parseCertificate(der);
  const endOf = (view: Uint8Array) => view.byteOffset - der.byteOffset + view.length;
  const subjectEnd = endOf(subject.der);
  const ending = Buffer.from(der.subarray(subjectEnd - 4, subjectEnd)).toString("latin1");
  return {
    der,
    serialEnd: serialNumber.length < 4 ? 0 : endOf(serialNumber),
    subjectEnd: /^[0-9A-Za-z]{4}$/.test(ending) ? subjectEnd : undefined,
  };
}

/** Another serial number, subject and signature: no two certificates of the directory share all of these. */
function another({ der, serialEnd, subjectEnd }: Template, index: number): Uint8Array {
  const copy = Uint8Array.from(der);
  const view = new DataView(copy.buffer);
  // Nothing here verifies the signature.
  view.setUint32(copy.length - 4, index);
  if (serialEnd > 0) view.setUint16(serialEnd - 2, index & 0xffff);
  if (subjectEnd !== undefined)
    copy.set(Buffer.from(String(index % 10_000).padStart(4, "0")), subjectEnd - 4);
  return copy;
}

/** Real ones where the corpus is at hand, otherwise synthetic ones. */
function documentSigners(): readonly Uint8Array[] {
  const corpus = join(import.meta.dirname, "../../shared/corpus/ldif/icaopkd-003-half.ldif");
  if (!existsSync(corpus)) return parseMasterList(readFixture("world.ml")).certificates.map(({ der }) => der);
  const unfolded = readFileSync(corpus, "latin1").replaceAll("\n ", "");
  return Array.from(
    unfolded.matchAll(/^userCertificate;binary:: (.*)$/gm),
    ([, text = ""]) => new Uint8Array(Buffer.from(text, "base64")),
  );
}

const conformance = [
  ["pkdConformanceCode", "ERR:CSCA.CDP.14"],
  ["pkdConformanceText", "ERR:CSCA:Extension:CRLDistributionPoints: must be present in Country Signing CA."],
] as const;

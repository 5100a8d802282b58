/**
 * ICAO's directory as it is published: collections 001 and 002, complete and as deltas.
 *
 * @module
 */

import type { FixturePart, FixturePkdAttributes } from "../manifest.ts";
import { encodeLdif, type LdifLine, type LdifOptions, type LdifRecord } from "../text/ldif.ts";
import type { Catalogue, Named } from "./catalogue.ts";
import { type NamedRevocationList, nameRevocationList } from "./crl-rarities.ts";
import { formatName } from "./distinguished-name.ts";
import type { FileDraft } from "./list-file.ts";
import { soundRevocationList } from "./small-files.ts";

/** All of them. `lists` are the Master Lists made so far. */
export function ldifFiles(catalogue: Catalogue, lists: readonly FileDraft[]): readonly FileDraft[] {
  return [
    certificatesAndCrls(catalogue),
    masterLists(lists),
    delta(catalogue),
    {
      name: "delta-empty.ldif",
      description: "a delta of collection 001 without a change, as ICAO publishes them: 12 bytes",
      kind: "ldif",
      content: encode(encodeLdif([])),
      parts: [],
    },
  ];
}

/** An entry of the directory with what it holds. */
interface Entry {
  readonly record: LdifRecord;
  readonly part: FixturePart;
}

function certificatesAndCrls(catalogue: Catalogue): FileDraft {
  const find = catalogue.find;
  const entries = [
    certificateEntry(find("xa-document-signer-1"), { version: 100 }),
    certificateEntry(find("xa-document-signer-2"), {
      version: 101,
      conformance: [
        ["WARN:DSC.CDP.14", "WARN:DSC:CDP: Document Signer Certificate field CRL Distribution Points"],
        ["ERR:DSC.DTL.14", "ERR:DSC:DTL: Document Signer Certificate field Document Type List Ä"],
      ],
      names: mixedCase,
      encodesDn: true,
    }),
    certificateEntry(find("aa-document-signer-1"), { version: 102, names: withoutBinary }),
    revocationListEntry(catalogue, "aa-passport", soundRevocationList(catalogue), { version: 100 }),
    certificateEntry(find("qz-document-signer-1"), { names: withoutBinary }),
    revocationListEntry(catalogue, "qz-passport", crlOf(catalogue, "qz-passport", 7), {
      version: 102,
      names: withoutBinary,
    }),
  ];
  return ldifFile({
    name: "collection-001.ldif",
    description:
      "DSCs and CRLs of ICAO's collection 001: CRLF, folded lines, names of attributes in mixed case, with and without ;binary, a DN in base64, no blank line at the end",
    records: [...branches("XA", "AA", "QZ"), ...entries.map(({ record }) => record)],
    parts: entries.map(({ part }) => part),
    options: { lineEnding: "\r\n", endsBlank: false },
  });
}

function masterLists(lists: readonly FileDraft[]): FileDraft {
  const find = (name: string): FileDraft => {
    const found = lists.find((draft) => draft.name === name);
    if (found === undefined) throw new Error(`no list ${name}`);
    return found;
  };
  const entries = [
    listEntry(find("issuer-serial.ml"), { country: "QM", version: 325, name: "pkdMasterListContent" }),
    listEntry(find("signer-alone.ml"), { country: "XA", version: 12, name: "CscaMasterListData" }),
  ];
  return ldifFile({
    name: "collection-002.ldif",
    description: "two Master Lists of ICAO's collection 002, one under the former name of the attribute",
    records: [...branches("QM", "XA"), ...entries.map(({ record }) => record)],
    parts: entries.map(({ part }) => part),
  });
}

/**
 * The delta takes 103 to 106, of which 105 is missing. It deletes a DSC and changes a CRL of collection-001.ldif, which it
 * does not hold itself; it adds three DSCs, of which it deletes one and replaces one again.
 */
function delta(catalogue: Catalogue): FileDraft {
  const find = catalogue.find;
  const kept = certificateEntry(find("xa-document-signer-2"), { version: 103 });
  const withdrawn = certificateEntry(find("xa-document-signer-1"), { version: 103 });
  const first = certificateEntry(find("qz-document-signer-1"), {
    version: 103,
    conformance: [
      ["WARN:DSC.CDP.14", "WARN:DSC:CDP: Document Signer Certificate field CRL Distribution Points"],
    ],
  });
  const second = certificateEntry(find("qz-document-signer-2"), { version: 104 });
  const crl = revocationListEntry(catalogue, "qz-passport", crlOf(catalogue, "qz-passport", 8), {
    version: 106,
  });
  const gone = certificateEntry(find("aa-document-signer-1"), {});
  const records: readonly LdifRecord[] = [
    ...[kept, withdrawn, first].map(({ record }) => ({ ...record, changeType: "add" as const })),
    {
      dn: first.record.dn,
      changeType: "modify",
      lines: [
        ...replacement("userCertificate;binary", heldBy(second)),
        ...replacement("pkdVersion", "104"),
        { name: "delete", value: "pkdConformanceText" },
        { separator: true },
        { name: "delete", value: "pkdConformanceCode" },
        { separator: true },
        { name: "add", value: "pkdConformanceCode" },
        { name: "pkdConformanceCode", value: "ERR:DSC.SIG.42" },
        { separator: true },
      ],
    },
    {
      dn: crl.record.dn,
      changeType: "modify",
      lines: [
        ...replacement("certificateRevocationList;binary", heldBy(crl)),
        ...replacement("pkdVersion", "106"),
      ],
    },
    { dn: withdrawn.record.dn, changeType: "delete" },
    { dn: gone.record.dn, changeType: "delete" },
  ];
  return ldifFile({
    name: "delta.ldif",
    description:
      "a delta on collection-001.ldif: DSCs added, one of them replaced and one withdrawn, a CRL replaced, a DSC deleted; pkdVersion 105 is missing",
    records,
    parts: [
      kept.part,
      {
        origin: first.record.dn,
        certificate: "qz-document-signer-2",
        pkd: { version: 104, conformanceCodes: ["ERR:DSC.SIG.42"], conformanceTexts: [] },
      },
      crl.part,
    ],
  });
}

interface EntryOptions {
  readonly version?: number;
  /** Pairs of code and text. */
  readonly conformance?: readonly (readonly [code: string, text: string])[];
  /** How the names of attributes are spelled. */
  readonly names?: (name: string) => string;
  readonly encodesDn?: boolean;
}

/** ICAO names a DSC by its issuer and serial number. */
function certificateEntry({ name, certificate }: Named, options: EntryOptions): Entry {
  const { issuer, serialNumber, country, der } = certificate;
  const issuerText = escaped(formatName(issuer));
  const serial = serialNumber.toUpperCase();
  const dn = `cn=${issuerText}+sn=${serial},o=dsc,c=${country},${data}`;
  return entry(dn, { name: "userCertificate;binary", value: der }, { certificate: name }, options);
}

function revocationListEntry(
  catalogue: Catalogue,
  publisher: string,
  { der, answers }: NamedRevocationList,
  options: EntryOptions,
): Entry {
  const { subject, country } = catalogue.find(catalogue.rootOf(publisher)).certificate;
  const dn = `cn=${escaped(formatName(subject))},o=crl,c=${country},${data}`;
  const value = { name: "certificateRevocationList;binary", value: der };
  return entry(dn, value, { revocationList: answers }, options);
}

function listEntry(
  draft: FileDraft,
  { country, version, name }: { readonly country: string; readonly version: number; readonly name: string },
): Entry {
  const { list, content } = draft;
  if (list === undefined) throw new Error(`${draft.name} is no list`);
  const dn = `cn=CSCA Master List ${country},o=ml,c=${country},${data}`;
  return entry(dn, { name, value: content }, { list }, { version });
}

function entry(
  dn: string,
  value: { readonly name: string; readonly value: Uint8Array },
  part: Omit<FixturePart, "origin" | "pkd">,
  { version, conformance = [], names = asIcao, encodesDn = false }: EntryOptions,
): Entry {
  const line = (name: string, text: string): LdifLine => ({ name: names(name), value: text });
  const pkd: FixturePkdAttributes = {
    version: version ?? null,
    conformanceCodes: conformance.map(([code]) => code),
    conformanceTexts: conformance.map(([, text]) => text),
  };
  const lines: readonly LdifLine[] = [
    ...conformance.flatMap(([code, text]) => [
      line("pkdConformanceText", text),
      line("pkdConformanceCode", code),
    ]),
    ...(version === undefined ? [] : [line("pkdVersion", String(version))]),
    { name: names(value.name), value: value.value },
    line("objectClass", "top"),
    line("objectClass", "pkdDownload"),
  ];
  return { record: { dn, encodesDn, lines }, part: { origin: dn, ...part, pkd } };
}

/** The entries above those of the countries: no value of theirs is read. */
function branches(...countries: readonly string[]): readonly LdifRecord[] {
  const objectClass = (value: string): LdifLine => ({ name: "objectClass", value });
  return [
    {
      dn: data,
      lines: [
        { comment: "The branches of the tree" },
        objectClass("top"),
        objectClass("domain"),
        { name: "dc", value: "data" },
      ],
    },
    ...countries.map((country) => ({
      dn: `c=${country},${data}`,
      lines: [{ name: "c", value: country }, objectClass("country"), objectClass("top")],
    })),
  ];
}

function replacement(name: string, value: string | Uint8Array): readonly LdifLine[] {
  return [{ name: "replace", value: name }, { name, value }, { separator: true }];
}

function heldBy({ record }: Entry): Uint8Array {
  for (const line of record.lines ?? []) {
    if ("value" in line && line.value instanceof Uint8Array) return line.value;
  }
  throw new Error(`${record.dn} has no value`);
}

function crlOf(catalogue: Catalogue, publisher: string, number: number): NamedRevocationList {
  return nameRevocationList(catalogue.find(catalogue.rootOf(publisher)), {
    thisUpdate: "2026-05-20T06:00:00Z",
    nextUpdate: "2026-08-18T06:00:00Z",
    number,
    revokedCertificates: Array.from({ length: number - 6 }, (_, index) => ({
      serialNumber: 0x3100 + index,
      revocationDate: "2026-04-01T00:00:00Z",
      reason: "superseded",
    })),
  });
}

function ldifFile({
  records,
  options,
  ...draft
}: Pick<FileDraft, "name" | "description"> & {
  readonly records: readonly LdifRecord[];
  readonly parts: readonly FixturePart[];
  readonly options?: LdifOptions;
}): FileDraft {
  return { ...draft, kind: "ldif", content: encode(encodeLdif(records, options)) };
}

/** RFC 4514, 2.4: a name as the value of an attribute. */
function escaped(text: string): string {
  return text.replaceAll(/[,+"\\<>;=]/g, "\\$&");
}

function asIcao(name: string): string {
  return name;
}

function mixedCase(name: string): string {
  return [...name]
    .map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase()))
    .join("");
}

function withoutBinary(name: string): string {
  return name.replace(";binary", "");
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const data = "dc=data,dc=download,dc=pkd,dc=icao,dc=int";

/**
 * ICAO's Public Key Directory as LDIF: collections of certificates, CRLs and lists, complete or as changes since the last.
 *
 * @module
 */

import type { LdifLine, LdifLineReader } from "../containers/ldif-line.ts";
import { createLdifReader, type LdifRecord, textOf } from "../containers/ldif-record.ts";
import { createFindingTally } from "../crl/finding-tally.ts";
import { CertParserError } from "../errors.ts";
import type { Finding, PkdAttributes } from "../findings.ts";
import type { PkdChange, PkdDirectory } from "./bundle.ts";
import { type Found, rejectedValue } from "./found.ts";
import type { PartReading } from "./parts.ts";
import { attributeKinds } from "./pkd-attributes.ts";
import { createPkdEntries } from "./pkd-entries.ts";
import { type Modification, modificationsOf, modifiedAttributes, versionOf } from "./pkd-modification.ts";
import { recogniseValue } from "./recognise.ts";
import { readValueBesideOthers } from "./value.ts";

/** What an LDIF file held. */
export interface PkdContents {
  readonly found: Found;
  readonly directory: PkdDirectory;
  readonly findings: readonly Finding[];
}

/** Takes an LDIF file in chunks, and gives at its end what was in it. */
export interface PkdReader extends Pick<LdifLineReader, "push"> {
  finish(): PkdContents;
}

/** Makes a reader for one file; of `reading` all but the input is used. */
export function createPkdReader(reading: Omit<PartReading, "input" | "rejections">): PkdReader {
  const entries = createPkdEntries(reading.sha256);
  const readAttributes = createPkdAttributesReader();
  // A file of nothing but bad lines must not become a finding for each.
  const skipped = createFindingTally();
  const versions = new Set<number>();
  let records = 0;
  let isDelta = false;

  const note = (message: string, offset: number): void => {
    skipped.add([{ code: "LDIF_LINE_SKIPPED", message, offset, clause: "RFC 2849" }]);
  };

  const addValue = (record: LdifRecord, { type, value }: LdifLine, pkd: PkdAttributes): void => {
    const named = attributeKinds.get(type);
    const place = { foundIn: "ldif", ...entries.counts() } as const;
    const origin = { name: nameIn(reading, record.dn), offset: record.offset, pkd };
    if (!(value instanceof Uint8Array)) {
      if (named === undefined) return;
      const unreadable = { ...reading, input: new Uint8Array(), origin, rejections: [] };
      const error = new CertParserError("BASE64_SYNTAX", `value of ${type} is not in base64`, { offset: 0 });
      const index = named === "crl" ? place.crls : place.certificates;
      const found = rejectedValue(unreadable, named, { foundIn: "ldif", index }, error);
      entries.add(record, type, { octets: unreadable.input, origin }, found);
      return;
    }
    const kind = recogniseValue(value) ?? named;
    if (kind === undefined) return;
    const found = readValueBesideOthers({ ...reading, input: value, origin, rejections: [] }, kind, place);
    entries.add(record, type, { octets: value, origin }, found);
  };

  const addValues = (record: LdifRecord, lines: readonly LdifLine[], pkd: PkdAttributes): void => {
    for (const line of lines) addValue(record, line, pkd);
  };

  const modifyEntry = (record: LdifRecord): void => {
    const modifications = modificationsOf(record.lines, note);
    const pkd = modifiedAttributes(entries.attributesOf(record.dn) ?? nothingSaid, modifications);
    entries.changeAttributes(record.dn, pkd);
    for (const modification of modifications) modifyValues(record, modification, pkd);
  };

  const modifyValues = (record: LdifRecord, modification: Modification, pkd: PkdAttributes): void => {
    const { action, type, values, offset } = modification;
    if (pkdTypes.has(type)) return;
    const unreadable = values.filter(({ value }) => !(value instanceof Uint8Array));
    // What it would do without the value that cannot be read, such as to delete all values, nobody asked for.
    if (unreadable.length > 0) {
      note(`${action} of ${type} was not applied: a value of it cannot be read`, offset);
      if (action !== "delete") addValues(record, unreadable, pkd);
      return;
    }
    if (action !== "add") entries.remove(record, type, action === "replace" ? [] : octetsOf(values));
    if (action !== "delete") addValues(record, values, pkd);
  };

  const reader = createLdifReader(
    {
      record(record) {
        records++;
        isDelta ||= record.changeType !== undefined;
        const pkd = readAttributes(record.lines);
        if (pkd.version !== null) versions.add(pkd.version);
        if (record.changeType === "delete") entries.remove(record, null, []);
        else if (record.changeType === "modify") modifyEntry(record);
        else addValues(record, record.lines, pkd);
      },
      malformed: note,
      wantsText: (type) => pkdTypes.has(type) || attributeKinds.has(type),
    },
    reading.limits,
  );

  return {
    push: reader.push,
    finish() {
      reader.finish();
      const sorted = [...versions].sort((a, b) => a - b);
      const { found, changes, unmatched } = entries.finish();
      return {
        found,
        directory: { records, isDelta, versions: sorted, changes },
        findings: [...skipped.totals(), ...(isDelta ? noteGaps(sorted) : []), ...noteUnmatched(unmatched)],
      };
    },
  };
}

/** Reads what records say of the values in them; what many say alike is kept once. */
function createPkdAttributesReader(): (lines: readonly LdifLine[]) => PkdAttributes {
  const known = new Map<string, PkdAttributes>();
  return (lines) => {
    let key = "";
    for (const line of lines) if (pkdTypes.has(line.type)) key += `${line.type}\n${textOf(line)}\n`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const attributes = pkdAttributesOf(lines);
    if (known.size < maxKnownAttributes) known.set(key, attributes);
    return attributes;
  };
}

function pkdAttributesOf(lines: readonly LdifLine[]): PkdAttributes {
  const textsOf = (wanted: string) => lines.filter(({ type }) => type === wanted).map(textOf);
  return {
    version: versionOf(textsOf("pkdversion")),
    conformanceCodes: textsOf("pkdconformancecode"),
    conformanceTexts: textsOf("pkdconformancetext"),
  };
}

function octetsOf(lines: readonly LdifLine[]): readonly Uint8Array[] {
  return lines.map(({ value }) => value).filter((value) => value instanceof Uint8Array);
}

function noteGaps(versions: readonly number[]): readonly Finding[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1] ?? version;
    return version - before > 1 ? [versionGap(before, version)] : [];
  });
}

/** Versions of a collection are counted up one by one: what came between two was not seen. */
export function versionGap(before: number, after: number): Finding {
  return {
    code: "PKD_VERSION_GAP",
    message: `pkdVersion goes from ${before} to ${after}: nothing of the versions between was seen`,
    offset: 0,
    clause: "ICAO PKD, download",
  };
}

/** Says how many changes had nothing to change. */
export function noteUnmatched(unmatched: readonly Pick<PkdChange, "dn" | "offset">[]): readonly Finding[] {
  const [first] = unmatched;
  if (first === undefined) return [];
  return [
    {
      code: "LDIF_CHANGE_UNMATCHED",
      message: `${unmatched.length} changes are to what is not there, the first to ${first.dn}`,
      offset: first.offset,
      clause: "RFC 2849",
    },
  ];
}

function nameIn({ origin }: Pick<PartReading, "origin">, dn: string): string {
  return origin === undefined ? dn : `${origin.name}!/${dn}`;
}

// Versions of a collection come with some hundred combinations of codes.
const maxKnownAttributes = 10_000;
const nothingSaid: PkdAttributes = { version: null, conformanceCodes: [], conformanceTexts: [] };
const pkdTypes: ReadonlySet<string> = new Set(["pkdversion", "pkdconformancecode", "pkdconformancetext"]);

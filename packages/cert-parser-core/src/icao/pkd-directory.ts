/**
 * ICAO's Public Key Directory as LDIF: collections of certificates, CRLs and lists, complete or as changes since the last.
 *
 * @module
 */

import { attributeType, type LdifLine, type LdifLineReader } from "../containers/ldif-line.ts";
import { createLdifReader, type LdifRecord, textOf } from "../containers/ldif-record.ts";
import { createFindingTally } from "../crl/finding-tally.ts";
import type { Finding, PkdAttributes } from "../findings.ts";
import type { PkdChange, PkdDirectory } from "./bundle.ts";
import type { Found } from "./found.ts";
import type { PartReading } from "./parts.ts";
import { attributeKinds } from "./pkd-attributes.ts";
import { createPkdEntries } from "./pkd-entries.ts";
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

  const addValue = (record: LdifRecord, { type, value, offset }: LdifLine, pkd: PkdAttributes): void => {
    const named = attributeKinds.get(type);
    if (!(value instanceof Uint8Array) || value.length === 0) {
      if (named !== undefined) note(`value of ${type} is not in base64`, offset);
      return;
    }
    const kind = recogniseValue(value) ?? named;
    if (kind === undefined) return;
    const place = { foundIn: "ldif", ...entries.counts() } as const;
    const origin = { name: nameIn(reading, record.dn), offset: record.offset, pkd };
    const found = readValueBesideOthers({ ...reading, input: value, origin, rejections: [] }, kind, place);
    entries.add(record, type, value, found);
  };

  const addEntry = (record: LdifRecord, pkd: PkdAttributes): void => {
    for (const line of record.lines) addValue(record, line, pkd);
  };

  const modifyEntry = (record: LdifRecord, pkd: PkdAttributes): void => {
    for (const { action, type, values } of modificationsOf(record.lines)) {
      if (action === "replace") entries.remove(record, type, []);
      if (action === "delete") entries.remove(record, type, valuesOf(values));
      else for (const line of values) addValue(record, line, pkd);
    }
  };

  const reader = createLdifReader(
    {
      record(record) {
        records++;
        isDelta ||= record.changeType !== undefined;
        const pkd = readAttributes(record.lines);
        if (pkd.version !== null) versions.add(pkd.version);
        if (record.changeType === "delete") entries.remove(record, null, []);
        else if (record.changeType === "modify") modifyEntry(record, pkd);
        else addEntry(record, pkd);
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
      const { found, changes } = entries.finish();
      return {
        found,
        directory: { records, isDelta, versions: sorted, changes },
        findings: [...skipped.totals(), ...(isDelta ? noteGaps(sorted) : []), ...noteUnmatched(changes)],
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
  const version = textsOf("pkdversion").find((text) => /^\d{1,9}$/.test(text));
  return {
    version: version === undefined ? null : Number(version),
    conformanceCodes: textsOf("pkdconformancecode"),
    conformanceTexts: textsOf("pkdconformancetext"),
  };
}

/** One part of a modification, RFC 2849: `add: type`, the values, `-`. */
interface Modification {
  readonly action: "add" | "delete" | "replace";
  readonly type: string;
  readonly values: readonly LdifLine[];
}

function modificationsOf(lines: readonly LdifLine[]): readonly Modification[] {
  const modifications: {
    readonly action: Modification["action"];
    readonly type: string;
    values: LdifLine[];
  }[] = [];
  let current: (typeof modifications)[number] | undefined;
  for (const line of lines) {
    if (line.type === "-") {
      current = undefined;
    } else if (current !== undefined) {
      if (line.type === current.type) current.values.push(line);
    } else if (line.type === "add" || line.type === "delete" || line.type === "replace") {
      current = { action: line.type, type: attributeType(textOf(line)), values: [] };
      modifications.push(current);
    }
  }
  return modifications;
}

function valuesOf(lines: readonly LdifLine[]): readonly Uint8Array[] {
  return lines.map(({ value }) => value).filter((value) => value instanceof Uint8Array);
}

function noteGaps(versions: readonly number[]): readonly Finding[] {
  return versions.flatMap((version, index) => {
    const before = versions[index - 1] ?? version;
    return version - before > 1 ? [versionGap(before, version)] : [];
  });
}

/** Versions of a collection are counted up one by one: what is between two was missed. */
export function versionGap(before: number, after: number): Finding {
  return {
    code: "PKD_VERSION_GAP",
    message: `pkdVersion goes from ${before} to ${after}: what came between is missing`,
    offset: 0,
    clause: "ICAO PKD, download",
  };
}

function noteUnmatched(changes: readonly PkdChange[]): readonly Finding[] {
  const [first] = changes;
  if (first === undefined) return [];
  return [
    {
      code: "LDIF_CHANGE_UNMATCHED",
      message: `${changes.length} changes are to entries that the file does not hold, the first to ${first.dn}`,
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
const pkdTypes: ReadonlySet<string> = new Set(["pkdversion", "pkdconformancecode", "pkdconformancetext"]);

/**
 * The records of LDIF, RFC 2849: entries of a directory, and changes to them.
 *
 * @module
 */

import { decodeLatin1, decodeUtf8 } from "../bytes/text.ts";
import { CertParserError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { createLdifLineReader, type LdifLine, type LdifLineReader } from "./ldif-line.ts";

/** What a change record does to its entry. */
export type LdifChangeType = "add" | "delete" | "modify";

/** One record. */
export interface LdifRecord {
  readonly dn: string;
  /** Undefined for an entry; a file of entries is a complete collection. */
  readonly changeType: LdifChangeType | undefined;
  /** The lines after the DN and the type of change, in order. */
  readonly lines: readonly LdifLine[];
  /** Byte offset of the record in the file. */
  readonly offset: number;
}

/** Told of the records, in order. */
export interface LdifVisitor {
  record(record: LdifRecord): void;
  /** A line or a record that could not be read was passed over. */
  malformed(message: string, offset: number): void;
  /** Tells whether the text of a plain value of an attribute is of use. */
  wantsText(type: string): boolean;
}

/** Makes a reader for one file. Throws `LIMIT_EXCEEDED` over `maxEntries` lines that are of use. */
export function createLdifReader(visitor: LdifVisitor, limits: Limits): LdifLineReader {
  let dn: string | undefined;
  let changeType: string | undefined;
  let lines: LdifLine[] = [];
  let offset = 0;
  let count = 0;

  const endRecord = (): void => {
    if (dn === "" && changeType !== undefined) visitor.malformed("change has no readable dn", offset);
    else if (dn !== undefined && isChangeType(changeType)) visitor.record({ dn, changeType, lines, offset });
    else if (dn !== undefined)
      visitor.malformed(`changetype ${JSON.stringify(changeType)} is not read`, offset);
    else if (lines.length > 0) visitor.malformed("record has no dn", offset);
    dn = undefined;
    changeType = undefined;
    lines = [];
  };

  const beginRecord = (line: LdifLine): void => {
    // Some writers leave out the empty line between records.
    if (dn !== undefined) endRecord();
    dn = textOf(line);
    offset = line.offset;
  };

  const keep = (line: LdifLine): void => {
    if (++count > limits.maxEntries) {
      throw new CertParserError("LIMIT_EXCEEDED", `LDIF has over ${limits.maxEntries} attributes`, {
        offset: line.offset,
      });
    }
    if (dn === undefined && lines.length === 0) offset = line.offset;
    lines.push(line);
  };

  return createLdifLineReader({
    line(line) {
      if (line.type === "dn") beginRecord(line);
      else if (line.type === "changetype") changeType = textOf(line).trim().toLowerCase();
      // The version of the format stands before the first record, or in its first line.
      else if (line.type !== "version" || dn !== undefined) keep(line);
    },
    recordEnd: endRecord,
    malformed: visitor.malformed,
    wantsText: (type) => controlTypes.has(type) || visitor.wantsText(type),
  });
}

/** The text of a line, whether it came plain or in base64. */
export function textOf({ value }: LdifLine): string {
  if (value === null) return "";
  return typeof value === "string" ? value : (decodeUtf8(value) ?? decodeLatin1(value));
}

function isChangeType(type: string | undefined): type is LdifChangeType | undefined {
  return type === undefined || type === "add" || type === "delete" || type === "modify";
}

// What records are made of, beside the attributes of their entries.
const controlTypes: ReadonlySet<string> = new Set([
  "dn",
  "version",
  "changetype",
  "add",
  "delete",
  "replace",
]);

/**
 * The parts of a modification of a directory's entry, RFC 2849: `add: type`, the values, `-`.
 *
 * @module
 */

import { attributeType, type LdifLine } from "../containers/ldif-line.ts";
import { textOf } from "../containers/ldif-record.ts";
import type { PkdAttributes } from "../findings.ts";

/** One part: what is done to the values of one attribute. */
export interface Modification {
  readonly action: "add" | "delete" | "replace";
  /** The attribute's name in lower case. */
  readonly type: string;
  readonly values: readonly LdifLine[];
  readonly offset: number;
}

/** Reads the parts of a modification; `note` is told of lines that are none of any. */
export function modificationsOf(
  lines: readonly LdifLine[],
  note: (message: string, offset: number) => void,
): readonly Modification[] {
  const modifications: (Modification & { readonly values: LdifLine[] })[] = [];
  let current: (typeof modifications)[number] | undefined;
  for (const line of lines) {
    if (line.type === "-") {
      current = undefined;
    } else if (isAction(line.type)) {
      if (current !== undefined)
        note(`${current.action} of ${current.type} is not ended by a -`, line.offset);
      current = { action: line.type, type: attributeType(textOf(line)), values: [], offset: line.offset };
      modifications.push(current);
    } else if (line.type === current?.type) {
      current.values.push(line);
    } else {
      note(`value of ${line.type} belongs to no part of the modification`, line.offset);
    }
  }
  return modifications;
}

/** What the directory says of an entry, after a modification of it. */
export function modifiedAttributes(
  before: PkdAttributes,
  modifications: readonly Modification[],
): PkdAttributes {
  let { version, conformanceCodes, conformanceTexts } = before;
  for (const modification of modifications) {
    switch (modification.type) {
      case "pkdversion":
        version = versionOf(modified(version === null ? [] : [String(version)], modification));
        break;
      case "pkdconformancecode":
        conformanceCodes = modified(conformanceCodes, modification);
        break;
      case "pkdconformancetext":
        conformanceTexts = modified(conformanceTexts, modification);
        break;
    }
  }
  return { version, conformanceCodes, conformanceTexts };
}

/** The first of some texts that is a version. */
export function versionOf(texts: readonly string[]): number | null {
  const version = texts.find((text) => /^\d{1,9}$/.test(text));
  return version === undefined ? null : Number(version);
}

function modified(texts: readonly string[], { action, values }: Modification): readonly string[] {
  const given = values.map(textOf);
  if (action === "replace") return given;
  if (action === "add") return [...texts, ...given];
  const unwanted = new Set(given);
  return given.length === 0 ? [] : texts.filter((text) => !unwanted.has(text));
}

function isAction(type: string): type is Modification["action"] {
  return type === "add" || type === "delete" || type === "replace";
}

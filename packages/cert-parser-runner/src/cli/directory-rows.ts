/**
 * What LDIF says of the directory, beside the objects in it.
 *
 * @module
 */

import type { BundleDescription, DirectoryChange, DirectoryDescription } from "cert-parser-core";
import { formatCount, formatQuantity } from "../log/figures.ts";
import { alignCounts, cutList, type Row } from "./layout.ts";

/** Of each LDIF file its records and versions; then ICAO's conformance codes. */
export function directoryRows({ directories, conformanceCodes }: BundleDescription): readonly Row[] {
  const codes = Object.entries(conformanceCodes).sort(([, a], [, b]) => b - a);
  return [
    ...directories.map(directoryRow),
    ...(codes.length === 0
      ? []
      : [["conformance", "as ICAO judged it:", ...alignCounts(codes.slice(0, mostCodes))] as Row]),
  ];
}

function directoryRow({ records, isDelta, versions, changes }: DirectoryDescription): Row {
  if (records === 0) return ["directory", "no records: a delta without a change"];
  const form = isDelta ? "a delta, to go on top of a collection" : "complete";
  return [
    "directory",
    `${formatQuantity(records, "record")}, ${form}`,
    versionsText(versions),
    ...(changes.length === 0
      ? []
      : [`${formatQuantity(changes.length, "change")} to what is not in the file:`]),
    ...cutList(changes, mostChanges, (change) => [`  ${changeText(change)}`]),
  ];
}

function versionsText(versions: readonly number[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined) return "which tells no version";
  if (first === last) return `version ${first}`;
  return `versions ${first} to ${last}, ${formatCount(versions.length)} of them`;
}

function changeText({ dn, attribute, values }: DirectoryChange): string {
  if (attribute === null) return `deletes ${dn}`;
  const what = values === 0 ? `all ${attribute}` : `${formatQuantity(values, "value")} of ${attribute}`;
  return `takes ${what} from ${dn}`;
}

const mostCodes = 60;
const mostChanges = 20;

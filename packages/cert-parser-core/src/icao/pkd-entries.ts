/**
 * The entries of a directory while a file is read, and what its change records do to them.
 *
 * @module
 */

import type { Sha256 } from "../bytes/digest.ts";
import type { LdifRecord } from "../containers/ldif-record.ts";
import type { Origin, PkdAttributes } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { PkdChange } from "./bundle.ts";
import { foldDn } from "./fold-dn.ts";
import { type Found, joinFound } from "./found.ts";
import { attributeKinds } from "./pkd-attributes.ts";

/** The entries so far. */
export interface PkdEntries {
  /** Keeps what a value of an entry held, and the origin that all of it has. */
  add(record: LdifRecord, type: string, value: EntryValue, found: Found): void;
  /** Takes values of an entry away: all of it, of one attribute all, or those given. */
  remove(record: LdifRecord, type: string | null, values: readonly Uint8Array[]): void;
  /** What the directory says of an entry; undefined where the file has nothing of it. */
  attributesOf(dn: string): PkdAttributes | undefined;
  /** Has the directory say something else of all that there is of an entry. */
  changeAttributes(dn: string, pkd: PkdAttributes): void;
  /** How many certificates and CRLs there have been. */
  counts(): { readonly certificates: number; readonly crls: number };
  /** What is left, and the changes to entries that were never there. */
  finish(): PkdEntriesEnd;
}

/** One value, and the origin of what is in it, which changes may still come to. */
export interface EntryValue {
  readonly octets: Uint8Array;
  readonly origin: ChangeableOrigin;
}

/** An origin before the file has been read to its end. */
export interface ChangeableOrigin extends Origin {
  pkd: PkdAttributes;
}

/** What there is at the end of the file. */
export interface PkdEntriesEnd {
  readonly found: Found;
  /** Changes to entries that were never there. */
  readonly changes: readonly PkdChange[];
  /** Those, and the changes to values that were never in the entry: where they are. */
  readonly unmatched: readonly Pick<PkdChange, "dn" | "offset">[];
}

/** What is known of an entry that changes may come to. */
interface Entry {
  /** Whether the file has all of the entry, and not a change to it alone. */
  isWhole: boolean;
  /** For each attribute the positions of its values, by their digests: that any number of changes takes linear time. */
  readonly attributes: Map<string, Map<string, number[]>>;
}

/** Begins with no entries. */
export function createPkdEntries(sha256: Sha256): PkdEntries {
  // Columns, not an object for each of 30,000 values: the more lives while a file is read, the more memory the engine takes.
  const held: (Found | Certificate | undefined)[] = [];
  const names: string[] = [];
  const types: string[] = [];
  const values: (EntryValue | undefined)[] = [];
  const partial = new Set<number>();
  const changes: PkdChange[] = [];
  const unmatched: Pick<PkdChange, "dn" | "offset">[] = [];
  // Made when the first change asks for it: a complete collection has none.
  let byName: Map<string, Entry> | undefined;
  let certificates = 0;
  let crls = 0;

  const index = (position: number, into: Map<string, Entry>): void => {
    const entry = getOrMake(into, foldDn(names[position] as string), makeEntry);
    entry.isWhole ||= !partial.has(position);
    const value = values[position];
    if (value === undefined) return;
    const attribute = getOrMake(entry.attributes, types[position] as string, makeMap<number[]>);
    getOrMake(attribute, sha256(value.octets), makeArray).push(position);
  };

  const entryOf = (dn: string): Entry | undefined => {
    if (byName === undefined) {
      byName = new Map();
      for (let position = 0; position < held.length; position++) index(position, byName);
    }
    return byName.get(foldDn(dn));
  };

  const originsOf = (dn: string): readonly ChangeableOrigin[] => {
    const positions = [...(entryOf(dn)?.attributes.values() ?? [])].flatMap((values) =>
      [...values.values()].flat(),
    );
    return positions.flatMap((position) => values[position]?.origin ?? []);
  };

  const removeValues = (from: Map<string, number[]>, digests: Iterable<string>): boolean => {
    let removed = false;
    for (const digest of digests) {
      for (const position of from.get(digest) ?? []) {
        held[position] = undefined;
        values[position] = undefined;
      }
      removed = from.delete(digest) || removed;
    }
    return removed;
  };

  const removeFrom = (entry: Entry, type: string | null, octets: readonly Uint8Array[]): boolean => {
    let removed = false;
    for (const name of type === null ? [...entry.attributes.keys()] : [type]) {
      const from = entry.attributes.get(name);
      if (from === undefined) continue;
      removed = removeValues(from, octets.length === 0 ? [...from.keys()] : octets.map(sha256)) || removed;
      if (from.size === 0) entry.attributes.delete(name);
    }
    return removed;
  };

  return {
    add({ dn, changeType }, type, value, found) {
      const position = held.push(onlyCertificateOf(found) ?? found) - 1;
      names.push(dn);
      types.push(type);
      values.push(value);
      if (changeType === "modify") partial.add(position);
      if (byName !== undefined) index(position, byName);
      certificates += found.certificates.length + rejected(found, "certificate");
      crls += found.crls.length + rejected(found, "crl");
    },
    remove({ dn, offset }, type, octets) {
      const entry = entryOf(dn);
      const removed = entry !== undefined && removeFrom(entry, type, octets);
      if (removed || (type !== null && !attributeKinds.has(type))) return;
      // To replace what an entry does not have yet is to add it.
      if (entry?.isWhole && octets.length === 0) return;
      unmatched.push({ dn, offset });
      if (!entry?.isWhole) changes.push({ dn, attribute: type, values: octets, offset });
    },
    attributesOf: (dn) => originsOf(dn)[0]?.pkd,
    changeAttributes(dn, pkd) {
      for (const origin of originsOf(dn)) origin.pkd = pkd;
    },
    counts: () => ({ certificates, crls }),
    finish: () => ({ found: joinHeld(held), changes, unmatched }),
  };
}

/** What nearly every value of a directory holds. */
function onlyCertificateOf({
  lists,
  certificates,
  crls,
  rejections,
  findings,
}: Found): Certificate | undefined {
  const others = lists.length + crls.length + rejections.length + findings.length;
  return others === 0 && certificates.length === 1 ? certificates[0] : undefined;
}

function joinHeld(held: readonly (Found | Certificate | undefined)[]): Found {
  const certificates: Certificate[] = [];
  const others: Found[] = [];
  for (const each of held) {
    if (each === undefined) continue;
    if ("der" in each) certificates.push(each);
    else {
      certificates.push(...each.certificates);
      others.push(each);
    }
  }
  return { ...joinFound(others), certificates };
}

function rejected({ rejections }: Found, kind: "certificate" | "crl"): number {
  if (rejections.length === 0) return 0;
  return rejections.filter((rejection) => rejection.kind === kind).length;
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function makeEntry(): Entry {
  return { isWhole: false, attributes: new Map() };
}

function makeMap<T>(): Map<string, T> {
  return new Map();
}

function makeArray(): number[] {
  return [];
}

/**
 * A delta of ICAO's directory on top of the collection that it is for.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import type { Finding, Origin } from "../findings.ts";
import type { Bundle, PkdChange, PkdDirectory, SignedObject } from "./bundle.ts";
import { gatherObjects, nothingFound } from "./found.ts";
import { attributeKinds } from "./pkd-attributes.ts";
import { versionGap } from "./pkd-directory.ts";
import { foldDn } from "./pkd-entries.ts";
import type { ValueKind } from "./recognise.ts";

/** How to apply. */
export interface DeltaOptions {
  /** SHA-256; by default a portable one. */
  readonly sha256?: Sha256;
}

/**
 * Applies a delta: what it deletes or replaces leaves the collection, what it adds joins it. A gap between their versions is
 * the finding `PKD_VERSION_GAP`. The bundle that it gives has the digest and the length of the delta, and no bytes.
 *
 * Throws `TypeError` unless both are LDIF.
 */
export function applyDelta(collection: Bundle, delta: Bundle, options: DeltaOptions = {}): Bundle {
  const [before, after] = [directoryOf(collection), directoryOf(delta)];
  const goes = removals(after.changes, options.sha256 ?? portableSha256);
  const lists = [
    ...collection.objects.filter(isList).filter((list) => !goes(list, "cms")),
    ...delta.objects.filter(isList),
  ];
  const [old, fresh] = [collection.objects.filter(isLoose), delta.objects.filter(isLoose)];
  const objects = gatherObjects(
    [
      {
        lists,
        certificates: [
          ...old.flatMap(({ certificates }) => certificates.filter((each) => !goes(each, "certificate"))),
          ...fresh.flatMap(({ certificates }) => certificates),
        ],
        crls: [
          ...old.flatMap(({ crls }) => crls.filter((each) => !goes(each, "crl"))),
          ...fresh.flatMap(({ crls }) => crls),
        ],
        rejections: [
          ...old.flatMap(({ rejections }) =>
            rejections.filter((each) => !goes(each, rejectedKinds[each.kind])),
          ),
          ...fresh.flatMap(({ rejections }) => rejections),
        ],
        findings: nothingFound.findings,
      },
    ],
    { der: new Uint8Array(), origin: undefined },
  );
  const versions = [...new Set([...before.versions, ...after.versions])].sort((a, b) => a - b);
  return {
    kind: "ldif",
    bytes: undefined,
    byteLength: delta.byteLength,
    sha256: delta.sha256,
    objects,
    directories: [
      { records: before.records + after.records, isDelta: before.isDelta, versions, changes: before.changes },
    ],
    findings: [
      ...delta.findings.filter(({ code }) => code !== "LDIF_CHANGE_UNMATCHED"),
      ...noteGap(before, after),
    ],
  };
}

function directoryOf({ kind, directories: [directory] }: Bundle): PkdDirectory {
  if (kind !== "ldif" || directory === undefined) throw new TypeError("applyDelta wants two bundles of LDIF");
  return directory;
}

interface Removable {
  readonly der: Uint8Array;
  readonly origin: Origin | undefined;
}

/** The values of one attribute that go: all, or those of these digests. */
type Going = "all" | Set<string>;

/** Tells whether a part of the collection is to go. */
function removals(
  changes: readonly PkdChange[],
  sha256: Sha256,
): (part: Removable, kind: ValueKind | undefined) => boolean {
  const going = new Map<string, Map<ValueKind | undefined, Going>>();
  for (const { dn, attribute, values } of changes) {
    const name = foldDn(dn);
    const kinds = going.get(name) ?? new Map<ValueKind | undefined, Going>();
    going.set(name, kinds);
    for (const kind of attribute === null ? everyKind : [attributeKinds.get(attribute)]) {
      kinds.set(kind, joinGoing(kinds.get(kind), values, sha256));
    }
  }
  return ({ der, origin }, kind) => {
    if (going.size === 0 || origin === undefined) return false;
    const own = going.get(foldDn(origin.name))?.get(kind);
    return own === "all" || (own?.has(sha256(der)) ?? false);
  };
}

function joinGoing(before: Going | undefined, values: readonly Uint8Array[], sha256: Sha256): Going {
  if (before === "all" || values.length === 0) return "all";
  const digests = before ?? new Set<string>();
  for (const value of values) digests.add(sha256(value));
  return digests;
}

function isList({ kind }: SignedObject): boolean {
  return kind === "master-list" || kind === "bare-master-list" || kind === "deviation-list";
}

function isLoose(object: SignedObject): boolean {
  return !isList(object);
}

function noteGap(before: PkdDirectory, after: PkdDirectory): readonly Finding[] {
  const [last, first] = [before.versions.at(-1), after.versions[0]];
  return last !== undefined && first !== undefined && first - last > 1 ? [versionGap(last, first)] : [];
}

const rejectedKinds = { certificate: "certificate", crl: "crl", list: "cms", deviation: undefined } as const;
const everyKind: readonly (ValueKind | undefined)[] = ["certificate", "crl", "cms", undefined];

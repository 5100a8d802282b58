/**
 * A delta of ICAO's directory on top of the collection that it is for.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import type { Finding, Origin } from "../findings.ts";
import type { Bundle, PkdChange, PkdDirectory, SignedObject } from "./bundle.ts";
import { foldDn } from "./fold-dn.ts";
import { gatherObjects, nothingFound } from "./found.ts";
import { attributeKinds } from "./pkd-attributes.ts";
import { noteUnmatched, versionGap } from "./pkd-directory.ts";

import type { ValueKind } from "./recognise.ts";

/** How to apply. */
export interface DeltaOptions {
  /** SHA-256; by default a portable one. */
  readonly sha256?: Sha256;
  /** The version of the delta, as its file name tells it: one that only deletes, or changes nothing, says none itself. */
  readonly version?: number;
}

/**
 * Applies a delta: what it deletes or replaces leaves the collection, what it adds joins it. A gap between their versions is
 * the finding `PKD_VERSION_GAP`, a delta that is not newer `PKD_VERSION_OLD`, and changes to what the collection does not hold
 * are `LDIF_CHANGE_UNMATCHED`. What the directory says of parts that stay, stays as it was. The bundle that it gives has the digest and the length of the delta, and no bytes.
 *
 * Throws `TypeError` unless both are LDIF.
 */
export function applyDelta(collection: Bundle, delta: Bundle, options: DeltaOptions = {}): Bundle {
  const [before, after] = [directoryOf(collection), directoryOf(delta)];
  const { goes, unmatched } = removals(after.changes, options.sha256 ?? portableSha256);
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
  const brought = [...after.versions, ...(options.version === undefined ? [] : [options.version])];
  const versions = [...new Set([...before.versions, ...brought])].sort((a, b) => a - b);
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
      ...noteUnmatched(unmatched()),
      ...noteVersions(before.versions, brought),
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

/** A change, and whether it came to anything. */
interface Use {
  readonly change: PkdChange;
  isUsed: boolean;
}

/** What is to go of the values of one kind in an entry: all, or those of some digests. */
interface Going {
  all?: Use;
  readonly digests: Map<string, Use>;
}

interface Removals {
  /** Tells whether a part of the collection is to go. */
  goes(part: Removable, kind: ValueKind | undefined): boolean;
  /** The changes to which no part came. */
  unmatched(): readonly PkdChange[];
}

function removals(changes: readonly PkdChange[], sha256: Sha256): Removals {
  const going = new Map<string, Map<ValueKind | undefined, Going>>();
  const uses = changes.map((change): Use => ({ change, isUsed: false }));
  for (const use of uses) {
    const { dn, attribute, values } = use.change;
    const name = foldDn(dn);
    const kinds = going.get(name) ?? new Map<ValueKind | undefined, Going>();
    going.set(name, kinds);
    for (const kind of attribute === null ? everyKind : [attributeKinds.get(attribute)]) {
      const own: Going = kinds.get(kind) ?? { digests: new Map() };
      kinds.set(kind, own);
      if (values.length === 0) own.all = use;
      for (const value of values) own.digests.set(sha256(value), use);
    }
  }
  return {
    goes({ der, origin }, kind) {
      if (going.size === 0 || origin === undefined) return false;
      const own = going.get(foldDn(origin.name))?.get(kind);
      const use = own?.all ?? own?.digests.get(sha256(der));
      if (use === undefined) return false;
      use.isUsed = true;
      return true;
    },
    unmatched: () => uses.filter(({ isUsed }) => !isUsed).map(({ change }) => change),
  };
}

function isList({ kind }: SignedObject): boolean {
  return kind === "master-list" || kind === "bare-master-list" || kind === "deviation-list";
}

function isLoose(object: SignedObject): boolean {
  return !isList(object);
}

function noteVersions(before: readonly number[], brought: readonly number[]): readonly Finding[] {
  const [last, first] = [before.at(-1), brought.length === 0 ? undefined : Math.min(...brought)];
  if (last === undefined || first === undefined) return [];
  if (first - last > 1) return [versionGap(last, first)];
  if (first > last) return [];
  const message = `the delta is of version ${first}, and the collection of ${last} already`;
  return [{ code: "PKD_VERSION_OLD", message, offset: 0, clause: "ICAO PKD, download" }];
}

const rejectedKinds = { certificate: "certificate", crl: "crl", list: "cms", deviation: undefined } as const;
const everyKind: readonly (ValueKind | undefined)[] = ["certificate", "crl", "cms", undefined];

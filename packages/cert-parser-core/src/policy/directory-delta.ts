/**
 * What a delta of ICAO's directory removes, and whether it follows the version that is held.
 *
 * @module
 */

import { portableSha256 } from "../bytes/digest.ts";
import type { Bundle, PkdChange } from "../icao/bundle.ts";
import { foldDn } from "../icao/fold-dn.ts";
import { attributeKinds } from "../icao/pkd-attributes.ts";
import type { JudgmentReason } from "./judgment.ts";
import type { Known } from "./known.ts";

/** What leaves with a delta, by SHA-256 (lower-case hex); all else that is held stays. */
export interface DeltaRemovals {
  readonly certificates: ReadonlySet<string>;
  readonly crls: ReadonlySet<string>;
}

/** Tells whether a bundle is nothing but changes to what is held. ICAO's empty delta has no record at all. */
export function isDelta({ directories, objects }: Bundle): boolean {
  if (directories.length === 0) return false;
  const isEmpty = objects.length === 0 && directories.every(({ records }) => records === 0);
  return isEmpty || directories.every((directory) => directory.isDelta);
}

/** What the changes of a delta reach of what is held. Nothing that somebody signed leaves with them. */
export function deltaRemovals({ directories }: Bundle, { listed, trust }: Known): DeltaRemovals {
  const goes = goingValues(directories.flatMap(({ changes }) => changes));
  const pick = (
    held: Iterable<readonly [string, { readonly origin?: string | null }]>,
    kind: "certificate" | "crl",
  ) =>
    new Set([...held].filter(([sha256, { origin }]) => goes(origin, kind, sha256)).map(([sha256]) => sha256));
  return { certificates: pick(listed, "certificate"), crls: pick(trust?.carried ?? [], "crl") };
}

/**
 * Holds the version of a directory against the one that is held. It is a hint, since nobody signs it: what does not follow on
 * it waits for an operator, and nothing is locked out. A delta that changes nothing follows on everything.
 */
export function judgeVersion(bundle: Bundle, { trust }: Known): readonly JudgmentReason[] {
  if (bundle.directories.length === 0 || bundle.directories.every(({ records }) => records === 0)) return [];
  const held = trust?.directoryVersion ?? null;
  const versions = bundle.directories.flatMap((directory) => directory.versions).toSorted((a, b) => a - b);
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined || last === undefined)
    return isDelta(bundle) && held !== null ? [unversioned(held)] : [];
  if (held !== null && last < held) {
    return [pending("ROLLBACK", `the directory is of version ${last}, and ${held} was accepted`)];
  }
  if (held !== null && last - held > maxJump) {
    return [
      pending("PKD_VERSION_JUMP", `the directory is of version ${last}, far ahead of ${held}, which is held`),
    ];
  }
  if (!isDelta(bundle)) return [];
  if (held === null) {
    return [pending("PKD_VERSION_GAP", `the delta begins at version ${first}, and no collection is held`)];
  }
  const reached = [held, ...versions];
  const at = versions.findIndex((version, index) => version - (reached[index] ?? version) > 1);
  if (at < 0) return [];
  const message = `versions are missing between ${reached[at]}, which is held, and ${versions[at]} of the delta`;
  return [pending("PKD_VERSION_GAP", message)];
}

/** A delta that deletes signed lists ends nothing: nobody signed the deletion. */
export function deletedLists({ directories }: Bundle): readonly JudgmentReason[] {
  const deleted = directories
    .flatMap(({ changes }) => changes)
    .filter(({ dn, attribute }) =>
      attribute === null ? isOfLists(dn) : attributeKinds.get(attribute) === "cms",
    );
  if (deleted.length === 0) return [];
  const what = deleted.length === 1 ? "a signed list" : `${deleted.length} signed lists`;
  const message = `the directory deletes ${what}; the deletion is not signed, so what the lists hold stays`;
  return [{ code: "LIST_MISSING", weight: "note", message }];
}

/** ICAO keeps the lists of a state below `o=ml`. */
function isOfLists(dn: string): boolean {
  return foldDn(dn).split(",").includes("o=ml");
}

function unversioned(held: number): JudgmentReason {
  return pending("PKD_VERSION_GAP", `the delta names no version, and ${held} is held`);
}

function pending(code: JudgmentReason["code"], message: string): JudgmentReason {
  return { code, weight: "pending", message };
}

/** In an archive the name of the member stands before. */
function entryOf(origin: string): string {
  return foldDn(origin.split("!/").at(-1) ?? "");
}

function goingValues(
  changes: readonly PkdChange[],
): (origin: string | null | undefined, kind: "certificate" | "crl", sha256: string) => boolean {
  const going = new Map<string, "all" | Set<string>>();
  for (const { dn, attribute, values } of changes) {
    for (const kind of attribute === null ? ["certificate", "crl"] : [attributeKinds.get(attribute)]) {
      const at = `${kind} ${foldDn(dn)}`;
      const before = going.get(at);
      if (before === "all") continue;
      const digests = values.map(portableSha256);
      going.set(at, values.length === 0 ? "all" : new Set([...(before ?? []), ...digests]));
    }
  }
  return (origin, kind, sha256) => {
    if (going.size === 0 || origin === null || origin === undefined) return false;
    const own = going.get(`${kind} ${entryOf(origin)}`);
    return own === "all" || own?.has(sha256) === true;
  };
}

// ICAO's directory has gone through 9,410 versions in seventeen years, some eleven a week.
const maxJump = 1000;

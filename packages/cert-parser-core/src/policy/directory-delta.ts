/**
 * What a delta of ICAO's directory takes away from what is held, and whether it goes on top of it.
 *
 * @module
 */

import { portableSha256 } from "../bytes/digest.ts";
import type { Bundle, PkdChange } from "../icao/bundle.ts";
import { foldDn } from "../icao/fold-dn.ts";
import { attributeKinds } from "../icao/pkd-attributes.ts";
import type { JudgmentReason, Known } from "./judgment.ts";

/** What leaves with a delta, by SHA-256 (lower-case hex); all else that is held stays. */
export interface DeltaRemovals {
  readonly certificates: ReadonlySet<string>;
  readonly crls: ReadonlySet<string>;
}

/** Tells whether a bundle is nothing but changes to what is held. */
export function isDelta({ directories }: Bundle): boolean {
  return directories.length > 0 && directories.every((directory) => directory.isDelta);
}

/** What the changes of a delta reach of what is held. Lists that stand in the directory only come: nothing leaves with them. */
export function deltaRemovals({ directories }: Bundle, { listed, trust }: Known): DeltaRemovals {
  const goes = goingValues(directories.flatMap(({ changes }) => changes));
  const pick = (
    held: Iterable<readonly [string, { readonly origin?: string | null }]>,
    kind: "certificate" | "crl",
  ) =>
    new Set([...held].filter(([sha256, { origin }]) => goes(origin, kind, sha256)).map(([sha256]) => sha256));
  return { certificates: pick(listed, "certificate"), crls: pick(trust?.carried ?? [], "crl") };
}

/** Refuses what does not follow on the version that is held: something between would be missing, or come back. */
export function judgeVersion(bundle: Bundle, { trust }: Known): readonly JudgmentReason[] {
  const held = trust?.directoryVersion ?? null;
  const versions = bundle.directories.flatMap((directory) => directory.versions).toSorted((a, b) => a - b);
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (held !== null && last < held) {
    const message = `the directory is of version ${last}, and ${held} was accepted`;
    return [{ code: "ROLLBACK", weight: "refusal", message }];
  }
  if (!isDelta(bundle)) return [];
  if (held === null) return [gap(`the delta begins at version ${first}, and no collection is held`)];
  const reached = [held, ...versions];
  const at = versions.findIndex((version, index) => version - (reached[index] ?? version) > 1);
  if (at < 0) return [];
  return [
    gap(`versions are missing between ${reached[at]}, which is held, and ${versions[at]} of the delta`),
  ];
}

function gap(message: string): JudgmentReason {
  return { code: "PKD_VERSION_GAP", weight: "refusal", message };
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
    // In an archive the name of the member stands before.
    const own = going.get(`${kind} ${foldDn(origin.split("!/").at(-1) ?? "")}`);
    return own === "all" || own?.has(sha256) === true;
  };
}

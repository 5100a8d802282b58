/**
 * What a snapshot says of certificates outside of accepted signed lists, and what ends with it.
 *
 * @module
 */

import type { CertificateEntry, CertificateRecord, CrlEntry, Snapshot, TrustLevel } from "cert-parser-core";
import type { DatabaseTransactionConnection } from "slonik";
import { storableOptionalText } from "./columns.ts";
import { carriage, holdings, type Observed, type Presence, savePresence } from "./presence.ts";

/** Brings what stands by itself in the source in step with the snapshot. */
export async function saveHoldings(
  transaction: DatabaseTransactionConnection,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  const { source, observedAt, certificates, editions, removals } = snapshot;
  const loose = certificates.filter(({ edition }) => edition === undefined);
  const present = presencesOf(loose, isUnsigned(snapshot));
  const seen = new Set(present.map(({ sha256 }) => sha256));
  const observed: Observed = {
    source,
    observedAt,
    present,
    ends: ({ sha256, foundIn, level }) => {
      // A list of TRUST_MODE=off: now that lists of the source are verified, it does not count any more.
      if (editions.length > 0 && level === "unverified" && isOfList(foundIn)) return true;
      if (removals === "all" || removals === "nothing") return removals === "all";
      // What the delta adds again, under whatever entry, does not leave with it.
      return foundIn === "ldif" && removals.certificates.has(sha256) && !seen.has(sha256);
    },
  };
  await savePresence(transaction, holdings, observed, signal);
}

/** Brings the CRLs that the source carries in step with the snapshot. Whether they count is not decided here. */
export async function saveCarriage(
  transaction: DatabaseTransactionConnection,
  { source, observedAt, crls, editions, removals }: Snapshot,
  signal: AbortSignal,
): Promise<void> {
  const present = crlPresencesOf(crls);
  const seen = new Set(present.map(({ sha256 }) => sha256));
  const observed: Observed = {
    source,
    observedAt,
    present,
    ends: ({ sha256, foundIn }) => {
      if (removals === "all") return true;
      if (removals === "nothing") return foundIn === "envelope" && editions.length > 0;
      return foundIn === "ldif" && removals.crls.has(sha256) && !seen.has(sha256);
    },
  };
  await savePresence(transaction, carriage, observed, signal);
}

/**
 * One for each certificate and place where it was found. Of several objects that hold it, the one with most behind it says
 * its level. What no policy looked at is unsigned if `isUnsigned` says so.
 */
function presencesOf(entries: Iterable<CertificateEntry>, isUnsigned: boolean): readonly Presence[] {
  const presences = new Map<string, Presence>();
  for (const { record, level } of entries) {
    const { sha256, foundIn, index: position } = record;
    const origin = directoryEntryOf(record);
    const standsFor = level ?? (isUnsigned && foundIn !== "envelope" ? "unsigned" : "unverified");
    const one: Presence = { sha256, foundIn, origin, position, occurrences: 1, level: standsFor };
    const key = `${sha256} ${foundIn}`;
    presences.set(key, merged(presences.get(key), one));
  }
  return [...presences.values()];
}

function crlPresencesOf(entries: Iterable<CrlEntry>): readonly Presence[] {
  const presences = new Map<string, Presence>();
  for (const { record } of entries) {
    const { sha256, foundIn, index: position } = record;
    const origin = directoryEntryOf(record);
    const one: Presence = { sha256, foundIn, origin, position, occurrences: 1, level: "unverified" };
    const key = `${sha256} ${foundIn}`;
    presences.set(key, merged(presences.get(key), one));
  }
  return [...presences.values()];
}

function merged(before: Presence | undefined, one: Presence): Presence {
  if (before === undefined) return one;
  const first = one.position < before.position ? one : before;
  const level = ranks[one.level] > ranks[before.level] ? one.level : before.level;
  return { ...first, level, occurrences: before.occurrences + 1 };
}

/** Only a directory changes what is in it by its entries. */
function directoryEntryOf({ foundIn, origin }: Pick<CertificateRecord, "foundIn" | "origin">): string | null {
  return foundIn === "ldif" ? storableOptionalText(origin?.name ?? null) : null;
}

/** For the entries of a policy that says no level. */
function isUnsigned({ bundle }: Snapshot): boolean {
  return bundle.objects.every(({ signers }) => signers.length === 0);
}

function isOfList(foundIn: CertificateRecord["foundIn"]): boolean {
  return foundIn === "list" || foundIn === "envelope";
}

const ranks: Readonly<Record<TrustLevel, number>> = { verified: 2, unverified: 1, unsigned: 0 };

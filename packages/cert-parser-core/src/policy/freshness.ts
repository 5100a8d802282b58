/**
 * Whether a list is newer than every accepted one of its CSCA, over all its linked keys and all sources.
 *
 * @module
 */

import type { KeyLineage } from "../chain/key-lineage.ts";
import { formatTime } from "../der/time.ts";
import type { JudgedPublisher } from "./evidence.ts";
import type { JudgmentReason } from "./judgment.ts";
import type { EditionFact } from "./trust-facts.ts";
import { editionsInForce, replaces, type TrustState } from "./trust-state.ts";

/** A verified list, as far as its age goes. */
export interface DatedList {
  readonly signingTime: Date;
  readonly publisher: JudgedPublisher;
}

/** Where a list stands among those of its CSCA. */
export interface Freshness {
  readonly edition: "current" | "history";
  readonly reasons: readonly JudgmentReason[];
  /** The current editions whose place it would take, of its own key and of those that it took its trust from. */
  readonly replaced: readonly EditionFact[];
}

/** The ages that lists are judged by. */
export interface FreshnessOptions {
  readonly now: Date;
  readonly maxListAgeMs: number;
}

/**
 * Compares with the accepted editions. An older one is history: genuine, and nothing becomes current with it. The first one of
 * a CSCA is asked for its age, since a list captured years ago is as well signed as that of today.
 */
export function judgeFreshness(
  { signingTime, publisher }: DatedList,
  { facts, currentEditions }: TrustState,
  lineage: KeyLineage,
  options: FreshnessOptions,
): Freshness {
  const list = { publisher: publisher.keySha256, rolledFrom: publisher.rolledFrom, signingTime };
  const { contentSha256 } = publisher;
  const inForce = editionsInForce(facts);
  const newer = inForce.filter((edition) => replaces(edition, list, lineage));
  const [newest] = newer.toSorted((a, b) => b.signingTime.getTime() - a.signingTime.getTime());
  if (newest !== undefined) {
    const message = `${signed(signingTime)}, and is superseded by the accepted one of ${formatTime(newest.signingTime)}`;
    return {
      edition: "history",
      reasons: [{ code: "EDITION_SUPERSEDED", weight: "note", message }],
      replaced: [],
    };
  }
  const same = inForce.filter((edition) => edition.publisher === list.publisher);
  const twins = same.filter((edition) => edition.signingTime.getTime() === signingTime.getTime());
  if (twins.length > 0 && !twins.some((edition) => edition.contentSha256 === contentSha256)) {
    const message = `${signed(signingTime)}, at the same time as the accepted list but with different content`;
    return { edition: "current", reasons: [{ code: "REPLAY", weight: "refusal", message }], replaced: [] };
  }
  // A stranger that signed a link over the key must not have its own list compared with.
  const keys = new Set([list.publisher, list.rolledFrom, ...same.map(({ rolledFrom }) => rolledFrom)]);
  const replaced = inForce.filter(
    (edition) =>
      currentEditions.has(edition.id) && keys.has(edition.publisher) && replaces(list, edition, lineage),
  );
  const isFirst = same.length === 0 && replaced.length === 0;
  return { edition: "current", reasons: isFirst ? tooOld(signingTime, options) : [], replaced };
}

function tooOld(signingTime: Date, { now, maxListAgeMs }: FreshnessOptions): readonly JudgmentReason[] {
  const ageMs = now.getTime() - signingTime.getTime();
  if (ageMs <= maxListAgeMs) return [];
  const [days, most] = [ageMs, maxListAgeMs].map((ms) => Math.floor(ms / dayMs));
  const message = `the first list of this publisher is ${days} days old (limit ${most} days): ${signed(signingTime)}`;
  return [{ code: "LIST_TOO_OLD", weight: "pending", message }];
}

function signed(signingTime: Date): string {
  return `the list was signed at ${formatTime(signingTime)}`;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Whether a list is newer than the one before it.
 *
 * @module
 */

import { formatTime } from "../der/time.ts";
import type { JudgedPublisher } from "./evidence.ts";
import type { JudgmentReason, KnownTrust } from "./judgment.ts";

/** A verified list, as far as its age goes. */
export interface DatedList {
  readonly signingTime: Date;
  readonly publisher: JudgedPublisher;
}

/**
 * Compares with the last accepted list of that source and publisher, or of the key that the publisher rolled away from.
 * The first one of a publisher is asked for its age: a captured list of years ago is as well signed as that of today.
 */
export function judgeFreshness(
  { signingTime, publisher }: DatedList,
  { publishers }: KnownTrust,
  now: Date,
  maxListAgeMs: number,
): readonly JudgmentReason[] {
  const { keySha256, rolledFrom, contentSha256 } = publisher;
  const before = publishers.get(keySha256) ?? (rolledFrom === null ? undefined : publishers.get(rolledFrom));
  const last = before?.signingTime ?? null;
  if (last === null) return tooOld(signingTime, now, maxListAgeMs);
  const signed = `the list was signed at ${formatTime(signingTime)}`;
  if (signingTime < last) {
    const message = `${signed}, before the one that was accepted last, of ${formatTime(last)}`;
    return [{ code: "ROLLBACK", weight: "refusal", message }];
  }
  if (signingTime > last || before?.contentSha256 === contentSha256) return [];
  const message = `${signed}, as was the one that was accepted last, and its content is another`;
  return [{ code: "REPLAY", weight: "refusal", message }];
}

function tooOld(signingTime: Date, now: Date, maxListAgeMs: number): readonly JudgmentReason[] {
  const ageMs = now.getTime() - signingTime.getTime();
  if (ageMs <= maxListAgeMs) return [];
  const [hours, most] = [ageMs, maxListAgeMs].map((ms) => Math.floor(ms / hourMs));
  const message = `the first list of this publisher is ${hours} hours old, over ${most}: it was signed at ${formatTime(signingTime)}`;
  return [{ code: "LIST_TOO_OLD", weight: "pending", message }];
}

const hourMs = 60 * 60 * 1000;

/**
 * What an operator can do about a list that was not accepted.
 *
 * @module
 */

import { type JudgmentReason, liftableCodes, type SyncError } from "cert-parser-core";

/** One line for each way on; none where there is none but another list. */
export function nextSteps({
  judgments = [],
  bundleSha256,
  quarantined,
  source,
}: SyncError): readonly string[] {
  const deciding = judgments.flatMap(({ reasons }) => reasons).filter(({ weight }) => weight !== "note");
  if (deciding.length === 0) return [];
  const codes = new Set(deciding.map(({ code }) => code));
  const steps: string[] = [];
  if (quarantined === true) steps.push(`kept in quarantine as ${bundleSha256}; trust list shows it`);
  if (codes.size === 1 && codes.has("PUBLISHER_UNKNOWN")) {
    for (const key of publisherKeys(judgments)) {
      steps.push(`if that is the publisher that you expect: cert-parser-runner trust approve ${key}`);
    }
  }
  if (quarantined === true && deciding.every(isLiftable)) {
    steps.push(
      `to accept it in spite of that: cert-parser-runner sync --release ${bundleSha256?.slice(0, 16)} --source ${source} --reason TEXT`,
    );
  }
  if (codes.size === 1 && codes.has("UNSIGNED")) {
    // A source that was once signed never gives unsigned.
    steps.push(
      `if nobody signs what ${source} gives, nor ever did: sync --unsigned, or UNSIGNED_SOURCES=${source}`,
    );
  }
  return steps;
}

function isLiftable({ code }: JudgmentReason): boolean {
  return liftableCodes.some((liftable) => liftable === code);
}

function publisherKeys(judgments: NonNullable<SyncError["judgments"]>): ReadonlySet<string> {
  return new Set(judgments.flatMap(({ evidence }) => evidence?.publisher?.keySha256.slice(0, 16) ?? []));
}

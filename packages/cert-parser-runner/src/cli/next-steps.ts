/**
 * What an operator can do about a bundle that was not accepted, or only in part.
 *
 * @module
 */

import {
  type BundleJudgment,
  type JudgmentReason,
  liftableCodes,
  type ObjectJudgment,
} from "cert-parser-core";

/** A bundle that was judged. */
export interface JudgedBundle {
  readonly judgment?: BundleJudgment | undefined;
  readonly bundleSha256?: string | undefined;
  /** Whether the store holds the bundle. */
  readonly quarantined?: boolean;
  readonly source: string;
}

/** One line for each possibility; none if everything was accepted. */
export function nextSteps({ judgment, bundleSha256, quarantined, source }: JudgedBundle): readonly string[] {
  if (judgment === undefined) return [];
  const open = judgment.objects.filter(({ outcome }) => outcome !== "accepted");
  const deciding = [...open.flatMap(({ reasons }) => reasons), ...judgment.reasons].filter(
    ({ weight }) => weight !== "note",
  );
  if (deciding.length === 0) return [];
  const isHeld = quarantined === true && bundleSha256 !== undefined;
  const digest = bundleSha256?.slice(0, 16) ?? "";
  const steps: string[] = [];
  if (isHeld) steps.push(`quarantined as ${bundleSha256}; see trust show ${digest}`);
  for (const key of approvableKeys(open)) {
    steps.push(`if you recognize the publisher: cert-parser-runner trust approve ${key}, then sync again`);
  }
  if (isHeld && deciding.some(isLiftable) && open.every(isReleasable)) {
    steps.push(
      `to accept the bundle as it is: cert-parser-runner trust approve ${digest} --source ${source} --reason TEXT`,
    );
  }
  if (isHeld) {
    steps.push(`to dismiss it: cert-parser-runner trust discard ${digest} --source ${source} --reason TEXT`);
  }
  if (deciding.every(({ code }) => code === "UNSIGNED")) {
    // A source that was once signed never gives unsigned.
    steps.push(`if ${source} is never signed: sync --unsigned, or UNSIGNED_SOURCES=${source}`);
  }
  return steps;
}

/** Of objects that wait for nothing but an operator's word on their publisher. */
function approvableKeys(open: readonly ObjectJudgment[]): ReadonlySet<string> {
  return new Set(
    open.flatMap(({ reasons, evidence }) => {
      const deciding = reasons.filter(({ weight }) => weight !== "note");
      const isForPublisher = deciding.every(({ code }) => publisherCodes.has(code));
      return isForPublisher && evidence?.publisher ? [evidence.publisher.keySha256.slice(0, 16)] : [];
    }),
  );
}

/** Whether nothing decided against it that an operator cannot lift. */
function isReleasable({ reasons }: ObjectJudgment): boolean {
  return reasons.filter(({ weight }) => weight !== "note").every(isLiftable);
}

function isLiftable({ code }: JudgmentReason): boolean {
  return liftableCodes.some((liftable) => liftable === code);
}

const publisherCodes: ReadonlySet<string> = new Set(["LINK_REVOKED", "LINK_UNSEEN", "PUBLISHER_UNKNOWN"]);

/**
 * Whether the publisher of a list is one that may fill the source: by anchor, by pin, on first use, by another's word.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { VerificationStep } from "../chain/verification-step.ts";
import type { MasterList } from "../icao/master-list.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { TrustAnchor, TrustedKey } from "../verify/trust-anchor.ts";
import { type ListVerdict, type VerifyOptions, verifySignedList } from "../verify/verify-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { JudgedPublisher } from "./evidence.ts";
import type { JudgmentReason, KnownTrust } from "./judgment.ts";

/** What a publisher is judged by. */
export interface PublisherOptions {
  /** Without them the pins count. */
  readonly anchors: readonly TrustAnchor[] | undefined;
  readonly known: KnownTrust;
  readonly authorities: readonly Certificate[];
  readonly isRevoked: ((certificate: Certificate) => boolean) | undefined;
  readonly revokedKeys: ReadonlySet<string>;
  readonly now: Date;
  readonly engine: SignatureEngine;
}

/** A list verified, and what is to be said of it. */
export interface PublisherJudgment {
  readonly verdict: ListVerdict;
  /** Null where more is wrong with the list than the trust in its publisher. */
  readonly publisher: JudgedPublisher | null;
  readonly reasons: readonly JudgmentReason[];
}

/** Verifies a list, and settles whether its publisher is trusted. */
export function judgePublisher(list: MasterList, options: PublisherOptions): PublisherJudgment {
  const { anchors } = options;
  const { verdict, trust } =
    anchors === undefined ? byPins(list, options) : byAnchors(list, options, anchors);
  const publisher = toPublisher(list, verdict, trust, options.engine);
  const reasons = verdict.steps.flatMap((step) => toReason(step, trust === "unknown"));
  if (publisher === null) return { verdict, publisher, reasons };
  return { verdict, publisher, reasons: [...reasons, ...pinReasons(publisher, options.known)] };
}

interface Trusted {
  readonly verdict: ListVerdict;
  readonly trust: JudgedPublisher["trust"];
}

/** Keys that were rolled away from sign no new lists, whatever the anchors. */
function byAnchors(list: MasterList, options: PublisherOptions, anchors: readonly TrustAnchor[]): Trusted {
  const pins = pinsOf(options);
  const trustedKeys = pins.filter(({ retired }) => retired);
  const verdict = verify(list, options, { anchors, trustedKeys });
  const key = verdict.publisher?.keySha256;
  // The anchor itself may have been rolled away from: it still leads to the key that took its place.
  if (verdict.anchor !== null || !pins.some((pin) => pin.keySha256 === key && !pin.retired)) {
    return { verdict, trust: "anchor" };
  }
  const again = verify(list, options, { anchors, trustedKeys: retiredKeys(options.revokedKeys) });
  return { verdict: again.publisher?.keySha256 === key ? again : verdict, trust: "anchor" };
}

/**
 * A pin belongs to source and publisher. The word of other sources counts only for a source that has no publisher yet: any
 * of the world's CSCAs that they list could else take its place.
 */
function byPins(list: MasterList, options: PublisherOptions): Trusted {
  const { known } = options;
  const pins = pinsOf(options);
  if (known.publishers.size === 0 && !known.hasOtherSources) {
    return { verdict: verify(list, options, {}), trust: "first-use" };
  }
  const isNew = !known.wasSigned && pins.every(({ retired }) => retired);
  const vouched = isNew ? [...known.vouchedKeys].map((keySha256) => ({ keySha256, retired: false })) : [];
  // A key that was rolled away from is in other lists still.
  const retired = new Set(pins.map(({ keySha256 }) => keySha256));
  const trustedKeys = [...pins, ...vouched.filter(({ keySha256 }) => !retired.has(keySha256))];
  const verdict = verify(list, options, { trustedKeys });
  if (verdict.publisher !== null && verdict.anchor === null && isUntrustedOnly(verdict)) {
    return { verdict, trust: "unknown" };
  }
  if (!isNew) return { verdict, trust: "pin" };
  // Who came in on first use does not approve others.
  return { verdict, trust: known.learntUnapproved === true ? "first-use" : "vouched" };
}

/** A revoked key is as good as one that was rolled away from: it neither signs nor leads on. */
function pinsOf({ known, revokedKeys }: PublisherOptions): readonly TrustedKey[] {
  const pins = [...known.publishers.values()]
    .filter(({ keySha256, state }) => state !== "revoked" && !revokedKeys.has(keySha256))
    .map(({ keySha256, state }) => ({ keySha256, retired: state === "retired" }));
  return [...pins, ...retiredKeys(revokedKeys)];
}

function retiredKeys(keys: ReadonlySet<string>): readonly TrustedKey[] {
  return [...keys].map((keySha256) => ({ keySha256, retired: true }));
}

function verify(
  list: MasterList,
  { now, authorities, isRevoked, engine }: PublisherOptions,
  trusted: Pick<VerifyOptions, "anchors" | "trustedKeys">,
): ListVerdict {
  return verifySignedList(list, { now, authorities, isRevoked, engine, ...trusted });
}

/** Whether nothing is wrong but that no path leads to what is trusted. */
function isUntrustedOnly({ steps }: ListVerdict): boolean {
  return steps.every(({ result, code }) => result !== "failed" || code === "ANCHOR_MISMATCH");
}

function toReason(
  { result, code, message }: VerificationStep,
  isUnknown: boolean,
): readonly JudgmentReason[] {
  if (code === null || (result !== "failed" && result !== "noted")) return [];
  // Said as PUBLISHER_UNKNOWN: an operator may approve it.
  if (isUnknown && result === "failed" && code === "ANCHOR_MISMATCH") return [];
  return [{ code, weight: result === "failed" ? "refusal" : "note", message }];
}

function pinReasons(
  { keySha256, subject, trust, rolledFrom }: JudgedPublisher,
  { publishers }: KnownTrust,
): readonly JudgmentReason[] {
  const name = `${subject} (key ${keySha256})`;
  if (trust === "unknown") {
    const message = `nobody vouches for the publisher ${name}: approve it if it is the one that you expect`;
    return [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message }];
  }
  const pin = publishers.get(keySha256) ?? (rolledFrom === null ? undefined : publishers.get(rolledFrom));
  if (trust !== "first-use" && !(trust === "pin" && pin?.state === "pinned")) return [];
  const message = `the publisher ${name} was trusted on first use, and nobody has approved it yet`;
  return [{ code: "PIN_UNAPPROVED", weight: "note", message }];
}

function toPublisher(
  list: MasterList,
  { publisher, rollover }: ListVerdict,
  trust: JudgedPublisher["trust"],
  engine: SignatureEngine,
): JudgedPublisher | null {
  if (publisher === null) return null;
  const { keySha256, country, subject, certificate } = publisher;
  return {
    keySha256,
    country,
    subject,
    certificateSha256: certificate.sha256,
    trust,
    rolledFrom: rollover?.from ?? null,
    contentSha256: toHex(engine.digest("SHA-256", list.content)),
  };
}

/**
 * Whether the publisher of a list is one that may fill the source: by anchor, by pin, on first use, by another's word.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { isAuthority, keySha256Of } from "../chain/authority-index.ts";
import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import { isWithin, usagePeriods } from "../chain/private-key-usage.ts";
import type { VerificationStep } from "../chain/verification-step.ts";
import { formatTime } from "../der/time.ts";
import type { MasterList } from "../icao/master-list.ts";
import type { TrustedKey } from "../verify/trust-anchor.ts";
import { type ListVerdict, type VerifyOptions, verifySignedList } from "../verify/verify-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import { formatName } from "../x509/name.ts";
import type { JudgedPublisher } from "./evidence.ts";
import type { JudgmentReason } from "./judgment.ts";
import type { KnownPublisher } from "./known.ts";
import type { Ledger } from "./ledger.ts";
import type { TrustSettings } from "./trust-settings.ts";
import type { TrustState } from "./trust-state.ts";

/** What a publisher is judged by. */
export interface PublisherContext {
  readonly source: string;
  readonly settings: TrustSettings;
  /** The pins and decisions of all sources. */
  readonly publishers: readonly KnownPublisher[];
  readonly ledger: Ledger;
  readonly signatures: BoundedSignatures;
  readonly now: Date;
  /** Whose lists were accepted in this bundle already; they may vouch for others of a source that is new. */
  readonly accepted: readonly JudgedPublisher[];
}

/** A list verified, and what is to be said of its publisher. */
export interface PublisherJudgment {
  readonly verdict: ListVerdict;
  /** Null if more is wrong with the list than the trust in its publisher. */
  readonly publisher: JudgedPublisher | null;
  readonly reasons: readonly JudgmentReason[];
}

/** Verifies a list, and settles whether its publisher is trusted. */
export function judgePublisher(list: MasterList, context: PublisherContext): PublisherJudgment {
  const { verdict, trust } = trustedBy(list, context);
  const publisher = toPublisher(list, verdict, trust, context);
  const reasons = verdict.steps.flatMap((step) => toReason(step, trust === "unknown"));
  if (publisher === null) return { verdict, publisher, reasons };
  return {
    verdict,
    publisher,
    reasons: [
      ...reasons,
      ...pinReasons(publisher, context),
      ...pathReasons(list, verdict, publisher, context),
    ],
  };
}

interface Trusted {
  readonly verdict: ListVerdict;
  readonly trust: JudgedPublisher["trust"];
}

function trustedBy(list: MasterList, context: PublisherContext): Trusted {
  const { mode } = context.settings;
  if (mode === "anchor") return byAnchors(list, context);
  if (mode === "unanchored") return { verdict: verify(list, context, {}), trust: "unanchored" };
  return byPins(list, context);
}

/**
 * Keys that were rolled away from sign no new lists, whatever the anchors; the keys that took their place, and have published,
 * stand for them.
 */
function byAnchors(list: MasterList, context: PublisherContext): Trusted {
  const { anchors } = context.settings;
  const { retiredKeys } = context.ledger.state;
  const retired = [...retiredKeys].map(([keySha256, since]) => ({ keySha256, retired: true, since }));
  const successors = successorsOf(anchorKeys(context), context).map((keySha256) => ({
    keySha256,
    retired: false,
  }));
  return {
    verdict: verify(list, context, { anchors, trustedKeys: [...retired, ...successors] }),
    trust: "anchor",
  };
}

function anchorKeys({ settings, ledger, signatures }: PublisherContext): readonly string[] {
  return settings.anchors.flatMap((anchor) =>
    typeof anchor === "string"
      ? ledger.state.authorities
          .filter(({ certificate }) => certificate.sha256 === anchor.toLowerCase())
          .map(({ keySha256 }) => keySha256)
      : [keySha256Of(anchor.publicKey, signatures.engine)],
  );
}

/** The newer keys of their CSCAs whose lists were accepted. */
function successorsOf(keys: readonly string[], { ledger }: PublisherContext): readonly string[] {
  const { lineage, retiredKeys, facts } = ledger.state;
  const publishers = new Set(facts.editions.map(({ publisher }) => publisher));
  return [...new Set(keys.flatMap((key) => [...lineage.speakersFor(key)]))].filter(
    (key) => !keys.includes(key) && publishers.has(key) && !retiredKeys.has(key),
  );
}

/** A pin belongs to source and publisher; other sources vouch only for a source that has none yet. */
function byPins(list: MasterList, context: PublisherContext): Trusted {
  const { source, publishers, ledger, accepted } = context;
  const { editions } = ledger.state.facts;
  const pins = pinsOf(context);
  const held = editions.filter(({ id }) => id >= 0);
  const isEmpty =
    !publishers.some((each) => each.source === source) && editions.length === 0 && accepted.length === 0;
  if (isEmpty) {
    return { verdict: verify(list, context, { trustedKeys: undefined }), trust: "first-use" };
  }
  const isNew =
    !held.some((edition) => edition.source === source) &&
    !publishers.some((each) => each.source === source && each.state !== "revoked");
  // A key that was rolled away from, or revoked, is in other lists still.
  const named = new Set(pins.map(({ keySha256 }) => keySha256));
  const vouched = isNew ? vouchedKeys(context).filter((key) => !named.has(key)) : [];
  const trustedKeys = [...pins, ...vouched.map((keySha256) => ({ keySha256, retired: false }))];
  const verdict = verify(list, context, { trustedKeys });
  if (verdict.publisher !== null && verdict.anchor === null && isUntrustedOnly(verdict)) {
    return { verdict, trust: "unknown" };
  }
  const isPinned = pins.some(({ keySha256, retired }) => keySha256 === verdict.anchor?.keySha256 && !retired);
  if (!isNew || isPinned) return { verdict, trust: "pin" };
  // Who came in on first use does not approve others.
  const isUnapproved = accepted.some(({ trust }) => trust === "first-use");
  return { verdict, trust: isUnapproved ? "first-use" : "vouched" };
}

/** The keys that may sign for the source, and those that may not any more. */
function pinsOf({ source, publishers, ledger, accepted }: PublisherContext): readonly TrustedKey[] {
  const { revokedKeys, retiredKeys } = ledger.state;
  const refused = new Set([
    ...revokedKeys.keys(),
    ...publishers.flatMap((each) =>
      each.source === source && each.state === "revoked" ? [each.keySha256] : [],
    ),
  ]);
  const pinned = new Set([
    ...publishers.flatMap((each) => (each.source === source ? [each.keySha256] : [])),
    ...accepted.map(({ keySha256 }) => keySha256),
  ]);
  return [
    ...[...refused].map((keySha256) => ({ keySha256, retired: true })),
    ...[...pinned]
      .filter((keySha256) => !refused.has(keySha256))
      .map((keySha256) => {
        const since = retiredKeys.get(keySha256);
        return { keySha256, retired: since !== undefined, since };
      }),
  ];
}

/** Only roots and links, in force, of current editions of publishers that are trusted themselves. */
function vouchedKeys({ source, publishers, ledger, now, accepted }: PublisherContext): readonly string[] {
  const { state } = ledger;
  const { facts, currentEditions, revokedCertificates, revokedKeys, withdrawnKeys, retiredKeys } = state;
  const trusted = new Set(
    publishers.filter((each) => each.state !== "revoked").map((each) => `${each.source} ${each.keySha256}`),
  );
  const vouching = new Set(
    facts.editions
      .filter(
        (edition) =>
          currentEditions.has(edition.id) &&
          !revokedKeys.has(edition.publisher) &&
          (edition.id < 0 ||
            (edition.source !== source && trusted.has(`${edition.source} ${edition.publisher}`))),
      )
      .map(({ id }) => id),
  );
  const keys = state.authorities
    .filter(
      ({ certificate, fact, keySha256, issuerKeySha256 }) =>
        fact.editions.some((id) => vouching.has(id)) &&
        // Neither root nor link: nobody knows whose it is.
        issuerKeySha256 !== undefined &&
        isWithin(now, certificate) &&
        !revokedCertificates.has(certificate.sha256) &&
        !revokedKeys.has(keySha256) &&
        !withdrawnKeys.has(keySha256) &&
        !retiredKeys.has(keySha256),
    )
    .map(({ keySha256 }) => keySha256);
  return [...new Set([...keys, ...accepted.map(({ keySha256 }) => keySha256)])];
}

function verify(
  list: MasterList,
  { source, publishers, ledger, signatures, settings, now }: PublisherContext,
  trusted: Pick<VerifyOptions, "anchors" | "trustedKeys">,
): ListVerdict {
  const { allowWeakAlgorithms } = settings;
  const { state, index, certificates } = ledger;
  const refused = new Set(
    publishers.flatMap((each) =>
      each.source === source && each.state === "revoked" ? [each.keySha256] : [],
    ),
  );
  // What a list costs before anything of it is accepted is not for the list to say.
  const bounded = signatures.within(signatures.budget.share(unitsForVerification));
  const hasRevocations = state.effectiveCrls.size > 0;
  return verifySignedList(
    list,
    {
      now,
      allowWeakAlgorithms,
      authorities: certificates,
      isRevoked: hasRevocations ? (certificate) => ledger.isRevoked(certificate, bounded) : undefined,
      ...trusted,
    },
    { signatures: bounded, index, isKeyRevoked: (key) => refused.has(key) || ledger.isKeyRevoked(key) },
  );
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
  { source, publishers }: PublisherContext,
): readonly JudgmentReason[] {
  const name = `${subject} (key ${keySha256})`;
  if (trust === "unknown") {
    const message = `unknown publisher ${name}; approve it if you recognize it`;
    return [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message }];
  }
  const stateOf = (key: string | null) =>
    publishers.find((each) => each.source === source && each.keySha256 === key)?.state;
  const state = stateOf(keySha256) ?? stateOf(rolledFrom);
  if (trust !== "first-use" && !(trust === "pin" && state === "pinned")) return [];
  const message = `the publisher ${name} was trusted on first use, and is not approved yet`;
  return [{ code: "PIN_UNAPPROVED", weight: "note", message }];
}

/** What waits for an operator though every signature is good. */
function pathReasons(
  list: MasterList,
  { rollover, signingTime }: ListVerdict,
  { keySha256, subject, trust, rolledFrom }: JudgedPublisher,
  { ledger, signatures, publishers, source }: PublisherContext,
): readonly JudgmentReason[] {
  const { state } = ledger;
  const isApproved = publishers.some(
    (each) => each.source === source && each.keySha256 === keySha256 && each.state === "approved",
  );
  if (state.facts.decisions.liftedKeys.has(keySha256)) return [];
  const reasons: JudgmentReason[] = [];
  const unseen = rollover?.links.find((link, at) => {
    const before = rollover.links[at - 1];
    const issuer = before === undefined ? rollover.from : keySha256Of(before.publicKey, signatures.engine);
    if (signingTime === null || isSeen(link, state)) return false;
    const ofList = list.certificates.filter(
      (each) => isAuthority(each) && keySha256Of(each.publicKey, signatures.engine) === issuer,
    );
    const end = usageEndOf(issuer, before === undefined ? ofList : [before, ...ofList], state);
    return end === undefined || end < signingTime;
  });
  if (unseen !== undefined && !isApproved) {
    const message = `${formatName(unseen.subject)} is linked by a key whose usage period was over when the list was signed, in a link that no accepted list held; approve the publisher if it changed its key`;
    reasons.push({ code: "LINK_UNSEEN", weight: "pending", message });
  }
  if (state.withdrawnKeys.has(keySha256)) {
    const message = `the key of ${subject} left every list at ${formatTime(state.withdrawnKeys.get(keySha256) ?? new Date(0))}, before its time`;
    reasons.push({ code: "KEY_WITHDRAWN", weight: "pending", message });
  }
  if (isLinkCompromised({ keySha256, rolledFrom, source: trust === "pin" ? source : undefined }, state)) {
    const message = `a link to the key of ${subject} is revoked because of a compromise; approve the publisher if its key is still its own`;
    reasons.push({ code: "LINK_REVOKED", weight: "pending", message });
  }
  return reasons;
}

/**
 * Whoever stole a key after its time can date a link back. The link is as old as it says if an accepted list held it, or if the
 * caller has it beside the bundle.
 */
function isSeen({ sha256 }: Certificate, { authorities }: TrustState): boolean {
  return authorities.some(({ certificate }) => certificate.sha256 === sha256);
}

/** When a key was to stop signing: by what is known of it, else by the strictest that the list itself says. */
function usageEndOf(
  keySha256: string,
  ofList: readonly Certificate[],
  { lineage }: TrustState,
): Date | undefined {
  const key = lineage.keys.get(keySha256);
  if (key !== undefined) return key.usageEnd;
  const ends = usagePeriods(ofList).map(({ notAfter }) => notAfter.getTime());
  return ends.length === 0 ? undefined : new Date(Math.min(...ends));
}

interface LinkedPublisher {
  readonly keySha256: string;
  readonly rolledFrom: string | null;
  /** The source in which its key is pinned; undefined if it is trusted in another way. */
  readonly source: string | undefined;
}

/**
 * Only links by keys that published lists themselves: a stranger may sign a link, and revoke it, over any key. Who is pinned
 * waits only for the key that it took its trust from, and for those that publish in its own source: the stranger may have
 * filled another one.
 */
function isLinkCompromised(
  { keySha256, rolledFrom, source }: LinkedPublisher,
  { authorities, revokedCertificates, facts, lineage }: TrustState,
): boolean {
  const { editions } = facts;
  const near = source === undefined ? editions : editions.filter((edition) => edition.source === source);
  const trusted = editions.flatMap((each) => (each.publisher === keySha256 ? (each.rolledFrom ?? []) : []));
  const issuers = new Set([
    ...near.map(({ publisher }) => publisher),
    ...[...trusted, ...(rolledFrom === null ? [] : [rolledFrom])].flatMap((key) => [
      ...lineage.speakersFor(key),
    ]),
  ]);
  return authorities.some((authority) => {
    const { certificate, issuerKeySha256 } = authority;
    if (authority.keySha256 !== keySha256 || issuerKeySha256 === undefined) return false;
    if (issuerKeySha256 === keySha256 || !issuers.has(issuerKeySha256)) return false;
    const reason = revokedCertificates.get(certificate.sha256)?.reason;
    return reason === "keyCompromise" || reason === "cACompromise";
  });
}

function toPublisher(
  list: MasterList,
  { publisher, rollover, path, signers }: ListVerdict,
  trust: JudgedPublisher["trust"],
  { signatures }: PublisherContext,
): JudgedPublisher | null {
  const [signer] = path;
  if (publisher === null || signer === undefined) return null;
  const { keySha256, country, subject, certificate } = publisher;
  const named = signers.find((each) => each.certificate?.sha256 === signer.sha256);
  return {
    keySha256,
    country,
    subject,
    certificateSha256: certificate.sha256,
    signerSha256: signer.sha256,
    namedBy: named?.sid.type ?? "subjectKeyIdentifier",
    trust,
    rolledFrom: rollover?.from ?? null,
    links: rollover?.links.map(({ sha256 }) => sha256) ?? [],
    contentSha256: toHex(signatures.engine.digest("SHA-256", list.content)),
  };
}

// Eight links on brainpoolP512r1 take some hundred. At most 0.3 s, in which the event loop has no turn.
const unitsForVerification = 2048;

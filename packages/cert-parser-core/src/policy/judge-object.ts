/**
 * Judges a signed object: signatures, publisher, age and size, each reason with its weight.
 *
 * @module
 */

import { isAuthority } from "../chain/authority-index.ts";
import type { JudgmentCode } from "../chain/verification-code.ts";
import type { Bundle, SignedObject } from "../icao/bundle.ts";
import type { MasterList } from "../icao/master-list.ts";
import type { ReadAuthorities } from "./authority-reader.ts";
import { isDelta } from "./directory-delta.ts";
import type { Evidence } from "./evidence.ts";
import { judgeFreshness } from "./freshness.ts";
import { type Judgment, type JudgmentReason, type Known, nothingTrusted, outcomeOf } from "./judgment.ts";
import { judgePublisher } from "./publisher-policy.ts";
import { standingsOfList, standingsOfLoose } from "./standings.ts";
import type { TrustSettings } from "./trust-settings.ts";

/** What an object is judged by beside the settings. */
export interface JudgeContext {
  readonly known: Known;
  readonly bundle: Bundle;
  readonly now: Date;
  readonly settings: TrustSettings;
  /** What `known.trust` has of authorities, read. */
  readonly atHand: ReadAuthorities;
  /** Of the bundle as a whole: said with its first object. */
  readonly bundleReasons: readonly JudgmentReason[];
}

/** Judges an object of a bundle. */
export function judgeObject(object: SignedObject, context: JudgeContext): Judgment {
  const { settings, bundle, bundleReasons } = context;
  const own = reasonsOf(object, context);
  const whole = (bundle.objects[0] ?? object) === object ? bundleReasons : [];
  const reasons = [...own.reasons, ...whole].map((reason) => lift(reason, settings));
  return { outcome: outcomeOf(reasons), reasons, evidence: own.evidence };
}

interface Judged {
  readonly reasons: readonly JudgmentReason[];
  readonly evidence: Evidence;
}

function reasonsOf(object: SignedObject, context: JudgeContext): Judged {
  if (context.settings.mode === "off") return unverified(object, context);
  if (isSignedList(object)) return judgeList(object, context);
  if (object.kind === "deviation-list")
    return { reasons: [], evidence: { ...nothingShown("unsigned"), crls: crlsOf(object, context) } };
  return isOfOwnSignatures(object) ? judgeLoose(object, context) : judgeUnsigned(object, context);
}

/** Whatever it says of its signers. */
function unverified(object: SignedObject, { known }: JudgeContext): Judged {
  const isSigned = isSignedList(object);
  const message = "no signature was verified: TRUST_MODE is off";
  const unchecked: JudgmentReason = { code: "SIGNATURE_UNCHECKED", weight: "note", message };
  if (!isSigned && !isOfOwnSignatures(object) && known.trust?.wasSigned === true) {
    return { reasons: [onceSigned(known), unchecked], evidence: nothingShown("unsigned") };
  }
  const isUnsigned = !isSigned && !isOfOwnSignatures(object);
  return { reasons: [unchecked], evidence: nothingShown(isUnsigned ? "unsigned" : "unverified") };
}

function judgeList(list: MasterList, context: JudgeContext): Judged {
  const { known, now, settings, atHand } = context;
  const { mode, anchors, engine, maxListAgeMs } = settings;
  const trust = known.trust ?? nothingTrusted;
  const { verdict, publisher, reasons } = judgePublisher(list, {
    anchors: mode === "anchor" ? anchors : undefined,
    known: trust,
    authorities: atHand.authorities,
    isRevoked: atHand.isRevoked,
    revokedKeys: atHand.revokedKeys,
    now,
    engine,
  });
  const { signingTime, steps } = verdict;
  const isKnownGood = publisher !== null && reasons.every(({ weight }) => weight !== "refusal");
  const freshness =
    // What is held, judged again by another policy, is no older than itself.
    publisher === null || signingTime === null || context.bundle.sha256 === known.bundleSha256
      ? []
      : judgeFreshness({ publisher, signingTime }, trust, now, maxListAgeMs);
  // Costly, and of no use for what is refused anyway.
  const standings = isKnownGood
    ? standingsOfList(list, { ...atHand, known: trust, now })
    : { certificates: new Map(), crls: new Map() };
  return {
    reasons: [...reasons, ...freshness, ...emptyList(list, context)],
    evidence: { level: "verified", signingTime, publisher, steps, ...standings },
  };
}

/** Of a bundle that is nothing but the list, the size of the bundle says it. */
function emptyList({ certificates }: MasterList, { bundle }: JudgeContext): readonly JudgmentReason[] {
  if (certificates.length > 0 || bundle.objects.length <= 1) return [];
  const message = "list holds 0 certificates, expected at least 1";
  return [{ code: "TOO_FEW_CERTIFICATES", weight: "refusal", message }];
}

/** Certificates and CRLs of a directory, and CRLs alone: each is a signed object of its own. */
function judgeLoose(object: SignedObject, context: JudgeContext): Judged {
  const { known, now, atHand, bundle } = context;
  const trust = known.trust ?? nothingTrusted;
  const standings = standingsOfLoose(object, { ...atHand, known: trust, now });
  const reasons = object.kind === "crl" && isOfFile(object) ? crlReasons(standings) : [];
  // Instead of the list, or beside it: the certificates of a list stay those of a list.
  const takesItsPlace =
    object.certificates.length > 0 && !isDelta(bundle) && !bundle.objects.some(isSignedList);
  const isUnsigned = object.certificates.some(
    (each) => isAuthority(each) && standings.certificates.get(each.sha256)?.level !== "verified",
  );
  if (trust.wasSigned && (takesItsPlace || isUnsigned)) {
    return { reasons: [onceSigned(known)], evidence: nothingShown("unsigned") };
  }
  return { reasons, evidence: { ...nothingShown("unsigned"), ...standings } };
}

/** A file of CRLs, none of which may be applied, changes nothing and is not to look as if it did. */
function crlReasons({ crls }: Pick<Evidence, "crls">): readonly JudgmentReason[] {
  const standings = [...crls.values()];
  if (standings.some(({ verdict }) => verdict === "accepted")) return [];
  const steps = standings.flatMap((standing) => standing.steps);
  const reasons = new Map<JudgmentCode, JudgmentReason>();
  for (const { result, code, message } of steps) {
    if (result === "failed" && code !== null && !reasons.has(code)) {
      reasons.set(code, { code, weight: "refusal", message });
    }
  }
  return [...reasons.values()];
}

function judgeUnsigned(object: SignedObject, context: JudgeContext): Judged {
  const { kind } = object;
  const { known, settings } = context;
  const evidence = { ...nothingShown("unsigned"), crls: crlsOf(object, context) };
  if (known.trust?.wasSigned === true) return { reasons: [onceSigned(known)], evidence };
  if (settings.unsignedSources.includes(known.source)) return { reasons: [], evidence };
  const message = `nobody signed the ${kind}, and its source ${known.source} is not declared unsigned`;
  return { reasons: [{ code: "UNSIGNED", weight: "refusal", message }], evidence };
}

/** CRLs have signatures of their own, whoever brings them. */
function crlsOf(object: SignedObject, { known, now, atHand }: JudgeContext): Evidence["crls"] {
  const crlsAlone = { ...object, certificates: [] };
  return standingsOfLoose(crlsAlone, { ...atHand, known: known.trust ?? nothingTrusted, now }).crls;
}

function onceSigned({ source }: Known): JudgmentReason {
  const message = `nobody signed it, and what ${source} gave before was signed`;
  return { code: "UNSIGNED", weight: "refusal", message };
}

function lift(reason: JudgmentReason, { lifted }: TrustSettings): JudgmentReason {
  const isLifted = reason.weight !== "note" && lifted.some((code) => code === reason.code);
  return isLifted ? { ...reason, weight: "note" } : reason;
}

function nothingShown(level: Evidence["level"]): Evidence {
  return {
    level,
    signingTime: null,
    publisher: null,
    steps: [],
    certificates: new Map(),
    crls: new Map(),
  };
}

function isSignedList(object: SignedObject): object is MasterList {
  return object.kind === "master-list" && object.signers.length > 0 && "content" in object;
}

/** A directory's values stand each for itself, and so does a CRL wherever it is. */
function isOfOwnSignatures(object: SignedObject): boolean {
  const { kind, certificates, crls } = object;
  if (kind !== "certificate" && kind !== "certificates" && kind !== "crl") return false;
  return [...certificates, ...crls].every(
    (part) => part.foundIn === "ldif" || (kind === "crl" && certificates.length === 0),
  );
}

function isOfFile({ crls }: SignedObject): boolean {
  return crls.some(({ foundIn }) => foundIn === "file");
}

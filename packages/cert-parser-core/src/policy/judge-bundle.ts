/**
 * Judges a bundle: each of its objects alone, signed lists before what stands by itself.
 *
 * @module
 */

import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Bundle, SignedObject } from "../icao/bundle.ts";
import { type DeviationList, isDeviationList } from "../icao/deviation-list.ts";
import type { MasterList } from "../icao/master-list.ts";
import { resolveAnchors } from "../verify/trust-anchor.ts";
import { verifySignedList } from "../verify/verify-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import { deletedLists, isDelta, judgeVersion } from "./directory-delta.ts";
import type { Evidence, JudgedPublisher } from "./evidence.ts";
import { contextOf, type JudgeContext, wasSigned, withinShare } from "./judge-context.ts";
import { affordsKeys, judgeList, nothingShown, tooCostly } from "./judge-list.ts";
import { judgeLooseObject } from "./judge-loose.ts";
import {
  type BundleJudgment,
  bundleOutcome,
  type JudgmentReason,
  type ObjectJudgment,
  outcomeOf,
} from "./judgment.ts";
import type { Known } from "./known.ts";
import { judgeFewness, judgeLooseSize } from "./shrink-guard.ts";
import { crlStanding } from "./standings.ts";
import { type TakenCrls, takeInBeside, takeInCrls } from "./take-in-crls.ts";
import { lift, type TrustSettings } from "./trust-settings.ts";

/** What a bundle is judged by, beside what is known. */
export interface JudgeBundleOptions {
  readonly settings: TrustSettings;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** CSCA certificates that a caller has beside the store: they may lead from a list to an anchor. */
  readonly beside?: readonly Certificate[];
  /** CRLs that a caller has beside the store. */
  readonly crls?: readonly RevocationList[];
}

/** Judges every object, and the bundle as a whole. */
export async function judgeBundle(
  bundle: Bundle,
  known: Known,
  { settings, now, signal, beside = [], crls = [] }: JudgeBundleOptions,
): Promise<BundleJudgment> {
  const anchors = anchorsAmong([beside, ...certificatesOf(bundle)], settings);
  const plain = contextOf(bundle, known, {
    settings,
    now,
    signal,
    beside: [...anchors, ...beside],
    crls,
  });
  const { lists, loose } = partsOf(bundle, settings);
  const reasons = [...judgeVersion(bundle, known), ...looseSize(bundle, known, plain)].map((reason) =>
    lift(reason, settings),
  );
  const context: JudgeContext = {
    ...plain,
    listReasons: fewness(lists, loose, plain),
    looseReasons: reasons.filter(({ weight }) => weight !== "note"),
  };
  await takeInBeside(crls, context);
  const judged = await judgeLists(lists, context);
  // Once more, by the authorities of the lists that were accepted.
  await takeInBeside(crls, context);
  for (const [object, judgment] of await judgeOthers(loose, context)) judged.set(object, judgment);
  const whole = [...reasons, ...deletedLists(bundle), ...missingLists(judged, bundle, known, plain)];
  const objects = bundle.objects.map((object) => judged.get(object) ?? unjudged);
  const decisive =
    loose.length === 0 && lists.length > 0 ? whole.filter(({ weight }) => weight === "note") : whole;
  return { outcome: bundleOutcome(decisive, objects), reasons: whole, objects };
}

/** The anchors are known, whoever holds them: a fingerprint, once its certificate is here. */
function anchorsAmong(
  atHand: readonly (readonly Certificate[])[],
  { mode, anchors }: TrustSettings,
): readonly Certificate[] {
  return mode === "anchor" ? resolveAnchors(anchors, atHand).certificates : [];
}

function certificatesOf({ objects }: Bundle): readonly (readonly Certificate[])[] {
  return objects.flatMap(({ certificates, envelopeCertificates }) => [certificates, envelopeCertificates]);
}

interface BundleParts {
  readonly lists: readonly MasterList[];
  readonly loose: readonly SignedObject[];
}

/** Without verification a list is what its bundle holds, and nothing more. */
function partsOf({ objects }: Bundle, { mode }: TrustSettings): BundleParts {
  const lists = mode === "off" ? [] : objects.filter(isSignedList);
  const signed: ReadonlySet<SignedObject> = new Set(lists);
  return { lists, loose: objects.filter((object) => !signed.has(object)) };
}

/** The newest first, so that the older editions of its CSCA are history; again, as long as accepted ones may vouch for others. */
async function judgeLists(
  lists: readonly MasterList[],
  context: JudgeContext,
): Promise<Map<SignedObject, ObjectJudgment>> {
  const judged = new Map<SignedObject, ObjectJudgment>();
  const accepted: JudgedPublisher[] = [];
  let waiting = lists.toSorted((a, b) => claimedTime(b) - claimedTime(a));
  for (let before = -1; accepted.length > before && waiting.length > 0; ) {
    before = accepted.length;
    const open: MasterList[] = [];
    for (const list of waiting) {
      const judgment = await judgeList(list, accepted, withinShare(list, context));
      judged.set(list, judgment);
      const publisher = judgment.evidence?.publisher ?? null;
      if (judgment.outcome === "accepted" && publisher !== null) accepted.push(publisher);
      else if (isOpen(judgment)) open.push(list);
      // What follows from the lists is derived anew with each.
      await context.pause(context.ledger.certificates.length * unitsPerAuthority);
    }
    waiting = open;
  }
  return judged;
}

/** What a list that is accepted later may still settle: it may vouch for the publisher, or hold the link or CSCA certificate. */
function isOpen({ outcome, reasons }: ObjectJudgment): boolean {
  return (
    outcome === "pending" || reasons.some(({ code }) => code === "ANCHOR_MISMATCH" || code === "CHAIN_BROKEN")
  );
}

/** All CRLs before the first certificate: one may revoke what stands before it. */
async function judgeOthers(
  objects: readonly SignedObject[],
  context: JudgeContext,
): Promise<ReadonlyMap<SignedObject, ObjectJudgment>> {
  const judged = new Map<SignedObject, ObjectJudgment>();
  const own = objects.filter((object) => context.settings.mode !== "off" && isOfOwnSignatures(object));
  const contexts = new Map(objects.map((object) => [object, withinShare(object, context)]));
  const crls = new Map<SignedObject, TakenCrls>();
  for (const object of own) {
    crls.set(object, await takeInCrls(object.crls, contexts.get(object) ?? context));
    await context.pause(unitsPerObject);
  }
  for (const object of objects) {
    judged.set(object, await judgeOther(object, crls.get(object), contexts.get(object) ?? context));
    await context.pause(unitsPerObject);
  }
  return judged;
}

/** `crls` are those of what has signatures of its own. */
function judgeOther(
  object: SignedObject,
  crls: TakenCrls | undefined,
  context: JudgeContext,
): Promise<ObjectJudgment> | ObjectJudgment {
  if (crls !== undefined) return judgeLooseObject(object, crls, context);
  if (context.settings.mode === "off") return unverified(object, context);
  return isDeviationList(object) ? judgeDeviations(object, context) : judgeUnsigned(object, context);
}

function isOfOwnSignatures({ kind }: SignedObject): boolean {
  return kind === "certificate" || kind === "certificates" || kind === "crl";
}

/** Whatever it says of its signers. */
function unverified(object: SignedObject, context: JudgeContext): ObjectJudgment {
  const { settings, known, looseReasons } = context;
  const isUnsigned =
    object.signers.length === 0 && object.certificates.some(({ foundIn }) => foundIn !== "ldif");
  const message = "no signature was verified: TRUST_MODE is off";
  const reasons: readonly JudgmentReason[] = [
    ...(isUnsigned && wasSigned(context) ? [onceSigned(known)] : []),
    { code: "SIGNATURE_UNCHECKED", weight: "note", message },
    ...looseReasons,
  ];
  const lifted = reasons.map((reason) => lift(reason, settings));
  const level = isUnsigned ? "unsigned" : "unverified";
  return { outcome: outcomeOf(lifted), reasons: lifted, evidence: { ...nothingShown, level } };
}

/** Nothing of it is stored; it is told whether a CSCA that is known stands behind it. */
async function judgeDeviations(list: DeviationList, context: JudgeContext): Promise<ObjectJudgment> {
  if (!affordsKeys(list, context)) return tooCostly();
  const { settings, now, ledger, signatures } = context;
  const verdict = verifySignedList(
    list,
    {
      now,
      allowWeakAlgorithms: settings.allowWeakAlgorithms,
      authorities: ledger.certificates,
      ...(settings.mode === "anchor" ? { anchors: settings.anchors } : {}),
    },
    { signatures, index: ledger.index, isKeyRevoked: ledger.isKeyRevoked },
  );
  const { steps, signingTime } = verdict;
  const reasons = steps.flatMap(({ result, code, message }): readonly JudgmentReason[] => {
    if (code === null || (result !== "failed" && result !== "noted")) return [];
    return [{ code, weight: result === "failed" ? "refusal" : "note", message }];
  });
  const taken = await takeInCrls(list.crls, context);
  const verdicts = { list: verdict, certificates: [], crls: taken.judged };
  const evidence = { ...nothingShown, signingTime, steps, verdicts, crls: crlStandings(taken.judged) };
  return { outcome: outcomeOf(reasons), reasons, evidence };
}

function crlStandings(crls: readonly RevocationListJudgment[]): Evidence["crls"] {
  return new Map(crls.map((each) => [each.crl.sha256, crlStanding(each)]));
}

async function judgeUnsigned(object: SignedObject, context: JudgeContext): Promise<ObjectJudgment> {
  const { known, settings, looseReasons } = context;
  const isDeclared = settings.unsignedSources.includes(known.source);
  const message = `the ${object.kind} has no signer, and source ${known.source} is not declared unsigned`;
  const refusal: JudgmentReason = { code: "UNSIGNED", weight: "refusal", message };
  const taken = await takeInCrls(object.crls, context);
  const own = wasSigned(context) ? [onceSigned(known)] : isDeclared ? [] : [refusal];
  const reasons = [...own, ...taken.alerts, ...looseReasons].map((reason) => lift(reason, settings));
  return {
    outcome: outcomeOf(reasons),
    reasons,
    evidence: { ...nothingShown, crls: crlStandings(taken.judged) },
  };
}

function onceSigned({ source }: Known): JudgmentReason {
  const message = `${source} sent an unsigned object, but its earlier lists were signed`;
  return { code: "UNSIGNED", weight: "refusal", message };
}

function fewness(
  lists: readonly MasterList[],
  loose: readonly SignedObject[],
  { bundle, settings }: JudgeContext,
): readonly JudgmentReason[] {
  if (lists.length === 0 || isDelta(bundle)) return [];
  const all = [...lists, ...loose].flatMap(({ certificates }) => certificates);
  return settings.minCertificates > 1 ? judgeFewness(all, settings) : [];
}

/** Bundles that hold signed lists alone leave what stands by itself as it is. */
function looseSize(bundle: Bundle, known: Known, { settings, now }: JudgeContext): readonly JudgmentReason[] {
  const { lists, loose } = partsOf(bundle, settings);
  const holders = loose.filter(({ kind }) => kind !== "deviation-list");
  const certificates = holders.flatMap((object) => object.certificates);
  const holdsOnlyCrls =
    !isDelta(bundle) && certificates.length === 0 && holders.some(({ crls }) => crls.length > 0);
  const isEmpty = bundle.objects.length === 0 && !isDelta(bundle);
  if (isEmpty) return judgeFewness([], settings);
  if (holders.length === 0 && !isDelta(bundle)) return [];
  if (holdsOnlyCrls) return [];
  return [
    ...(lists.length > 0 || isDelta(bundle) ? [] : judgeFewness(certificates, settings)),
    ...judgeLooseSize(bundle, certificates, known, now, settings, settings.mode !== "off"),
  ];
}

/** A list that an unsigned container no longer holds stays: whoever passes it on could leave it out. */
function missingLists(
  judged: ReadonlyMap<SignedObject, ObjectJudgment>,
  bundle: Bundle,
  { source }: Known,
  { ledger }: JudgeContext,
): readonly JudgmentReason[] {
  const publishers = [...judged.values()].flatMap(({ evidence }) => evidence?.publisher?.keySha256 ?? []);
  if (publishers.length === 0 || isDelta(bundle)) return [];
  const { facts, currentEditions, lineage } = ledger.state;
  const seen = new Set(
    publishers.flatMap((key) => [...lineage.spokenForBy(key), ...lineage.speakersFor(key)]),
  );
  const missing = facts.editions.filter(
    (edition) =>
      edition.id >= 0 &&
      edition.source === source &&
      currentEditions.has(edition.id) &&
      !seen.has(edition.publisher),
  );
  if (missing.length === 0) return [];
  const what = missing.length === 1 ? "a signed list that is" : `${missing.length} signed lists that are`;
  const message = `the bundle lacks ${what} held; what they list stays`;
  return [{ code: "LIST_MISSING", weight: "note", message }];
}

/** By their own word, which decides nothing but the order. */
function claimedTime({ signers }: MasterList): number {
  return Math.max(0, ...signers.map(({ signingTime }) => signingTime?.getTime() ?? 0));
}

function isSignedList(object: SignedObject): object is MasterList {
  return object.kind === "master-list" && object.signers.length > 0 && "content" in object;
}

const unjudged: ObjectJudgment = { outcome: "refused", reasons: [], evidence: nothingShown };
// Some 20 ms for 500 authorities; what an object costs beside its signatures.
const unitsPerAuthority = 0.4;
const unitsPerObject = 1;

/**
 * What every object of a bundle is judged with.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { keySha256Of } from "../chain/authority-index.ts";
import { createBoundedSignatures } from "../chain/bounded-signatures.ts";
import { pauseBy } from "../chain/pause.ts";
import { budgetFor, shareFor, type WorkBudget } from "../chain/work-budget.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Bundle, SignedObject } from "../icao/bundle.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { JudgmentReason } from "./judgment.ts";
import { type Known, type KnownPublisher, nothingTrusted } from "./known.ts";
import { createLedger } from "./ledger.ts";
import type { StandingContext } from "./standings.ts";
import type { TrustSettings } from "./trust-settings.ts";
import type { KnownAuthority } from "./trust-state.ts";

/** The surroundings of one object. */
export interface JudgeContext extends StandingContext {
  readonly bundle: Bundle;
  readonly known: Known;
  readonly publishers: readonly KnownPublisher[];
  readonly settings: TrustSettings;
  /** Serial numbers that CRLs are looked through for, lower-case hex. */
  readonly serialNumbers: ReadonlySet<string>;
  /** Reasons that hold for every signed list of the bundle. */
  readonly listReasons: readonly JudgmentReason[];
  /** Reasons that hold for everything in it that stands by itself. */
  readonly looseReasons: readonly JudgmentReason[];
  /** Certificates, CRLs and signers of the bundle. */
  readonly parts: number;
  /** What each object may cost, however often it is looked at. */
  readonly shares: Map<SignedObject, WorkBudget>;
}

/** What a bundle is judged with, beside what is known. */
export interface ContextOptions {
  readonly settings: TrustSettings;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Certificates that a caller has beside the store. */
  readonly beside: readonly Certificate[];
  /** CRLs that a caller has beside the store. */
  readonly crls: readonly RevocationList[];
}

/** Makes the context of a bundle. */
export function contextOf(
  bundle: Bundle,
  known: Known,
  { settings, now, signal, beside, crls }: ContextOptions,
): JudgeContext {
  // Each object has its own share beside it: whoever adds objects to a file uses up his own.
  const budget = budgetFor(beside.length + crls.length);
  const signatures = createBoundedSignatures(settings.engine, budget);
  const { facts, publishers } = known.trust ?? nothingTrusted;
  const ledger = createLedger(facts, beside, signatures);
  return {
    bundle,
    known,
    publishers,
    settings,
    ledger,
    signatures,
    now,
    pause: pauseBy(budget, signal),
    serialNumbers: serialNumbersOf(bundle, ledger.certificates, crls),
    listReasons: [],
    looseReasons: [],
    parts: bundle.objects.reduce((sum, object) => sum + partsOf(object), 0),
    shares: new Map(),
  };
}

/** The same for one object, which can use up no more than its share of the work. */
export function withinShare(object: SignedObject, context: JudgeContext): JudgeContext {
  const { parts, signatures, shares } = context;
  const share =
    shares.get(object) ??
    signatures.budget.share(shareFor(partsOf(object), object.signers.length > 0, parts));
  shares.set(object, share);
  return { ...context, signatures: signatures.within(share) };
}

/**
 * The keys that accepted lists hold, those of the anchors, and the newer keys that an anchor's key signed. Certificates that a
 * caller merely has beside the store lead from one to another, and are trusted by themselves only where no anchor is named.
 */
export function trustedIssuers(context: JudgeContext): ReadonlySet<string> {
  const { authorities } = context.ledger.state;
  const issuers = issuersOf.get(authorities) ?? issuersAmong(context);
  issuersOf.set(authorities, issuers);
  return issuers;
}

function issuersAmong({ settings, ledger, signatures }: JudgeContext): ReadonlySet<string> {
  const { authorities, lineage } = ledger.state;
  if (settings.mode === "unanchored") return new Set(authorities.map(({ keySha256 }) => keySha256));
  const named = new Set(
    settings.anchors.map((anchor) => (typeof anchor === "string" ? anchor.toLowerCase() : anchor.sha256)),
  );
  const anchors = [
    ...settings.anchors.flatMap((anchor) =>
      typeof anchor === "string" ? [] : [keySha256Of(anchor.publicKey, signatures.engine)],
    ),
    ...authorities
      .filter(({ certificate }) => named.has(certificate.sha256))
      .map(({ keySha256 }) => keySha256),
  ];
  return new Set([
    ...authorities.filter(({ fact }) => fact.editions.length > 0).map(({ keySha256 }) => keySha256),
    ...anchors.flatMap((key) => [...lineage.speakersFor(key)]),
  ]);
}

/** Whether a signed list came from the source before: nothing that nobody signed takes its place. */
export function wasSigned({ known, ledger }: JudgeContext): boolean {
  return ledger.state.facts.editions.some(({ id, source }) => id >= 0 && source === known.source);
}

function partsOf({ certificates, envelopeCertificates, crls, signers }: SignedObject): number {
  return certificates.length + envelopeCertificates.length + crls.length + signers.length;
}

function serialNumbersOf(
  { objects }: Bundle,
  authorities: readonly Certificate[],
  given: readonly RevocationList[],
): ReadonlySet<string> {
  const serials = new Set(authorities.map(({ serialNumber }) => toHex(serialNumber)));
  if (given.length === 0 && objects.every(({ crls }) => crls.length === 0)) return serials;
  for (const { certificates, envelopeCertificates } of objects) {
    for (const { serialNumber } of certificates) serials.add(toHex(serialNumber));
    for (const { serialNumber } of envelopeCertificates) serials.add(toHex(serialNumber));
  }
  return serials;
}

// Of one bundle, since each begins with authorities of its own: a directory has 30,000 objects.
const issuersOf = new WeakMap<readonly KnownAuthority[], ReadonlySet<string>>();

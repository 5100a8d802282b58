/**
 * Verifies a file by itself: the judgment of `sync`, with nothing known but the anchors, authorities and CRLs that it is given.
 *
 * @module
 */

import type { CertificateJudgment } from "../chain/certificate-verdict.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import { type CountryLinks, countriesWithoutCsca, linkGraph } from "../chain/link-graph.ts";
import type { VerificationCode } from "../chain/verification-code.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { Bundle, SignedObject } from "../icao/bundle.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import { resolveAnchors, type TrustAnchor } from "../verify/trust-anchor.ts";
import type { ListVerdict } from "../verify/verify-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import { judgeBundle } from "./judge-bundle.ts";
import type { BundleJudgment, ObjectJudgment } from "./judgment.ts";
import { type Known, nothingTrusted } from "./known.ts";
import type { TrustSettings } from "./trust-settings.ts";

/** What a file is verified against. */
export interface VerifyBundleOptions {
  /** Left out: nothing says whom to trust, and what is sound in itself is verified. Not empty. */
  readonly anchors?: readonly TrustAnchor[] | undefined;
  /** CSCA and link certificates that may stand between a list and its anchor. */
  readonly authorities?: readonly Certificate[];
  /** CRLs that may revoke those, and document signers. */
  readonly crls?: readonly RevocationList[];
  readonly now: Date;
  /** For a test PKI: SHA-1 and short keys are noted, not refused. */
  readonly allowWeakAlgorithms?: boolean;
  readonly signal?: AbortSignal;
  /** Default: the portable one. */
  readonly engine?: SignatureEngine;
}

/** `undetermined`: nothing speaks against it, but it is not known who issued it; or an operator would have to decide. */
export type VerificationOutcome = "verified" | "refused" | "undetermined";

/** A file verified. */
export interface BundleVerification {
  readonly outcome: VerificationOutcome;
  readonly judgment: BundleJudgment;
  readonly objects: readonly ObjectVerification[];
}

/** One object of it. */
export interface ObjectVerification {
  readonly object: SignedObject;
  readonly outcome: VerificationOutcome;
  readonly judgment: ObjectJudgment;
  /** Every check with its result. */
  readonly steps: readonly VerificationStep[];
  /** Undefined for what is no signed list. */
  readonly verdict: ListVerdict | undefined;
  readonly certificates: readonly CertificateJudgment[];
  readonly countries: readonly CountryLinks[];
  /** At the signing time, or at the instant of the check if there is none. */
  readonly countriesWithoutCsca: readonly string[];
  readonly crls: readonly RevocationListJudgment[];
}

/** Verifies every object. Throws `TypeError` if `anchors` is empty. */
export async function verifyBundle(
  bundle: Bundle,
  options: VerifyBundleOptions,
): Promise<BundleVerification> {
  const { anchors, authorities = [], crls = [], now, engine = createPortableEngine() } = options;
  const settings: TrustSettings = {
    ...openSettings,
    mode: anchors === undefined ? "unanchored" : "anchor",
    anchors: anchors ?? [],
    allowWeakAlgorithms: options.allowWeakAlgorithms ?? false,
    engine,
  };
  const atHand = bundle.objects.flatMap((object) => [object.certificates, object.envelopeCertificates]);
  const missingAnchors = anchors && resolveAnchors(anchors, [authorities, ...atHand]).missing;
  const judgment = await judgeBundle(bundle, nothingKnown, {
    settings,
    now,
    signal: options.signal ?? new AbortController().signal,
    beside: authorities,
    crls,
  });
  const missing = (missingAnchors ?? []).map((sha256) =>
    anchorStep.noted("ANCHOR_MISMATCH", `no certificate here is the anchor ${sha256}: name its file`),
  );
  const objects = bundle.objects.map((object, at) =>
    verificationOf(object, judgment.objects[at] ?? unjudged, missing, now),
  );
  return { outcome: worst(objects.map(({ outcome }) => outcome)), judgment, objects };
}

function verificationOf(
  object: SignedObject,
  judgment: ObjectJudgment,
  missing: readonly VerificationStep[],
  now: Date,
): ObjectVerification {
  const { steps = [], verdicts, signingTime = null } = judgment.evidence ?? {};
  const { list, certificates = [], crls = [] } = verdicts ?? {};
  const unsaid = judgment.reasons
    .filter(({ weight }) => weight !== "note")
    .filter(({ code }) => steps.every((step) => step.code !== code));
  const all = [
    ...steps,
    ...unsaid.map(({ code, weight, message }) =>
      weight === "refusal" ? policyStep.failed(code, message) : policyStep.noted(code, message),
    ),
    ...(list === undefined ? [] : missing),
    ...readingSteps(object),
  ];
  return {
    object,
    outcome: outcomeOf(all, judgment),
    judgment,
    steps: all,
    verdict: list,
    certificates,
    countries: linkGraph(certificates),
    countriesWithoutCsca: countriesWithoutCsca(certificates, signingTime ?? now),
    crls,
  };
}

function outcomeOf(steps: readonly VerificationStep[], { outcome }: ObjectJudgment): VerificationOutcome {
  if (outcome === "refused" || steps.some(({ result }) => result === "failed")) return "refused";
  const isOpen = steps.some(({ result, code }) => result === "noted" && code !== null && openCodes.has(code));
  return isOpen || outcome === "pending" ? "undetermined" : "verified";
}

function worst(outcomes: readonly VerificationOutcome[]): VerificationOutcome {
  if (outcomes.length === 0 || outcomes.includes("refused")) return "refused";
  return outcomes.includes("undetermined") ? "undetermined" : "verified";
}

/** What could not be read: a list cannot be vouched for then; parts beside others are only said. */
function readingSteps({ rejections }: SignedObject): readonly VerificationStep[] {
  return [...Map.groupBy(rejections, ({ kind }) => kind)].map(([kind, rejected]) => {
    const [first] = rejected;
    const what = rejected.length === 1 ? `1 ${kind}` : `${rejected.length} parts (${kind})`;
    const message = `${what} could not be read: ${first?.reason.code}, ${first?.reason.message}`;
    return {
      step: "reading",
      result: kind === "list" ? "failed" : "noted",
      code: null,
      message,
      rule: "X.690",
    } as const;
  });
}

/** After these, nothing is known for or against what was verified. */
export const openCodes: ReadonlySet<VerificationCode> = new Set<VerificationCode>([
  "ISSUER_UNKNOWN",
  "KEY_WITHDRAWN",
  "SIGNATURE_UNSUPPORTED",
  "WORK_EXCEEDED",
]);

const openSettings = {
  maxRemovedPercent: 100,
  minCertificates: 1,
  maxListAgeMs: Number.POSITIVE_INFINITY,
  unsignedSources: [],
  lifted: [],
} as const;

const nothingKnown: Known = {
  source: "file",
  listed: new Map(),
  bundleSha256: null,
  validators: { etag: null, lastModified: null },
  trust: nothingTrusted,
};

const unjudged: ObjectJudgment = { outcome: "refused", reasons: [] };
const anchorStep = namedStep("anchor", "RFC 5280, 6.1.1");
const policyStep = namedStep("policy", "Doc 9303-12, 9");

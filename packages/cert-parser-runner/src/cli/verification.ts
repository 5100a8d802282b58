/**
 * Verifies every object of a file by itself, and what stands in it.
 *
 * @module
 */

import {
  type AuthoritySet,
  type Bundle,
  type Certificate,
  type CertificateJudgment,
  type CountryLinks,
  countriesWithoutCsca,
  type DeviationList,
  gatherAuthorities,
  isDeviationList,
  judgeCertificates,
  judgeRevocationList,
  type ListVerdict,
  linkGraph,
  type MasterList,
  type RevocationList,
  type RevocationListJudgment,
  resolveAnchors,
  revocationStatus,
  type SignatureEngine,
  type SignedObject,
  type TrustAnchor,
  toHex,
  verifyMasterList,
} from "cert-parser-core";
import {
  looseSteps,
  missingAnchorStep,
  type ObjectStep,
  readingSteps,
  unsignedStep,
} from "./object-steps.ts";

/** What a file is verified against. */
export interface VerificationOptions {
  /** Undefined where none were named: then nothing says whom to trust. */
  readonly anchors: readonly TrustAnchor[] | undefined;
  /** CSCA and link certificates that may stand between a list and its anchor. */
  readonly authorities: readonly Certificate[];
  /** CRLs that may revoke those. */
  readonly crls: readonly RevocationList[];
  readonly now: Date;
  readonly engine: SignatureEngine;
}

/** One object, and what came of it. */
export interface ObjectVerification {
  readonly object: SignedObject;
  readonly outcome: "verified" | "refused";
  readonly steps: readonly ObjectStep[];
  /** Null for what nobody signed, and for what stands by itself. */
  readonly verdict: ListVerdict | null;
  readonly certificates: readonly CertificateJudgment[];
  readonly countries: readonly CountryLinks[];
  /** At the signing time, or at the instant of the check where there is none. */
  readonly countriesWithoutCsca: readonly string[];
  readonly crls: readonly RevocationListJudgment[];
}

/** Verifies the objects in the order of the file; what stands by itself may have been issued by those of a list that is trusted. */
export async function verifyObjects(
  { objects }: Bundle,
  options: VerificationOptions,
): Promise<readonly ObjectVerification[]> {
  const trusted = [...anchorCertificates(options), ...options.authorities];
  const revocation = revocationCheck(trusted, options);
  const verified = new Map<SignedObject, ObjectVerification>();
  for (const object of objects.filter(isList)) {
    const verification = await verifyList(object, trusted, revocation(object), options);
    verified.set(object, verification);
    if (verification.outcome === "verified" && verification.verdict?.anchor) {
      trusted.push(...object.certificates);
    }
  }
  return objects.map((object) => verified.get(object) ?? verifyLoose(object, trusted, options));
}

/** Without those that are fingerprints: they are among the certificates at hand, if anywhere. */
function anchorCertificates({ anchors = [] }: VerificationOptions): readonly Certificate[] {
  return anchors.filter((anchor) => typeof anchor !== "string");
}

type RevocationCheck = ((certificate: Certificate) => boolean) | undefined;

/** By the CRLs that the trusted CSCAs signed, of certificates wherever they are found. */
function revocationCheck(
  trusted: readonly Certificate[],
  { crls, now, engine }: VerificationOptions,
): (object: SignedObject) => RevocationCheck {
  if (crls.length === 0) return () => undefined;
  const authorities = gatherAuthorities(trusted, { engine });
  const judged = crls.map((crl) => judgeRevocationList(crl, { authorities, now }));
  return ({ certificates, envelopeCertificates }) => {
    const atHand = gatherAuthorities([...trusted, ...certificates, ...envelopeCertificates], { engine });
    return (certificate) => {
      const judgment = atHand.judgmentOf(certificate);
      return judgment !== undefined && revocationStatus(judgment, judged, now).status === "revoked";
    };
  };
}

async function verifyList(
  list: MasterList | DeviationList,
  trusted: readonly Certificate[],
  isRevoked: RevocationCheck,
  { anchors, authorities, now, engine }: VerificationOptions,
): Promise<ObjectVerification> {
  const verdict = await verifyMasterList(list, { now, anchors, authorities, isRevoked, engine });
  const { envelopeCertificates } = list;
  const missing =
    anchors === undefined
      ? []
      : resolveAnchors(anchors, [authorities, list.certificates, envelopeCertificates]).missing;
  const steps = [...verdict.steps, ...missing.map(missingAnchorStep), ...readingSteps(list)];
  const certificates = judgeCertificates(list.certificates, { authorities: trusted, engine });
  const set = gatherAuthorities([...list.certificates, ...trusted], { engine });
  return {
    ...judged(list, certificates, verdict.signingTime ?? now),
    outcome: outcomeOf(steps),
    steps,
    verdict,
    crls: judgeCrls(list, set, now),
  };
}

/** Each value of a directory stands for itself, and so does a CRL: only what is trusted may have signed them. */
function verifyLoose(
  object: SignedObject,
  trusted: readonly Certificate[],
  { now, engine }: VerificationOptions,
): ObjectVerification {
  const certificates = judgeCertificates(object.certificates, { authorities: trusted, engine });
  const crls = judgeCrls(object, gatherAuthorities(trusted, { engine }), now);
  const own = isOfOwnSignatures(object)
    ? looseSteps(certificates, keysOf(trusted, engine), crls)
    : [unsignedStep(object)];
  const steps = [...own, ...readingSteps(object)];
  return { ...judged(object, certificates, now), outcome: outcomeOf(steps), steps, verdict: null, crls };
}

function keysOf(certificates: readonly Certificate[], engine: SignatureEngine): ReadonlySet<string> {
  return new Set(certificates.map(({ publicKey }) => toHex(engine.digest("SHA-256", publicKey.der))));
}

function judged(object: SignedObject, certificates: readonly CertificateJudgment[], instant: Date) {
  return {
    object,
    certificates,
    countries: linkGraph(certificates),
    countriesWithoutCsca: countriesWithoutCsca(certificates, instant),
  };
}

function judgeCrls(
  { crls }: SignedObject,
  authorities: AuthoritySet,
  now: Date,
): readonly RevocationListJudgment[] {
  return crls.map((crl) => judgeRevocationList(crl, { authorities, now }));
}

function outcomeOf(steps: readonly ObjectStep[]): "verified" | "refused" {
  return steps.some(({ result }) => result === "failed") ? "refused" : "verified";
}

function isList(object: SignedObject): object is MasterList | DeviationList {
  const { kind } = object;
  return kind === "master-list" || kind === "bare-master-list" || isDeviationList(object);
}

function isOfOwnSignatures({ kind, certificates, crls }: SignedObject): boolean {
  const parts = [...certificates, ...crls];
  if (parts.length === 0) return false;
  return parts.every(({ foundIn }) => foundIn === "ldif" || (kind === "crl" && certificates.length === 0));
}

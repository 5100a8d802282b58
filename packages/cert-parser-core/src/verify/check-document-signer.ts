/**
 * Passive authentication of a Document Signer certificate: chain, instant, CRLs, reasons (Doc 9303-12, D.1).
 *
 * @module
 */

import { type AuthoritySet, asAuthoritySet } from "../chain/authority-set.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import { findIssuer, type IssuerFound, type IssuerMatch, issuedCertificate } from "../chain/issuer-search.ts";
import { isWithin } from "../chain/private-key-usage.ts";
import { type RevocationStatus, revocationStatus } from "../chain/revocation-status.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { roleOf } from "../x509/role.ts";
import {
  type AuthorityStatus,
  alertSteps,
  type DocumentSignerStep,
  issuerCountryStep,
  issuerNameStep,
  issuerRevocationStep,
  issuerUsagePeriodStep,
  issuerValidityStep,
  issuerWithdrawalStep,
  openCodes,
  profileStep,
  revocationStep,
  searchSteps,
  usagePeriodStep,
  validityStep,
} from "./document-signer-steps.ts";

/** Whether a Document Signer certificate is to be trusted, and why (not). */
export interface DocumentSignerVerdict {
  /**
   * `not-trusted` where a step failed; `undetermined` where none did but for want of knowledge: the issuer is unknown, the
   * signature of a kind that is not verified here, or no CRL speaks of it.
   */
  readonly outcome: "trusted" | "not-trusted" | "undetermined";
  /** Every step with its result, its code and its rule. */
  readonly steps: readonly DocumentSignerStep[];
  /** The CSCA certificate that it was checked with; undefined where none was found. */
  readonly issuer: Certificate | undefined;
  /** SHA-256 of the SubjectPublicKeyInfo of the CSCA's key, lower-case hex. */
  readonly issuerKeySha256: string | undefined;
  /** How the CSCA was found. */
  readonly foundBy: IssuerMatch | undefined;
  /** What CRLs say of it, with the reason; undefined where none were asked. */
  readonly revocation: RevocationStatus | undefined;
}

/** What a Document Signer certificate is checked against. */
export interface CheckDocumentSignerOptions {
  /** CSCA certificates that are trusted. Gather them once if many documents are checked. */
  readonly authorities: AuthoritySet | readonly Certificate[];
  /** The instant of the check. */
  readonly at: Date;
  /** When the document was signed, where that is known: the certificate and its key are asked for that instant too. */
  readonly signedAt?: Date | undefined;
  /** CRLs as they were judged. Where they are left out, revocation is not asked for, and the verdict says nothing of it. */
  readonly crls?: readonly RevocationListJudgment[] | undefined;
  /** Keys that an operator, or a store, knows to be revoked. */
  readonly revokedKeys?: ReadonlySet<string> | undefined;
  /** Keys that left every list before their time: what they issued is trusted only if it was seen before. */
  readonly withdrawnKeys?: ReadonlySet<string> | undefined;
  /** Whether the certificate was seen before its CSCA's key was withdrawn. Default: false. */
  readonly isKnown?: boolean;
  /** What to verify with, where `authorities` are certificates; the portable one by default. */
  readonly engine?: SignatureEngine;
}

/** Checks a Document Signer certificate: it, its CSCA, and what CRLs say of both. */
export async function checkDocumentSigner(
  certificate: Certificate,
  { authorities, ...options }: CheckDocumentSignerOptions,
): Promise<DocumentSignerVerdict> {
  return judgeDocumentSigner(certificate, asAuthoritySet(authorities, options), options);
}

/** As {@link checkDocumentSigner}, at once. */
export function judgeDocumentSigner(
  certificate: Certificate,
  set: AuthoritySet,
  options: Omit<CheckDocumentSignerOptions, "authorities" | "engine">,
): DocumentSignerVerdict {
  const { at, signedAt, crls, revokedKeys = noKeys, withdrawnKeys = noKeys, isKnown = false } = options;
  const limitedKeys = new Set([...revokedKeys, ...withdrawnKeys]);
  const search = findIssuer(issuedCertificate(certificate), {
    signatures: set.signaturesFor(1),
    indexes: [set.index],
  });
  const found = search.outcome === "found" ? search : undefined;
  const own = found && ownCertificates(found, set);
  const issuer = own && chooseCertificate(certificate, own, at);
  const issuerKeySha256 = found?.key.keySha256;
  const revocation =
    crls &&
    found &&
    revocationStatus({ certificate, issuerKeySha256: found.key.keySha256 }, crls, at, { limitedKeys });
  const steps = [
    profileStep(certificate),
    validityStep(certificate, [at, signedAt]),
    usagePeriodStep(certificate, signedAt),
    ...searchSteps(search),
    issuerNameStep(certificate, issuer),
    issuerCountryStep(certificate, issuer),
    issuerValidityStep(issuer, at),
    issuerUsagePeriodStep(certificate, own),
    issuerWithdrawalStep(found && withdrawnKeys.has(found.key.keySha256), isKnown),
    revocationStep(revocation),
    ...alertSteps(revocation),
    issuerRevocationStep(
      found && revokedKeys.has(found.key.keySha256)
        ? "the key of its CSCA is revoked"
        : crls && found && statusesOfKey(found, set, crls, at, limitedKeys),
    ),
  ];
  return {
    outcome: outcomeOf(steps),
    steps,
    issuer,
    issuerKeySha256,
    foundBy: found === undefined || found.foundBy === "self" ? undefined : found.foundBy,
    revocation,
  };
}

function outcomeOf(steps: readonly DocumentSignerStep[]): DocumentSignerVerdict["outcome"] {
  const failures = steps.filter(({ result }) => result === "failed");
  if (failures.some(({ code }) => !openCodes.has(code))) return "not-trusted";
  return failures.length === 0 ? "trusted" : "undetermined";
}

/** Whoever signs a certificate over a stranger's key can give it any dates and names: where it has a root, that counts. */
function ownCertificates({ key }: IssuerFound, set: AuthoritySet): readonly Certificate[] {
  return set.lineage.keys.get(key.keySha256)?.own ?? key.certificates;
}

/** Of the certificates of one key, the one with the issuer's name, valid at the instant, and a root, as far as there is. */
function chooseCertificate(
  { issuer }: Certificate,
  own: readonly Certificate[],
  at: Date,
): Certificate | undefined {
  const name = foldName(issuer);
  const merits = (candidate: Certificate) =>
    (foldName(candidate.subject) === name ? 4 : 0) +
    (isWithin(at, candidate) ? 2 : 0) +
    (roleOf(candidate) === "csca" ? 1 : 0);
  const [first] = own;
  return own.reduce((best, candidate) => {
    return best === undefined || merits(candidate) > merits(best) ? candidate : best;
  }, first);
}

/**
 * Of the certificates over the CSCA's key, each with what CRLs say of it. Those that go back to an older key are not asked: an
 * older key does not revoke a newer one.
 */
function statusesOfKey(
  { key }: IssuerFound,
  set: AuthoritySet,
  crls: readonly RevocationListJudgment[],
  at: Date,
  limitedKeys: ReadonlySet<string>,
): readonly AuthorityStatus[] {
  return key.certificates.flatMap((certificate) => {
    const judgment = set.judgmentOf(certificate);
    if (judgment === undefined) return [];
    return [
      { isRoot: judgment.verdict === "root", ...revocationStatus(judgment, crls, at, { limitedKeys }) },
    ];
  });
}

const noKeys: ReadonlySet<string> = new Set();

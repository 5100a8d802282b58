/**
 * Passive authentication of a Document Signer certificate: chain, instant, CRLs, reasons (Doc 9303-12, D.1).
 *
 * @module
 */

import { type AuthoritySet, asAuthoritySet } from "../chain/authority-set.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import {
  createAllowance,
  findIssuer,
  type IssuerFound,
  type IssuerMatch,
  issuedCertificate,
} from "../chain/issuer-search.ts";
import { isWithin } from "../chain/private-key-usage.ts";
import { type RevocationStatus, revocationStatus } from "../chain/revocation-status.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName } from "../x509/name.ts";
import { roleOf } from "../x509/role.ts";
import {
  type DocumentSignerStep,
  issuerCountryStep,
  issuerNameStep,
  issuerRevocationStep,
  issuerUsagePeriodStep,
  issuerValidityStep,
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
  /** CSCA certificates that are trusted. Gather them once where many documents are checked. */
  readonly authorities: AuthoritySet | readonly Certificate[];
  /** The instant of the check. */
  readonly at: Date;
  /** When the document was signed, where that is known: the certificate and its key are asked for that instant too. */
  readonly signedAt?: Date | undefined;
  /** CRLs as they were judged. Where they are left out, revocation is not asked for, and the verdict says nothing of it. */
  readonly crls?: readonly RevocationListJudgment[] | undefined;
  /** What to verify with, where `authorities` are certificates; the portable one by default. */
  readonly engine?: SignatureEngine;
}

/** Checks a Document Signer certificate: it, its CSCA, and what CRLs say of both. */
export async function checkDocumentSigner(
  certificate: Certificate,
  { authorities, at, signedAt, crls, ...options }: CheckDocumentSignerOptions,
): Promise<DocumentSignerVerdict> {
  const set = asAuthoritySet(authorities, options);
  const search = findIssuer(issuedCertificate(certificate), {
    engine: set.engine,
    indexes: [set.index],
    allowance: createAllowance(maxFurtherKeys),
  });
  const found = search.outcome === "found" ? search : undefined;
  const issuer = found && chooseCertificate(certificate, found, at);
  const issuerKeySha256 = found?.key.keySha256;
  const revocation =
    crls && found && revocationStatus({ certificate, issuerKeySha256: found.key.keySha256 }, crls, at);
  const steps = [
    profileStep(certificate),
    validityStep(certificate, [at, signedAt]),
    usagePeriodStep(certificate, signedAt),
    ...searchSteps(search),
    issuerNameStep(certificate, issuer),
    issuerCountryStep(certificate, issuer),
    issuerValidityStep(issuer, at),
    issuerUsagePeriodStep(certificate, found),
    revocationStep(revocation),
    issuerRevocationStep(crls && issuer && statusesAbove(issuer, set, crls, at)),
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

/** Of the certificates of one key, the one with the issuer's name, valid at the instant, and a root, as far as there is. */
function chooseCertificate(
  { issuer }: Certificate,
  { key, certificate }: IssuerFound,
  at: Date,
): Certificate {
  const name = foldName(issuer);
  const merits = (candidate: Certificate) =>
    (foldName(candidate.subject) === name ? 4 : 0) +
    (isWithin(at, candidate) ? 2 : 0) +
    (roleOf(candidate) === "csca" ? 1 : 0);
  return key.certificates.reduce(
    (best, candidate) => (merits(candidate) > merits(best) ? candidate : best),
    certificate,
  );
}

/** Of the CSCA certificate and, where that is a link, of those that it goes back to: who revokes them revokes it. */
function statusesAbove(
  issuer: Certificate,
  set: AuthoritySet,
  crls: readonly RevocationListJudgment[],
  at: Date,
): readonly RevocationStatus[] {
  const statuses: RevocationStatus[] = [];
  const seen = new Set<string>();
  let judgment = set.judgmentOf(issuer);
  while (judgment !== undefined && !seen.has(judgment.certificate.sha256) && seen.size < maxLinks) {
    seen.add(judgment.certificate.sha256);
    statuses.push(revocationStatus(judgment, crls, at));
    judgment = judgment.issuer && set.judgmentOf(judgment.issuer);
  }
  return statuses;
}

// More than the 22 keys of China, the country with the most; no more than a search may take of a hostile set.
const maxFurtherKeys = 256;
// Keys live three to five years, so that this is over half a century.
const maxLinks = 16;

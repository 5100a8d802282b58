/**
 * Whether a CRL may be applied: its signature, whose certificates it speaks of, its age.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AuthoritySet, asAuthoritySet } from "./authority-set.ts";
import { type CrlAgeStepName, crlAgeSteps, isStale, type KnownRevocationList } from "./crl-age.ts";
import type { CscaGroup } from "./csca-group.ts";
import {
  createAllowance,
  findIssuer,
  type IssuerFound,
  type IssuerMatch,
  issuedRevocationList,
} from "./issuer-search.ts";
import { type NamedStep, namedStep } from "./named-step.ts";
import type { JudgmentCode } from "./verification-code.ts";

/** The steps of a CRL, in their order. */
export type CrlStepName = "signature" | "key-usage" | "scope" | CrlAgeStepName;

/** A CRL, and whether it may be applied. */
export interface RevocationListJudgment {
  readonly crl: RevocationList;
  /** Only an `accepted` one is applied. */
  readonly outcome: "accepted" | "refused";
  /** Every step with its result. */
  readonly steps: readonly NamedStep<CrlStepName>[];
  /** A certificate of the key that signed it; undefined where none was found. */
  readonly issuer: Certificate | undefined;
  /** SHA-256 of that key's SubjectPublicKeyInfo, lower-case hex. */
  readonly issuerKeySha256: string | undefined;
  readonly foundBy: IssuerMatch | undefined;
  /** The CSCA that it speaks for, with all its keys; undefined where its key was not found. */
  readonly group: CscaGroup | undefined;
  /** Whether the next CRL was due at the instant of the judgment. No reason to refuse it: what it revokes stays revoked. */
  readonly isStale: boolean;
}

/** What a CRL is judged by. */
export interface JudgeRevocationListOptions {
  /** CSCA certificates that are trusted. Gather them once where several CRLs are judged. */
  readonly authorities: AuthoritySet | readonly Certificate[];
  /** The present. */
  readonly now: Date;
  /** The CRLs accepted last, of whichever keys: what is newer than they are stays newer. */
  readonly known?: readonly KnownRevocationList[];
  /** What to verify with, where `authorities` are certificates; the portable one by default. */
  readonly engine?: SignatureEngine;
}

/** Judges a CRL: RFC 5280, 6.3.3, and Doc 9303-12, Table 9. */
export function judgeRevocationList(
  crl: RevocationList,
  { authorities, now, known = [], ...options }: JudgeRevocationListOptions,
): RevocationListJudgment {
  const set = asAuthoritySet(authorities, options);
  const search = findIssuer(issuedRevocationList(crl), {
    engine: set.engine,
    indexes: [set.index],
    allowance: createAllowance(maxFurtherKeys),
  });
  const found = search.outcome === "found" ? search : undefined;
  const group = found && set.groupOf(found.key.keySha256);
  const steps = [
    search.outcome === "found"
      ? signatureStep(search)
      : signature.failed(searchCodes[search.outcome], search.reason),
    found ? keyUsageStep(found) : keyUsage.skipped("nobody is known to have signed it"),
    scopeStep(crl),
    ...crlAgeSteps(crl, { now, known, group, keySha256: found?.key.keySha256 }),
  ];
  return {
    crl,
    outcome: steps.some(({ result }) => result === "failed") ? "refused" : "accepted",
    steps,
    issuer: found?.certificate,
    issuerKeySha256: found?.key.keySha256,
    foundBy: found === undefined || found.foundBy === "self" ? undefined : found.foundBy,
    group,
    isStale: isStale(crl, now),
  };
}

/** What is to be kept of an accepted CRL, so that none older is accepted after it; undefined for a refused one. */
export function toKnownRevocationList({
  crl,
  outcome,
  issuerKeySha256,
}: RevocationListJudgment): KnownRevocationList | undefined {
  if (outcome === "refused" || issuerKeySha256 === undefined) return undefined;
  return {
    keySha256: issuerKeySha256,
    sha256: crl.sha256,
    crlNumber: crl.crlNumber === undefined ? null : toHex(crl.crlNumber),
    thisUpdate: crl.thisUpdate,
  };
}

function signatureStep({ foundBy, leniencies }: IssuerFound): NamedStep<CrlStepName> {
  if (leniencies.length > 0) return signature.noted("LENIENCY", `good, but for ${leniencies.join(", ")}`);
  return signature.passed(`the key of its issuer, found by ${foundBy}, signed it`);
}

/** RFC 5280, 6.3.3 (f): one of the key's certificates may have been made before CRLs were thought of. */
function keyUsageStep({ key }: IssuerFound): NamedStep<CrlStepName> {
  const allows = key.certificates.some(({ keyUsage }) => keyUsage?.includes("cRLSign") ?? true);
  return allows
    ? keyUsage.passed("the key may sign CRLs")
    : keyUsage.failed("SIGNER_PROFILE", "no certificate of the key has cRLSign");
}

function scopeStep({ scope: found }: RevocationList): NamedStep<CrlStepName> {
  return found === "full"
    ? scope.passed("it speaks of all certificates of its issuer")
    : scope.failed("CRL_SCOPE", `its scope is ${found}, expected a full CRL`);
}

const signature = namedStep("signature", "RFC 5280, 6.3.3");
const keyUsage = namedStep("key-usage", "RFC 5280, 6.3.3");
const scope = namedStep("scope", "Doc 9303-12, Table 9");

/** What a search that found nothing is called in a step. */
export const searchCodes: Readonly<
  Record<"absent" | "invalid" | "unsupported" | "unfinished", JudgmentCode>
> = {
  absent: "ISSUER_UNKNOWN",
  invalid: "SIGNATURE_INVALID",
  unsupported: "SIGNATURE_UNSUPPORTED",
  unfinished: "ISSUER_UNKNOWN",
};

// More than the 22 keys of China, the country with the most; no more than a search may take of a hostile set.
const maxFurtherKeys = 256;

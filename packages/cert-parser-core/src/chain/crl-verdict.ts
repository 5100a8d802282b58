/**
 * Whether a CRL may be applied: its signature, whose certificates it speaks of, its age.
 *
 * @module
 */

import type { RevocationList } from "../crl/revocation-list.ts";
import type { SignatureEngine } from "../signatures/signature-engine.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName, formatName } from "../x509/name.ts";
import type { AuthorityIndex } from "./authority-index.ts";
import { type AuthoritySet, asAuthoritySet } from "./authority-set.ts";
import type { BoundedSignatures } from "./bounded-signatures.ts";
import { type CrlAgeStepName, crlAgeSteps, crlOrder, isStale, type KnownRevocationList } from "./crl-age.ts";
import { findIssuer, type IssuerFound, type IssuerMatch, issuedRevocationList } from "./issuer-search.ts";
import type { KeyLineage } from "./key-lineage.ts";
import type { VerificationCode } from "./verification-code.ts";
import { isGood, namedStep, type VerificationStep } from "./verification-step.ts";

/** The steps of a CRL, in their order. */
export type CrlStepName = "signature" | "key-usage" | "issuer-name" | "scope" | CrlAgeStepName;

/** A CRL, and whether it may be applied. */
export interface RevocationListJudgment {
  readonly crl: RevocationList;
  /** Only an `accepted` one is applied. */
  readonly outcome: "accepted" | "refused";
  /** Every step with its result. */
  readonly steps: readonly VerificationStep<CrlStepName>[];
  /** A certificate of the key that signed it; undefined if none was found. */
  readonly issuer: Certificate | undefined;
  /** SHA-256 of that key's canonical SubjectPublicKeyInfo, lower-case hex. */
  readonly issuerKeySha256: string | undefined;
  readonly foundBy: IssuerMatch | undefined;
  /** The keys whose certificates it speaks of: its own, and the older keys of its CSCA. */
  readonly speaksFor: ReadonlySet<string>;
  /** Keys that share a predecessor or a name with its own, and nothing more: for them it alerts. */
  readonly alertsFor: ReadonlySet<string>;
  /** Whether the next CRL was due at the instant of the judgment. No reason to refuse it: what it revokes stays revoked. */
  readonly isStale: boolean;
}

/** What a CRL is judged by. */
export interface JudgeRevocationListOptions {
  /** All CSCA certificates that are known. Gather them once if several CRLs are judged. */
  readonly authorities: AuthoritySet | readonly Certificate[];
  /** The present. */
  readonly now: Date;
  /** The CRLs that were accepted, of any key: none that is older than those of its key is accepted. */
  readonly known?: readonly KnownRevocationList[];
  /** What to verify with, if `authorities` are certificates; the portable one by default. */
  readonly engine?: SignatureEngine;
}

/** Judges a CRL: RFC 5280, 6.3.3, and Doc 9303-12, Table 9. */
export function judgeRevocationList(
  crl: RevocationList,
  { authorities, now, known = [], ...options }: JudgeRevocationListOptions,
): RevocationListJudgment {
  const set = asAuthoritySet(authorities, options);
  const signatures = set.signaturesFor(1);
  return judgeCrl(crl, { indexes: [set.index], lineage: () => set.lineage, signatures, now, known });
}

/** What a CRL is judged with. */
export interface CrlContext {
  readonly indexes: readonly AuthorityIndex[];
  /** Asked only if the key that signed it was found. */
  readonly lineage: () => KeyLineage;
  readonly signatures: BoundedSignatures;
  readonly now: Date;
  readonly known: readonly KnownRevocationList[];
}

/** As {@link judgeRevocationList}, with an index and a lineage that exist already. */
export function judgeCrl(crl: RevocationList, context: CrlContext): RevocationListJudgment {
  const { indexes, signatures, now, known } = context;
  const search = findIssuer(issuedRevocationList(crl), {
    signatures: signatures.within(signatures.budget.search()),
    indexes,
  });
  const found = search.outcome === "found" ? search : undefined;
  const lineage = found && context.lineage();
  const keySha256 = found?.key.keySha256;
  const key = keySha256 === undefined ? undefined : lineage?.keys.get(keySha256);
  const steps = [
    search.outcome === "found"
      ? signatureStep(search)
      : signature.failed(searchCodes[search.outcome], search.reason),
    found ? keyUsageStep(found) : keyUsage.skipped(noKey),
    found && lineage ? issuerNameStep(crl, found.key.keySha256, lineage) : issuerName.skipped(noKey),
    scopeStep(crl),
    ...crlAgeSteps(crl, { now, known, key }),
  ];
  return {
    crl,
    outcome: isGood(steps) ? "accepted" : "refused",
    steps,
    issuer: found?.certificate,
    issuerKeySha256: keySha256,
    foundBy: found === undefined || found.foundBy === "self" ? undefined : found.foundBy,
    speaksFor: keySha256 === undefined || lineage === undefined ? noKeys : lineage.spokenForBy(keySha256),
    alertsFor: keySha256 === undefined || lineage === undefined ? noKeys : lineage.relativesOf(keySha256),
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
  return { keySha256: issuerKeySha256, sha256: crl.sha256, ...crlOrder(crl) };
}

function signatureStep({ foundBy, leniencies }: IssuerFound): VerificationStep<CrlStepName> {
  if (leniencies.length > 0) return signature.noted("LENIENCY", `good, but for ${leniencies.join(", ")}`);
  return signature.passed(`signed by the key of its issuer, found by ${foundBy}`);
}

/** RFC 5280, 6.3.3 (f): one of the key's certificates may have been made before CRLs were thought of. */
function keyUsageStep({ key }: IssuerFound): VerificationStep<CrlStepName> {
  const allows = key.certificates.some(({ keyUsage }) => keyUsage?.includes("cRLSign") ?? true);
  return allows
    ? keyUsage.passed("the key may sign CRLs")
    : keyUsage.failed("SIGNER_PROFILE", "no certificate of the key has cRLSign");
}

/** A CRL under the name of another CSCA would be shown as that one's. A CSCA that changed its name may use the old one. */
function issuerNameStep(
  { issuer }: RevocationList,
  keySha256: string,
  { keys, spokenForBy }: KeyLineage,
): VerificationStep<CrlStepName> {
  const name = foldName(issuer);
  const isOwn = [...spokenForBy(keySha256)].some((key) => keys.get(key)?.names.has(name));
  return isOwn
    ? issuerName.passed("issued under a name of its CSCA")
    : issuerName.failed("NAME_MISMATCH", `${formatName(issuer)} is no name of the CSCA whose key signed it`);
}

function scopeStep({ scope: found }: RevocationList): VerificationStep<CrlStepName> {
  return found === "full"
    ? scope.passed("it covers all certificates of its issuer")
    : scope.failed("CRL_SCOPE", `its scope is ${found}, expected a full CRL`);
}

const signature = namedStep("signature", "RFC 5280, 6.3.3");
const keyUsage = namedStep("key-usage", "RFC 5280, 6.3.3");
const issuerName = namedStep("issuer-name", "RFC 5280, 6.3.3");
const scope = namedStep("scope", "Doc 9303-12, Table 9");
const noKey = "the key that signed it is not known";
const noKeys: ReadonlySet<string> = new Set();

/** What a search that found nothing is called in a step. */
export const searchCodes: Readonly<
  Record<"absent" | "invalid" | "unsupported" | "unfinished", VerificationCode>
> = {
  absent: "ISSUER_UNKNOWN",
  invalid: "SIGNATURE_INVALID",
  unsupported: "SIGNATURE_UNSUPPORTED",
  unfinished: "WORK_EXCEEDED",
};

/**
 * The CSCA that issued a signer's certificate: Doc 9303-12, 4.2, and RFC 5280, 6.1.
 *
 * Unlike the search for the issuer of any certificate, every key that fits is looked at, those that are vouched for first,
 * and the issuer's name and country must match: what is wanted is not who signed, but one who is trusted and did.
 *
 * @module
 */

import { keySha256Of } from "../chain/authority-index.ts";
import { hasRoot, issuedCertificate, searchIssuers } from "../chain/issuer-search.ts";
import { usagePeriods } from "../chain/private-key-usage.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { formatTime } from "../der/time.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName, formatName } from "../x509/name.ts";
import type { Authority } from "./authority-layers.ts";
import { type PathContext, unfitness } from "./link-path.ts";

/** A CSCA certificate whose key signed the signer's. */
export interface Issuer {
  readonly authority: Authority;
  readonly leniencies: readonly Leniency[];
  /** What is to be known of it. */
  readonly notes: readonly VerificationStep[];
}

/** Those that may have issued it, of different keys: nearly always one. Without any, why. */
export interface IssuingAuthorities {
  readonly issuers: readonly Issuer[];
  readonly failure: VerificationStep;
}

/** Finds the CSCA of the signer's certificate by its key identifier, then among those of its issuer's name. */
export function findIssuingAuthorities(signer: Certificate, context: PathContext): IssuingAuthorities {
  const { signatures, pool } = context;
  const name = foldName(signer.issuer);
  const issuers: Issuer[] = [];
  const reasons: string[] = [];
  let rooted = 0;
  let isRevoked = false;
  const search = searchIssuers(issuedCertificate(signer), {
    signatures,
    indexes: pool.indexes,
    onlyNamed: true,
  });
  let step = search.next();
  for (; step.done !== true; step = search.next()) {
    const { key, leniencies } = step.value;
    const authority = chooseCertificate(key.keySha256, name, context);
    if (typeof authority !== "string") {
      const found: Issuer = { authority, leniencies, notes: usagePeriodNotes(authority, signer, context) };
      const certificates = pool.ofKey(key.keySha256).map((each) => each.certificate);
      // A stranger may have certified a second key that fits the signature, and that nobody can sign with.
      if (hasRoot(certificates, signatures)) issuers.splice(rooted++, 0, found);
      else issuers.push(found);
    } else reasons.unshift(authority);
    isRevoked ||= context.isKeyRevoked(key.keySha256) || authority === revoked;
  }
  const { outcome, reason } = step.value;
  if (outcome !== "absent") reasons.push(reason);
  const code = isRevoked ? "ANCHOR_REVOKED" : outcome === "unfinished" ? "WORK_EXCEEDED" : "CHAIN_BROKEN";
  return { issuers, failure: failure(signer, code, reasons) };
}

/**
 * The CSCA that signed the list itself, as one that issued its own certificate. It has a root: a stranger can certify the key of
 * somebody's list signer as that of a CSCA, others vouch for what they list, and the list would be another publisher's.
 */
export function ownAuthority(signer: Certificate, context: PathContext): IssuingAuthorities {
  const key = keySha256Of(signer.publicKey, context.signatures.engine);
  const ofKey = context.pool.ofKey(key).map(({ certificate }) => certificate);
  if (!hasRoot(ofKey, context.signatures)) {
    const reason = "no certificate of the key that signed the list is signed with it";
    return { issuers: [], failure: failure(signer, "CHAIN_BROKEN", [reason]) };
  }
  const authority = chooseCertificate(key, foldName(signer.subject), context);
  if (typeof authority !== "string") {
    return {
      issuers: [{ authority, leniencies: [], notes: [] }],
      failure: failure(signer, "CHAIN_BROKEN", []),
    };
  }
  const isRevoked = authority === revoked || context.isKeyRevoked(key);
  return {
    issuers: [],
    failure: failure(signer, isRevoked ? "ANCHOR_REVOKED" : "CHAIN_BROKEN", [authority]),
  };
}

/** Italy's CSCA goes on to issue signers after its own usage period: said, and no reason to refuse. */
function usagePeriodNotes(
  { keySha256, certificate }: Authority,
  { notBefore }: Certificate,
  { pool }: PathContext,
): readonly VerificationStep[] {
  const ofKey = pool.ofKey(keySha256);
  const vouchedFor = ofKey.filter(({ isVouchedFor }) => isVouchedFor);
  const certificates = (vouchedFor.length > 0 ? vouchedFor : ofKey).map((each) => each.certificate);
  if (usagePeriods(certificates).some(({ notAfter }) => notBefore <= notAfter)) return [];
  const message = `the usage period of ${formatName(certificate.subject)} was over when it issued the signer's certificate at ${formatTime(notBefore)}`;
  return [usagePeriod.noted("KEY_USAGE_PERIOD", message)];
}

/** The certificate of this key and name that is to stand on the path, or why there is none. */
function chooseCertificate(key: string, subject: string, context: PathContext): Authority | string {
  if (context.isKeyRevoked(key)) return revoked;
  const candidates = context.pool.ofKey(key).filter((authority) => authority.subject === subject);
  let reason = "no CSCA certificate of its issuer is known";
  for (const authority of candidates.toSorted(byPreference)) {
    const unfit = unfitness(authority, context) ?? rootFlaw(authority, context);
    if (unfit === undefined && !context.isRevoked(authority.certificate)) return authority;
    reason = unfit ?? revoked;
  }
  return reason;
}

/** What is vouched for, then what the CSCA gave itself, then its links; in each the order in which they were found. */
function byPreference(a: Authority, b: Authority): number {
  return rank(a) - rank(b);
}

function rank({ certificate, isVouchedFor }: Authority): number {
  return (isVouchedFor ? 0 : 2) + (certificate.roleBasis.role === "csca" ? 0 : 1);
}

/** Nothing covers an envelope: a root in it must at least be its own, and a link that of a CSCA that is known. */
function rootFlaw({ certificate, isVouchedFor }: Authority, context: PathContext): string | undefined {
  if (isVouchedFor) return undefined;
  const { role } = certificate.roleBasis;
  if (role === "link" && certificate.foundIn !== "envelope") return undefined;
  const { signatures, pool } = context;
  if (signatures.checkCertificate(certificate, certificate.publicKey).outcome === "valid") return undefined;
  const search = searchIssuers(issuedCertificate(certificate), {
    signatures,
    indexes: pool.indexes,
    onlyNamed: true,
  });
  return search.next().done === true ? "its own CSCA did not sign the CSCA certificate" : undefined;
}

function failure(
  signer: Certificate,
  code: "ANCHOR_REVOKED" | "CHAIN_BROKEN" | "WORK_EXCEEDED",
  [reason]: readonly string[],
): VerificationStep {
  const name = formatName(signer.issuer);
  if (code === "ANCHOR_REVOKED") return issuer.failed(code, `the CSCA certificate of ${name} is revoked`);
  return issuer.failed(
    code,
    reason === undefined
      ? `no CSCA certificate of ${name}, in the signer's country, is known`
      : `no CSCA certificate of ${name} issued the signer's: ${reason}`,
  );
}

const revoked = "the CSCA certificate is revoked";
const issuer = namedStep("issuer", "RFC 5280, 6.1.3");
const usagePeriod = namedStep("issuer-usage-period", "Doc 9303-12, 7.1.1");

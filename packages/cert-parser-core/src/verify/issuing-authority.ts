/**
 * The CSCA that issued a signer's certificate: Doc 9303-12, 4.2, and RFC 5280, 6.1.
 *
 * @module
 */

import type { Authority } from "../chain/authority-pool.ts";
import { usagePeriods } from "../chain/private-key-usage.ts";
import { failed, type VerificationStep } from "../chain/verification-step.ts";
import type { Leniency } from "../signatures/verdict.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName, formatName } from "../x509/name.ts";
import { isKeyRevoked, type PathContext, unfitness } from "./path-context.ts";

/** A CSCA certificate whose key signed the signer's. */
export interface Issuer {
  readonly authority: Authority;
  readonly leniencies: readonly Leniency[];
}

/** Those that may have issued it, of different keys: nearly always one. With none of them, why. */
export interface IssuerSearch {
  readonly issuers: readonly Issuer[];
  readonly failure: VerificationStep;
}

/**
 * Finds the CSCA of the signer's certificate by its key identifier, then by trial over those of its issuer's name. A
 * signature may be made to fit a second key, so that one who fits does not end the search.
 */
export function findIssuers(signer: Certificate, context: PathContext): IssuerSearch {
  const issuer = foldName(signer.issuer);
  const named = context.pool.issuersOf(signer).filter(({ subject }) => subject === issuer);
  const issuers: Issuer[] = [];
  const reasons: string[] = [];
  for (const [key, [first]] of Map.groupBy(named, ({ keySha256 }) => keySha256)) {
    if (first === undefined) continue;
    const check = context.signatures.checkCertificate(signer, first.certificate.publicKey);
    if (check.outcome !== "valid") {
      reasons.push(check.reason ?? check.outcome);
      continue;
    }
    const authority = isWithinUsagePeriod(key, signer, context)
      ? chooseCertificate(key, issuer, context)
      : "its key might not sign any more when it issued the signer's certificate";
    if (typeof authority === "string") reasons.unshift(authority);
    else issuers.push({ authority, leniencies: check.leniencies });
  }
  return { issuers, failure: failure(signer, named, reasons, context) };
}

/** What is vouched for says when the key signs; where nothing is, all that is at hand. */
function isWithinUsagePeriod(key: string, { notBefore }: Certificate, { pool }: PathContext): boolean {
  const ofKey = pool.ofKey(key);
  const vouchedFor = ofKey.filter(({ isVouchedFor }) => isVouchedFor);
  const certificates = (vouchedFor.length > 0 ? vouchedFor : ofKey).map(({ certificate }) => certificate);
  return usagePeriods(certificates).some(({ notAfter }) => notBefore <= notAfter);
}

/** The CSCA that signed the list itself, as one that issued its own certificate. */
export function ownAuthority(signer: Certificate, context: PathContext): IssuerSearch {
  const key = context.signatures.keySha256(signer.publicKey);
  const authority = chooseCertificate(key, foldName(signer.subject), context);
  return typeof authority === "string"
    ? { issuers: [], failure: failure(signer, [], [authority], context) }
    : { issuers: [{ authority, leniencies: [] }], failure: failure(signer, [], [], context) };
}

/** The certificate of this key and name that is to stand on the path, or why there is none. */
function chooseCertificate(key: string, subject: string, context: PathContext): Authority | string {
  const candidates = context.pool.ofKey(key).filter((authority) => authority.subject === subject);
  let reason = "no CSCA certificate of the issuer is at hand";
  for (const authority of candidates.toSorted(byPreference)) {
    const unfit = unfitness(authority, context) ?? rootFlaw(authority, context);
    if (unfit === undefined && !context.isRevoked(authority.certificate)) return authority;
    reason = unfit ?? "the CSCA certificate is revoked";
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

/** Nothing covers an envelope: a root in it must at least be its own, and a link that of a CSCA at hand. */
function rootFlaw({ certificate, isVouchedFor }: Authority, context: PathContext): string | undefined {
  if (isVouchedFor) return undefined;
  const { role } = certificate.roleBasis;
  if (role === "link" && certificate.foundIn !== "envelope") return undefined;
  const signers = context.pool.issuersOf(certificate);
  const keys = [certificate.publicKey, ...signers.map((authority) => authority.certificate.publicKey)];
  const isSigned = keys.some(
    (key) => context.signatures.checkCertificate(certificate, key).outcome === "valid",
  );
  return isSigned ? undefined : "the signature of the CSCA certificate is not its CSCA's";
}

function failure(
  signer: Certificate,
  named: readonly Authority[],
  reasons: readonly string[],
  context: PathContext,
): VerificationStep {
  const name = formatName(signer.issuer);
  const isRevoked = named.some(
    ({ certificate, keySha256 }) => context.isRevoked(certificate) || isKeyRevoked(keySha256, context),
  );
  if (isRevoked && named.length > 0) {
    return failed("issuer", "ANCHOR_REVOKED", `the CSCA certificate of ${name} is revoked`, rule);
  }
  const [reason] = reasons;
  const message =
    reason === undefined
      ? `no CSCA certificate of ${name}, of the signer's country, is at hand`
      : `no CSCA certificate of ${name} has issued the signer's: ${reason}`;
  return failed("issuer", "CHAIN_BROKEN", message, rule);
}

const rule = "RFC 5280, 6.1.3";

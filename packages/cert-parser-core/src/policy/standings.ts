/**
 * What the signatures of certificates and CRLs say of them, as plain data.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { type AuthorityIndex, foldCountry, indexAuthorities, isAuthority } from "../chain/authority-index.ts";
import type { BoundedSignatures } from "../chain/bounded-signatures.ts";
import { type CertificateJudgment, judgeCertificate } from "../chain/certificate-verdict.ts";
import { judgeCrl, type RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { Pause } from "../chain/pause.ts";
import type { RevocationList } from "../crl/revocation-list.ts";
import type { MasterList } from "../icao/master-list.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { CertificateStanding, CrlStanding } from "./evidence.ts";
import type { Ledger } from "./ledger.ts";
import type { CrlFact, RevokedSerial } from "./trust-facts.ts";

/** What signatures are judged with. */
export interface StandingContext {
  readonly ledger: Ledger;
  readonly signatures: BoundedSignatures;
  readonly now: Date;
  /** Gives the event loop its turn. */
  readonly pause: Pause;
}

/** Judges what is in a list, whose own CSCA certificates are looked at first, and beside it. */
export async function judgeListed(
  { certificates, envelopeCertificates }: MasterList,
  context: StandingContext,
): Promise<{
  readonly inside: readonly CertificateJudgment[];
  readonly beside: readonly CertificateJudgment[];
}> {
  const { engine } = context.signatures;
  const own = indexAuthorities(certificates, { engine });
  const { index } = context.ledger;
  const inside = await judgeAll(certificates, [own, index], context);
  const envelope = indexAuthorities(envelopeCertificates, { engine });
  return { inside, beside: await judgeAll(envelopeCertificates, [own, envelope, index], context) };
}

/** Judges what stands by itself, against everything that is known. */
export function judgeLoose(
  certificates: readonly Certificate[],
  context: StandingContext,
): Promise<readonly CertificateJudgment[]> {
  return judgeAll(certificates, [context.ledger.index], context);
}

/** Judges CRLs by all keys that are known. */
export async function judgeCrls(
  crls: readonly RevocationList[],
  { ledger, signatures, now, pause }: StandingContext,
): Promise<readonly RevocationListJudgment[]> {
  const judged: RevocationListJudgment[] = [];
  for (const crl of crls) {
    const { index, state } = ledger;
    const known = state.facts.crls;
    judged.push(judgeCrl(crl, { indexes: [index], lineage: () => state.lineage, signatures, now, known }));
    await pause();
  }
  return judged;
}

/** The standing of a certificate in a verified list or its envelope. */
export function listedStanding(
  judged: CertificateJudgment,
  { ledger }: StandingContext,
): CertificateStanding {
  return standingOf(judged, "verified", true, ledger);
}

/** The standing of a certificate that stands by itself; `isVerified` if a trusted key of its country signed it. */
export function looseStanding(
  judged: CertificateJudgment,
  isVerified: boolean,
  isHeld: boolean,
  { ledger }: StandingContext,
): CertificateStanding {
  return standingOf(judged, isVerified ? "verified" : "unsigned", isHeld, ledger);
}

/** Any state could otherwise sign for any other. */
export function isOfItsCountry({ certificate, issuer }: CertificateJudgment): boolean {
  return issuer !== undefined && foldCountry(issuer.subject) === foldCountry(certificate.subject);
}

/** The standing of a CRL. */
export function crlStanding({ outcome, steps, issuerKeySha256 }: RevocationListJudgment): CrlStanding {
  return { verdict: outcome, steps, issuerKeySha256: issuerKeySha256 ?? null };
}

/** An accepted CRL as a fact, with its entries for these serial numbers (lower-case hex); undefined for a refused one. */
export function crlFactOf(
  { crl, outcome, issuerKeySha256 }: RevocationListJudgment,
  serialNumbers: ReadonlySet<string>,
): CrlFact | undefined {
  if (outcome === "refused" || issuerKeySha256 === undefined) return undefined;
  const { sha256, crlNumber, thisUpdate, nextUpdate } = crl;
  return {
    sha256,
    keySha256: issuerKeySha256,
    crlNumber: crlNumber === undefined ? null : toHex(crlNumber),
    thisUpdate,
    nextUpdate: nextUpdate ?? null,
    revoked: entriesFor(crl, serialNumbers),
  };
}

/** Tells whether a CSCA certificate stands in a list that was accepted. */
export function isListed({ certificate }: CertificateJudgment, { ledger }: StandingContext): boolean {
  return ledger.isListed(certificate);
}

async function judgeAll(
  certificates: readonly Certificate[],
  indexes: readonly AuthorityIndex[],
  { ledger, signatures, pause }: StandingContext,
): Promise<readonly CertificateJudgment[]> {
  const judged = new Map<string, CertificateJudgment>();
  const all: CertificateJudgment[] = [];
  for (const certificate of certificates) {
    const before = judged.get(certificate.sha256);
    const judgment =
      before === undefined
        ? judgeCertificate(certificate, { indexes, signatures, issuerKeyOf: ledger.issuerKeyOf })
        : { ...before, certificate };
    judged.set(certificate.sha256, judgment);
    all.push(judgment);
    await pause();
  }
  return all;
}

/** In one pass: a CRL may have a million entries, and a directory 30,000 certificates. */
function entriesFor(
  { revokedCertificates }: RevocationList,
  serialNumbers: ReadonlySet<string>,
): readonly RevokedSerial[] {
  const found: RevokedSerial[] = [];
  for (const entry of revokedCertificates) {
    const serialNumber = toHex(entry.serialNumber);
    if (!serialNumbers.has(serialNumber)) continue;
    found.push({ serialNumber, revocationDate: entry.revocationDate, reason: entry.reason ?? null });
  }
  return found;
}

function standingOf(
  judged: CertificateJudgment,
  level: CertificateStanding["level"],
  isHeld: boolean,
  ledger: Ledger,
): CertificateStanding {
  const { certificate, verdict, keySha256, issuerSha256 = null, issuerKeySha256 = null } = judged;
  const revokedBy = issuerKeySha256 === null ? undefined : ledger.revocationOf(certificate, issuerKeySha256);
  return { level, isHeld, verdict, keySha256, issuerSha256, issuerKeySha256, revokedBy: revokedBy ?? null };
}

/** Distinct certificates for issuing others. */
export function authoritiesAmong(judged: readonly CertificateJudgment[]): readonly Certificate[] {
  return judged.map(({ certificate }) => certificate).filter(isAuthority);
}

/**
 * A verification as plain data: `verify --json`.
 *
 * @module
 */

import {
  type Certificate,
  type CertificateJudgment,
  type CertificateVerdict,
  type CountryLinks,
  formatName,
  type ListVerdict,
  type ObjectJudgment,
  type ObjectVerification,
  type RevocationListJudgment,
  roleOf,
  type SignerVerdict,
  type TrustEnd,
  toHex,
} from "cert-parser-core";
import { instantText } from "./instant-text.ts";

/** One object with every step, ready for JSON. */
export function verificationDocument(verification: ObjectVerification) {
  const { object, outcome, judgment, steps, verdict, certificates, countries, crls } = verification;
  const [only, ...others] = certificates;
  return {
    kind: object.kind,
    origin: object.origin ?? null,
    offset: object.offset,
    outcome,
    steps,
    reasons: judgment.reasons,
    ...(verdict === undefined ? {} : verdictDocument(verdict)),
    ...(verdict === undefined && only !== undefined && others.length === 0
      ? { certificate: issuanceDocument(only, judgment) }
      : {}),
    certificates: {
      count: certificates.length,
      verdicts: verdictCounts(certificates),
      leniencies: certificates.filter(({ leniencies }) => leniencies.length > 0).length,
      unsettled: certificates.filter(isUnsettled).map(judgmentDocument),
    },
    countriesWithoutCsca: verification.countriesWithoutCsca,
    brokenLinks: countries.flatMap(({ brokenLinks }) => brokenLinks.map(judgmentDocument)),
    rollovers: countries.flatMap(rolloverDocuments),
    crls: crls.map(crlDocument),
  };
}

/** How many there are of each verdict, in a fixed order; those that there is none of are left out. */
export function verdictCounts(
  certificates: readonly CertificateJudgment[],
): Readonly<Partial<Record<CertificateVerdict, number>>> {
  const counted = Map.groupBy(certificates, ({ verdict }) => verdict);
  const present = verdictOrder.filter((verdict) => counted.has(verdict));
  return Object.fromEntries(present.map((verdict) => [verdict, counted.get(verdict)?.length ?? 0]));
}

/** Whether its issuer was not found. */
export function isUnsettled({ verdict }: CertificateJudgment): boolean {
  return verdict !== "root" && verdict !== "link";
}

function verdictDocument(verdict: ListVerdict) {
  const { signers, signingTime, publisher, anchor, path, rollover, leniencies, findings } = verdict;
  return {
    signingTime: optionalInstant(signingTime),
    publisher: publisher && {
      keySha256: publisher.keySha256,
      country: publisher.country,
      subject: publisher.subject,
      certificateSha256: publisher.certificate.sha256,
    },
    anchor: anchor && anchorDocument(anchor),
    path: path.map(certificateDocument),
    rollover: rollover && {
      from: rollover.from,
      to: rollover.to,
      links: rollover.links.map(certificateDocument),
    },
    leniencies,
    signers: signers.map(signerDocument),
    findings,
  };
}

function signerDocument({ outcome, sid, signingTime, certificate, steps }: SignerVerdict) {
  return {
    outcome,
    sid:
      sid.type === "subjectKeyIdentifier"
        ? { type: sid.type, subjectKeyIdentifier: toHex(sid.subjectKeyIdentifier) }
        : { type: sid.type, issuer: formatName(sid.issuer), serialNumber: toHex(sid.serialNumber) },
    signingTime: optionalInstant(signingTime),
    certificate: certificate && certificateDocument(certificate),
    steps,
  };
}

function anchorDocument({ type, keySha256, certificate }: TrustEnd) {
  return { type, keySha256, certificate: certificate && certificateDocument(certificate) };
}

/** What names a certificate. */
export function certificateDocument(certificate: Certificate) {
  const { sha256, subject, issuer, serialNumber, notBefore, notAfter } = certificate;
  return {
    sha256,
    role: roleOf(certificate),
    subject: formatName(subject),
    issuer: formatName(issuer),
    serialNumber: toHex(serialNumber),
    notBefore: instantText(notBefore),
    notAfter: instantText(notAfter),
  };
}

/** Of a certificate that stands by itself. */
function issuanceDocument(judged: CertificateJudgment, { evidence }: ObjectJudgment) {
  const { certificate, keySha256, issuerSha256 = null, issuerKeySha256 = null } = judged;
  const { revokedBy = null } = evidence?.certificates.get(certificate.sha256) ?? {};
  return { ...judgmentDocument(judged), keySha256, issuerSha256, issuerKeySha256, revokedBy };
}

function judgmentDocument({ certificate, verdict, reason }: CertificateJudgment) {
  return { ...certificateDocument(certificate), verdict, reason: reason ?? null };
}

function rolloverDocuments({ country, rollovers }: CountryLinks) {
  return rollovers.map(({ link, oldKeySha256, newKeySha256, changesName, isWithinUsagePeriod }) => ({
    country: country ?? null,
    linkSha256: link.sha256,
    oldKeySha256,
    newKeySha256,
    changesName,
    isWithinUsagePeriod,
  }));
}

function crlDocument(judgment: RevocationListJudgment) {
  const { crl, outcome, steps, issuer, issuerKeySha256 } = judgment;
  return {
    sha256: crl.sha256,
    issuer: formatName(crl.issuer),
    thisUpdate: instantText(crl.thisUpdate),
    nextUpdate: optionalInstant(crl.nextUpdate ?? null),
    outcome,
    isStale: judgment.isStale,
    issuerSha256: issuer?.sha256 ?? null,
    issuerKeySha256: issuerKeySha256 ?? null,
    steps,
  };
}

function optionalInstant(instant: Date | null): string | null {
  return instant && instantText(instant);
}

const verdictOrder: readonly CertificateVerdict[] = [
  "root",
  "link",
  "issuer-absent",
  "signature-invalid",
  "algorithm-unsupported",
  "unchecked",
];

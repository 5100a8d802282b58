/**
 * The questions of passive authentication to a Document Signer certificate and its CSCA: Doc 9303-12, 5 and D.1.
 *
 * @module
 */

import { foldCountry } from "../chain/authority-index.ts";
import type { IssuerFound, IssuerSearch } from "../chain/issuer-search.ts";
import { isWithin, usagePeriodOf, usagePeriods } from "../chain/private-key-usage.ts";
import type { RevocationStatus } from "../chain/revocation-status.ts";
import type { VerificationCode } from "../chain/verification-code.ts";
import { namedStep, type VerificationStep } from "../chain/verification-step.ts";
import { formatTime } from "../der/time.ts";
import type { Certificate } from "../x509/certificate.ts";
import { foldName, formatName } from "../x509/name.ts";
import { roleOf } from "../x509/role.ts";
import { unknownCriticalExtension } from "./signer-profile.ts";

/** The steps, in their order. */
export type DocumentSignerStepName =
  | "profile"
  | "validity"
  | "usage-period"
  | "issuer"
  | "signature"
  | "issuer-name"
  | "issuer-country"
  | "issuer-validity"
  | "issuer-usage-period"
  | "issuer-withdrawal"
  | "revocation"
  | "issuer-revocation";

/** One step. */
export type DocumentSignerStep = VerificationStep<DocumentSignerStepName>;

/** Whether it is a certificate for signing documents: Doc 9303-12, Table 6. A documentTypeList may be missing. */
export function profileStep(certificate: Certificate): DocumentSignerStep {
  const { basicConstraints, keyUsage = [] } = certificate;
  const flaw = (message: string) => profile.failed("SIGNER_PROFILE", message);
  if (basicConstraints?.cA) return flaw("it is the certificate of a CA");
  if (!keyUsage.includes("digitalSignature")) return flaw("keyUsage has no digitalSignature");
  const role = roleOf(certificate);
  if (role !== "dsc") return flaw(`its role is ${role}, expected dsc`);
  const unknown = unknownCriticalExtension(certificate);
  return unknown === undefined ? profile.passed("it may sign documents") : flaw(unknown.message);
}

/** Whether it is valid at the instant of the check, and at that of the signature where it is known. */
export function validityStep(
  certificate: Certificate,
  instants: readonly (Date | undefined)[],
): DocumentSignerStep {
  const message = `valid from ${formatTime(certificate.notBefore)} to ${formatTime(certificate.notAfter)}`;
  const outside = instants.find((instant) => instant !== undefined && !isWithin(instant, certificate));
  return outside === undefined
    ? validity.passed(message)
    : validity.failed("SIGNER_EXPIRED", `${message}, not at ${formatTime(outside)}`);
}

/** Whether its key might sign when the document was signed. */
export function usagePeriodStep(certificate: Certificate, signedAt: Date | undefined): DocumentSignerStep {
  if (signedAt === undefined) return usagePeriod.skipped("when the document was signed is not known");
  if (certificate.privateKeyUsagePeriod === undefined) return usagePeriod.skipped("it gives no period");
  return isWithin(signedAt, usagePeriodOf(certificate))
    ? usagePeriod.passed(`its key might sign at ${formatTime(signedAt)}`)
    : usagePeriod.failed("KEY_USAGE_PERIOD", `its key might not sign at ${formatTime(signedAt)}`);
}

/** How the search for its issuer came out: as two steps, since a missing issuer is another matter than a bad signature. */
export function searchSteps(search: IssuerSearch): readonly DocumentSignerStep[] {
  switch (search.outcome) {
    case "found":
      return [
        issuer.passed(`${formatName(search.certificate.subject)}, found by ${search.foundBy}`),
        goodStep(search),
      ];
    case "invalid":
      return [
        issuer.passed("the key that it names is known"),
        signature.failed("SIGNATURE_INVALID", search.reason),
      ];
    case "unsupported":
      return [
        issuer.skipped("only a signature tells"),
        signature.failed("SIGNATURE_UNSUPPORTED", search.reason),
      ];
    case "unfinished":
      return [issuer.failed("WORK_EXCEEDED", search.reason), signature.skipped(noIssuer)];
    case "absent":
      return [issuer.failed("ISSUER_UNKNOWN", search.reason), signature.skipped(noIssuer)];
  }
}

/** Whether the issuer is the CSCA by name: RFC 5280, 6.1.3 (a) (4). */
export function issuerNameStep(certificate: Certificate, csca: Certificate | undefined): DocumentSignerStep {
  if (csca === undefined) return issuerName.skipped(noIssuer);
  return foldName(certificate.issuer) === foldName(csca.subject)
    ? issuerName.passed("the names match")
    : issuerName.failed(
        "NAME_MISMATCH",
        `issuer is ${formatName(certificate.issuer)}, the CSCA ${formatName(csca.subject)}`,
      );
}

/** Whether both are of one country: else any state could sign for any other. */
export function issuerCountryStep(
  certificate: Certificate,
  csca: Certificate | undefined,
): DocumentSignerStep {
  if (csca === undefined) return issuerCountry.skipped(noIssuer);
  const [ofSigner, ofCsca] = [foldCountry(certificate.subject), foldCountry(csca.subject)];
  return ofSigner === ofCsca
    ? issuerCountry.passed(`both are of ${ofCsca || "no country"}`)
    : issuerCountry.failed(
        "COUNTRY_MISMATCH",
        `it is of ${ofSigner || "no country"}, the CSCA of ${ofCsca || "no country"}`,
      );
}

/** Whether the CSCA certificate is valid at the instant of the check. */
export function issuerValidityStep(csca: Certificate | undefined, instant: Date): DocumentSignerStep {
  if (csca === undefined) return issuerValidity.skipped(noIssuer);
  const message = `valid from ${formatTime(csca.notBefore)} to ${formatTime(csca.notAfter)}`;
  return isWithin(instant, csca)
    ? issuerValidity.passed(message)
    : issuerValidity.failed("CSCA_EXPIRED", `${message}, not at ${formatTime(instant)}`);
}

/** Whether the CSCA's key might sign when the certificate was issued, by any of the key's own certificates. */
export function issuerUsagePeriodStep(
  { notBefore }: Certificate,
  own: readonly Certificate[] | undefined,
): DocumentSignerStep {
  if (own === undefined) return issuerUsagePeriod.skipped(noIssuer);
  return usagePeriods(own).some((period) => isWithin(notBefore, period))
    ? issuerUsagePeriod.passed(`its key might sign at ${formatTime(notBefore)}`)
    : issuerUsagePeriod.failed("KEY_USAGE_PERIOD", `its key might not sign at ${formatTime(notBefore)}`);
}

/** Whether the CSCA's key still is in a list. A withdrawn key vouches for nothing that was not seen before. */
export function issuerWithdrawalStep(isWithdrawn: boolean | undefined, isKnown: boolean): DocumentSignerStep {
  if (isWithdrawn === undefined) return issuerWithdrawal.skipped(noIssuer);
  if (!isWithdrawn) return issuerWithdrawal.passed("the key was not withdrawn");
  const message = "the key of its CSCA left every list before its time";
  return isKnown
    ? issuerWithdrawal.noted("KEY_WITHDRAWN", `${message}; the certificate was seen before`)
    : issuerWithdrawal.failed("KEY_WITHDRAWN", `${message}, and the certificate was not seen before`);
}

/** What the CRLs say of the certificate; a stale one is noted, and says what it says. */
export function revocationStep(status: RevocationStatus | undefined): DocumentSignerStep {
  if (status === undefined) return revocation.skipped("no CRLs to ask, or no known issuer");
  if (status.status === "undetermined") {
    return revocation.failed("REVOCATION_UNDETERMINED", "no CRL that speaks for its CSCA is known");
  }
  if (status.status === "revoked") return revocation.failed("REVOKED", revokedMessage(status));
  return status.isStale
    ? revocation.noted("CRL_STALE", "not revoked, by a CRL after which another was due")
    : revocation.passed("not revoked");
}

/** What those say who have no authority over it. */
export function alertSteps(status: RevocationStatus | undefined): readonly DocumentSignerStep[] {
  if (status === undefined || status.alerts.length === 0) return [];
  const message =
    "a sibling or namesake of its CSCA's key lists it as revoked; that key does not speak for its CSCA";
  return [revocation.noted("REVOCATION_ALERT", message)];
}

/** What CRLs say of a certificate over the CSCA's key. */
export interface AuthorityStatus extends RevocationStatus {
  /** Whether the key signed it itself. */
  readonly isRoot: boolean;
}

/**
 * Whether the key of the CSCA is revoked: with its own root, or with every certificate over it. That CRLs say nothing is
 * only noted: CSCAs are seldom in them. `statuses` may be a sentence that decides.
 */
export function issuerRevocationStep(
  statuses: string | readonly AuthorityStatus[] | undefined,
): DocumentSignerStep {
  if (statuses === undefined) return issuerRevocation.skipped("no CRLs to ask, or no known issuer");
  if (typeof statuses === "string") return issuerRevocation.failed("ANCHOR_REVOKED", statuses);
  const revoked = statuses.filter(({ status }) => status === "revoked");
  const [first] = revoked;
  if (first !== undefined && (revoked.length === statuses.length || revoked.some(({ isRoot }) => isRoot))) {
    return issuerRevocation.failed("ANCHOR_REVOKED", revokedMessage(first));
  }
  return statuses.some(({ status }) => status === "undetermined")
    ? issuerRevocation.noted("REVOCATION_UNDETERMINED", "no CRL speaks of a certificate of its CSCA")
    : issuerRevocation.passed("not revoked");
}

function goodStep({ leniencies }: IssuerFound): DocumentSignerStep {
  return leniencies.length === 0
    ? signature.passed("the key of the CSCA signed it")
    : signature.noted("LENIENCY", `good, but for ${leniencies.join(", ")}`);
}

function revokedMessage({ revocationDate, reason, invalidityDate }: RevocationStatus): string {
  const since = revocationDate === undefined ? "" : ` at ${formatTime(revocationDate)}`;
  const doubtful = invalidityDate === undefined ? "" : `, invalid since ${formatTime(invalidityDate)}`;
  return `revoked${since}, reason ${reason ?? "not given"}${doubtful}`;
}

const profile = namedStep("profile", "Doc 9303-12, Table 6");
const validity = namedStep("validity", "RFC 5280, 6.1.3");
const usagePeriod = namedStep("usage-period", "Doc 9303-12, 7.1.1");
const issuer = namedStep("issuer", "Doc 9303-12, D.1.1");
const signature = namedStep("signature", "RFC 5280, 6.1.3");
const issuerName = namedStep("issuer-name", "RFC 5280, 6.1.3");
const issuerCountry = namedStep("issuer-country", "Doc 9303-12, Table 5");
const issuerValidity = namedStep("issuer-validity", "RFC 5280, 6.1.3");
const issuerUsagePeriod = namedStep("issuer-usage-period", "Doc 9303-12, 7.1.1");
const issuerWithdrawal = namedStep("issuer-withdrawal", "Doc 9303-12, 4.2");
const revocation = namedStep("revocation", "Doc 9303-12, D.1.2.3");
const issuerRevocation = namedStep("issuer-revocation", "Doc 9303-12, D.1.2.3");
const noIssuer = "its issuer is not known";

/** Failures after which nothing is known for or against the certificate. */
export const openCodes: ReadonlySet<VerificationCode | null> = new Set<VerificationCode>([
  "ISSUER_UNKNOWN",
  "KEY_WITHDRAWN",
  "REVOCATION_UNDETERMINED",
  "SIGNATURE_UNSUPPORTED",
  "WORK_EXCEEDED",
]);

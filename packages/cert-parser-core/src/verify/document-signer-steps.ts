/**
 * The questions of passive authentication to a Document Signer certificate and its CSCA: Doc 9303-12, 5 and D.1.
 *
 * @module
 */

import { foldCountry } from "../chain/authority-index.ts";
import type { IssuerFound, IssuerSearch } from "../chain/issuer-search.ts";
import { type NamedStep, namedStep } from "../chain/named-step.ts";
import { isWithin, usagePeriodOf, usagePeriods } from "../chain/private-key-usage.ts";
import type { RevocationStatus } from "../chain/revocation-status.ts";
import type { JudgmentCode } from "../chain/verification-code.ts";
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
  | "revocation"
  | "issuer-revocation";

/** One step. */
export type DocumentSignerStep = NamedStep<DocumentSignerStepName>;

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
    default:
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

/** Whether the CSCA's key might sign when the certificate was issued, by any of the key's certificates. */
export function issuerUsagePeriodStep(
  { notBefore }: Certificate,
  found: IssuerFound | undefined,
): DocumentSignerStep {
  if (found === undefined) return issuerUsagePeriod.skipped(noIssuer);
  return usagePeriods(found.key.certificates).some((period) => isWithin(notBefore, period))
    ? issuerUsagePeriod.passed(`its key might sign at ${formatTime(notBefore)}`)
    : issuerUsagePeriod.failed("KEY_USAGE_PERIOD", `its key might not sign at ${formatTime(notBefore)}`);
}

/** What the CRLs say of the certificate; a stale one is noted, and says what it says. */
export function revocationStep(status: RevocationStatus | undefined): DocumentSignerStep {
  if (status === undefined)
    return revocation.skipped("no CRLs are to be asked, or nobody is known to have issued it");
  if (status.status === "undetermined") {
    return revocation.failed("REVOCATION_UNDETERMINED", "no CRL of its CSCA is at hand");
  }
  if (status.status === "revoked") return revocation.failed("REVOKED", revokedMessage(status));
  return status.isStale
    ? revocation.noted("CRL_STALE", "not revoked, by a CRL after which another was due")
    : revocation.passed("not revoked");
}

/** What they say of the certificates above it. That they say nothing is only noted: CSCAs are seldom in them. */
export function issuerRevocationStep(statuses: readonly RevocationStatus[] | undefined): DocumentSignerStep {
  if (statuses === undefined)
    return issuerRevocation.skipped("no CRLs are to be asked, or its issuer is not known");
  const revoked = statuses.find(({ status }) => status === "revoked");
  if (revoked !== undefined) return issuerRevocation.failed("ANCHOR_REVOKED", revokedMessage(revoked));
  return statuses.some(({ status }) => status === "undetermined")
    ? issuerRevocation.noted("REVOCATION_UNDETERMINED", "no CRL speaks of a certificate above it")
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
const revocation = namedStep("revocation", "Doc 9303-12, D.1.2.3");
const issuerRevocation = namedStep("issuer-revocation", "Doc 9303-12, D.1.2.3");
const noIssuer = "its issuer is not known";

/** Failures after which nothing is known for or against the certificate. */
export const openCodes: ReadonlySet<JudgmentCode | null> = new Set<JudgmentCode>([
  "ISSUER_UNKNOWN",
  "REVOCATION_UNDETERMINED",
  "SIGNATURE_UNSUPPORTED",
]);

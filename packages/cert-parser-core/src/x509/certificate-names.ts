/**
 * What Doc 9303-12, Table 5 asks of a certificate's names.
 *
 * @module
 */

import type { Finding, FindingCode } from "../findings.ts";
import { countryOf, hasCommonName, type Name } from "./name.ts";

/** Notes what is not as it should be with the countries and the commonName; a name that stands there twice, once. */
export function noteCertificateNames(
  issuer: Name,
  issuerStart: number,
  subject: Name,
  subjectStart: number,
  findings: Finding[],
): void {
  noteCountry(subject, "subject", subjectStart, findings);
  // New Zealand, Singapore and the United States, 2026.
  if (!hasCommonName(subject))
    note("COMMON_NAME_ABSENT", "subject has no commonName", subjectStart, findings);
  if (issuer === subject) return;
  noteCountry(issuer, "issuer", issuerStart, findings);
  const [ofIssuer, ofSubject] = [countryOf(issuer)?.toUpperCase(), countryOf(subject)?.toUpperCase()];
  if (ofIssuer !== undefined && ofSubject !== undefined && ofIssuer !== ofSubject) {
    const message = `issuer is of country ${JSON.stringify(ofIssuer)}, subject of ${JSON.stringify(ofSubject)}`;
    note("COUNTRY_MISMATCH", message, subjectStart, findings);
  }
}

function noteCountry(name: Name, which: string, start: number, findings: Finding[]): void {
  const country = countryOf(name);
  if (country === undefined) {
    note("COUNTRY_ABSENT", `${which} has no countryName`, start, findings);
    return;
  }
  if (country.length !== 2) {
    const message = `countryName of ${which} is ${JSON.stringify(country)}, expected two letters`;
    note("COUNTRY_LENGTH", message, start, findings);
  }
  if (country !== country.toUpperCase()) {
    const message = `countryName of ${which} is ${JSON.stringify(country)}, expected upper case`;
    note("COUNTRY_CASE", message, start, findings);
  }
}

function note(code: FindingCode, message: string, offset: number, findings: Finding[]): void {
  findings.push({ code, message, offset, clause: "Doc 9303-12, Table 5" });
}

/**
 * Extensions of certificates as OpenSSL prints them, those of ICAO included.
 *
 * @module
 */

import type {
  AuthorityKeyRecord,
  CertificateDescription,
  DistributionPointRecord,
  ExtensionRecord,
  PolicyInformationRecord,
  PrivateKeyUsagePeriodRecord,
} from "cert-parser-core";
import { colonHex, hexLines } from "./hex-text.ts";
import { generalNamesText } from "./name-text.ts";
import { opensslExtension, opensslTime, opensslWords } from "./openssl-names.ts";

/** What stands under `X509v3 extensions`: each under its heading, in the order of the encoding. */
export function extensionsLines(certificate: CertificateDescription): readonly string[] {
  const seen = new Set<string>();
  return certificate.extensions.flatMap((extension) => {
    // The first counts (RFC 5280, 4.2), and what it says stands in the description.
    const decoded = seen.has(extension.type) ? undefined : decodedLines(extension, certificate);
    seen.add(extension.type);
    return extensionLines(extension, decoded);
  });
}

/** An extension: its heading, and what it says, or its bytes where that is not known. */
export function extensionLines(
  { name, type, critical, value }: ExtensionRecord,
  decoded: readonly string[] | undefined,
): readonly string[] {
  const heading = `${opensslExtension(name, type)}:${critical ? " critical" : ""}`;
  return [heading, ...(decoded ?? hexLines(value, bytesPerLine)).map((line) => `    ${line}`)];
}

/** What an extension with the names of a distribution point says. */
export function distributionPointLines(points: readonly DistributionPointRecord[]): readonly string[] {
  return points.flatMap(({ fullName, nameRelativeToCRLIssuer, reasons, cRLIssuer }) => [
    ...(fullName === null ? [] : ["Full Name:", ...fullName.map((name) => `  ${generalNamesText([name])}`)]),
    ...(nameRelativeToCRLIssuer === null ? [] : [`Relative Name: ${nameRelativeToCRLIssuer}`]),
    ...(reasons === null ? [] : [`Reasons: ${reasons.map(opensslWords).join(", ")}`]),
    ...(cRLIssuer === null ? [] : [`CRL Issuer: ${generalNamesText(cRLIssuer)}`]),
  ]);
}

/** What an authority key identifier says. */
export function authorityKeyLines(authorityKey: AuthorityKeyRecord): readonly string[] {
  const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = authorityKey;
  const others = authorityCertIssuer !== null || authorityCertSerialNumber !== null;
  return [
    ...(keyIdentifier === null ? [] : [`${others ? "keyid:" : ""}${colonHex(keyIdentifier)}`]),
    ...(authorityCertIssuer === null ? [] : [generalNamesText(authorityCertIssuer)]),
    ...(authorityCertSerialNumber === null ? [] : [`serial:${colonHex(authorityCertSerialNumber)}`]),
  ];
}

/** Undefined where the extension is none of those, or malformed. */
function decodedLines(
  { name, value }: ExtensionRecord,
  certificate: CertificateDescription,
): readonly string[] | undefined {
  switch (name) {
    case "subjectKeyIdentifier":
      return mapped(certificate.subjectKeyIdentifier, (identifier) => [colonHex(identifier)]);
    case "authorityKeyIdentifier":
      return mapped(certificate.authorityKey, authorityKeyLines);
    case "basicConstraints":
      return mapped(certificate.basicConstraints, ({ cA, pathLenConstraint }) => [
        `CA:${cA ? "TRUE" : "FALSE"}${pathLenConstraint === null ? "" : `, pathlen:${pathLenConstraint}`}`,
      ]);
    case "keyUsage":
      return mapped(certificate.keyUsage, (usages) => [usages.map(opensslWords).join(", ")]);
    case "extKeyUsage":
      return mapped(certificate.extKeyUsage, (purposes) => [purposes.map(purposeText).join(", ")]);
    case "privateKeyUsagePeriod":
      return mapped(certificate.privateKeyUsagePeriod, (period) => [periodText(period)]);
    case "subjectAltName":
      return mapped(certificate.subjectAltName, ({ names }) => [generalNamesText(names)]);
    case "issuerAltName":
      return mapped(certificate.issuerAltName, ({ names }) => [generalNamesText(names)]);
    case "cRLDistributionPoints":
      return mapped(certificate.cRLDistributionPoints, distributionPointLines);
    case "certificatePolicies":
      return mapped(certificate.certificatePolicies, (policies) => policies.flatMap(policyLines));
    case "documentTypeList":
      return mapped(certificate.documentTypeList, ({ types, encoding }) => [
        types.join(", ") + (encoding === "standard" ? "" : ` (encoded as ${encoding})`),
      ]);
    case "nameChange":
      return value === derNull ? ["the CSCA has changed its name"] : undefined;
    default:
      return undefined;
  }
}

function mapped<T>(value: T | null, lines: (value: T) => readonly string[]): readonly string[] | undefined {
  return value === null ? undefined : lines(value);
}

function purposeText({ type, name }: { readonly type: string; readonly name: string | null }): string {
  return name === null ? type : opensslWords(name);
}

function periodText({ notBefore, notAfter }: PrivateKeyUsagePeriodRecord): string {
  return [
    ...(notBefore === null ? [] : [`Not Before: ${opensslTime(notBefore)}`]),
    ...(notAfter === null ? [] : [`Not After: ${opensslTime(notAfter)}`]),
  ].join(", ");
}

function policyLines({ policyIdentifier, cPSuris, userNotices }: PolicyInformationRecord): readonly string[] {
  return [
    `Policy: ${policyIdentifier === anyPolicy ? "X509v3 Any Policy" : policyIdentifier}`,
    ...cPSuris.map((uri) => `  CPS: ${uri}`),
    ...userNotices.flatMap(({ organization, noticeNumbers, explicitText }) => [
      "  User Notice:",
      ...(organization === null ? [] : [`    Organization: ${organization}`]),
      ...(noticeNumbers.length === 0 ? [] : [`    Numbers: ${noticeNumbers.join(", ")}`]),
      ...(explicitText === null ? [] : [`    Explicit Text: ${explicitText}`]),
    ]),
  ];
}

const bytesPerLine = 15;
const derNull = "0500";
const anyPolicy = "2.5.29.32.0";

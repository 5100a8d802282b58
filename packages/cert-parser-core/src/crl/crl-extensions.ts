/**
 * The extensions of a CRL, RFC 5280 section 5.2. One that is malformed costs itself, and perhaps the CRL's scope.
 *
 * @module
 */

import {
  idCeAuthorityKeyIdentifier,
  idCeCrlNumber,
  idCeDeltaCrlIndicator,
  idCeFreshestCrl,
  idCeIssuerAltName,
  idCeIssuingDistributionPoint,
  idPeAuthorityInfoAccess,
} from "../der/oids.ts";
import { type Element, readElement } from "../der/reader.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { checkIssuerAltName, decodeIssuerAltName } from "../x509/alternative-names.ts";
import {
  checkCrlDistributionPoints,
  type DistributionPoint,
  decodeCrlDistributionPoints,
} from "../x509/crl-distribution-points.ts";
import { type ExtensionDecoder, readExtension, walkExtensions } from "../x509/extension.ts";
import { expectFewExtensions, isShort } from "../x509/extension-bounds.ts";
import type { GeneralName } from "../x509/general-name.ts";
import {
  type AuthorityKey,
  decodeAuthorityKey,
  decodeAuthorityKeyIdentifier,
} from "../x509/key-identifiers.ts";
import { decodeCrlNumber } from "./crl-number.ts";
import { checkExtension, type ExpectedCriticality } from "./extension-checks.ts";
import {
  checkIssuingDistributionPoint,
  type DistributionPointScope,
  decodeIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from "./issuing-distribution-point.ts";

/** What the extensions of a CRL say; undefined for each that is absent, malformed or too long. */
export interface KnownCrlExtensions {
  /** The keyIdentifier of `authorityKey`, which is there even where the rest of it is malformed. */
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  /** All three forms of the authority key identifier. */
  readonly authorityKey: AuthorityKey | undefined;
  /** Further names of the issuer: Doc 9303-12 has its former ones here. */
  readonly issuerAltName: readonly GeneralName[] | undefined;
  /** Content octets of the INTEGER. */
  readonly crlNumber: Uint8Array | undefined;
  /** BaseCRLNumber, the number of the CRL that this delta goes on top of: content octets of the INTEGER. */
  readonly deltaCrlIndicator: Uint8Array | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  /** Where deltas to this CRL are to be had. */
  readonly freshestCRL: readonly DistributionPoint[] | undefined;
}

/** Where the extnValue of each of them starts; 0 for each that is absent, malformed or too long. */
export type CrlExtensionOffsets = { readonly [Name in keyof KnownCrlExtensions]: number };

/** What comes of looking at all extensions of a CRL. */
export interface CrlExtensionsLayout {
  readonly offsets: CrlExtensionOffsets;
  /** Whether there is an authorityKeyIdentifier, readable or not. */
  readonly namesAuthorityKey: boolean;
  /** Whether one that says what the CRL covers cannot be read, or a critical one cannot or is unknown (RFC 5280, 5.2). */
  readonly unprocessable: boolean;
}

/** Looks at the extensions that the SEQUENCE `element` frames; of one that stands there twice, the first counts. */
export function locateCrlExtensions(
  input: Uint8Array,
  element: Element | undefined,
  limits: Limits,
  findings: Finding[],
): CrlExtensionsLayout {
  const offsets = { ...noOffsets };
  if (element === undefined) return { offsets, namesAuthorityKey: false, unprocessable: false };
  expectFewExtensions(input, element, crlExtensionsPath, limits);
  let unprocessable = false;
  const seen = new Set<string>();
  const unreadable: Finding[] = [];
  walkExtensions(input, element, crlExtensionsPath, unreadable, (type, critical, extnValue) => {
    if (!checkExtension(type, critical, extnValue, expectedCriticality, seen, findings)) return;
    const readable = locate(input, type, extnValue, limits, offsets, findings);
    if (!readable && (critical || limitsScope.has(type))) unprocessable = true;
  });
  for (const finding of unreadable) {
    // It may have been a critical one.
    if (finding.code === "EXTENSION_MALFORMED") unprocessable = true;
    findings.push(finding);
  }
  return { offsets, namesAuthorityKey: seen.has(idCeAuthorityKeyIdentifier), unprocessable };
}

/** Reads one of them again, from the offset that {@link locateCrlExtensions} gave. */
export function crlExtensionAt<Name extends keyof KnownCrlExtensions>(
  input: Uint8Array,
  name: Name,
  offsets: CrlExtensionOffsets,
): KnownCrlExtensions[Name] {
  const offset = offsets[name];
  return offset === 0 ? undefined : decoders[name](input, readElement(input, offset), []);
}

/** What the issuingDistributionPoint says of the scope; undefined where there is none. */
export function distributionPointScopeAt(
  input: Uint8Array,
  { issuingDistributionPoint }: CrlExtensionOffsets,
): DistributionPointScope | undefined {
  if (issuingDistributionPoint === 0) return undefined;
  return checkIssuingDistributionPoint(input, readElement(input, issuingDistributionPoint), []);
}

/** Tells whether an extension can be read, and keeps where it is. */
function locate(
  input: Uint8Array,
  type: string,
  extnValue: Element,
  limits: Limits,
  offsets: WritableOffsets,
  findings: Finding[],
): boolean {
  const name = names.get(type);
  if (name === undefined) return expectedCriticality.has(type);
  if (!isShort(type, extnValue, limits, findings)) return false;
  const { start } = extnValue;
  const read = (decode: ExtensionDecoder<unknown>, into: Finding[]) =>
    readExtension(input, type, extnValue, (...value) => [decode(...value)], into) !== undefined;
  if (name === "authorityKey" && read(decodeAuthorityKeyIdentifier, []))
    offsets.authorityKeyIdentifier = start;
  if (!read(checks[name], findings)) return false;
  offsets[name] = start;
  return true;
}

type WritableOffsets = { -readonly [Name in keyof KnownCrlExtensions]: number };

const noOffsets: CrlExtensionOffsets = {
  authorityKeyIdentifier: 0,
  authorityKey: 0,
  issuerAltName: 0,
  crlNumber: 0,
  deltaCrlIndicator: 0,
  issuingDistributionPoint: 0,
  freshestCRL: 0,
};

const names: ReadonlyMap<string, keyof KnownCrlExtensions> = new Map([
  [idCeAuthorityKeyIdentifier, "authorityKey"],
  [idCeIssuerAltName, "issuerAltName"],
  [idCeCrlNumber, "crlNumber"],
  [idCeDeltaCrlIndicator, "deltaCrlIndicator"],
  [idCeIssuingDistributionPoint, "issuingDistributionPoint"],
  [idCeFreshestCrl, "freshestCRL"],
]);

const decoders: { readonly [Name in keyof KnownCrlExtensions]: ExtensionDecoder<KnownCrlExtensions[Name]> } =
  {
    authorityKeyIdentifier: decodeAuthorityKeyIdentifier,
    authorityKey: decodeAuthorityKey,
    issuerAltName: decodeIssuerAltName,
    crlNumber: decodeCrlNumber,
    deltaCrlIndicator: decodeCrlNumber,
    issuingDistributionPoint: decodeIssuingDistributionPoint,
    freshestCRL: decodeCrlDistributionPoints,
  };

/** The same without lists made of what may be millions of names. */
const checks: { readonly [Name in keyof KnownCrlExtensions]: ExtensionDecoder<unknown> } = {
  ...decoders,
  issuerAltName: checkIssuerAltName,
  issuingDistributionPoint: checkIssuingDistributionPoint,
  freshestCRL: checkCrlDistributionPoints,
};

/** RFC 5280, 5.2. */
const expectedCriticality: ExpectedCriticality = new Map([
  [idCeAuthorityKeyIdentifier, false],
  [idCeIssuerAltName, false],
  [idCeCrlNumber, false],
  [idCeDeltaCrlIndicator, true],
  [idCeIssuingDistributionPoint, true],
  [idCeFreshestCrl, false],
  [idPeAuthorityInfoAccess, false],
]);

const limitsScope: ReadonlySet<string> = new Set([idCeDeltaCrlIndicator, idCeIssuingDistributionPoint]);
export const crlExtensionsPath = "TBSCertList.crlExtensions";

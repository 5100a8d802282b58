/**
 * The extensions that are read with every certificate. One that is malformed costs itself, not the certificate.
 *
 * @module
 */

import {
  idCeAuthorityKeyIdentifier,
  idCeBasicConstraints,
  idCeCertificatePolicies,
  idCeCrlDistributionPoints,
  idCeExtKeyUsage,
  idCeIssuerAltName,
  idCeKeyUsage,
  idCePrivateKeyUsagePeriod,
  idCeSubjectAltName,
  idCeSubjectKeyIdentifier,
  idIcaoDocumentTypeList,
  idIcaoFormerDocumentTypeList,
  idIcaoNameChange,
} from "../der/oids.ts";
import { checkIssuerAltName, checkSubjectAltName } from "./alternative-names.ts";
import {
  type BasicConstraints,
  decodeBasicConstraints,
  decodeExtKeyUsage,
  type KeyUsage,
  keyUsageBits,
} from "./certificate-extensions.ts";
import { decodeCertificatePolicies, type PolicyInformation } from "./certificate-policies.ts";
import { checkCrlDistributionPoints, type DistributionPoint } from "./crl-distribution-points.ts";
import {
  type DocumentTypeList,
  decodeDocumentTypeList,
  decodeFormerDocumentTypeList,
} from "./document-type-list.ts";
import type { ExtensionDecoder } from "./extension.ts";
import type { GeneralName } from "./general-name.ts";
import { type AuthorityKey, checkAuthorityKey, checkSubjectKeyIdentifier } from "./key-identifiers.ts";
import { checkNameChange } from "./name-change.ts";
import { checkPrivateKeyUsagePeriod, type PrivateKeyUsagePeriod } from "./private-key-usage-period.ts";

/** What those extensions say; undefined for each that is absent or malformed. */
export interface KnownExtensions {
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  /** The keyIdentifier of `authorityKey`, which is there even where the rest of it is malformed. */
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  /** All three forms of the authority key identifier. */
  readonly authorityKey: AuthorityKey | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** Dotted OIDs. */
  readonly extKeyUsage: readonly string[] | undefined;
  readonly privateKeyUsagePeriod: PrivateKeyUsagePeriod | undefined;
  readonly subjectAltName: readonly GeneralName[] | undefined;
  readonly issuerAltName: readonly GeneralName[] | undefined;
  readonly cRLDistributionPoints: readonly DistributionPoint[] | undefined;
  readonly certificatePolicies: readonly PolicyInformation[] | undefined;
  /** Whether the CSCA says that it changed its name (Doc 9303-12, 7.1.1). */
  readonly nameChange: boolean;
  readonly documentTypeList: DocumentTypeList | undefined;
}

/** What reading knows of one of them. */
export interface KnownExtension {
  /** Dotted OID. */
  readonly type: string;
  /** Its name in the standards. */
  readonly name: Exclude<keyof KnownExtensions, "authorityKey">;
  /** Whether it should be critical (Doc 9303-12, Table 6); undefined where that depends on what it says. */
  readonly critical: boolean | undefined;
  /** Throws where it is malformed, and notes what is not as it should be. */
  readonly check: ExtensionDecoder<unknown>;
}

/** All of them; two are the same under an old OID and a new one. */
export const knownExtensions: readonly KnownExtension[] = [
  {
    type: idCeSubjectKeyIdentifier,
    name: "subjectKeyIdentifier",
    critical: false,
    check: checkSubjectKeyIdentifier,
  },
  {
    type: idCeAuthorityKeyIdentifier,
    name: "authorityKeyIdentifier",
    critical: false,
    check: checkAuthorityKey,
  },
  { type: idCeBasicConstraints, name: "basicConstraints", critical: true, check: decodeBasicConstraints },
  { type: idCeKeyUsage, name: "keyUsage", critical: true, check: keyUsageBits },
  { type: idCeExtKeyUsage, name: "extKeyUsage", critical: undefined, check: decodeExtKeyUsage },
  {
    type: idCePrivateKeyUsagePeriod,
    name: "privateKeyUsagePeriod",
    critical: false,
    check: checkPrivateKeyUsagePeriod,
  },
  { type: idCeSubjectAltName, name: "subjectAltName", critical: false, check: checkSubjectAltName },
  { type: idCeIssuerAltName, name: "issuerAltName", critical: false, check: checkIssuerAltName },
  {
    type: idCeCrlDistributionPoints,
    name: "cRLDistributionPoints",
    critical: false,
    check: checkCrlDistributionPoints,
  },
  {
    type: idCeCertificatePolicies,
    name: "certificatePolicies",
    critical: false,
    check: decodeCertificatePolicies,
  },
  { type: idIcaoNameChange, name: "nameChange", critical: false, check: checkNameChange },
  { type: idIcaoDocumentTypeList, name: "documentTypeList", critical: false, check: decodeDocumentTypeList },
  {
    type: idIcaoFormerDocumentTypeList,
    name: "documentTypeList",
    critical: false,
    check: decodeFormerDocumentTypeList,
  },
];

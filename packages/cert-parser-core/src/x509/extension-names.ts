/**
 * The names of extensions, as their standards write them.
 *
 * @module
 */

import {
  idCeAuthorityKeyIdentifier,
  idCeBasicConstraints,
  idCeCertificatePolicies,
  idCeCrlDistributionPoints,
  idCeExtKeyUsage,
  idCeFreshestCrl,
  idCeInhibitAnyPolicy,
  idCeIssuerAltName,
  idCeKeyUsage,
  idCeNameConstraints,
  idCePolicyConstraints,
  idCePolicyMappings,
  idCePrivateKeyUsagePeriod,
  idCeSubjectAltName,
  idCeSubjectDirectoryAttributes,
  idCeSubjectKeyIdentifier,
  idIcaoDocumentTypeList,
  idIcaoFormerDocumentTypeList,
  idIcaoNameChange,
  idPeAuthorityInfoAccess,
  netscapeCertType,
} from "../der/oids.ts";

/** Names by dotted OID: those of RFC 5280 and Doc 9303-12, and others that real CSCAs have. */
export const extensionNames: ReadonlyMap<string, string> = new Map([
  [idCeAuthorityKeyIdentifier, "authorityKeyIdentifier"],
  [idCeBasicConstraints, "basicConstraints"],
  [idCeCertificatePolicies, "certificatePolicies"],
  [idCeCrlDistributionPoints, "cRLDistributionPoints"],
  [idCeExtKeyUsage, "extKeyUsage"],
  [idCeFreshestCrl, "freshestCRL"],
  [idCeInhibitAnyPolicy, "inhibitAnyPolicy"],
  [idCeIssuerAltName, "issuerAltName"],
  [idCeKeyUsage, "keyUsage"],
  [idCeNameConstraints, "nameConstraints"],
  [idCePolicyConstraints, "policyConstraints"],
  [idCePolicyMappings, "policyMappings"],
  [idCePrivateKeyUsagePeriod, "privateKeyUsagePeriod"],
  [idCeSubjectAltName, "subjectAltName"],
  [idCeSubjectDirectoryAttributes, "subjectDirectoryAttributes"],
  [idCeSubjectKeyIdentifier, "subjectKeyIdentifier"],
  [idIcaoDocumentTypeList, "documentTypeList"],
  [idIcaoFormerDocumentTypeList, "documentTypeList"],
  [idIcaoNameChange, "nameChange"],
  [idPeAuthorityInfoAccess, "authorityInfoAccess"],
  [netscapeCertType, "netscape-cert-type"],
  // Romania, the United States, Lithuania: Microsoft's certificate services, and Entrust's.
  ["1.3.6.1.4.1.311.20.2", "enrollCerttypeExtension"],
  ["1.3.6.1.4.1.311.21.1", "cAKeyCertIndexPair"],
  ["1.3.6.1.4.1.311.21.2", "certSrvPreviousCertHash"],
  ["1.2.840.113533.7.65.0", "entrustVersInfo"],
]);

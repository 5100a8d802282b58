/**
 * Object identifiers under their registered names.
 *
 * @module
 */

// RFC 5652
export const idData = "1.2.840.113549.1.7.1";
export const idSignedData = "1.2.840.113549.1.7.2";
export const idContentType = "1.2.840.113549.1.9.3";
export const idMessageDigest = "1.2.840.113549.1.9.4";
export const idSigningTime = "1.2.840.113549.1.9.5";

// Doc 9303-12
export const idIcaoCscaMasterList = "2.23.136.1.1.2";
export const idIcaoCscaMasterListSigningKey = "2.23.136.1.1.3";
export const idIcaoFormerDocumentTypeList = "2.23.136.1.1.4";
export const idIcaoExtensionsNameChange = "2.23.136.1.1.6.1";
export const idIcaoExtensionsDocumentTypeList = "2.23.136.1.1.6.2";
export const idIcaoDeviationList = "2.23.136.1.1.7";
export const idIcaoDeviationListSigningKey = "2.23.136.1.1.8";
export const idIcaoVdsSigningKey = "2.23.136.1.1.11.1";

// RFC 5280, 4.2 and 5.2
export const idCeSubjectKeyIdentifier = "2.5.29.14";
export const idCeKeyUsage = "2.5.29.15";
export const idCePrivateKeyUsagePeriod = "2.5.29.16";
export const idCeSubjectAltName = "2.5.29.17";
export const idCeIssuerAltName = "2.5.29.18";
export const idCeBasicConstraints = "2.5.29.19";
export const idCeCrlNumber = "2.5.29.20";
export const idCeReasonCode = "2.5.29.21";
export const idCeHoldInstructionCode = "2.5.29.23";
export const idCeInvalidityDate = "2.5.29.24";
export const idCeDeltaCrlIndicator = "2.5.29.27";
export const idCeIssuingDistributionPoint = "2.5.29.28";
export const idCeCertificateIssuer = "2.5.29.29";
export const idCeCrlDistributionPoints = "2.5.29.31";
export const idCeCertificatePolicies = "2.5.29.32";
export const idCeAuthorityKeyIdentifier = "2.5.29.35";
export const idCeExtKeyUsage = "2.5.29.37";
export const idNetscapeCertType = "2.16.840.1.113730.1.1";

// RFC 3279, RFC 4055, RFC 5758
export const rsaEncryption = "1.2.840.113549.1.1.1";
export const idRsassaPss = "1.2.840.113549.1.1.10";
export const idMgf1 = "1.2.840.113549.1.1.8";
export const idEcPublicKey = "1.2.840.10045.2.1";

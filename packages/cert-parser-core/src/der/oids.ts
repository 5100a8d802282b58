/**
 * Object identifiers under their registered names.
 *
 * @module
 */

// Attribute types of names: X.520, RFC 4519, RFC 2985.
export const idAtCommonName = "2.5.4.3";
export const idAtSurname = "2.5.4.4";
export const idAtSerialNumber = "2.5.4.5";
export const idAtCountryName = "2.5.4.6";
export const idAtLocalityName = "2.5.4.7";
export const idAtStateOrProvinceName = "2.5.4.8";
export const idAtStreetAddress = "2.5.4.9";
export const idAtOrganizationName = "2.5.4.10";
export const idAtOrganizationalUnitName = "2.5.4.11";
export const idAtTitle = "2.5.4.12";
export const idAtDescription = "2.5.4.13";
export const idAtBusinessCategory = "2.5.4.15";
export const idAtPostalCode = "2.5.4.17";
export const idAtGivenName = "2.5.4.42";
export const idAtInitials = "2.5.4.43";
export const idAtGenerationQualifier = "2.5.4.44";
export const idAtDnQualifier = "2.5.4.46";
export const idAtPseudonym = "2.5.4.65";
export const idAtOrganizationIdentifier = "2.5.4.97";
export const idDomainComponent = "0.9.2342.19200300.100.1.25";
export const idUserId = "0.9.2342.19200300.100.1.1";
export const idEmailAddress = "1.2.840.113549.1.9.1";

// Extensions: RFC 5280, 4.2 and 5.2.
export const idCeSubjectKeyIdentifier = "2.5.29.14";
export const idCeKeyUsage = "2.5.29.15";
export const idCePrivateKeyUsagePeriod = "2.5.29.16";
export const idCeSubjectAltName = "2.5.29.17";
export const idCeIssuerAltName = "2.5.29.18";
export const idCeBasicConstraints = "2.5.29.19";
export const idCeCrlNumber = "2.5.29.20";
export const idCeCrlReasons = "2.5.29.21";
export const idCeHoldInstructionCode = "2.5.29.23";
export const idCeInvalidityDate = "2.5.29.24";
export const idCeDeltaCrlIndicator = "2.5.29.27";
export const idCeIssuingDistributionPoint = "2.5.29.28";
export const idCeCertificateIssuer = "2.5.29.29";
export const idCeNameConstraints = "2.5.29.30";
export const idCeCrlDistributionPoints = "2.5.29.31";
export const idCeCertificatePolicies = "2.5.29.32";
export const anyPolicy = "2.5.29.32.0";
export const idCePolicyMappings = "2.5.29.33";
export const idCeAuthorityKeyIdentifier = "2.5.29.35";
export const idCePolicyConstraints = "2.5.29.36";
export const idCeExtKeyUsage = "2.5.29.37";
export const idCeFreshestCrl = "2.5.29.46";
export const idCeInhibitAnyPolicy = "2.5.29.54";
export const idCeSubjectDirectoryAttributes = "2.5.29.9";
export const idPeAuthorityInfoAccess = "1.3.6.1.5.5.7.1.1";
export const idQtCps = "1.3.6.1.5.5.7.2.1";
export const idQtUnotice = "1.3.6.1.5.5.7.2.2";
export const netscapeCertType = "2.16.840.1.113730.1.1";

// Keys and signatures: RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410.
export const rsaEncryption = "1.2.840.113549.1.1.1";
export const md5WithRsaEncryption = "1.2.840.113549.1.1.4";
export const sha1WithRsaEncryption = "1.2.840.113549.1.1.5";
export const idMgf1 = "1.2.840.113549.1.1.8";
export const idRsassaPss = "1.2.840.113549.1.1.10";
export const sha256WithRsaEncryption = "1.2.840.113549.1.1.11";
export const sha384WithRsaEncryption = "1.2.840.113549.1.1.12";
export const sha512WithRsaEncryption = "1.2.840.113549.1.1.13";
export const sha224WithRsaEncryption = "1.2.840.113549.1.1.14";
export const idDsa = "1.2.840.10040.4.1";
export const idDsaWithSha1 = "1.2.840.10040.4.3";
export const idDsaWithSha224 = "2.16.840.1.101.3.4.3.1";
export const idDsaWithSha256 = "2.16.840.1.101.3.4.3.2";
export const idDsaWithSha384 = "2.16.840.1.101.3.4.3.3";
export const idDsaWithSha512 = "2.16.840.1.101.3.4.3.4";
export const idEcPublicKey = "1.2.840.10045.2.1";
export const primeField = "1.2.840.10045.1.1";
export const ecdsaWithSha1 = "1.2.840.10045.4.1";
export const ecdsaWithSha224 = "1.2.840.10045.4.3.1";
export const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
export const ecdsaWithSha384 = "1.2.840.10045.4.3.3";
export const ecdsaWithSha512 = "1.2.840.10045.4.3.4";
export const idEd25519 = "1.3.101.112";
export const idEd448 = "1.3.101.113";

// Digests: RFC 3370, RFC 5754.
export const idMd5 = "1.2.840.113549.2.5";
export const idSha1 = "1.3.14.3.2.26";
export const idSha224 = "2.16.840.1.101.3.4.2.4";
export const idSha256 = "2.16.840.1.101.3.4.2.1";
export const idSha384 = "2.16.840.1.101.3.4.2.2";
export const idSha512 = "2.16.840.1.101.3.4.2.3";

// CMS: RFC 5652, 4, 5.1 and 11; attributes of RFC 6211, RFC 2634 and RFC 5035.
export const idData = "1.2.840.113549.1.7.1";
export const idSignedData = "1.2.840.113549.1.7.2";
export const idContentType = "1.2.840.113549.1.9.3";
export const idMessageDigest = "1.2.840.113549.1.9.4";
export const idSigningTime = "1.2.840.113549.1.9.5";
export const idAaSigningCertificate = "1.2.840.113549.1.9.16.2.12";
export const idAaSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
export const idAaCmsAlgorithmProtect = "1.2.840.113549.1.9.52";

// ICAO: Doc 9303-12, Table 6 and section 9; Doc 9303-13 for the visible digital seal.
export const idIcaoCscaMasterList = "2.23.136.1.1.2";
export const idIcaoMasterListSigningKey = "2.23.136.1.1.3";
export const idIcaoLdsSecurityObject = "2.23.136.1.1.1";
export const idIcaoAlternativeLdsSecurityObject = "1.3.27.1.1.1";
export const idIcaoFormerDocumentTypeList = "2.23.136.1.1.4";
export const idIcaoNameChange = "2.23.136.1.1.6.1";
export const idIcaoDocumentTypeList = "2.23.136.1.1.6.2";
export const idIcaoDeviationList = "2.23.136.1.1.7";
export const idIcaoDeviationListSigningKey = "2.23.136.1.1.8";
export const idIcaoVdsSigningKey = "2.23.136.1.1.11.1";

// Types of deviations: Doc 9303-12, 10.2.
export const idDeviationCertOrKey = "2.23.136.1.1.7.1";
export const idDeviationCertOrKeyDsSignature = "2.23.136.1.1.7.1.1";
export const idDeviationCertOrKeyDsEncoding = "2.23.136.1.1.7.1.2";
export const idDeviationCertOrKeyCscaEncoding = "2.23.136.1.1.7.1.3";
export const idDeviationCertOrKeyAaKeyCompromised = "2.23.136.1.1.7.1.4";
export const idDeviationLds = "2.23.136.1.1.7.2";
export const idDeviationLdsDgMalformed = "2.23.136.1.1.7.2.1";
export const idDeviationLdsDgHashWrong = "2.23.136.1.1.7.2.2";
export const idDeviationLdsSodSignatureWrong = "2.23.136.1.1.7.2.3";
export const idDeviationLdsComInconsistent = "2.23.136.1.1.7.2.4";
export const idDeviationMrz = "2.23.136.1.1.7.3";
export const idDeviationMrzWrongData = "2.23.136.1.1.7.3.1";
export const idDeviationMrzWrongCheckDigit = "2.23.136.1.1.7.3.2";
export const idDeviationChip = "2.23.136.1.1.7.4";
export const idDeviationNationalUse = "2.23.136.1.1.7.5";

/**
 * Object identifiers of certificates and CRLs, under their registered names.
 *
 * @module
 */

// RFC 5280, 4.2 and 5.2
export const idCeSubjectKeyIdentifier = "2.5.29.14";
export const idCeKeyUsage = "2.5.29.15";
export const idCeBasicConstraints = "2.5.29.19";
export const idCeCrlNumber = "2.5.29.20";
export const idCeCrlReasons = "2.5.29.21";
export const idCeAuthorityKeyIdentifier = "2.5.29.35";
export const idCeExtKeyUsage = "2.5.29.37";

// RFC 3279, RFC 4055, RFC 5480, RFC 8410
export const rsaEncryption = "1.2.840.113549.1.1.1";
export const idRsassaPss = "1.2.840.113549.1.1.10";
export const idDsa = "1.2.840.10040.4.1";
export const idEcPublicKey = "1.2.840.10045.2.1";
export const primeField = "1.2.840.10045.1.1";
export const idEd25519 = "1.3.101.112";
export const idEd448 = "1.3.101.113";

// Doc 9303-12, 7.1 and Table 6; Doc 9303-13 for the visible digital seal
export const idIcaoMasterListSigningKey = "2.23.136.1.1.3";
export const idIcaoDeviationListSigningKey = "2.23.136.1.1.8";
export const idIcaoVdsSigningKey = "2.23.136.1.1.11.1";
export const idIcaoDocumentTypeList = "2.23.136.1.1.6.2";

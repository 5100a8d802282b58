/**
 * Builders for fixtures of your own: certificates, CRLs and Master Lists, right or wrong in every field. Node only: the
 * keys need OpenSSL's brainpool curves.
 *
 * @module
 */

export {
  bitString,
  boolean,
  compareDer,
  concat,
  contextConstructed,
  contextPrimitive,
  element,
  indefiniteElement,
  integer,
  integerOctets,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  Tag,
} from "./asn1/der-writer.ts";
export { encodeTime, type TimeForm, type TimeInput } from "./asn1/time.ts";
export { buildCertificateBundle, type CertificateBundleOptions } from "./cms/certificate-bundle.ts";
export {
  type BuiltDeviationList,
  buildDeviationContent,
  buildDeviationList,
  type DeviationContentOptions,
  type DeviationDescriptionInput,
  type DeviationDocumentsInput,
  type DeviationInput,
  type DeviationListOptions,
  type DocumentSignerInput,
} from "./cms/deviation-list.ts";
export {
  type BuiltMasterList,
  buildListContent,
  buildMasterList,
  type ListContentOptions,
  type MasterListOptions,
} from "./cms/master-list.ts";
export {
  buildSignedData,
  encodeAttribute,
  type SignedDataOptions,
  type SignerOptions,
} from "./cms/signed-data.ts";
export { type AlteredKey, alterCurve } from "./crypto/altered-curve.ts";
export type { CurveName } from "./crypto/curve.ts";
export { forgePkcs1 } from "./crypto/forged-pkcs1.ts";
export type { HashName } from "./crypto/hash.ts";
export {
  deriveKeyPair,
  type EcKeyPair,
  generateKeyPair,
  type KeyIdentifierMethod,
  type KeyPair,
  type KeySpec,
  keyIdentifier,
  type RsaKeyPair,
  readKeyPair,
  writeKeyPair,
} from "./crypto/key-pair.ts";
export { encodePublicKey, type PublicKeyEncoding } from "./crypto/public-key-info.ts";
export {
  algorithmOid,
  type Ecdsa,
  encodeAlgorithm,
  type RsaPkcs1,
  type RsaPss,
  type SignatureAlgorithm,
  sign,
  usualAlgorithm,
} from "./crypto/signature.ts";
export { encodeLdif, type LdifLine, type LdifOptions, type LdifRecord } from "./text/ldif.ts";
export { encodeBase64, encodePem, type TextOptions } from "./text/pem.ts";
export {
  type Authority,
  type BuiltCertificate,
  buildCertificate,
  type CertificateOptions,
} from "./x509/certificate.ts";
export {
  certificateIssuer,
  deltaCrlIndicator,
  holdInstructionCode,
  invalidityDate,
  issuingDistributionPoint,
} from "./x509/crl-extension.ts";
export {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  crlDistributionPoints,
  crlNumber,
  documentTypeList,
  type Extension,
  encodeExtension,
  extendedKeyUsage,
  type GeneralNameInput,
  issuerAltName,
  type KeyUsageBit,
  keyUsage,
  nameChange,
  netscapeCertType,
  privateKeyUsagePeriod,
  rawExtension,
  subjectAltName,
  subjectKeyIdentifier,
  withExtension,
  withoutExtension,
} from "./x509/extension.ts";
export { encodeName, type NameAttribute, type NameInput, type StringType } from "./x509/name.ts";
export {
  cscaOptions,
  documentSignerOptions,
  linkOptions,
  listSignerOptions,
  type ProfileOptions,
} from "./x509/profiles.ts";
export {
  type BuiltRevocationList,
  type BuiltRevokedCertificate,
  buildRevocationList,
  type RevocationListOptions,
  type RevokedCertificate,
} from "./x509/revocation-list.ts";

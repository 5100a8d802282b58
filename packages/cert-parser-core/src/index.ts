/**
 * Reads ICAO CSCA Master Lists, their certificates and CRLs; and the pipeline that keeps a trust store in step.
 *
 * @module
 */

export type { Sha256, Sha256Stream } from "./bytes/digest.ts";
export { fromHex, toHex } from "./bytes/hex.ts";
export { type AuthoritySet, type AuthoritySetOptions, gatherAuthorities } from "./chain/authority-set.ts";
export {
  type CertificateJudgment,
  type CertificateVerdict,
  type JudgeCertificatesOptions,
  judgeCertificates,
} from "./chain/certificate-verdict.ts";
export type { KnownRevocationList } from "./chain/crl-age.ts";
export {
  type CrlStepName,
  type JudgeRevocationListOptions,
  judgeRevocationList,
  type RevocationListJudgment,
  toKnownRevocationList,
} from "./chain/crl-verdict.ts";
export type { CscaGroup, CscaKey } from "./chain/csca-group.ts";
export type { IssuerMatch } from "./chain/issuer-search.ts";
export type { AuthorityKeyFacts, KeyLineage, SignedAuthority } from "./chain/key-lineage.ts";
export { type CountryLinks, countriesWithoutCsca, linkGraph, type Rollover } from "./chain/link-graph.ts";
export {
  type IssuedCertificate,
  type RevocationStatus,
  revocationStatus,
} from "./chain/revocation-status.ts";
export type { VerificationCode } from "./chain/verification-code.ts";
export type { VerificationResult, VerificationStep } from "./chain/verification-step.ts";
export type { SignerIdentifier, SignerInfo } from "./cms/signer-info.ts";
export type { KnownCrlExtensions } from "./crl/crl-extensions.ts";
export type { CrlReason } from "./crl/crl-reason.ts";
export type { CrlScope } from "./crl/crl-scope.ts";
export type { IssuingDistributionPoint } from "./crl/issuing-distribution-point.ts";
export { parseRevocationList, type RevocationList } from "./crl/revocation-list.ts";
export type { RevokedCertificate } from "./crl/revoked-certificate.ts";
export type { BitString } from "./der/bit-string.ts";
export { CertParserError, type CertParserErrorCode, type CertParserErrorOptions } from "./errors.ts";
export type {
  Finding,
  FindingCode,
  FoundIn,
  Origin,
  PkdAttributes,
  Rejection,
  RejectionReason,
} from "./findings.ts";
export type {
  Bundle,
  BundleKind,
  HeldBundle,
  PkdChange,
  PkdDirectory,
  SignedObject,
} from "./icao/bundle.ts";
export type {
  Deviation,
  DeviationDescription,
  DeviationDocuments,
  DocumentSignerIdentifier,
  IssuancePeriod,
} from "./icao/deviation.ts";
export { type DeviationList, isDeviationList, parseDeviationList } from "./icao/deviation-list.ts";
export type { DeviationTypeName } from "./icao/deviation-types.ts";
export { type MasterList, parseMasterList } from "./icao/master-list.ts";
export { applyDelta, type DeltaOptions } from "./icao/pkd-delta.ts";
export { readBundle } from "./icao/read-bundle.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { bundleParser, type TrustPolicyOptions, trustPolicy } from "./pipeline/default-ports.ts";
export type { Stage, StageFigures, SyncEvent, SyncEventIdentity } from "./pipeline/events.ts";
export type {
  AccessTokenProvider,
  AuthenticatedSource,
  BundleDownloader,
  BundleParser,
  BundleSource,
  CertificateEntry,
  Clock,
  Confirmation,
  Credentials,
  CrlEntry,
  Download,
  DownloadProgress,
  EditionEntry,
  PortError,
  PortResult,
  QuarantineEntry,
  Release,
  SfcTokenProvider,
  Snapshot,
  StoreReport,
  SyncErrorCode,
  TrustPolicy,
  TrustStore,
} from "./pipeline/ports.ts";
export type { RunReport, SyncError } from "./pipeline/report.ts";
export type { SyncOptions } from "./pipeline/run.ts";
export { type SyncPorts, sync } from "./pipeline/sync.ts";
export type { DeltaRemovals } from "./policy/directory-delta.ts";
export type {
  CertificateStanding,
  CrlStanding,
  Evidence,
  JudgedPublisher,
  TrustLevel,
  Verdicts,
} from "./policy/evidence.ts";

export { type JudgeBundleOptions, judgeBundle } from "./policy/judge-bundle.ts";
export type { BundleJudgment, JudgmentReason, ObjectJudgment } from "./policy/judgment.ts";
export {
  type Known,
  type KnownCertificate,
  type KnownPublisher,
  type KnownTrust,
  nothingTrusted,
  type Validators,
} from "./policy/known.ts";
export {
  type AuthorityFact,
  type CrlFact,
  type EditionFact,
  noFacts,
  type RevokedSerial,
  type TrustDecisions,
  type TrustFacts,
} from "./policy/trust-facts.ts";
export {
  type LiftableCode,
  liftableCodes,
  type TrustMode,
  type TrustSettings,
} from "./policy/trust-settings.ts";
export {
  type KnownAuthority,
  type RevocationGround,
  stateFingerprint,
  type TrustState,
  trustStateOf,
} from "./policy/trust-state.ts";
export {
  type BundleVerification,
  type ObjectVerification,
  openCodes,
  type VerificationOutcome,
  type VerifyBundleOptions,
  verifyBundle,
} from "./policy/verify-bundle.ts";
export {
  type BundleDescription,
  type CrlDescription,
  type DescribeBundleOptions,
  type DirectoryChange,
  type DirectoryDescription,
  describeBundle,
  type ListedDeviation,
} from "./records/bundle-description.ts";
export {
  type BundleSummary,
  type RejectionSummary,
  type SignerSummary,
  summariseBundle,
} from "./records/bundle-summary.ts";
export type {
  CertificateCounts,
  CountryCount,
  PublicKeyCount,
  RoleCounts,
  SignatureAlgorithmCount,
} from "./records/certificate-counts.ts";
export {
  type BasicConstraintsRecord,
  type CertificateDescription,
  describeCertificate,
  type KeyPurposeRecord,
} from "./records/certificate-description.ts";
export {
  type CertificateRecord,
  toCertificateRecord,
} from "./records/certificate-record.ts";
export {
  type CrlRecord,
  type RevokedCertificateRecord,
  revokedCertificateRecords,
  toCrlRecord,
} from "./records/crl-record.ts";
export {
  type DeviationDescriptionRecord,
  type DeviationRecord,
  type DocumentSignerRecord,
  toDeviationRecord,
} from "./records/deviation-record.ts";
export type {
  AlternativeNameRecord,
  AuthorityKeyRecord,
  DistributionPointRecord,
  ExtensionRecord,
  PolicyInformationRecord,
  PrivateKeyUsagePeriodRecord,
  UserNoticeRecord,
} from "./records/extension-records.ts";
export type { FindingExample, FindingExamples } from "./records/finding-examples.ts";
export type { GeneralNameRecord } from "./records/general-name-record.ts";
export type { IssuingDistributionPointRecord } from "./records/issuing-distribution-point-record.ts";
export type { NameAttributeRecord } from "./records/name-attribute-record.ts";
export type { ObjectDescription, SignerDescription } from "./records/object-description.ts";
export type { PssParametersRecord, PublicKeyRecord, SignatureRecord } from "./records/public-key-record.ts";
export { err, ok, type Result } from "./result.ts";
export {
  checkSignature,
  type SignatureCheck,
  type SignatureInput,
} from "./signatures/check-signature.ts";
export { createPortableEngine } from "./signatures/portable-engine.ts";
export type {
  EcKey,
  RsaKey,
  SignatureDigest,
  SignatureEngine,
  SignatureValue,
} from "./signatures/signature-engine.ts";
export type { Leniency, SignatureOutcome } from "./signatures/verdict.ts";
export {
  type CheckDocumentSignerOptions,
  checkDocumentSigner,
  type DocumentSignerVerdict,
} from "./verify/check-document-signer.ts";
export {
  type CompareEditionsOptions,
  type CountryChange,
  compareEditions,
  type Edition,
  type EditionComparison,
  type EditionPublisher,
  type LostCountry,
  type LostIssuer,
  type NewPublisher,
} from "./verify/compare-editions.ts";
export type { DocumentSignerStep, DocumentSignerStepName } from "./verify/document-signer-steps.ts";
export type { PublisherRollover } from "./verify/link-path.ts";
export {
  type ResolvedAnchors,
  resolveAnchors,
  type TrustAnchor,
  type TrustEnd,
  type TrustedKey,
} from "./verify/trust-anchor.ts";
export { type ListVerdict, type VerifyOptions, verifyMasterList } from "./verify/verify-list.ts";
export type { Publisher, SignerVerdict } from "./verify/verify-signer.ts";
export type { AlgorithmIdentifier } from "./x509/algorithm-identifier.ts";
export { type IssuingState, issuingStateOf } from "./x509/alternative-names.ts";
export { type Certificate, type ParseOptions, parseCertificate } from "./x509/certificate.ts";
export type { BasicConstraints, KeyUsage } from "./x509/certificate-extensions.ts";
export type { NoticeReference, PolicyInformation, UserNotice } from "./x509/certificate-policies.ts";
export type { DistributionPoint } from "./x509/crl-distribution-points.ts";
export type { DigestName } from "./x509/digest-algorithm.ts";
export type { DistributionPointName, ReasonFlag } from "./x509/distribution-point-name.ts";
export type { DocumentTypeList, DocumentTypeListEncoding } from "./x509/document-type-list.ts";
export type { EcParametersForm } from "./x509/ec-parameters.ts";
export type { Extension } from "./x509/extension.ts";
export type {
  DirectoryName,
  GeneralName,
  OpaqueGeneralName,
  TextGeneralName,
} from "./x509/general-name.ts";
export type { AuthorityKey } from "./x509/key-identifiers.ts";
export type { KnownExtensions } from "./x509/known-extensions.ts";
export {
  foldName,
  formatName,
  type Name,
  type NameAttribute,
  parseName,
  type RelativeDistinguishedName,
} from "./x509/name.ts";
export type { PrivateKeyUsagePeriod } from "./x509/private-key-usage-period.ts";
export type { PssParameters } from "./x509/pss-parameters.ts";
export type { PublicKey } from "./x509/public-key.ts";
export { type CertificateRole, type RoleBasis, roleBasisOf, roleOf } from "./x509/role.ts";
export { decodeCertificate, decodeRevocationList } from "./x509/schema.ts";
export {
  describeSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignatureScheme,
} from "./x509/signature-algorithm.ts";

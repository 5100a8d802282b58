/**
 * Reads ICAO CSCA Master Lists, their certificates and CRLs; and the pipeline that keeps a trust store in step.
 *
 * @module
 */

export type { Sha256 } from "./bytes/digest.ts";
export { fromHex, toHex } from "./bytes/hex.ts";
export type { SignerIdentifier, SignerInfo } from "./cms/signer-info.ts";
export type { CrlReason } from "./crl/crl-reason.ts";
export { parseRevocationList, type RevocationList } from "./crl/revocation-list.ts";
export type { RevokedCertificate } from "./crl/revoked-certificates.ts";
export type { BitString } from "./der/bit-string.ts";
export { CertParserError, type CertParserErrorCode, type CertParserErrorOptions } from "./errors.ts";
export type { Finding, FindingCode, FoundIn, Rejection, RejectionReason } from "./findings.ts";
export type { Bundle, BundleKind, SignedObject } from "./icao/bundle.ts";
export { type MasterList, parseMasterList } from "./icao/master-list.ts";
export { readBundle } from "./icao/read-bundle.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export { bundleParser, minimalTrustPolicy } from "./pipeline/default-ports.ts";
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
  PortError,
  PortResult,
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
export {
  type BundleSummary,
  type RejectionSummary,
  type SignerSummary,
  summariseBundle,
} from "./records/bundle-summary.ts";
export {
  type CertificateRecord,
  type CertificateVerdict,
  toCertificateRecord,
} from "./records/certificate-record.ts";
export {
  type CrlRecord,
  type RevokedCertificateRecord,
  revokedCertificateRecords,
  toCrlRecord,
} from "./records/crl-record.ts";
export { err, ok, type Result } from "./result.ts";
export type { MinimalPolicyOptions } from "./trust/minimal-policy.ts";
export type {
  Judgement,
  JudgementCode,
  JudgementReason,
  Known,
  KnownCertificate,
  Validators,
} from "./trust/policy.ts";
export type { AlgorithmIdentifier } from "./x509/algorithm-identifier.ts";
export { type Certificate, type ParseOptions, parseCertificate } from "./x509/certificate.ts";
export type { BasicConstraints, KeyUsage } from "./x509/certificate-extensions.ts";
export type { Extension } from "./x509/extension.ts";
export type { KnownExtensions } from "./x509/known-extensions.ts";
export {
  formatName,
  type Name,
  type NameAttribute,
  parseName,
  type RelativeDistinguishedName,
} from "./x509/name.ts";
export type { PublicKey } from "./x509/public-key.ts";
export type { CertificateRole } from "./x509/role.ts";
export { decodeCertificate, decodeRevocationList } from "./x509/schema.ts";

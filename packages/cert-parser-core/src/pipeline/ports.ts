/**
 * The ports of the pipeline, in the order they are used. Another team may implement any of them.
 *
 * @module
 */

import type { Finding, Rejection } from "../findings.ts";
import type { Bundle, HeldBundle } from "../icao/bundle.ts";
import type { DeltaRemovals } from "../policy/directory-delta.ts";
import type { CertificateStanding, CrlStanding, JudgedPublisher, TrustLevel } from "../policy/evidence.ts";
import type { BundleJudgment } from "../policy/judgment.ts";
import type { Known, Validators } from "../policy/known.ts";
import type { RevokedSerial } from "../policy/trust-facts.ts";
import type { CertificateRecord } from "../records/certificate-record.ts";
import type { CrlRecord, RevokedCertificateRecord } from "../records/crl-record.ts";
import type { Result } from "../result.ts";

/** Stable codes at the pipeline's edge. */
export type SyncErrorCode =
  | "AUTHENTICATION_ERROR"
  | "CANCELLED"
  | "CONFIGURATION_ERROR"
  | "DATABASE_ERROR"
  | "EXTERNAL_SERVICE_ERROR"
  | "PARSE_ERROR"
  | "TRUST_ERROR";

/** Why a port could not do its work. It must hold no secret: it is logged as it is. */
export interface PortError {
  readonly code: SyncErrorCode;
  /** The code underneath, such as `HTTP_401`, `TIMEOUT`, or one of {@link CertParserErrorCode}. */
  readonly reason: string;
  /** What happened and what to do, in one sentence. */
  readonly message: string;
  readonly cause?: unknown;
}

/** What every port method answers. */
export type PortResult<T> = Promise<Result<T, PortError>>;

/** First step: the access token of the identity provider. */
export interface AccessTokenProvider {
  acquire(signal: AbortSignal): PortResult<string>;
}

/** Second step: the token of the service, `x-sfc-authorization`. */
export interface SfcTokenProvider {
  acquire(accessToken: string, signal: AbortSignal): PortResult<string>;
}

/** Both tokens, for the download. */
export interface Credentials {
  readonly accessToken: string;
  readonly sfcToken: string;
}

/** Called while bytes come in: how many so far, and of how many where that is known. */
export type DownloadProgress = (receivedBytes: number, totalBytes: number | undefined) => void;

/** Third step: the bundle itself, unless it is the one that `known` came with. */
export interface BundleDownloader {
  download(
    credentials: Credentials,
    signal: AbortSignal,
    progress: DownloadProgress,
    known: Validators,
  ): PortResult<Download>;
}

/** A bundle with what names its version, or the service's word that there is no other than the known one. */
export type Download =
  | { readonly modified: true; readonly bytes: Uint8Array; readonly validators: Validators }
  | { readonly modified: false };

/** A source that needs no login: a file, a plain URL. It takes the place of the first three ports. */
export interface BundleSource {
  read(signal: AbortSignal, progress: DownloadProgress): PortResult<Uint8Array>;
}

/** The three ports of a source that wants a login. */
export interface AuthenticatedSource {
  readonly accessTokens: AccessTokenProvider;
  readonly sfcTokens: SfcTokenProvider;
  readonly downloader: BundleDownloader;
}

/** Opens a bundle. `bundleParser()` of this library is one. */
export interface BundleParser {
  parse(bytes: Uint8Array, signal: AbortSignal): PortResult<Bundle>;
}

/** Says which objects of a bundle have earned their place. `trustPolicy()` of this library is one. */
export interface TrustPolicy {
  /** What the settings come to: a bundle is unchanged only by the policy that it was accepted by. Left out: by any. */
  readonly fingerprint?: string;
  judge(bundle: Bundle, known: Known, signal: AbortSignal): PortResult<BundleJudgment>;
}

/** Keeps what was accepted. All of one `apply` happens, or nothing of it. */
export interface TrustStore {
  /** What is held of a source so far, for the policy to compare with. */
  known(source: string, signal: AbortSignal): PortResult<Known>;
  /**
   * What accepted CRLs say of these serial numbers (lower-case hex), by the SHA-256 of the CRL. Left out by a store whose facts
   * hold every entry.
   */
  revocations?(
    serialNumbers: readonly string[],
    signal: AbortSignal,
  ): PortResult<ReadonlyMap<string, readonly RevokedSerial[]>>;
  /** Brings the store in step with an accepted snapshot. Applying the same snapshot again changes nothing. */
  apply(snapshot: Snapshot, signal: AbortSignal): PortResult<StoreReport>;
  /** Records a run that found what is held already: the same bundle, or no newer one. */
  confirm(confirmation: Confirmation, signal: AbortSignal): PortResult<void>;
  /** Keeps a bundle that was not accepted aside, with the reasons. What the store holds stays as it was. */
  quarantine?(entry: QuarantineEntry, signal: AbortSignal): PortResult<void>;
}

/** A bundle that was refused, or waits for an operator. */
export interface QuarantineEntry {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly observedAt: Date;
  readonly bundle: HeldBundle;
  readonly outcome: "pending" | "refused";
  readonly judgment: BundleJudgment;
}

/** An operator's word that a bundle is to be accepted in spite of what can be lifted. */
export interface Release {
  /** Who says so. */
  readonly by: string;
  readonly reason: string;
}

/** The time, from outside: the core has no clock of its own. */
export interface Clock {
  now(): Date;
}

/** Everything that an accepted bundle holds, as plain data with the exact bytes beside it. */
export interface Snapshot {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly startedAt: Date;
  /** When the bundle was judged: first seen, last seen and absent since are this instant. */
  readonly observedAt: Date;
  /** The bundle as it came in: kind, raw bytes, digest. */
  readonly bundle: HeldBundle;
  /** What came with the bundle, for the next run to ask with. */
  readonly validators: Validators;
  readonly judgment: BundleJudgment;
  /** Fingerprint of the policy; null if it has none, or if the bundle is to be judged anew. */
  readonly policy: string | null;
  /** The revision of the store that it was judged by; null if the store has none. */
  readonly revision: number | null;
  /** Null unless an operator released the bundle. */
  readonly release: Release | null;
  /** The signed lists that were accepted. */
  readonly editions: readonly EditionEntry[];
  /**
   * What leaves of what stands by itself: what the changes of a delta name; `all` that the bundle does not hold; `nothing` if
   * it holds signed lists alone, or what it holds was not accepted.
   */
  readonly removals: DeltaRemovals | "all" | "nothing";
  /** What was accepted, of lists and of envelopes, told apart by `record.foundIn`; duplicates included. */
  readonly certificates: readonly CertificateEntry[];
  readonly crls: readonly CrlEntry[];
  /** Authorities held before whose signer was not known until now, by SHA-256: the key that signed each. */
  readonly signers: ReadonlyMap<string, string>;
  readonly rejections: readonly Rejection[];
  /** Findings on the bundle and its objects; those on a certificate or a CRL are in its record. */
  readonly findings: readonly Finding[];
}

/** A run whose bundle is the one that the source gave last. */
export interface Confirmation {
  readonly executionId: string;
  readonly source: string;
  readonly trigger: string;
  readonly startedAt: Date;
  /** When the source was seen to publish it still. */
  readonly observedAt: Date;
  /** SHA-256 of that bundle, lower-case hex. */
  readonly bundleSha256: string;
  /** How many certificates the source lists. */
  readonly certificates: number;
  /** What came with the bundle this time; null where it did not come down. */
  readonly validators: Validators | null;
}

/** A signed list that was accepted. */
export interface EditionEntry {
  readonly publisher: JudgedPublisher;
  readonly signingTime: Date;
  /** The part of the file that it was in; null if the file is nothing else. */
  readonly origin: string | null;
}

/** A certificate's record beside its exact bytes. */
export interface CertificateEntry {
  /** The edition that it is in, as a position in `editions`; left out for what stands by itself. */
  readonly edition?: number;
  readonly der: Uint8Array;
  readonly record: CertificateRecord;
  /** How much stands behind the object that it is in, where the policy says. */
  readonly level?: TrustLevel;
  /** What its signature says of it, where the policy looked. */
  readonly standing?: CertificateStanding;
}

/** A CRL's record beside its exact bytes and its entries, which are read while they are iterated. */
export interface CrlEntry {
  readonly der: Uint8Array;
  readonly record: CrlRecord;
  readonly entries: Iterable<RevokedCertificateRecord>;
  /** Whether it may be applied, where the policy looked. */
  readonly standing?: CrlStanding;
}

/** What an `apply` changed. Zeroes everywhere: the store was in step already. */
export interface StoreReport {
  /** Certificates listed by this source now that were not before. */
  readonly added: number;
  /** Certificates listed by this source before that are absent now; they are kept, with the instant. */
  readonly removed: number;
  /** Certificates listed by this source before and now. */
  readonly unchanged: number;
  /** Of `added`, how many the store had never held, from any source. */
  readonly newToStore: number;
  /** CRLs that the store did not hold. */
  readonly crlsAdded: number;
  /** Entries of those CRLs. */
  readonly revokedAdded: number;
  /** Rejected parts that were not recorded before. */
  readonly rejectionsAdded: number;
}

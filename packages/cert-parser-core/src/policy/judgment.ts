/**
 * Judgments on a signed object: whether it may change the store.
 *
 * @module
 */

import type { KnownRevocationList } from "../chain/crl-age.ts";
import type { JudgmentCode } from "../chain/verification-code.ts";
import type { Evidence } from "./evidence.ts";

/** One reason of a judgment. */
export interface JudgmentReason {
  readonly code: JudgmentCode;
  /** A `refusal` decides; with none of it a `pending` does, which waits for an operator; a `note` is only said. */
  readonly weight: "refusal" | "pending" | "note";
  /** What was found and what was asked for, in one sentence. */
  readonly message: string;
}

/** Whether a signed object may change the store, with every reason. */
export interface Judgment {
  /** `pending`: nothing is wrong with it that an operator could not allow. The store is as it was until then. */
  readonly outcome: "accepted" | "pending" | "refused";
  readonly reasons: readonly JudgmentReason[];
  /** What was found out beside; a policy that verifies nothing has none. */
  readonly evidence?: Evidence;
}

/** What a store holds of one source, and of all others where that bears on trust in it. */
export interface Known {
  readonly source: string;
  /** Certificates that the source lists at present, by SHA-256 (lower-case hex). */
  readonly listed: ReadonlyMap<string, KnownCertificate>;
  /** SHA-256 of the last accepted bundle, lower-case hex; null before the first. */
  readonly bundleSha256: string | null;
  /** Signing time of the last accepted bundle, by its own word; null before the first, or where it had none. */
  readonly signingTime: Date | null;
  /** What came with the last accepted bundle, to ask the service whether it has another by now. */
  readonly validators: Validators;
  /**
   * Fingerprint of the policy by which the last accepted bundle was judged; null where it is to be judged anew. Left out by a
   * store that does not keep it: any policy will then do.
   */
  readonly policy?: string | null;
  /** Everything that trust rests on. Left out by a store that keeps nothing of it: pins then last for one run. */
  readonly trust?: KnownTrust;
}

/** What a store knows of publishers and of the CSCAs behind them. */
export interface KnownTrust {
  /** Publishers of this source, by the SHA-256 of their keys. */
  readonly publishers: ReadonlyMap<string, KnownPublisher>;
  /** Whether a signed list of the source was ever accepted. */
  readonly wasSigned: boolean;
  /** Whether another source holds a signed list that was accepted. */
  readonly hasOtherSources: boolean;
  /** Whether what vouches is a list of the same bundle that was itself taken in on first use. Default: false. */
  readonly learntUnapproved?: boolean;
  /** CSCA and link certificates of verified lists: of this source and all others, now or once. Bounded by the store. */
  readonly authorities: readonly Uint8Array[];
  /** SHA-256 of the keys of CSCAs that the verified lists of other sources hold now, lower-case hex. */
  readonly vouchedKeys: ReadonlySet<string>;
  /** SHA-256 of keys that an operator revoked, lower-case hex. */
  readonly revokedKeys: ReadonlySet<string>;
  /** SHA-256 of CSCA and link certificates that an accepted CRL revokes, lower-case hex. */
  readonly revokedCertificates: ReadonlySet<string>;
  /** CRLs accepted last, of any source. */
  readonly crls: readonly KnownRevocationList[];
  /** CRLs that this source carries now, by SHA-256: the entry of the directory that each stands in. */
  readonly carried: ReadonlyMap<string, { readonly origin: string | null }>;
  /** The highest `pkdVersion` that was accepted; null where none was. */
  readonly directoryVersion: number | null;
}

/** The pin of a source's publisher. */
export interface KnownPublisher {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  readonly state: PublisherState;
  /** When its last accepted list was signed; null before the first. */
  readonly signingTime: Date | null;
  /** SHA-256 of the content of that list, lower-case hex. */
  readonly contentSha256: string | null;
}

/** `pinned`: trusted on first use, and not approved since. `retired`: rolled away from. `revoked`: by an operator. */
export type PublisherState = "approved" | "pinned" | "retired" | "revoked";

/** What names a version of a resource in HTTP, RFC 9110 section 8.8; each null where the service gave none. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What the shrink guard needs of a certificate that is held. */
export interface KnownCertificate {
  readonly notAfter: Date;
  /** Whether its listing was verified; left out where nobody can say. */
  readonly level?: "verified" | "unsigned" | "unverified";
  /** Upper case; null where it has none. */
  readonly country?: string | null;
  /** Whether it is a CSCA's, by its content. */
  readonly isAuthority?: boolean;
  /** The entry of the directory that it stands in; null elsewhere. */
  readonly origin?: string | null;
}

/** Nothing known of anybody: an empty store. */
export const nothingTrusted: KnownTrust = Object.freeze({
  publishers: new Map(),
  wasSigned: false,
  hasOtherSources: false,
  authorities: [],
  vouchedKeys: new Set<string>(),
  revokedKeys: new Set<string>(),
  revokedCertificates: new Set<string>(),
  crls: [],
  carried: new Map(),
  directoryVersion: null,
});

/** Refused by one refusal, pending by one that waits, accepted else. */
export function outcomeOf(reasons: readonly JudgmentReason[]): Judgment["outcome"] {
  if (reasons.some(({ weight }) => weight === "refusal")) return "refused";
  return reasons.some(({ weight }) => weight === "pending") ? "pending" : "accepted";
}

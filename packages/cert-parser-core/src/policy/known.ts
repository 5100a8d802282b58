/**
 * What a store knows, for the policy to judge by.
 *
 * @module
 */

import { noFacts, type TrustFacts } from "./trust-facts.ts";

/** What a store holds of one source, and everything that trust rests on. */
export interface Known {
  readonly source: string;
  /** Certificates that the source lists at present, by SHA-256 (lower-case hex). */
  readonly listed: ReadonlyMap<string, KnownCertificate>;
  /** SHA-256 of the last bundle of which something was accepted, lower-case hex; null before the first. */
  readonly bundleSha256: string | null;
  /** What came with that bundle, to ask the service whether it has another by now. */
  readonly validators: Validators;
  /** Fingerprint of the policy by which that bundle was judged; null if it is to be judged anew. Left out: any will do. */
  readonly policy?: string | null;
  /** Whether trust has changed since that bundle was judged, by `stateFingerprint`: it is then judged anew. Default: false. */
  readonly isStale?: boolean;
  /** Goes up with every change of the store; `apply` refuses a judgment that rests on another. Left out: not compared. */
  readonly revision?: number;
  /** Left out by a store that keeps nothing of trust: pins then last for one run. */
  readonly trust?: KnownTrust;
}

/** What a store knows of publishers and of the CSCAs behind them. */
export interface KnownTrust {
  readonly facts: TrustFacts;
  /** The pins and the decisions of all sources. */
  readonly publishers: readonly KnownPublisher[];
  /** CRLs that this source carries outside of signed lists, by SHA-256: the entry of the directory that each is in. */
  readonly carried: ReadonlyMap<string, { readonly origin: string | null }>;
  /** The highest `pkdVersion` that was accepted from this source; null if none was. */
  readonly directoryVersion: number | null;
}

/** The pin of a publisher. */
export interface KnownPublisher {
  readonly source: string;
  /** Lower-case hex. */
  readonly keySha256: string;
  /** `pinned`: trusted on first use, and not approved since. `revoked`: by an operator, for this source. */
  readonly state: "approved" | "pinned" | "revoked";
}

/** What names a version of a resource in HTTP, RFC 9110 section 8.8; each null if the service gave none. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What the shrink guard needs of a certificate that is held. */
export interface KnownCertificate {
  readonly notAfter: Date;
  /** Whether it is in a signed list; otherwise it stands by itself. Default: true. */
  readonly isListed?: boolean;
  /** Default: verified. */
  readonly level?: "verified" | "unsigned" | "unverified";
  /** Upper case; null if it has none, as by default. */
  readonly country?: string | null;
  /** Whether it is a CSCA's, by its content. Default: false. */
  readonly isAuthority?: boolean;
  /** The entry of the directory that it is in; null elsewhere, as by default. */
  readonly origin?: string | null;
}

/** An empty store. */
export const nothingTrusted: KnownTrust = Object.freeze({
  facts: noFacts,
  publishers: [],
  carried: new Map(),
  directoryVersion: null,
});

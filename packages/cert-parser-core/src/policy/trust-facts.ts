/**
 * What was accepted, as plain data: everything that trust follows from.
 *
 * @module
 */

import type { CrlReason } from "../crl/crl-reason.ts";
import type { Certificate } from "../x509/certificate.ts";

/** Accepted editions, authorities and CRLs, and what operators decided. What follows depends on the set, not on its order. */
export interface TrustFacts {
  readonly editions: readonly EditionFact[];
  /** The CSCA and link certificates of all editions, each once. */
  readonly authorities: readonly AuthorityFact[];
  /** Every accepted CRL of every key. */
  readonly crls: readonly CrlFact[];
  readonly decisions: TrustDecisions;
}

/** One signed list that was accepted in one source. */
export interface EditionFact {
  readonly id: number;
  readonly source: string;
  /** Key of the CSCA behind the signer, SHA-256 in lower-case hex, as all keys here. */
  readonly publisher: string;
  readonly signingTime: Date;
  /** SHA-256 of the signed content, lower-case hex. */
  readonly contentSha256: string;
  /** The key from which trust passed to the publisher over links; null if it was trusted by itself. */
  readonly rolledFrom: string | null;
  /** When an operator ended it with its source; null if nobody did. */
  readonly endedAt: Date | null;
}

/** A CSCA or link certificate that at least one edition holds. */
export interface AuthorityFact {
  readonly der: Uint8Array;
  /** The key whose signature over it was verified; null if none was found. */
  readonly issuerKeySha256: string | null;
  /** The editions that hold it, by their `id`. */
  readonly editions: readonly number[];
  /** `der`, read; left out by a store. */
  readonly certificate?: Certificate;
}

/** An accepted CRL. */
export interface CrlFact {
  /** Lower-case hex. */
  readonly sha256: string;
  /** The key that signed it. */
  readonly keySha256: string;
  /** Content octets of the INTEGER, lower-case hex; null if it has none. */
  readonly crlNumber: string | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  /** Its entries: at least those with the serial number of an authority; `TrustStore.revocations` gives the others. */
  readonly revoked: readonly RevokedSerial[];
}

/** An entry of a CRL. */
export interface RevokedSerial {
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  readonly revocationDate: Date;
  readonly reason: CrlReason | null;
}

/** What operators decided for every source. */
export interface TrustDecisions {
  readonly revokedKeys: ReadonlySet<string>;
  /** Publishers that are revoked for one source. */
  readonly revokedPublishers?: readonly { readonly source: string; readonly keySha256: string }[];
  /** Keys that stay good whatever CRLs say of their roots. */
  readonly liftedKeys: ReadonlySet<string>;
  /** Pairs of keys that are of one CSCA though no link joins them. */
  readonly joinedKeys: readonly (readonly [string, string])[];
}

/** Nothing was accepted yet. */
export const noFacts: TrustFacts = Object.freeze({
  editions: [],
  authorities: [],
  crls: [],
  decisions: Object.freeze({
    revokedKeys: new Set<string>(),
    revokedPublishers: [],
    liftedKeys: new Set<string>(),
    joinedKeys: [],
  }),
});

/**
 * What a judgment was made from, as a store keeps it.
 *
 * @module
 */

import type { CertificateJudgment, CertificateVerdict } from "../chain/certificate-verdict.ts";
import type { RevocationListJudgment } from "../chain/crl-verdict.ts";
import type { VerificationStep } from "../chain/verification-step.ts";
import type { ListVerdict } from "../verify/verify-list.ts";
import type { RevocationGround } from "./trust-state.ts";

/** How much stands behind a listing: a good signature, none, or one that was not looked at. */
export type TrustLevel = "verified" | "unsigned" | "unverified";

/** What was found out about an object. */
export interface Evidence {
  readonly level: TrustLevel;
  /** When the accepted signer signed; null if there is none. */
  readonly signingTime: Date | null;
  /** Null unless a verified publisher is behind it. */
  readonly publisher: JudgedPublisher | null;
  /** Whether the list is the newest of its CSCA, or an older one that is kept as history; null for what is no signed list. */
  readonly edition: "current" | "history" | null;
  /** Each check of the object; empty if none was made. */
  readonly steps: readonly VerificationStep[];
  /** By SHA-256 (lower-case hex), those of the envelope too; empty if no signature was looked at. */
  readonly certificates: ReadonlyMap<string, CertificateStanding>;
  /** By SHA-256. */
  readonly crls: ReadonlyMap<string, CrlStanding>;
  /** Keys that turned out to have signed authorities held before: by the SHA-256 of the certificate. Left out: none. */
  readonly signers?: ReadonlyMap<string, string>;
  /** The verdicts themselves, for who wants more than a store keeps; a policy of your own may leave them out. */
  readonly verdicts?: Verdicts;
}

/** The verdicts on an object and its parts. */
export interface Verdicts {
  /** Undefined for what is no signed list. */
  readonly list: ListVerdict | undefined;
  readonly certificates: readonly CertificateJudgment[];
  readonly crls: readonly RevocationListJudgment[];
}

/** The publisher of a list, and why it is trusted. */
export interface JudgedPublisher {
  /** SHA-256 of the canonical key, lower-case hex, as all keys here. */
  readonly keySha256: string;
  /** Upper case. */
  readonly country: string;
  /** RFC 4514. */
  readonly subject: string;
  /** SHA-256 of its CSCA certificate. */
  readonly certificateSha256: string;
  /** SHA-256 of the signer's certificate. */
  readonly signerSha256: string;
  /** How the signer is named. */
  readonly namedBy: "issuerAndSerialNumber" | "subjectKeyIdentifier";
  /** `unknown`: it is not trusted, unless an operator says so. */
  readonly trust: "anchor" | "first-use" | "pin" | "unanchored" | "unknown" | "vouched";
  /** The key that was trusted before it; null unless it rolled over. */
  readonly rolledFrom: string | null;
  /**
   * SHA-256 of the link certificates that led from there to its key. They count as held by the edition, in the list or in the
   * envelope.
   */
  readonly links: readonly string[];
  /** SHA-256 of the content of the list. */
  readonly contentSha256: string;
}

/** What its signature says of a certificate, and what CRLs say. */
export interface CertificateStanding {
  readonly level: TrustLevel;
  /** Whether the store is to hold it: not a CSCA certificate that no list of a trusted publisher holds. */
  readonly isHeld: boolean;
  readonly verdict: CertificateVerdict;
  readonly keySha256: string;
  /** SHA-256 of a certificate of the key that signed it; null if none was found. */
  readonly issuerSha256: string | null;
  readonly issuerKeySha256: string | null;
  /** The entry that revokes it, by the CRLs that were looked at; null if none does. */
  readonly revokedBy: RevocationGround | null;
}

/** Whether a CRL may be applied. */
export interface CrlStanding {
  readonly verdict: "accepted" | "refused";
  readonly steps: readonly VerificationStep[];
  /** Null if the key that signed it was not found. */
  readonly issuerKeySha256: string | null;
}

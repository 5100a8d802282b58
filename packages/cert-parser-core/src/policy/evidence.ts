/**
 * What a judgment was made from, as a store keeps it.
 *
 * @module
 */

import type { CertificateVerdict } from "../chain/certificate-verdict.ts";
import type { NamedStep } from "../chain/named-step.ts";
import type { VerificationStep } from "../chain/verification-step.ts";

/** How much stands behind a listing: a good signature, none, or one that was not looked at. */
export type TrustLevel = "verified" | "unsigned" | "unverified";

/** What was found out about a signed object. */
export interface Evidence {
  readonly level: TrustLevel;
  /** When the signer signed that is good; null where none is. */
  readonly signingTime: Date | null;
  /** Null where none is behind it, or none that was verified. */
  readonly publisher: JudgedPublisher | null;
  /** Each check of the list; empty where none was made. */
  readonly steps: readonly VerificationStep[];
  /** By SHA-256 (lower-case hex), those of the envelope too; empty where no signature was looked at. */
  readonly certificates: ReadonlyMap<string, CertificateStanding>;
  /** By SHA-256. */
  readonly crls: ReadonlyMap<string, CrlStanding>;
}

/** The publisher of a list, and why it is trusted. */
export interface JudgedPublisher {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** Upper case. */
  readonly country: string;
  /** RFC 4514. */
  readonly subject: string;
  /** SHA-256 of its CSCA certificate. */
  readonly certificateSha256: string;
  /** `unknown`: it is not, or nobody has said so yet. */
  readonly trust: "anchor" | "first-use" | "pin" | "unknown" | "vouched";
  /** SHA-256 of the key that was trusted before it; null unless it rolled over. */
  readonly rolledFrom: string | null;
  /** SHA-256 of the content of the list. */
  readonly contentSha256: string;
}

/** What its signature says of a certificate. */
export interface CertificateStanding {
  readonly level: TrustLevel;
  readonly verdict: CertificateVerdict;
  /** SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
  readonly keySha256: string;
  /** SHA-256 of a certificate of the key that signed it; null where none was found. */
  readonly issuerSha256: string | null;
  /** SHA-256 of that key's SubjectPublicKeyInfo. */
  readonly issuerKeySha256: string | null;
}

/** Whether a CRL may be applied. */
export interface CrlStanding {
  readonly verdict: "accepted" | "refused";
  readonly steps: readonly NamedStep<string>[];
  /** SHA-256 of the SubjectPublicKeyInfo of the key that signed it; null where that was not found. */
  readonly issuerKeySha256: string | null;
  /** The keys of the CSCA that it speaks for. */
  readonly keys: readonly string[];
}

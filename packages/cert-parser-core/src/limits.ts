/**
 * How much of an untrusted input we agree to look at.
 *
 * @module
 */

import { CertParserError } from "./errors.ts";

/** Ceilings for one parse. Every loop and every recursion in this library counts against one. */
export interface Limits {
  /** Longest input, in bytes. */
  readonly maxBytes: number;
  /** Deepest nesting of ASN.1 elements. */
  readonly maxDepth: number;
  /** Most ASN.1 elements in one decode by the schema library, or in one envelope. */
  readonly maxElements: number;
  /** Most certificates in one list, and in one envelope. */
  readonly maxCertificates: number;
  /** Most entries in one CRL. */
  readonly maxRevokedCertificates: number;
}

/** Generous for every list and CRL seen in the wild, small enough to fail fast on hostile input. */
export const defaultLimits: Limits = Object.freeze({
  // The largest list seen is the German one: 0.9 MB in January 2026; ICAO's LDIF 001 is 75 MB and has its own reader.
  maxBytes: 64 * 1024 * 1024,
  // X.509 and CMS nest about twelve deep; asn1js stops at 100 too.
  maxDepth: 100,
  // asn1js stops at 10,000 by default; the German list (581 certificates) has some 90,000.
  maxElements: 5_000_000,
  // Ten times the 5,000 certificates of the largest synthetic list that peers were tried with.
  maxCertificates: 50_000,
  // Public web CAs have published CRLs of over a million entries; CSCAs a few hundred.
  maxRevokedCertificates: 5_000_000,
});

/** Fills in the defaults for the ceilings that a caller leaves out. */
export function withDefaultLimits(limits: Partial<Limits> | undefined): Limits {
  if (limits === undefined) return defaultLimits;
  // Not a spread: a ceiling that is there and undefined would be no ceiling at all.
  return {
    maxBytes: limits.maxBytes ?? defaultLimits.maxBytes,
    maxDepth: limits.maxDepth ?? defaultLimits.maxDepth,
    maxElements: limits.maxElements ?? defaultLimits.maxElements,
    maxCertificates: limits.maxCertificates ?? defaultLimits.maxCertificates,
    maxRevokedCertificates: limits.maxRevokedCertificates ?? defaultLimits.maxRevokedCertificates,
  };
}

/** Throws where the input is longer than agreed. */
export function expectWithinBytes(input: Uint8Array, limits: Limits): void {
  if (input.length > limits.maxBytes) {
    throw new CertParserError("LIMIT_EXCEEDED", `input is ${input.length} bytes, over ${limits.maxBytes}`, {
      offset: limits.maxBytes,
    });
  }
}

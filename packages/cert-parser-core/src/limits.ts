/**
 * How much of an untrusted input we agree to look at.
 *
 * @module
 */

import { CertParserError } from "./errors.ts";

/** Ceilings for one parse. Every loop and every recursion in this library counts against one. */
export interface Limits {
  /** Longest input, in bytes, of whatever is held in memory as a whole: everything but LDIF. */
  readonly maxBytes: number;
  /** Longest LDIF, in bytes. It is read as a stream; what is held is the values in it. */
  readonly maxStreamBytes: number;
  /** Deepest nesting of ASN.1 elements. */
  readonly maxDepth: number;
  /** Most ASN.1 elements in one decode by the schema library, or in one envelope. */
  readonly maxElements: number;
  /** Most certificates in one list, and in one envelope. */
  readonly maxCertificates: number;
  /** Most objects in one file: entries and attributes of LDIF, PEM blocks, members of an archive, deviations. */
  readonly maxEntries: number;
  /** Most parts of one file that cannot be read: certificates, CRLs, deviations, lists. */
  readonly maxRejections: number;
  /** Most extensions of one certificate, CRL or entry of a CRL; most signers of one CMS, and attributes of one signer. */
  readonly maxExtensions: number;
  /** Longest value of an extension that is looked into, in bytes. A longer one is kept, and is a finding. */
  readonly maxExtensionBytes: number;
  /** Most entries in one CRL. */
  readonly maxRevokedCertificates: number;
  /** Deepest nesting of archives in archives. */
  readonly maxArchiveDepth: number;
  /** How many times its size an archive may grow to, those inside it included. */
  readonly maxExpansionRatio: number;
}

/** Generous for every list and CRL seen in the wild, small enough to fail fast on hostile input. */
export const defaultLimits: Limits = Object.freeze({
  // The largest list seen is the German one: 0.9 MB in January 2026; ICAO's LDIF 001 is 75 MB and has its own reader.
  maxBytes: 64 * 1024 * 1024,
  // ICAO's LDIF 001 is 75 MB; a delta is far less.
  maxStreamBytes: 1024 * 1024 * 1024,
  // X.509 and CMS nest about twelve deep; asn1js stops at 100 too.
  maxDepth: 100,
  // asn1js stops at 10,000 by default; the German list (581 certificates) has some 90,000.
  maxElements: 5_000_000,
  // Ten times the 5,000 certificates of the largest synthetic list that peers were tried with.
  maxCertificates: 50_000,
  // ICAO's LDIF 001 has some 31,000 entries of ten attributes each.
  maxEntries: 2_000_000,
  // Two bytes can bring one about, and each costs an error and a digest: a file with more of them is no list.
  maxRejections: 10_000,
  // In the corpus a certificate or a CRL has up to ten, an entry two; a list has one signer, with four attributes.
  maxExtensions: 1000,
  // The longest in the corpus has 503; what is in one may take a hundred times its bytes once it is objects.
  maxExtensionBytes: 65_536,
  // Public web CAs have published CRLs of over a million entries; CSCAs a few hundred.
  maxRevokedCertificates: 5_000_000,
  // A list in an archive is one level; one more for an archive of archives that were mailed together.
  maxArchiveDepth: 3,
  // Certificates shrink to two thirds, a list that repeats itself to a third; DEFLATE reaches 1032.
  maxExpansionRatio: 50,
});

/** Fills in the defaults for the ceilings that a caller leaves out. */
export function withDefaultLimits(limits: Partial<Limits> | undefined): Limits {
  if (limits === undefined) return defaultLimits;
  // Not a spread: a ceiling that is there and undefined would be no ceiling at all.
  return {
    maxBytes: limits.maxBytes ?? defaultLimits.maxBytes,
    maxStreamBytes: limits.maxStreamBytes ?? defaultLimits.maxStreamBytes,
    maxDepth: limits.maxDepth ?? defaultLimits.maxDepth,
    maxElements: limits.maxElements ?? defaultLimits.maxElements,
    maxCertificates: limits.maxCertificates ?? defaultLimits.maxCertificates,
    maxEntries: limits.maxEntries ?? defaultLimits.maxEntries,
    maxRejections: limits.maxRejections ?? defaultLimits.maxRejections,
    maxExtensions: limits.maxExtensions ?? defaultLimits.maxExtensions,
    maxExtensionBytes: limits.maxExtensionBytes ?? defaultLimits.maxExtensionBytes,
    maxRevokedCertificates: limits.maxRevokedCertificates ?? defaultLimits.maxRevokedCertificates,
    maxArchiveDepth: limits.maxArchiveDepth ?? defaultLimits.maxArchiveDepth,
    maxExpansionRatio: limits.maxExpansionRatio ?? defaultLimits.maxExpansionRatio,
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

/** Throws where more parts than agreed cannot be read. `offset` is where the last of them begins. */
export function expectFewRejections(count: number, limits: Limits, offset?: number): void {
  if (count <= limits.maxRejections) return;
  throw new CertParserError("LIMIT_EXCEEDED", `over ${limits.maxRejections} parts cannot be read`, {
    offset,
  });
}

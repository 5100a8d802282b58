/**
 * Certificate, RFC 5280 section 4.1, read straight from the bytes.
 *
 * ```asn1
 * Certificate ::= SEQUENCE {
 *   tbsCertificate     TBSCertificate,
 *   signatureAlgorithm AlgorithmIdentifier,
 *   signature          BIT STRING }
 * ```
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import type { Sha256 } from "../bytes/digest.ts";
import { toHex } from "../bytes/hex.ts";
import { type Part, wholeFile } from "../bytes/part.ts";
import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { type Element, expectElement, expectEnd, rawBytes } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import type { Extension } from "./extension.ts";
import { type KnownExtensions, readKnownExtensions } from "./known-extensions.ts";
import type { Name } from "./name.ts";
import type { PublicKey } from "./public-key.ts";
import { tbsCertificateAt } from "./tbs-certificate.ts";

/** A certificate: the exact bytes, and views of its fields. */
export interface Certificate extends KnownExtensions {
  /** The exact bytes received. */
  readonly der: Uint8Array;
  /** Byte offset of the certificate in the input. */
  readonly offset: number;
  readonly foundIn: FoundIn;
  /** Position where it was found, from 0. */
  readonly index: number;
  /** SHA-256 of `der`, lower-case hex; computed when it is first asked for. */
  readonly sha256: string;
  /** The bytes that the signature covers. */
  readonly tbsCertificate: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Content octets of the INTEGER: negative ones occur (Albania, Kazakhstan, Mozambique). */
  readonly serialNumber: Uint8Array;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: BitString;
  /** Deviations from the standards, which did not keep it from being read. */
  readonly findings: readonly Finding[];
}

/** How to read. */
export interface ParseOptions {
  /** Ceilings; those left out are the defaults. */
  readonly limits?: Partial<Limits>;
  /** SHA-256; by default a portable one. `cert-parser-core/node` has a faster one. */
  readonly sha256?: Sha256;
}

/** Reads one certificate that is all of `der`. Throws `CertParserError` where it cannot be read. */
export function parseCertificate(der: Uint8Array, options: ParseOptions = {}): Certificate {
  expectWithinBytes(der, withDefaultLimits(options.limits));
  const element = expectElement(der, 0, der.length, Tag.SEQUENCE, "Certificate");
  expectEnd(element.end, der.length, "Certificate");
  return certificateAt(der, element, wholeFile(options.sha256));
}

/** Reads the certificate that `element` frames; offsets in errors and findings are offsets in `input`. */
export function certificateAt(input: Uint8Array, element: Element, part: Part): Certificate {
  const { start, contentStart, end } = element;
  const tbsElement = expectElement(input, contentStart, end, Tag.SEQUENCE, "Certificate.tbsCertificate");
  const algorithm = expectElement(input, tbsElement.end, end, Tag.SEQUENCE, "Certificate.signatureAlgorithm");
  const signature = expectElement(input, algorithm.end, end, Tag.BIT_STRING, "Certificate.signature");
  expectEnd(signature.end, end, "Certificate");

  const findings: Finding[] = [];
  const tbs = tbsCertificateAt(input, tbsElement, findings);
  const known = readKnownExtensions(tbs.extensions, findings);
  const signatureAlgorithm = algorithmIdentifierAt(input, algorithm, "Certificate.signatureAlgorithm");
  if (!equalBytes(signatureAlgorithm.der, tbs.signature.der)) {
    findings.push({
      code: "SIGNATURE_ALGORITHM_MISMATCH",
      message: `signatureAlgorithm differs from tbsCertificate.signature (${tbs.signature.algorithm})`,
      offset: algorithm.start,
      clause: "RFC 5280, 4.1.1.2",
    });
  }

  const der = rawBytes(input, element);
  let fingerprint: string | undefined;
  return {
    der,
    offset: start,
    foundIn: part.foundIn,
    index: part.index,
    get sha256() {
      fingerprint ??= toHex(part.sha256(der));
      return fingerprint;
    },
    tbsCertificate: tbs.der,
    version: tbs.version,
    serialNumber: tbs.serialNumber,
    issuer: tbs.issuer,
    notBefore: tbs.notBefore,
    notAfter: tbs.notAfter,
    subject: tbs.subject,
    publicKey: tbs.publicKey,
    extensions: tbs.extensions,
    subjectKeyIdentifier: known.subjectKeyIdentifier,
    authorityKeyIdentifier: known.authorityKeyIdentifier,
    basicConstraints: known.basicConstraints,
    keyUsage: known.keyUsage,
    extKeyUsage: known.extKeyUsage,
    signatureAlgorithm,
    signature: decodeBitString(input, signature, "Certificate.signature"),
    findings,
  };
}

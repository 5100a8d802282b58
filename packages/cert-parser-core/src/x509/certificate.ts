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

import type { Sha256 } from "../bytes/digest.ts";
import { type Part, wholeFile } from "../bytes/part.ts";
import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { type Element, equalElements, expectElement, expectEnd, rawBytes } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import type { BasicConstraints, KeyUsage } from "./certificate-extensions.ts";
import type { Extension } from "./extension.ts";
import { type KnownExtensions, readKnownExtensions } from "./known-extensions.ts";
import type { Name } from "./name.ts";
import type { PublicKey } from "./public-key.ts";
import { type TbsCertificate, tbsCertificateAt } from "./tbs-certificate.ts";

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
  const { contentStart, end } = element;
  const tbsElement = expectElement(input, contentStart, end, Tag.SEQUENCE, "Certificate.tbsCertificate");
  const algorithm = expectElement(input, tbsElement.end, end, Tag.SEQUENCE, "Certificate.signatureAlgorithm");
  const signature = expectElement(input, algorithm.end, end, Tag.BIT_STRING, "Certificate.signature");
  expectEnd(signature.end, end, "Certificate");

  const findings: Finding[] = [];
  const tbs = tbsCertificateAt(input, tbsElement, findings);
  const signatureAlgorithm = algorithmIdentifierAt(input, algorithm, "Certificate.signatureAlgorithm");
  if (!equalElements(input, algorithm, tbs.signature.element)) {
    findings.push({
      code: "SIGNATURE_ALGORITHM_MISMATCH",
      message: `signatureAlgorithm differs from tbsCertificate.signature (${tbs.signature.algorithm})`,
      offset: algorithm.start,
      clause: "RFC 5280, 4.1.1.2",
    });
  }
  const known = readKnownExtensions(input, tbs.extensions, findings);
  return new CertificateView(input, part, {
    element,
    tbsElement,
    tbs,
    known,
    signatureAlgorithm,
    signature: decodeBitString(input, signature, "Certificate.signature"),
    findings,
  });
}

/** What was read of a certificate, before it became one. */
interface CertificateParts {
  readonly element: Element;
  readonly tbsElement: Element;
  readonly tbs: TbsCertificate;
  readonly known: KnownExtensions;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: BitString;
  readonly findings: readonly Finding[];
}

/** A class, unlike most here: getters on an object made for each certificate would cost as much as reading it. */
class CertificateView implements Certificate {
  readonly der: Uint8Array;
  readonly offset: number;
  readonly foundIn: FoundIn;
  readonly index: number;
  readonly version: number;
  readonly serialNumber: Uint8Array;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly extKeyUsage: readonly string[] | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: BitString;
  readonly findings: readonly Finding[];
  readonly #input: Uint8Array;
  readonly #tbsElement: Element;
  readonly #digest: Sha256;
  #fingerprint: string | undefined;

  constructor(input: Uint8Array, part: Part, parts: CertificateParts) {
    const { element, tbs, known } = parts;
    this.der = rawBytes(input, element);
    this.offset = element.start;
    this.foundIn = part.foundIn;
    this.index = part.index;
    this.version = tbs.version;
    this.serialNumber = tbs.serialNumber;
    this.issuer = tbs.issuer;
    this.notBefore = tbs.notBefore;
    this.notAfter = tbs.notAfter;
    this.subject = tbs.subject;
    this.publicKey = tbs.publicKey;
    this.extensions = tbs.extensions;
    this.subjectKeyIdentifier = known.subjectKeyIdentifier;
    this.authorityKeyIdentifier = known.authorityKeyIdentifier;
    this.basicConstraints = known.basicConstraints;
    this.keyUsage = known.keyUsage;
    this.extKeyUsage = known.extKeyUsage;
    this.signatureAlgorithm = parts.signatureAlgorithm;
    this.signature = parts.signature;
    this.findings = parts.findings;
    this.#input = input;
    this.#tbsElement = parts.tbsElement;
    this.#digest = part.sha256;
  }

  get sha256(): string {
    this.#fingerprint ??= this.#digest(this.der);
    return this.#fingerprint;
  }

  get tbsCertificate(): Uint8Array {
    return rawBytes(this.#input, this.#tbsElement);
  }
}

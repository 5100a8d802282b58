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
import { type BitString, decodeBitString } from "../der/bit-string.ts";
import {
  contentBytes,
  type Element,
  equalElements,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import type { BasicConstraints, KeyUsage } from "./certificate-extensions.ts";
import { type Extension, extensionsAt } from "./extension.ts";
import {
  type KnownExtensionOffsets,
  type KnownExtensions,
  knownExtensionAt,
  locateKnownExtensions,
} from "./known-extensions.ts";
import { countryOf, type Name } from "./name.ts";
import { type Part, wholeFile } from "./part.ts";
import { type PublicKey, publicKeyAt } from "./public-key.ts";
import { type TbsCertificate, tbsCertificateAt } from "./tbs-certificate.ts";

/**
 * A certificate: the exact bytes, and views of its fields.
 *
 * It was read once, so that no field can fail later; to save memory, fields that are objects are read anew each time they
 * are asked for. Keep `toCertificateRecord`, or what you need, rather than asking again and again.
 */
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
  /** The subject's first countryName as it is written; undefined where there is none. */
  readonly country: string | undefined;
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
  const tbs = tbsCertificateAt(input, tbsElement, part.names, findings);
  algorithmIdentifierAt(input, algorithm, "Certificate.signatureAlgorithm");
  decodeBitString(input, signature, "Certificate.signature");
  if (!equalElements(input, algorithm, tbs.signature)) {
    findings.push({
      code: "SIGNATURE_ALGORITHM_MISMATCH",
      message: "signatureAlgorithm differs from tbsCertificate.signature",
      offset: algorithm.start,
      clause: "RFC 5280, 4.1.1.2",
    });
  }
  return new CertificateView(input, part, {
    element,
    algorithm,
    signature,
    tbs,
    extensions: locateKnownExtensions(input, tbs.extensions, findings),
    findings: findings.length === 0 ? noFindings : findings,
  });
}

/** What reading found, of which the certificate keeps no more than numbers. */
interface CertificateLayout {
  readonly element: Element;
  readonly algorithm: Element;
  readonly signature: Element;
  readonly tbs: TbsCertificate;
  readonly extensions: KnownExtensionOffsets;
  readonly findings: readonly Finding[];
}

/**
 * A class, unlike most here, with offsets in place of objects: with all their views made in advance, the certificates of
 * a list take 10 KB each, and collecting them takes longer than reading them.
 */
class CertificateView implements Certificate {
  readonly version: number;
  readonly issuer: Name;
  readonly subject: Name;
  readonly findings: readonly Finding[];
  readonly #input: Uint8Array;
  readonly #part: Part;
  readonly #start: number;
  readonly #end: number;
  readonly #serialNumber: number;
  readonly #notBefore: number;
  readonly #notAfter: number;
  readonly #publicKey: number;
  readonly #extensions: number | undefined;
  readonly #knownExtensions: KnownExtensionOffsets;
  readonly #algorithm: number;
  readonly #signature: number;
  #sha256: string | undefined;

  constructor(input: Uint8Array, part: Part, layout: CertificateLayout) {
    const { element, tbs } = layout;
    this.version = tbs.version;
    this.issuer = tbs.issuer;
    this.subject = tbs.subject;
    this.findings = layout.findings;
    this.#input = input;
    this.#part = part;
    this.#start = element.start;
    this.#end = element.end;
    this.#serialNumber = tbs.serialNumber.start;
    this.#notBefore = tbs.notBefore;
    this.#notAfter = tbs.notAfter;
    this.#publicKey = tbs.subjectPublicKeyInfo.start;
    this.#extensions = tbs.extensions?.start;
    this.#knownExtensions = layout.extensions;
    this.#algorithm = layout.algorithm.start;
    this.#signature = layout.signature.start;
  }

  get der(): Uint8Array {
    return this.#input.subarray(this.#start, this.#end);
  }

  get offset(): number {
    return this.#start;
  }

  get foundIn(): FoundIn {
    return this.#part.foundIn;
  }

  get index(): number {
    return this.#part.index;
  }

  get sha256(): string {
    this.#sha256 ??= this.#part.sha256(this.der);
    return this.#sha256;
  }

  get tbsCertificate(): Uint8Array {
    const { contentStart } = this.#elementAt(this.#start);
    return rawBytes(this.#input, this.#elementAt(contentStart));
  }

  get serialNumber(): Uint8Array {
    return contentBytes(this.#input, this.#elementAt(this.#serialNumber));
  }

  get notBefore(): Date {
    return new Date(this.#notBefore);
  }

  get notAfter(): Date {
    return new Date(this.#notAfter);
  }

  get country(): string | undefined {
    return countryOf(this.subject);
  }

  get publicKey(): PublicKey {
    const element = this.#elementAt(this.#publicKey);
    return publicKeyAt(this.#input, element, "TBSCertificate.subjectPublicKeyInfo");
  }

  get extensions(): readonly Extension[] {
    if (this.#extensions === undefined) return [];
    return extensionsAt(this.#input, this.#elementAt(this.#extensions), "TBSCertificate.extensions", []);
  }

  get subjectKeyIdentifier(): Uint8Array | undefined {
    return knownExtensionAt(this.#input, "subjectKeyIdentifier", this.#knownExtensions);
  }

  get authorityKeyIdentifier(): Uint8Array | undefined {
    return knownExtensionAt(this.#input, "authorityKeyIdentifier", this.#knownExtensions);
  }

  get basicConstraints(): BasicConstraints | undefined {
    return knownExtensionAt(this.#input, "basicConstraints", this.#knownExtensions);
  }

  get keyUsage(): readonly KeyUsage[] | undefined {
    return knownExtensionAt(this.#input, "keyUsage", this.#knownExtensions);
  }

  get extKeyUsage(): readonly string[] | undefined {
    return knownExtensionAt(this.#input, "extKeyUsage", this.#knownExtensions);
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    const element = this.#elementAt(this.#algorithm);
    return algorithmIdentifierAt(this.#input, element, "Certificate.signatureAlgorithm");
  }

  get signature(): BitString {
    return decodeBitString(this.#input, this.#elementAt(this.#signature), "Certificate.signature");
  }

  #elementAt(start: number): Element {
    return readElement(this.#input, start, this.#end);
  }
}

const noFindings: readonly Finding[] = Object.freeze([]);

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
import {
  contentBytes,
  type Element,
  equalElements,
  expectElement,
  expectEnd,
  rawBytes,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "./algorithm-identifier.ts";
import type { BasicConstraints, KeyUsage } from "./certificate-extensions.ts";
import { type Extension, extensionsAt, type FramedExtension } from "./extension.ts";
import { type KnownExtensions, readKnownExtensions } from "./known-extensions.ts";
import { type Name, nameAt } from "./name.ts";
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
  const extensions = readExtensions(input, tbs, findings);
  const known = readKnownExtensions(input, extensions, findings);
  return new CertificateView({
    input,
    part,
    element,
    tbsElement,
    tbs,
    known,
    algorithm,
    signature,
    findings: findings.length === 0 ? noFindings : findings,
  });
}

function readExtensions(
  input: Uint8Array,
  { extensions }: TbsCertificate,
  findings: Finding[],
): readonly FramedExtension[] {
  return extensions === undefined
    ? []
    : extensionsAt(input, extensions, "TBSCertificate.extensions", findings);
}

/** Where everything of a certificate is. */
interface CertificateLayout {
  readonly input: Uint8Array;
  readonly part: Part;
  readonly element: Element;
  readonly tbsElement: Element;
  readonly tbs: TbsCertificate;
  readonly known: KnownExtensions;
  readonly algorithm: Element;
  readonly signature: Element;
  readonly findings: readonly Finding[];
}

/**
 * A class, unlike most here, with getters instead of fields: a list of 5,000 certificates with all their views made in
 * advance takes 50 MB, and collecting them three times as long as reading.
 */
class CertificateView implements Certificate {
  readonly #layout: CertificateLayout;
  #sha256: string | undefined;

  constructor(layout: CertificateLayout) {
    this.#layout = layout;
  }

  get der(): Uint8Array {
    return rawBytes(this.#layout.input, this.#layout.element);
  }

  get offset(): number {
    return this.#layout.element.start;
  }

  get foundIn(): FoundIn {
    return this.#layout.part.foundIn;
  }

  get index(): number {
    return this.#layout.part.index;
  }

  get sha256(): string {
    this.#sha256 ??= this.#layout.part.sha256(this.der);
    return this.#sha256;
  }

  get tbsCertificate(): Uint8Array {
    return rawBytes(this.#layout.input, this.#layout.tbsElement);
  }

  get version(): number {
    return this.#layout.tbs.version;
  }

  get serialNumber(): Uint8Array {
    return contentBytes(this.#layout.input, this.#layout.tbs.serialNumber);
  }

  get issuer(): Name {
    return nameAt(this.#layout.input, this.#layout.tbs.issuer, "TBSCertificate.issuer");
  }

  get notBefore(): Date {
    return new Date(this.#layout.tbs.notBefore);
  }

  get notAfter(): Date {
    return new Date(this.#layout.tbs.notAfter);
  }

  get subject(): Name {
    return nameAt(this.#layout.input, this.#layout.tbs.subject, "TBSCertificate.subject");
  }

  get publicKey(): PublicKey {
    const { input, tbs } = this.#layout;
    return publicKeyAt(input, tbs.subjectPublicKeyInfo, "TBSCertificate.subjectPublicKeyInfo");
  }

  get extensions(): readonly Extension[] {
    return readExtensions(this.#layout.input, this.#layout.tbs, []);
  }

  get subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#layout.known.subjectKeyIdentifier;
  }

  get authorityKeyIdentifier(): Uint8Array | undefined {
    return this.#layout.known.authorityKeyIdentifier;
  }

  get basicConstraints(): BasicConstraints | undefined {
    return this.#layout.known.basicConstraints;
  }

  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.#layout.known.keyUsage;
  }

  get extKeyUsage(): readonly string[] | undefined {
    return this.#layout.known.extKeyUsage;
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return algorithmIdentifierAt(
      this.#layout.input,
      this.#layout.algorithm,
      "Certificate.signatureAlgorithm",
    );
  }

  get signature(): BitString {
    return decodeBitString(this.#layout.input, this.#layout.signature, "Certificate.signature");
  }

  get findings(): readonly Finding[] {
    return this.#layout.findings;
  }
}

const noFindings: readonly Finding[] = Object.freeze([]);

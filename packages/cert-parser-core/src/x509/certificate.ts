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
import { type BitString, decodeBitString, expectBitString } from "../der/bit-string.ts";
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
import type { Finding, FoundIn, Origin } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import type { AlgorithmIdentifier } from "./algorithm-identifier.ts";
import { decodeIssuerAltName, decodeSubjectAltName } from "./alternative-names.ts";
import {
  type BasicConstraints,
  decodeBasicConstraints,
  decodeExtKeyUsage,
  decodeKeyUsage,
  type KeyUsage,
} from "./certificate-extensions.ts";
import { decodeCertificatePolicies, type PolicyInformation } from "./certificate-policies.ts";
import { type DistributionPoint, decodeCrlDistributionPoints } from "./crl-distribution-points.ts";
import { type DocumentTypeList, decodeDocumentTypeList } from "./document-type-list.ts";
import { type Extension, type ExtensionDecoder, extensionsAt } from "./extension.ts";
import {
  type ExtensionOffsets,
  extnValueAt,
  type LocatedExtension,
  locatedExtension,
  locateExtensions,
} from "./extension-offsets.ts";
import type { GeneralName } from "./general-name.ts";
import {
  type AuthorityKey,
  decodeAuthorityKey,
  decodeAuthorityKeyIdentifier,
  decodeSubjectKeyIdentifier,
} from "./key-identifiers.ts";
import type { KnownAlgorithm } from "./known-algorithm.ts";
import type { KnownExtensions } from "./known-extensions.ts";
import { countryOf, equalNames, type Name } from "./name.ts";
import { type Part, wholeFile } from "./part.ts";
import { decodePrivateKeyUsagePeriod, type PrivateKeyUsagePeriod } from "./private-key-usage-period.ts";
import { type PublicKey, publicKeyAt } from "./public-key.ts";
import { notePublicKey } from "./public-key-findings.ts";
import { noteDeviations } from "./relative-finding.ts";
import { judgeRole, type RoleBasis } from "./role.ts";
import { noteKeyUsage } from "./role-findings.ts";
import { roleGroundsAt } from "./role-grounds.ts";
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
  /** The part of the file that it stood in, if the file has parts; offsets are then offsets in that part's value. */
  readonly origin: Origin | undefined;
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
  /** What it is for, as far as its content tells, and what tells it. */
  readonly roleBasis: RoleBasis;
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
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(der, limits);
  const element = expectElement(der, 0, der.length, Tag.SEQUENCE, "Certificate");
  expectEnd(element.end, der.length, "Certificate");
  return certificateAt(der, element, wholeFile(limits, options.sha256));
}

/** Reads the certificate that `element` frames; offsets in errors and findings are offsets in `input`. */
export function certificateAt(input: Uint8Array, element: Element, part: Part): Certificate {
  const { contentStart, end } = element;
  const tbsElement = expectElement(input, contentStart, end, Tag.SEQUENCE, "Certificate.tbsCertificate");
  const algorithm = expectElement(input, tbsElement.end, end, Tag.SEQUENCE, "Certificate.signatureAlgorithm");
  const signature = expectElement(input, algorithm.end, end, Tag.BIT_STRING, "Certificate.signature");
  expectEnd(signature.end, end, "Certificate");

  const findings: Finding[] = [];
  const tbs = tbsCertificateAt(input, tbsElement, part.tables, findings);
  const signatureAlgorithm = signatureAlgorithmAt(input, algorithm, tbs, part, findings);
  noteDeviations(signatureAlgorithm.signature.deviations, algorithm.start, findings);
  noteUnusedBits(input, signature, findings);
  const extensions = locateExtensions(input, tbs.extensions, part, findings);
  const grounds = roleGroundsAt(input, extensions, equalNames(tbs.issuer, tbs.subject));
  const roleBasis = judgeRole(grounds);
  noteKeyUsage(tbs, grounds, roleBasis.role, findings);
  notePublicKey(input, tbs.subjectPublicKeyInfo, roleBasis.role, findings);
  return new CertificateView(input, part, {
    element,
    signatureAlgorithm,
    signature,
    tbs,
    extensions,
    roleBasis,
    findings: findings.length === 0 ? noFindings : findings,
  });
}

/** The algorithm outside is to be the one inside, which was read before. */
function signatureAlgorithmAt(
  input: Uint8Array,
  element: Element,
  tbs: TbsCertificate,
  { tables }: Part,
  findings: Finding[],
): KnownAlgorithm {
  if (equalElements(input, element, tbs.signature)) return tbs.signatureAlgorithm;
  findings.push({
    code: "SIGNATURE_ALGORITHM_MISMATCH",
    message: "signatureAlgorithm differs from tbsCertificate.signature",
    offset: element.start,
    clause: "RFC 5280, 4.1.1.2",
  });
  return tables.algorithms.read(input, element, "Certificate.signatureAlgorithm");
}

function noteUnusedBits(input: Uint8Array, signature: Element, findings: Finding[]): void {
  const unusedBits = expectBitString(input, signature, "Certificate.signature");
  if (unusedBits === 0) return;
  findings.push({
    code: "BIT_STRING_UNUSED_BITS",
    message: `signature leaves ${unusedBits} bits of its last octet unused, expected 0`,
    offset: signature.start,
    clause: "RFC 5280, 4.1.1.3",
  });
}

/** What reading found, of which the certificate keeps no more than numbers. */
interface CertificateLayout {
  readonly element: Element;
  readonly signatureAlgorithm: KnownAlgorithm;
  readonly signature: Element;
  readonly tbs: TbsCertificate;
  readonly extensions: ExtensionOffsets;
  readonly roleBasis: RoleBasis;
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
  readonly roleBasis: RoleBasis;
  readonly findings: readonly Finding[];
  readonly #input: Uint8Array;
  readonly #part: Part;
  readonly #start: number;
  readonly #end: number;
  readonly #serialNumber: number;
  readonly #notBefore: number;
  readonly #notAfter: number;
  readonly #publicKey: number;
  readonly #keyAlgorithm: KnownAlgorithm;
  readonly #extensions: number | undefined;
  readonly #extensionOffsets: ExtensionOffsets;
  readonly #signatureAlgorithm: KnownAlgorithm;
  readonly #signature: number;
  #sha256: string | undefined;

  constructor(input: Uint8Array, part: Part, layout: CertificateLayout) {
    const { element, tbs } = layout;
    this.version = tbs.version;
    this.issuer = tbs.issuer;
    this.subject = tbs.subject;
    this.roleBasis = layout.roleBasis;
    this.findings = layout.findings;
    this.#input = input;
    this.#part = part;
    this.#start = element.start;
    this.#end = element.end;
    this.#serialNumber = tbs.serialNumber.start;
    this.#notBefore = tbs.notBefore;
    this.#notAfter = tbs.notAfter;
    this.#publicKey = tbs.subjectPublicKeyInfo.element.start;
    this.#keyAlgorithm = tbs.subjectPublicKeyInfo.algorithm;
    this.#extensions = tbs.extensions?.start;
    this.#extensionOffsets = layout.extensions;
    this.#signatureAlgorithm = layout.signatureAlgorithm;
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

  get origin(): Origin | undefined {
    return this.#part.origin;
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
    return publicKeyAt(this.#input, this.#elementAt(this.#publicKey), this.#keyAlgorithm);
  }

  get extensions(): readonly Extension[] {
    if (this.#extensions === undefined) return [];
    return extensionsAt(this.#input, this.#elementAt(this.#extensions), "TBSCertificate.extensions", []);
  }

  get subjectKeyIdentifier(): Uint8Array | undefined {
    return this.#extension("subjectKeyIdentifier", decodeSubjectKeyIdentifier);
  }

  get authorityKeyIdentifier(): Uint8Array | undefined {
    return this.#extension("authorityKeyIdentifier", decodeAuthorityKeyIdentifier);
  }

  get authorityKey(): AuthorityKey | undefined {
    return this.#extension("authorityKeyIdentifier", decodeAuthorityKey);
  }

  get basicConstraints(): BasicConstraints | undefined {
    return this.#extension("basicConstraints", decodeBasicConstraints);
  }

  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.#extension("keyUsage", decodeKeyUsage);
  }

  get extKeyUsage(): readonly string[] | undefined {
    return this.#extension("extKeyUsage", decodeExtKeyUsage);
  }

  get privateKeyUsagePeriod(): PrivateKeyUsagePeriod | undefined {
    return this.#extension("privateKeyUsagePeriod", decodePrivateKeyUsagePeriod);
  }

  get subjectAltName(): readonly GeneralName[] | undefined {
    return this.#extension("subjectAltName", decodeSubjectAltName);
  }

  get issuerAltName(): readonly GeneralName[] | undefined {
    return this.#extension("issuerAltName", decodeIssuerAltName);
  }

  get cRLDistributionPoints(): readonly DistributionPoint[] | undefined {
    return this.#extension("cRLDistributionPoints", decodeCrlDistributionPoints);
  }

  get certificatePolicies(): readonly PolicyInformation[] | undefined {
    return this.#extension("certificatePolicies", decodeCertificatePolicies);
  }

  get nameChange(): boolean {
    return extnValueAt(this.#input, "nameChange", this.#extensionOffsets) !== undefined;
  }

  get documentTypeList(): DocumentTypeList | undefined {
    return this.#extension("documentTypeList", decodeDocumentTypeList);
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return this.#signatureAlgorithm.identifier;
  }

  get signature(): BitString {
    return decodeBitString(this.#input, this.#elementAt(this.#signature), "Certificate.signature");
  }

  #extension<T>(name: LocatedExtension, decode: ExtensionDecoder<T>): T | undefined {
    return locatedExtension(this.#input, name, this.#extensionOffsets, decode);
  }

  #elementAt(start: number): Element {
    return readElement(this.#input, start, this.#end);
  }
}

const noFindings: readonly Finding[] = Object.freeze([]);

/**
 * CertificateList, RFC 5280 section 5.1: a CRL, read straight from the bytes.
 *
 * ```asn1
 * CertificateList ::= SEQUENCE {
 *   tbsCertList        TBSCertList,
 *   signatureAlgorithm AlgorithmIdentifier,
 *   signature          BIT STRING }
 * ```
 *
 * @module
 */

import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { type Element, equalElements, expectElement, expectEnd, rawBytes } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import type { Finding, FoundIn, Origin } from "../findings.ts";
import { expectWithinBytes, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "../x509/algorithm-identifier.ts";
import type { ParseOptions } from "../x509/certificate.ts";
import { type Extension, extensionsAt } from "../x509/extension.ts";
import type { Name } from "../x509/name.ts";
import { type Part, wholeFile } from "../x509/part.ts";
import { noteSignatureAlgorithm } from "../x509/signature-algorithm.ts";
import {
  type CrlExtensionsLayout,
  crlExtensionAt,
  crlExtensionsPath,
  distributionPointScopeAt,
  type KnownCrlExtensions,
  locateCrlExtensions,
} from "./crl-extensions.ts";
import { noteCrlNumber } from "./crl-number.ts";
import { type CrlScope, crlScopeOf } from "./crl-scope.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";
import { type RevokedCertificates, revokedCertificatesAt } from "./revoked-certificates.ts";
import { type TbsCertList, tbsCertListAt } from "./tbs-cert-list.ts";

/**
 * A CRL: the exact bytes, and views of its fields.
 *
 * It was read once, so that no field can fail later; its extensions and its entries are read anew each time they are asked
 * for.
 */
export interface RevocationList extends KnownCrlExtensions {
  /** The exact bytes received. */
  readonly der: Uint8Array;
  /** Byte offset of the CRL in the input. */
  readonly offset: number;
  readonly foundIn: FoundIn;
  /** Position where it was found, from 0. */
  readonly index: number;
  /** The part of the file that it stood in, if the file has parts; offsets are then offsets in that part's value. */
  readonly origin: Origin | undefined;
  /** SHA-256 of `der`, lower-case hex; computed when it is first asked for. */
  readonly sha256: string;
  /** The bytes that the signature covers. */
  readonly tbsCertList: Uint8Array;
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  /** Undefined in some CRLs of version 1. */
  readonly nextUpdate: Date | undefined;
  /** Which certificates it speaks of: only a `full` one may be applied by itself to all that its issuer has issued. */
  readonly scope: CrlScope;
  /** The entries, read anew each time they are iterated. */
  readonly revokedCertificates: Iterable<RevokedCertificate>;
  /** How many entries there are. */
  readonly revokedCertificateCount: number;
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: BitString;
  /** Deviations from the standards, which did not keep it from being read; of its entries, the first of each code. */
  readonly findings: readonly Finding[];
  /**
   * Finds the first entry with this serial number, given as the content octets of its INTEGER. It goes through the
   * entries, some ten million a second. In an indirect CRL, look at the certificateIssuer of what it finds.
   */
  findRevoked(serialNumber: Uint8Array): RevokedCertificate | undefined;
}

/** Reads one CRL that is all of `der`. Throws `CertParserError` where it cannot be read. */
export function parseRevocationList(der: Uint8Array, options: ParseOptions = {}): RevocationList {
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(der, limits);
  const element = expectElement(der, 0, der.length, Tag.SEQUENCE, "CertificateList");
  expectEnd(element.end, der.length, "CertificateList");
  return revocationListAt(der, element, wholeFile(limits, options.sha256));
}

/** Reads the CRL that `element` frames; offsets in errors and findings are offsets in `input`. */
export function revocationListAt(input: Uint8Array, element: Element, part: Part): RevocationList {
  const { limits } = part;
  const { contentStart, end } = element;
  const tbsElement = expectElement(input, contentStart, end, Tag.SEQUENCE, "CertificateList.tbsCertList");
  const algorithm = expectElement(input, tbsElement.end, end, Tag.SEQUENCE, algorithmPath);
  const signature = expectElement(input, algorithm.end, end, Tag.BIT_STRING, signaturePath);
  expectEnd(signature.end, end, "CertificateList");

  const findings: Finding[] = [];
  const tbs = tbsCertListAt(input, tbsElement, findings);
  const entries = revokedCertificatesAt(input, tbs.revokedCertificates, limits, findings);
  const extensions = locateCrlExtensions(input, tbs.extensions, limits, findings);
  noteMissingExtensions(tbs, extensions, tbsElement.start, findings);
  noteAlgorithms(input, tbs.signature, algorithm, findings);
  noteSignature(input, signature, findings);
  return new RevocationListView(input, part, {
    element,
    tbsElement,
    algorithm,
    signature,
    tbs,
    entries,
    extensions,
    findings,
  });
}

/** What reading found. */
interface RevocationListLayout {
  readonly element: Element;
  readonly tbsElement: Element;
  readonly algorithm: Element;
  readonly signature: Element;
  readonly tbs: TbsCertList;
  readonly entries: RevokedCertificates;
  readonly extensions: CrlExtensionsLayout;
  readonly findings: readonly Finding[];
}

/** A class, unlike most here: what a hostile extension holds may take a hundred times its bytes once it is objects. */
class RevocationListView implements RevocationList {
  readonly version: number;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly scope: CrlScope;
  readonly revokedCertificates: Iterable<RevokedCertificate>;
  readonly revokedCertificateCount: number;
  readonly findings: readonly Finding[];
  readonly #input: Uint8Array;
  readonly #part: Part;
  readonly #layout: RevocationListLayout;
  #sha256: string | undefined;

  constructor(input: Uint8Array, part: Part, layout: RevocationListLayout) {
    const { tbs, entries, extensions } = layout;
    this.version = tbs.version;
    this.issuer = tbs.issuer;
    this.thisUpdate = tbs.thisUpdate;
    this.nextUpdate = tbs.nextUpdate;
    this.scope = crlScopeOf({
      unprocessable: extensions.unprocessable || entries.unprocessable,
      isDelta: extensions.offsets.deltaCrlIndicator !== 0,
      namesIssuers: entries.namesIssuers,
      distributionPoint: distributionPointScopeAt(input, extensions.offsets),
    });
    this.revokedCertificates = entries;
    this.revokedCertificateCount = entries.count;
    this.findings = layout.findings;
    this.#input = input;
    this.#part = part;
    this.#layout = layout;
  }

  get der(): Uint8Array {
    return rawBytes(this.#input, this.#layout.element);
  }

  get offset(): number {
    return this.#layout.element.start;
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

  get tbsCertList(): Uint8Array {
    return rawBytes(this.#input, this.#layout.tbsElement);
  }

  get extensions(): readonly Extension[] {
    const { extensions } = this.#layout.tbs;
    return extensions === undefined ? [] : extensionsAt(this.#input, extensions, crlExtensionsPath, []);
  }

  get authorityKeyIdentifier(): KnownCrlExtensions["authorityKeyIdentifier"] {
    return this.#extension("authorityKeyIdentifier");
  }

  get authorityKey(): KnownCrlExtensions["authorityKey"] {
    return this.#extension("authorityKey");
  }

  get issuerAltName(): KnownCrlExtensions["issuerAltName"] {
    return this.#extension("issuerAltName");
  }

  get crlNumber(): KnownCrlExtensions["crlNumber"] {
    return this.#extension("crlNumber");
  }

  get deltaCrlIndicator(): KnownCrlExtensions["deltaCrlIndicator"] {
    return this.#extension("deltaCrlIndicator");
  }

  get issuingDistributionPoint(): KnownCrlExtensions["issuingDistributionPoint"] {
    return this.#extension("issuingDistributionPoint");
  }

  get freshestCRL(): KnownCrlExtensions["freshestCRL"] {
    return this.#extension("freshestCRL");
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return algorithmIdentifierAt(this.#input, this.#layout.algorithm, algorithmPath);
  }

  get signature(): BitString {
    return decodeBitString(this.#input, this.#layout.signature, signaturePath);
  }

  findRevoked(serialNumber: Uint8Array): RevokedCertificate | undefined {
    return this.#layout.entries.find(serialNumber);
  }

  #extension<Name extends keyof KnownCrlExtensions>(name: Name): KnownCrlExtensions[Name] {
    return crlExtensionAt(this.#input, name, this.#layout.extensions.offsets);
  }
}

/** Version 1 has no extensions to have them in. */
function noteMissingExtensions(
  { version, extensions }: TbsCertList,
  { offsets, namesAuthorityKey }: CrlExtensionsLayout,
  tbsStart: number,
  findings: Finding[],
): void {
  if (version === 1) return;
  const offset = extensions?.start ?? tbsStart;
  if (!namesAuthorityKey) {
    findings.push({
      code: "CRL_AUTHORITY_KEY_ABSENT",
      message: "CRL has no authorityKeyIdentifier",
      offset,
      clause: "RFC 5280, 5.2.1",
    });
  }
  if (offsets.crlNumber === 0) noteCrlNumber("CRL has no CRLNumber that can be read", offset, findings);
}

function noteAlgorithms(input: Uint8Array, inner: Element, outer: Element, findings: Finding[]): void {
  algorithmIdentifierAt(input, inner, "TBSCertList.signature");
  noteSignatureAlgorithm(algorithmIdentifierAt(input, outer, algorithmPath), outer.start, findings);
  if (equalElements(input, inner, outer)) return;
  findings.push({
    code: "SIGNATURE_ALGORITHM_MISMATCH",
    message: "signatureAlgorithm differs from tbsCertList.signature",
    offset: inner.start,
    clause: "RFC 5280, 5.1.1.2",
  });
}

function noteSignature(input: Uint8Array, element: Element, findings: Finding[]): void {
  const { unusedBits } = decodeBitString(input, element, signaturePath);
  if (unusedBits === 0) return;
  findings.push({
    code: "BIT_STRING_UNUSED_BITS",
    message: `signature has ${unusedBits} unused bits, expected none`,
    offset: element.start,
    clause: "RFC 5280, 5.1.1.3",
  });
}

const algorithmPath = "CertificateList.signatureAlgorithm";
const signaturePath = "CertificateList.signature";

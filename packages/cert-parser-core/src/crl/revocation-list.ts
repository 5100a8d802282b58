/**
 * CertificateList, RFC 5280 section 5.1: a CRL, read straight from the bytes.
 *
 * ```asn1
 * CertificateList ::= SEQUENCE {
 *   tbsCertList        TBSCertList,
 *   signatureAlgorithm AlgorithmIdentifier,
 *   signature          BIT STRING }
 * TBSCertList ::= SEQUENCE {
 *   version             Version OPTIONAL,
 *   signature           AlgorithmIdentifier,
 *   issuer              Name,
 *   thisUpdate          Time,
 *   nextUpdate          Time OPTIONAL,
 *   revokedCertificates SEQUENCE OF SEQUENCE { ... } OPTIONAL,
 *   crlExtensions   [0] EXPLICIT Extensions OPTIONAL }
 * ```
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { type BitString, decodeBitString } from "../der/bit-string.ts";
import { decodeSmallInteger } from "../der/integer.ts";
import { idCeAuthorityKeyIdentifier, idCeCrlNumber } from "../der/oids.ts";
import {
  contentBytes,
  type Element,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
} from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { isTime } from "../der/time.ts";
import type { Finding, FoundIn } from "../findings.ts";
import { expectWithinBytes, type Limits, withDefaultLimits } from "../limits.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "../x509/algorithm-identifier.ts";
import type { ParseOptions } from "../x509/certificate.ts";
import {
  type Extension,
  type ExtensionDecoder,
  extensionsAt,
  readExtension,
  walkExtensions,
} from "../x509/extension.ts";
import { decodeAuthorityKeyIdentifier } from "../x509/key-identifiers.ts";
import { type Name, nameAt } from "../x509/name.ts";
import { type Part, wholeFile } from "../x509/part.ts";
import { readTime } from "../x509/tbs-certificate.ts";
import {
  countRevokedCertificates,
  type RevokedCertificate,
  revokedCertificatesAt,
} from "./revoked-certificates.ts";

/** A CRL: the exact bytes, and views of its fields. */
export interface RevocationList {
  /** The exact bytes received. */
  readonly der: Uint8Array;
  /** Byte offset of the CRL in the input. */
  readonly offset: number;
  readonly foundIn: FoundIn;
  /** Position where it was found, from 0. */
  readonly index: number;
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
  /** The entries, read anew each time they are iterated. */
  readonly revokedCertificates: Iterable<RevokedCertificate>;
  /** How many entries there are. */
  readonly revokedCertificateCount: number;
  readonly extensions: readonly Extension[];
  /** Content octets of the INTEGER. */
  readonly crlNumber: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: BitString;
  /** Deviations from the standards, which did not keep it from being read. */
  readonly findings: readonly Finding[];
}

/** Reads one CRL that is all of `der`. Throws `CertParserError` where it cannot be read. */
export function parseRevocationList(der: Uint8Array, options: ParseOptions = {}): RevocationList {
  const limits = withDefaultLimits(options.limits);
  expectWithinBytes(der, limits);
  const element = expectElement(der, 0, der.length, Tag.SEQUENCE, "CertificateList");
  expectEnd(element.end, der.length, "CertificateList");
  return revocationListAt(der, element, wholeFile(options.sha256), limits);
}

/** Reads the CRL that `element` frames; offsets in errors and findings are offsets in `input`. */
export function revocationListAt(
  input: Uint8Array,
  element: Element,
  part: Part,
  limits: Limits,
): RevocationList {
  const { start, contentStart, end } = element;
  const tbsElement = expectElement(input, contentStart, end, Tag.SEQUENCE, "CertificateList.tbsCertList");
  const algorithm = expectElement(
    input,
    tbsElement.end,
    end,
    Tag.SEQUENCE,
    "CertificateList.signatureAlgorithm",
  );
  const signature = expectElement(input, algorithm.end, end, Tag.BIT_STRING, "CertificateList.signature");
  expectEnd(signature.end, end, "CertificateList");

  const findings: Finding[] = [];
  const signatureAlgorithm = algorithmIdentifierAt(input, algorithm, "CertificateList.signatureAlgorithm");
  const { list, ...fields } = readTbsCertList(input, tbsElement, signatureAlgorithm, findings);
  const der = rawBytes(input, element);
  let fingerprint: string | undefined;
  return {
    der,
    offset: start,
    foundIn: part.foundIn,
    index: part.index,
    get sha256() {
      fingerprint ??= part.sha256(der);
      return fingerprint;
    },
    tbsCertList: rawBytes(input, tbsElement),
    ...fields,
    revokedCertificates: { [Symbol.iterator]: () => revokedCertificatesAt(input, list) },
    revokedCertificateCount: countRevokedCertificates(input, list, limits),
    signatureAlgorithm,
    signature: decodeBitString(input, signature, "CertificateList.signature"),
    findings,
  };
}

function readTbsCertList(
  input: Uint8Array,
  element: Element,
  signatureAlgorithm: AlgorithmIdentifier,
  findings: Finding[],
) {
  const { end } = element;
  let at = element.contentStart;
  let version = 1;
  if (input[at] === Tag.INTEGER && at < end) {
    const integer = readElement(input, at, end);
    version = decodeSmallInteger(input, integer, "TBSCertList.version") + 1;
    at = integer.end;
  }
  noteVersion(version, element, findings);

  const algorithm = expectElement(input, at, end, Tag.SEQUENCE, "TBSCertList.signature");
  noteAlgorithm(input, algorithm, signatureAlgorithm, findings);
  const issuer = expectElement(input, algorithm.end, end, Tag.SEQUENCE, "TBSCertList.issuer");
  const thisUpdate = readElement(input, issuer.end, end);
  const rest = readOptionalFields(input, thisUpdate.end, end);
  return {
    version,
    issuer: nameAt(input, issuer, "TBSCertList.issuer"),
    thisUpdate: readTime(input, thisUpdate, "TBSCertList.thisUpdate", findings),
    nextUpdate: rest.nextUpdate && readTime(input, rest.nextUpdate, "TBSCertList.nextUpdate", findings),
    list: rest.revokedCertificates,
    ...readCrlExtensions(input, rest.extensions, findings),
  };
}

function readCrlExtensions(
  input: Uint8Array,
  element: Element | undefined,
  findings: Finding[],
): Pick<RevocationList, "extensions" | "crlNumber" | "authorityKeyIdentifier"> {
  if (element === undefined) {
    return { extensions: [], crlNumber: undefined, authorityKeyIdentifier: undefined };
  }
  let crlNumber: Uint8Array | undefined;
  let authorityKeyIdentifier: Uint8Array | undefined;
  walkExtensions(input, element, "TBSCertList.crlExtensions", findings, (type, _critical, extnValue) => {
    const read = <T>(decode: ExtensionDecoder<T>) => readExtension(input, type, extnValue, decode, findings);
    if (type === idCeCrlNumber) crlNumber ??= read(decodeCrlNumber);
    if (type === idCeAuthorityKeyIdentifier) authorityKeyIdentifier ??= read(decodeAuthorityKeyIdentifier);
  });
  const extensions = extensionsAt(input, element, "TBSCertList.crlExtensions", []);
  return { extensions, crlNumber, authorityKeyIdentifier };
}

interface OptionalFields {
  readonly nextUpdate: Element | undefined;
  readonly revokedCertificates: Element | undefined;
  /** The SEQUENCE inside `[0]`. */
  readonly extensions: Element | undefined;
}

function readOptionalFields(input: Uint8Array, start: number, end: number): OptionalFields {
  let at = start;
  const next = (wanted: (element: Element) => boolean): Element | undefined => {
    if (at >= end) return undefined;
    const element = readElement(input, at, end);
    if (!wanted(element)) return undefined;
    at = element.end;
    return element;
  };
  const nextUpdate = next(isTime);
  const revokedCertificates = next(({ tag }) => tag === Tag.SEQUENCE);
  const explicit = next(({ tag }) => tag === Tag.CONTEXT_0);
  expectEnd(at, end, path);
  if (explicit === undefined) return { nextUpdate, revokedCertificates, extensions: undefined };

  const where = "TBSCertList.crlExtensions";
  const extensions = expectElement(input, explicit.contentStart, explicit.end, Tag.SEQUENCE, where);
  expectEnd(extensions.end, explicit.end, where);
  return { nextUpdate, revokedCertificates, extensions };
}

function decodeCrlNumber(input: Uint8Array, { contentStart, end }: Element): Uint8Array {
  const integer = expectElement(input, contentStart, end, Tag.INTEGER, "cRLNumber");
  expectEnd(integer.end, end, "cRLNumber");
  return contentBytes(input, integer);
}

function noteVersion(version: number, element: Element, findings: Finding[]): void {
  if (version === 2) return;
  findings.push({
    code: "VERSION_UNEXPECTED",
    message: `CRL is of version ${version}, expected 2`,
    offset: element.contentStart,
    clause: "RFC 5280, 5.1.2.1",
  });
}

function noteAlgorithm(
  input: Uint8Array,
  inner: Element,
  signatureAlgorithm: AlgorithmIdentifier,
  findings: Finding[],
): void {
  if (equalBytes(rawBytes(input, inner), signatureAlgorithm.der)) return;
  findings.push({
    code: "SIGNATURE_ALGORITHM_MISMATCH",
    message: "signatureAlgorithm differs from tbsCertList.signature",
    offset: inner.start,
    clause: "RFC 5280, 5.1.1.2",
  });
}

const path = "TBSCertList";

/**
 * The signed attributes of a SignerInfo, RFC 5652 sections 5.3, 5.4 and 11: strict, since it is their bytes that are signed.
 *
 * ```asn1
 * SignedAttributes ::= SET SIZE (1..MAX) OF Attribute
 * Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
 * ```
 *
 * @module
 */

import { type BerElement, type BerReader, createBerReader } from "../der/ber.ts";
import { decodeOid } from "../der/oid.ts";
import {
  idAaCmsAlgorithmProtect,
  idAaSigningCertificate,
  idAaSigningCertificateV2,
  idContentType,
  idMessageDigest,
  idSigningTime,
} from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { firstOutOfOrder } from "../der/set-of.ts";
import { Tag } from "../der/tag.ts";
import { decodeTime, profiledTimeMs } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { type AlgorithmProtection, algorithmProtectionAt } from "./algorithm-protection.ts";
import { type EssCertId, firstCertIdAt } from "./signing-certificate.ts";

/** What a signer signed beside the digest of the content. Nothing of it was verified. */
export interface SignedAttributes {
  /** The bytes that the signature covers: the attributes with the tag of a SET. */
  readonly der: Uint8Array;
  /** Dotted OID. */
  readonly contentType: string | undefined;
  readonly messageDigest: Uint8Array | undefined;
  readonly signingTime: Date | undefined;
  /** RFC 6211. */
  readonly algorithmProtection: AlgorithmProtection | undefined;
  /** The signer's certificate as signingCertificate and signingCertificateV2 name it: RFC 2634, 5.4, and RFC 5035, 3. */
  readonly signingCertificates: readonly EssCertId[];
  /** Deviations that do not count against the attributes; offsets count from the first byte of them. */
  readonly findings: readonly Finding[];
}

/**
 * Reads the signed attributes with their `[0]` tag as received. Throws `CertParserError` where they are not DER, where one
 * stands there twice or with any number of values but one, and where one that is read here is malformed.
 */
export function parseSignedAttributes(
  signedAttrs: Uint8Array,
  limits: Limits = defaultLimits,
): SignedAttributes {
  const reader = createBerReader(signedAttrs, limits);
  const set = reader.expect(0, signedAttrs.length, Tag.CONTEXT_0, path);
  expectEnd(set.end, signedAttrs.length, path);
  const elements = reader.children(set, limits.maxExtensions, path);
  for (const element of elements) expectDer(reader, element, limits.maxDepth);
  expectNoDeviation(reader);
  const misplaced = firstOutOfOrder(signedAttrs, elements);
  if (misplaced !== undefined) throw malformed("are not in the order of DER", misplaced.start);

  const values = readAttributes(reader, elements);
  const findings: Finding[] = [];
  return {
    der: signedAttrs.with(0, Tag.SET),
    contentType: readValue(values, idContentType, (value) => readContentType(signedAttrs, value)),
    messageDigest: readValue(values, idMessageDigest, (value) => readMessageDigest(signedAttrs, value)),
    signingTime: readValue(values, idSigningTime, (value) => readSigningTime(signedAttrs, value, findings)),
    algorithmProtection: readValue(values, idAaCmsAlgorithmProtect, (value) =>
      algorithmProtectionAt(signedAttrs, value),
    ),
    signingCertificates: signingCertificates(signedAttrs, values),
    findings,
  };
}

/** Walks all of an element, so that every length in it was looked at; strings in pieces are not DER (X.690, 10.2). */
function expectDer(reader: BerReader, element: BerElement, depth: number): void {
  if ((element.tag & constructedBit) === 0) return;
  if (depth === 0) {
    throw new CertParserError("LIMIT_EXCEEDED", "signed attributes nest too deep", { offset: element.start });
  }
  if (element.tag < 0x40 && !constructedTypes.has(element.tag & 0x1f)) {
    throw malformed("hold a string in pieces", element.start);
  }
  for (const child of reader.children(element, reader.limits.maxElements, path))
    expectDer(reader, child, depth - 1);
}

function expectNoDeviation(reader: BerReader): void {
  const deviation = reader.firstDeviation();
  if (deviation !== undefined) throw malformed("have a length that is not in its shortest form", deviation);
}

/** The one value of each attribute, by its type. */
function readAttributes(reader: BerReader, elements: readonly BerElement[]): ReadonlyMap<string, BerElement> {
  const values = new Map<string, BerElement>();
  for (const { start, contentStart, contentEnd, end } of elements.map((element) =>
    reader.expect(element.start, element.end, Tag.SEQUENCE, "Attribute"),
  )) {
    const type = reader.expect(contentStart, contentEnd, Tag.OBJECT_IDENTIFIER, "Attribute.attrType");
    const set = reader.expect(type.end, contentEnd, Tag.SET, "Attribute.attrValues");
    expectEnd(set.end, end, "Attribute");
    const [value, ...others] = reader.children(set, reader.limits.maxExtensions, path);
    const dotted = decodeOid(reader.input, type);
    if (value === undefined || others.length > 0) {
      throw malformed(`have ${others.length + (value ? 1 : 0)} values for ${dotted}, expected one`, start);
    }
    if (values.has(dotted)) throw malformed(`have ${dotted} twice`, start);
    values.set(dotted, value);
  }
  return values;
}

function readValue<T>(
  values: ReadonlyMap<string, BerElement>,
  type: string,
  read: (value: BerElement) => T,
): T | undefined {
  const value = values.get(type);
  return value && read(value);
}

function readContentType(input: Uint8Array, { start, end }: Element): string {
  return decodeOid(input, expectElement(input, start, end, Tag.OBJECT_IDENTIFIER, "contentType"));
}

function readMessageDigest(input: Uint8Array, { start, end }: Element): Uint8Array {
  return contentBytes(input, expectElement(input, start, end, Tag.OCTET_STRING, "messageDigest"));
}

/** RFC 5652, 11.3: all fields down to the seconds, then Z; a GeneralizedTime before 2050 is DER all the same. */
function readSigningTime(input: Uint8Array, value: Element, findings: Finding[]): Date {
  const { date, deviation } = decodeTime(input, value, "signingTime");
  if (profiledTimeMs(input, value) === undefined) {
    throw malformed(`have a signingTime that is ${deviation}`, value.start);
  }
  if (deviation !== undefined) {
    findings.push({
      code: "TIME_FORM",
      message: `signingTime is a ${deviation}`,
      offset: value.start,
      clause: "RFC 5652, 11.3",
    });
  }
  return date;
}

function signingCertificates(
  input: Uint8Array,
  values: ReadonlyMap<string, BerElement>,
): readonly EssCertId[] {
  const first = readValue(values, idAaSigningCertificate, (value) => firstCertIdAt(input, value, "v1"));
  const second = readValue(values, idAaSigningCertificateV2, (value) => firstCertIdAt(input, value, "v2"));
  return [first, second].filter((id) => id !== undefined);
}

function malformed(what: string, offset: number): CertParserError {
  return new CertParserError("DER_SYNTAX", `signed attributes ${what}`, { offset, path });
}

const path = "SignerInfo.signedAttrs";
const constructedBit = 0x20;
// EXTERNAL, EMBEDDED PDV, SEQUENCE, SET and CHARACTER STRING: all that DER has constructed; 31 begins a longer tag.
const constructedTypes: ReadonlySet<number> = new Set([8, 11, 16, 17, 29, 31]);

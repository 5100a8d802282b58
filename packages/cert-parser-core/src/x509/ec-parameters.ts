/**
 * EC domain parameters, RFC 3279 section 2.3.5: explicit ones, as Doc 9303-12 prescribes, or the name of a curve.
 *
 * ```asn1
 * EcpkParameters ::= CHOICE { ecParameters ECParameters, namedCurve OBJECT IDENTIFIER, implicitlyCA NULL }
 * ECParameters ::= SEQUENCE {
 *   version  INTEGER,
 *   fieldID  SEQUENCE { fieldType OBJECT IDENTIFIER, prime INTEGER },
 *   curve    SEQUENCE { a OCTET STRING, b OCTET STRING, seed BIT STRING OPTIONAL },
 *   base     OCTET STRING,
 *   order    INTEGER,
 *   cofactor INTEGER OPTIONAL }
 * ```
 *
 * @module
 */

import { bitLengthAt } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { primeField } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd, readElement } from "../der/reader.ts";
import { nameTag, Tag } from "../der/tag.ts";
import type { FindingCode } from "../findings.ts";
import { findNearestCurve, namedCurves } from "./known-curves.ts";
import type { RelativeFinding } from "./relative-finding.ts";

/** Which curve the parameters are, and how they say so. */
export interface EcParameters {
  /** Length of the field in bits, never 0. */
  readonly size: number | undefined;
  /** The curve's name, where the parameters name it, or where every one of them is that curve's. */
  readonly curve: string | undefined;
  readonly parameters: EcParametersForm;
}

/** How a key says which curve it is on; `unrecognised` where that is none that is known here. */
export type EcParametersForm = "named" | "explicit" | "unrecognised";

/** The values of ECParameters, as they came in. */
export interface ExplicitCurve {
  readonly p: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly base: Uint8Array;
  readonly n: Uint8Array;
  readonly h: Uint8Array | undefined;
}

/**
 * Reads the EcpkParameters that are all of `der`; notes in `deviations` what is not as it should be, with offsets in
 * `der`.
 */
export function parseEcParameters(der: Uint8Array, deviations: RelativeFinding[]): EcParameters {
  const element = readElement(der);
  expectEnd(element.end, der.length, path);
  if (element.tag === Tag.SEQUENCE) return parseExplicit(der, element, deviations);
  if (element.tag === Tag.OBJECT_IDENTIFIER) return parseNamed(decodeOid(der, element), deviations);
  const found = `the parameters of the key are ${nameTag(element.tag)}, expected ECParameters`;
  return unrecognised(undefined, found, 0, deviations);
}

function parseNamed(type: string, deviations: RelativeFinding[]): EcParameters {
  const curve = namedCurves.get(type);
  const name = curve?.name ?? type;
  note("EC_CURVE_NAMED", `the key names its curve, ${name}, expected explicit parameters`, 0, deviations);
  if (curve !== undefined) return { size: curve.bits, curve: curve.name, parameters: "named" };
  return unrecognised(undefined, `the key names a curve that is not known here, ${type}`, 0, deviations);
}

function parseExplicit(
  der: Uint8Array,
  { contentStart, end }: Element,
  deviations: RelativeFinding[],
): EcParameters {
  const version = expectElement(der, contentStart, end, Tag.INTEGER, path);
  const fieldId = expectElement(der, version.end, end, Tag.SEQUENCE, path);
  const fieldType = expectElement(der, fieldId.contentStart, fieldId.end, Tag.OBJECT_IDENTIFIER, path);
  const field = decodeOid(der, fieldType);
  if (field !== primeField) {
    const found = `the field of the curve is ${field}, expected a prime field`;
    return unrecognised(undefined, found, fieldType.start, deviations);
  }
  const p = expectElement(der, fieldType.end, fieldId.end, Tag.INTEGER, path);
  expectEnd(p.end, fieldId.end, path);
  const curve = expectElement(der, fieldId.end, end, Tag.SEQUENCE, path);
  const a = expectElement(der, curve.contentStart, curve.end, Tag.OCTET_STRING, path);
  const b = expectElement(der, a.end, curve.end, Tag.OCTET_STRING, path);
  expectSeed(der, b.end, curve.end);
  const base = expectElement(der, curve.end, end, Tag.OCTET_STRING, path);
  const n = expectElement(der, base.end, end, Tag.INTEGER, path);
  const h = n.end === end ? undefined : expectElement(der, n.end, end, Tag.INTEGER, path);
  if (h !== undefined) expectEnd(h.end, end, path);

  noteForm(der, base, h, end, deviations);
  const size = bitLengthAt(der, p) || undefined;
  const nearest = findNearestCurve({
    p: contentBytes(der, p),
    a: contentBytes(der, a),
    b: contentBytes(der, b),
    base: contentBytes(der, base),
    n: contentBytes(der, n),
    h: h && contentBytes(der, h),
  });
  if (nearest === undefined) {
    return unrecognised(size, "no known curve has the field, order or generator of the key", 0, deviations);
  }
  const { name, differing } = nearest;
  if (differing.length === 0) return { size, curve: name, parameters: "explicit" };
  const found = `the explicit parameters of the key differ from those of ${name} in ${differing.join(", ")}`;
  return unrecognised(size, found, 0, deviations);
}

/** The seed tells how the curve was chosen; whoever knows the curve need not ask. */
function expectSeed(der: Uint8Array, start: number, end: number): void {
  if (start !== end) expectEnd(expectElement(der, start, end, Tag.BIT_STRING, path).end, end, path);
}

function noteForm(
  der: Uint8Array,
  base: Element,
  h: Element | undefined,
  end: number,
  deviations: RelativeFinding[],
): void {
  const form = der[base.contentStart];
  if (form === 0x02 || form === 0x03) {
    note(
      "EC_POINT_COMPRESSED",
      "the generator is compressed, expected both coordinates",
      base.start,
      deviations,
    );
  }
  if (h === undefined) {
    note("EC_COFACTOR_ABSENT", "the explicit parameters have no cofactor, expected 1", end, deviations);
  }
}

function unrecognised(
  size: number | undefined,
  message: string,
  offset: number,
  deviations: RelativeFinding[],
): EcParameters {
  note("EC_PARAMETERS_UNRECOGNISED", message, offset, deviations);
  return { size, curve: undefined, parameters: "unrecognised" };
}

function note(code: FindingCode, message: string, offset: number, deviations: RelativeFinding[]): void {
  deviations.push({ code, message, offset, clause: "Doc 9303-12, 4.1.6" });
}

const path = "ECParameters";

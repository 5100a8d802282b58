/**
 * Explicit EC domain parameters, RFC 3279 section 2.3.5, as Doc 9303-12 prescribes them.
 *
 * ```asn1
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

import { toHex } from "../bytes/hex.ts";
import { bitLength, decodeSmallInteger, magnitude } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { contentBytes, type Element, expectElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { type EllipticCurve, ellipticCurves } from "./ec-curves.ts";
import { primeField } from "./oids.ts";

/** Length of the field in bits, and the curve's name where every parameter is that curve's. */
export interface EcParametersMatch {
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

/**
 * Names the curve whose parameters these are, when p, a, b, G, n and h all are: one altered parameter makes another
 * curve, on which an attacker may know the private key (CVE-2020-0601).
 */
export function matchEcParameters(der: Uint8Array, parameters: Element): EcParametersMatch {
  const path = "ECParameters";
  const version = expectElement(der, parameters.contentStart, parameters.end, Tag.INTEGER, path);
  const fieldId = expectElement(der, version.end, parameters.end, Tag.SEQUENCE, path);
  const fieldType = expectElement(der, fieldId.contentStart, fieldId.end, Tag.OBJECT_IDENTIFIER, path);
  if (decodeOid(der, fieldType) !== primeField) return { size: undefined, curve: undefined };
  const prime = expectElement(der, fieldType.end, fieldId.end, Tag.INTEGER, path);
  const curve = expectElement(der, fieldId.end, parameters.end, Tag.SEQUENCE, path);
  const a = expectElement(der, curve.contentStart, curve.end, Tag.OCTET_STRING, path);
  const b = expectElement(der, a.end, curve.end, Tag.OCTET_STRING, path);
  const base = expectElement(der, curve.end, parameters.end, Tag.OCTET_STRING, path);
  const order = expectElement(der, base.end, parameters.end, Tag.INTEGER, path);

  const number = (element: Element) => toHex(magnitude(contentBytes(der, element)));
  const p = number(prime);
  const known = curvesByPrime.get(p);
  const same =
    known !== undefined &&
    number(a) === shortest(known.a) &&
    number(b) === shortest(known.b) &&
    number(order) === shortest(known.n) &&
    isGenerator(contentBytes(der, base), known) &&
    (order.end === parameters.end || isOne(der, order.end, parameters.end));
  return { size: bitLength(contentBytes(der, prime)), curve: same ? known.name : undefined };
}

/** Both the uncompressed form that Doc 9303 asks for and the compressed one name the same point. SEC 1, 2.3.3. */
function isGenerator(base: Uint8Array, { gx, gy }: EllipticCurve): boolean {
  const point = toHex(base);
  const yIsOdd = Number.parseInt(gy.slice(-1), 16) % 2 === 1;
  return point === `04${gx}${gy}` || point === `${yIsOdd ? "03" : "02"}${gx}`;
}

function isOne(der: Uint8Array, start: number, end: number): boolean {
  const path = "ECParameters.cofactor";
  return decodeSmallInteger(der, expectElement(der, start, end, Tag.INTEGER, path), path) === 1;
}

function shortest(hex: string): string {
  return hex.replace(/^(?:00)+/, "");
}

// No two of these curves share their prime.
const curvesByPrime: ReadonlyMap<string, EllipticCurve> = new Map(
  ellipticCurves.map((curve) => [shortest(curve.p), curve]),
);

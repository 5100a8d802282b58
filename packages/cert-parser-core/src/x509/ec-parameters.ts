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

import { fromHex } from "../bytes/hex.ts";
import { bitLengthAt, decodeSmallInteger } from "../der/integer.ts";
import { decodeOid } from "../der/oid.ts";
import { primeField } from "../der/oids.ts";
import { type Element, expectElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { ellipticCurves } from "./ec-curves.ts";

/** Length of the field in bits, and the curve's name where every parameter is that curve's. */
export interface EcParametersMatch {
  readonly size: number | undefined;
  readonly curve: string | undefined;
}

/**
 * Names the curve whose parameters these are, when p, a, b, G, n and h all are: one altered parameter makes another
 * curve, on which an attacker may know the private key (CVE-2020-0601).
 */
export function matchEcParameters(input: Uint8Array, parameters: Element): EcParametersMatch {
  const path = "ECParameters";
  const version = expectElement(input, parameters.contentStart, parameters.end, Tag.INTEGER, path);
  const fieldId = expectElement(input, version.end, parameters.end, Tag.SEQUENCE, path);
  const fieldType = expectElement(input, fieldId.contentStart, fieldId.end, Tag.OBJECT_IDENTIFIER, path);
  if (decodeOid(input, fieldType) !== primeField) return { size: undefined, curve: undefined };
  const p = expectElement(input, fieldType.end, fieldId.end, Tag.INTEGER, path);
  const curve = expectElement(input, fieldId.end, parameters.end, Tag.SEQUENCE, path);
  const a = expectElement(input, curve.contentStart, curve.end, Tag.OCTET_STRING, path);
  const b = expectElement(input, a.end, curve.end, Tag.OCTET_STRING, path);
  const base = expectElement(input, curve.end, parameters.end, Tag.OCTET_STRING, path);
  const n = expectElement(input, base.end, parameters.end, Tag.INTEGER, path);
  const h =
    n.end === parameters.end ? undefined : expectElement(input, n.end, parameters.end, Tag.INTEGER, path);

  const same = domains.find(
    (domain) =>
      isNumber(input, p, domain.p) &&
      isNumber(input, a, domain.a) &&
      isNumber(input, b, domain.b) &&
      isNumber(input, n, domain.n) &&
      (isOctets(input, base, domain.uncompressed) || isOctets(input, base, domain.compressed)) &&
      (h === undefined || decodeSmallInteger(input, h, `${path}.cofactor`) === 1),
  );
  return { size: bitLengthAt(input, p), curve: same?.name };
}

/** Compares a number in big-endian octets, leading zeros aside: INTEGERs have one where OCTET STRINGs have none. */
function isNumber(input: Uint8Array, { contentStart, end }: Element, expected: Uint8Array): boolean {
  let at = contentStart;
  while (at < end && input[at] === 0) at++;
  return isAt(input, at, end, expected);
}

function isOctets(input: Uint8Array, { contentStart, end }: Element, expected: Uint8Array): boolean {
  return isAt(input, contentStart, end, expected);
}

function isAt(input: Uint8Array, start: number, end: number, expected: Uint8Array): boolean {
  if (end - start !== expected.length) return false;
  for (let at = 0; at < expected.length; at++) if (input[start + at] !== expected[at]) return false;
  return true;
}

/** A number without leading zeros. */
function number(hex: string): Uint8Array {
  return fromHex(hex.replace(/^(?:00)+/, ""));
}

// Both the uncompressed form that Doc 9303 asks for and the compressed one name the same point: SEC 1, 2.3.3.
const domains = ellipticCurves.map(({ name, p, a, b, gx, gy, n }) => ({
  name,
  p: number(p),
  a: number(a),
  b: number(b),
  n: number(n),
  uncompressed: fromHex(`04${gx}${gy}`),
  compressed: fromHex(`${Number.parseInt(gy.slice(-1), 16) % 2 === 0 ? "02" : "03"}${gx}`),
}));

/** The known curves by the dotted OID that names each. */
export const curvesByOid: ReadonlyMap<string, (typeof ellipticCurves)[number]> = new Map(
  ellipticCurves.map((curve) => [curve.oid, curve]),
);

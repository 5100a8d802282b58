/**
 * A key is its numbers: its modulus and exponent, or its curve and point, however a SubjectPublicKeyInfo spells them.
 *
 * Hungary, Turkey and Israel publish a key in two spellings: b of P-521 in 65 octets or in 66, P-384 by its parameters or
 * by its name. Pins, revocations and limits are about the key, so that nobody gets past one by spelling it another way.
 *
 * @module
 */

import { isMinimalInteger } from "../der/integer.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, idRsassaPss, rsaEncryption } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { encodeElement, encodeOid, encodeUnsignedInteger } from "../der/writer.ts";
import { CertParserError } from "../errors.ts";
import { uncompressedPoint } from "./canonical-point.ts";
import { type EllipticCurve, ellipticCurves } from "./ec-curves.ts";
import type { PublicKey } from "./public-key.ts";
import { encodePublicKey } from "./public-key-info.ts";
import { rsaPublicKeyAt } from "./rsa-public-key.ts";

/**
 * The SubjectPublicKeyInfo of the same numbers in one spelling, whose SHA-256 tells keys apart:
 *
 * - RSA: rsaEncryption with NULL and two shortest INTEGERs, of a key of RSASSA-PSS too, whatever its parameters;
 * - EC: the name of a known curve and both coordinates of the point;
 * - DSA: four shortest INTEGERs;
 * - Ed25519 and Ed448: no parameters.
 *
 * What is spelled so already, and whatever cannot be read as such numbers, is `publicKey.der`: nobody verifies anything
 * with a key of another kind or on another curve. Never throws.
 *
 * It tells which key this is, and not that `publicKey` can be verified with: a key of RSASSA-PSS verifies less than the
 * same key without parameters, one with a negative modulus nothing. So remember the outcome of a signature by the bytes of
 * the key, never by this.
 */
export function canonicalPublicKey(publicKey: PublicKey): Uint8Array {
  const respell = respellings.get(publicKey.algorithm.algorithm);
  if (respell === undefined) return publicKey.der;
  try {
    // Bits that are left out of the last octet would make another number of it.
    return (publicKey.key.unusedBits === 0 ? respell(publicKey) : undefined) ?? publicKey.der;
  } catch (error) {
    if (error instanceof CertParserError) return publicKey.der;
    throw error;
  }
}

/** Spells a key anew; undefined where it is spelled so already, or its numbers cannot be read. */
type Respelling = (publicKey: PublicKey) => Uint8Array | undefined;

function respellRsa({ algorithm, key: { bytes } }: PublicKey): Uint8Array | undefined {
  const { modulus, publicExponent } = rsaPublicKeyAt(bytes, 0, bytes.length);
  if (isEmpty(modulus) || isEmpty(publicExponent)) return undefined;
  const isPlain = algorithm.algorithm === rsaEncryption && isNull(algorithm.parameters);
  if (isPlain && isShortest(bytes, modulus) && isShortest(bytes, publicExponent)) return undefined;
  return encodePublicKey(
    rsaAlgorithm,
    encodeElement(Tag.SEQUENCE, unsignedInteger(bytes, modulus), unsignedInteger(bytes, publicExponent)),
  );
}

function respellEllipticCurve({ curve, parameters, key }: PublicKey): Uint8Array | undefined {
  const known = curve === undefined ? undefined : namedAlgorithms.get(curve);
  const point = known && uncompressedPoint(key.bytes, known.curve);
  if (known === undefined || point === undefined) return undefined;
  return parameters === "named" && point === key.bytes ? undefined : encodePublicKey(known.algorithm, point);
}

/** `Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }`, and y: RFC 3279, 2.3.2. */
function respellDsa({ algorithm: { parameters }, key: { bytes } }: PublicKey): Uint8Array | undefined {
  if (parameters === undefined) return undefined;
  const sequence = expectElement(parameters, 0, parameters.length, Tag.SEQUENCE, dsaPath);
  expectEnd(sequence.end, parameters.length, dsaPath);
  const p = expectElement(parameters, sequence.contentStart, sequence.end, Tag.INTEGER, dsaPath);
  const q = expectElement(parameters, p.end, sequence.end, Tag.INTEGER, dsaPath);
  const g = expectElement(parameters, q.end, sequence.end, Tag.INTEGER, dsaPath);
  expectEnd(g.end, sequence.end, dsaPath);
  const y = expectElement(bytes, 0, bytes.length, Tag.INTEGER, dsaPath);
  expectEnd(y.end, bytes.length, dsaPath);
  if ([p, q, g, y].some(isEmpty)) return undefined;
  if ([p, q, g].every((each) => isShortest(parameters, each)) && isShortest(bytes, y)) return undefined;
  const numbers = [p, q, g].map((each) => unsignedInteger(parameters, each));
  const algorithm = encodeElement(Tag.SEQUENCE, encodeOid(idDsa), encodeElement(Tag.SEQUENCE, ...numbers));
  return encodePublicKey(algorithm, unsignedInteger(bytes, y));
}

/** RFC 8410, 3: there are no parameters, and the key is as long as the kind says. */
function respellEdwards(keyLength: number): Respelling {
  return ({ algorithm, key: { bytes } }) => {
    if (algorithm.parameters === undefined || bytes.length !== keyLength) return undefined;
    return encodePublicKey(encodeElement(Tag.SEQUENCE, encodeOid(algorithm.algorithm)), bytes);
  };
}

function isNull(parameters: Uint8Array | undefined): boolean {
  return parameters?.length === 2 && parameters[0] === Tag.NULL && parameters[1] === 0;
}

function isEmpty({ contentStart, end }: Element): boolean {
  return contentStart === end;
}

/** Not negative, and without an octet that it could do without. */
function isShortest(der: Uint8Array, element: Element): boolean {
  return (der[element.contentStart] as number) < 0x80 && isMinimalInteger(der, element);
}

/** A number whose first bit is set is negative, and meant without a sign: OpenSSL verifies with it as such. */
function unsignedInteger(der: Uint8Array, element: Element): Uint8Array {
  return encodeUnsignedInteger(contentBytes(der, element));
}

interface NamedAlgorithm {
  readonly curve: EllipticCurve;
  /** AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
}

const dsaPath = "Dss-Parms";
const rsaAlgorithm = encodeElement(Tag.SEQUENCE, encodeOid(rsaEncryption), Uint8Array.of(Tag.NULL, 0));
const namedAlgorithms: ReadonlyMap<string, NamedAlgorithm> = new Map(
  ellipticCurves.map((curve) => [
    curve.name,
    { curve, algorithm: encodeElement(Tag.SEQUENCE, encodeOid(idEcPublicKey), encodeOid(curve.oid)) },
  ]),
);
const respellings: ReadonlyMap<string, Respelling> = new Map([
  [rsaEncryption, respellRsa],
  [idRsassaPss, respellRsa],
  [idEcPublicKey, respellEllipticCurve],
  [idDsa, respellDsa],
  [idEd25519, respellEdwards(32)],
  [idEd448, respellEdwards(57)],
]);

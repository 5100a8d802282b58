/**
 * RSAPublicKey, RFC 8017 appendix A.1.1.
 *
 * ```asn1
 * RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
 * ```
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { bitLengthAt } from "../der/integer.ts";
import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";

/** Where the two numbers of an RSA key are, and the length of the one that counts. */
export interface RsaPublicKey {
  readonly modulus: Element;
  readonly publicExponent: Element;
  /** Bits of the modulus. */
  readonly size: number;
}

/** Reads the RSAPublicKey that stands from `start` to `end`. */
export function rsaPublicKeyAt(input: Uint8Array, start: number, end: number): RsaPublicKey {
  const sequence = expectElement(input, start, end, Tag.SEQUENCE, path);
  expectEnd(sequence.end, end, path);
  const modulus = expectElement(input, sequence.contentStart, sequence.end, Tag.INTEGER, path);
  const publicExponent = expectElement(input, modulus.end, sequence.end, Tag.INTEGER, path);
  expectEnd(publicExponent.end, sequence.end, path);
  return { modulus, publicExponent, size: bitLengthAt(input, modulus) };
}

/** The public exponent; undefined where it is empty, negative, or longer than any that FIPS 186-4, B.3.1 allows. */
export function decodePublicExponent(input: Uint8Array, exponent: Element): bigint | undefined {
  const octets = contentBytes(input, exponent);
  if (octets.length === 0 || octets.length > maxExponentOctets || (octets[0] as number) >= 0x80)
    return undefined;
  return BigInt(`0x${toHex(octets)}`);
}

/** Tells whether the exponent is 65537, without making a number of it. */
export function isUsualExponent(input: Uint8Array, { contentStart, end }: Element): boolean {
  return (
    end - contentStart === 3 &&
    input[contentStart] === 1 &&
    input[contentStart + 1] === 0 &&
    input[contentStart + 2] === 1
  );
}

const path = "RSAPublicKey";
// Less than 2^256, which takes one octet more for the sign.
const maxExponentOctets = 33;

/**
 * RSA keys and signatures that can be reckoned with: RFC 8017, 3.1 and 5.2.2.
 *
 * @module
 */

import { bitLengthAt, isMinimalInteger } from "../der/integer.ts";
import { contentBytes } from "../der/reader.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { decodePublicExponent, rsaPublicKeyAt } from "../x509/rsa-public-key.ts";
import type { RsaKey } from "./signature-engine.ts";
import { invalid, type Refusal, unsupported } from "./verdict.ts";

/** Reads the numbers of an RSA key. Throws `CertParserError` where the key is no RSAPublicKey. */
export function readRsaKey({ key }: PublicKey): RsaKey | Refusal {
  const der = key.bytes;
  const { modulus, publicExponent, size } = rsaPublicKeyAt(der, 0, der.length);
  if (!isMinimalInteger(der, modulus) || !isMinimalInteger(der, publicExponent)) {
    return invalid("the modulus or the exponent is not in its shortest form");
  }
  const octets = contentBytes(der, modulus);
  if ((octets[0] ?? 0) >= 0x80) return invalid("the modulus is negative");
  const tooLarge = refuseRsaSize(size, bitLengthAt(der, publicExponent));
  if (tooLarge !== undefined) return tooLarge;
  if (isEven(octets[octets.length - 1])) return invalid("the modulus is even");
  const exponent = decodePublicExponent(der, publicExponent);
  if (exponent === undefined || exponent < 3n || exponent % 2n === 0n) {
    return invalid("the public exponent is no odd number between 3 and 2^256");
  }
  // As many octets as the bits take: an INTEGER has one more where its first bit is set.
  return {
    der,
    modulus: octets.subarray(octets.length - Math.ceil(size / 8)),
    size,
    publicExponent: exponent,
  };
}

/**
 * Why a key of these sizes, in bits, is not worked with: a signature costs the exponent's bits times the square of the
 * modulus's, and whoever writes a list chooses both.
 */
export function refuseRsaSize(modulusBits: number, exponentBits: number): Refusal | undefined {
  if (modulusBits > maxModulusBits || modulusBits < minModulusBits) {
    return unsupported(
      `the modulus has ${modulusBits} bits, expected ${minModulusBits} to ${maxModulusBits}`,
    );
  }
  const most = modulusBits > smallModulusBits ? maxExponentBits : maxSmallModulusExponentBits;
  if (exponentBits <= most) return undefined;
  const modulus = `a modulus of ${modulusBits} bits`;
  return unsupported(
    `the public exponent has ${exponentBits} bits, expected at most ${most} with ${modulus}`,
  );
}

/** Why a signature cannot be opened: it has to be as long as the modulus, and below it. */
export function refuseOutOfRange({ modulus }: RsaKey, signature: Uint8Array): Refusal | undefined {
  const { length } = modulus;
  if (signature.length !== length) {
    return invalid(`the signature is ${signature.length} octets long, expected ${length} like the modulus`);
  }
  return isBelow(signature, modulus) ? undefined : invalid("the signature is not below the modulus");
}

function isEven(octet: number | undefined): boolean {
  return (octet ?? 0) % 2 === 0;
}

/** Compares two numbers in as many octets. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < a.length; at++) {
    if (a[at] !== b[at]) return (a[at] as number) < (b[at] as number);
  }
  return false;
}

// As Go's crypto/tls, since CVE-2023-29409; OpenSSL takes twice that. The largest modulus of a CSCA has 6144 bits (Moldova).
const maxModulusBits = 8192;
// OPENSSL_RSA_SMALL_MODULUS_BITS and OPENSSL_RSA_MAX_PUBEXP_BITS, above which OpenSSL does not verify either. The largest
// exponent of a CSCA has 17 bits.
const smallModulusBits = 3072;
const maxExponentBits = 64;
// FIPS 186-4, B.3.1.
const maxSmallModulusExponentBits = 256;
// BoringSSL's least. It is over the 2^256 that bounds the exponent, so that no exponent reaches its modulus.
const minModulusBits = 512;

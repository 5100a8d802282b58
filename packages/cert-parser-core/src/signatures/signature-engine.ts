/**
 * The port to the arithmetic of signatures: the operations on which every scheme rests.
 *
 * @module
 */

import type { DigestName } from "../x509/digest-algorithm.ts";
import type { EllipticCurve } from "../x509/ec-curves.ts";

/** The digests that a signature is verified over. MD5 is none of them: anyone can make collisions of it. */
export type SignatureDigest = Exclude<DigestName, "MD5">;

/**
 * What verifying asks of a runtime. Two engines implement it and give the same answers: `createPortableEngine`, and
 * `createNodeEngine` of `cert-parser-core/node`. Their input was checked before it comes to them; what is refused, and
 * why, does not depend on the engine.
 */
export interface SignatureEngine {
  /** Digests `data`: FIPS 180-4. */
  digest(name: SignatureDigest, data: Uint8Array): Uint8Array;
  /** RSAVP1 of RFC 8017, 5.2.2, for a signature as long as the modulus and below it; the result is as long. */
  rsavp1(key: RsaKey, signature: Uint8Array): Uint8Array;
  /**
   * Where the runtime has it, a short cut: true where `rsavp1` would give the encoded message of RFC 8017, 9.2, the one with
   * NULL, octet by octet. After any other answer the signature is opened.
   */
  pkcs1?(key: RsaKey, hash: SignatureDigest, data: Uint8Array, signature: Uint8Array): boolean;
  /** Verifies ECDSA, SEC 1, 4.1.4; false where the point of the key is not on its curve. */
  ecdsa(key: EcKey, hash: SignatureDigest, data: Uint8Array, signature: SignatureValue): boolean;
}

/** An RSA key whose numbers can be reckoned with: an odd modulus, and an odd exponent above 1 and below it. */
export interface RsaKey {
  /** RSAPublicKey, as it came in. */
  readonly der: Uint8Array;
  /** Big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  /** Bits of the modulus. */
  readonly size: number;
  readonly publicExponent: bigint;
}

/** A curve and a point that is said to be on it: uncompressed or compressed, in the length that belongs to it. */
export interface EcKey {
  readonly curve: EllipticCurve;
  /** SEC 1, 2.3.3. */
  readonly point: Uint8Array;
}

/** Ecdsa-Sig-Value or Dss-Sig-Value, RFC 3279 section 2.2: strict DER, both numbers between 0 and the order. */
export interface SignatureValue {
  readonly der: Uint8Array;
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * What a signature costs to verify: who writes a list decides how many there are, and by which keys.
 *
 * The unit is one signature by a key on P-256, or by an RSA key of 2048 bits with the exponent 65537, with the engine of
 * `cert-parser-core/node`: some 0.1 ms. Measured with Node 24.21 on x86-64 in the worst case that a list can bring about: each
 * signature is false, so that an RSA block is opened twice, and each key is new to the engine, which takes 0.06 ms of it.
 * The figures, in ms:
 *
 * ```
 * RSA 2048 0.12   4096 0.18   2048, exponent of 256 bits 0.45   3072, 256 bits 0.91   8192, 64 bits 1.70
 * P-256 0.11   P-384 0.52   P-521 1.10   brainpoolP256r1 0.30   compressed: 0.17, 0.75, 1.60, 0.37
 * DSA 1024 1.1   2048 5.1   3072 10.7   Ed25519 1.0   Ed448 2.6   SHA-1, SHA-256 0.5 for each MiB   SHA-512 0.9
 * ```
 *
 * Over 37 kinds of RSA and EC keys the formulas give 0.85 to 1.45 times what was measured. The portable engine takes 0.4 to
 * 3 times as long with RSA and 3 to 25 times on curves.
 *
 * @module
 */

import { bitLengthAt } from "../der/integer.ts";
import { idDsa, idEcPublicKey, idEd448, idEd25519, idRsassaPss, rsaEncryption } from "../der/oids.ts";
import { CertParserError } from "../errors.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { rsaPublicKeyAt } from "../x509/rsa-public-key.ts";
import { isCompressed } from "./curve-point.ts";
import { maxDsaPrimeBits } from "./dsa.ts";
import { refuseRsaSize } from "./rsa-key.ts";

/** The weight of one signature by this key over so many octets, from sizes alone. Positive, and never throws. */
export function signatureCost(publicKey: PublicKey, dataLength: number): number {
  // Data is digested twice at most: by a runtime that finds the signature false, and to look what it is instead.
  return keyCost(publicKey) + dataLength / digestedBytesPerUnit;
}

/** The weight of telling which key this is, `canonicalPublicKey`: 0 unless its point has to be decompressed. */
export function canonicalKeyCost({ algorithm, curve, size = 0, key }: PublicKey): number {
  if (algorithm.algorithm !== idEcPublicKey || curve === undefined || !isCompressed(key.bytes)) return 0;
  return curve === "P-224" ? 10 : 0.8 * (size / 256) ** 2;
}

function keyCost(publicKey: PublicKey): number {
  const { size } = publicKey;
  switch (publicKey.algorithm.algorithm) {
    case rsaEncryption:
    case idRsassaPss:
      return rsaCost(publicKey);
    case idEcPublicKey:
      return ellipticCurveCost(publicKey);
    case idDsa:
      return size === undefined || size > maxDsaPrimeBits ? refusalCost : 0.5 + 12.5 * (size / 1024) ** 2;
    case idEd25519:
      return 10;
    case idEd448:
      return 26;
    default:
      return refusalCost;
  }
}

/** For each bit of the exponent, a product of two numbers as long as the modulus. */
function rsaCost({ key: { bytes } }: PublicKey): number {
  try {
    const { publicExponent, size } = rsaPublicKeyAt(bytes, 0, bytes.length);
    const exponentBits = bitLengthAt(bytes, publicExponent);
    if (refuseRsaSize(size, exponentBits) !== undefined) return refusalCost;
    return 0.9 + 0.004 * exponentBits * (size / 1024) ** 2;
  } catch (error) {
    if (error instanceof CertParserError) return refusalCost;
    throw error;
  }
}

/** OpenSSL has arithmetic of its own for P-256, and one for all the others. */
function ellipticCurveCost({ curve, size, key }: PublicKey): number {
  if (curve === undefined || size === undefined) return refusalCost;
  const squared = (size / 256) ** 2;
  const verification = curve === "P-256" ? 1 : 0.6 + 2.5 * squared;
  if (!isCompressed(key.bytes)) return verification;
  // Square roots modulo the prime of P-224, which is 1 modulo 2^96, take ten times as long.
  return verification + (curve === "P-224" ? 5 : 1.2 * squared);
}

// To look at the sizes takes 1 microsecond.
const refusalCost = 0.01;
const digestedBytesPerUnit = 65_536;

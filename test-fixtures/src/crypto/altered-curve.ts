/**
 * CVE-2020-0601: a curve altered so that a public key which is not ours has a private key which is.
 *
 * @module
 */

import { groupOrder, inverse, multiplyBase } from "./curve.ts";
import type { EcKeyPair } from "./key-pair.ts";
import type { PublicKeyEncoding } from "./public-key-info.ts";

/** A key on an altered curve, and how its parameters are to be written. */
export interface AlteredKey {
  readonly key: EcKeyPair;
  readonly publicKeyEncoding: PublicKeyEncoding;
}

/**
 * Gives the forger's private key the victim's public point Q, by the generator d⁻¹Q instead of G. Whoever takes the
 * parameters as they come, and knows the victim by its point alone, accepts what the forger signs.
 */
export function alterCurve(victim: EcKeyPair, forger: EcKeyPair): AlteredKey {
  const { curve, scalar, publicBits, publicKey } = victim;
  if (curve !== forger.curve)
    throw new TypeError(`expected two keys on ${curve}, got one on ${forger.curve}`);
  const order = groupOrder(curve);
  // Both private keys are known here, so that OpenSSL multiplies; the forger needs the point Q alone.
  const baseFactor = (inverse(forger.scalar, order) * scalar) % order;
  const base = multiplyBase(curve, baseFactor);
  return {
    key: { ...forger, publicKey, publicBits, baseFactor },
    publicKeyEncoding: {
      changeDomain: (domain) => {
        domain.base.buffer = base.slice().buffer;
        return domain;
      },
    },
  };
}

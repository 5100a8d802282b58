/**
 * The engine in plain JavaScript, for every runtime.
 *
 * @module
 */

import { type ECDSA, ecdsa, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import type { EllipticCurve } from "../x509/ec-curves.ts";
import { modularPower } from "../x509/modular-power.ts";
import { i2osp, os2ip } from "./data-conversion.ts";
import type { EcKey, RsaKey, SignatureDigest, SignatureEngine, SignatureValue } from "./signature-engine.ts";

/** Makes an engine on `@noble/curves`, `@noble/hashes` and BigInt. */
export function createPortableEngine(): SignatureEngine {
  // Made when they are asked for: a curve brings a table of its generator's multiples.
  const curves = new Map<string, ECDSA>();
  return {
    digest,
    rsavp1,
    ecdsa({ curve, point }, hash, data, signature) {
      const arithmetic = curves.get(curve.name) ?? createCurve(curve);
      curves.set(curve.name, arithmetic);
      return verifyOn(arithmetic, { curve, point }, digest(hash, data), signature);
    },
  };
}

function digest(name: SignatureDigest, data: Uint8Array): Uint8Array {
  return digests[name](data);
}

function rsavp1({ modulus, publicExponent }: RsaKey, signature: Uint8Array): Uint8Array {
  return i2osp(modularPower(os2ip(signature), publicExponent, os2ip(modulus)), modulus.length);
}

function verifyOn(
  arithmetic: ECDSA,
  { curve, point }: EcKey,
  digest: Uint8Array,
  { r, s }: SignatureValue,
): boolean {
  const length = curve.n.length / 2;
  const signature = new Uint8Array(2 * length);
  signature.set(i2osp(r, length));
  signature.set(i2osp(s, length), length);
  // By default half of the good signatures are refused, those whose s is in the upper half, and the digest is digested.
  return arithmetic.verify(signature, digest, point, { lowS: false, prehash: false, format: "compact" });
}

function createCurve({ p, n, a, b, gx, gy }: EllipticCurve): ECDSA {
  const [Gx, Gy] = [number(gx), number(gy)];
  return ecdsa(
    weierstrass({ p: number(p), n: number(n), h: 1n, a: number(a), b: number(b), Gx, Gy }),
    sha256,
  );
}

function number(hex: string): bigint {
  return BigInt(`0x${hex}`);
}

const digests: Readonly<Record<SignatureDigest, (data: Uint8Array) => Uint8Array>> = {
  "SHA-1": sha1,
  "SHA-224": sha224,
  "SHA-256": sha256,
  "SHA-384": sha384,
  "SHA-512": sha512,
};

/**
 * Keys on every curve, and signatures by them, on runtimes that have neither.
 *
 * @module
 */

import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type ECDSA, ecdsa, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type EllipticCurve, ellipticCurves } from "../../src/x509/ec-curves.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { bitString, oid, sequence } from "../der-writer.ts";
import { curveNamed, explicitParameters } from "../specimens.ts";
import { readPublicKey } from "./engines.ts";

export const curveNames: readonly string[] = ellipticCurves.map(({ name }) => name);

/** A key on the curve, signing as it is told. */
export interface EcKeyPair {
  readonly publicKey: PublicKey;
  /** Without compression. */
  readonly point: Uint8Array;
  readonly compressedPoint: Uint8Array;
  /** Ecdsa-Sig-Value. */
  readonly sign: (hash: string, data: Uint8Array) => Uint8Array;
}

export function makeEcKey(name: string): EcKeyPair {
  const arithmetic = arithmeticOf(name);
  const { secretKey, publicKey } = arithmetic.keygen();
  const point = arithmetic.Point.fromBytes(publicKey).toBytes(false);
  return {
    publicKey: ecPublicKey(name, point),
    point,
    compressedPoint: arithmetic.Point.fromBytes(publicKey).toBytes(true),
    sign(hash, data) {
      const digest = createHash(hash.replace("-", "")).update(data).digest();
      return arithmetic.sign(digest, secretKey, { lowS: false, prehash: false, format: "der" });
    },
  };
}

/** A key with this for its point, whatever it is; the parameters are explicit unless the curve is to be named. */
export function ecPublicKey(
  name: string,
  point: Uint8Array,
  form: "named" | "explicit" = "explicit",
): PublicKey {
  const curve = curveNamed(name);
  const parameters = form === "named" ? oid(curve.oid) : explicitParameters(curve);
  return readPublicKey(sequence(sequence(oid("1.2.840.10045.2.1"), parameters), bitString(point)));
}

/** A key pair of the runtime's; undefined where it does not know the curve. */
export function runtimeEcKey(
  name: string,
): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined {
  try {
    return generateKeyPairSync("ec", { namedCurve: runtimeNames[name] ?? name });
  } catch {
    return undefined;
  }
}

function arithmeticOf(name: string): ECDSA {
  const { p, n, a, b, gx, gy } = curveNamed(name);
  const [Gx, Gy] = [number(gx), number(gy)];
  return ecdsa(
    weierstrass({ p: number(p), n: number(n), h: 1n, a: number(a), b: number(b), Gx, Gy }),
    sha256,
  );
}

function number(hex: EllipticCurve["p"]): bigint {
  return BigInt(`0x${hex}`);
}

const runtimeNames: Readonly<Record<string, string>> = {
  "P-192": "prime192v1",
  "P-224": "secp224r1",
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};

/**
 * Signatures with known answers, by which an engine finds out what its runtime can do.
 *
 * @module
 */

import { fromHex } from "../bytes/hex.ts";
import type { EllipticCurve } from "../x509/ec-curves.ts";
import { i2osp, os2ip } from "./data-conversion.ts";
import type { EcKey, RsaKey, SignatureDigest, SignatureEngine, SignatureValue } from "./signature-engine.ts";

/** What is signed. */
export const knownData: Uint8Array = new TextEncoder().encode("abc");

/** An ECDSA signature over {@link knownData}, and one that is not. */
export interface KnownSignature {
  readonly key: EcKey;
  readonly good: SignatureValue;
  readonly bad: SignatureValue;
}

/**
 * The signature of the private key 1 with the nonce 1: the key and R are the generator, r is its x and s is r plus the
 * digest, modulo n. No point need be multiplied to make it, and a runtime must multiply two to find it good.
 */
export function knownSignature(
  { digest }: Pick<SignatureEngine, "digest">,
  curve: EllipticCurve,
  hash: SignatureDigest,
  compressed: boolean,
): KnownSignature {
  const n = BigInt(`0x${curve.n}`);
  const octets = digest(hash, knownData);
  const surplus = Math.max(0, 8 * octets.length - n.toString(2).length);
  const r = BigInt(`0x${curve.gx}`) % n;
  const s = (r + (os2ip(octets) >> BigInt(surplus))) % n;
  const point = fromHex(compressed ? `${compressedForm(curve)}${curve.gx}` : `04${curve.gx}${curve.gy}`);
  return { key: { curve, point }, good: signatureValue(r, s), bad: signatureValue(r, (s % (n - 1n)) + 1n) };
}

/** A key of 2048 bits that no one has the factors of, for RSAVP1. */
export const knownRsaKey: RsaKey = rsaKey(`c5${"3a".repeat(254)}d1`);

/** A signature below {@link knownRsaKey}'s modulus. */
export const knownRsaSignature: Uint8Array = fromHex(`00${"5c".repeat(255)}`);

function compressedForm({ gy }: EllipticCurve): string {
  return Number.parseInt(gy.slice(-1), 16) % 2 === 0 ? "02" : "03";
}

function signatureValue(r: bigint, s: bigint): SignatureValue {
  const content = new Uint8Array([...integer(r), ...integer(s)]);
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return { der: new Uint8Array([0x30, ...length, ...content]), r, s };
}

function integer(value: bigint): readonly number[] {
  // One bit more than the number has, for the sign.
  const length = Math.floor(value.toString(2).length / 8) + 1;
  return [0x02, length, ...i2osp(value, length)];
}

function rsaKey(modulus: string): RsaKey {
  const octets = fromHex(modulus);
  const der = fromHex(`3082010a0282010100${modulus}0203010001`);
  return { der, modulus: octets, size: 8 * octets.length, publicExponent: 65_537n };
}

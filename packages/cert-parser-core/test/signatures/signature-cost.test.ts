import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { canonicalKeyCost, signatureCost } from "../../src/signatures/signature-cost.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { bitString, integer, oid, sequence } from "../der-writer.ts";
import { curveNames, ecPublicKey, makeEcKey } from "./ec-keys.ts";
import { readPublicKey } from "./engines.ts";
import { positiveInteger, rsaPublicKey } from "./rsa-keys.ts";

const data = 1500;

function odd(bits: number): bigint {
  return (1n << BigInt(bits - 1)) + 1n;
}

function rsa(modulusBits: number, exponent = 65_537n): PublicKey {
  return rsaPublicKey(odd(modulusBits), exponent);
}

function ec(curve: string, form: "point" | "compressedPoint" = "point"): PublicKey {
  return ecPublicKey(curve, makeEcKey(curve)[form]);
}

function dsa(primeBits: number): PublicKey {
  const parameters = sequence(positiveInteger(odd(primeBits)), positiveInteger(odd(256)), integer("02"));
  return readPublicKey(sequence(sequence(oid("1.2.840.10040.4.1"), parameters), bitString(integer("05"))));
}

function edwards(type: string, length: number): PublicKey {
  return readPublicKey(sequence(sequence(oid(type)), bitString(new Uint8Array(length))));
}

describe("the weight of a signature", () => {
  // In units of 0.1 ms, as measured: see signature-cost.ts.
  const measured = [
    ["P-256", ec("P-256"), 1.09],
    ["P-384", ec("P-384"), 5.2],
    ["P-521", ec("P-521"), 11],
    ["brainpoolP256r1", ec("brainpoolP256r1"), 3],
    ["P-256, compressed", ec("P-256", "compressedPoint"), 1.74],
    ["P-224, compressed", ec("P-224", "compressedPoint"), 7.1],
    ["P-521, compressed", ec("P-521", "compressedPoint"), 16],
    ["RSA of 2048 bits", rsa(2048), 1.18],
    ["RSA of 4096 bits", rsa(4096), 1.8],
    ["RSA of 3072 bits and an exponent of 256 bits", rsa(3072, odd(256)), 9.1],
    ["RSA of 8192 bits and an exponent of 64 bits", rsa(8192, odd(64)), 17],
    ["DSA of 1024 bits", dsa(1024), 10.8],
    ["DSA of 2048 bits", dsa(2048), 51],
    ["DSA of 3072 bits", dsa(3072), 107],
    ["Ed25519", edwards("1.3.101.112", 32), 10],
    ["Ed448", edwards("1.3.101.113", 57), 26],
  ] as const;
  for (const [what, key, expected] of measured) {
    test(`is near what was measured for ${what}`, () => {
      const cost = signatureCost(key, data);
      assert.ok(cost > expected / 1.5 && cost < expected * 1.5, `${cost}, measured ${expected}`);
    });
  }

  test("grows with the exponent and the square of the modulus", () => {
    const base = signatureCost(rsa(1024, 1n), 0);
    const over = (bits: number, exponentBits: number) =>
      signatureCost(rsa(bits, odd(exponentBits)), 0) - base;
    assert.ok(Math.abs(over(2048, 64) / over(1024, 64) - 4) < 0.1);
    assert.ok(Math.abs(over(2048, 256) / over(2048, 64) - 4) < 0.1);
  });

  test("grows with what is digested", () => {
    assert.ok(signatureCost(ec("P-256"), 2 ** 20) > 10 * signatureCost(ec("P-256"), 0));
  });

  test("is that of a look for keys that are refused for their size or kind", () => {
    const unknown = readPublicKey(sequence(sequence(oid("1.2.3.4")), bitString(fromHex("00"))));
    const keys = [
      rsa(16_384),
      rsa(2048, 1n << 256n),
      rsa(4096, odd(65)),
      rsaPublicKey(0n, 0n),
      dsa(3073),
      unknown,
    ];
    for (const key of keys) assert.equal(signatureCost(key, 0), 0.01);
    const noKey = readPublicKey(
      sequence(sequence(oid("1.2.840.113549.1.1.1"), fromHex("0500")), bitString(integer("05"))),
    );
    assert.equal(signatureCost(noKey, 0), 0.01);
  });
});

describe("the weight of telling which key it is", () => {
  test("is none unless its point is compressed", () => {
    for (const curve of curveNames) {
      assert.equal(canonicalKeyCost(ec(curve)), 0);
      assert.ok(canonicalKeyCost(ec(curve, "compressedPoint")) > 0.1);
    }
    for (const key of [rsa(2048), dsa(1024)]) assert.equal(canonicalKeyCost(key), 0);
    const twoFirst = new Uint8Array(32).fill(2);
    assert.equal(
      canonicalKeyCost(readPublicKey(sequence(sequence(oid("1.3.101.112")), bitString(twoFirst)))),
      0,
    );
  });
});

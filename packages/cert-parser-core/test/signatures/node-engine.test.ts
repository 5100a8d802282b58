import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, toHex } from "../../src/bytes/hex.ts";
import { createCapabilities } from "../../src/signatures/capabilities.ts";
import { isOnCurve } from "../../src/signatures/curve-point.ts";
import { createKeyCache } from "../../src/signatures/key-cache.ts";
import {
  knownData,
  knownRsaKey,
  knownRsaSignature,
  knownSignature,
} from "../../src/signatures/known-answers.ts";
import { createNodeEngine } from "../../src/signatures/node-engine.ts";
import { createPortableEngine } from "../../src/signatures/portable-engine.ts";
import { readSignatureValue } from "../../src/signatures/signature-value.ts";
import { ellipticCurves } from "../../src/x509/ec-curves.ts";
import { encodeEcPublicKey } from "../../src/x509/public-key-info.ts";
import { bitString, oid, sequence } from "../der-writer.ts";
import { engines } from "./engines.ts";

const digests = ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const;
const portable = createPortableEngine();

describe("known answers", () => {
  for (const curve of ellipticCurves) {
    test(`on ${curve.name} are as the portable engine finds them`, () => {
      for (const hash of digests) {
        for (const compressed of [false, true]) {
          const { key, good, bad } = knownSignature(portable, curve, hash, compressed);
          assert.ok(isOnCurve(key.point, curve));
          assert.equal(portable.ecdsa(key, hash, knownData, good), true);
          assert.equal(portable.ecdsa(key, hash, knownData, bad), false);
          for (const value of [good, bad]) {
            assert.deepEqual(readSignatureValue(value.der, BigInt(`0x${curve.n}`)), value);
          }
        }
      }
    });
  }
});

describe("the node engine", () => {
  test("has the digests of FIPS 180-4, and RSAVP1, of the portable one", () => {
    const node = createNodeEngine();
    for (const name of digests) {
      for (const length of [0, 1, 63, 64, 127, 128, 1000]) {
        const data = new Uint8Array(length).fill(0x61);
        assert.equal(toHex(node.digest(name, data)), toHex(portable.digest(name, data)));
      }
    }
    assert.equal(
      toHex(node.rsavp1(knownRsaKey, knownRsaSignature)),
      toHex(portable.rsavp1(knownRsaKey, knownRsaSignature)),
    );
  });

  test("gives as many octets as the modulus has where the result is short", () => {
    const one = new Uint8Array(256).with(255, 1);
    for (const [, engine] of engines) assert.equal(toHex(engine.rsavp1(knownRsaKey, one)), toHex(one));
  });

  test("leaves to the portable one what the runtime throws at", () => {
    // OpenSSL takes no exponent over 64 bits with a modulus over 3072.
    const modulus = fromHex(`c5${"3a".repeat(510)}d1`);
    const publicExponent = (1n << 100n) + 1n;
    const key = { der: new Uint8Array(), modulus, size: 4096, publicExponent };
    const signature = new Uint8Array(512).fill(0x5c);
    assert.deepEqual(createNodeEngine().rsavp1(key, signature), portable.rsavp1(key, signature));
  });

  test("answers the same with room for no key", () => {
    const engine = createNodeEngine({ maxKeys: 0 });
    for (const curve of ellipticCurves) {
      const { key, good, bad } = knownSignature(portable, curve, "SHA-256", false);
      assert.equal(engine.ecdsa(key, "SHA-256", knownData, good), true);
      assert.equal(engine.ecdsa(key, "SHA-256", knownData, bad), false);
    }
  });

  test("names curves as RFC 5480 has it", () => {
    for (const { oid: type, gx, gy } of ellipticCurves) {
      const point = fromHex(`04${gx}${gy}`);
      const expected = sequence(sequence(oid("1.2.840.10045.2.1"), oid(type)), bitString(point));
      assert.equal(toHex(encodeEcPublicKey(type, point)), toHex(expected));
    }
  });
});

describe("capabilities", () => {
  test("are tried once, and absent where the test throws", () => {
    const can = createCapabilities();
    let runs = 0;
    const passes = () => ++runs > 0;
    assert.deepEqual([can("a", passes), can("a", passes), runs], [true, true, 1]);
    const fails = () => {
      throw new Error(`run ${++runs}`);
    };
    assert.deepEqual([can("b", fails), can("b", fails), runs], [false, false, 2]);
  });
});

describe("the keys that are kept", () => {
  test("are made once, and the first one makes room", () => {
    const keys = createKeyCache<string>(2);
    const made: string[] = [];
    const ask = (hex: string) =>
      keys("P-256", fromHex(hex), () => {
        made.push(hex);
        return hex;
      });
    for (const hex of ["0a", "0b", "0a", "0c", "0b", "0a"]) assert.equal(ask(hex), hex);
    assert.deepEqual(made, ["0a", "0b", "0c", "0a"]);
  });

  test("are told apart by their kind", () => {
    const keys = createKeyCache<string>(9);
    const bytes = fromHex("0a");
    assert.equal(
      keys("P-256", bytes, () => "first"),
      "first",
    );
    assert.equal(
      keys("P-384", bytes, () => "second"),
      "second",
    );
  });
});

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { bitString, oid, sequence } from "../der-writer.ts";
import { algorithmIdentifier, engines, readPublicKey } from "./engines.ts";

// RFC 8032, 7.1, test 2.
const data = fromHex("72");
const point = fromHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
const signature = fromHex(
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
);
const ed25519 = algorithmIdentifier("1.3.101.112");

for (const [name, engine] of engines) {
  describe(`EdDSA by the ${name} engine`, () => {
    const check = (key: Uint8Array, octets = signature) =>
      checkSignature(engine, {
        publicKey: edPublicKey("1.3.101.112", key),
        algorithm: ed25519,
        data,
        signature: octets,
      });

    test("accepts the signature of RFC 8032", () => {
      assert.deepEqual(check(point), {
        outcome: "valid",
        scheme: "ed25519",
        hash: undefined,
        curve: "Ed25519",
        keySize: 256,
        leniencies: [],
        reason: undefined,
      });
    });

    for (const [scheme, type] of [
      ["ed25519", "1.3.101.112"],
      ["ed448", "1.3.101.113"],
    ] as const) {
      const pair = makeKeyPair(scheme);
      test(`accepts ${scheme} as the runtime signs it`, {
        skip: pair === undefined && "the runtime has no such keys",
      }, () => {
        if (pair === undefined) return;
        const publicKey = edPublicKey(type, pair.point);
        const input = { publicKey, algorithm: algorithmIdentifier(type), signature: pair.signature };
        assert.equal(checkSignature(engine, { ...input, data }).outcome, "valid");
        assert.equal(checkSignature(engine, { ...input, data: fromHex("73") }).outcome, "invalid");
      });
    }

    const flaws = [
      ["a key that is no point", fromHex("02".padEnd(64, "0")), signature],
      ["a key over the field's prime", new Uint8Array(32).fill(0xff), signature],
      ["a key of 31 octets", point.subarray(1), signature],
      ["no key", new Uint8Array(), signature],
      ["a signature of 63 octets", point, signature.subarray(1)],
      ["a signature of zeros", point, new Uint8Array(64)],
      ["another signature", point, signature.with(3, 0)],
    ] as const;
    for (const [flaw, key, octets] of flaws) {
      test(`refuses ${flaw}`, () => assert.equal(check(key, octets).outcome, "invalid"));
    }

    test("refuses s plus the order, by which one signature would become two", () => {
      const order = 2n ** 252n + 27742317777372353535851937790883648493n;
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
      const larger = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
      assert.equal(
        check(point, Uint8Array.from([...signature.subarray(0, 32), ...larger])).outcome,
        "invalid",
      );
    });

    test("does not verify with parameters", () => {
      const algorithm = algorithmIdentifier("1.3.101.112", fromHex("0500"));
      const publicKey = edPublicKey("1.3.101.112", point);
      assert.equal(checkSignature(engine, { publicKey, algorithm, data, signature }).outcome, "unsupported");
    });
  });
}

function edPublicKey(type: string, key: Uint8Array) {
  return readPublicKey(sequence(sequence(oid(type)), bitString(key)));
}

function makeKeyPair(scheme: "ed25519" | "ed448") {
  try {
    const { publicKey, privateKey } =
      scheme === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ed448");
    const { x = "" } = publicKey.export({ format: "jwk" });
    return {
      point: new Uint8Array(Buffer.from(String(x), "base64url")),
      signature: new Uint8Array(sign(null, data, privateKey)),
    };
  } catch {
    return undefined;
  }
}

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { bitString, integer, oid, sequence } from "../der-writer.ts";
import { algorithmIdentifier, engines, exportPublicKey, readPublicKey } from "./engines.ts";
import { positiveInteger } from "./rsa-keys.ts";

const idDsa = "1.2.840.10040.4.1";
const data = new TextEncoder().encode("a tbsCertificate");
const dsaWithSha256 = algorithmIdentifier("2.16.840.1.101.3.4.3.2");
const pair = makeKeyPair();

for (const [name, engine] of engines) {
  describe(`DSA by the ${name} engine`, () => {
    const hashes = [
      ["SHA-1", "1.2.840.10040.4.3"],
      ["SHA-224", "2.16.840.1.101.3.4.3.1"],
      ["SHA-256", "2.16.840.1.101.3.4.3.2"],
      ["SHA-384", "2.16.840.1.101.3.4.3.3"],
      ["SHA-512", "2.16.840.1.101.3.4.3.4"],
    ] as const;
    for (const [hash, type] of hashes) {
      const skip = pair === undefined && "the runtime makes no DSA keys";
      test(`accepts ${hash} with a key of 2048 bits`, { skip }, () => {
        if (pair === undefined) return;
        const publicKey = readPublicKey(exportPublicKey(pair.publicKey));
        const signature = new Uint8Array(sign(hash.replace("-", ""), data, pair.privateKey));
        const input = { publicKey, algorithm: algorithmIdentifier(type), signature };
        assert.equal(checkSignature(engine, { ...input, data }).outcome, "valid");
        assert.equal(checkSignature(engine, { ...input, data: data.subarray(1) }).outcome, "invalid");
      });
    }

    // q divides p - 1: 23 * 2 + 1 = 47 would do, had the sizes not to be those of FIPS 186-4.
    const q = (1n << 159n) + 1n;
    const keys = [
      ["without parameters", sequence(oid(idDsa)), integer("05"), "unsupported"],
      ["whose q is short", dsa(47n, 23n, 4n), integer("05"), "unsupported"],
      ["whose q is 0", dsa(47n, 0n, 4n), integer("05"), "unsupported"],
      ["whose p is 0", dsa(0n, q, 4n), integer("05"), "invalid"],
      ["whose generator is 1", dsa(q + 6n, q, 1n), integer("05"), "invalid"],
      ["whose generator is 0", dsa(q + 6n, q, 0n), integer("05"), "invalid"],
      ["whose generator is of another order", dsa(q + 6n, q, 2n), integer("05"), "invalid"],
      ["whose p is of 3073 bits", dsa((1n << 3072n) + 1n, q, 2n), integer("05"), "unsupported"],
      [
        "with parameters that cannot be read",
        sequence(oid(idDsa), fromHex("0500")),
        integer("05"),
        "invalid",
      ],
      ["that is no INTEGER", dsa(47n, 23n, 4n), fromHex("0500"), "invalid"],
      ["with an octet behind it", dsa(47n, 23n, 4n), fromHex("02010500"), "invalid"],
    ] as const;

    for (const [flaw, algorithm, key, expected] of keys) {
      test(`finds a signature by a key ${flaw} ${expected}`, () => {
        const publicKey = readPublicKey(sequence(algorithm, bitString(key)));
        const signature = sequence(integer("01"), integer("01"));
        const { outcome, reason } = checkSignature(engine, {
          publicKey,
          algorithm: dsaWithSha256,
          data,
          signature,
        });
        assert.equal(outcome, expected, reason);
      });
    }
  });
}

function dsa(p: bigint, q: bigint, g: bigint): Uint8Array {
  return sequence(oid(idDsa), sequence(positiveInteger(p), positiveInteger(q), positiveInteger(g)));
}

function makeKeyPair() {
  try {
    return generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 });
  } catch {
    return undefined;
  }
}

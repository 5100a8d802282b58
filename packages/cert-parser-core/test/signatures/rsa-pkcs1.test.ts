import assert from "node:assert/strict";
import { createHash, sign } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex, toHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { bitString, concat, integer, oid, sequence } from "../der-writer.ts";
import { algorithmIdentifier, engines, readPublicKey } from "./engines.ts";
import { makeRsaKey, rsaPublicKey } from "./rsa-keys.ts";

const nullParameters = fromHex("0500");
const data = new TextEncoder().encode("a tbsCertificate");
const sha256 = new Uint8Array(createHash("sha256").update(data).digest());
const sha256WithRsa = algorithmIdentifier("1.2.840.113549.1.1.11", nullParameters);
const rsaEncryption = algorithmIdentifier("1.2.840.113549.1.1.1", nullParameters);
const withNull = fromHex("3031300d060960864801650304020105000420");
const withoutNull = fromHex("302f300b06096086480165030402010420");
const key = makeRsaKey(2048);

/** `00 type padding 00 content`, as long as the modulus. */
function block(content: Uint8Array, { type = 1, padding = 0xff, length = key.length } = {}): Uint8Array {
  const filled = new Uint8Array(length - content.length - 3).fill(padding);
  return concat(Uint8Array.of(0, type), filled, Uint8Array.of(0), content);
}

/** Content in front and nothing but what is given behind it. */
function startingWith(content: Uint8Array, padding: number): Uint8Array {
  const front = concat(Uint8Array.of(0, 1), new Uint8Array(padding).fill(0xff), Uint8Array.of(0), content);
  return concat(front, new Uint8Array(key.length - front.length).fill(0x5a));
}

for (const [name, engine] of engines) {
  describe(`RSASSA-PKCS1-v1_5 by the ${name} engine`, () => {
    const check = (signature: Uint8Array, publicKey = key.publicKey) =>
      checkSignature(engine, { publicKey, algorithm: sha256WithRsa, data, signature });

    const hashes = [
      ["SHA-1", "1.2.840.113549.1.1.5", "1.3.14.3.2.26"],
      ["SHA-224", "1.2.840.113549.1.1.14", "2.16.840.1.101.3.4.2.4"],
      ["SHA-256", "1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1"],
      ["SHA-384", "1.2.840.113549.1.1.12", "2.16.840.1.101.3.4.2.2"],
      ["SHA-512", "1.2.840.113549.1.1.13", "2.16.840.1.101.3.4.2.3"],
    ] as const;

    for (const [hash, type, digestType] of hashes) {
      const signature = new Uint8Array(sign(hash.replace("-", ""), data, key.privateKey));
      const expected = {
        outcome: "valid",
        scheme: "rsa-pkcs1",
        hash,
        curve: undefined,
        keySize: 2048,
        leniencies: [],
        reason: undefined,
      };

      test(`accepts a signature over ${hash}`, () => {
        const algorithm = algorithmIdentifier(type, nullParameters);
        assert.deepEqual(
          checkSignature(engine, { publicKey: key.publicKey, algorithm, data, signature }),
          expected,
        );
      });

      test(`takes ${hash} from the digestAlgorithm where the signature algorithm is plain rsaEncryption`, () => {
        const input = { publicKey: key.publicKey, algorithm: rsaEncryption, data, signature };
        const digestAlgorithm = algorithmIdentifier(digestType);
        assert.deepEqual(checkSignature(engine, { ...input, digestAlgorithm }), expected);
        assert.equal(checkSignature(engine, input).outcome, "unsupported");
        const other = algorithmIdentifier(digestType.replace(/\d$/, "9"));
        assert.equal(checkSignature(engine, { ...input, digestAlgorithm: other }).outcome, "unsupported");
      });
    }

    test("accepts parameters that are left out, and says so", () => {
      const algorithm = algorithmIdentifier("1.2.840.113549.1.1.11");
      const signature = key.signBlock(block(concat(withNull, sha256)));
      const { outcome, leniencies } = checkSignature(engine, {
        publicKey: key.publicKey,
        algorithm,
        data,
        signature,
      });
      assert.deepEqual([outcome, leniencies], ["valid", ["RSA_PARAMETERS_ABSENT"]]);
    });

    test("accepts a DigestInfo without NULL, and says so", () => {
      const { outcome, leniencies } = check(key.signBlock(block(concat(withoutNull, sha256))));
      assert.deepEqual([outcome, leniencies], ["valid", ["DIGEST_INFO_NULL_ABSENT"]]);
    });

    const sha512Info = fromHex("3051300d060960864801650304020305000440");
    const malformed = [
      ["another digest", block(concat(withNull, createHash("sha256").update("other").digest()))],
      [
        "the digest by another algorithm",
        block(concat(sha512Info, createHash("sha512").update(data).digest())),
      ],
      ["the digest and no DigestInfo", block(sha256)],
      ["a DigestInfo and no digest", block(withNull)],
      ["a digest that is cut off", block(concat(withNull, sha256.subarray(0, 31)))],
      ["an octet behind the digest", block(concat(withNull, sha256, Uint8Array.of(0)))],
      ["block type 2", block(concat(withNull, sha256), { type: 2 })],
      ["block type 0", block(concat(withNull, sha256), { type: 0, padding: 0 })],
      ["padding of another octet", block(concat(withNull, sha256), { padding: 0xfe })],
      ["padding cut short, and garbage behind", startingWith(concat(withNull, sha256), 8)],
      ["padding cut short without NULL, and garbage behind", startingWith(concat(withoutNull, sha256), 8)],
      ["no padding, and garbage behind", startingWith(concat(withNull, sha256), 0)],
      [
        "garbage in the place of NULL",
        block(
          concat(
            fromHex("3043301f0609608648016503040201041200112233445566778899aabbccddeeff11220420"),
            sha256,
          ),
        ),
      ],
      ["a NULL of one octet", block(concat(fromHex("3032300e06096086480165030402010501000420"), sha256))],
      [
        "a length in the long form",
        block(concat(fromHex("308131300d060960864801650304020105000420"), sha256)),
      ],
      [
        "MD5's name before a longer digest",
        block(concat(fromHex("3030300c06082a864886f70d020505000420"), sha256)),
      ],
    ] as const;

    for (const [flaw, content] of malformed) {
      test(`refuses a block with ${flaw}`, () => {
        const { outcome, reason, leniencies } = check(key.signBlock(content));
        assert.deepEqual(
          [outcome, reason, leniencies],
          ["invalid", "the signature is not that of this key over this data", []],
        );
      });
    }

    const good = key.signBlock(block(concat(withNull, sha256)));
    const other = 1n << 2000n;
    const hostile = [
      ["a signature as large as the modulus", fromHex(key.modulus.toString(16)), key.publicKey],
      ["the signature plus the modulus", addModulus(good), key.publicKey],
      ["an octet too few", good.subarray(1), key.publicKey],
      ["a leading octet too many", concat(Uint8Array.of(0), good), key.publicKey],
      ["an empty signature", new Uint8Array(), key.publicKey],
      ["a modulus of 0", good, rsaPublicKey(0n, 3n)],
      ["a modulus of 1", good, rsaPublicKey(1n, 3n)],
      ["an even modulus", good, rsaPublicKey(key.modulus + 1n, key.exponent)],
      [
        "the exponent 1, which makes a signature of any block",
        block(concat(withNull, sha256)),
        rsaPublicKey(key.modulus, 1n),
      ],
      ["the exponent 0", good, rsaPublicKey(key.modulus, 0n)],
      ["an even exponent", good, rsaPublicKey(key.modulus, 2n)],
      ["an exponent over 2^256", good, rsaPublicKey(key.modulus, other + 1n)],
      ["a modulus of 16,392 bits", good, rsaPublicKey((1n << 16_391n) + 1n, 3n)],
      ["a key of RSASSA-PSS", good, rsaPublicKey(key.modulus, key.exponent, "1.2.840.113549.1.1.10")],
      ["a key of DSA", good, rsaPublicKey(key.modulus, key.exponent, "1.2.840.10040.4.0")],
    ] as const;

    for (const [flaw, signature, publicKey] of hostile) {
      test(`refuses ${flaw}`, () => {
        const { outcome, reason } = check(signature, publicKey);
        assert.notEqual(outcome, "valid");
        assert.match(String(reason), /^(?:the|RSA)/);
      });
    }

    test("refuses signatures and keys that end in the middle of an octet", () => {
      const input = { publicKey: key.publicKey, algorithm: sha256WithRsa, data };
      assert.equal(
        checkSignature(engine, { ...input, signature: { bytes: good, unusedBits: 0 } }).outcome,
        "valid",
      );
      const { outcome, reason } = checkSignature(engine, {
        ...input,
        signature: { bytes: good, unusedBits: 1 },
      });
      assert.deepEqual([outcome, reason], ["invalid", "the signature ends in the middle of an octet"]);
      const publicKey = Object.create(key.publicKey, {
        key: { value: { ...key.publicKey.key, unusedBits: 3 } },
        algorithm: { value: key.publicKey.algorithm },
        curve: { value: undefined },
        size: { value: 2048 },
      });
      assert.equal(checkSignature(engine, { ...input, publicKey, signature: good }).outcome, "invalid");
    });

    test("refuses a modulus that has no room for the digest", () => {
      const algorithm = algorithmIdentifier("1.2.840.113549.1.1.13", nullParameters);
      const publicKey = rsaPublicKey((1n << 511n) + 1n, 3n);
      const signature = new Uint8Array(64).with(63, 2);
      const { outcome, reason } = checkSignature(engine, { publicKey, algorithm, data, signature });
      assert.deepEqual(
        [outcome, reason],
        ["invalid", "the modulus is too short for a signature over SHA-512"],
      );
    });

    const paddedKeys = [
      ["modulus", sequence(integer(`0000${key.modulus.toString(16)}`), integer("010001"))],
      ["exponent", sequence(integer(`00${key.modulus.toString(16)}`), integer("00010001"))],
      ["sign", sequence(integer(key.modulus.toString(16)), integer("010001"))],
    ] as const;
    for (const [part, padded] of paddedKeys) {
      test(`refuses a key whose ${part} is not as DER has it`, () => {
        const algorithm = sequence(oid("1.2.840.113549.1.1.1"), nullParameters);
        const publicKey = readPublicKey(sequence(algorithm, bitString(padded)));
        assert.equal(check(good, publicKey).outcome, "invalid");
      });
    }

    test("does not verify over MD5", () => {
      const algorithm = algorithmIdentifier("1.2.840.113549.1.1.4", nullParameters);
      const signature = new Uint8Array(key.length);
      const { outcome, hash, reason } = checkSignature(engine, {
        publicKey: key.publicKey,
        algorithm,
        data,
        signature,
      });
      assert.deepEqual([outcome, hash], ["unsupported", "MD5"]);
      assert.match(String(reason), /MD5/);
    });

    test("does not verify with parameters that do not belong to the algorithm", () => {
      const algorithm = algorithmIdentifier("1.2.840.113549.1.1.11", fromHex("3000"));
      const { outcome } = checkSignature(engine, {
        publicKey: key.publicKey,
        algorithm,
        data,
        signature: good,
      });
      assert.equal(outcome, "unsupported");
    });
  });
}

function addModulus(signature: Uint8Array): Uint8Array {
  const hex = (BigInt(`0x${toHex(signature)}`) + key.modulus).toString(16);
  return fromHex(hex.padStart(2 * Math.ceil(hex.length / 2), "0"));
}

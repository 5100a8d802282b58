import assert from "node:assert/strict";
import { constants, sign } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import type { AlgorithmIdentifier } from "../../src/x509/algorithm-identifier.ts";
import { context, oid, sequence } from "../der-writer.ts";
import { algorithmIdentifier, engines } from "./engines.ts";
import { encodePss } from "./pss-encoding.ts";
import { makeRsaKey, positiveInteger, type RsaKeyPair, rsaPublicKey } from "./rsa-keys.ts";

const idRsassaPss = "1.2.840.113549.1.1.10";
const data = new TextEncoder().encode("a tbsCertificate");
const key = makeRsaKey(2048);
const digests = [
  ["SHA-1", "1.3.14.3.2.26", 20],
  ["SHA-224", "2.16.840.1.101.3.4.2.4", 28],
  ["SHA-256", "2.16.840.1.101.3.4.2.1", 32],
  ["SHA-384", "2.16.840.1.101.3.4.2.2", 48],
  ["SHA-512", "2.16.840.1.101.3.4.2.3", 64],
] as const;

interface Parameters {
  readonly hash?: string;
  readonly maskGenHash?: string;
  readonly saltLength?: number;
  readonly trailerField?: number;
}

function parametersOf({
  hash = "SHA-256",
  maskGenHash = hash,
  saltLength = 32,
  trailerField,
}: Parameters): Uint8Array {
  const [digest, maskGenDigest] = [digestAlgorithm(hash), digestAlgorithm(maskGenHash)];
  const trailer = trailerField === undefined ? [] : [context(3, positiveInteger(BigInt(trailerField)))];
  return sequence(
    context(0, digest),
    context(1, sequence(oid("1.2.840.113549.1.1.8"), maskGenDigest)),
    context(2, positiveInteger(BigInt(saltLength))),
    ...trailer,
  );
}

function digestAlgorithm(hash: string): Uint8Array {
  const [, type = "1.2.840.113549.2.5"] = digests.find(([name]) => name === hash) ?? [];
  return sequence(oid(type), fromHex("0500"));
}

function pss(parameters: Parameters = {}): AlgorithmIdentifier {
  return algorithmIdentifier(idRsassaPss, parametersOf(parameters));
}

function signPss(
  pair: RsaKeyPair,
  { hash = "SHA-256", maskGenHash = hash, saltLength = 32 }: Parameters,
): Uint8Array {
  const bits = pair.modulus.toString(2).length - 1;
  return pair.signBlock(
    encodePss(data, { hash, maskGenHash, salt: new Uint8Array(saltLength).fill(7), bits }),
  );
}

for (const [name, engine] of engines) {
  describe(`RSASSA-PSS by the ${name} engine`, () => {
    const check = (signature: Uint8Array, algorithm = pss(), publicKey = key.publicKey) =>
      checkSignature(engine, { publicKey, algorithm, data, signature });

    for (const [hash, , length] of digests) {
      for (const saltLength of [0, 8, 20, length, key.length - length - 2]) {
        test(`accepts ${hash} with a salt of ${saltLength} octets`, () => {
          const padding = constants.RSA_PKCS1_PSS_PADDING;
          const signature = sign(hash.replace("-", ""), data, { key: key.privateKey, padding, saltLength });
          assert.deepEqual(check(new Uint8Array(signature), pss({ hash, saltLength })), {
            outcome: "valid",
            scheme: "rsa-pss",
            hash,
            curve: undefined,
            keySize: 2048,
            leniencies: [],
            reason: undefined,
          });
        });
      }

      for (const [maskGenHash] of digests) {
        test(`accepts ${hash} with ${maskGenHash} in MGF1`, () => {
          const signature = signPss(key, { hash, maskGenHash });
          assert.equal(check(signature, pss({ hash, maskGenHash })).outcome, "valid");
          const others = digests.filter(([other]) => other !== maskGenHash);
          for (const [other] of others) {
            assert.equal(check(signature, pss({ hash, maskGenHash: other })).outcome, "invalid");
          }
        });
      }
    }

    test("accepts the defaults that are left out: SHA-1 and 20 octets of salt", () => {
      const signature = signPss(key, { hash: "SHA-1", saltLength: 20 });
      assert.equal(check(signature, algorithmIdentifier(idRsassaPss, sequence())).outcome, "valid");
    });

    for (const bits of [1024, 1025, 1026, 1031, 1032]) {
      test(`accepts the signature of a modulus of ${bits} bits, whatever the block leaves of the first octet`, () => {
        const pair = makeRsaKey(bits);
        assert.equal(check(signPss(pair, {}), pss(), pair.publicKey).outcome, "valid");
      });
    }

    // Some runtimes round the length of a key.
    const oneOver = makeRsaKey(1025);
    const skip = oneOver.modulus.toString(2).length !== 1025 && "the runtime makes no key of 1025 bits";
    test("refuses the octet that a block leaves over, unless it is 0", { skip }, () => {
      // A block that is below the modulus with another first octet too.
      const block = Array.from({ length: 256 }, (_, octet) => new Uint8Array(32).fill(octet))
        .map((salt) => encodePss(data, { hash: "SHA-256", maskGenHash: "SHA-256", salt, bits: 1024 }))
        .reduce((least, other) => (Buffer.compare(other, least) < 0 ? other : least));
      assert.equal(check(oneOver.signBlock(block), pss(), oneOver.publicKey).outcome, "valid");
      const signature = oneOver.signBlock(Uint8Array.from([1, ...block]));
      assert.equal(check(signature, pss(), oneOver.publicKey).outcome, "invalid");
    });

    const encoding = { hash: "SHA-256", maskGenHash: "SHA-256", salt: new Uint8Array(32), bits: 2047 };
    const malformed = [
      ["another trailer", encodePss(data, { ...encoding, trailer: 0xcc })],
      ["another separator", encodePss(data, { ...encoding, separator: 2 })],
      ["padding that is not 0", encodePss(data, { ...encoding, padding: 1 })],
      ["a salt of 31 octets", encodePss(data, { ...encoding, salt: new Uint8Array(31) })],
      ["a salt of 33 octets", encodePss(data, { ...encoding, salt: new Uint8Array(33) })],
      [
        "a salt that begins a zero too early",
        encodePss(data, { ...encoding, salt: Uint8Array.of(1, ...new Uint8Array(31)) }).with(100, 0),
      ],
      ["another digest", encodePss(new Uint8Array(1), encoding)],
      ["nothing in it", new Uint8Array(256)],
      ["a bit set that should be clear", firstBitSet(encodePss(data, { ...encoding, bits: 2048 }))],
    ] as const;

    for (const [flaw, block] of malformed) {
      test(`refuses a block with ${flaw}`, () => {
        const { outcome, reason } = check(key.signBlock(block));
        assert.deepEqual(
          [outcome, reason],
          ["invalid", "the signature is not that of this key over this data"],
        );
      });
    }

    const good = signPss(key, {});
    const outside = [
      ["MD5", pss({ hash: "MD5" })],
      ["MD5 in MGF1", pss({ maskGenHash: "MD5" })],
      ["another trailerField", pss({ trailerField: 2 })],
      ["no parameters", algorithmIdentifier(idRsassaPss)],
      ["NULL for its parameters", algorithmIdentifier(idRsassaPss, fromHex("0500"))],
      ["parameters that cannot be read", algorithmIdentifier(idRsassaPss, fromHex("3003a00130"))],
      ["a negative saltLength", algorithmIdentifier(idRsassaPss, sequence(context(2, fromHex("0201ff"))))],
    ] as const;

    for (const [what, algorithm] of outside) {
      test(`does not verify with ${what}`, () => {
        const { outcome, reason } = check(good, algorithm);
        assert.equal(outcome, "unsupported");
        assert.match(String(reason), /RSASSA-PSS/);
      });
    }

    test("refuses a saltLength that no block has room for", () => {
      assert.equal(check(good, pss({ saltLength: 2_000_000_000 })).outcome, "invalid");
      assert.equal(check(good, pss({ saltLength: 223 })).outcome, "invalid");
    });

    const bound = (parameters: Parameters) =>
      rsaPublicKey(key.modulus, key.exponent, idRsassaPss, parametersOf(parameters));
    const keys = [
      ["without parameters", rsaPublicKey(key.modulus, key.exponent, idRsassaPss), "valid"],
      ["for the same parameters", bound({}), "valid"],
      ["for a shorter salt", bound({ saltLength: 20 }), "valid"],
      ["for a longer salt", bound({ saltLength: 33 }), "invalid"],
      ["for another digest", bound({ hash: "SHA-384", maskGenHash: "SHA-256" }), "invalid"],
      ["for another digest in MGF1", bound({ maskGenHash: "SHA-1" }), "invalid"],
      ["for another trailerField", bound({ trailerField: 2 }), "invalid"],
      [
        "with parameters that cannot be read",
        rsaPublicKey(key.modulus, key.exponent, idRsassaPss, fromHex("0500")),
        "invalid",
      ],
    ] as const;

    for (const [kind, publicKey, expected] of keys) {
      test(`finds a signature by an RSASSA-PSS key ${kind} ${expected}`, () => {
        assert.equal(check(good, pss(), publicKey).outcome, expected);
      });
    }
  });
}

function firstBitSet(block: Uint8Array): Uint8Array {
  // The modulus begins with a bit that is set; with the next one clear, the block stays below it.
  return block.with(0, 0x80 | ((block[0] ?? 0) & 0x0f));
}

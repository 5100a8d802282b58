import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import type { SignatureEngine } from "../../src/signatures/signature-engine.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { bitString, concat, integer, oid, sequence } from "../der-writer.ts";
import { curveNamed, explicitParameters } from "../specimens.ts";
import { ecPublicKey } from "./ec-keys.ts";
import { algorithmIdentifier, engines, readPublicKey } from "./engines.ts";
import { positiveInteger, rsaPublicKey } from "./rsa-keys.ts";

const data = new TextEncoder().encode("a tbsCertificate");
const nullParameters = fromHex("0500");
const sha256WithRsa = algorithmIdentifier("1.2.840.113549.1.1.11", nullParameters);
const pss = algorithmIdentifier("1.2.840.113549.1.1.10", sequence());

/** An odd number of so many bits. */
function odd(bits: number): bigint {
  return (1n << BigInt(bits - 1)) + 1n;
}

/** The engine, and how often it was asked for anything. */
function counted(engine: SignatureEngine): {
  readonly engine: SignatureEngine;
  readonly calls: () => number;
} {
  let calls = 0;
  const counting = new Proxy(engine, {
    get(target, name: keyof SignatureEngine) {
      const operation = target[name] as ((...args: unknown[]) => unknown) | undefined;
      return (
        operation &&
        ((...args: unknown[]) => {
          calls++;
          return operation(...args);
        })
      );
    },
  });
  return { engine: counting, calls: () => calls };
}

for (const [name, plain] of engines) {
  describe(`what an RSA key costs the ${name} engine`, () => {
    const check = (publicKey: PublicKey, algorithm = sha256WithRsa) => {
      const { engine, calls } = counted(plain);
      const signature = new Uint8Array(Math.ceil((publicKey.size ?? 0) / 8)).fill(1);
      const { outcome, reason } = checkSignature(engine, { publicKey, algorithm, data, signature });
      return { outcome, reason, calls: calls() };
    };

    const refused = [
      ["a modulus of 16,384 bits", odd(16_384), 65_537n, "the modulus has 16384 bits, expected 512 to 8192"],
      ["a modulus of 8193 bits", odd(8193), 3n, "the modulus has 8193 bits, expected 512 to 8192"],
      ["a modulus of 511 bits", odd(511), 3n, "the modulus has 511 bits, expected 512 to 8192"],
      [
        "an exponent of 2^256",
        odd(2048),
        1n << 256n,
        "the public exponent has 257 bits, expected at most 256 with a modulus of 2048 bits",
      ],
      [
        "an exponent of 2^256 + 1 and a modulus of 4096 bits",
        odd(4096),
        odd(257),
        "the public exponent has 257 bits, expected at most 64 with a modulus of 4096 bits",
      ],
      [
        "an exponent of 65 bits and a modulus of 3073 bits",
        odd(3073),
        odd(65),
        "the public exponent has 65 bits, expected at most 64 with a modulus of 3073 bits",
      ],
      [
        "an exponent as long as the modulus",
        odd(8192),
        odd(8192),
        "the public exponent has 8192 bits, expected at most 64 with a modulus of 8192 bits",
      ],
    ] as const;
    for (const [what, modulus, exponent, reason] of refused) {
      test(`is nothing where it has ${what}`, () => {
        const expected = { outcome: "unsupported", reason, calls: 0 };
        assert.deepEqual(check(rsaPublicKey(modulus, exponent)), expected);
        assert.deepEqual(check(rsaPublicKey(modulus, exponent), pss), expected);
      });
    }

    const worked = [
      ["the largest modulus and the exponent 65537", odd(8192), 65_537n],
      ["the largest modulus and an exponent of 64 bits", odd(8192), odd(64)],
      ["a modulus of 3072 bits and an exponent of 256 bits", odd(3072), odd(256)],
      ["the largest real modulus", odd(6144), 65_537n],
    ] as const;
    for (const [what, modulus, exponent] of worked) {
      test(`is a try with ${what}`, () => {
        const { outcome, calls } = check(rsaPublicKey(modulus, exponent));
        assert.equal(outcome, "invalid");
        assert.ok(calls > 0);
      });
    }
  });

  describe(`keys of size 0, and the ${name} engine`, () => {
    const idDsa = oid("1.2.840.10040.4.1");
    const [zero, one] = [integer("00"), integer("01")];
    const q = positiveInteger(odd(160));
    const curve = curveNamed("P-256");
    const dsa = (...numbers: readonly Uint8Array[]) =>
      readPublicKey(sequence(sequence(idDsa, sequence(...numbers)), bitString(one)));
    const ecdsa = "1.2.840.10045.4.3.2";
    const dsaWithSha256 = "2.16.840.1.101.3.4.3.2";
    const point = new Uint8Array(65).fill(4);
    const explicit = (parameters: Uint8Array) =>
      readPublicKey(sequence(sequence(oid("1.2.840.10045.2.1"), parameters), bitString(point)));
    const keys = [
      ["a modulus of 0", "1.2.840.113549.1.1.11", rsaPublicKey(0n, 65_537n)],
      ["a modulus and an exponent of 0", "1.2.840.113549.1.1.11", rsaPublicKey(0n, 0n)],
      ["a modulus of 0 for RSASSA-PSS", "1.2.840.113549.1.1.10", rsaPublicKey(0n, 3n)],
      ["p of 0", dsaWithSha256, dsa(zero, q, one)],
      ["p and q of 0", dsaWithSha256, dsa(zero, zero, zero)],
      ["an empty p", dsaWithSha256, dsa(integer(""), q, one)],
      ["a field of 0", ecdsa, explicit(explicitParameters(curve, { p: "" }))],
      ["a field and an order of 0", ecdsa, explicit(explicitParameters(curve, { p: "", n: "" }))],
    ] as const;
    for (const [what, type, publicKey] of keys) {
      test(`${what}: no size, no error, and nothing verified`, () => {
        const parameters = type.endsWith(".10") ? [sequence()] : type.endsWith(".11") ? [nullParameters] : [];
        const algorithm = algorithmIdentifier(type, ...parameters);
        assert.equal(publicKey.size, undefined);
        for (const signature of [new Uint8Array(), Uint8Array.of(0), sequence(one, one)]) {
          assert.notEqual(checkSignature(plain, { publicKey, algorithm, data, signature }).outcome, "valid");
        }
      });
    }
  });

  describe(`what other keys cost the ${name} engine`, () => {
    const dsa = (p: bigint, q: bigint) => {
      const parameters = sequence(positiveInteger(p), positiveInteger(q), integer("02"));
      return readPublicKey(
        sequence(sequence(oid("1.2.840.10040.4.1"), parameters), bitString(integer("05"))),
      );
    };
    const keys = [
      ["DSA with a p of 3073 bits", "2.16.840.1.101.3.4.3.2", dsa(odd(3073), odd(256))],
      ["DSA with a q of 3072 bits", "2.16.840.1.101.3.4.3.2", dsa(odd(3072), odd(3072))],
      [
        "a curve over a field of 16,384 bits",
        "1.2.840.10045.4.3.2",
        readPublicKey(
          sequence(
            sequence(
              oid("1.2.840.10045.2.1"),
              explicitParameters(curveNamed("P-521"), { p: "f1".repeat(2048) }),
            ),
            bitString(concat(Uint8Array.of(4), new Uint8Array(4096))),
          ),
        ),
      ],
    ] as const;
    for (const [what, type, publicKey] of keys) {
      test(`is nothing for ${what}`, () => {
        const { engine, calls } = counted(plain);
        const algorithm = algorithmIdentifier(type);
        const signature = sequence(integer("01"), integer("01"));
        const { outcome } = checkSignature(engine, { publicKey, algorithm, data, signature });
        assert.deepEqual([outcome, calls()], ["unsupported", 0]);
      });
    }

    test("is nothing for a point that is longer than its field", () => {
      const { engine, calls } = counted(plain);
      const publicKey = ecPublicKey("P-256", new Uint8Array(4097).fill(4));
      const algorithm = algorithmIdentifier("1.2.840.10045.4.3.2");
      const { outcome } = checkSignature(engine, { publicKey, algorithm, data, signature: data });
      assert.deepEqual([outcome, calls()], ["invalid", 0]);
    });
  });
}

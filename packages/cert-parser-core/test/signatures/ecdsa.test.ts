import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { bitString, concat, integer, oid, sequence } from "../der-writer.ts";
import { curveNamed, type EcParametersParts, explicitParameters } from "../specimens.ts";
import { curveNames, ecPublicKey, makeEcKey, runtimeEcKey } from "./ec-keys.ts";
import { algorithmIdentifier, engines, exportPublicKey, readPublicKey } from "./engines.ts";
import { positiveInteger } from "./rsa-keys.ts";

const data = new TextEncoder().encode("a tbsCertificate");
const hashes = [
  ["SHA-1", "1.2.840.10045.4.1"],
  ["SHA-224", "1.2.840.10045.4.3.1"],
  ["SHA-256", "1.2.840.10045.4.3.2"],
  ["SHA-384", "1.2.840.10045.4.3.3"],
  ["SHA-512", "1.2.840.10045.4.3.4"],
] as const;
const ecdsaWithSha256 = algorithmIdentifier("1.2.840.10045.4.3.2");
const pairs = new Map(curveNames.map((name) => [name, makeEcKey(name)]));
const runtimePairs = new Map(curveNames.map((name) => [name, runtimeEcKey(name)]));
const p256 = makeEcKey("P-256");

for (const [name, engine] of engines) {
  describe(`ECDSA by the ${name} engine`, () => {
    const check = (signature: Uint8Array, publicKey = p256.publicKey, algorithm = ecdsaWithSha256) =>
      checkSignature(engine, { publicKey, algorithm, data, signature });

    for (const [curve, pair] of pairs) {
      for (const [hash, type] of hashes) {
        test(`accepts ${hash} on ${curve}, and nothing else in its place`, () => {
          const algorithm = algorithmIdentifier(type);
          const signature = pair.sign(hash, data);
          assert.deepEqual(check(signature, pair.publicKey, algorithm), {
            outcome: "valid",
            scheme: "ecdsa",
            hash,
            curve,
            keySize: curveNamed(curve).bits,
            leniencies: [],
            reason: undefined,
          });
          assert.equal(
            check(pair.sign(hash, data.subarray(1)), pair.publicKey, algorithm).outcome,
            "invalid",
          );
        });

        const runtime = runtimePairs.get(curve);
        const skip = runtime === undefined && `the runtime does not know ${curve}`;
        test(`accepts ${hash} on ${curve} as the runtime signs it`, { skip }, () => {
          if (runtime === undefined) return;
          const signature = signByRuntime(hash, runtime.privateKey);
          if (signature === undefined) return;
          const publicKey = readPublicKey(exportPublicKey(runtime.publicKey));
          assert.equal(check(signature, publicKey, algorithmIdentifier(type)).outcome, "valid");
        });
      }

      test(`accepts a point on ${curve} named or explicit, compressed or not`, () => {
        const signature = pair.sign("SHA-256", data);
        for (const point of [pair.point, pair.compressedPoint]) {
          for (const form of ["named", "explicit"] as const) {
            assert.equal(check(signature, ecPublicKey(curve, point, form)).outcome, "valid");
          }
        }
        // The other of the two points with this x.
        const opposite = pair.compressedPoint.with(0, (pair.compressedPoint[0] ?? 0) ^ 1);
        assert.equal(check(signature, ecPublicKey(curve, opposite)).outcome, "invalid");
      });

      test(`refuses points that are not on ${curve}`, () => {
        const signature = pair.sign("SHA-256", data);
        const { p } = curveNamed(curve);
        const width = p.length / 2;
        const points = [
          pair.point.with(2 * width, (pair.point[2 * width] ?? 0) ^ 1),
          concat(Uint8Array.of(4), new Uint8Array(2 * width)),
          concat(Uint8Array.of(4), fromHex(p), pair.point.subarray(1 + width)),
          concat(Uint8Array.of(2), fromHex(p)),
          Uint8Array.of(0),
          new Uint8Array(),
          pair.point.subarray(0, 2 * width),
          concat(pair.point, Uint8Array.of(0)),
          pair.compressedPoint.subarray(0, width),
          // The hybrid form of X9.62, which no profile allows and OpenSSL reads.
          pair.point.with(0, 6 + ((pair.point[2 * width] ?? 0) & 1)),
        ];
        for (const point of points) {
          const { outcome, reason } = check(signature, ecPublicKey(curve, point));
          assert.deepEqual([outcome, reason], ["invalid", `the key is not a point on ${curve}`]);
        }
      });
    }

    test("accepts NULL for the parameters of the algorithm, and says so", () => {
      const algorithm = algorithmIdentifier("1.2.840.10045.4.3.2", fromHex("0500"));
      const { outcome, leniencies } = check(p256.sign("SHA-256", data), p256.publicKey, algorithm);
      assert.deepEqual([outcome, leniencies], ["valid", ["ECDSA_PARAMETERS_NULL"]]);
      assert.deepEqual(check(p256.sign("SHA-1", data), p256.publicKey, algorithm).leniencies, []);
    });

    test("does not verify with other parameters", () => {
      const algorithm = algorithmIdentifier("1.2.840.10045.4.3.2", oid("1.2.840.10045.3.1.7"));
      assert.equal(check(p256.sign("SHA-256", data), p256.publicKey, algorithm).outcome, "unsupported");
    });

    const n = BigInt(`0x${curveNamed("P-256").n}`);
    const [r, s] = [positiveInteger(5n), positiveInteger(7n)];
    const malformed = [
      ["r of 0", sequence(integer("00"), s)],
      ["s of 0", sequence(r, integer("00"))],
      ["r and s of 0", sequence(integer("00"), integer("00"))],
      ["r of n", sequence(positiveInteger(n), s)],
      ["s of n", sequence(r, positiveInteger(n))],
      ["s over n", sequence(r, positiveInteger(n + 7n))],
      ["a negative r", sequence(integer("85"), s)],
      ["a negative s", sequence(r, integer("ff"))],
      ["an empty r", sequence(integer(""), s)],
      ["a leading zero in r", sequence(integer("0005"), s)],
      ["a leading zero in s", sequence(r, integer("0007"))],
      ["no s", sequence(r)],
      ["a third number", sequence(r, s, s)],
      ["an OCTET STRING for s", sequence(r, fromHex("040107"))],
      ["nothing in it", new Uint8Array()],
      ["both numbers side by side, as JOSE has them", new Uint8Array(64).fill(1)],
      ["r of 70,000 octets", sequence(integer("01".repeat(70_000)), s)],
      ["an octet behind it", concat(sequence(r, s), Uint8Array.of(0))],
      ["a length in the long form", fromHex("308106020105020107")],
      ["an indefinite length", fromHex("30800201050201070000")],
    ] as const;

    for (const [flaw, signature] of malformed) {
      test(`refuses a signature with ${flaw}`, () => {
        const { outcome, reason } = check(signature);
        assert.equal(outcome, "invalid");
        assert.match(String(reason), /r or s|cannot be read/);
      });
    }

    test("refuses the same good numbers in any form but DER", () => {
      const good = p256.sign("SHA-256", data);
      assert.equal(check(good).outcome, "valid");
      assert.equal(check(concat(good, Uint8Array.of(0))).outcome, "invalid");
      assert.equal(check(concat(Uint8Array.of(0x30, 0x81), good.subarray(1))).outcome, "invalid");
    });

    const curve = curveNamed("P-256");
    const altered: readonly (readonly [parameter: string, parts: Partial<EcParametersParts>])[] = [
      ["G", { base: `04${curve.gx}${curve.gy.replace(/5$/, "6")}` }],
      ["a", { a: curve.b }],
      ["b", { b: curve.a }],
      ["p", { p: curve.n }],
      ["n", { n: (n - 2n).toString(16) }],
      ["h", { cofactor: integer("02") }],
    ];
    for (const [parameter, parts] of altered) {
      test(`does not verify by a key whose explicit ${parameter} was altered (CVE-2020-0601)`, () => {
        const parameters = explicitParameters(curve, parts);
        const algorithm = sequence(oid("1.2.840.10045.2.1"), parameters);
        const publicKey = readPublicKey(sequence(algorithm, bitString(p256.point)));
        const { outcome, reason, curve: found } = check(p256.sign("SHA-256", data), publicKey);
        assert.deepEqual([outcome, found], ["unsupported", undefined]);
        assert.match(String(reason), /explicit parameters|no known curve/);
      });
    }

    test("does not verify on the twisted brainpool curves, nor on unknown ones", () => {
      for (const type of ["1.3.36.3.3.2.8.1.1.8", "1.3.132.0.10"]) {
        const algorithm = sequence(oid("1.2.840.10045.2.1"), oid(type));
        const publicKey = readPublicKey(sequence(algorithm, bitString(p256.point)));
        assert.equal(check(p256.sign("SHA-256", data), publicKey).outcome, "unsupported");
      }
    });

    test("refuses a key of another kind", () => {
      const publicKey = readPublicKey(sequence(sequence(oid("1.3.101.112")), bitString(new Uint8Array(32))));
      const { outcome, reason } = check(p256.sign("SHA-256", data), publicKey);
      assert.deepEqual([outcome, reason], ["invalid", "the key is of type 1.3.101.112, not one of ecdsa"]);
    });
  });
}

/** Undefined where the runtime does not sign over this digest on this curve. */
function signByRuntime(hash: string, key: Parameters<typeof sign>[2]): Uint8Array | undefined {
  try {
    return new Uint8Array(sign(hash.replace("-", ""), data, key as Exclude<typeof key, string>));
  } catch {
    return undefined;
  }
}

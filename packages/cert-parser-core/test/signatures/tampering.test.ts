import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fromHex } from "../../src/bytes/hex.ts";
import { CertParserError } from "../../src/errors.ts";
import { checkSignature, type SignatureInput } from "../../src/signatures/check-signature.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { context, integer, octetString, oid, sequence } from "../der-writer.ts";
import { curveNames, makeEcKey } from "./ec-keys.ts";
import { algorithmIdentifier, engines, readPublicKey } from "./engines.ts";
import { encodePss } from "./pss-encoding.ts";
import { makeRsaKey } from "./rsa-keys.ts";

const data = new TextEncoder().encode("a tbsCertificate of some length, to be altered in one bit");
const signed = signedInputs();

for (const [name, engine] of engines) {
  describe(`the ${name} engine`, () => {
    for (const [kind, input] of signed) {
      const runs = { numRuns: kind.startsWith("RSA") ? 60 : 25 };

      test(`accepts ${kind}`, () => assert.equal(checkSignature(engine, input).outcome, "valid"));

      test(`refuses ${kind} with any bit of the data flipped`, () => {
        fc.assert(
          fc.property(flippedBit(data), (altered) => {
            assert.equal(checkSignature(engine, { ...input, data: altered }).outcome, "invalid");
          }),
          runs,
        );
      });

      test(`refuses ${kind} with any bit of the signature flipped`, () => {
        fc.assert(
          fc.property(flippedBit(input.signature as Uint8Array), (signature) => {
            assert.equal(checkSignature(engine, { ...input, signature }).outcome, "invalid");
          }),
          runs,
        );
      });

      test(`refuses ${kind} with any bit of the key flipped`, () => {
        fc.assert(
          fc.property(flippedBit(input.publicKey.der), (der) => {
            const publicKey = readable(() => readPublicKey(der));
            if (publicKey === undefined) return;
            const { outcome } = checkSignature(engine, { ...input, publicKey });
            if (outcome === "valid") assert.ok(isSameKey(publicKey, input.publicKey));
          }),
          { numRuns: 60 },
        );
      });
    }

    test("gives an answer to whatever there is", () => {
      const der = fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.constantFrom(...signed.map(([, { signature }]) => signature as Uint8Array)),
        fc
          .tuple(fc.bigInt({ min: -9n, max: 9n }), fc.bigInt({ min: -9n, max: 9n }))
          .map(([r, s]) => sequence(small(r), small(s))),
      );
      const publicKeys = fc.oneof(
        fc.constantFrom(...signed.map(([, { publicKey }]) => publicKey)),
        fc
          .tuple(fc.constantFrom(...keyTypes), fc.uint8Array({ maxLength: 80 }))
          .map(([type, key]) => withKey(type, key)),
      );
      fc.assert(
        fc.property(
          publicKeys,
          fc.constantFrom(...signatureTypes),
          fc.uint8Array({ maxLength: 8 }),
          der,
          (publicKey, type, parameters, signature) => {
            const algorithm = readable(() =>
              algorithmIdentifier(type, ...(parameters.length < 4 ? [] : [octetString(parameters)])),
            );
            if (algorithm === undefined) return;
            const { outcome, reason, leniencies } = checkSignature(engine, {
              publicKey,
              algorithm,
              data,
              signature,
            });
            assert.equal(reason === undefined, outcome === "valid");
            if (outcome !== "valid") assert.deepEqual(leniencies, []);
          },
        ),
        { numRuns: 400 },
      );
    });
  });
}

test("the engines say the same of whatever there is", () => {
  fc.assert(
    fc.property(fc.constantFrom(...signed), fc.constantFrom(...signed), fc.nat(7), ([, a], [, b], choice) => {
      const pick = <T>(bit: number, x: T, y: T): T => ((choice >> bit) & 1 ? x : y);
      const input: SignatureInput = {
        publicKey: pick(0, a.publicKey, b.publicKey),
        algorithm: pick(1, a.algorithm, b.algorithm),
        signature: pick(2, a.signature, b.signature),
        data,
      };
      const [first, ...others] = engines.map(([, engine]) => checkSignature(engine, input));
      for (const other of others) assert.deepEqual(other, first);
    }),
    { numRuns: 150 },
  );
});

function signedInputs(): readonly (readonly [kind: string, input: SignatureInput])[] {
  const pair = makeRsaKey(1024);
  const salt = new Uint8Array(32).fill(9);
  const digest = sequence(oid("2.16.840.1.101.3.4.2.1"));
  const pss = sequence(
    context(0, digest),
    context(1, sequence(oid("1.2.840.113549.1.1.8"), digest)),
    context(2, integer("20")),
  );
  const block = encodePss(data, { hash: "SHA-256", maskGenHash: "SHA-256", salt, bits: 1023 });
  const curves = curveNames.map((curve) => {
    const { publicKey, sign: signEcdsa } = makeEcKey(curve);
    const algorithm = algorithmIdentifier("1.2.840.10045.4.3.2");
    return [
      `ECDSA on ${curve}`,
      { publicKey, algorithm, data, signature: signEcdsa("SHA-256", data) },
    ] as const;
  });
  return [
    [
      "RSASSA-PKCS1-v1_5",
      {
        publicKey: pair.publicKey,
        algorithm: algorithmIdentifier("1.2.840.113549.1.1.11", fromHex("0500")),
        data,
        signature: new Uint8Array(sign("sha256", data, pair.privateKey)),
      },
    ],
    [
      "RSASSA-PSS",
      {
        publicKey: pair.publicKey,
        algorithm: algorithmIdentifier("1.2.840.113549.1.1.10", pss),
        data,
        signature: pair.signBlock(block),
      },
    ],
    ...curves,
  ];
}

function flippedBit(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc
    .nat(8 * bytes.length - 1)
    .map((bit) => bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))));
}

/** Of the key's bytes, those of the algorithm may differ where they mean the same: a seed, the parameters of RSA. */
function isSameKey(a: PublicKey, b: PublicKey): boolean {
  return a.curve === b.curve && Buffer.compare(a.key.bytes, b.key.bytes) === 0;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

function withKey(algorithm: Uint8Array, key: Uint8Array): PublicKey {
  return readPublicKey(sequence(algorithm, sequenceBits(key)));
}

function sequenceBits(key: Uint8Array): Uint8Array {
  return Uint8Array.from([0x03, key.length + 1, 0, ...key]);
}

function small(value: bigint): Uint8Array {
  return integer((Number(value) & 0xff).toString(16).padStart(2, "0"));
}

const keyTypes = [
  sequence(oid("1.2.840.113549.1.1.1"), fromHex("0500")),
  sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")),
  sequence(oid("1.2.840.10040.4.1"), fromHex("3009020101020101020101")),
  sequence(oid("1.3.101.112")),
  sequence(oid("1.3.101.113")),
  sequence(oid("1.2.3.4")),
];
const signatureTypes = [
  "1.2.840.113549.1.1.1",
  "1.2.840.113549.1.1.4",
  "1.2.840.113549.1.1.10",
  "1.2.840.113549.1.1.11",
  "1.2.840.10045.4.3.2",
  "1.2.840.10040.4.3",
  "1.3.101.112",
  "1.3.101.113",
  "1.2.3.4",
];

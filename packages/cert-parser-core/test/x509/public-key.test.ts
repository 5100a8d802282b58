import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate } from "cert-parser-core";
import { bitString, boolean, concat, integer, oid, sequence } from "../der-writer.ts";
import {
  buildCertificate,
  curveNamed,
  explicitParameters,
  extension,
  extensions,
  publicKey,
} from "../specimens.ts";

const nullParameters = fromHex("0500");
const rsaEncryption = oid("1.2.840.113549.1.1.1");
const idDsa = oid("1.2.840.10040.4.1");

function rsaKey(modulus: string): Uint8Array {
  return sequence(integer(modulus), integer("010001"));
}

describe("the size of a public key", () => {
  const unknown = { size: undefined, curve: undefined };
  const keys = [
    [
      "RSA of 1024 bits",
      sequence(rsaEncryption, nullParameters),
      rsaKey(`00${"c1".repeat(128)}`),
      { size: 1024 },
    ],
    [
      "RSA of 2047 bits",
      sequence(rsaEncryption, nullParameters),
      rsaKey(`41${"c1".repeat(255)}`),
      { size: 2047 },
    ],
    [
      "RSA of 4096 bits without parameters",
      sequence(rsaEncryption),
      rsaKey(`00${"c1".repeat(512)}`),
      { size: 4096 },
    ],
    ["RSASSA-PSS", sequence(oid("1.2.840.113549.1.1.10")), rsaKey(`00${"c1".repeat(384)}`), { size: 3072 }],
    [
      "DSA",
      sequence(idDsa, sequence(integer(`00${"c1".repeat(128)}`), integer("0b"), integer("02"))),
      integer("05"),
      { size: 1024 },
    ],
    ["RSA with a modulus of 0", sequence(rsaEncryption, nullParameters), rsaKey("00"), unknown],
    ["RSA with an empty modulus", sequence(rsaEncryption, nullParameters), rsaKey(""), unknown],
    [
      "DSA with a p of 0",
      sequence(idDsa, sequence(integer("00"), integer("0b"), integer("02"))),
      integer("05"),
      unknown,
    ],
    [
      "a curve over a field of 0",
      sequence(oid("1.2.840.10045.2.1"), explicitParameters({ ...curveNamed("P-256"), p: "" })),
      new Uint8Array(65).fill(4),
      unknown,
    ],
    ["DSA that inherits its parameters", sequence(idDsa), integer("05"), unknown],
    ["Ed25519", sequence(oid("1.3.101.112")), new Uint8Array(32), { size: 256, curve: "Ed25519" }],
    ["Ed448", sequence(oid("1.3.101.113")), new Uint8Array(57), { size: 456, curve: "Ed448" }],
    ["X25519, which signs nothing", sequence(oid("1.3.101.110")), new Uint8Array(32), unknown],
    ["a kind that nobody knows", sequence(oid("1.2.3.4")), fromHex("00"), unknown],
    ["RSA whose key is no SEQUENCE", sequence(rsaEncryption, nullParameters), integer("05"), unknown],
    ["RSA whose key is cut off", sequence(rsaEncryption, nullParameters), fromHex("300602"), unknown],
    ["RSA whose key is empty", sequence(rsaEncryption, nullParameters), concat(), unknown],
  ] as const;

  for (const [kind, algorithm, key, expected] of keys) {
    test(`is right for ${kind}`, () => {
      const subjectPublicKeyInfo = publicKey(algorithm, key);
      const read = parseCertificate(buildCertificate({ subjectPublicKeyInfo })).publicKey;
      assert.deepEqual({ curve: undefined, ...expected }, { size: read.size, curve: read.curve });
      assert.deepEqual(read.key.bytes, key);
      assert.deepEqual(read.der, subjectPublicKeyInfo);
    });
  }
});

describe("the exponent of an RSA key", () => {
  const exponentOf = (exponent: string) => {
    const key = sequence(integer(`00${"c1".repeat(384)}`), integer(exponent));
    const subjectPublicKeyInfo = publicKey(sequence(rsaEncryption, nullParameters), key);
    const { publicKey: read, findings } = parseCertificate(buildCertificate({ subjectPublicKeyInfo }));
    const noted = findings.filter(({ code }) => code === "RSA_EXPONENT");
    return { exponent: read.exponent, noted: noted.map(({ code, message }) => [code, message]) };
  };
  const unusual = (what: string) => [["RSA_EXPONENT", `the public exponent is ${what}, expected 65537`]];

  const exponents = [
    ["65537", "010001", 65537n, []],
    ["3", "03", 3n, unusual("3")],
    ["38129", "0094f1", 38129n, unusual("38129")],
    ["107903", "01a57f", 107903n, unusual("107903")],
    ["2^255 + 1", `0080${"00".repeat(30)}01`, 2n ** 255n + 1n, unusual(String(2n ** 255n + 1n))],
    ["2^264", `0100${"00".repeat(32)}`, undefined, unusual("no positive number below 2^256")],
    ["-1", "ff", undefined, unusual("no positive number below 2^256")],
    ["empty", "", undefined, unusual("no positive number below 2^256")],
  ] as const;
  for (const [what, hex, exponent, noted] of exponents) {
    test(`is read where it is ${what}`, () => {
      assert.deepEqual(exponentOf(hex), { exponent, noted });
    });
  }

  test("is none of a key on a curve", () => {
    assert.equal(parseCertificate(buildCertificate()).publicKey.exponent, undefined);
  });
});

describe("what is amiss with a key is noted", () => {
  const idEcPublicKey = "1.2.840.10045.2.1";
  const p256 = sequence(oid(idEcPublicKey), explicitParameters(curveNamed("P-256")));
  const p192 = sequence(oid(idEcPublicKey), explicitParameters(curveNamed("P-192")));
  const rsa = sequence(rsaEncryption, nullParameters);
  const modulus = (octets: number) => integer(`00${"c1".repeat(octets)}`);
  const point = (form: number, octets: number) => new Uint8Array(octets).fill(form, 0, 1);
  const authority = extensions(extension("2.5.29.19", sequence(boolean(true)), true));
  const signer = extensions(extension("2.5.29.15", bitString(fromHex("80"), 7), true));

  const keys = [
    ["RSA of 3072 bits", rsa, sequence(modulus(384), integer("010001")), authority, []],
    [
      "RSA of 2048 bits that certifies others",
      rsa,
      sequence(modulus(256), integer("010001")),
      authority,
      ["KEY_SIZE"],
    ],
    ["RSA of 2048 bits that does not", rsa, sequence(modulus(256), integer("010001")), signer, []],
    ["RSA of 1024 bits", rsa, sequence(modulus(128), integer("010001")), signer, ["KEY_SIZE"]],
    [
      "RSA without NULL, as Estonia",
      sequence(rsaEncryption),
      sequence(modulus(384), integer("010001")),
      signer,
      ["ALGORITHM_PARAMETERS"],
    ],
    [
      "RSA with a negative modulus",
      rsa,
      sequence(integer("c1".repeat(384)), integer("010001")),
      signer,
      ["PUBLIC_KEY_MALFORMED"],
    ],
    [
      "RSA with a third number",
      rsa,
      sequence(modulus(384), integer("010001"), integer("01")),
      signer,
      ["PUBLIC_KEY_MALFORMED"],
    ],
    ["RSA that is no SEQUENCE", rsa, integer("05"), signer, ["PUBLIC_KEY_MALFORMED"]],
    ["a point of both coordinates", p256, point(4, 65), signer, []],
    ["a compressed point", p256, point(3, 33), signer, ["EC_POINT_COMPRESSED"]],
    ["a point in the hybrid form", p256, point(6, 65), signer, ["PUBLIC_KEY_MALFORMED"]],
    ["a point of another field", p256, point(4, 97), signer, ["PUBLIC_KEY_MALFORMED"]],
    [
      "a compressed point of both coordinates",
      p256,
      point(2, 65),
      signer,
      ["EC_POINT_COMPRESSED", "PUBLIC_KEY_MALFORMED"],
    ],
    ["the point at infinity", p256, point(0, 1), signer, ["PUBLIC_KEY_MALFORMED"]],
    ["no point", p256, new Uint8Array(), signer, ["PUBLIC_KEY_MALFORMED"]],
    ["a curve of 192 bits", p192, point(4, 49), signer, ["KEY_SIZE"]],
    [
      "Ed25519 with NULL",
      sequence(oid("1.3.101.112"), nullParameters),
      new Uint8Array(32),
      signer,
      ["ALGORITHM_PARAMETERS"],
    ],
    ["a kind that nobody knows", sequence(oid("1.2.3.4")), new Uint8Array(), signer, []],
  ] as const;
  const ours = [
    "ALGORITHM_PARAMETERS",
    "BIT_STRING_UNUSED_BITS",
    "EC_POINT_COMPRESSED",
    "KEY_SIZE",
    "PUBLIC_KEY_MALFORMED",
    "RSA_EXPONENT",
  ];
  for (const [what, algorithm, key, certificateExtensions, expected] of keys) {
    test(`${what}: ${expected.join(", ") || "nothing"}`, () => {
      const der = buildCertificate({
        subjectPublicKeyInfo: publicKey(algorithm, key),
        extensions: certificateExtensions,
      });
      const start = Buffer.from(der).indexOf(algorithm);
      const findings = parseCertificate(der).findings.filter(({ code }) => ours.includes(code));
      assert.deepEqual(
        findings.map(({ code }) => code),
        expected,
      );
      for (const { offset } of findings) {
        assert.ok(offset >= start && offset < start + algorithm.length + bitString(key).length);
      }
    });
  }

  test("bits left unused at the end of a key", () => {
    const subjectPublicKeyInfo = sequence(p256, bitString(point(4, 65), 3));
    const { findings } = parseCertificate(buildCertificate({ subjectPublicKeyInfo }));
    assert.ok(findings.some(({ code }) => code === "BIT_STRING_UNUSED_BITS"));
  });
});

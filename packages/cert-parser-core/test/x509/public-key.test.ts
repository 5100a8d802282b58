import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate } from "cert-parser-core";
import { concat, integer, oid, sequence } from "../der-writer.ts";
import { buildCertificate, publicKey } from "../specimens.ts";

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

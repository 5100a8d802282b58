import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Certificate, fromHex, parseCertificate, toHex } from "cert-parser-core";
import { bitString, concat, context, integer, octetString, oid, sequence, tlv } from "../der-writer.ts";
import { buildCertificate, extension, extensions, sampleKeyUsage } from "../specimens.ts";

/** A certificate that has this extension and, unless this is it, a sound keyUsage. */
function withExtension(type: string, value: Uint8Array): Certificate {
  const critical = type === "2.5.29.15" || type === "2.5.29.19" ? true : undefined;
  const others = type === "2.5.29.15" ? [] : [sampleKeyUsage];
  return parseCertificate(
    buildCertificate({ extensions: extensions(...others, extension(type, value, critical)) }),
  );
}

function hexOrUndefined(bytes: Uint8Array | undefined): string | undefined {
  return bytes && toHex(bytes);
}

describe("basicConstraints", () => {
  const values = [
    ["an empty SEQUENCE", sequence(), { cA: false, pathLenConstraint: undefined }],
    ["cA", sequence(fromHex("0101ff")), { cA: true, pathLenConstraint: undefined }],
    ["cA in BER", sequence(fromHex("010101")), { cA: true, pathLenConstraint: undefined }, "BOOLEAN_NOT_DER"],
    [
      "cA FALSE, which DER leaves out",
      sequence(fromHex("010100")),
      { cA: false, pathLenConstraint: undefined },
      "DEFAULT_ENCODED",
    ],
    ["cA and path length 0", sequence(fromHex("0101ff"), integer("00")), { cA: true, pathLenConstraint: 0 }],
    [
      "a path length in two octets",
      sequence(fromHex("0101ff"), integer("0001")),
      { cA: true, pathLenConstraint: 1 },
      "INTEGER_NOT_MINIMAL",
    ],
    ["a path length alone", sequence(integer("05")), { cA: false, pathLenConstraint: 5 }],
    ["no SEQUENCE", integer("05"), undefined, "EXTENSION_MALFORMED"],
    ["a path length of five octets", sequence(integer("0100000000")), undefined, "EXTENSION_MALFORMED"],
    [
      "three elements",
      sequence(fromHex("0101ff"), integer("00"), integer("00")),
      undefined,
      "EXTENSION_MALFORMED",
    ],
  ] as const;
  for (const [what, value, expected, ...codes] of values) {
    test(`reads ${what}`, () => {
      const { basicConstraints, findings } = withExtension("2.5.29.19", value);
      assert.deepEqual(basicConstraints, expected);
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
    });
  }
});

describe("keyUsage", () => {
  const values = [
    ["nothing", bitString(concat()), []],
    ["digitalSignature", bitString(fromHex("80"), 7), ["digitalSignature"]],
    ["the two of a CSCA", bitString(fromHex("06"), 1), ["keyCertSign", "cRLSign"]],
    ["the ninth bit", bitString(fromHex("0080"), 7), ["decipherOnly"]],
    [
      "all nine",
      bitString(fromHex("ff80"), 7),
      [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
      ],
    ],
    ["bits that have no name", bitString(fromHex("007f")), []],
  ] as const;
  for (const [what, value, expected] of values) {
    test(`reads ${what}`, () => {
      assert.deepEqual(withExtension("2.5.29.15", value).keyUsage, expected);
    });
  }
});

describe("extKeyUsage", () => {
  test("reads its purposes in their order", () => {
    const value = sequence(oid("2.23.136.1.1.3"), oid("1.3.6.1.5.5.7.3.1"));
    assert.deepEqual(withExtension("2.5.29.37", value).extKeyUsage, ["2.23.136.1.1.3", "1.3.6.1.5.5.7.3.1"]);
  });

  test("reads an empty one, and notes it", () => {
    const { extKeyUsage, findings } = withExtension("2.5.29.37", sequence());
    assert.deepEqual(extKeyUsage, []);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["EXTENSION_EMPTY"],
    );
  });
});

describe("subjectKeyIdentifier", () => {
  const values = [
    ["of 20 bytes", octetString(fromHex("a1".repeat(20))), "a1".repeat(20), []],
    ["of 8 bytes", octetString(fromHex("4a1b2c3d4e5f6a7b")), "4a1b2c3d4e5f6a7b", []],
    ["of no byte", octetString(), "", []],
    ["without its OCTET STRING", fromHex("a1".repeat(20)), "a1".repeat(20), ["KEY_IDENTIFIER_RAW"]],
    // A hash may begin with the tag of an OCTET STRING: its second byte is then no length that fits.
    [
      "without its OCTET STRING, beginning with 04",
      fromHex(`04${"a1".repeat(19)}`),
      `04${"a1".repeat(19)}`,
      ["KEY_IDENTIFIER_RAW"],
    ],
    ["with a byte after its OCTET STRING", fromHex("0401a100"), "0401a100", ["KEY_IDENTIFIER_RAW"]],
  ] as const;
  for (const [what, value, expected, codes] of values) {
    test(`reads one ${what}`, () => {
      const { subjectKeyIdentifier, findings } = withExtension("2.5.29.14", value);
      assert.equal(hexOrUndefined(subjectKeyIdentifier), expected);
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
    });
  }
});

describe("authorityKeyIdentifier", () => {
  const keyId = tlv(0x80, fromHex("b1b2"));
  const issuerAndSerial = concat(context(1, context(4, sequence())), tlv(0x82, fromHex("07")));
  const values = [
    ["a key identifier", sequence(keyId), "b1b2"],
    ["all three fields", sequence(keyId, issuerAndSerial), "b1b2"],
    ["issuer and serial number alone", sequence(issuerAndSerial), undefined],
    ["nothing", sequence(), undefined],
  ] as const;
  for (const [what, value, expected] of values) {
    test(`reads ${what} without a finding`, () => {
      const { authorityKeyIdentifier, findings } = withExtension("2.5.29.35", value);
      assert.equal(hexOrUndefined(authorityKeyIdentifier), expected);
      assert.deepEqual(findings, []);
    });
  }
});

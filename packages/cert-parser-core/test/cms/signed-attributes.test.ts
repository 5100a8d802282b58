import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fromHex, toHex } from "../../src/bytes/hex.ts";
import { parseSignedAttributes } from "../../src/cms/signed-attributes.ts";
import { CertParserError } from "../../src/errors.ts";
import {
  concat,
  generalizedTime,
  indefinite,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utcTime,
} from "../der-writer.ts";

const digest = octetString(fromHex("00112233"));
const contentType = attribute("1.2.840.113549.1.9.3", oid("2.23.136.1.1.2"));
const signingTime = attribute("1.2.840.113549.1.9.5", utcTime("240501000000Z"));
const messageDigest = attribute("1.2.840.113549.1.9.4", digest);
const whole = attributes(contentType, messageDigest, signingTime);
const sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"));
const ecdsa = sequence(oid("1.2.840.10045.4.3.2"));

describe("parseSignedAttributes", () => {
  test("reads the three attributes, and gives the bytes that are signed", () => {
    const parsed = parseSignedAttributes(whole);
    assert.equal(parsed.contentType, "2.23.136.1.1.2");
    assert.equal(parsed.messageDigest && toHex(parsed.messageDigest), "00112233");
    assert.equal(parsed.signingTime?.toISOString(), "2024-05-01T00:00:00.000Z");
    assert.equal(toHex(parsed.der), `31${toHex(whole).slice(2)}`);
    assert.equal(whole[0], 0xa0);
    assert.deepEqual(
      [parsed.findings, parsed.signingCertificates, parsed.algorithmProtection],
      [[], [], undefined],
    );
  });

  test("reads CMSAlgorithmProtection and both forms of signingCertificate", () => {
    const protection = attribute("1.2.840.113549.1.9.52", sequence(sha256, implicit(0xa1, ecdsa)));
    const id = attribute("1.2.840.113549.1.9.16.2.12", sequence(sequence(sequence(digest))));
    const idV2 = attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence(sequence(sha256, digest))));
    const parsed = parseSignedAttributes(attributes(protection, id, idV2));
    assert.equal(parsed.algorithmProtection?.digestAlgorithm.algorithm, "2.16.840.1.101.3.4.2.1");
    assert.equal(parsed.algorithmProtection?.signatureAlgorithm.algorithm, "1.2.840.10045.4.3.2");
    assert.deepEqual(
      parsed.signingCertificates.map(({ hashAlgorithm }) => hashAlgorithm),
      ["1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"],
    );
  });

  test("frames attributes that it does not know, with tags of any number", () => {
    const unknown = attribute("1.2.3.4", tlv(0x9f, fromHex("00")).with(1, 0x1f));
    assert.equal(parseSignedAttributes(tlv(0xa0, unknown)).contentType, undefined);
  });

  test("notes a GeneralizedTime before 2050, at its place", () => {
    const early = attribute("1.2.840.113549.1.9.5", generalizedTime("20240501000000Z"));
    const { signingTime: time, findings } = parseSignedAttributes(attributes(early));
    assert.equal(time?.toISOString(), "2024-05-01T00:00:00.000Z");
    assert.deepEqual(
      findings.map(({ code, offset }) => [code, offset]),
      [["TIME_FORM", 17]],
    );
  });

  const refused: readonly (readonly [flaw: string, bytes: Uint8Array])[] = [
    ["the tag of a SET", concat(Uint8Array.of(0x31), whole.subarray(1))],
    ["bytes behind them", concat(whole, Uint8Array.of(0))],
    ["another order than that of DER", tlv(0xa0, signingTime, contentType, messageDigest)],
    ["an indefinite length", indefinite(0xa0, contentType, messageDigest)],
    ["an indefinite length inside", tlv(0xa0, sequence(oid("1.2.3"), indefinite(0x31, digest)))],
    ["a long length", concat(Uint8Array.of(0xa0, 0x81), whole.subarray(1))],
    ["a long length in a value", tlv(0xa0, sequence(oid("1.2.3"), set(fromHex("04810100"))))],
    ["a digest in pieces", attributes(attribute("1.2.840.113549.1.9.4", tlv(0x24, digest)))],
    ["a string in pieces in a value that is not known", attributes(attribute("1.2.3", tlv(0x24, digest)))],
    ["one attribute twice", attributes(contentType, contentType)],
    ["one type twice", attributes(messageDigest, attribute("1.2.840.113549.1.9.4", octetString()))],
    ["no value", attributes(sequence(oid("1.2.840.113549.1.9.4"), set()))],
    ["two values", attributes(sequence(oid("1.2.840.113549.1.9.4"), set(octetString(), digest)))],
    ["something behind the values", attributes(sequence(oid("1.2.3"), set(digest), digest))],
    ["a content type that is none", attributes(attribute("1.2.840.113549.1.9.3", digest))],
    ["a digest that is none", attributes(attribute("1.2.840.113549.1.9.4", integer("01")))],
    ["a time that is a text", attributes(attribute("1.2.840.113549.1.9.5", printableString("today")))],
    ["a time without seconds", attributes(attribute("1.2.840.113549.1.9.5", utcTime("2405010000Z")))],
    ["a time with an offset", attributes(attribute("1.2.840.113549.1.9.5", utcTime("240501000000+0000")))],
    ["a protection without algorithms", attributes(attribute("1.2.840.113549.1.9.52", sequence(sha256)))],
    [
      "a protection of a MAC",
      attributes(attribute("1.2.840.113549.1.9.52", sequence(sha256, implicit(0xa2, ecdsa)))),
    ],
    ["no signing certificate", attributes(attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence())))],
    ["an attribute that is none", tlv(0xa0, digest)],
    ["nothing", new Uint8Array()],
  ];
  for (const [flaw, bytes] of refused) {
    test(`refuses ${flaw}`, () => {
      assert.throws(() => parseSignedAttributes(bytes), CertParserError);
    });
  }

  test("refuses to nest too deep", () => {
    let nested = set(digest);
    for (let depth = 0; depth < 200; depth++) nested = set(nested);
    assert.throws(() => parseSignedAttributes(attributes(sequence(oid("1.2.3"), nested))), {
      code: "LIMIT_EXCEEDED",
    });
  });

  test("never throws anything but CertParserError", () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, octet, length) => {
        try {
          parseSignedAttributes(whole.with(at, octet).subarray(0, length));
        } catch (error) {
          assert.ok(error instanceof CertParserError, String(error));
        }
      }),
    );
  });
});

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), set(value));
}

/** In the order of DER. */
function attributes(...parts: readonly Uint8Array[]): Uint8Array {
  return tlv(0xa0, ...parts.toSorted((a, b) => Buffer.compare(a, b)));
}

function implicit(tag: number, element: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag), element.subarray(1));
}

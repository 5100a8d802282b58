import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Certificate,
  formatName,
  fromHex,
  type GeneralName,
  issuingStateOf,
  parseCertificate,
  toHex,
} from "cert-parser-core";
import { concat, context, integer, octetString, oid, sequence, tlv, utf8String } from "../der-writer.ts";
import { buildCertificate, extension, extensions, name, sampleKeyUsage } from "../specimens.ts";

const subjectAltName = "2.5.29.17";
const issuerAltName = "2.5.29.18";
const text = (tag: number, value: string) => tlv(tag, new TextEncoder().encode(value));

function read(type: string, value: Uint8Array): Certificate {
  return parseCertificate(
    buildCertificate({ extensions: extensions(sampleKeyUsage, extension(type, value)) }),
  );
}

function plain({ type, value }: GeneralName): readonly [string, string | undefined] {
  return [type, typeof value === "object" ? formatName(value) : value];
}

const otherName = context(0, oid("1.2.3"), context(0, utf8String("x")));
const directoryName = context(4, name(["2.5.4.7", "UTO"], ["2.5.4.8", "UT1"]));

describe("a GeneralName", () => {
  const kinds: readonly (readonly [Uint8Array, string, string | undefined])[] = [
    [otherName, "otherName", undefined],
    [text(0x81, "csca@example.org"), "rfc822Name", "csca@example.org"],
    [text(0x82, "example.org"), "dNSName", "example.org"],
    [context(3, sequence()), "x400Address", undefined],
    [directoryName, "directoryName", "ST=UT1,L=UTO"],
    [context(5, context(1, utf8String("x"))), "ediPartyName", undefined],
    [text(0x86, "https://example.org/"), "uniformResourceIdentifier", "https://example.org/"],
    [tlv(0x87, fromHex("c0000201")), "iPAddress", "192.0.2.1"],
    [tlv(0x88, fromHex("2a0304")), "registeredID", "1.2.3.4"],
  ];
  for (const [der, type, value] of kinds) {
    test(`may be a ${type}`, () => {
      const { subjectAltName: names, findings } = read(subjectAltName, sequence(der));
      assert.deepEqual(names?.map(plain), [[type, value]]);
      assert.deepEqual(names?.[0]?.der, der);
      assert.deepEqual(findings, []);
    });
  }

  const flaws: readonly (readonly [string, Uint8Array])[] = [
    ["[9]", tlv(0x89, fromHex("00"))],
    ["an INTEGER", integer("01")],
    ["a constructed rfc822Name", tlv(0xa1, octetString())],
    ["a directoryName without its SEQUENCE", context(4, fromHex("3100"))],
    ["a directoryName with something after it", context(4, sequence(), sequence())],
    [
      "a directoryName whose attribute has no value",
      context(4, sequence(tlv(0x31, sequence(oid("2.5.4.3"))))),
    ],
    ["an iPAddress of five octets", tlv(0x87, fromHex("0102030405"))],
    ["a registeredID that ends in the middle of an arc", tlv(0x88, fromHex("2a80"))],
  ];
  for (const [what, der] of flaws) {
    test(`may not be ${what}`, () => {
      const certificate = read(subjectAltName, sequence(text(0x82, "example.org"), der));
      assert.equal(certificate.subjectAltName, undefined);
      assert.deepEqual(
        certificate.findings.map(({ code }) => code),
        ["EXTENSION_MALFORMED"],
      );
    });
  }
});

describe("alternative names", () => {
  test("of subject and issuer are told apart", () => {
    const certificate = parseCertificate(
      buildCertificate({
        extensions: extensions(
          sampleKeyUsage,
          extension(subjectAltName, sequence(text(0x82, "subject.example"))),
          extension(issuerAltName, sequence(text(0x82, "issuer.example"), text(0x82, "issuer2.example"))),
        ),
      }),
    );
    assert.deepEqual(certificate.subjectAltName?.map(plain), [["dNSName", "subject.example"]]);
    assert.deepEqual(certificate.issuerAltName?.map(plain), [
      ["dNSName", "issuer.example"],
      ["dNSName", "issuer2.example"],
    ]);
  });

  for (const [type, property] of [
    [subjectAltName, "subjectAltName"],
    [issuerAltName, "issuerAltName"],
  ] as const) {
    test(`an empty ${property} is read, and noted by its name`, () => {
      const certificate = read(type, sequence());
      assert.deepEqual(certificate[property], []);
      const [finding] = certificate.findings;
      assert.equal(finding?.code, "EXTENSION_EMPTY");
      assert.match(finding.message, new RegExp(`^${property} `));
    });
  }

  test("hold octets outside of ASCII, one character each", () => {
    const value = sequence(tlv(0x81, fromHex("e940")));
    assert.equal(read(subjectAltName, value).subjectAltName?.[0]?.value, "é@");
  });
});

describe("the issuing state", () => {
  const stateOf = (...names: readonly Uint8Array[]) =>
    issuingStateOf(read(subjectAltName, sequence(...names)).subjectAltName);

  test("is L and ST of the directoryName", () => {
    assert.deepEqual(stateOf(text(0x81, "a@b.org"), directoryName), {
      localityName: "UTO",
      stateOrProvinceName: "UT1",
    });
  });

  test("has no ST where the code of the state is enough", () => {
    assert.deepEqual(stateOf(context(4, name(["2.5.4.7", "D"]))), {
      localityName: "D",
      stateOrProvinceName: undefined,
    });
  });

  test("is not in a directoryName without either", () => {
    assert.equal(stateOf(context(4, name(["2.5.4.6", "UT"]))), undefined);
  });

  test("is in the first directoryName that has one", () => {
    const state = stateOf(context(4, name(["2.5.4.6", "UT"])), directoryName);
    assert.equal(state?.localityName, "UTO");
  });

  test("is not in a name that is no text", () => {
    const number = context(4, sequence(tlv(0x31, sequence(oid("2.5.4.7"), integer("01")))));
    assert.equal(stateOf(number), undefined);
    assert.equal(issuingStateOf(undefined), undefined);
  });
});

test("a GeneralName is a view of the bytes that came in", () => {
  const value = sequence(text(0x82, "example.org"));
  const [only] = read(subjectAltName, value).subjectAltName ?? [];
  assert.equal(toHex(only?.der ?? concat()), toHex(value.subarray(2)));
});

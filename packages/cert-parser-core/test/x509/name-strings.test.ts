import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate } from "cert-parser-core";
import { octetString, printableString, sequence, set, tlv, utf8String } from "../der-writer.ts";
import { attribute, buildCertificate, sampleName } from "../specimens.ts";

const [commonName, serialNumber, country] = ["2.5.4.3", "2.5.4.5", "2.5.4.6"];
const emailAddress = "1.2.840.113549.1.9.1";
const domainComponent = "0.9.2342.19200300.100.1.25";
const text = (value: string) => new TextEncoder().encode(value);

function noted(...attributes: readonly Uint8Array[]) {
  const subject = sequence(...attributes.map((each) => set(each)));
  const der = buildCertificate({ issuer: sampleName, subject });
  const nameStart = Buffer.from(der).indexOf(subject);
  return parseCertificate(der)
    .findings.filter(({ code }) => code === "NAME_STRING")
    .map(({ message, offset }) => ({ message, offset: offset - nameStart }));
}

describe("strings that Doc 9303-12 allows in a name are not noted", () => {
  const allowed = [
    ["a country in a PrintableString", country, printableString("UT")],
    ["a serialNumber in a PrintableString", serialNumber, printableString("001")],
    ["a common name in a PrintableString", commonName, printableString("CSCA (Utopia), '26: a+b-c./=?")],
    ["a common name in a UTF8String", commonName, utf8String("CSCA Ütopia")],
    ["an e-mail address in an IA5String", emailAddress, tlv(0x16, text("a@b.ut"))],
    ["a domain component in an IA5String", domainComponent, tlv(0x16, text("ut"))],
    ["a type that nobody knows in a UTF8String", "1.2.3.4", utf8String("x")],
  ] as const;
  for (const [what, type, value] of allowed) {
    test(what, () => {
      assert.deepEqual(noted(attribute(type, value)), []);
    });
  }
});

describe("other strings are NAME_STRING", () => {
  const flawed = [
    ["a country in a UTF8String", country, utf8String("UT"), "C is UTF8 STRING, expected PRINTABLE STRING"],
    [
      "a serialNumber in a UTF8String",
      serialNumber,
      utf8String("1"),
      "serialNumber is UTF8 STRING, expected PRINTABLE STRING",
    ],
    [
      "a common name in a T61String",
      commonName,
      tlv(0x14, fromHex("fc")),
      "CN is T61 STRING, expected UTF8 STRING or PRINTABLE STRING",
    ],
    [
      "a common name in an IA5String",
      commonName,
      tlv(0x16, text("a")),
      "CN is IA5 STRING, expected UTF8 STRING or PRINTABLE STRING",
    ],
    [
      "a common name that is no string",
      commonName,
      octetString(fromHex("41")),
      "CN is OCTET STRING, expected UTF8 STRING or PRINTABLE STRING",
    ],
    [
      "an e-mail address in a T61String",
      emailAddress,
      tlv(0x14, text("a")),
      "emailAddress is T61 STRING, expected IA5 STRING",
    ],
    [
      "an underscore in a PrintableString",
      commonName,
      printableString("CSCA_UT"),
      "CN holds octets that are not in PRINTABLE STRING",
    ],
    [
      "a UTF8String in ISO 8859-1",
      commonName,
      tlv(0x0c, fromHex("4dfc")),
      "CN holds octets that are not in UTF8 STRING",
    ],
    [
      "an IA5String with a letter of eight bits",
      emailAddress,
      tlv(0x16, fromHex("fc")),
      "emailAddress holds octets that are not in IA5 STRING",
    ],
    [
      "a type that nobody knows in a BMPString",
      "1.2.3.4",
      tlv(0x1e, fromHex("0041")),
      "attribute 1.2.3.4 is BMP STRING, expected UTF8 STRING or PRINTABLE STRING",
    ],
  ] as const;
  for (const [what, type, value, message] of flawed) {
    test(what, () => {
      // A name of one attribute: SEQUENCE, SET, SEQUENCE, and the type stand before the value.
      const before = 6 + sequence(attribute(type, value)).length - 4 - value.length;
      assert.deepEqual(noted(attribute(type, value)), [{ message, offset: before }]);
    });
  }

  test("once a name, for the first of them", () => {
    const findings = noted(
      attribute(country, utf8String("UT")),
      attribute(commonName, tlv(0x14, fromHex("fc"))),
    );
    assert.deepEqual(
      findings.map(({ message }) => message),
      ["C is UTF8 STRING, expected PRINTABLE STRING"],
    );
  });

  test("for each of the two names, at its own place", () => {
    const flawed = sequence(set(attribute(country, utf8String("UT"))));
    const der = buildCertificate({ issuer: flawed, subject: flawed });
    const offsets = parseCertificate(der)
      .findings.filter(({ code }) => code === "NAME_STRING")
      .map(({ offset }) => offset);
    assert.equal(offsets.length, 2);
    for (const offset of offsets) assert.deepEqual(der.subarray(offset, offset + 4), utf8String("UT"));
  });
});

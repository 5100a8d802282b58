import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, formatName, fromHex, type Name, parseName } from "cert-parser-core";
import fc from "fast-check";
import { countryOf } from "../../src/x509/name.ts";
import { concat, octetString, oid, printableString, sequence, set, tlv, utf8String } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";
import { attribute, name } from "../specimens.ts";

const commonName = "2.5.4.3";
const country = "2.5.4.6";

describe("string types", () => {
  const types = [
    ["PrintableString", 0x13, "43534341", "CSCA"],
    ["PrintableString with letters that it has not", 0x13, "4353434140e9", "CSCA@é"],
    ["IA5String", 0x16, "6140622e6363", "a@b.cc"],
    ["NumericString", 0x12, "3030312032", "001 2"],
    ["VisibleString", 0x1a, "7e7d", "~}"],
    ["T61String, taken for ISO 8859-1", 0x14, "4dfc6e63680a80", "Münch\n\u0080"],
    ["UTF8String", 0x0c, "c381c38df09f9082", "ÁÍ🐂"],
    ["UTF8String with a byte order mark, which is kept", 0x0c, "efbbbf41", "\ufeffA"],
    ["UTF8String with nothing in it", 0x0c, "", ""],
    ["UTF8String with a null character", 0x0c, "410042", "A\0B"],
    ["BMPString", 0x1e, "00c1011a", "ÁĚ"],
    ["BMPString with a surrogate pair", 0x1e, "d83ddc02", "🐂"],
    ["UniversalString", 0x1c, "000000c10001f402", "Á🐂"],
    ["UTF8String cut off in a character", 0x0c, "41c3", null],
    ["UTF8String in ISO 8859-1", 0x0c, "4dfc6e6368", null],
    ["UTF8String with an overlong form", 0x0c, "c081", null],
    ["UTF8String with a surrogate", 0x0c, "eda080", null],
    ["BMPString of three bytes", 0x1e, "004100", null],
    ["BMPString with half a surrogate pair", 0x1e, "0041d83d", null],
    ["UniversalString of five bytes", 0x1c, "0000004100", null],
    ["UniversalString over U+10FFFF", 0x1c, "00110000", null],
    ["UniversalString with a surrogate", 0x1c, "0000d83d", null],
    ["OCTET STRING", 0x04, "41", null],
    ["BIT STRING", 0x03, "0041", null],
    ["SEQUENCE", 0x30, "0500", null],
  ] as const;

  for (const [type, tag, hex, expected] of types) {
    test(`${type} reads as ${JSON.stringify(expected)}`, () => {
      const value = tlv(tag, fromHex(hex));
      const [rdn] = parseName(sequence(set(attribute(commonName, value)))).rdns;
      assert.equal(rdn?.length, 1);
      const [read] = rdn;
      assert.deepEqual(
        { type: read?.type, tag: read?.tag, value: read?.value, der: read?.der },
        { type: commonName, tag, value: expected, der: value },
      );
    });
  }

  test("a text longer than one call can take is read whole", () => {
    const long = "é".repeat(70_000);
    const value = tlv(
      0x14,
      Uint8Array.from(long, (letter) => letter.charCodeAt(0)),
    );
    assert.equal(parseName(sequence(set(attribute(commonName, value)))).rdns[0]?.[0]?.value, long);
  });
});

describe("parseName", () => {
  test("keeps the order of the encoding, in the name and in an RDN of several attributes", () => {
    const der = sequence(
      set(attribute(country, printableString("UT"))),
      set(attribute("2.5.4.10", utf8String("Ministry")), attribute("2.5.4.11", utf8String("Passports"))),
    );
    const { rdns, der: kept } = parseName(der);
    assert.deepEqual(
      rdns.map((rdn) => rdn.map(({ type, value }) => [type, value])),
      [
        [[country, "UT"]],
        [
          ["2.5.4.10", "Ministry"],
          ["2.5.4.11", "Passports"],
        ],
      ],
    );
    assert.deepEqual(kept, der);
    assert.equal(kept.buffer, der.buffer);
  });

  test("reads the empty name", () => {
    assert.deepEqual(parseName(fromHex("3000")).rdns, []);
    assert.equal(formatName(parseName(fromHex("3000"))), "");
  });

  const sound = attribute(commonName, utf8String("A"));
  const rejected = [
    ["empty input", concat(), "DER_SYNTAX"],
    ["a SET for the name", set(set(sound)), "DER_SYNTAX"],
    ["a SEQUENCE for the RDN", sequence(sequence(sound)), "DER_SYNTAX"],
    ["a SET for the attribute", sequence(set(set(oid(commonName), utf8String("A")))), "DER_SYNTAX"],
    ["an attribute without a type", sequence(set(sequence(utf8String("A")))), "DER_SYNTAX"],
    ["an attribute without a value", sequence(set(sequence(oid(commonName)))), "DER_TRUNCATED"],
    [
      "an attribute with two values",
      sequence(set(concat(sequence(oid(commonName), utf8String("A"), utf8String("B"))))),
      "DER_TRAILING_DATA",
    ],
    ["a type without arcs", sequence(set(sequence(tlv(0x06), utf8String("A")))), "DER_SYNTAX"],
    ["bytes after the name", concat(sequence(set(sound)), fromHex("00")), "DER_TRAILING_DATA"],
    ["indefinite length", fromHex("30800000"), "DER_SYNTAX"],
    ["an RDN that runs past the name", fromHex("3003310a00"), "DER_TRUNCATED"],
  ] as const;

  for (const [flaw, der, code] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => parseName(der), { name: "CertParserError", code });
    });
  }

  test("any bytes, and any damage to a name, give a name or a CertParserError, whatever stands around them", () => {
    const damaged = fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([place, byte]) => {
      const der = name([country, "UT"], [commonName, "CSCA Utopia"], ["1.3.6.1.4.1.1466.0", "x"]);
      der[place % der.length] = byte;
      return der;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 48 }), damaged), (bytes) => {
        const read = (input: Uint8Array) =>
          outcomeOf(() => {
            const parsed = parseName(input);
            return { ...parsed, text: formatName(parsed) };
          });
        assert.equal(describeOutcome(read(amidOtherBytes(bytes))), describeOutcome(read(bytes)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("formatName", () => {
  const valueText = (value: string) =>
    formatName(parseName(sequence(set(attribute(commonName, utf8String(value))))));

  test("no value can pass for another attribute: what is escaped can be read back", () => {
    const awkward = fc.string({ unit: fc.constantFrom(...' #"+,;<>=\\\0\n\u0080éЖa🐂'), maxLength: 12 });
    fc.assert(
      fc.property(awkward, (value) => {
        const text = valueText(value);
        assert.ok(text.startsWith("CN="));
        assert.equal(unescapeValue(text.slice(3)), value);
      }),
      { numRuns: 500 },
    );
  });

  test("names with as many separators as they have levels stay apart", () => {
    const one = parseName(name([commonName, "A,C=UT"]));
    const two = parseName(name([country, "UT"], [commonName, "A"]));
    assert.equal(formatName(two), "CN=A,C=UT");
    assert.equal(formatName(one), "CN=A\\,C=UT");
  });

  test("a type without a short name is written as numbers, its value as the hex of its BER", () => {
    const unknown = sequence(set(attribute("1.3.6.1.4.1.1466.0", printableString("x"))));
    assert.equal(formatName(parseName(unknown)), "1.3.6.1.4.1.1466.0=#130178");
  });

  test("a value that is no text is written as the hex of its BER", () => {
    assert.equal(
      formatName(parseName(sequence(set(attribute(country, octetString(fromHex("4154"))))))),
      "C=#04024154",
    );
  });
});

describe("countryOf", () => {
  const countries = [
    ["the first of two", name([country, "UT"], [country, "XX"]), "UT"],
    ["as it is written", name([commonName, "x"], [country, "de"]), "de"],
    ["none", name([commonName, "x"]), undefined],
    ["one that is no string", sequence(set(attribute(country, octetString(fromHex("4154"))))), undefined],
  ] as const;

  for (const [what, der, expected] of countries) {
    test(`gives ${what}`, () => {
      assert.equal(countryOf(parseName(der) as Name), expected);
    });
  }
});

/** Reads a value back as RFC 4514, section 2.4 and 3, have it; throws on a character that had to be escaped. */
/** Undoes RFC 4514, 2.4, where a pair of digits stands for one octet of UTF-8. */
function unescapeValue(text: string): string {
  const octets: number[] = [];
  for (let rest = text; rest !== ""; ) {
    const [matched = "", hex, escaped] =
      /^(?:\\([0-9a-f]{2})|\\([ #"+,;<>=\\])|[^"+,;<>\\\0])/iu.exec(rest) ?? [];
    assert.notEqual(matched, "", `not RFC 4514 from here: ${JSON.stringify(rest)}`);
    if (hex === undefined) octets.push(...new TextEncoder().encode(escaped ?? matched));
    else octets.push(Number.parseInt(hex, 16));
    rest = rest.slice(matched.length);
  }
  assert.doesNotMatch(text, /^[ #]|(?<!\\) $/);
  return new TextDecoder().decode(Uint8Array.from(octets));
}

test("CertParserError is what parseName throws", () => {
  assert.ok(outcomeOf(() => parseName(fromHex("31"))) instanceof CertParserError);
});

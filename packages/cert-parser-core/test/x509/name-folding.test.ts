import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { foldName, fromHex, parseMasterList, parseName, toHex } from "cert-parser-core";
import fc from "fast-check";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { octetString, printableString, sequence, set, tlv, utf8String } from "../der-writer.ts";
import { attribute, name } from "../specimens.ts";

const commonName = "2.5.4.3";
const organization = "2.5.4.10";

function fold(...rdns: readonly (readonly Uint8Array[])[]): string {
  return foldName(parseName(sequence(...rdns.map((rdn) => set(...rdn)))));
}

const foldText = (text: string) => fold([attribute(commonName, utf8String(text))]).replace("2.5.4.3=", "");

function bmpString(text: string): Uint8Array {
  const octets = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return tlv(0x1e, Uint8Array.from(octets.flatMap((unit) => [unit >> 8, unit & 0xff])));
}

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("a folded name", () => {
  test("has its attributes in the order of the encoding, with their OIDs", () => {
    const folded = foldName(parseName(name(["2.5.4.6", "UT"], [commonName, "CSCA Utopia"])));
    assert.equal(folded, "2.5.4.6=ut,2.5.4.3=csca utopia");
  });

  test("is the same object every time, so that asking costs nothing", () => {
    const read = parseName(name(["2.5.4.6", "UT"]));
    assert.equal(foldName(read), foldName({ ...read, rdns: read.rdns, der: read.der }));
  });

  test("is the same whatever the string type", () => {
    const values = [
      utf8String("Münch"),
      bmpString("Münch"),
      tlv(0x14, latin1("Münch")),
      tlv(0x1c, Uint8Array.from([..."Münch"].flatMap((letter) => [0, 0, 0, letter.charCodeAt(0)]))),
    ];
    assert.deepEqual(
      new Set(values.map((value) => fold([attribute(commonName, value)]))),
      new Set(["2.5.4.3=münch"]),
    );
  });

  const folded = [
    ["upper case", "CSCA Ö ΟΔΟΣ", "csca ö οδοσ"],
    ["a sigma at the end of a word", "οδος", "οδοσ"],
    ["a sharp s, and its capital", "Straße STRAẞE", "strasse strasse"],
    ["a dotless i, which is no i", "Kırıkkale", "kırıkkale"],
    ["letters of full width", "ＣＳＣＡ", "csca"],
    ["ligatures", "ﬁnance", "finance"],
    ["a letter in two code points", "E\u0301tat", "état"],
    ["spaces at the ends", "  CSCA  ", "csca"],
    ["spaces more than once", "CSCA   Utopia", "csca utopia"],
    ["other white space", "CSCA\t\u00a0\u3000Utopia\n", "csca utopia"],
    ["a soft hyphen and a byte order mark", "\ufeffUto\u00adpia", "utopia"],
    ["a null character", "Utopia\0", "utopia"],
    ["nothing but spaces", "   ", ""],
  ] as const;
  for (const [what, text, expected] of folded) {
    test(`folds ${what}: ${JSON.stringify(text)} to ${JSON.stringify(expected)}`, () => {
      assert.equal(foldText(text), expected);
    });
  }

  test("takes the attributes of one RDN in any order, and RDNs only in theirs", () => {
    const [a, b] = [attribute(organization, utf8String("A")), attribute(commonName, utf8String("B"))];
    assert.equal(fold([a, b]), fold([b, a]));
    assert.notEqual(fold([a], [b]), fold([b], [a]));
    assert.notEqual(fold([a, b]), fold([a], [b]));
    assert.notEqual(fold([a, a]), fold([a]));
  });

  test("folds what it has folded to the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        const once = foldText(text.toWellFormed());
        assert.equal(foldText(once.replace(/\\(.)/g, "$1")), once);
      }),
    );
  });

  test("takes long values by their case alone, for time that grows with their length", () => {
    const marks = "A".repeat(300) + "\u0301\u0323".repeat(50_000);
    assert.equal(foldText(marks), marks.toLowerCase());
  });
});

describe("no two different names fold to the same", () => {
  const pairs = [
    ["a comma", [[utf8String("a,2.5.4.3=b")]], [[utf8String("a")], [utf8String("b")]]],
    ["a plus sign", [[utf8String("a+2.5.4.3=b")]], [[utf8String("a"), utf8String("b")]]],
    ["a backslash", [[utf8String("a\\,2.5.4.3=b")]], [[utf8String("a\\")], [utf8String("b")]]],
    ["a value that is no text", [[octetString(fromHex("41"))]], [[utf8String("#040141")]]],
    ["an RDN of no attributes", [[]], []],
    ["an RDN of no attributes at the end", [[utf8String("a")], []], [[utf8String("a")]]],
    ["an RDN of no attributes at the start", [[], [utf8String("a")]], [[utf8String("a")]]],
    ["an empty value", [[utf8String("")]], [[]]],
  ] as const;
  for (const [what, one, other] of pairs) {
    test(`not by ${what}`, () => {
      const foldValues = (rdns: readonly (readonly Uint8Array[])[]) =>
        fold(...rdns.map((rdn) => rdn.map((value) => attribute(commonName, value))));
      assert.notEqual(foldValues(one), foldValues(other));
    });
  }

  test("names of awkward values fold to the same only where their values do", () => {
    const value = fc.string({ unit: fc.constantFrom(...',+=\\#"1.ab '), maxLength: 5 });
    const rdns = fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 3 });
    const write = (of: string[][]) =>
      fold(...of.map((rdn) => rdn.map((text) => attribute(commonName, utf8String(text)))));
    const normal = (of: string[][]) =>
      JSON.stringify(of.map((rdn) => rdn.map((text) => text.replace(/ +/g, " ").trim()).sort()));
    fc.assert(
      fc.property(rdns, rdns, (one, other) => {
        assert.equal(write(one) === write(other), normal(one) === normal(other));
      }),
      { numRuns: 2000 },
    );
  });

  test("PrintableString and UTF8String of the same text are one", () => {
    assert.equal(
      fold([attribute(commonName, printableString("CSCA"))]),
      fold([attribute(commonName, utf8String("csca "))]),
    );
  });
});

test("an Australian issuer of the German list is found by folding alone", { skip: corpusAbsent }, () => {
  const { certificates } = parseMasterList(readCorpus("master-lists/DE_2026-01-08.ml"));
  const exact = new Set(certificates.map(({ subject }) => toHex(subject.der)));
  const folded = new Set(certificates.map(({ subject }) => foldName(subject)));
  const found = certificates.filter(
    ({ issuer }) => !exact.has(toHex(issuer.der)) && folded.has(foldName(issuer)),
  );
  assert.deepEqual(
    found.map(({ country }) => country),
    ["AU"],
  );
});

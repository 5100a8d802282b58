import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseName } from "cert-parser-core";
import {
  predecessorCountry,
  predecessorIssuer,
  predecessorMasterListIssuer,
} from "../../src/store/predecessor-names.ts";
import { type Attribute, nameDer } from "./names.ts";

const C = "2.5.4.6";
const O = "2.5.4.10";
const OU = "2.5.4.11";
const CN = "2.5.4.3";
const serialNumber = "2.5.4.5";
const uniqueIdentifier = "2.5.4.45";

const name = (...rdns: readonly (readonly Attribute[])[]) => parseName(nameDer(...rdns));

// Expected texts were taken from cryptography 50 and asn1crypto 1.5, given the same DER.
describe("predecessorIssuer", () => {
  const vectors: readonly (readonly [string, readonly (readonly Attribute[])[], string])[] = [
    [
      "the most specific attribute first",
      [[[C, "DE", 0x13]], [[O, "bund"]], [[CN, "csca"]]],
      "CN=csca,O=bund,C=DE",
    ],
    [
      "several attributes of one level",
      [
        [[C, "DE"]],
        [
          [OU, "x"],
          [CN, "y"],
        ],
      ],
      "OU=x+CN=y,C=DE",
    ],
    [
      "dotted types as text",
      [[[serialNumber, "007"]], [["1.2.840.113549.1.9.1", "a@b"]]],
      "1.2.840.113549.1.9.1=a@b,2.5.4.5=007",
    ],
    [
      "the characters that RFC 4514 escapes",
      [[[CN, '\\ " + , ; < > = #']]],
      'CN=\\\\ \\" \\+ \\, \\; \\< \\> = #',
    ],
    ["NUL", [[[CN, "a\0b"]]], "CN=a\\00b"],
    ["a leading number sign", [[[CN, "#a"]]], "CN=\\#a"],
    ["spaces at both ends", [[[CN, " a "]]], "CN=\\ a\\ "],
    ["a single space", [[[CN, " "]]], "CN=\\ "],
    ["two spaces", [[[CN, "  "]]], "CN=\\ \\ "],
    ["an empty value", [[[CN, ""]]], "CN="],
    ["a bit string as hex", [[[uniqueIdentifier, Uint8Array.of(0, 0xca, 0xfe), 0x03]]], "2.5.4.45=#cafe"],
    ["letters beyond ASCII", [[[CN, "Česká"]]], "CN=Česká"],
    ["no attribute at all", [], ""],
  ];
  for (const [what, rdns, expected] of vectors) {
    test(`writes ${what} as cryptography does`, () => {
      assert.equal(predecessorIssuer(name(...rdns)), expected);
    });
  }
});

describe("predecessorMasterListIssuer", () => {
  const vectors: readonly (readonly [string, readonly (readonly Attribute[])[], string])[] = [
    [
      "a name that begins with its country from its end",
      [[[C, "DE", 0x13]], [[O, "bund"]], [[OU, "bsi"]], [[CN, "signer"]]],
      "Common Name: signer, Organizational Unit: bsi, Organization: bund, Country: DE",
    ],
    [
      "a name that ends in its country as it stands",
      [[[CN, "signer"]], [[O, "un"]], [[C, "UN"]]],
      "Common Name: signer, Organization: un, Country: UN",
    ],
    [
      "values of one type together, the last first",
      [[[C, "UT"]], [[OU, "one"]], [[CN, "x"]], [[OU, "two"]], [[OU, "three"]]],
      "Common Name: x; Organizational Unit: three, two, one; Country: UT",
    ],
    ["a comma in a value", [[[C, "UT"]], [[O, "A, Inc"]]], "Organization: A, Inc; Country: UT"],
    ["a type without a name", [[[C, "UT"]], [["1.2.3.4", "x"]]], "1.2.3.4: x, Country: UT"],
    ["no attribute at all", [], ""],
  ];
  for (const [what, rdns, expected] of vectors) {
    test(`writes ${what} as asn1crypto does`, () => {
      assert.equal(predecessorMasterListIssuer(name(...rdns)), expected);
    });
  }
});

describe("predecessorCountry", () => {
  test("gives the first country as it is written", () => {
    assert.equal(predecessorCountry(name([[CN, "x"]], [[C, "ut"]], [[C, "UX"]])), "ut");
  });

  test("gives null where there is none", () => {
    assert.equal(predecessorCountry(name([[CN, "x"]])), null);
  });
});

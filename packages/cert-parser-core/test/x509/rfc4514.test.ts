import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatName, fromHex, parseName } from "cert-parser-core";
import { octetString, sequence, set, utf8String } from "../der-writer.ts";
import { attribute } from "../specimens.ts";

const cn = (text: string) => attribute("2.5.4.3", utf8String(text));
const ou = (text: string) => attribute("2.5.4.11", utf8String(text));
const o = (text: string) => attribute("2.5.4.10", utf8String(text));
const uid = (text: string) => attribute("0.9.2342.19200300.100.1.1", utf8String(text));
const dc = (text: string) => attribute("0.9.2342.19200300.100.1.25", utf8String(text));
const exampleNet = [set(dc("net")), set(dc("example"))];

describe("RFC 4514, section 4: examples", () => {
  const examples = [
    ["three levels", sequence(...exampleNet, set(uid("jsmith"))), "UID=jsmith,DC=example,DC=net"],
    [
      "a level of two attributes",
      sequence(...exampleNet, set(ou("Sales"), cn("J.  Smith"))),
      "OU=Sales+CN=J.  Smith,DC=example,DC=net",
    ],
    [
      "quotes and a comma",
      sequence(...exampleNet, set(cn('James "Jim" Smith, III'))),
      'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net',
    ],
    [
      "a carriage return",
      sequence(...exampleNet, set(cn("Before\rAfter"))),
      "CN=Before\\0dAfter,DC=example,DC=net",
    ],
    [
      "a type without a short name",
      sequence(set(attribute("1.3.6.1.4.1.1466.0", octetString(fromHex("4869"))))),
      "1.3.6.1.4.1.1466.0=#04024869",
    ],
    // The RFC writes it with \C4\8D and \C4\87 for those who have ASCII alone; section 2.4 leaves the letters as they are.
    ["letters beyond ASCII", sequence(set(cn("Lučić"))), "CN=Lučić"],
  ] as const;

  for (const [what, der, text] of examples) {
    test(`${what}: ${text}`, () => {
      assert.equal(formatName(parseName(der)), text);
    });
  }
});

describe("RFC 4514, section 2.4: what is escaped", () => {
  const values = [
    [" leading space", "\\ leading space"],
    ["trailing space ", "trailing space\\ "],
    [" ", "\\ "],
    ["  ", "\\ \\ "],
    ["# first", "\\# first"],
    ["not # first", "not # first"],
    ["a+b", "a\\+b"],
    ["a;b", "a\\;b"],
    ["<a>", "\\<a\\>"],
    ["back\\slash", "back\\\\slash"],
    ["null\0", "null\\00"],
    ["a=b", "a=b"],
    ["in  between", "in  between"],
  ] as const;

  for (const [value, text] of values) {
    test(`${JSON.stringify(value)} is written ${text}`, () => {
      assert.equal(formatName(parseName(sequence(set(o(value))))), `O=${text}`);
    });
  }
});

describe("RFC 4514, section 3: short names that every implementation knows", () => {
  const descriptors = [
    ["2.5.4.3", "CN"],
    ["2.5.4.7", "L"],
    ["2.5.4.8", "ST"],
    ["2.5.4.10", "O"],
    ["2.5.4.11", "OU"],
    ["2.5.4.6", "C"],
    ["2.5.4.9", "STREET"],
    ["0.9.2342.19200300.100.1.25", "DC"],
    ["0.9.2342.19200300.100.1.1", "UID"],
  ] as const;

  for (const [type, descriptor] of descriptors) {
    test(`${type} is ${descriptor}`, () => {
      assert.equal(formatName(parseName(sequence(set(attribute(type, utf8String("x")))))), `${descriptor}=x`);
    });
  }
});

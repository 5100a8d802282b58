import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate } from "cert-parser-core";
import {
  bitString,
  concat,
  integer,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utf8String,
} from "../der-writer.ts";
import { buildCertificate, extension, extensions, name } from "../specimens.ts";

const version = integer("00");
const [passport, card] = [printableString("P"), printableString("ID")];

/** A document signer whose documentTypeList is this. */
function read(value: Uint8Array, type = "2.23.136.1.1.6.2") {
  const { documentTypeList, findings } = parseCertificate(
    buildCertificate({
      subject: name(["2.5.4.6", "UT"], ["2.5.4.3", "DS 1"]),
      extensions: extensions(
        extension("2.5.29.15", bitString(fromHex("80"), 7), true),
        extension(type, value),
      ),
    }),
  );
  return {
    types: documentTypeList?.types,
    encoding: documentTypeList?.encoding,
    findings: findings.map(({ code, message }) => `${code}: ${message}`),
  };
}

const form = (message: string) => `DOCUMENT_TYPE_LIST_FORM: documentTypeList ${message}`;

describe("documentTypeList", () => {
  const both = ["P", "ID"];
  type Row = readonly [
    what: string,
    value: Uint8Array,
    types: readonly string[],
    encoding: string,
    ...findings: string[],
  ];
  const rows: readonly Row[] = [
    ["as Doc 9303-12 has it", sequence(version, set(passport, card)), both, "standard"],
    [
      "with each type in its own SET, as in Moldova",
      sequence(version, set(passport), set(card)),
      both,
      "set-per-type",
      form("has each type in a SET of its own, expected all in one"),
    ],
    [
      "with each type in its own SET inside the SET",
      sequence(version, set(set(passport), set(card))),
      both,
      "set-per-type",
      form("has each type in a SET of its own, expected all in one"),
    ],
    [
      "as a SEQUENCE OF, as in China, Tanzania and the Philippines",
      sequence(passport, card),
      both,
      "sequence-of",
      form("is a SEQUENCE OF without a version, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "as a SET OF",
      set(passport, card),
      both,
      "set-of",
      form("is a SET OF without a version, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "as a single string, as in Oman",
      passport,
      ["P"],
      "string",
      form("is a single string, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "without its version",
      sequence(set(passport, card)),
      both,
      "other",
      form("is written in a way of its own, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "with a SEQUENCE in place of the SET",
      sequence(version, sequence(passport, card)),
      both,
      "other",
      form("is written in a way of its own, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "with the types beside the version",
      sequence(version, passport, card),
      both,
      "other",
      form("is written in a way of its own, expected a SEQUENCE of a version and a SET"),
    ],
    [
      "of version 1",
      sequence(integer("01"), set(passport)),
      ["P"],
      "standard",
      form("is of version 1, expected 0"),
    ],
    [
      "in UTF8Strings",
      sequence(version, set(utf8String("P"), utf8String("ID"))),
      both,
      "standard",
      form("holds a UTF8 STRING, expected a PrintableString"),
    ],
    [
      "with a type of three letters",
      sequence(version, set(printableString("PAS"))),
      ["PAS"],
      "standard",
      form('holds "PAS", expected one or two letters'),
    ],
    [
      "of no type",
      sequence(version, set()),
      [],
      "standard",
      "EXTENSION_EMPTY: documentTypeList names no type",
    ],
  ];
  for (const [what, value, types, encoding, ...findings] of rows) {
    test(`is read ${what}`, () => {
      assert.deepEqual(read(value), { types, encoding, findings });
    });
  }

  test("is read under its old OID, as in France", () => {
    assert.deepEqual(read(sequence(version, set(passport)), "2.23.136.1.1.4"), {
      types: ["P"],
      encoding: "standard",
      findings: [form("stands under 2.23.136.1.1.4, expected 2.23.136.1.1.6.2")],
    });
  });

  const flaws: readonly (readonly [string, Uint8Array])[] = [
    ["a single number", version],
    ["numbers", sequence(version, set(integer("01")))],
    ["an OID", sequence(version, set(oid("1.2.3")))],
    ["text outside of ASCII", sequence(version, set(tlv(0x0c, fromHex("c3a9"))))],
    ["sets in sets in sets", sequence(version, set(set(set(passport))))],
    ["something after it", concat(sequence(version, set(passport)), passport)],
    ["a version of five octets", sequence(integer("0100000000"), set(passport))],
    ["nothing", concat()],
  ];
  for (const [what, value] of flaws) {
    test(`is malformed as ${what}`, () => {
      const { types, findings } = read(value);
      assert.equal(types, undefined);
      assert.equal(findings.length, 1);
      assert.match(findings[0] ?? "", /^EXTENSION_MALFORMED/);
    });
  }
});

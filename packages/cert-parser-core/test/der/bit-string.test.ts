import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex } from "cert-parser-core";
import { decodeBitString } from "../../src/der/bit-string.ts";
import { readElement } from "../../src/der/reader.ts";

describe("decodeBitString", () => {
  const read = [
    ["030100", "", 0],
    ["030200ff", "ff", 0],
    ["03020780", "80", 7],
    ["0303040ff0", "0ff0", 4],
  ] as const;

  for (const [hex, bytes, unusedBits] of read) {
    test(`reads ${hex}`, () => {
      const der = fromHex(hex);
      assert.deepEqual(decodeBitString(der, readElement(der), "signature"), {
        bytes: fromHex(bytes),
        unusedBits,
      });
    });
  }

  const rejected = [
    ["no count of unused bits", "0300"],
    ["eight unused bits", "030208ff"],
    ["255 unused bits", "0302ffff"],
    ["unused bits of no byte", "030101"],
  ] as const;

  for (const [flaw, hex] of rejected) {
    test(`rejects ${flaw}`, () => {
      const der = fromHex(hex);
      assert.throws(() => decodeBitString(der, readElement(der), "signature"), {
        name: "CertParserError",
        code: "DER_SYNTAX",
        path: "signature",
        offset: 0,
      });
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, toHex } from "cert-parser-core";
import fc from "fast-check";
import { bitLengthAt, decodeSmallInteger } from "../../src/der/integer.ts";
import { readElement } from "../../src/der/reader.ts";
import { tlv } from "../der-writer.ts";

describe("decodeSmallInteger", () => {
  const read = [
    ["00", 0],
    ["01", 1],
    ["7f", 127],
    ["0080", 128],
    ["80", -128],
    ["ff", -1],
    ["ff7f", -129],
    ["7fffffff", 2147483647],
    ["80000000", -2147483648],
    // Not the shortest form, which DER wants: a version of a real CRL may be written so.
    ["00000001", 1],
  ] as const;

  for (const [hex, expected] of read) {
    test(`reads ${hex} as ${expected}`, () => {
      const der = tlv(0x02, fromHex(hex));
      assert.equal(decodeSmallInteger(der, readElement(der), "version"), expected);
    });
  }

  for (const hex of ["", "0080000000", "ffffffffff"]) {
    test(`rejects ${hex.length / 2} content octets`, () => {
      const der = tlv(0x02, fromHex(hex));
      assert.throws(() => decodeSmallInteger(der, readElement(der), "version"), {
        name: "CertParserError",
        code: "DER_SYNTAX",
        path: "version",
      });
    });
  }
});

describe("bitLengthAt", () => {
  const bitsOf = (content: Uint8Array) => {
    const der = tlv(0x02, content);
    return bitLengthAt(der, readElement(der));
  };
  const measured = [
    ["", 0],
    ["00", 0],
    ["000000", 0],
    ["01", 1],
    ["ff", 8],
    ["00ff", 8],
    ["0100", 9],
    ["00000800", 12],
  ] as const;

  for (const [hex, bits] of measured) {
    test(`${hex === "" ? "nothing" : hex} is ${bits} bits long`, () => {
      assert.equal(bitsOf(fromHex(hex)), bits);
    });
  }

  test("agrees with BigInt on every number", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (content) => {
        const value = BigInt(`0x${toHex(content)}`);
        assert.equal(bitsOf(content), value === 0n ? 0 : value.toString(2).length);
      }),
    );
  });
});

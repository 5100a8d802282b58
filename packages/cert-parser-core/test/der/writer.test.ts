import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { toHex } from "../../src/bytes/hex.ts";
import { readElement } from "../../src/der/reader.ts";
import { encodeElement, encodeOid, encodeUnsignedInteger } from "../../src/der/writer.ts";
import { oid } from "../der-writer.ts";

describe("an element that is written", () => {
  for (const length of [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000]) {
    test(`is read back with ${length} octets of content`, () => {
      const content = new Uint8Array(length).fill(0xa5);
      const element = encodeElement(0x04, content.subarray(0, 1), content.subarray(1));
      const read = readElement(element);
      assert.deepEqual([read.tag, read.end], [0x04, element.length]);
      assert.ok(Buffer.from(element.buffer, read.contentStart).equals(content));
    });
  }
});

describe("an INTEGER that is written", () => {
  const numbers = [
    ["", "0200"],
    ["00", "020100"],
    ["0000", "020100"],
    ["7f", "02017f"],
    ["80", "02020080"],
    ["000080", "02020080"],
    ["0100", "02020100"],
  ] as const;
  for (const [octets, expected] of numbers) {
    test(`is ${expected} for the octets ${octets || "none"}`, () => {
      assert.equal(toHex(encodeUnsignedInteger(Buffer.from(octets, "hex"))), expected);
    });
  }

  test("is that of the number, whatever the number", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 600n }), fc.nat({ max: 3 }), (number, zeros) => {
        const hex = number.toString(16);
        const octets = Buffer.from(
          "00".repeat(zeros) + hex.padStart(hex.length + (hex.length % 2), "0"),
          "hex",
        );
        const written = encodeUnsignedInteger(octets);
        const { contentStart } = readElement(written);
        assert.equal(BigInt(`0x${toHex(written.subarray(contentStart))}`), number);
        assert.ok((written[contentStart] ?? 0) < 0x80);
      }),
    );
  });
});

test("an OBJECT IDENTIFIER that is written is the one that was meant", () => {
  for (const dotted of [
    "1.2.840.113549.1.1.1",
    "1.3.132.0.34",
    "1.3.36.3.3.2.8.1.1.13",
    "2.5.29.15",
    "1.3.101.112",
  ]) {
    assert.deepEqual(encodeOid(dotted), oid(dotted));
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, fromHex } from "cert-parser-core";
import fc from "fast-check";
import {
  contentBytes,
  expectElement,
  expectEnd,
  rawBytes,
  readElement,
  unexpected,
} from "../../src/der/reader.ts";
import { Tag } from "../../src/der/tag.ts";
import { concat, tlv } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";

describe("readElement", () => {
  const rejected = [
    ["empty input", "", "DER_TRUNCATED"],
    ["a tag without a length", "30", "DER_TRUNCATED"],
    ["content past the end", "300301ff", "DER_TRUNCATED"],
    ["one byte too few", "3001", "DER_TRUNCATED"],
    ["a long length cut off after its first octet", "3082", "DER_TRUNCATED"],
    ["a long length cut off in the middle", "308201", "DER_TRUNCATED"],
    ["content past the end of a long length", "308180ff", "DER_TRUNCATED"],
    ["four gigabytes in six bytes", "3084ffffffff", "DER_TRUNCATED"],
    ["indefinite length", "30800000", "DER_SYNTAX"],
    ["a high tag number", "1f81800102", "DER_SYNTAX"],
    ["a constructed high tag number", "bf1f0102", "DER_SYNTAX"],
    ["the long form for a short length", `30817f${"00".repeat(127)}`, "DER_LENGTH"],
    ["the long form for no content", "308100", "DER_LENGTH"],
    ["a leading zero in two octets of length", `30820080${"00".repeat(128)}`, "DER_LENGTH"],
    ["a leading zero in three octets of length", `30830000ff${"00".repeat(255)}`, "DER_LENGTH"],
    ["a length of five octets", "30850000000001ff", "DER_LENGTH"],
    ["the length that X.690 reserves", `30ff${"00".repeat(130)}`, "DER_LENGTH"],
  ] as const;

  for (const [flaw, hex, code] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => readElement(fromHex(hex)), { name: "CertParserError", code, offset: 0 });
    });
  }

  const lengths = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000];
  for (const length of lengths) {
    test(`reads an element of ${length} bytes`, () => {
      const der = concat(tlv(0x04, new Uint8Array(length)), Uint8Array.of(0x05, 0x00));
      const { tag, start, contentStart, end } = readElement(der);
      assert.deepEqual(
        { tag, start, contentLength: end - contentStart, end },
        { tag: 0x04, start: 0, contentLength: length, end: der.length - 2 },
      );
    });
  }

  test("starts where it is told, and says in its error where that was", () => {
    const der = fromHex("0500040301");
    assert.equal(readElement(der, 0).end, 2);
    assert.throws(() => readElement(der, 2), { code: "DER_TRUNCATED", offset: 2 });
  });

  test("takes the end of the parent for the end of the input", () => {
    const der = fromHex("3003040201ff02");
    assert.throws(() => readElement(der, 2, 5), { code: "DER_TRUNCATED", offset: 2 });
    assert.equal(readElement(der, 2, 6).end, 6);
  });

  test("never reads outside its input and never throws anything but CertParserError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: 70 }), (bytes, start) => {
        const alone = outcomeOf(() => readElement(bytes, start));
        const amid = outcomeOf(() => readElement(amidOtherBytes(bytes), start));
        assert.equal(describeOutcome(amid), describeOutcome(alone));
        if (!(alone instanceof CertParserError)) assert.ok(alone.end <= bytes.length);
      }),
    );
  });
});

describe("expectElement", () => {
  const der = fromHex("300302010a");

  test("gives the element of the tag that was asked for", () => {
    const element = expectElement(der, 2, 5, Tag.INTEGER, "Thing.version");
    assert.deepEqual(contentBytes(der, element), fromHex("0a"));
    assert.deepEqual(rawBytes(der, element), fromHex("02010a"));
  });

  test("says what was found, what was expected, and where", () => {
    assert.throws(() => expectElement(der, 2, 5, Tag.SEQUENCE, "Thing.name"), {
      code: "DER_SYNTAX",
      message: "Thing.name is INTEGER, expected SEQUENCE",
      offset: 2,
      path: "Thing.name",
    });
  });

  test("names an element that its parent ends before", () => {
    assert.throws(() => expectElement(der, 5, 5, Tag.CONTEXT_0, "Thing.extra"), {
      code: "DER_SYNTAX",
      message: "Thing.extra is missing, expected [0]",
      offset: 5,
      path: "Thing.extra",
    });
  });

  test("writes a tag that has no name as its number", () => {
    const { message } = unexpected({ tag: 0x7e, start: 0, contentStart: 2, end: 2 }, Tag.NULL, "Thing");
    assert.equal(message, "Thing is tag 0x7e, expected NULL");
  });
});

describe("expectEnd", () => {
  test("counts the bytes that follow", () => {
    assert.doesNotThrow(() => expectEnd(7, 7, "Thing"));
    assert.throws(() => expectEnd(4, 7, "Thing"), {
      code: "DER_TRAILING_DATA",
      message: "Thing is followed by 3 more bytes",
      offset: 4,
      path: "Thing",
    });
  });
});

test("views share the memory of the input: nothing is copied", () => {
  const der = fromHex("0402abcd");
  const element = readElement(der);
  assert.equal(rawBytes(der, element).buffer, der.buffer);
  assert.equal(contentBytes(der, element).buffer, der.buffer);
});

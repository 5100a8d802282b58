import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, defaultLimits, fromHex, type Limits, toHex } from "cert-parser-core";
import fc from "fast-check";
import { type BerElement, type BerReader, createBerReader } from "../../src/der/ber.ts";
import { concat, contentOf, indefinite, octetString, sequence, tlv } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";

const constructedOctetString = 0x24;
const [most, path] = [1000, "SignedData.certificates"];

function readerOf(input: Uint8Array, limits: Partial<Limits> = {}): BerReader {
  return createBerReader(input, { ...defaultLimits, ...limits });
}

describe("read", () => {
  const rejected = [
    ["empty input", "", "DER_TRUNCATED"],
    ["content past the end", "300301ff", "DER_TRUNCATED"],
    ["a length cut off", "3082", "DER_TRUNCATED"],
    ["a length in 126 octets that are not there", "30fe01", "DER_TRUNCATED"],
    ["a length over 4 GiB", "30850100000000", "DER_LENGTH"],
    ["a tag number without an end", "1f81818181010100", "DER_SYNTAX"],
    ["a tag number that the input ends in", "1f8181", "DER_SYNTAX"],
    ["content past the end after a high tag number", "1f8180010200", "DER_TRUNCATED"],
    ["a primitive element of indefinite length", "04800000", "DER_SYNTAX"],
    ["no end-of-contents", "3080", "DER_TRUNCATED"],
    ["half an end-of-contents", "308000", "DER_TRUNCATED"],
    ["an end-of-contents for the inner element alone", "308030800000", "DER_TRUNCATED"],
  ] as const;

  for (const [flaw, hex, code] of rejected) {
    test(`rejects ${flaw}`, () => {
      const input = fromHex(hex);
      assert.throws(() => readerOf(input).read(0, input.length), { name: "CertParserError", code });
    });
  }

  const read = [
    ["definite length", "3003020100", { contentStart: 2, contentEnd: 5, end: 5 }, undefined],
    ["indefinite length", "30800201000000", { contentStart: 2, contentEnd: 5, end: 7 }, 0],
    ["no content in indefinite length", "30800000", { contentStart: 2, contentEnd: 2, end: 4 }, 0],
    [
      "a length that is not in its shortest form",
      "308103020100",
      { contentStart: 3, contentEnd: 6, end: 6 },
      0,
    ],
    ["a high tag number", "1f810102ffff", { contentStart: 4, contentEnd: 6, end: 6 }, undefined],
    [
      "a high tag number in indefinite length",
      "bf1f800201000000",
      { contentStart: 3, contentEnd: 6, end: 8 },
      0,
    ],
    ["a length with leading zeros", "308500000000030201ff", { contentStart: 7, contentEnd: 10, end: 10 }, 0],
    [
      "an indefinite element in an indefinite one",
      "3080a080040100000002010a0000",
      { contentStart: 2, contentEnd: 12, end: 14 },
      0,
    ],
    [
      "zeros inside a definite element of an indefinite one",
      "308004020000" + "0000",
      { contentStart: 2, contentEnd: 6, end: 8 },
      0,
    ],
  ] as const;

  for (const [form, hex, expected, deviation] of read) {
    test(`reads ${form}`, () => {
      const input = fromHex(hex);
      const reader = readerOf(input);
      const { contentStart, contentEnd, end } = reader.read(0, input.length);
      assert.deepEqual({ contentStart, contentEnd, end }, expected);
      assert.equal(reader.firstDeviation(), deviation);
    });
  }

  test("says where the first form stood that is not DER, whatever was read first", () => {
    const input = fromHex("30080201ff3081020500");
    const reader = readerOf(input);
    reader.read(2, input.length);
    assert.equal(reader.firstDeviation(), undefined);
    reader.read(5, input.length);
    assert.equal(reader.firstDeviation(), 5);
    reader.read(0, input.length);
    assert.equal(reader.firstDeviation(), 5);
  });

  test("never reads past the end of the parent", () => {
    const input = fromHex("3004308002010000000000");
    const reader = readerOf(input);
    const parent = reader.read(0, input.length);
    assert.throws(() => reader.children(parent, most, path), { code: "DER_TRUNCATED" });
  });
});

describe("children", () => {
  test("gives the elements between a parent's length and its end-of-contents", () => {
    const input = indefinite(0x30, tlv(0x02, Uint8Array.of(1)), indefinite(0x31), tlv(0x05));
    const reader = readerOf(input);
    const children = reader.children(reader.read(0, input.length), most, path);
    assert.deepEqual(
      children.map(({ tag, start }) => [tag, start]),
      [
        [0x02, 2],
        [0x31, 5],
        [0x05, 9],
      ],
    );
  });

  test("stops at the first element over the number that is agreed, before it is read", () => {
    const input = sequence(tlv(0x05), tlv(0x05), fromHex("30ff"));
    const reader = readerOf(input);
    const parent = reader.read(0, input.length);
    assert.throws(() => reader.children(parent, 2, path), {
      code: "LIMIT_EXCEEDED",
      message: "SignedData.certificates has over 2 elements",
      offset: 6,
      path,
    });
    assert.equal(reader.children(reader.read(2, input.length), 0, path).length, 0);
  });
});

describe("octets", () => {
  const one = Uint8Array.of(1, 2);
  const two = Uint8Array.of(3);

  test("gives a view of a string in one piece", () => {
    const input = octetString(one);
    const reader = readerOf(input);
    const octets = reader.octets(reader.read(0, input.length), "content");
    assert.deepEqual(octets, one);
    assert.equal(octets.buffer, input.buffer);
    assert.equal(reader.firstDeviation(), undefined);
  });

  test("copies pieces, short and long, and counts each once", () => {
    const pieces = [0, 1, 32, 33, 200].map((length) => octetString(new Uint8Array(length).fill(length)));
    const input = tlv(constructedOctetString, ...pieces);
    const octets = (maxElements: number) => {
      const reader = readerOf(input, { maxElements });
      const element = reader.read(0, input.length);
      return [reader.octets(element, "content"), reader.octets(element, "content")];
    };
    const expected = concat(...pieces.map(contentOf));
    assert.deepEqual(octets(11), [expected, expected]);
    assert.throws(() => octets(10), { code: "LIMIT_EXCEEDED" });
  });

  const inPieces = [
    ["two pieces", tlv(constructedOctetString, octetString(one), octetString(two)), "010203"],
    [
      "two pieces and no length",
      indefinite(constructedOctetString, octetString(one), octetString(two)),
      "010203",
    ],
    ["no piece at all", indefinite(constructedOctetString), ""],
    ["an empty piece", tlv(constructedOctetString, octetString(), octetString(two)), "03"],
    [
      "pieces of pieces",
      indefinite(
        constructedOctetString,
        tlv(constructedOctetString, octetString(one), indefinite(constructedOctetString, octetString(two))),
        octetString(one),
      ),
      "0102030102",
    ],
  ] as const;

  for (const [form, input, expected] of inPieces) {
    test(`puts together a string in ${form}`, () => {
      const reader = readerOf(input);
      assert.equal(toHex(reader.octets(reader.read(0, input.length), "content")), expected);
      assert.equal(reader.firstDeviation(), 0);
    });
  }

  test("refuses a piece that is no OCTET STRING, and says where", () => {
    const input = tlv(constructedOctetString, octetString(one), sequence());
    const reader = readerOf(input);
    assert.throws(() => reader.octets(reader.read(0, input.length), "SignedData.content"), {
      code: "DER_SYNTAX",
      message: "SignedData.content is SEQUENCE, expected OCTET STRING",
      offset: 6,
    });
  });
});

describe("limits", () => {
  test("stop elements that nest too deep", () => {
    const input = nested(11, (inner) => indefinite(0x30, inner));
    assert.throws(() => readerOf(input, { maxDepth: 9 }).read(0, input.length), { code: "LIMIT_EXCEEDED" });
    assert.equal(readerOf(input, { maxDepth: 10 }).read(0, input.length).end, input.length);
  });

  test("stop strings whose pieces nest too deep", () => {
    const input = nested(12, (inner) => tlv(constructedOctetString, inner));
    const octets = (maxDepth: number) => {
      const reader = readerOf(input, { maxDepth });
      return reader.octets(reader.read(0, input.length), "content");
    };
    assert.throws(() => octets(10), { code: "LIMIT_EXCEEDED" });
    assert.equal(octets(11).length, 0);
  });

  test("stop too many elements", () => {
    const input = indefinite(0x30, ...Array.from({ length: 20 }, () => tlv(0x05)));
    assert.throws(() => readerOf(input, { maxElements: 20 }).read(0, input.length), {
      code: "LIMIT_EXCEEDED",
    });
    assert.equal(readerOf(input, { maxElements: 21 }).read(0, input.length).end, input.length);
  });

  test("stop hostile nesting before the stack ends", () => {
    const levels = 200_000;
    const input = new Uint8Array(2 * levels);
    for (let at = 0; at < input.length; at += 2) input.set([0x30, 0x80], at);
    assert.throws(() => readerOf(input).read(0, input.length), { code: "LIMIT_EXCEEDED" });
  });

  test("are met in proportion to the input: each level of a nest is read twice, not once for each level above", () => {
    const levels = 1000;
    const input = nested(levels, (inner) => indefinite(0x30, inner));
    // Reading it costs one a level, and so does opening level after level; the square would be half a million.
    const reader = readerOf(input, { maxDepth: levels, maxElements: 3 * levels });
    let element: BerElement | undefined = reader.read(0, input.length);
    let opened = 0;
    while (element !== undefined) {
      [element] = reader.children(element, most, path);
      opened++;
    }
    assert.equal(opened, levels);
  });
});

describe("any bytes", () => {
  const anyBer = fc.letrec((tie) => ({
    element: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc
        .tuple(fc.constantFrom(0x02, 0x04, 0x05, 0x13), fc.uint8Array({ maxLength: 6 }))
        .map(([tag, value]) => tlv(tag, value)),
      fc
        .tuple(
          fc.constantFrom(0x24, 0x30, 0x31, 0xa0),
          fc.boolean(),
          fc.array(tie("element"), { maxLength: 4 }),
        )
        .map(([tag, definite, parts]) => (definite ? tlv : indefinite)(tag, ...(parts as Uint8Array[]))),
    ),
  })).element as fc.Arbitrary<Uint8Array>;

  const walk = (input: Uint8Array): number[] => {
    const reader = readerOf(input, { maxElements: 10_000 });
    const ends: number[] = [];
    const visit = (start: number): void => {
      const element = reader.read(start, input.length);
      ends.push(element.end);
      if (element.tag & 0x20) for (const child of reader.children(element, most, path)) visit(child.start);
    };
    visit(0);
    return ends;
  };

  test("well-formed BER is read to its end", () => {
    fc.assert(
      fc.property(anyBer, (input) => {
        assert.equal(walk(input)[0], input.length);
      }),
    );
  });

  test("damaged BER gives nothing but CertParserError, and no byte outside the input is read", () => {
    fc.assert(
      fc.property(anyBer, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (whole, place, byte, cut) => {
        const input = whole.slice(0, whole.length - (cut % 3));
        if (input.length > 0) input[place % input.length] = byte;
        const alone = outcomeOf(() => walk(input));
        const amid = outcomeOf(() => walk(amidOtherBytes(input)));
        assert.equal(describeOutcome(amid), describeOutcome(alone));
        if (!(alone instanceof CertParserError)) for (const end of alone) assert.ok(end <= input.length);
      }),
    );
  });
});

function nested(levels: number, wrap: (inner: Uint8Array) => Uint8Array): Uint8Array {
  let bytes = concat();
  for (let level = 0; level < levels; level++) bytes = wrap(bytes);
  return bytes;
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hexLines, integerLines } from "../../src/cli/hex-text.ts";
import { alignRows, cutList } from "../../src/cli/layout.ts";
import { tableLines } from "../../src/cli/text-table.ts";
import { wrapText } from "../../src/cli/wrap-text.ts";

describe("wrapText", () => {
  test("breaks at spaces and after commas, and indents what follows", () => {
    assert.deepEqual(wrapText("one two three", 8), ["one two", "  three"]);
    assert.deepEqual(wrapText("C=DE,O=bund,OU=bsi", 12), ["C=DE,O=bund,", "  OU=bsi"]);
  });

  test("never gives a line that is too long, and loses nothing but spaces", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 8, max: 80 }), (text, width) => {
        const lines = wrapText(text.trimStart(), width);
        assert.ok(lines.every((line) => line.length <= width));
        assert.equal(lines.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
      }),
    );
  });
});

test("alignRows breaks texts where it is given a width, and spells out control characters", () => {
  assert.equal(
    alignRows([["name", "one two a\u009bb"]], { labelWidth: 6, width: 18 }),
    "  name  one two\n          a\\u009bb\n",
  );
});

test("cutList says how many it leaves out", () => {
  assert.deepEqual(
    cutList([1, 2, 3], 2, (item) => [`item ${item}`]),
    ["item 1", "item 2", "and 1 more: use --json"],
  );
});

test("tableLines cuts cells that are too long", () => {
  assert.deepEqual(
    tableLines(
      [
        ["", "left"],
        ["n", "right"],
      ],
      [
        ["abcdefgh", "1"],
        ["b", "22"],
      ],
      6,
    ),
    ["         n", "abc...   1", "b       22"],
  );
});

describe("numbers and bytes", () => {
  const integers = [
    ["04cd", ["Serial: 1229 (0x4cd)"]],
    ["00", ["Serial: 0 (0x0)"]],
    ["", ["Serial: 0 (0x0)"]],
    ["b2", ["Serial: -78 (-0x4e)"]],
    ["0102030405060708090a", ["Serial:", "    01:02:03:04:05:06:07:08:09:0a"]],
    ["ff02030405060708090a", ["Serial: (Negative)", "    fd:fc:fb:fa:f9:f8:f7:f6:f6"]],
  ] as const;
  for (const [hex, lines] of integers) {
    test(`writes the INTEGER ${hex || "of no octets"} as OpenSSL does`, () => {
      assert.deepEqual(integerLines("Serial", hex), lines);
    });
  }

  test("breaks bytes into lines with a colon at the end of all but the last", () => {
    assert.deepEqual(hexLines("0102030405", 2), ["01:02:", "03:04:", "05"]);
  });
});

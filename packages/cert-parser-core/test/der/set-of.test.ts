import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, toHex } from "cert-parser-core";
import fc from "fast-check";
import { createBerReader } from "../../src/der/ber.ts";
import { firstOutOfOrder } from "../../src/der/set-of.ts";
import { defaultLimits } from "../../src/limits.ts";
import { octetString, set } from "../der-writer.ts";

function firstIn(bytes: Uint8Array): string | undefined {
  const reader = createBerReader(bytes, defaultLimits);
  const misplaced = firstOutOfOrder(bytes, reader.children(reader.read(0, bytes.length), 10, "SET"));
  return misplaced && toHex(bytes.subarray(misplaced.start, misplaced.end));
}

describe("the order of a SET OF", () => {
  const rows = [
    ["of nothing", "3100", undefined],
    ["of one", "3103020101", undefined],
    ["ascending", "3106020101020102", undefined],
    ["of equals", "3106020101020101", undefined],
    ["descending", "3106020102020101", "020101"],
    ["with the longer before the shorter", "3107020200ff020101", "020101"],
    ["with the higher tag before the lower", "3106040101020102", "020102"],
    ["broken twice", "3109020103020102020101", "020102"],
    ["by octets without a sign", "310602017f020180", undefined],
  ] as const;
  for (const [what, hex, misplaced] of rows) {
    test(`${what}: ${misplaced ?? "in order"}`, () => assert.equal(firstIn(fromHex(hex)), misplaced));
  }

  test("is that of the encodings in hex", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 6 }), (contents) => {
        const elements = contents.map((content) => octetString(content));
        const sorted = elements.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1));
        assert.equal(firstIn(set(...sorted)), undefined);
        const isSorted = elements.every((element, index) => {
          const before = elements[index - 1];
          return before === undefined || toHex(before) <= toHex(element);
        });
        assert.equal(firstIn(set(...elements)) === undefined, isSorted);
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});

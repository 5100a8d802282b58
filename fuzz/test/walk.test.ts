import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokenPromise, walk } from "../walk.ts";

const surroundings = new Uint8Array(16);
const input = surroundings.subarray(4, 12);

describe("what a result must not be", () => {
  const broken = [
    ["a view that begins before its input", { der: surroundings.subarray(3, 6) }],
    ["a view that ends behind its input", [{ list: [surroundings.subarray(8, 13)] }]],
    ["a date that is none", { notBefore: new Date(Number.NaN) }],
    ["a number that is none", { offset: Number.NaN }],
    ["a finding without a clause", { code: "TIME_FORM", message: "a time", offset: 1, clause: "" }],
    ["a finding before the input", { code: "TIME_FORM", message: "a time", offset: -1, clause: "RFC 5280" }],
    [
      "any of it behind a getter",
      new (class {
        get der() {
          return surroundings;
        }
      })(),
    ],
  ] as const;

  for (const [what, result] of broken) {
    test(`is told: ${what}`, () => {
      assert.throws(() => walk(result, input), BrokenPromise);
    });
  }
});

test("a result that keeps its promises is visited to its end", () => {
  const finding = { code: "TIME_FORM", message: "a time", offset: 1, clause: "RFC 5280, 4.1.2.5" };
  const result = {
    der: input.subarray(2),
    entries: new Set([1, 2, 3]),
    notBefore: new Date(0),
    findings: [finding],
  };
  assert.equal(walk(result, input), 13);
});

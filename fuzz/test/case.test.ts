import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createCase } from "../case.ts";
import { readSeeds } from "../seeds.ts";
import { targets } from "../targets.ts";

const seeds = readSeeds();
const names = Object.keys(targets);
const cases = Array.from({ length: 500 }, (_, index) => createCase(7, index, seeds, names));

describe("a case", () => {
  test("is the same each time that its numbers are given", () => {
    for (const [index, made] of cases.entries()) assert.deepEqual(createCase(7, index, seeds, names), made);
  });

  test("differs from that of another number, and of another seed", () => {
    const distinct = new Set(cases.map(({ bytes }) => Buffer.from(bytes).toString("base64")));
    assert.ok(distinct.size > 480, `${distinct.size} of ${cases.length} differ`);
    assert.notDeepEqual(createCase(8, 0, seeds, names), cases[0]);
  });

  test("is short, whatever the file was that it began as", () => {
    for (const { bytes } of cases) assert.ok(bytes.length <= 65_536);
  });

  test("comes to every target", () => {
    assert.deepEqual(new Set(cases.map(({ target }) => target)), new Set(names));
  });
});

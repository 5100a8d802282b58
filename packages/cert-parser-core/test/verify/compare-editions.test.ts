import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareEditions, type Edition, readBundle } from "cert-parser-core";
import { type FixtureName, readFixture } from "cert-parser-fixtures";
import { engine, makeRoot } from "../chain/csca-world.ts";
import { listBytes, makeWorld } from "./list-world.ts";

const now = new Date("2026-11-01T00:00:00Z");
const read = (name: FixtureName) => readBundle(readFixture(name));
const options = { now, engine };

describe("compareEditions", () => {
  test("of one edition with itself finds no difference", async () => {
    const world = await read("world.ml");
    const { added, removed, byCountry, newPublishers, lostCountries, lostIssuers } = await compareEditions(
      world,
      world,
      options,
    );
    assert.deepEqual(
      [added, removed, byCountry, newPublishers, lostCountries, lostIssuers].map(({ length }) => length),
      [0, 0, 0, 0, 0, 0],
    );
  });

  test("tells a rollover of the publisher from another publisher", async () => {
    const [before, after] = [await read("rollover-before.ml"), await read("rollover-after.ml")];
    const rolled = await compareEditions(before, after, options);
    assert.deepEqual(
      rolled.newPublishers.map(({ rollover }) => rollover?.links.length),
      [1],
    );
    const other = await compareEditions(before, await readBundle(listBytes(makeWorld())), options);
    assert.deepEqual(
      other.newPublishers.map(({ rollover }) => rollover),
      [null],
    );
  });

  test("takes what a store holds for the old side, as far as it has the certificates", async () => {
    const root = makeRoot();
    const world = { ...makeWorld(), root };
    const bundle = await readBundle(listBytes(world));
    const [first] = bundle.objects[0]?.certificates ?? [];
    const held: Edition = {
      certificates: [root.certificate],
      furtherDigests: new Set(["00".repeat(32), first?.sha256 ?? ""]),
      signingTime: null,
      publishers: [],
    };
    const { removed, removedDigests, added } = await compareEditions(held, bundle, options);
    assert.deepEqual([removed.length, removedDigests], [0, ["00".repeat(32)]]);
    assert.ok(added.every(({ sha256 }) => sha256 !== first?.sha256));
  });
});

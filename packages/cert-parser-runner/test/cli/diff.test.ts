import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type FixtureName, fixtureUrl, readFixture, readManifest } from "cert-parser-fixtures";
import { runCli } from "./run-cli.ts";

const path = (name: FixtureName) => fileURLToPath(fixtureUrl(name));
const listed = (name: FixtureName) =>
  new Set(readManifest().files.find((file) => file.name === name)?.list?.listed ?? []);

async function diff(before: FixtureName, after: FixtureName) {
  const { code, stdout, stderr } = await runCli(["diff", path(before), path(after), "--json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

describe("diff", { concurrency: 2 }, () => {
  test("counts what came and what went, and by country", async () => {
    const [before, after] = [listed("world.ml"), listed("next.ml")];
    const { added, removed, byCountry, newPublishers, lostCountries } = await diff("world.ml", "next.ml");
    assert.equal(added.length, [...after].filter((name) => !before.has(name)).length);
    assert.equal(removed.length, [...before].filter((name) => !after.has(name)).length);
    const sum = (key: string) =>
      byCountry.reduce((total: number, row: Record<string, number>) => total + (row[key] ?? 0), 0);
    assert.deepEqual([sum("added"), sum("removed") + sum("removedExpired")], [added.length, removed.length]);
    assert.deepEqual([newPublishers, lostCountries], [[], []]);
  });

  test("tells which of those that went had expired when the new list was signed", async () => {
    const { removed, at } = await diff("world.ml", "shrunk.ml");
    assert.ok(removed.length > 2);
    for (const { notAfter, expired } of removed) assert.equal(expired, notAfter < at);
  });

  test("a rollover of the publisher is one, with the links that lead there", async () => {
    const { newPublishers } = await diff("rollover-before.ml", "rollover-after.ml");
    assert.equal(newPublishers.length, 1);
    assert.equal(newPublishers[0].rollover.links.length, 1);
  });

  test("another publisher is named, and links whose issuer only the old list has", async () => {
    const { newPublishers, lostIssuers, lostCountries } = await diff("world.ml", "rollover-witness.ml");
    assert.equal(newPublishers.length, 1);
    assert.equal(newPublishers[0].rollover, null);
    assert.ok(Array.isArray(lostIssuers));
    assert.ok(lostCountries.length > 10);
    assert.deepEqual(
      new Set(lostCountries.map(({ because }: { because: string }) => because)),
      new Set(["removed"]),
    );
  });

  test("people see it in 80 columns", async () => {
    const { code, stdout } = await runCli(["diff", path("world.ml"), path("next.ml")]);
    assert.equal(code, 0);
    assert.match(stdout, /publisher +the same\n/);
    assert.match(stdout, /added +5 certificates\n/);
    assert.match(stdout, /without CSCA +none\n/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80 || line.includes(".ml"), line);
  });

  test("one may come from standard input", async () => {
    const { code, stdout } = await runCli(["diff", "-", path("world.ml")], {
      input: readFixture("world.ml"),
    });
    assert.equal(code, 0);
    assert.match(stdout, /added +0 certificates\n/);
  });

  test("a file that cannot be read: exit 1", async () => {
    const { code, stderr } = await runCli(["diff", path("world.ml"), path("text.txt")]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: PARSE_ERROR /);
  });
});

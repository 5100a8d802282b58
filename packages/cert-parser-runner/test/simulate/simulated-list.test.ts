import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ObjectJudgment, parseMasterList, readBundle, toHex, trustPolicy } from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { readFixture } from "cert-parser-fixtures";
import { buildSimulatedList } from "../../src/simulate/simulated-list.ts";

// The last is past 2049, where UTCTime ends.
const days = ["2026-06-01T12:00:00Z", "2027-07-06T23:59:59Z", "2046-02-28T00:00:00Z", "2126-12-31T12:00:00Z"];

describe("the simulated list", () => {
  for (const day of days) {
    test(`is accepted by the default policy when it is the first one, on ${day}`, async () => {
      const { outcome, reasons, evidence } = await judged(new Date(day), new Date(day));
      assert.deepEqual([outcome, evidence?.level], ["accepted", "verified"]);
      assert.deepEqual(
        reasons.map(({ code }) => code),
        ["PIN_UNAPPROVED"],
      );
    });
  }

  test("waits for approval when it is half a year old, as any first list does", async () => {
    const { outcome, reasons } = await judged(new Date("2030-01-01"), new Date("2030-07-01"));
    assert.equal(outcome, "pending");
    assert.ok(reasons.some(({ code }) => code === "LIST_TOO_OLD"));
  });

  test("holds what the synthetic world list holds", async () => {
    const [made, carried] = [await buildSimulatedList(new Date()), readFixture("world.ml")];
    assert.deepEqual(parseMasterList(made).content, parseMasterList(carried).content);
  });

  test("has the same publisher and the same certificates each time, so that a restart is no rollover", async () => {
    const lists = await Promise.all(days.map((day) => buildSimulatedList(new Date(day))));
    const envelopes = lists.map((der) =>
      parseMasterList(der).envelopeCertificates.map(({ der }) => toHex(der)),
    );
    assert.equal(new Set(envelopes.map(String)).size, 1);
    assert.equal(new Set(lists.map((der) => sha256(der))).size, days.length);
  });
});

/** The judgment on a list of one day at another, by the policy of a runner without settings, on an empty store. */
async function judged(signed: Date, now: Date): Promise<ObjectJudgment> {
  const bundle = await readBundle(await buildSimulatedList(signed), { sha256 });
  const policy = trustPolicy({ mode: "pin", engine: createNodeEngine() }, { now: () => now });
  const known = {
    source: "icao-masterlist",
    listed: new Map(),
    bundleSha256: null,
    validators: { etag: null, lastModified: null },
  };
  const result = await policy.judge(bundle, known, new AbortController().signal);
  assert.ok(result.ok);
  const [judgment] = result.value.objects;
  assert.ok(judgment);
  return judgment;
}

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createStore, type Store } from "../../src/store/store.ts";
import { acceptedCrl, realFamily } from "./real-family.ts";
import { certificate, crl, publisher, revoked, signedSnapshot, snapshot } from "./snapshots.ts";
import { databaseKinds, emptyEverything, never, successOf, type TestDatabase } from "./test-database.ts";

const now = new Date("2026-03-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`coverage on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("is nothing at first", async () => {
      assert.deepEqual(await store.coverage(now), []);
    });

    test("counts the CSCAs that are valid, and tells whether the CRL is of the present", async () => {
      const csca = (country: string, index: number, notAfter = "2035-01-01T00:00:00Z") =>
        certificate(`${country}${index}`, { country, index, notAfter });
      const of = (country: string, nextUpdate: string | null, index: number) =>
        crl(country, [...revoked(1)], { country, nextUpdate, index });
      const given = snapshot({
        certificates: [
          csca("AA", 0),
          csca("AA", 1),
          csca("AA", 2, "2026-02-01T00:00:00Z"),
          csca("BB", 3),
          csca("CC", 4),
        ],
        crls: [of("AA", "2026-04-01T00:00:00Z", 0), of("BB", "2026-02-01T00:00:00Z", 1), of("DD", null, 2)],
      });
      successOf(await store.apply(given, never));
      assert.deepEqual(await store.coverage(now), [
        { country: "AA", validCscas: 2, crl: "fresh", nextUpdate: new Date("2026-04-01T00:00:00Z") },
        { country: "BB", validCscas: 1, crl: "stale", nextUpdate: new Date("2026-02-01T00:00:00Z") },
        { country: "CC", validCscas: 1, crl: "none", nextUpdate: null },
        // 90 days after it was issued.
        { country: "DD", validCscas: 0, crl: "fresh", nextUpdate: new Date("2026-04-01T00:00:00Z") },
      ]);
    });

    test("takes an old key's overdue CRL for renewed by that of its successor", async () => {
      const { oldRoot, newRoot, link, oldKey, newKey } = realFamily();
      const by = publisher("x", { keySha256: newKey });
      const list = { by, signingTime: now, certificates: [oldRoot, newRoot, link] };
      const overdue = acceptedCrl("1", oldKey, "2020-01-01T00:00:00Z", []);
      const fresh = acceptedCrl("2", newKey, "2026-02-01T00:00:00Z", []);
      const due = (entry: typeof fresh, nextUpdate: string) => ({
        ...entry,
        record: { ...entry.record, nextUpdate },
      });
      successOf(await store.apply(signedSnapshot([list]), never));
      const crls = [due(overdue, "2020-04-01T00:00:00Z")];
      successOf(await store.apply(snapshot({ source: "pkd", bundle: "1", crls }), never));
      assert.equal((await store.coverage(now))[0]?.crl, "stale");
      assert.deepEqual(
        (await store.statistics(now)).crls.earliestNextUpdate,
        new Date("2020-04-01T00:00:00Z"),
      );
      const both = [...crls, due(fresh, "2026-05-01T00:00:00Z")];
      successOf(await store.apply(snapshot({ source: "pkd", bundle: "2", crls: both }), never));
      assert.equal((await store.coverage(now))[0]?.crl, "fresh");
      const statistics = await store.statistics(now);
      assert.deepEqual(statistics.crls.earliestNextUpdate, new Date("2026-05-01T00:00:00Z"));
      assert.equal(statistics.crls.count, 2);
    });
  });
}

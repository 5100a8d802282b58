import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Snapshot } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { acceptedCrl, realFamily } from "./real-family.ts";
import { certificate, publisher, type SnapshotParts, signedSnapshot, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  report,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`sources on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const { oldRoot, newRoot, link, oldKey } = realFamily();
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const by = publisher("x", { keySha256: oldKey });
    const listOf = (parts: SnapshotParts) =>
      signedSnapshot([{ by, signingTime: january, certificates: [oldRoot, newRoot, link] }], {
        observedAt: january,
        validators: { etag: '"1"', lastModified: null },
        policy: "p",
        ...parts,
      });
    const loose = certificate("dsc", { role: "dsc", foundIn: "file" });

    before(async () => {
      context = await start();
      store = createStore(context.database, { now: () => march });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("are listed with what they give now, and a new name is noted", async () => {
      await apply(listOf({ source: "de" }));
      await apply(snapshot({ source: "file", bundle: "file", observedAt: february, certificates: [loose] }));
      const used = { crls: 0, removed: null };
      assert.deepEqual(await store.sources(), [
        {
          ...used,
          name: "de",
          firstSeen: january,
          lastSeen: january,
          editions: 1,
          currentEditions: 1,
          holdings: 0,
        },
        {
          ...used,
          name: "file",
          firstSeen: february,
          lastSeen: february,
          editions: 0,
          currentEditions: 0,
          holdings: 1,
        },
      ]);
      const added = (await store.trustEvents()).filter(({ kind: what }) => what === "source-added");
      assert.deepEqual(added.map(({ source }) => source).toSorted(), ["de", "file"]);
    });

    test("one that is removed lists nothing more; nothing is deleted, and its CRLs keep their effect", async () => {
      const given = acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [link]);
      await apply(listOf({ source: "typo", certificates: [loose], crls: [given] }));
      await apply(listOf({ source: "de", bundle: "de" }));
      assert.equal((await rows("select from certs.root_ca")).length, 2);

      const removal = { source: "typo", by: "anna", reason: "misspelled" };
      const removed = await store.removeSource(removal);
      assert.deepEqual(removed.removed, { at: march, by: "anna", reason: "misspelled" });
      assert.deepEqual(
        [removed.editions, removed.currentEditions, removed.holdings, removed.crls],
        [1, 0, 0, 0],
      );
      assert.deepEqual(await rows("select distinct source from certs.listings where until is null"), [
        { source: "de" },
      ]);
      assert.equal((await rows("select from certs.listings where source = 'typo'")).length, 4);
      assert.equal((await rows("select from certs.root_ca")).length, 2);
      assert.equal((await rows("select from certs.crls")).length, 1);
      const { sources } = await store.overview();
      assert.equal(sources.find(({ source }) => source === "typo")?.bundle, null);
      assert.deepEqual(
        (await store.statistics(march)).sources.map(({ source }) => source),
        ["de"],
      );
      await assert.rejects(store.removeSource(removal), { code: "SOURCE_UNKNOWN" });
      await assert.rejects(store.removeSource({ ...removal, source: "other" }), { code: "SOURCE_UNKNOWN" });
      const kinds = (await store.trustEvents()).map(({ kind: what, by: who }) => `${what} ${who}`);
      assert.ok(kinds.includes("source-removal anna"));
      assert.ok(kinds.includes("crl-dropped null"));
    });

    test("one that is removed is asked for all again, and comes back with what it gives", async () => {
      await apply(listOf({ source: "de" }));
      await store.removeSource({ source: "de", by: "anna", reason: "by mistake" });
      const known = successOf(await store.known("de", never));
      assert.deepEqual(known.validators, { etag: null, lastModified: null });
      assert.deepEqual([known.policy, known.listed.size], [null, 0]);
      assert.deepEqual(await apply(listOf({ source: "de" })), report({ added: 3 }));
      assert.equal((await store.sources())[0]?.removed, null);
      assert.equal((await rows("select from certs.root_ca")).length, 3);
    });

    test("a bundle is stale once what it was judged by has changed, and only then", async () => {
      const isStale = async () => successOf(await store.known("file", never)).isStale;
      assert.equal(await isStale(), false);
      await apply(snapshot({ source: "file", certificates: [loose] }));
      assert.equal(await isStale(), false);
      await apply(listOf({ source: "de", bundle: "de" }));
      assert.equal(await isStale(), true);
      await apply(snapshot({ source: "file", certificates: [loose] }));
      await apply(listOf({ source: "de", bundle: "de" }));
      assert.equal(await isStale(), false);
    });

    test("a directory keeps the highest version that was accepted, unless an operator released a lower one", async () => {
      const version = async () => successOf(await store.known("pkd", never)).trust?.directoryVersion;
      const directory = (versions: readonly number[], parts: SnapshotParts = {}) => {
        const directories = [{ records: 1, isDelta: false, versions, changes: [] }];
        const certificates = [{ ...loose, level: "verified" as const }];
        return apply(snapshot({ source: "pkd", bundle: `${versions}`, certificates, directories, ...parts }));
      };
      const verified = { outcome: "accepted" as const, reasons: [], objects: [] };
      await directory([7], { judgment: verified });
      await directory([5], { judgment: verified });
      assert.equal(await version(), 7);
      const disputed = { code: "PKD_VERSION_JUMP", weight: "pending", message: "far ahead" } as const;
      await directory([9999], { judgment: { ...verified, outcome: "partial", reasons: [disputed] } });
      assert.equal(await version(), 7);
      await directory([3], { judgment: verified, release: { by: "anna", reason: "reset" } });
      assert.equal(await version(), 3);
    });
  });
}

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { QuarantineEntry } from "cert-parser-core";
import { type KeptBundle, surplusOf } from "../../src/store/quarantine-limits.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificates, digestOf, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

describe("what goes if there is too much", () => {
  const names = (kept: readonly KeptBundle[]) => kept.map(({ sha256 }) => sha256);
  const kept = (source: string, sha256: string, outcome: KeptBundle["outcome"], size = 1): KeptBundle => ({
    source,
    sha256,
    outcome,
    size,
  });

  test("nothing within the limits", () => {
    const bundles = [kept("a", "1", "refused"), kept("a", "2", "pending")];
    assert.deepEqual(surplusOf(bundles, { maxBundles: 2, maxBytes: 2 }), []);
  });

  test("refused ones before those that wait, however old", () => {
    const bundles = [kept("a", "1", "pending"), kept("b", "2", "refused"), kept("b", "3", "refused")];
    assert.deepEqual(names(surplusOf(bundles, { maxBundles: 1, maxBytes: 9 })), ["2", "3"]);
  });

  test("the oldest of the source that has most", () => {
    const bundles = [
      kept("a", "1", "pending"),
      kept("b", "2", "pending"),
      kept("b", "3", "pending"),
      kept("b", "4", "pending"),
    ];
    assert.deepEqual(names(surplusOf(bundles, { maxBundles: 2, maxBytes: 9 })), ["2", "3"]);
  });

  test("by bytes, of the source that has most of them", () => {
    const bundles = [
      kept("a", "1", "pending", 3),
      kept("a", "2", "pending", 3),
      kept("b", "3", "pending", 9),
    ];
    assert.deepEqual(names(surplusOf(bundles, { maxBundles: 9, maxBytes: 8 })), ["3"]);
  });
});

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`the quarantine on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const put = async (entry: QuarantineEntry) => successOf(await store.quarantine(entry, never));
    const held = async () => (await store.quarantined()).map(({ source, sha256 }) => [source, sha256]);

    function entryOf(name: string, parts: Partial<QuarantineEntry> = {}): QuarantineEntry {
      const { bundle, executionId, source, trigger } = snapshot({ bundle: name });
      const reason = { code: "PUBLISHER_UNKNOWN", weight: "pending", message: "unknown" } as const;
      const judgment = {
        outcome: "pending",
        reasons: [],
        objects: [{ outcome: "pending", reasons: [reason] }],
      } as const;
      const run = { executionId, source, trigger, observedAt: january };
      return { ...run, bundle, outcome: "pending", judgment, ...parts };
    }

    before(async () => {
      context = await start();
      const quarantine = { maxBundles: 3, maxBytes: 2_000 };
      store = createStore(context.database, { quarantine, now: () => march });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("keeps a bundle with its judgment, and counts how often it came", async () => {
      await put(entryOf("one"));
      await put(entryOf("one", { observedAt: february, outcome: "refused" }));
      const [bundle, ...others] = await store.quarantined();
      assert.equal(others.length, 0);
      assert.deepEqual(
        [bundle?.outcome, bundle?.timesSeen, bundle?.firstSeen, bundle?.lastSeen, bundle?.isHeld],
        ["refused", 2, january, february, true],
      );
      assert.deepEqual(bundle?.judgment, entryOf("one").judgment);
      const { bytes } = await store.quarantinedBundle(bundle?.sha256.slice(0, 16) ?? "");
      assert.deepEqual(Buffer.from(bytes), Buffer.from("bundle one"));
      const { trust } = await store.overview();
      assert.deepEqual([trust.refusedBundles, trust.pendingBundles], [1, 0]);
      assert.deepEqual(await rows("select 1 from certs.bundles"), []);
    });

    test("discards the oldest if there are too many", async () => {
      for (const [at, name] of ["one", "two", "three", "four"].entries()) {
        await put(entryOf(name, { observedAt: new Date(january.getTime() + at * 1000) }));
      }
      assert.deepEqual(
        (await held()).map(([, digest]) => digest),
        ["four", "three", "two"].map((name) => digestOf(`bundle ${name}`)),
      );
    });

    test("refused files of one source push out nothing that another waits for", async () => {
      await put(entryOf("waits", { source: "nl" }));
      for (let at = 0; at < 10; at++) {
        const observedAt = new Date(february.getTime() + at * 1000);
        await put(entryOf(`junk ${at}`, { outcome: "refused", observedAt }));
      }
      assert.ok((await held()).some(([source]) => source === "nl"));
      for (let at = 0; at < 10; at++) {
        const observedAt = new Date(march.getTime() + at * 1000);
        await put(entryOf(`flood ${at}`, { observedAt }));
      }
      assert.ok((await held()).some(([source]) => source === "nl"));
      assert.equal((await held()).length, 3);
    });

    test("counts judgments in the size", async () => {
      const message = "x".repeat(1_500);
      const reasons = [{ code: "SHRINK", weight: "refusal", message }] as const;
      const judgment = { outcome: "refused", reasons, objects: [] } as const;
      await put(entryOf("one", { judgment }));
      await put(entryOf("two", { judgment, observedAt: february }));
      assert.deepEqual(await held(), [["icao-masterlist", digestOf("bundle two")]]);
    });

    test("of a bundle that alone is too large it keeps the judgment", async () => {
      await put(entryOf("z".repeat(3_000)));
      const [bundle] = await store.quarantined();
      assert.equal(bundle?.isHeld, false);
      await assert.rejects(store.quarantinedBundle(bundle?.sha256 ?? ""), { code: "QUARANTINE_MISSING" });
    });

    test("forgets a bundle that is accepted", async () => {
      await put(entryOf("one"));
      const release = { by: "anna", reason: "by phone" };
      successOf(
        await store.apply(snapshot({ bundle: "one", certificates: certificates("a"), release }), never),
      );
      assert.deepEqual(await store.quarantined(), []);
      assert.equal((await store.trustEvents(1))[0]?.kind, "release");
    });

    test("a bundle that is discarded is kept in the log", async () => {
      await put(entryOf("one"));
      const sha256 = digestOf("bundle one");
      const decision = { sha256: sha256.slice(0, 16), source: null, by: "anna", reason: "not ours" };
      assert.equal((await store.discardQuarantined(decision)).sha256, sha256);
      assert.deepEqual(await store.quarantined(), []);
      const [event] = await store.trustEvents(1);
      assert.deepEqual(
        [event?.kind, event?.source, event?.bundleSha256, event?.by, event?.reason, event?.at],
        ["discard", "icao-masterlist", sha256, "anna", "not ours", march],
      );
      await assert.rejects(store.discardQuarantined(decision), { code: "QUARANTINE_MISSING" });
    });

    test("tells bundles apart by their source, and takes no short digest", async () => {
      await put(entryOf("one"));
      await put(entryOf("one", { source: "nl" }));
      const digest = digestOf("bundle one");
      await assert.rejects(store.quarantinedBundle(digest), { code: "QUARANTINE_AMBIGUOUS" });
      assert.equal((await store.quarantinedBundle(digest, "nl")).source, "nl");
      for (const short of ["", digest.slice(0, 15), "0".repeat(16)]) {
        await assert.rejects(store.quarantinedBundle(short), { code: "QUARANTINE_MISSING" });
      }
    });

    test("a judgment without end is kept without its steps", async () => {
      const step = { name: "x", outcome: "passed", code: null, clause: "", message: "y".repeat(10_000) };
      const object = {
        outcome: "refused",
        reasons: [{ code: "SHRINK", weight: "refusal", message: "why" }],
        evidence: {
          level: "verified",
          signingTime: null,
          publisher: null,
          edition: null,
          steps: Array.from({ length: 200 }, () => step),
          certificates: new Map(),
          crls: new Map(),
        },
      };
      const judgment = { outcome: "refused", reasons: [], objects: [object] };
      const roomy = createStore(context.database);
      const entry = { ...entryOf("one"), judgment, outcome: "refused" } as unknown as QuarantineEntry;
      successOf(await roomy.quarantine(entry, never));
      const [bundle] = await store.quarantined();
      assert.equal(bundle?.judgment.objects[0]?.steps, undefined);
      assert.equal(bundle?.judgment.objects[0]?.reasons[0]?.message, "why");
    });
  });
}

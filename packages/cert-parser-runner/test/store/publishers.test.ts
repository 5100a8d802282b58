import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { JudgedPublisher, Snapshot } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { realFamily } from "./real-family.ts";
import { digestOf, judged, publisher, type SnapshotParts, signedSnapshot, snapshot } from "./snapshots.ts";
import { databaseKinds, emptyEverything, never, successOf, type TestDatabase } from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`publishers on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const known = async (source = "icao-masterlist") => {
      const { trust, ...rest } = successOf(await store.known(source, never));
      assert.ok(trust);
      return { ...rest, trust };
    };
    const pins = async () =>
      (await store.publishers()).map(
        ({ source, subject, state }) => `${source} ${subject.slice(3, 4)} ${state}`,
      );
    const events = async () =>
      (await store.trustEvents())
        .toReversed()
        .filter(({ kind: what }) => what !== "source-added")
        .map(({ kind: what, source, by }) => `${what} ${source} ${by}`);

    /** A list of publisher `a`, with its own CSCA. */
    const given = (parts: SnapshotParts = {}, fields: Partial<JudgedPublisher> = {}, signingTime = january) =>
      signedSnapshot(
        [
          {
            by: publisher("a", { contentSha256: digestOf(parts.bundle ?? "first"), ...fields }),
            signingTime,
            certificates: [judged("a")],
          },
        ],
        parts,
      );
    const waiting = (source = "icao-masterlist") => {
      const { bundle, executionId, trigger } = snapshot({ bundle: "waiting" });
      const [object] = signedSnapshot([
        { by: publisher("x", { trust: "unknown" }), signingTime: january, certificates: [] },
      ]).judgment.objects;
      assert.ok(object);
      const judgment = { outcome: "pending", reasons: [], objects: [object] } as const;
      const entry = { executionId, trigger, source, observedAt: january, bundle, judgment };
      return store.quarantine({ ...entry, outcome: "pending" }, never);
    };

    before(async () => {
      context = await start();
      store = createStore(context.database, { now: () => march });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    describe("pins", () => {
      test("a first list pins its publisher", async () => {
        await apply(given());
        const { trust } = await known();
        assert.deepEqual(trust.publishers, [
          { source: "icao-masterlist", keySha256: digestOf("key a"), state: "pinned" },
        ]);
        const [pin] = await store.publishers();
        assert.deepEqual([pin?.signingTime, pin?.bundleSha256], [january, given().bundle.sha256]);
        assert.deepEqual(await events(), ["first-use icao-masterlist null"]);
        assert.equal((await store.overview()).trust.unapprovedPins, 1);
      });

      test("every source knows the pins of the others", async () => {
        await apply(given());
        assert.deepEqual((await known("nl")).trust.publishers, (await known()).trust.publishers);
      });

      test("a later list changes nothing of the pin", async () => {
        await apply(given());
        await apply(given({ bundle: "second" }, { trust: "pin" }, february));
        const [pin] = await store.publishers();
        assert.deepEqual([pin?.state, pin?.signingTime], ["pinned", february]);
        assert.equal((await events()).length, 1);
      });

      for (const [trust, state, by] of [
        ["anchor", "approved", "TRUST_ANCHORS"],
        ["vouched", "approved", "other sources"],
        ["first-use", "pinned", undefined],
      ] as const) {
        test(`a publisher that came by ${trust} is ${state}`, async () => {
          await apply(given({}, { trust }));
          const [pin] = await store.publishers();
          assert.deepEqual([pin?.state, pin?.approved?.by], [state, by]);
        });
      }

      test("a key that was rolled over to is as much approved as the one before it", async () => {
        await apply(given());
        await store.approvePublisher({
          source: null,
          key: digestOf("key a"),
          by: "anna",
          reason: "by phone",
        });
        const renewed = {
          keySha256: digestOf("key b"),
          subject: "CN=b,C=UT",
          trust: "pin",
          rolledFrom: digestOf("key a"),
        } as const;
        await apply(given({ bundle: "second", observedAt: march }, renewed, february));
        assert.deepEqual((await pins()).toSorted(), [
          "icao-masterlist a approved",
          "icao-masterlist b approved",
        ]);
        assert.equal((await store.publishers())[1]?.approved?.by, "anna");
        assert.equal((await events()).at(-1), "rollover icao-masterlist null");
        assert.deepEqual((await store.overview()).trust.lastRollover, march);
        const [event] = await store.trustEvents(1);
        assert.deepEqual(
          [event?.keySha256, event?.previousKeySha256],
          [digestOf("key b"), digestOf("key a")],
        );
        // Seen again, it is no second rollover.
        await apply(given({ bundle: "third" }, renewed, march));
        assert.equal((await events()).length, 3);
      });

      test("a key whose successor publishes is shown as retired", async () => {
        const { oldRoot, newRoot, link, oldKey, newKey } = realFamily();
        const certificates = [oldRoot, newRoot, link];
        const by = (keySha256: string) => publisher("a", { keySha256, contentSha256: keySha256 });
        await apply(signedSnapshot([{ by: by(oldKey), signingTime: january, certificates }]));
        assert.deepEqual(await pins(), ["icao-masterlist a pinned"]);
        await apply(
          signedSnapshot([{ by: by(newKey), signingTime: february, certificates }], { bundle: "second" }),
        );
        assert.deepEqual(
          new Map((await store.publishers()).map(({ keySha256, state }) => [keySha256, state])),
          new Map([
            [oldKey, "retired"],
            [newKey, "pinned"],
          ]),
        );
      });

      test("a run without verification sets none", async () => {
        await apply(snapshot({ certificates: [judged("a", { level: "unverified" })] }));
        assert.deepEqual(await store.publishers(), []);
      });

      test("a released publisher that was unknown is approved by who released it", async () => {
        await apply(given({ release: { by: "anna", reason: "by phone" } }, { trust: "unknown" }));
        const [pin] = await store.publishers();
        assert.deepEqual([pin?.state, pin?.approved?.by], ["approved", "anna"]);
        assert.deepEqual(await events(), ["approval icao-masterlist anna", "release icao-masterlist anna"]);
      });
    });

    describe("decisions", () => {
      const decision = { source: null, key: digestOf("key a").slice(0, 16), by: "anna", reason: "by phone" };

      test("an approval is kept with who and why", async () => {
        await apply(given());
        const [changed] = await store.approvePublisher(decision);
        assert.deepEqual(changed?.approved, { at: march, by: "anna", reason: "by phone" });
        assert.deepEqual(await pins(), ["icao-masterlist a approved"]);
        assert.equal((await events()).at(-1), "approval icao-masterlist anna");
        assert.equal((await store.overview()).trust.unapprovedPins, 0);
      });

      test("a publisher whose lists are only in quarantine can be approved before the first list", async () => {
        successOf(await waiting());
        assert.deepEqual(await pins(), ["icao-masterlist x unknown"]);
        await store.approvePublisher({ ...decision, key: digestOf("key x").toUpperCase() });
        assert.deepEqual((await known()).trust.publishers, [
          { source: "icao-masterlist", keySha256: digestOf("key x"), state: "approved" },
        ]);
      });

      test("a revocation holds for every source, and has what is held judged anew", async () => {
        await apply(given({ policy: "p" }));
        assert.equal((await known()).policy, "p");
        await store.revokePublisher(decision);
        assert.deepEqual((await pins()).toSorted(), ["* a revoked", "icao-masterlist a revoked"]);
        for (const source of ["icao-masterlist", "nl"]) {
          const { decisions } = (await known(source)).trust.facts;
          assert.deepEqual(decisions.revokedKeys, new Set([digestOf("key a")]));
        }
        assert.equal((await known()).policy, null);
      });

      test("approve and revoke undo each other by the same names", async () => {
        await apply(given());
        for (const source of [null, "icao-masterlist"]) {
          await store.revokePublisher({ ...decision, source });
          assert.ok((await pins()).includes("icao-masterlist a revoked"));
          await store.approvePublisher({ ...decision, source });
          assert.deepEqual(await pins(), ["icao-masterlist a approved"]);
          assert.equal((await known()).trust.facts.decisions.revokedKeys.size, 0);
        }
      });

      test("a revocation for one source leaves the others alone", async () => {
        await apply(given());
        await apply(given({ source: "nl" }));
        await store.revokePublisher({ ...decision, source: "nl" });
        assert.deepEqual(await pins(), ["icao-masterlist a pinned", "nl a revoked"]);
        assert.equal((await known()).trust.facts.decisions.revokedKeys.size, 0);
      });

      test("a publisher that other sources know can be approved for one that only refused it, and for no unknown one", async () => {
        await apply(given());
        await apply(given({ source: "nl", bundle: "other" }, { keySha256: digestOf("key b") }));
        const [approved, ...others] = await store.approvePublisher({ ...decision, source: "nl" });
        assert.deepEqual([approved?.source, approved?.state, others], ["nl", "approved", []]);
        await assert.rejects(store.approvePublisher({ ...decision, source: "typo" }), {
          code: "PUBLISHER_UNKNOWN",
        });
      });

      test("an approval for one source does not undo a revocation for all", async () => {
        await apply(given());
        await store.revokePublisher(decision);
        await assert.rejects(store.approvePublisher({ ...decision, source: "icao-masterlist" }), {
          code: "PUBLISHER_UNKNOWN",
          message: /approve it without --source/,
        });
      });

      for (const [what, key] of [
        ["too few digits", digestOf("key a").slice(0, 15)],
        ["what is no hex", "zzzzzzzzzzzzzzzz"],
        ["a key that nobody has", "0".repeat(16)],
      ] as const) {
        test(`${what} is refused`, async () => {
          await apply(given());
          await assert.rejects(store.approvePublisher({ ...decision, key }), { code: "PUBLISHER_UNKNOWN" });
        });
      }

      test("a decision changes the revision, so that what was judged before is not applied after it", async () => {
        await apply(given());
        const { revision } = await known();
        assert.ok(revision !== undefined);
        await store.revokePublisher(decision);
        const answer = await store.apply(given({ bundle: "second", revision }, {}, february), never);
        assert.equal(answer.ok ? undefined : answer.error.reason, "STORE_CHANGED");
        assert.deepEqual((await pins()).toSorted(), ["* a revoked", "icao-masterlist a revoked"]);
      });

      test("two keys are declared to be of one CSCA, and parted again", async () => {
        const { oldRoot, newRoot, oldKey, newKey } = realFamily();
        await apply(
          signedSnapshot([{ by: publisher("a"), signingTime: january, certificates: [oldRoot, newRoot] }]),
        );
        const voices = async () => {
          const { pool } = context.database;
          const { sql } = await import("slonik");
          const found = await pool.any(sql.unsafe`select 1 from certs.key_voices`);
          return found.length;
        };
        assert.equal(await voices(), 2);
        const pair = { keys: [newKey.slice(0, 16), oldKey] as const, by: "anna", reason: "same CSCA" };
        const joined = await store.joinKeys(pair);
        assert.deepEqual(joined.keys, [oldKey, newKey].toSorted());
        assert.deepEqual(await store.joinedKeys(), [joined]);
        assert.deepEqual((await known()).trust.facts.decisions.joinedKeys, [[oldKey, newKey].toSorted()]);
        assert.equal(await voices(), 3);

        await store.partKeys(pair);
        assert.deepEqual([await store.joinedKeys(), await voices()], [[], 2]);
        await assert.rejects(store.partKeys(pair), { code: "KEY_UNKNOWN" });
        await assert.rejects(store.joinKeys({ ...pair, keys: [oldKey, oldKey] }), { code: "KEY_AMBIGUOUS" });
        await assert.rejects(store.joinKeys({ ...pair, keys: [oldKey, "0".repeat(16)] }), {
          code: "KEY_UNKNOWN",
        });
        assert.deepEqual((await events()).slice(1), ["join * anna", "part * anna"]);
      });
    });
  });
}

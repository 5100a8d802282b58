import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { rawQuery } from "../../src/store/database/raw-query.ts";
import type { FailedRun } from "../../src/store/runs.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import {
  certificate,
  crl,
  judged,
  publisher,
  rejection,
  revoked,
  sha256,
  signedSnapshot,
  signer,
  snapshot,
} from "./snapshots.ts";
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

const failed: FailedRun = {
  executionId: "failed-1",
  source: "icao-masterlist",
  trigger: "schedule",
  startedAt: february,
  finishedAt: march,
  stage: "download",
  code: "EXTERNAL_SERVICE_ERROR",
  reason: "HTTP_503",
  message: "the service answered 503",
};

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`overview on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    let now = january;

    before(async () => {
      context = await start();
      store = createStore(context.database, { now: () => now });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("is empty at first", async () => {
      assert.deepEqual(await store.overview(), {
        location: context.database.location,
        sources: [],
        counts: { certificates: 0, countries: 0, crls: 0, revoked: 0, rejections: 0 },
        trust: {
          unapprovedPins: 0,
          unverifiedCertificates: 0,
          unsignedCertificates: 0,
          revokedAuthorities: 0,
          withdrawnKeys: 0,
          refusedBundles: 0,
          pendingBundles: 0,
          lastRollover: null,
        },
      });
    });

    test("tells the database's clock, and when the latest accepted list was signed", async () => {
      const empty = await store.clock();
      assert.equal(empty.latestSigned, null);
      assert.ok(!Number.isNaN(empty.now.getTime()));
      const lists = [{ by: publisher("a"), signingTime: february, certificates: [judged("a")] }];
      successOf(await store.apply(signedSnapshot(lists), never));
      assert.deepEqual((await store.clock()).latestSigned, february);
    });

    test("counts over all sources what is listed now", async () => {
      const first = [
        certificate("a", { country: "DE" }),
        certificate("b", { country: "FR", index: 1 }),
        certificate("c", { country: null, index: 2 }),
        certificate("signer", { country: "ZZ", foundIn: "envelope" }),
      ];
      const crls = [crl("x", [...revoked(3)]), crl("y", [...revoked(4)], { index: 1 })];
      successOf(
        await store.apply(
          snapshot({ source: "de", certificates: first, crls, rejections: [rejection("r")] }),
          never,
        ),
      );
      const second = [certificate("a", { country: "DE" }), certificate("d", { country: "IT", index: 1 })];
      successOf(await store.apply(snapshot({ source: "nl", bundle: "nl", certificates: second }), never));
      assert.deepEqual((await store.overview()).counts, {
        certificates: 4,
        countries: 3,
        crls: 2,
        revoked: 7,
        rejections: 1,
      });

      const smaller = snapshot({
        source: "de",
        bundle: "de 2",
        certificates: first.slice(0, 1),
        crls: crls.slice(0, 1),
      });
      successOf(await store.apply(smaller, never));
      assert.deepEqual((await store.overview()).counts, {
        certificates: 2,
        countries: 2,
        crls: 1,
        revoked: 3,
        rejections: 0,
      });
    });

    test("tells the last accepted run and the last run apart", async () => {
      now = february;
      const given = snapshot({
        executionId: "applied-1",
        observedAt: january,
        certificates: [certificate("a")],
        signers: [signer({ signingTime: new Date("2025-12-24T00:00:00Z") })],
      });
      successOf(await store.apply(given, never));
      await store.recordFailure(failed);
      await store.recordFailure({
        ...failed,
        executionId: "failed-2",
        source: "another",
        bundleSha256: "ab".repeat(32),
      });

      const failure = {
        stage: "download",
        code: "EXTERNAL_SERVICE_ERROR",
        reason: "HTTP_503",
        message: "the service answered 503",
      };
      const run = {
        trigger: "schedule",
        startedAt: february,
        finishedAt: march,
        outcome: "failed",
        failure,
      } as const;
      const { sources } = await store.overview();
      assert.deepEqual(sources, [
        {
          source: "another",
          lastAccepted: null,
          lastRun: { ...run, executionId: "failed-2" },
          bundle: null,
          certificates: 0,
        },
        {
          source: "icao-masterlist",
          lastAccepted: {
            executionId: "applied-1",
            trigger: "manual",
            startedAt: given.startedAt,
            finishedAt: february,
            outcome: "applied",
            failure: null,
          },
          lastRun: { ...run, executionId: "failed-1" },
          bundle: {
            sha256: sha256(Buffer.from("bundle first")),
            signingTime: new Date("2025-12-24T00:00:00Z"),
            firstSeen: january,
            lastSeen: january,
          },
          certificates: 1,
        },
      ]);
    });

    test("a run that was applied is not turned into a failure", async () => {
      successOf(await store.apply(snapshot({ executionId: failed.executionId }), never));
      await store.recordFailure(failed);
      assert.deepEqual(await rowsOf(context.database, "select outcome, stage from certs.runs"), [
        { outcome: "applied", stage: null },
      ]);
    });

    test("times read the same whatever style the database writes them in", async () => {
      successOf(
        await store.apply(snapshot({ observedAt: february, certificates: [certificate("a")] }), never),
      );
      const { pool } = context.database;
      const [{ name } = { name: "" }] = await rowsOf<{ name: string }>(
        context.database,
        "select quote_ident(current_database()) as name",
      );
      await rowsOf(context.database, `alter database ${name} set datestyle to 'SQL, DMY'`);
      await rowsOf(context.database, `alter database ${name} set timezone to 'Asia/Kathmandu'`);
      try {
        const fresh = await context.another();
        const [source] = (await createStore(fresh).overview()).sources;
        assert.deepEqual(source?.bundle?.lastSeen, february);
        await pool.any(rawQuery("set timezone to 'Asia/Kathmandu'"));
        const statistics = await store.statistics(march);
        assert.deepEqual(statistics.sources[0]?.lastSeen, february);
      } finally {
        await rowsOf(context.database, `alter database ${name} reset all`);
        await pool.any(rawQuery("reset timezone"));
      }
    });

    test("ping answers", () => store.ping());
  });
}

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { FailedRun } from "../../src/store/runs.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { confirmationOf, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const beginning = new Date("2026-01-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`the log of runs on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    let now = beginning;
    const rows = (query: string) => rowsOf(context.database, query);
    const logged = () => rows("select execution_id as id, outcome from certs.runs order by execution_id");
    const totals = () => rows("select outcome, runs::int4 from certs.run_totals order by outcome");

    before(async () => {
      context = await start();
      store = createStore(context.database, { now: () => now });
      await store.migrate();
    });
    beforeEach(async () => {
      now = beginning;
      await emptyEverything(context.database);
    });
    after(() => context.stop());

    /** One run of each outcome, of two sources, a millisecond after another. */
    async function fillLog(): Promise<void> {
      for (const source of ["icao-masterlist", "nl"]) {
        now = beginning;
        const first = snapshot({ source, executionId: `${source} 1`, observedAt: now });
        successOf(await store.apply(first, never));
        now = daysLater(0, 1);
        const again = confirmationOf(first, { executionId: `${source} 2`, observedAt: now });
        successOf(await store.confirm(again, never));
        await store.recordFailure({
          ...failed,
          source,
          executionId: `${source} 3`,
          finishedAt: daysLater(0, 2),
        });
      }
    }
    const [applied, confirmed, stopped] = [
      { id: "icao-masterlist 1", outcome: "applied" },
      { id: "icao-masterlist 2", outcome: "unchanged" },
      { id: "icao-masterlist 3", outcome: "failed" },
    ];
    const ofOther = [
      { id: "nl 1", outcome: "applied" },
      { id: "nl 2", outcome: "unchanged" },
      { id: "nl 3", outcome: "failed" },
    ];

    test("keeps every run for 400 days", async () => {
      await fillLog();
      now = daysLater(400);
      successOf(await store.confirm(confirmationOf(snapshot(), { executionId: "last" }), never));
      const last = { id: "last", outcome: "unchanged" };
      assert.deepEqual(await logged(), [applied, confirmed, stopped, last, ...ofOther]);
    });

    for (const how of ["applied", "unchanged"] as const) {
      test(`loses what is older when a run of the same source is ${how}, but for those that changed it`, async () => {
        await fillLog();
        now = daysLater(400, 3);
        if (how === "applied") {
          successOf(await store.apply(snapshot({ bundle: "second", executionId: "last" }), never));
        } else {
          successOf(await store.confirm(confirmationOf(snapshot(), { executionId: "last" }), never));
        }
        assert.deepEqual(await logged(), [applied, { id: "last", outcome: how }, ...ofOther]);
      });
    }

    test("loses older failures when a run fails, and keeps the last that was accepted", async () => {
      await fillLog();
      now = daysLater(400, 3);
      await store.recordFailure({ ...failed, executionId: "last", finishedAt: now });
      assert.deepEqual(await logged(), [applied, confirmed, { id: "last", outcome: "failed" }, ...ofOther]);
      const [source] = (await store.overview()).sources;
      assert.equal(source?.lastAccepted?.executionId, confirmed?.id);
    });

    test("is counted in totals that lose nothing", async () => {
      await fillLog();
      now = daysLater(1000);
      await store.recordFailure({ ...failed, executionId: "x", finishedAt: now });
      successOf(await store.confirm(confirmationOf(snapshot(), { executionId: "y" }), never));
      assert.deepEqual(await totals(), [
        { outcome: "applied", runs: 2 },
        { outcome: "failed", runs: 3 },
        { outcome: "unchanged", runs: 3 },
      ]);
    });

    test("counts no run that was rolled back", async () => {
      const controller = new AbortController();
      const cancelling = createStore(context.database, {
        now: () => {
          controller.abort();
          return now;
        },
      });
      assert.equal((await cancelling.apply(snapshot(), controller.signal)).ok, false);
      assert.deepEqual([await logged(), await totals()], [[], []]);
    });
  });
}

function daysLater(days: number, ms = 0): Date {
  return new Date(beginning.getTime() + days * 24 * 60 * 60 * 1000 + ms);
}

const failed: FailedRun = {
  executionId: "",
  source: "icao-masterlist",
  trigger: "schedule",
  startedAt: beginning,
  finishedAt: beginning,
  stage: "download",
  code: "EXTERNAL_SERVICE_ERROR",
  reason: "HTTP_503",
  message: "the service answered 503",
};

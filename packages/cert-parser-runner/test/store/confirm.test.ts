import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type BundleDownloader, bundleParser, ok, sync, trustPolicy } from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificates, confirmationOf, crl, revoked, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  errorOf,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const finishedAt = new Date("2026-06-01T12:00:00Z");
const none = { etag: null, lastModified: null };
const validators = { etag: 'W/"é-7"', lastModified: "Mon, 01 Jun 2026 08:00:00 GMT" };

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`a source on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);

    before(async () => {
      context = await start();
      store = createStore(context.database, { lockTimeoutMs: 10_000, now: () => finishedAt });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    describe("confirm", () => {
      test("records an unchanged run", async () => {
        const held = snapshot({ certificates: certificates("a", "b") });
        const before = createStore(context.database, { now: () => held.observedAt });
        successOf(await before.apply(held, never));
        const confirmation = confirmationOf(held, { executionId: "confirmed" });
        assert.equal(successOf(await store.confirm(confirmation, never)), undefined);
        const [run] = await rows(`
        select source, trigger, outcome, stage, code, reason, message,
          (extract(epoch from started_at) * 1000)::float8 as started,
          (extract(epoch from finished_at) * 1000)::float8 as finished,
          encode(bundle_sha256, 'hex') as bundle, added, removed, unchanged, new_to_store, crls_added, revoked_added,
          rejections_added
        from certs.runs where execution_id = 'confirmed'
      `);
        assert.deepEqual(run, {
          source: "icao-masterlist",
          trigger: "schedule",
          outcome: "unchanged",
          stage: null,
          code: null,
          reason: null,
          message: null,
          started: confirmation.startedAt.getTime(),
          finished: finishedAt.getTime(),
          bundle: held.bundle.sha256,
          added: 0,
          removed: 0,
          unchanged: 2,
          new_to_store: 0,
          crls_added: 0,
          revoked_added: 0,
          rejections_added: 0,
        });
        const { sources } = await store.overview();
        assert.equal(sources[0]?.lastAccepted?.executionId, "confirmed");
        assert.deepEqual(sources[0]?.bundle?.lastSeen, confirmation.observedAt);
      });

      test("moves on when the source and its bundle were last seen, never back, and changes no other row", async () => {
        const list = { certificates: certificates("a", "b"), crls: [crl("x", [...revoked(3)])] };
        const held = snapshot(list);
        successOf(await store.apply(held, never));
        // Another source with the same bundle, and another bundle of the same source: neither is meant.
        successOf(await store.apply(snapshot({ ...list, source: "mirror" }), never));
        const others = () =>
          rows(`
          select sha256, xmin::text from certs.certificates union all
          select certificate_sha256, xmin::text from certs.holdings union all
          select sha256, xmin::text from certs.revocation_lists union all
          select sha256, xmin::text from certs.bundles union all
          select bundle_sha256, xmin::text from certs.sources where name = 'mirror' union all
          select bundle_sha256, xmin::text from certs.source_bundles where source = 'mirror'
          order by 1, 2
        `);
        const before = await others();
        const seen = () =>
          rows(`
          select (extract(epoch from source.last_seen) * 1000)::float8 as source,
            (extract(epoch from given.last_seen) * 1000)::float8 as bundle,
            (extract(epoch from source.first_seen) * 1000)::float8 as first
          from certs.sources as source join certs.source_bundles as given on given.source = source.name
          where name = 'icao-masterlist'
        `);

        const confirmation = confirmationOf(held);
        successOf(await store.confirm(confirmation, never));
        const at = confirmation.observedAt.getTime();
        const moved = [{ source: at, bundle: at, first: held.observedAt.getTime() }];
        assert.deepEqual(await seen(), moved);
        successOf(await store.confirm(confirmationOf(held, { observedAt: new Date(at - 1) }), never));
        assert.deepEqual(await seen(), moved);
        assert.deepEqual(await others(), before);
      });

      test("is refused where another bundle is held by now, or none, and leaves no trace", async () => {
        const first = snapshot({ certificates: certificates("a") });
        const second = snapshot({ bundle: "second", certificates: certificates("a", "b") });
        successOf(await store.apply(first, never));
        successOf(await store.apply(second, never));
        const before = await rows("select * from certs.sources, certs.runs order by execution_id");
        for (const confirmation of [
          confirmationOf(first),
          confirmationOf(second, { source: "never seen" }),
          confirmationOf(second, { bundleSha256: "" }),
        ]) {
          const { code, reason, message } = errorOf(await store.confirm(confirmation, never));
          assert.deepEqual([code, reason], ["DATABASE_ERROR", "BUNDLE_REPLACED"]);
          assert.match(message, /run again/);
        }
        assert.deepEqual(await rows("select * from certs.sources, certs.runs order by execution_id"), before);
      });

      test("does nothing when it is cancelled", async () => {
        const held = snapshot();
        successOf(await store.apply(held, never));
        assert.equal(
          errorOf(await store.confirm(confirmationOf(held), AbortSignal.abort())).code,
          "CANCELLED",
        );
        const controller = new AbortController();
        const cancelling = createStore(context.database, {
          now: () => {
            controller.abort();
            return finishedAt;
          },
        });
        const late = await cancelling.confirm(confirmationOf(held), controller.signal);
        assert.equal(errorOf(late).code, "CANCELLED");
        assert.deepEqual(await rows("select outcome from certs.runs"), [{ outcome: "applied" }]);
      });

      test("takes the validators that the same bytes came with this time", async () => {
        const held = snapshot({ validators });
        successOf(await store.apply(held, never));
        const newer = { etag: '"8"', lastModified: null };
        successOf(await store.confirm(confirmationOf(held, { validators: newer }), never));
        assert.deepEqual(successOf(await store.known("icao-masterlist", never)).validators, newer);
      });

      test("leaves the validators as they are where nothing came down", async () => {
        const held = snapshot({ validators });
        successOf(await store.apply(held, never));
        successOf(await store.confirm(confirmationOf(held), never));
        assert.deepEqual(successOf(await store.known("icao-masterlist", never)).validators, validators);
      });
    });

    test("is asked with what came last, and stays as it is while the service says that this is the last", async () => {
      const clock = { now: () => finishedAt };
      const asked: unknown[] = [];
      const downloader: BundleDownloader = {
        async download(_credentials, _signal, _progress, held) {
          asked.push(held);
          return ok(
            held.etag === validators.etag
              ? { modified: false }
              : { modified: true, bytes: readFixture("crl-envelope.ml"), validators },
          );
        },
      };
      const token = { acquire: async () => ok("token") };
      const ports = {
        source: { accessTokens: token, sfcTokens: token, downloader },
        parser: bundleParser(),
        policy: trustPolicy({ mode: "off" }, clock),
        store,
        clock,
      };
      for (const [outcome, added, unchanged] of [
        ["applied", 3, 0],
        ["unchanged", 0, 3],
        ["unchanged", 0, 3],
      ] as const) {
        const run = await sync(ports);
        assert.ok(run.ok);
        const { store: changes } = run.value;
        assert.deepEqual([run.value.outcome, changes.added, changes.unchanged], [outcome, added, unchanged]);
      }
      assert.deepEqual(asked, [none, validators, validators]);
      assert.deepEqual(await rows("select outcome, runs::int4 from certs.run_totals order by outcome"), [
        { outcome: "applied", runs: 1 },
        { outcome: "unchanged", runs: 2 },
      ]);
    });

    const known = async (source = "icao-masterlist") =>
      successOf(await store.known(source, never)).validators;

    describe("validators", () => {
      test("come back as they came, of each source its own", async () => {
        assert.deepEqual(await known(), none);
        successOf(await store.apply(snapshot({ validators }), never));
        const etag = { etag: '"nl"', lastModified: null };
        successOf(await store.apply(snapshot({ source: "nl", validators: etag }), never));
        assert.deepEqual(await known(), validators);
        assert.deepEqual(await known("nl"), etag);
      });

      test("are those of the last bundle, and none where it came without", async () => {
        successOf(await store.apply(snapshot({ validators }), never));
        const other = { etag: null, lastModified: "Tue, 02 Jun 2026 08:00:00 GMT" };
        successOf(await store.apply(snapshot({ bundle: "second", validators: other }), never));
        assert.deepEqual(await known(), other);
        successOf(await store.apply(snapshot({ bundle: "third" }), never));
        assert.deepEqual(await known(), none);
      });

      test("are those that came last with the same bundle", async () => {
        successOf(await store.apply(snapshot({ validators }), never));
        const other = { etag: '"moved to another server"', lastModified: null };
        successOf(await store.apply(snapshot({ validators: other }), never));
        assert.deepEqual(await known(), other);
      });

      test("are not kept where they could not be given back as they came", async () => {
        const unfit = {
          empty: "",
          "longer than any service writes": `"${"x".repeat(1023)}"`,
          "no header value": 'W/"\0"',
          "on two lines": '"a"\r\nx-injected: 1',
          "beyond Latin-1": '"\u{1f600}"',
        };
        const fit = '"fit"';
        for (const [source, value] of Object.entries(unfit)) {
          const given = { etag: value, lastModified: fit };
          successOf(await store.apply(snapshot({ source, validators: given }), never));
          assert.deepEqual(await known(source), { etag: null, lastModified: fit }, source);
          const other = { etag: fit, lastModified: value };
          successOf(await store.apply(snapshot({ source, bundle: "b", validators: other }), never));
          assert.deepEqual(await known(source), { etag: fit, lastModified: null }, source);
        }
      });

      test("that are as long as may be are kept", async () => {
        const longest = { etag: "\u00e9".repeat(1024), lastModified: null };
        successOf(await store.apply(snapshot({ validators: longest }), never));
        assert.deepEqual(await known(), longest);
      });
    });
  });
}

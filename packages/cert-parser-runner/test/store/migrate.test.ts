import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { migrateSchema } from "../../src/store/migrate.ts";
import { currentVersion, readMigrations } from "../../src/store/migration.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificates, confirmationOf, snapshot } from "./snapshots.ts";
import { databaseKinds, dropEverything, errorOf, never, rowsOf, type TestDatabase } from "./test-database.ts";

const migrations = readMigrations();
const latest = currentVersion;

test("migrations are numbered from 1 without gaps", () => {
  assert.deepEqual(
    migrations.map(({ version }) => version),
    Array.from({ length: latest }, (_, at) => at + 1),
  );
});

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`migrate on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = (query: string) => rowsOf(context.database, query);
    const wait = { timeoutMs: 10_000, signal: never };

    before(async () => {
      context = await start();
    });
    beforeEach(async () => {
      await dropEverything(context.database);
      store = createStore(context.database);
    });
    after(() => context.stop());

    test("applies all that is missing, and nothing the second time", async () => {
      assert.equal(await store.schemaVersion(), 0);
      assert.deepEqual(await store.migrate(), {
        applied: migrations.map(({ version, name }) => ({ version, name })),
        current: latest,
      });
      assert.equal(await store.schemaVersion(), latest);
      assert.deepEqual(await store.migrate(), { applied: [], current: latest });
    });

    test("goes on from where an earlier program stopped", async () => {
      await store.migrate();
      const next = {
        version: latest + 1,
        name: "next",
        statements: ["create table certs.next (id integer)"],
      };
      const { applied, current } = await migrateSchema(context.database.pool, wait, [...migrations, next]);
      assert.deepEqual([applied, current], [[{ version: latest + 1, name: "next" }], latest + 1]);
    });

    test("says of a store of a build before the first release that it is to be made anew, and leaves it", async () => {
      await rows("create schema certs");
      await rows(`create table certs.schema_migrations (version integer primary key, name text not null,
        checksum bytea not null, applied_at timestamptz not null default now())`);
      await rows(`insert into certs.schema_migrations (version, name, checksum)
        values (1, 'certificates', sha256('1')), (8, 'verified-views', sha256('8'))`);
      await rows("create table certs.listings (source text)");
      await assert.rejects(store.migrate(), {
        code: "SCHEMA_PRERELEASE",
        message: /drop schema certs cascade/,
      });
      const error = errorOf(await store.known("x", never));
      assert.deepEqual([error.code, error.reason], ["DATABASE_ERROR", "SCHEMA_PRERELEASE"]);
      await assert.rejects(store.overview(), { code: "SCHEMA_PRERELEASE" });
      assert.equal((await rows("select from certs.schema_migrations")).length, 2);
      assert.deepEqual(await rows("select * from certs.listings"), []);
    });

    test("is done once when two processes migrate at the same time", async () => {
      const other = createStore(await context.another());
      const reports = await Promise.all([store.migrate(), other.migrate()]);
      assert.deepEqual(reports.map(({ applied }) => applied.length).sort(), [0, latest]);
    });

    test("leaves nothing behind when a statement fails", async () => {
      const broken = [
        ...migrations,
        { version: latest + 1, name: "broken", statements: ["create table certs.x ()", "oops"] },
      ];
      await assert.rejects(migrateSchema(context.database.pool, wait, broken), /syntax error/);
      assert.equal(await store.schemaVersion(), 0);
      assert.deepEqual(await rows("select to_regnamespace('certs')::text as schema"), [{ schema: null }]);
    });

    test("refuses a store whose migrations read otherwise", async () => {
      await store.migrate();
      await rows(
        "update certs.schema_migrations set checksum = sha256('other') where version = 1 returning version",
      );
      await assert.rejects(store.migrate(), {
        code: "SCHEMA_CHANGED",
        message: /migration 1 \(schema\)/,
      });
    });

    test("refuses a store that a later program migrated", async () => {
      await store.migrate();
      await rows(`
        insert into certs.schema_migrations (version, name, checksum)
        values (${latest + 1}, 'later', sha256('later')) returning version
      `);
      await assert.rejects(store.migrate(), { code: "SCHEMA_TOO_NEW" });
      const error = errorOf(await store.apply(snapshot({ certificates: certificates("a") }), never));
      assert.deepEqual([error.code, error.reason], ["DATABASE_ERROR", "SCHEMA_TOO_NEW"]);
    });

    test("is asked for by every method that needs it", async () => {
      const errors = [
        errorOf(await store.known("x", never)),
        errorOf(await store.apply(snapshot(), never)),
        errorOf(await store.confirm(confirmationOf(snapshot()), never)),
      ];
      for (const { code, reason, message } of errors) {
        assert.deepEqual([code, reason], ["DATABASE_ERROR", "SCHEMA_OUTDATED"]);
        assert.match(message, /run cert-parser-runner migrate/);
      }
      await assert.rejects(store.overview(), { code: "SCHEMA_OUTDATED" });
      await assert.rejects(store.statistics(new Date()), { code: "SCHEMA_OUTDATED" });
      await store.ping();
    });

    test("stops at its signal", async () => {
      await assert.rejects(store.migrate(AbortSignal.abort()), { code: "CANCELLED" });
      assert.equal(await store.schemaVersion(), 0);
    });

    test("moves the tables of the Python predecessor out of the way, with their rows", async () => {
      await rows("create schema certs");
      await rows("create table certs.root_ca (id uuid primary key, certificate bytea not null, source text)");
      await rows("create table certs.dsc (id uuid primary key, certificate bytea not null)");
      await rows("create table certs.crls (id uuid primary key, crl bytea not null)");
      await rows(
        "create table certs.revoked_certificate_list (id uuid primary key, crl uuid references certs.crls (id))",
      );
      await rows("insert into certs.root_ca values (gen_random_uuid(), 'x', 'icao-masterlist') returning id");

      assert.equal((await store.migrate()).current, latest);
      assert.deepEqual(await rows("select source from certs_predecessor.root_ca"), [
        { source: "icao-masterlist" },
      ]);
      assert.deepEqual(await rows("select source from certs.root_ca"), [{ source: "icao-masterlist" }]);
    });

    test("documents every table, view and column", async () => {
      await store.migrate();
      assert.deepEqual(
        await rows(`
          select relname::text as name from pg_class
          where relnamespace = 'certs'::regnamespace and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null
        `),
        [],
      );
      assert.deepEqual(
        await rows(`
          select relname::text as "table", attname::text as "column"
          from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
          where relnamespace = 'certs'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'
            and col_description(attrelid, attnum) is null
        `),
        [],
      );
    });

    test("indexes every foreign key whose table grows with the lists", async () => {
      await store.migrate();
      const unindexed = await rows(`
        select conrelid::regclass::text as "table", attname::text as "column"
        from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
        where contype = 'f' and connamespace = 'certs'::regnamespace
          and not exists (select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])
        order by 1, 2
      `);
      // One row a source: a few.
      assert.deepEqual(unindexed, [{ table: "certs.sources", column: "bundle_sha256" }]);
    });
  });
}

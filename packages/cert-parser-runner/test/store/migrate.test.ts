import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { migrateSchema } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations/all.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificates, confirmationOf, snapshot } from "./snapshots.ts";
import { databaseKinds, dropEverything, errorOf, never, rowsOf, type TestDatabase } from "./test-database.ts";

const latest = migrations.length;

test("migrations are numbered from 1 without gaps", () => {
  assert.deepEqual(
    migrations.map(({ version }) => version),
    migrations.map((_, at) => at + 1),
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
      await migrateSchema(context.database.pool, wait, migrations.slice(0, 2));
      const { applied } = await store.migrate();
      assert.deepEqual(
        applied.map(({ version }) => version),
        migrations.slice(2).map(({ version }) => version),
      );
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
        "update certs.schema_migrations set checksum = sha256('other') where version = 2 returning version",
      );
      await assert.rejects(store.migrate(), {
        code: "SCHEMA_CHANGED",
        message: /migration 2 \(revocation-lists\)/,
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

    test("what an earlier program stored is unverified, and what nobody signed is no root", async () => {
      const wait = { timeoutMs: 10_000, signal: never };
      await migrateSchema(context.database.pool, wait, migrations.slice(0, 6));
      for (const [source, signers] of [
        ["signed", '[{"sid":{}}]'],
        ["unsigned", "[]"],
      ]) {
        await rows(`with bundle as (
            insert into certs.bundles (sha256, id, kind, bytes, byte_length, signers, first_seen)
            values (sha256('${source}'), gen_random_uuid(), 'master-list', '${source}', ${source?.length}, '${signers}', now())
            returning sha256
          ), source as (
            insert into certs.sources (name, bundle_sha256, master_list_issuer_since, first_seen, last_seen)
            select '${source}', sha256, now(), now(), now() from bundle
            returning name
          ), certificate as (
            insert into certs.certificates (sha256, id, der, role, version, serial_number, issuer, subject, issuer_der,
              subject_der, not_before, not_after, signature_algorithm, public_key_algorithm, predecessor_issuer,
              first_seen, last_seen, updated_at)
            select sha256('c ${source}'), gen_random_uuid(), 'c ${source}', 'csca', 3, '1', '', '', '', '', now(), now(),
              '', '', '${source}', now(), now(), now()
            returning sha256
          ) insert into certs.listings (source, certificate_sha256, found_in, position, occurrences, verdict, first_seen,
              last_seen, updated_at)
            select source.name, certificate.sha256, 'list', 0, 1, 'unchecked', now(), now(), now()
            from source, certificate`);
      }
      await store.migrate();
      assert.deepEqual(await rows("select source, level from certs.listings order by source"), [
        { source: "signed", level: "unverified" },
        { source: "unsigned", level: "unsigned" },
      ]);
      assert.deepEqual(await rows("select source from certs.root_ca"), [{ source: "signed" }]);
      assert.deepEqual(await rows("select policy from certs.sources where policy is not null"), []);
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
      // One row a source, or one a publisher: a few.
      assert.deepEqual(unindexed, [
        { table: "certs.publishers", column: "bundle_sha256" },
        { table: "certs.sources", column: "bundle_sha256" },
      ]);
    });
  });
}

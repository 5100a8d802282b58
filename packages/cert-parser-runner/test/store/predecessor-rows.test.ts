import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Snapshot } from "cert-parser-core";
import { rawQuery } from "../../src/store/database/raw-query.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificates, crl, revoked, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  dropEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

/** As the predecessor makes them, but for names that only a test would give. */
const tables = [
  `create table certs.root_ca (id uuid primary key, certificate bytea not null, subject_key_identifier text,
    authority_key_identifier text, issuer text, master_list_issuer text, x_500_issuer bytea, source text, isn text,
    updated_at timestamp)`,
  `create table certs.dsc (id uuid primary key, certificate bytea not null, subject_key_identifier text,
    authority_key_identifier text, issuer text, x_500_issuer bytea, source text, isn text, updated_at timestamp)`,
  `create table certs.crls (id uuid primary key, crl bytea not null, source text, issuer text, country text,
    updated_at timestamp)`,
  `create table certs.revoked_certificate_list (id uuid primary key, source text, country text, isn text,
    crl uuid references certs.crls (id), revocation_reason text, revocation_date timestamp, updated_at timestamp)`,
];
const views = ["root_ca", "dsc", "crls", "revoked_certificate_list"] as const;

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`the predecessor's rows and readers on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const counts = async () => {
      const found: number[] = [];
      for (const view of views) found.push((await rows(`select from certs.${view}`)).length);
      return found;
    };
    const everyRow = async (schema: string) => {
      const found = [];
      for (const view of views) found.push(await rows(`select * from ${schema}.${view} order by id`));
      return found;
    };

    before(async () => {
      context = await start();
    });
    beforeEach(async () => {
      await dropEverything(context.database);
      store = createStore(context.database);
      await rows("create schema certs");
    });
    after(() => context.stop());

    async function fillTables(): Promise<void> {
      for (const table of tables) await rows(table);
      await rows(`
        insert into certs.root_ca
        select gen_random_uuid(), decode('30030201' || lpad(to_hex(number), 2, '0'), 'hex'), 'ab', null,
          'Common Name: Ö, Country: ' || number, 'x', 'y', 'icao-masterlist', '-0x' || number,
          case when number > 1 then timestamp '2026-01-01 00:00:00.123456' end
        from generate_series(1, 600) as number
      `);
      // The same certificate twice, as it was listed.
      await rows(
        "insert into certs.root_ca select gen_random_uuid(), certificate from certs.root_ca limit 1",
      );
      await rows("insert into certs.dsc (id, certificate, isn) values (gen_random_uuid(), 'd', '0x0')");
      await rows("insert into certs.crls (id, crl, country) values (gen_random_uuid(), 'c', 'ut')");
      await rows(`
        insert into certs.revoked_certificate_list (id, isn, crl, revocation_date)
        select gen_random_uuid(), '0x' || number, crls.id, timestamp '2025-06-01' from certs.crls, generate_series(1, 3) as number
      `);
    }

    test("the views show the rows as they were, until the first signed list", async () => {
      await fillTables();
      const old = await everyRow("certs");
      await store.migrate();
      assert.deepEqual(await counts(), [601, 1, 1, 3]);
      assert.deepEqual(await everyRow("certs"), old);
      assert.equal(
        (
          await rows(
            "select from certs.revoked_certificate_list as entry join certs.crls on crls.id = entry.crl",
          )
        ).length,
        3,
      );

      await apply(snapshot({ certificates: certificates("a", "b"), crls: [crl("x", [...revoked(2)])] }));
      assert.deepEqual(await counts(), [2, 0, 1, 2]);
      assert.deepEqual(await everyRow("certs_predecessor"), old);
    });

    test("a list without a signer, and a file that is no list, take nothing away", async () => {
      await fillTables();
      await store.migrate();
      await apply(snapshot({ source: "bare", certificates: certificates("a"), signers: [] }));
      assert.deepEqual(await counts(), [601, 1, 1, 3]);

      const file = snapshot({ source: "file", bundle: "file", crls: [crl("x", [...revoked(2)])] });
      await apply({ ...file, bundle: { ...file.bundle, kind: "crl" } });
      assert.deepEqual(await counts(), [601, 1, 2, 5]);
    });

    test("the rows do not come back when the list leaves", async () => {
      await fillTables();
      await store.migrate();
      await apply(snapshot({ certificates: certificates("a") }));
      const file = snapshot({ bundle: "file", crls: [crl("x", [...revoked(2)])] });
      await apply({ ...file, bundle: { ...file.bundle, kind: "crl" } });
      assert.deepEqual(await counts(), [0, 0, 1, 2]);
    });

    test("a list that is refused, or that breaks off, takes nothing away", async () => {
      await fillTables();
      await store.migrate();
      const given = { certificates: certificates("a") };
      assert.equal((await store.apply(snapshot({ ...given, outcome: "refused" }), never)).ok, false);
      assert.equal((await store.apply(snapshot(given), AbortSignal.abort())).ok, false);
      assert.deepEqual(await counts(), [601, 1, 1, 3]);
    });

    test("the views need neither the moved tables nor the copies of their rows", async () => {
      await fillTables();
      await store.migrate();
      await rows("drop schema certs_predecessor cascade");
      assert.deepEqual(await counts(), [601, 1, 1, 3]);
      await apply(snapshot({ certificates: certificates("a") }));
      for (const view of views) await rows(`truncate certs.predecessor_${view}`);
      assert.deepEqual(await counts(), [1, 0, 0, 0]);
    });

    test("the store counts only its own", async () => {
      await fillTables();
      await store.migrate();
      const { sources, counts: counted } = await store.overview();
      assert.deepEqual(sources, []);
      assert.deepEqual(new Set(Object.values(counted)), new Set([0]));
      const statistics = await store.statistics(new Date());
      assert.deepEqual([statistics.certificates, statistics.sources], [[], []]);
      assert.equal(statistics.crls.count, 0);
    });

    test("tables with other columns, too few, too many, or of other types, migrate as well", async () => {
      await rows(`create table certs.root_ca (note text, "odd ""name" text, isn varchar(9), dropped text,
        certificate bytea, id uuid)`);
      await rows("alter table certs.root_ca drop column dropped");
      await rows("insert into certs.root_ca values ('n', 'o', '0x1', 'c', gen_random_uuid())");
      await rows("create table certs.dsc (id integer)");
      await rows("insert into certs.dsc values (1)");
      await rows("create table certs.crls (other text)");
      await rows("insert into certs.crls values ('x')");
      await store.migrate();
      assert.deepEqual(await counts(), [1, 0, 0, 0]);
      assert.deepEqual(await rows("select isn, certificate, issuer from certs.root_ca"), [
        { isn: "0x1", certificate: Buffer.from("c"), issuer: null },
      ]);
      await rows("select other from certs_predecessor.crls");
    });

    test("whoever could read a table can read the view, and nobody else", async () => {
      const suffix = randomUUID().replaceAll("-", "");
      const [reader, chief, narrow, owner, other] = ["Reader ", "chief_", "narrow_", "owner_", "other_"].map(
        (name) => name + suffix,
      ) as [string, string, string, string, string];
      const roles = [reader, chief, narrow, owner, other].map((name) => `"${name}"`);
      for (const role of roles) await rows(`create role ${role}`);
      try {
        await fillTables();
        await rows("alter table certs.root_ca add column note text");
        await rows(`grant usage on schema certs to ${roles.join(", ")}`);
        await rows(`grant all on certs.root_ca to "${reader}"`);
        await rows(`grant select on certs.root_ca to "${chief}" with grant option`);
        await rows(`grant select (id, isn, note) on certs.root_ca to "${narrow}"`);
        await rows(`grant insert, delete on certs.root_ca to "${other}"`);
        await rows("grant select on certs.dsc to public");
        await rows(`alter table certs.crls owner to "${owner}"`);
        await store.migrate();

        const may = async (role: string, privilege: string) => {
          const found: string[] = [];
          for (const view of views) {
            const [answer] = await rows<{ may: boolean }>(
              `select has_table_privilege('${role}', 'certs.${view}', '${privilege}') as may`,
            );
            if (answer?.may) found.push(view);
          }
          return found;
        };
        assert.deepEqual(await may(reader, "select"), ["root_ca", "dsc"]);
        assert.deepEqual(await may(reader, "insert"), []);
        assert.deepEqual(await may(reader, "select with grant option"), []);
        assert.deepEqual(await may(chief, "select with grant option"), ["root_ca"]);
        assert.deepEqual(await may(narrow, "select"), ["dsc"]);
        assert.deepEqual(await may(owner, "select"), ["dsc", "crls"]);
        assert.deepEqual(await may(other, "select"), ["dsc"]);
        assert.deepEqual(
          await rows(`
            select attname::text as name from pg_attribute
            where attrelid = 'certs.root_ca'::regclass and attnum > 0
              and has_column_privilege('${narrow}', attrelid, attnum, 'select')
          `),
          [{ name: "id" }, { name: "isn" }],
        );
        // Of our own tables, nothing: the views look at them in the name of their owner.
        const [copies] = await rows(
          `select has_table_privilege('${reader}', 'certs.predecessor_root_ca', 'select') as may`,
        );
        assert.deepEqual(copies, { may: false });
        await context.database.pool.transaction(async (transaction) => {
          await transaction.query(rawQuery(`set local role "${reader}"`));
          assert.equal((await transaction.any(rawQuery("select isn from certs.root_ca"))).length, 601);
        });
      } finally {
        await dropEverything(context.database);
        for (const role of roles) await rows(`drop role ${role}`);
      }
    });
  });
}

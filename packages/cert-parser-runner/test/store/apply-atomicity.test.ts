import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Snapshot } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificate, certificates, crl, revoked, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  errorOf,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`a run that does not reach its end, on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));

    before(async () => {
      context = await start();
      store = createStore(context.database, { lockTimeoutMs: 10_000 });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("leaves the store as it was when an iterable throws midway", async () => {
      await apply(snapshot({ certificates: certificates("a") }));
      const contents = await wholeStore(rows);
      const entries = (function* () {
        yield* revoked(15_000);
        throw Object.assign(new Error("entry 15,000 is broken"), { code: "DER_SYNTAX" });
      })();
      const broken = snapshot({
        bundle: "second",
        certificates: certificates("b"),
        crls: [crl("x", entries, { revokedCertificates: 15_001 })],
      });
      const { code, reason, message } = errorOf(await store.apply(broken, never));
      assert.deepEqual([code, reason, message], ["DATABASE_ERROR", "DER_SYNTAX", "entry 15,000 is broken"]);
      assert.deepEqual(await wholeStore(rows), contents);

      assert.equal((await apply(snapshot({ bundle: "second", certificates: certificates("b") }))).added, 1);
    });

    test("refuses bytes that do not have the digest they are filed under", async () => {
      const forged = { ...certificate("a"), der: Buffer.from("certificate b") };
      const error = errorOf(await store.apply(snapshot({ certificates: [forged] }), never));
      assert.deepEqual([error.code, error.reason], ["DATABASE_ERROR", "STORE_CONSTRAINT"]);
      assert.deepEqual(await rows("select from certs.bundles"), []);
    });

    test("refuses a CRL whose entries are not as many as its record says", async () => {
      const entries = revoked(3);
      for (const _ of entries) break;
      const walked = snapshot({ crls: [crl("x", entries, { revokedCertificates: 3 })] });
      assert.equal(errorOf(await store.apply(walked, never)).reason, "STORE_CONSTRAINT");
      assert.deepEqual(await rows("select from certs.revocation_lists"), []);
    });

    test("refuses a bundle that was refused", async () => {
      const error = errorOf(await store.apply(snapshot({ outcome: "refused" }), never));
      assert.deepEqual([error.code, error.reason], ["DATABASE_ERROR", "BUNDLE_REFUSED"]);
    });

    test("does nothing when it is cancelled before it begins", async () => {
      const error = errorOf(
        await store.apply(snapshot({ certificates: certificates("a") }), AbortSignal.abort()),
      );
      assert.deepEqual([error.code, error.reason], ["CANCELLED", "CANCELLED"]);
      assert.equal(errorOf(await store.known("x", AbortSignal.abort())).code, "CANCELLED");
      assert.deepEqual(await rows("select from certs.runs"), []);
    });

    for (const at of [1, 10_000, 19_999, 20_000]) {
      test(`leaves the store as it was when it is cancelled at entry ${at} of 20,000`, async () => {
        await apply(snapshot({ certificates: certificates("a") }));
        const contents = await wholeStore(rows);
        const controller = new AbortController();
        let read = 0;
        const entries = (function* () {
          for (const entry of revoked(20_000)) {
            read += 1;
            if (read === at) controller.abort();
            yield entry;
          }
        })();
        const cancelled = snapshot({
          bundle: "second",
          certificates: certificates("b"),
          crls: [crl("x", entries, { revokedCertificates: 20_000 })],
        });
        const error = errorOf(await store.apply(cancelled, controller.signal));
        assert.equal(error.code, "CANCELLED");
        assert.ok(read <= Math.ceil(at / 10_000) * 10_000, `${read} entries were read`);
        assert.deepEqual(await wholeStore(rows), contents);
      });
    }
  });
}

/** Every row of every table. */
async function wholeStore(rows: (query: string) => Promise<readonly Record<string, unknown>[]>) {
  const tables = await rows(`
    select table_name as name from information_schema.tables
    where table_schema = 'certs' and table_type = 'BASE TABLE' order by table_name
  `);
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    contents[String(name)] = await rows(
      `select row_to_json(t)::text as row from certs.${name} as t order by 1`,
    );
  }
  return contents;
}

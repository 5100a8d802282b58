import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bundleParser, type StoreReport, sync, type TrustPolicy } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { databaseKinds, report, rowsOf, successOf, type TestDatabase } from "./test-database.ts";

const corpus = join(import.meta.dirname, "../../../../../shared/corpus/master-lists");
const skip = existsSync(corpus) ? false : "the corpus of real lists is not beside this repository";

const acceptAll: TrustPolicy = {
  judge: async () => ({ ok: true, value: { outcome: "accepted", reasons: [] } }),
};

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`real lists on ${kind}`, { skip }, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = (query: string) => rowsOf(context.database, query);

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    after(() => context.stop());

    const syncFile = async (file: string, source: string): Promise<StoreReport> => {
      const read = async () => ({ ok: true, value: await readFile(join(corpus, file)) }) as const;
      const clock = { now: () => new Date() };
      const ports = { source: { read }, parser: bundleParser(), policy: acceptAll, store, clock };
      const run = await sync(ports, { source });
      if (!run.ok) throw new Error(`${run.error.code} (${run.error.reason}): ${run.error.message}`);
      return run.value.store;
    };

    test("a list, the same again, and one of another source that shares most of it", async () => {
      assert.deepEqual(await syncFile("DE_2026-01-08.ml", "de"), report({ added: 581, newToStore: 581 }));
      assert.deepEqual(await syncFile("DE_2026-01-08.ml", "de"), report({ unchanged: 581 }));
      assert.deepEqual(
        await rows(`
          select count(*)::int4 as certificates, count(distinct id)::int4 as ids,
            count(*) filter (where num_nulls(certificate, issuer, master_list_issuer, x_500_issuer, source, isn,
              updated_at, subject_key_identifier) = 0)::int4 as filled,
            min(master_list_issuer) as issuer, max(master_list_issuer) as same
          from certs.root_ca
        `),
        [
          {
            certificates: 581,
            ids: 581,
            filled: 581,
            issuer:
              "Common Name: CSCA Master List Signer, Serial Number: 0039, Organizational Unit: bsi, Organization: bund, Country: DE",
            same: "Common Name: CSCA Master List Signer, Serial Number: 0039, Organizational Unit: bsi, Organization: bund, Country: DE",
          },
        ],
      );

      const nl = await syncFile("NL_2026-03-11.ml", "nl");
      assert.equal(nl.added, 397);
      assert.ok(nl.newToStore < 397, `${nl.newToStore} of 397 were new`);
      const { counts } = await store.overview();
      assert.equal(counts.certificates, 581 + nl.newToStore);
      assert.equal(successOf(await store.known("nl", new AbortController().signal)).listed.size, 397);
      assert.equal(successOf(await store.known("de", new AbortController().signal)).listed.size, 581);
    });

    test("a list that names most certificates several times", async () => {
      const { added, unchanged } = await syncFile("HU_2018-05-31.ml", "hu");
      assert.deepEqual([added, unchanged], [150, 0]);
      assert.deepEqual(
        await rows(`
          select sum(occurrences)::int4 as certificates from certs.listings where source = 'hu' and found_in = 'list'
        `),
        [{ certificates: 378 }],
      );
    });
  });
}

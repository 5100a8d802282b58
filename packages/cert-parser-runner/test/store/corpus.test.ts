import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { bundleParser, ok, parseMasterList, type StoreReport, sync, trustPolicy } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import { predecessorMasterListIssuer } from "../../src/store/predecessor-names.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { databaseKinds, never, report, rowsOf, successOf, type TestDatabase } from "./test-database.ts";

const corpus = join(import.meta.dirname, "../../../../../shared/corpus/master-lists");
const skip = existsSync(corpus) ? false : "the corpus of real lists is not beside this repository";
// Two weeks after the German list was signed.
const clock = { now: () => new Date("2026-01-22T00:00:00Z") };

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`real lists on ${kind}`, { skip }, () => {
    let context: TestDatabase;
    let store: Store;
    let latest = clock.now();
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    after(() => context.stop());

    const syncFile = async (
      file: string,
      source: string,
      mode: "off" | "pin" = "pin",
    ): Promise<StoreReport> => {
      const read = async () => ok(new Uint8Array(await readFile(join(corpus, file))));
      const now = { now: () => new Date(Math.max(clock.now().getTime(), latest.getTime())) };
      const policy = trustPolicy({ mode, engine: createNodeEngine() }, now);
      const ports = { source: { read }, parser: bundleParser(), policy, store, clock: now };
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

      latest = new Date("2026-03-20T00:00:00Z");
      const nl = await syncFile("NL_2026-03-11.ml", "nl");
      assert.equal(nl.added, 397);
      assert.ok(nl.newToStore < 397, `${nl.newToStore} of 397 were new`);
      const { counts } = await store.overview();
      assert.equal(counts.certificates, 581 + nl.newToStore);
      assert.equal(successOf(await store.known("nl", never)).listed.size, 397);
      assert.equal(successOf(await store.known("de", never)).listed.size, 581);
    });

    test("the issuer of a list is the one that the predecessor found", async () => {
      const found = await rows<{ source: string; issuer: string }>(
        "select source, master_list_issuer as issuer from certs.editions order by source",
      );
      const expected = await Promise.all(
        Object.entries({ de: "DE_2026-01-08.ml", nl: "NL_2026-03-11.ml" }).map(async ([source, file]) => {
          const list = parseMasterList(await readFile(join(corpus, file)));
          const [first] = list.envelopeCertificates;
          return { source, issuer: first && predecessorMasterListIssuer(first.subject) };
        }),
      );
      assert.deepEqual(found, expected);
    });

    test("a list that names most certificates several times", async () => {
      const { added, unchanged } = await syncFile("HU_2018-05-31.ml", "hu", "off");
      assert.deepEqual([added, unchanged], [150, 0]);
      assert.deepEqual(
        await rows(`
          select sum(occurrences)::int4 as certificates from certs.holdings where source = 'hu' and found_in = 'list'
        `),
        [{ certificates: 378 }],
      );
    });
  });
}

/**
 * The promises of the trust model, kept by the store itself: the histories of the core's model test, through SQL.
 *
 * `STORE_MODEL_RUNS` sets how many histories, `MODEL_SEED` which.
 *
 * @module
 */

import { after, before, describe, test } from "node:test";
import { sha256 } from "cert-parser-core/node";
import type { ModelStore } from "../../../cert-parser-core/test/model/memory-store.ts";
import { playHistories } from "../../../cert-parser-core/test/model/play.ts";
import { createStore } from "../../src/store/store.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`the trust model on ${kind}`, () => {
    let context: TestDatabase;
    before(async () => {
      context = await start();
      await createStore(context.database).migrate();
    });
    after(() => context.stop());

    test("no history breaks a promise", async (testContext) => {
      const runs = Number(process.env.STORE_MODEL_RUNS ?? 10);
      await playHistories(testContext, { runs, begin: () => emptyStore(context) });
    });
  });
}

/** The store as the model looks at it: facts with every entry of a CRL, and the view as others read it. */
async function emptyStore({ database }: TestDatabase): Promise<ModelStore> {
  await emptyEverything(database);
  const store = createStore(database);
  return {
    ...store,
    async facts() {
      const { trust } = successOf(await store.known("", never));
      if (trust === undefined) throw new Error("a store without trust");
      const rows = await rowsOf<{ serial: string }>(
        database,
        "select distinct encode(serial_number, 'hex') as serial from certs.revoked_certificates",
      );
      const entries = successOf(
        await store.revocations(
          rows.map(({ serial }) => serial),
          never,
        ),
      );
      const crls = trust.facts.crls.map((crl) => ({ ...crl, revoked: entries.get(crl.sha256) ?? [] }));
      return { ...trust.facts, crls };
    },
    async rootCa() {
      const rows = await rowsOf<{ certificate: Uint8Array }>(
        database,
        "select certificate from certs.root_ca",
      );
      return new Set(rows.map(({ certificate }) => sha256(certificate)));
    },
    async approve(source, keySha256) {
      await store.approvePublisher({ source, key: keySha256, by: "an operator", reason: "known" });
    },
  };
}

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Snapshot } from "cert-parser-core";
import fc from "fast-check";
import { createStore, type Store } from "../../src/store/store.ts";
import { acceptedCrl, realFamily } from "./real-family.ts";
import { digestOf, judged, publisher, signedSnapshot, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const { oldRoot, newRoot, link, oldKey, newKey } = realFamily();
// One instant: when something came may differ, and nothing else.
const observedAt = new Date("2026-06-01T00:00:00Z");

/** Each is accepted by itself: lists of both keys of a CSCA and of another, from two sources, and CRLs. */
const facts: readonly Snapshot[] = [
  list("de", "1", oldKey, "2026-01-01T00:00:00Z", ["a", "b"]),
  list("de", "2", oldKey, "2026-02-01T00:00:00Z", ["a", "c"]),
  list("mirror", "3", newKey, "2026-01-15T00:00:00Z", ["a", "d"]),
  list("de", "4", newKey, "2026-03-01T00:00:00Z", ["d", "e"]),
  list("mirror", "5", digestOf("key of another"), "2026-02-10T00:00:00Z", ["a", "f"]),
  directory("6", acceptedCrl("6", oldKey, "2026-01-10T00:00:00Z", [link])),
  directory("7", acceptedCrl("7", newKey, "2026-02-10T00:00:00Z", [])),
  directory("8", acceptedCrl("8", oldKey, "2026-01-05T00:00:00Z", [newRoot])),
];

const state = {
  roots: `select encode(certificate, 'hex') as certificate, source, master_list_issuer from certs.root_ca order by 1`,
  crls: "select id, source, issuer from certs.crls order by id",
  revoked: "select id, isn from certs.revoked_certificate_list order by id",
  certificates: `select sha256, verdict, issuer_key_sha256, revoked_by, revocation_reason, revoked_at
    from certs.certificates order by sha256`,
  editions: `select source, publisher_key_sha256, content_sha256, signing_time, is_current from certs.editions
    order by source, publisher_key_sha256, content_sha256`,
  listings: `select source, certificate_sha256, found_in, level, publisher_key_sha256, since, until from certs.listings
    order by 1, 2, 3, 5, 6`,
  keys: "select * from certs.keys order by key_sha256",
  voices: "select * from certs.key_voices order by speaker_sha256, key_sha256",
};

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`order on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    after(() => context.stop());

    async function stateAfter(order: readonly Snapshot[]): Promise<Record<string, unknown>> {
      await emptyEverything(context.database);
      for (const given of order) successOf(await store.apply(given, never));
      const found: Record<string, unknown> = {};
      for (const [name, query] of Object.entries(state)) found[name] = await rowsOf(context.database, query);
      return found;
    }

    test("makes no difference to what is current, revoked and shown", async () => {
      const expected = await stateAfter(facts);
      assert.ok((expected.roots as readonly unknown[]).length > 3);
      assert.ok((expected.revoked as readonly unknown[]).length > 0);
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray([...facts], { minLength: facts.length }), async (order) =>
          assert.deepEqual(await stateAfter(order), expected),
        ),
        { numRuns: 8 },
      );
    });
  });
}

function list(
  source: string,
  bundle: string,
  keySha256: string,
  signingTime: string,
  names: readonly string[],
): Snapshot {
  const by = publisher("x", { keySha256, contentSha256: digestOf(bundle) });
  const certificates = [oldRoot, newRoot, link, ...names.map((name) => judged(name))];
  return signedSnapshot([{ by, signingTime: new Date(signingTime), certificates }], {
    source,
    bundle,
    observedAt,
  });
}

function directory(bundle: string, crl: Snapshot["crls"][number]): Snapshot {
  return snapshot({ source: `pkd ${bundle}`, bundle, crls: [crl], removals: "nothing", observedAt });
}

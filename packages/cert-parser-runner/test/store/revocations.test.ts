import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { CrlEntry, Snapshot } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { acceptedCrl, realFamily } from "./real-family.ts";
import { crl, crlStanding, digestOf, publisher, revoked, signedSnapshot, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`CRLs on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const family = realFamily();
    const { oldRoot, newRoot, link, oldKey, newKey } = family;
    const by = publisher("x", { keySha256: oldKey });
    const list = { by, signingTime: january, certificates: [oldRoot, newRoot, link] };
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const give = (bundle: string, ...crls: readonly CrlEntry[]) =>
      apply(snapshot({ source: "directory", bundle, crls, removals: "nothing", observedAt: february }));
    const roots = async () => (await rows("select from certs.root_ca")).length;
    const effective = async () =>
      (
        await rows<{ issuer: string }>(
          "select issuer from certs.revocation_lists where is_effective order by issuer",
        )
      ).map(({ issuer }) => issuer.slice("CN=CSCA ".length, -",C=ut".length));
    const decision = { source: null, key: oldKey.slice(0, 16), by: "anna", reason: "by phone" };

    before(async () => {
      context = await start();
      store = createStore(context.database, { now: () => march });
      await store.migrate();
    });
    beforeEach(async () => {
      await emptyEverything(context.database);
      await apply(signedSnapshot([list]));
    });
    after(() => context.stop());

    test("a root that an accepted CRL revokes leaves root_ca, and the tables say by what", async () => {
      assert.equal(await roots(), 3);
      const given = acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [oldRoot]);
      await give("1", given);
      assert.equal(await roots(), 2);
      assert.deepEqual(
        await rows(`
          select encode(sha256, 'hex') as sha256, encode(revoked_by, 'hex') as crl, revocation_reason, revoked_at
          from certs.certificates where revoked_by is not null
        `),
        [
          {
            sha256: oldRoot.record.sha256,
            crl: given.record.sha256,
            revocation_reason: "keyCompromise",
            revoked_at: new Date("2026-01-15T00:00:00Z"),
          },
        ],
      );
      assert.deepEqual(
        await rows(
          "select encode(key_sha256, 'hex') as key, encode(revoked_by, 'hex') as crl from certs.keys where is_revoked",
        ),
        [{ key: oldKey, crl: given.record.sha256 }],
      );
      assert.equal((await store.overview()).trust.revokedAuthorities, 1);
      assert.equal((await store.publishers())[0]?.revokedBy, given.record.sha256);
    });

    test("it comes back when an operator lifts that, and goes when he takes it back by the same name", async () => {
      await give("1", acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [oldRoot]));
      const [approved] = await store.approvePublisher(decision);
      assert.deepEqual(approved?.lifted, { at: march, by: "anna", reason: "by phone" });
      assert.equal(approved?.revokedBy, null);
      assert.equal(await roots(), 3);
      // Whatever CRLs say later, of this key.
      await give("2", acceptedCrl("2", oldKey, "2026-01-20T00:00:00Z", [oldRoot]));
      assert.equal(await roots(), 3);

      const changed = await store.revokePublisher(decision);
      assert.deepEqual(
        changed.map(({ source, state, lifted }) => [source, state, lifted]),
        [
          ["*", "revoked", null],
          ["icao-masterlist", "revoked", null],
        ],
      );
      // Nobody who is trusted lists them any more.
      assert.equal(await roots(), 0);
      await store.approvePublisher(decision);
      assert.equal(await roots(), 3);
      assert.deepEqual(
        (await store.trustEvents()).map(({ kind: what }) => what).filter((what) => what.startsWith("lift")),
        ["lift", "lift-ended", "lift"],
      );
    });

    test("what a CRL revokes stays until a newer one of the same key does not", async () => {
      await give("1", acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [link]));
      assert.equal(await roots(), 2);
      // A successor's CRL lifts nothing.
      await give("2", acceptedCrl("2", newKey, "2026-01-20T00:00:00Z", []));
      assert.equal(await roots(), 2);
      await give("3", acceptedCrl("3", oldKey, "2026-01-30T00:00:00Z", []));
      assert.equal(await roots(), 3);
      assert.deepEqual(await effective(), ["2", "3"]);
    });

    test("an older CRL that comes later changes nothing", async () => {
      await give("1", acceptedCrl("1", oldKey, "2026-01-20T00:00:00Z", [link]));
      await give("2", acceptedCrl("2", oldKey, "2026-01-10T00:00:00Z", []));
      assert.deepEqual([await roots(), await effective()], [2, ["1"]]);
    });

    test("a CRL that is left out keeps its effect, and that is noted once", async () => {
      const given = acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [link]);
      const directory = (bundle: string, crls: readonly CrlEntry[]) =>
        apply(snapshot({ source: "directory", bundle, crls, removals: "all", observedAt: february }));
      await directory("1", [given]);
      await directory("2", []);
      await directory("3", []);
      assert.equal(await roots(), 2);
      assert.deepEqual(await rows("select source, issuer from certs.crls"), [
        { source: "directory", issuer: "CN=CSCA 1,C=ut" },
      ]);
      assert.equal((await rows("select from certs.revoked_certificate_list")).length, 1);
      const noted = (await store.trustEvents()).filter(({ kind: what }) => what === "crl-dropped");
      assert.deepEqual(
        noted.map(({ source, crlSha256 }) => [source, crlSha256]),
        [["directory", given.record.sha256]],
      );
    });

    test("one that is replaced by a newer one is not missed", async () => {
      const directory = (bundle: string, crls: readonly CrlEntry[]) =>
        apply(snapshot({ source: "directory", bundle, crls, removals: "all" }));
      await directory("1", [acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [])]);
      await directory("2", [acceptedCrl("2", oldKey, "2026-01-20T00:00:00Z", [])]);
      const kinds = (await store.trustEvents()).map(({ kind: what }) => what);
      assert.equal(kinds.includes("crl-dropped"), false);
    });

    test("an accepted CRL stays accepted, whatever a later look finds", async () => {
      const given = acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [link]);
      await give("1", given);
      await give("2", { ...given, standing: { verdict: "refused", steps: [], issuerKeySha256: null } });
      const { standing: _, ...unchecked } = given;
      await give("3", unchecked);
      assert.deepEqual(
        await rows(
          "select verdict, encode(issuer_key_sha256, 'hex') as key, accepted_at from certs.revocation_lists",
        ),
        [{ verdict: "accepted", key: oldKey, accepted_at: february }],
      );
      assert.equal(await roots(), 2);
    });

    test("one that was refused at first can be accepted later", async () => {
      const given = acceptedCrl("1", oldKey, "2026-01-10T00:00:00Z", [link]);
      await give("1", { ...given, standing: { verdict: "refused", steps: [], issuerKeySha256: null } });
      assert.equal(await roots(), 3);
      await give("2", given);
      assert.equal(await roots(), 2);
    });

    test("crls shows what was accepted, and what nobody looked at while it is carried", async () => {
      const refused = { ...crl("refused", [...revoked(1)]), standing: crlStanding("a", "refused") };
      const accepted = { ...crl("accepted", [...revoked(2)]), standing: crlStanding("a") };
      const unchecked = crl("unchecked", [...revoked(3)]);
      const all = { source: "off", bundle: "1", crls: [refused, accepted, unchecked] };
      await apply(snapshot({ ...all, removals: "all" }));
      assert.deepEqual(await effective(), ["accepted", "unchecked"]);
      assert.equal((await rows("select from certs.revoked_certificate_list")).length, 2 + 3);
      await apply(snapshot({ source: "off", bundle: "2", removals: "all" }));
      assert.deepEqual(await effective(), ["accepted"]);
    });

    test("the policy gets what CRLs say of authorities, and of other serial numbers when it asks", async () => {
      const own = acceptedCrl("own", oldKey, "2026-01-10T00:00:00Z", [link]);
      const entries = [...own.entries, ...revoked(3)];
      const all = { ...own, entries, record: { ...own.record, revokedCertificates: entries.length } };
      await give("1", all, { ...crl("other", [...revoked(3)]), standing: crlStanding("b") });
      const { trust } = successOf(await store.known("directory", never));
      assert.deepEqual(
        trust?.facts.crls.map(({ keySha256, revoked: some }) => [keySha256, some.length]).toSorted(),
        [
          [oldKey, 1],
          [digestOf("key b"), 0],
        ].toSorted(),
      );
      assert.equal(trust?.carried.size, 0);
      const asked = successOf(await store.revocations(["02", "03", "7f"], never));
      const digests = [all.record.sha256, crl("other", [...revoked(3)]).record.sha256];
      assert.deepEqual([...asked.keys()].toSorted(), digests.toSorted());
      assert.deepEqual(
        asked.get(all.record.sha256)?.map(({ serialNumber, reason }) => [serialNumber, reason]),
        [
          ["02", "keyCompromise"],
          ["03", null],
        ],
      );
    });
  });
}

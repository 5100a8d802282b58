import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Snapshot } from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { realFamily } from "./real-family.ts";
import {
  certificate,
  certificates,
  digestOf,
  judged,
  publisher,
  signedSnapshot,
  snapshot,
} from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  never,
  report,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`editions on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const listed = async (source = "icao-masterlist") => successOf(await store.known(source, never)).listed;
    const roots = async () =>
      (
        await rows<{ subject: string }>(
          "select subject from certs.anchors join certs.certificates on sha256 = certificate_sha256 order by subject",
        )
      ).map(({ subject }) => subject.slice("CN=CSCA ".length, -",C=UT".length));
    const editions = () =>
      rows<{ source: string; signing_time: Date; is_current: boolean }>(
        "select source, signing_time, is_current from certs.editions order by signing_time, source",
      );

    /** The list that publisher `a` signed at that time. */
    const list = (signingTime: Date, names: readonly string[], by = "a") => ({
      by: publisher(by, { contentSha256: digestOf(`${by} ${names.join()}`) }),
      signingTime,
      certificates: names.map((name, index) => judged(name, {}, { index })),
    });

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    test("an accepted list is kept with its certificates, its envelope and who signed it", async () => {
      const given = list(january, ["a", "b", "a"]);
      const beside = judged("signer of a", { verdict: "link" }, { foundIn: "envelope", role: "ml-signer" });
      const first = signedSnapshot([{ ...given, certificates: [...given.certificates, beside] }]);
      assert.deepEqual(await apply(first), report({ added: 2, newToStore: 2 }));
      assert.deepEqual(
        await rows(`
          select encode(publisher_key_sha256, 'hex') as key, signing_time, encode(bundle_sha256, 'hex') as bundle, is_current,
            encode(signer_sha256, 'hex') as signer
          from certs.editions
        `),
        [
          {
            key: digestOf("key a"),
            signing_time: january,
            bundle: first.bundle.sha256,
            is_current: true,
            signer: beside.record.sha256,
          },
        ],
      );
      assert.deepEqual(
        await rows(
          "select found_in, position, occurrences from certs.edition_certificates order by found_in, position",
        ),
        [
          { found_in: "envelope", position: 0, occurrences: 1 },
          { found_in: "list", position: 0, occurrences: 2 },
          { found_in: "list", position: 1, occurrences: 1 },
        ],
      );
      const held = [...(await listed()).values()];
      assert.deepEqual(
        held.map(({ isListed, level }) => [isListed, level]),
        [
          [true, "verified"],
          [true, "verified"],
        ],
      );
      assert.deepEqual(await roots(), ["a", "b"]);
    });

    test("the same list again is the same edition, whatever envelope it comes with", async () => {
      await apply(signedSnapshot([list(january, ["a", "b"])]));
      const again = list(january, ["a", "b"]);
      const junk = certificate("junk", { foundIn: "envelope" });
      const second = signedSnapshot([{ ...again, certificates: [...again.certificates, junk] }], {
        bundle: "second",
      });
      assert.deepEqual(await apply(second), report({ unchanged: 2 }));
      assert.equal((await editions()).length, 1);
      assert.equal((await rows("select from certs.edition_certificates")).length, 2);
    });

    test("another source has its own edition of the same list", async () => {
      await apply(signedSnapshot([list(january, ["a"])]));
      await apply(signedSnapshot([list(january, ["a"])], { source: "mirror" }));
      assert.deepEqual(
        (await editions()).map(({ source, is_current }) => [source, is_current]),
        [
          ["icao-masterlist", true],
          ["mirror", true],
        ],
      );
      assert.equal((await rows("select from certs.root_ca")).length, 1);
    });

    test("a newer list takes the place of the older of its publisher, in whatever source", async () => {
      await apply(signedSnapshot([list(january, ["a", "b"])]));
      const second = signedSnapshot([list(february, ["a", "c"])], { bundle: "second" });
      assert.deepEqual(await apply(second), report({ added: 1, removed: 1, unchanged: 1, newToStore: 1 }));
      assert.deepEqual(await roots(), ["a", "c"]);
      await apply(signedSnapshot([list(march, ["a", "d"])], { source: "mirror", bundle: "third" }));
      assert.deepEqual(await roots(), ["a", "d"]);
      assert.deepEqual(
        (await editions()).map(({ is_current }) => is_current),
        [false, false, true],
      );
      assert.equal((await listed()).size, 0);
    });

    test("an older list that comes later is history", async () => {
      await apply(signedSnapshot([list(february, ["a", "c"])]));
      const older = signedSnapshot([list(january, ["a", "b"])], { bundle: "older" });
      assert.deepEqual(await apply(older), report({ unchanged: 2 }));
      assert.deepEqual(await roots(), ["a", "c"]);
      assert.deepEqual([...(await listed()).keys()].toSorted(), [
        ...["a", "c"].map((name) => certificate(name).record.sha256).toSorted(),
      ]);
    });

    test("each publisher's list replaces its own alone", async () => {
      await apply(signedSnapshot([list(january, ["a", "x"]), list(january, ["b", "y"], "b")]));
      await apply(signedSnapshot([list(february, ["a"])], { bundle: "second" }));
      assert.deepEqual(await roots(), ["a", "b", "y"]);
    });

    test("a later list of the newer key of a CSCA replaces those of the older", async () => {
      const { oldRoot, newRoot, link, oldKey, newKey } = realFamily();
      const by = (keySha256: string, content: string) =>
        publisher("x", { keySha256, contentSha256: digestOf(content) });
      const old = {
        by: by(oldKey, "old"),
        signingTime: january,
        certificates: [oldRoot, judged("kept by the old", {}, { index: 1 })],
      };
      const renewed = {
        by: by(newKey, "new"),
        signingTime: february,
        certificates: [oldRoot, newRoot, link],
      };
      await apply(signedSnapshot([renewed]));
      await apply(signedSnapshot([old], { bundle: "second" }));
      assert.equal((await rows("select from certs.root_ca")).length, 3);
      assert.deepEqual(
        (await rows("select is_retired from certs.keys where since is not null order by since")).map(
          ({ is_retired }) => is_retired,
        ),
        [true, false],
      );
      assert.deepEqual(
        (
          await rows(
            "select encode(speaker_sha256, 'hex') as speaker, encode(key_sha256, 'hex') as key from certs.key_voices",
          )
        ).filter(({ speaker, key }) => speaker !== key),
        [{ speaker: newKey, key: oldKey }],
      );
    });

    test("listings tell from when to when a certificate was listed, by signing times", async () => {
      for (const [index, [signingTime, names]] of (
        [
          [january, ["a", "b"]],
          [february, ["a", "b", "c"]],
          [march, ["a", "c"]],
        ] as const
      ).entries()) {
        await apply(signedSnapshot([list(signingTime, names)], { bundle: `${index}` }));
      }
      assert.deepEqual(
        await rows(`
          select left(subject, 9) as subject, since, until, level, encode(publisher_key_sha256, 'hex') as key
          from certs.listings join certs.certificates on sha256 = certificate_sha256 order by subject
        `),
        [
          { subject: "CN=CSCA a", since: january, until: null },
          { subject: "CN=CSCA b", since: january, until: march },
          { subject: "CN=CSCA c", since: february, until: null },
        ].map((row) => ({ ...row, level: "verified", key: digestOf("key a") })),
      );
    });

    test("what nobody verified ends once lists of the source are verified", async () => {
      await apply(snapshot({ certificates: certificates("old", "a") }));
      assert.deepEqual(await roots(), ["a", "old"]);
      await apply(signedSnapshot([list(january, ["a"])], { bundle: "verified" }));
      assert.deepEqual(await roots(), ["a"]);
      assert.equal((await store.overview()).trust.unverifiedCertificates, 0);
    });

    test("what was found of an issuer stays until another is found", async () => {
      const verdict = async () =>
        rows(
          "select verdict, encode(issuer_key_sha256, 'hex') as key, verdict_policy from certs.certificates",
        );
      const entry = (standing: Parameters<typeof judged>[1]) =>
        judged("c", { issuerKeySha256: null, ...standing }, { role: "dsc", foundIn: "ldif" });
      await apply(snapshot({ certificates: [entry({ verdict: "issuer-absent" })], policy: "1" }));
      assert.deepEqual(await verdict(), [{ verdict: "issuer-absent", key: null, verdict_policy: "1" }]);
      const found = entry({ verdict: "link", issuerKeySha256: digestOf("key a") });
      await apply(snapshot({ certificates: [found], policy: "2" }));
      const link = [{ verdict: "link", key: digestOf("key a"), verdict_policy: "2" }];
      assert.deepEqual(await verdict(), link);
      for (const later of ["issuer-absent", "signature-invalid", "unchecked"] as const) {
        await apply(snapshot({ certificates: [entry({ verdict: later })], policy: "3" }));
        assert.deepEqual(await verdict(), link, later);
      }
      // Whoever finds another key knew a better one: a second one that fits a signature may have been all that was known.
      const better = entry({ verdict: "link", issuerKeySha256: digestOf("key b") });
      await apply(snapshot({ certificates: [better], policy: "4" }));
      assert.deepEqual(await verdict(), [{ verdict: "link", key: digestOf("key b"), verdict_policy: "4" }]);
    });

    test("a key that turns out to have signed an authority held before joins it to its CSCA", async () => {
      const { oldRoot, newRoot, link, oldKey, newKey } = realFamily();
      assert.ok(link.standing);
      const unknown = {
        ...link,
        record: { ...link.record, verdict: "issuer-absent" as const },
        standing: {
          ...link.standing,
          verdict: "issuer-absent",
          issuerSha256: null,
          issuerKeySha256: null,
        } as const,
      };
      const by = publisher("x", { keySha256: newKey });
      const voices = async () => (await rows("select from certs.key_voices")).length;
      await apply(signedSnapshot([{ by, signingTime: january, certificates: [newRoot, unknown] }]));
      assert.equal(await voices(), 1);
      const other = publisher("y", { keySha256: digestOf("key y") });
      await apply(
        signedSnapshot([{ by: other, signingTime: january, certificates: [oldRoot] }], {
          source: "other",
          bundle: "other",
          signedBy: new Map([
            [link.record.sha256, oldKey],
            // What was found before stays.
            [newRoot.record.sha256, oldKey],
          ]),
        }),
      );
      assert.deepEqual(
        await rows(`
          select verdict, encode(issuer_key_sha256, 'hex') as key from certs.certificates
          where role = 'link' or issuer_key_sha256 = decode('${newKey}', 'hex') order by verdict
        `),
        [
          { verdict: "link", key: oldKey },
          { verdict: "root", key: newKey },
        ],
      );
      assert.equal(await voices(), 3);
    });

    test("a bundle that was accepted in part is applied, and stays in quarantine", async () => {
      const given = signedSnapshot([list(january, ["a"])], {
        judgment: {
          outcome: "partial",
          reasons: [],
          objects: [
            { outcome: "accepted", reasons: [] },
            { outcome: "pending", reasons: [] },
          ],
        },
      });
      const { executionId, source, trigger, observedAt, bundle, judgment } = given;
      const entry = {
        executionId,
        source,
        trigger,
        observedAt,
        bundle,
        judgment,
        outcome: "pending",
      } as const;
      successOf(await store.quarantine(entry, never));
      assert.deepEqual(await apply(given), report({ added: 1, newToStore: 1 }));
      assert.equal((await store.quarantined())[0]?.judgment.outcome, "partial");
      assert.deepEqual(await rows("select outcome from certs.source_bundles"), [{ outcome: "partial" }]);
      await apply(signedSnapshot([list(january, ["a"])]));
      assert.deepEqual(await store.quarantined(), []);
    });

    test("judgments are kept without the verdict of each certificate", async () => {
      await apply(signedSnapshot([list(january, ["a"])]));
      const [row] = await rows<{ judgment: { objects: readonly object[] } }>(
        "select judgment from certs.source_bundles",
      );
      assert.deepEqual(Object.keys(row?.judgment.objects[0] ?? {}).sort(), [
        "edition",
        "level",
        "outcome",
        "publisher",
        "reasons",
        "signingTime",
        "steps",
      ]);
    });
  });
}

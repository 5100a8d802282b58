import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type {
  CertificateEntry,
  CertificateRecord,
  CertificateStanding,
  CrlEntry,
  Evidence,
  JudgedPublisher,
  Judgment,
  QuarantineEntry,
  Snapshot,
} from "cert-parser-core";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificate, crl, revoked, type SnapshotParts, sha256, snapshot } from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  errorOf,
  never,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");
const instants = { january, february, march } as const;

const digestOf = (name: string) => sha256(Buffer.from(name));

function publisher(name: string, fields: Partial<JudgedPublisher> = {}): JudgedPublisher {
  return {
    keySha256: digestOf(`key ${name}`),
    country: "UT",
    subject: `CN=${name},C=UT`,
    certificateSha256: certificate(name).record.sha256,
    trust: "first-use",
    rolledFrom: null,
    contentSha256: digestOf(`content ${name}`),
    ...fields,
  };
}

function judgment(fields: Partial<Evidence> = {}, outcome: Judgment["outcome"] = "accepted"): Judgment {
  const evidence: Evidence = {
    level: "verified",
    signingTime: january,
    publisher: publisher("a"),
    steps: [],
    certificates: new Map(),
    crls: new Map(),
    ...fields,
  };
  return { outcome, reasons: [], evidence };
}

/** A certificate with its standing; its key is named as it is itself. */
function listed(
  name: string,
  standing: Partial<CertificateStanding> = {},
  record: Partial<CertificateRecord> = {},
): CertificateEntry {
  const { level = "verified", verdict = "root" } = standing;
  const entry = certificate(name, { verdict, ...record });
  return {
    ...entry,
    level,
    standing: {
      level,
      verdict,
      keySha256: digestOf(`key ${name}`),
      issuerSha256: null,
      issuerKeySha256: null,
      ...standing,
    },
  };
}

/** Accepted by a publisher whose list holds its own CSCA. */
function accepted(parts: SnapshotParts = {}, evidence: Partial<Evidence> = {}): Snapshot {
  return snapshot({ certificates: [listed("a")], judgments: [judgment(evidence)], ...parts });
}

function quarantined(name: string, parts: Partial<QuarantineEntry> = {}): QuarantineEntry {
  const { bundle, executionId, source, trigger } = snapshot({ bundle: name });
  const judged = judgment({ publisher: publisher("x", { trust: "unknown" }) }, "pending");
  return {
    executionId,
    source,
    trigger,
    observedAt: january,
    bundle,
    outcome: "pending",
    judgments: [judged],
    ...parts,
  };
}

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`trust on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));
    const known = async (source = "icao-masterlist") => {
      const { trust, ...rest } = successOf(await store.known(source, never));
      assert.ok(trust);
      return { ...rest, trust };
    };
    const pins = async () =>
      (await store.publishers()).map(
        ({ source, subject, state }) => `${source} ${subject.slice(3, 4)} ${state}`,
      );
    const events = async () =>
      (await store.trustEvents()).toReversed().map(({ kind: what, source, by }) => `${what} ${source} ${by}`);
    const put = async (entry: QuarantineEntry) => successOf(await store.quarantine(entry, never));

    before(async () => {
      context = await start();
      store = createStore(context.database, {
        quarantine: { maxBundles: 3, maxBytes: 60 },
        now: () => march,
      });
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    describe("pins", () => {
      test("a first list pins its publisher, with the time and the content of the list", async () => {
        await apply(accepted({ policy: "p" }));
        const { trust, policy } = await known();
        assert.equal(policy, "p");
        assert.deepEqual(
          [...trust.publishers.values()],
          [
            {
              keySha256: digestOf("key a"),
              state: "pinned",
              signingTime: january,
              contentSha256: digestOf("content a"),
            },
          ],
        );
        assert.deepEqual([trust.wasSigned, trust.hasOtherSources], [true, false]);
        assert.deepEqual(await events(), ["first-use icao-masterlist null"]);
        assert.equal((await store.overview()).trust.unapprovedPins, 1);
      });

      test("each source has its own, and vouches for the others with what it lists now", async () => {
        await apply(accepted({ certificates: [listed("a"), listed("b", {}, { index: 1 })] }));
        const other = (await known("nl")).trust;
        assert.deepEqual([other.publishers.size, other.wasSigned, other.hasOtherSources], [0, false, true]);
        assert.deepEqual([...other.vouchedKeys].sort(), [digestOf("key a"), digestOf("key b")].sort());
        assert.deepEqual((await known()).trust.vouchedKeys, new Set());
        await apply(accepted({ bundle: "second", certificates: [listed("a")] }, { signingTime: february }));
        assert.deepEqual((await known("nl")).trust.vouchedKeys, new Set([digestOf("key a")]));
        // History still holds what has left.
        assert.equal((await known("nl")).trust.authorities.length, 2);
      });

      test("a later list moves the pin on and changes nothing else of it", async () => {
        await apply(accepted());
        await apply(
          accepted(
            { bundle: "second" },
            { signingTime: february, publisher: publisher("a", { trust: "pin" }) },
          ),
        );
        const [pin] = await store.publishers();
        assert.deepEqual([pin?.state, pin?.signingTime], ["pinned", february]);
        assert.equal((await events()).length, 1);
      });

      for (const [trust, state, by] of [
        ["anchor", "approved", "TRUST_ANCHORS"],
        ["vouched", "approved", "other sources"],
        ["first-use", "pinned", undefined],
      ] as const) {
        test(`a publisher that came by ${trust} is ${state}`, async () => {
          await apply(accepted({}, { publisher: publisher("a", { trust }) }));
          const [pin] = await store.publishers();
          assert.deepEqual([pin?.state, pin?.approved?.by], [state, by]);
        });
      }

      test("a rollover retires the old key; the new one is as much approved as that was", async () => {
        await apply(accepted());
        await store.approvePublisher({
          source: null,
          key: digestOf("key a"),
          by: "anna",
          reason: "by phone",
        });
        const renewed = publisher("b", { trust: "pin", rolledFrom: digestOf("key a") });
        await apply(
          accepted({ bundle: "second", observedAt: march }, { signingTime: february, publisher: renewed }),
        );
        assert.deepEqual((await pins()).toSorted(), [
          "icao-masterlist a retired",
          "icao-masterlist b approved",
        ]);
        assert.equal(
          (await store.publishers()).find(({ state }) => state === "approved")?.approved?.by,
          "anna",
        );
        assert.equal((await events()).at(-1), "rollover icao-masterlist null");
        assert.deepEqual((await store.overview()).trust.lastRollover, march);
        const [event] = await store.trustEvents(1);
        assert.deepEqual(
          [event?.keySha256, event?.previousKeySha256],
          [digestOf("key b"), digestOf("key a")],
        );
        // Seen again, it is no second rollover.
        await apply(accepted({ bundle: "third" }, { signingTime: march, publisher: renewed }));
        assert.equal((await events()).length, 3);
      });

      test("a run without verification sets none, and is no other source", async () => {
        await apply(accepted({}, { level: "unverified", publisher: null, signingTime: null }));
        assert.deepEqual(await store.publishers(), []);
        assert.equal((await known("nl")).trust.hasOtherSources, false);
      });

      test("a bundle with a list that was not accepted is not stored", async () => {
        const half = accepted({ judgments: [judgment(), judgment({}, "pending")] });
        assert.equal(errorOf(await store.apply(half, never)).reason, "BUNDLE_REFUSED");
        assert.deepEqual(await store.publishers(), []);
      });
    });

    describe("what operators say", () => {
      const decision = { source: null, key: digestOf("key a").slice(0, 12), by: "anna", reason: "by phone" };

      test("an approval is kept with who and why", async () => {
        await apply(accepted());
        const [changed] = await store.approvePublisher(decision);
        assert.deepEqual(changed?.approved, { at: march, by: "anna", reason: "by phone" });
        assert.deepEqual(await pins(), ["icao-masterlist a approved"]);
        assert.equal((await events()).at(-1), "approval icao-masterlist anna");
        assert.equal((await store.overview()).trust.unapprovedPins, 0);
      });

      test("a publisher that only a list in quarantine is of can be approved before the first list", async () => {
        await put(quarantined("waiting"));
        assert.deepEqual(await pins(), ["icao-masterlist x unknown"]);
        await store.approvePublisher({ ...decision, key: digestOf("key x").toUpperCase() });
        const { trust } = await known();
        assert.deepEqual(trust.publishers.get(digestOf("key x"))?.state, "approved");
        assert.equal(trust.wasSigned, false);
      });

      test("a revocation holds for every source, and has what is held judged anew", async () => {
        await apply(accepted({ policy: "p" }));
        await store.revokePublisher(decision);
        assert.deepEqual((await pins()).toSorted(), ["* a revoked", "icao-masterlist a revoked"]);
        for (const source of ["icao-masterlist", "nl"]) {
          assert.deepEqual((await known(source)).trust.revokedKeys, new Set([digestOf("key a")]));
        }
        assert.equal((await known()).policy, null);
      });

      test("what was judged before another run or an operator changed the pins is not applied after it", async () => {
        const refused = async (given: Snapshot) => {
          const { code, reason } = errorOf(await store.apply(given, never));
          assert.deepEqual([code, reason], ["DATABASE_ERROR", "BUNDLE_REPLACED"]);
        };
        await apply(accepted({}, { signingTime: february }));
        await refused(accepted({ bundle: "second" }, { signingTime: january }));
        await refused(accepted({ source: "nl", bundle: "third" }, { publisher: publisher("b") }));
        await store.revokePublisher(decision);
        await refused(accepted({ bundle: "fourth" }, { signingTime: march }));
        assert.equal((await known()).policy, null);
        assert.deepEqual((await pins()).toSorted(), ["* a revoked", "icao-masterlist a revoked"]);
      });

      test("a revoked publisher's list vouches for nobody", async () => {
        await apply(accepted({ certificates: [listed("a"), listed("b", {}, { index: 1 })] }));
        await store.revokePublisher({ ...decision, source: "icao-masterlist" });
        assert.deepEqual((await known("nl")).trust.vouchedKeys, new Set());
      });

      test("a revocation for one source leaves the others alone, and an approval takes it back", async () => {
        await apply(accepted());
        await store.revokePublisher({ ...decision, source: "icao-masterlist" });
        assert.deepEqual((await known("nl")).trust.revokedKeys, new Set());
        await store.revokePublisher(decision);
        await store.approvePublisher(decision);
        assert.deepEqual(await pins(), ["icao-masterlist a approved"]);
        assert.deepEqual((await known()).trust.revokedKeys, new Set());
      });

      for (const [what, key, code] of [
        ["too few digits", "0a0b", "PUBLISHER_UNKNOWN"],
        ["what is no hex", "zzzzzzzzzz", "PUBLISHER_UNKNOWN"],
        ["a key that nobody has", "00000000", "PUBLISHER_UNKNOWN"],
      ] as const) {
        test(`${what} is refused with ${code}`, async () => {
          await apply(accepted());
          await assert.rejects(store.approvePublisher({ ...decision, key }), { code });
        });
      }
    });

    describe("the quarantine", () => {
      test("keeps a bundle with its reasons, and counts how often it came", async () => {
        await put(quarantined("one"));
        await put(quarantined("one", { observedAt: february, outcome: "refused" }));
        const [held, ...others] = await store.quarantined();
        assert.equal(others.length, 0);
        assert.deepEqual(
          [held?.outcome, held?.timesSeen, held?.firstSeen, held?.lastSeen, held?.isHeld],
          ["refused", 2, january, february, true],
        );
        assert.equal(held?.judgments[0]?.outcome, "pending");
        const { bytes } = await store.quarantinedBundle(held?.sha256.slice(0, 10) ?? "");
        assert.deepEqual(Buffer.from(bytes), Buffer.from("bundle one"));
        const { trust } = await store.overview();
        assert.deepEqual([trust.refusedBundles, trust.pendingBundles], [1, 0]);
        assert.deepEqual(await rows("select 1 from certs.bundles"), []);
      });

      test("lets go of the oldest where there are too many", async () => {
        for (const [at, name] of ["one", "two", "three", "four"].entries()) {
          await put(quarantined(name, { observedAt: new Date(january.getTime() + at * 1000) }));
        }
        const held = (await store.quarantined()).map(({ sha256: digest }) => digest);
        assert.deepEqual(
          held,
          ["four", "three", "two"].map((name) => digestOf(`bundle ${name}`)),
        );
      });

      test("and where there are too many bytes", async () => {
        await put(quarantined("x".repeat(30)));
        await put(quarantined("y".repeat(30), { observedAt: february }));
        assert.deepEqual(
          (await store.quarantined()).map(({ sha256: digest }) => digest),
          [digestOf(`bundle ${"y".repeat(30)}`)],
        );
      });

      test("of a bundle that alone is too large it keeps the reasons", async () => {
        await put(quarantined("z".repeat(100)));
        const [held] = await store.quarantined();
        assert.equal(held?.isHeld, false);
        await assert.rejects(store.quarantinedBundle(held?.sha256 ?? ""), { code: "QUARANTINE_MISSING" });
      });

      test("lets go of a bundle that is accepted", async () => {
        await put(quarantined("one"));
        await apply(accepted({ bundle: "one", release: { by: "anna", reason: "by phone" } }));
        assert.deepEqual(await store.quarantined(), []);
        assert.equal((await events()).at(-1), "release icao-masterlist anna");
      });

      test("tells bundles apart by their source", async () => {
        await put(quarantined("one"));
        await put(quarantined("one", { source: "nl" }));
        const digest = digestOf("bundle one");
        await assert.rejects(store.quarantinedBundle(digest), { code: "QUARANTINE_AMBIGUOUS" });
        assert.equal((await store.quarantinedBundle(digest, "nl")).source, "nl");
        await assert.rejects(store.quarantinedBundle("00000000"), { code: "QUARANTINE_MISSING" });
        await assert.rejects(store.quarantinedBundle(""), { code: "QUARANTINE_MISSING" });
      });

      test("a released publisher that nobody knew is approved by who released it", async () => {
        const unknown = publisher("a", { trust: "unknown" });
        await apply(accepted({ release: { by: "anna", reason: "by phone" } }, { publisher: unknown }));
        const [pin] = await store.publishers();
        assert.deepEqual([pin?.state, pin?.approved?.by], ["approved", "anna"]);
        assert.deepEqual(await events(), ["approval icao-masterlist anna", "release icao-masterlist anna"]);
      });
    });

    describe("the views", () => {
      const roots = async () =>
        (await rows<{ issuer: string }>("select issuer from certs.root_ca order by issuer")).map(
          ({ issuer }) => issuer.slice(8, -5),
        );

      test("root_ca shows lists that were verified, or that nobody looked at, whatever the bundle's kind", async () => {
        const zip = accepted();
        await apply({ ...zip, bundle: { ...zip.bundle, kind: "zip" } });
        const off = listed("b", { level: "unverified", verdict: "unchecked" });
        const nobody = { publisher: null, signingTime: null } as const;
        await apply(accepted({ source: "off", bundle: "off", certificates: [off] }, nobody));
        const unsigned = listed("c", { level: "unsigned" });
        await apply(accepted({ source: "unsigned", bundle: "unsigned", certificates: [unsigned] }, nobody));
        const loose = listed("d", {}, { foundIn: "ldif" });
        await apply(accepted({ source: "loose", bundle: "loose", certificates: [loose] }, nobody));
        assert.deepEqual(await roots(), ["a", "b"]);
        const { trust } = await store.overview();
        assert.deepEqual([trust.unverifiedCertificates, trust.unsignedCertificates], [1, 1]);
      });

      test("the level goes with the last bundle, and the row says when", async () => {
        await apply(accepted({ observedAt: january }));
        const unsigned = listed("a", { level: "unsigned" });
        await apply(accepted({ bundle: "second", observedAt: february, certificates: [unsigned] }));
        assert.deepEqual(await roots(), []);
        const [row] = await rows<{ at: string }>(
          "select to_char(updated_at at time zone 'UTC', 'YYYY-MM') as at from certs.listings",
        );
        assert.equal(row?.at, "2026-02");
      });

      test("dsc shows those whose issuer is known, and those that nobody looked at", async () => {
        const dsc = (name: string, standing: Partial<CertificateStanding>, index: number) =>
          listed(name, standing, { role: "dsc", foundIn: "ldif", index });
        await apply(
          accepted({
            certificates: [
              dsc("a", { verdict: "link" }, 0),
              dsc("b", { verdict: "issuer-absent", level: "unsigned" }, 1),
              dsc("c", { verdict: "unchecked", level: "unverified" }, 2),
              dsc("d", { verdict: "signature-invalid" }, 3),
            ],
          }),
        );
        const shown = await rows<{ issuer: string }>("select issuer from certs.dsc order by issuer");
        assert.deepEqual(
          shown.map(({ issuer }) => issuer.slice(8, -5)),
          ["a", "c"],
        );
      });

      test("crls and their entries are shown unless they were refused", async () => {
        const given = (
          name: string,
          verdict: "accepted" | "refused" | undefined,
          index: number,
        ): CrlEntry => ({
          ...crl(name, [...revoked(index + 1)], { index }),
          ...(verdict && { standing: { verdict, steps: [], issuerKeySha256: digestOf("key a"), keys: [] } }),
        });
        await apply(
          accepted({ crls: [given("a", "accepted", 0), given("b", "refused", 1), given("c", undefined, 2)] }),
        );
        assert.equal((await rows("select 1 from certs.crls")).length, 2);
        assert.equal((await rows("select 1 from certs.revoked_certificate_list")).length, 1 + 3);
      });
    });

    describe("CRLs", () => {
      const carried = (keys: readonly string[], verdict: "accepted" | "refused" = "accepted"): CrlEntry => ({
        ...crl("x", [...revoked(2)]),
        standing: { verdict, steps: [], issuerKeySha256: digestOf("key a"), keys },
      });
      const root = listed("a", { issuerKeySha256: digestOf("key a") }, { serialNumber: "02" });

      test("that were accepted are known, and what they revoke", async () => {
        await apply(accepted({ certificates: [root], crls: [carried([digestOf("key a")])] }));
        const { trust } = await known("nl");
        assert.deepEqual(trust.revokedCertificates, new Set([root.record.sha256]));
        assert.deepEqual(trust.crls, [
          {
            keySha256: digestOf("key a"),
            sha256: crl("x", []).record.sha256,
            crlNumber: "07",
            thisUpdate: january,
          },
        ]);
      });

      test("revoke nothing of another CSCA with the same serial number, nor where they were refused", async () => {
        await apply(accepted({ certificates: [root], crls: [carried([digestOf("key b")])] }));
        assert.equal((await known()).trust.revokedCertificates.size, 0);
        await apply(
          accepted({
            bundle: "second",
            certificates: [root],
            crls: [carried([digestOf("key a")], "refused")],
          }),
        );
        assert.equal((await known()).trust.revokedCertificates.size, 0);
      });
    });

    describe("a delta", () => {
      const entry = (name: string, index: number) =>
        listed(
          name,
          { verdict: "link" },
          { role: "dsc", foundIn: "ldif", index, origin: { name: `cn=${name}`, offset: 0 } },
        );
      const directory = (version: number) => [
        { records: 1, isDelta: false, versions: [version], changes: [] },
      ];
      const names = async () =>
        [...(await known()).listed.values()].map(({ origin }) => origin ?? "").toSorted();

      test("leaves what it does not take away", async () => {
        await apply(accepted({ certificates: [entry("a", 0), entry("b", 1)], directories: directory(7) }));
        assert.deepEqual(await names(), ["cn=a", "cn=b"]);
        assert.equal((await known()).trust.directoryVersion, 7);
        const removals = { certificates: new Set([entry("a", 0).record.sha256]), crls: new Set<string>() };
        const report = await apply(
          accepted({
            bundle: "second",
            certificates: [entry("c", 0)],
            removals,
            directories: directory(8),
          }),
        );
        assert.deepEqual([report.added, report.removed, report.unchanged], [1, 1, 1]);
        assert.deepEqual(await names(), ["cn=b", "cn=c"]);
        assert.equal((await known()).trust.directoryVersion, 8);
      });
    });

    test("judgments are kept without the verdict of each certificate", async () => {
      await apply(accepted({ observedAt: instants.march }));
      const [row] = await rows<{ judgments: readonly Record<string, unknown>[] }>(
        "select judgments from certs.source_bundles",
      );
      assert.deepEqual(Object.keys(row?.judgments[0] ?? {}).sort(), [
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

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { bundleParser, ok, readBundle, summariseBundle, sync, trustPolicy } from "cert-parser-core";
import {
  type FixtureCertificate,
  type FixtureList,
  type FixtureName,
  readCertificates,
  readFixture,
  readListedCertificates,
  readManifest,
} from "cert-parser-fixtures";
import type { FailedRun } from "../../src/store/runs.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { certificate, crl, revoked, snapshot } from "./snapshots.ts";
import { databaseKinds, emptyEverything, never, successOf, type TestDatabase } from "./test-database.ts";

const now = new Date("2026-07-01T00:00:00Z");
const clock = { now: () => now };
const nothingYet = {
  certificates: [],
  expiry: { expired: 0, within30Days: 0, within90Days: 0, within365Days: 0 },
  rejections: [],
  findings: [],
  crls: { count: 0, revoked: 0, earliestNextUpdate: null },
  sources: [],
  runs: [],
  trust: {
    unapprovedPins: 0,
    unverifiedCertificates: 0,
    unsignedCertificates: 0,
    revokedAuthorities: 0,
    withdrawnKeys: 0,
    refusedBundles: 0,
    pendingBundles: 0,
    lastRollover: null,
  },
};

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`statistics on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;

    before(async () => {
      context = await start();
      store = createStore(context.database, clock);
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    const syncFixture = async (name: FixtureName, source: string) => {
      const policy = trustPolicy({ mode: "off" }, clock);
      const from = { read: async () => ok(readFixture(name)) };
      const run = await sync({ source: from, parser: bundleParser(), policy, store, clock }, { source });
      if (!run.ok) throw new Error(`${run.error.code} (${run.error.reason}): ${run.error.message}`);
    };

    test("are all nothing at first", async () => {
      assert.deepEqual(await store.statistics(now), nothingYet);
    });

    test("agree with the known answers about a world list, a list with a CRL and one with a bad part", async () => {
      const names = ["world.ml", "crl-envelope.ml", "one-bad.ml"] as const;
      for (const name of names) await syncFixture(name, name);
      // A second time, and by another source: nothing counts twice.
      await syncFixture("world.ml", "world.ml");
      await syncFixture("world.ml", "mirror");

      const figures = await store.statistics(now);
      const listed = distinct(names.flatMap(listedIn));
      assert.equal(
        figures.certificates.reduce((total, { count }) => total + count, 0),
        listed.length,
      );
      assert.deepEqual(
        Object.fromEntries(
          figures.certificates.map(({ country, role, count }) => [`${country} ${role}`, count]),
        ),
        counted(listed.map((each) => `${each.country} ${roleByContent(each)}`)),
      );

      const endsBefore = (days: number) => {
        const end = now.getTime() + days * 86_400_000;
        return listed.filter(({ notAfter }) => Date.parse(notAfter) < end).length;
      };
      const expired = endsBefore(0);
      assert.ok(expired > 0 && endsBefore(365) > expired, "the fixture has some of each");
      assert.deepEqual(figures.expiry, {
        expired,
        within30Days: endsBefore(30) - expired,
        within90Days: endsBefore(90) - expired,
        within365Days: endsBefore(365) - expired,
      });

      const summaries = await Promise.all(
        names.map(async (name) => summariseBundle(await readBundle(readFixture(name)))),
      );
      const findings: Record<string, number> = {};
      for (const [code, count] of summaries.flatMap((summary) => Object.entries(summary.findings))) {
        findings[code] = (findings[code] ?? 0) + count;
      }
      assert.deepEqual(
        Object.fromEntries(figures.findings.map(({ code, count }) => [code, count])),
        findings,
      );
      const reasons = summaries.flatMap(({ rejected }) => rejected.map(({ reason }) => reason.code));
      assert.deepEqual(
        Object.fromEntries(figures.rejections.map(({ code, count }) => [code, count])),
        counted(reasons),
      );

      const [carried] = fixture("crl-envelope.ml").revocationLists ?? [];
      assert.ok(carried?.nextUpdate);
      assert.deepEqual(figures.crls, {
        count: 1,
        revoked: carried.revokedCertificates.length,
        earliestNextUpdate: new Date(carried.nextUpdate),
      });

      assert.deepEqual(figures.sources, [
        sourceFigures("crl-envelope.ml", "crl-envelope.ml"),
        sourceFigures("world.ml", "mirror"),
        sourceFigures("one-bad.ml", "one-bad.ml"),
        sourceFigures("world.ml", "world.ml"),
      ]);
      assert.deepEqual(figures.runs, [
        { outcome: "applied", stage: null, code: null, count: 4 },
        { outcome: "unchanged", stage: null, code: null, count: 1 },
      ]);
    });

    test("count a certificate as expiring within a term from the instant that it begins to its last", async () => {
      const day = 86_400_000;
      const ends = [-1, 0, 30 * day - 1, 30 * day, 90 * day - 1, 90 * day, 365 * day - 1, 365 * day];
      const certificates = ends.map((ms, index) => {
        // Certificates know no fractions of a second.
        const notAfter = new Date(now.getTime() + Math.floor(ms / 1000) * 1000).toISOString();
        return certificate(`c${index}`, { index, notAfter });
      });
      successOf(await store.apply(snapshot({ certificates }), never));
      assert.deepEqual((await store.statistics(now)).expiry, {
        expired: 1,
        within30Days: 2,
        within90Days: 4,
        within365Days: 6,
      });
    });

    test("forget what a source no longer gives", async () => {
      const first = snapshot({
        certificates: [
          certificate("a", { country: null, role: "dsc" }),
          certificate("b", { index: 1 }),
          certificate("old", { foundIn: "envelope", role: "ml-signer", notAfter: "2027-01-01T00:00:00Z" }),
        ],
        crls: [crl("x", [...revoked(3)])],
      });
      successOf(await store.apply(first, never));
      const before = await store.statistics(now);
      assert.deepEqual(before.certificates, [
        { country: "UT", role: "csca", count: 1 },
        { country: null, role: "dsc", count: 1 },
      ]);
      assert.deepEqual(before.sources[0]?.signerNotAfter, new Date("2027-01-01T00:00:00Z"));
      assert.equal(before.crls.revoked, 3);

      const second = snapshot({ bundle: "second", certificates: [certificate("b")], signers: [] });
      successOf(await store.apply(second, never));
      const { certificates, crls, sources } = await store.statistics(now);
      assert.deepEqual(certificates, [{ country: "UT", role: "csca", count: 1 }]);
      assert.deepEqual(crls, nothingYet.crls);
      assert.deepEqual(sources, [
        {
          source: "icao-masterlist",
          certificates: 1,
          signingTime: null,
          lastAccepted: now,
          lastSeen: second.observedAt,
          signerNotAfter: null,
          anchorNotAfter: null,
        },
      ]);
    });

    test("count every run by how it ended", async () => {
      const failed = { ...failedRun, stage: "verify", code: "TRUST_ERROR" } as const;
      await store.recordFailure(failedRun);
      await store.recordFailure({ ...failedRun, executionId: "2", source: "another" });
      await store.recordFailure({ ...failed, executionId: "3" });
      // A report that comes twice is one run.
      await store.recordFailure({ ...failed, executionId: "3" });
      successOf(await store.apply(snapshot(), never));
      successOf(await store.apply(snapshot(), never));
      assert.deepEqual((await store.statistics(now)).runs, [
        { outcome: "applied", stage: null, code: null, count: 1 },
        { outcome: "failed", stage: "download", code: "EXTERNAL_SERVICE_ERROR", count: 2 },
        { outcome: "failed", stage: "verify", code: "TRUST_ERROR", count: 1 },
        { outcome: "unchanged", stage: null, code: null, count: 1 },
      ]);
    });
  });
}

const failedRun: FailedRun = {
  executionId: "1",
  source: "icao-masterlist",
  trigger: "schedule",
  startedAt: now,
  finishedAt: now,
  stage: "download",
  code: "EXTERNAL_SERVICE_ERROR",
  reason: "HTTP_503",
  message: "the service answered 503",
};

function fixture(name: FixtureName) {
  const file = readManifest().files.find((each) => each.name === name);
  assert.ok(file);
  return file;
}

function listOf(name: FixtureName): FixtureList {
  const { list } = fixture(name);
  assert.ok(list);
  return list;
}

function listedIn(name: FixtureName): readonly FixtureCertificate[] {
  return readListedCertificates(name).filter((each) => each !== null);
}

/** Without an AKI, a link certificate reads like a root where issuer and subject are the same: its signature tells. */
function roleByContent({ role, oddities }: FixtureCertificate): string {
  const sameName = !oddities.includes("common-name-absent");
  return oddities.includes("aki-absent-in-link") && sameName ? "csca" : role;
}

function distinct(certificates: readonly FixtureCertificate[]): readonly FixtureCertificate[] {
  return [...new Map(certificates.map((each) => [each.sha256, each])).values()];
}

function counted(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** What is known of a fixture that a source gave, accepted at the time of these tests. */
function sourceFigures(name: FixtureName, source: string) {
  const { envelope, signers } = listOf(name);
  const known = new Map(readCertificates().map((each) => [each.name, each]));
  const beside = envelope.flatMap((each) => known.get(each) ?? []);
  const earliest = (role: string) =>
    new Date(
      Math.min(...beside.filter((each) => each.role === role).map((each) => Date.parse(each.notAfter))),
    );
  assert.ok(signers[0]?.signingTime);
  return {
    source,
    certificates: distinct(listedIn(name)).length,
    signingTime: new Date(signers[0].signingTime),
    lastAccepted: now,
    lastSeen: now,
    signerNotAfter: earliest("ml-signer"),
    anchorNotAfter: earliest("csca"),
  };
}

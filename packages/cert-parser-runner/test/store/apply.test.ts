import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { nothingTrusted, type Snapshot } from "cert-parser-core";
import fc from "fast-check";
import { createStore, type Store } from "../../src/store/store.ts";
import {
  certificate,
  certificates,
  crl,
  finding,
  rejection,
  revoked,
  sha256,
  snapshot,
} from "./snapshots.ts";
import {
  databaseKinds,
  emptyEverything,
  errorOf,
  never,
  report,
  rowsOf,
  successOf,
  type TestDatabase,
} from "./test-database.ts";

const january = new Date("2026-01-01T00:00:00Z");
const february = new Date("2026-02-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");
const april = new Date("2026-04-01T00:00:00Z");

for (const [kind, start] of Object.entries(databaseKinds)) {
  describe(`apply on ${kind}`, () => {
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

    test("stores a first list, and says that all of it is new", async () => {
      const given = certificates("a", "b", "c");
      assert.deepEqual(await apply(snapshot({ certificates: given })), report({ added: 3, newToStore: 3 }));

      const stored = await rows(
        "select encode(sha256, 'hex') as sha256, der from certs.certificates order by issuer",
      );
      assert.deepEqual(
        stored,
        given.map(({ record, der }) => ({ sha256: record.sha256, der })),
      );
      const [bundle] = await rows("select bytes, kind from certs.bundles");
      assert.deepEqual(bundle, { bytes: Buffer.from("bundle first"), kind: "master-list" });
    });

    test("keeps every field of a record", async () => {
      const values = {
        index: 5,
        role: "link",
        verdict: "issuer-absent",
        version: 3,
        serialNumber: "00ff01",
        issuer: "CN=Ärger\\, Inc,C=UT",
        subject: "CN=B,C=ut",
        country: "UT",
        notBefore: "1999-12-31T23:59:59Z",
        notAfter: "2049-01-01T00:00:00Z",
        subjectKeyIdentifier: "0a0b",
        authorityKeyIdentifier: "0c",
        signatureAlgorithm: "1.2.3",
        publicKeyAlgorithm: "1.2.4",
        publicKeySize: null,
        publicKeyCurve: null,
      } as const;
      await apply(snapshot({ certificates: [certificate("a", values)] }));

      const [row] = await rows(`
        select position as index, role, verdict, version, encode(serial_number, 'hex') as "serialNumber", issuer,
          subject, country, to_char(not_before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "notBefore",
          to_char(not_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "notAfter",
          encode(subject_key_identifier, 'hex') as "subjectKeyIdentifier",
          encode(authority_key_identifier, 'hex') as "authorityKeyIdentifier",
          signature_algorithm as "signatureAlgorithm", public_key_algorithm as "publicKeyAlgorithm",
          public_key_size as "publicKeySize", public_key_curve as "publicKeyCurve"
        from certs.certificates join certs.holdings on certificate_sha256 = sha256
      `);
      assert.deepEqual(row, values);
    });

    test("changes no row when the same list comes again, but records the run", async () => {
      const list = { certificates: certificates("a", "b"), crls: [crl("x", [...revoked(3)])] };
      const versions = () =>
        rows(`
          select sha256, xmin::text from certs.certificates union all
          select certificate_sha256, xmin::text from certs.holdings union all
          select certificate_sha256, xmin::text from certs.anchors union all
          select sha256, xmin::text from certs.revocation_lists union all
          select crl_sha256, xmin::text from certs.crl_carriage union all
          select crl_sha256, xmin::text from certs.revoked_certificates union all
          select sha256, xmin::text from certs.bundles
          order by 1, 2
        `);
      await apply(snapshot({ ...list, observedAt: january }));
      const first = await versions();

      assert.deepEqual(await apply(snapshot({ ...list, observedAt: february })), report({ unchanged: 2 }));
      assert.deepEqual(await versions(), first);
      assert.deepEqual(await rows("select outcome from certs.runs order by finished_at, started_at"), [
        { outcome: "applied" },
        { outcome: "unchanged" },
      ]);
      assert.deepEqual(
        await rows("select (extract(epoch from last_seen) * 1000)::float8 as ms from certs.sources"),
        [{ ms: february.getTime() }],
      );
    });

    test("stores certificates once that two sources share", async () => {
      await apply(snapshot({ source: "de", certificates: certificates("a", "b") }));
      const second = snapshot({ source: "nl", bundle: "nl", certificates: certificates("b", "c") });
      assert.deepEqual(await apply(second), report({ added: 2, newToStore: 1 }));

      assert.deepEqual(await rows("select count(*)::int4 as certificates from certs.certificates"), [
        { certificates: 3 },
      ]);
      const de = successOf(await store.known("de", never));
      const nl = successOf(await store.known("nl", never));
      assert.deepEqual([de.listed.size, nl.listed.size], [2, 2]);
    });

    test("ends the period of a certificate that leaves, and begins another when it comes back", async () => {
      const periods = async () =>
        (
          await rows<{ since: Date; until: Date | null }>(`
            select since, until from certs.listings join certs.certificates on sha256 = certificate_sha256
            where issuer = 'CN=CSCA b,C=UT' order by since
          `)
        ).map(({ since, until }) => [since, until]);
      await apply(snapshot({ observedAt: january, certificates: certificates("a", "b") }));
      await apply(snapshot({ observedAt: february, certificates: certificates("a", "b") }));
      assert.deepEqual(await periods(), [[january, null]]);

      const shrunk = snapshot({ bundle: "second", observedAt: march, certificates: certificates("a") });
      assert.deepEqual(await apply(shrunk), report({ removed: 1, unchanged: 1 }));
      assert.deepEqual(await periods(), [[january, march]]);
      assert.deepEqual(
        [...successOf(await store.known("icao-masterlist", never)).listed.keys()],
        [certificate("a").record.sha256],
      );

      const back = snapshot({ bundle: "third", observedAt: april, certificates: certificates("b", "a") });
      assert.deepEqual(await apply(back), report({ added: 1, unchanged: 1 }));
      assert.deepEqual(await periods(), [
        [january, march],
        [april, null],
      ]);
    });

    test("a clock that was set back ends no period before it began", async () => {
      await apply(snapshot({ observedAt: march, certificates: certificates("a", "b") }));
      await apply(snapshot({ bundle: "second", observedAt: january, certificates: certificates("a") }));
      assert.deepEqual(await rows("select since, until from certs.holdings where until is not null"), [
        { since: march, until: march },
      ]);
    });

    test("what the bundle does not hold stays, unless the snapshot says that it leaves", async () => {
      const entry = (name: string) =>
        certificate(name, { foundIn: "ldif", origin: { name: `cn=${name}`, offset: 0 } });
      await apply(snapshot({ certificates: ["a", "b", "c"].map(entry) }));
      const held = async () => [...successOf(await store.known("icao-masterlist", never)).listed.values()];
      assert.deepEqual((await held()).map(({ origin }) => origin).sort(), ["cn=a", "cn=b", "cn=c"]);

      assert.deepEqual(
        await apply(snapshot({ bundle: "2", certificates: [entry("d")], removals: "nothing" })),
        report({ added: 1, newToStore: 1, unchanged: 3 }),
      );
      const removals = {
        certificates: new Set(["a", "d"].map((name) => entry(name).record.sha256)),
        crls: new Set<string>(),
      };
      const moved = certificate("d", { foundIn: "ldif", origin: { name: "cn=elsewhere", offset: 0 } });
      assert.deepEqual(
        await apply(snapshot({ bundle: "3", certificates: [moved], removals })),
        report({ removed: 1, unchanged: 3 }),
      );
      assert.deepEqual((await held()).map(({ origin }) => origin).sort(), ["cn=b", "cn=c", "cn=elsewhere"]);
    });

    test("a key without a size costs nothing but its size", async () => {
      await apply(snapshot({ certificates: [certificate("zero", { publicKeySize: 0 }), certificate("a")] }));
      assert.deepEqual(
        await rows("select public_key_size as size from certs.certificates order by size nulls first"),
        [{ size: null }, { size: 256 }],
      );
    });

    test("counts a certificate once that stands in the list several times", async () => {
      const list = [...certificates("a", "b", "a", "a"), certificate("a", { foundIn: "envelope", index: 0 })];
      assert.deepEqual(await apply(snapshot({ certificates: list })), report({ added: 2, newToStore: 2 }));
      assert.deepEqual(
        await rows("select found_in, position, occurrences from certs.holdings order by found_in, position"),
        [
          { found_in: "envelope", position: 0, occurrences: 1 },
          { found_in: "list", position: 0, occurrences: 3 },
          { found_in: "list", position: 1, occurrences: 1 },
        ],
      );
    });

    test("keeps the envelope's certificates apart from what the source lists", async () => {
      const beside = certificate("signer", { foundIn: "envelope", role: "ml-signer" });
      const list = snapshot({ certificates: [...certificates("a"), beside] });
      assert.deepEqual(await apply(list), report({ added: 1, newToStore: 1 }));
      const { listed } = successOf(await store.known("icao-masterlist", never));
      assert.deepEqual([...listed.keys()], [certificate("a").record.sha256]);
    });

    test("tells the policy what it knows of a source", async () => {
      const nothing = {
        source: "icao-masterlist",
        listed: new Map(),
        bundleSha256: null,
        validators: { etag: null, lastModified: null },
        policy: null,
        isStale: false,
        revision: 0,
        trust: nothingTrusted,
      };
      assert.deepEqual(successOf(await store.known("icao-masterlist", never)), nothing);

      const given = certificate("a", { notAfter: "2031-05-06T07:08:09Z" });
      await apply(snapshot({ certificates: [given], policy: "p" }));
      assert.deepEqual(successOf(await store.known("icao-masterlist", never)), {
        ...nothing,
        listed: new Map([
          [
            given.record.sha256,
            {
              notAfter: new Date("2031-05-06T07:08:09Z"),
              country: "UT",
              isAuthority: true,
              isListed: false,
              level: "unverified",
              origin: null,
            },
          ],
        ]),
        bundleSha256: sha256(Buffer.from("bundle first")),
        policy: "p",
        revision: 1,
      });
    });

    test("refuses what was judged by another state, and writes nothing of it", async () => {
      const { revision } = successOf(await store.known("icao-masterlist", never));
      assert.ok(revision !== undefined);
      const judgedBy = (bundle: string) =>
        snapshot({ bundle, source: bundle, certificates: certificates(bundle), revision });
      const other = createStore(await context.another());
      const answers = await Promise.all([
        store.apply(judgedBy("one"), never),
        other.apply(judgedBy("two"), never),
      ]);
      const [failure] = answers.filter((answer) => !answer.ok).map(errorOf);
      assert.deepEqual([failure?.code, failure?.reason], ["DATABASE_ERROR", "STORE_CHANGED"]);
      assert.equal((await rows("select from certs.sources")).length, 1);
      assert.equal((await rows("select from certs.certificates")).length, 1);
      assert.equal((await rows("select from certs.runs")).length, 1);
    });

    test("writes lists of several batches", async () => {
      const names = Array.from({ length: 2500 }, (_, at) => `c${at}`);
      const first = snapshot({ certificates: certificates(...names) });
      assert.deepEqual(await apply(first), report({ added: 2500, newToStore: 2500 }));
      const second = snapshot({ bundle: "second", certificates: certificates(...names.slice(1200), "new") });
      assert.deepEqual(
        await apply(second),
        report({ added: 1, removed: 1200, unchanged: 1300, newToStore: 1 }),
      );
    });

    test("streams the entries of a CRL, and does not read them again once they are held", async () => {
      let read = 0;
      const entries = (function* () {
        for (const entry of revoked(25_000)) {
          read += 1;
          yield entry;
        }
      })();
      const list = snapshot({ crls: [crl("x", entries, { revokedCertificates: 25_000 })] });
      assert.deepEqual(await apply(list), report({ crlsAdded: 1, revokedAdded: 25_000 }));
      assert.equal(read, 25_000);
      assert.deepEqual(
        await rows(`
          select count(*)::int4 as entries, count(distinct position)::int4 as positions, max(position) as last,
            count(*) filter (where certs.predecessor_isn(serial_number) = '0x' || to_hex(position + 1))::int4 as right
          from certs.revoked_certificates
        `),
        [{ entries: 25_000, positions: 25_000, last: 24_999, right: 25_000 }],
      );

      const untouchable: Iterable<never> = {
        [Symbol.iterator]() {
          throw new Error("read again");
        },
      };
      const again = snapshot({ crls: [crl("x", untouchable, { revokedCertificates: 25_000 })] });
      assert.deepEqual(await apply(again), report({}));
    });

    test("notices CRLs that a source no longer carries", async () => {
      await apply(snapshot({ crls: [crl("x", [...revoked(1)]), crl("y", [...revoked(2)], { index: 1 })] }));
      await apply(snapshot({ bundle: "second", crls: [crl("y", [...revoked(2)])] }));
      assert.deepEqual(await rows("select issuer from certs.crls"), [{ issuer: "CN=CSCA y,C=ut" }]);
      await apply(snapshot({ bundle: "third", crls: [crl("x", []), crl("y", [], { index: 1 })] }));
      assert.equal((await rows("select from certs.crls")).length, 2);
      assert.equal((await rows("select from certs.revoked_certificates")).length, 3);
    });

    test("records rejections and findings once", async () => {
      const list = {
        certificates: [certificate("a", { findings: [finding(10), finding(10, "another"), finding(20)] })],
        crls: [crl("x", [], { findings: [finding(30)] })],
        rejections: [rejection("r", 1), rejection("r", 2), rejection("s", 3)],
        findings: [finding(0)],
      };
      assert.deepEqual(
        await apply(snapshot(list)),
        report({ added: 1, newToStore: 1, crlsAdded: 1, rejectionsAdded: 3 }),
      );
      const count = `select (select count(*)::int4 from certs.findings) as findings,
        (select count(*)::int4 from certs.rejections) as rejections`;
      assert.deepEqual(await rows(count), [{ findings: 5, rejections: 3 }]);
      assert.deepEqual(await apply(snapshot(list)), report({ unchanged: 1 }));
      assert.deepEqual(await rows(count), [{ findings: 5, rejections: 3 }]);

      const [row] = await rows(`
        select kind, found_in, position, byte_offset, der, code, message, reason_offset, path
        from certs.rejections where position = 3
      `);
      assert.deepEqual(row, {
        kind: "certificate",
        found_in: "list",
        position: 3,
        byte_offset: 300n,
        der: Buffer.from("rejected s"),
        code: "DER_TRUNCATED",
        message: "broken s",
        reason_offset: 307n,
        path: "Certificate",
      });
    });

    test("corrects what a better reader reads otherwise", async () => {
      await apply(
        snapshot({
          observedAt: january,
          certificates: [certificate("a", { role: "unknown", country: null })],
        }),
      );
      const better = snapshot({
        observedAt: february,
        certificates: [certificate("a", { role: "link", country: "UT" })],
      });
      assert.deepEqual(await apply(better), report({ unchanged: 1 }));
      assert.deepEqual(
        await rows(`
          select role, country, (extract(epoch from updated_at) * 1000)::float8 as updated from certs.certificates
        `),
        [{ role: "link", country: "UT", updated: february.getTime() }],
      );
    });

    test("stores what a certificate may hold and PostgreSQL has no word for", async () => {
      const odd = certificate("odd", {
        serialNumber: "7f".repeat(5000),
        subjectKeyIdentifier: "ab".repeat(5000),
        authorityKeyIdentifier: "",
        issuer: `CN=nul\0 half \ud800 ${"x".repeat(20_000)}`,
        subject: "'; drop schema certs cascade; --",
        country: "\0",
        notBefore: "0000-01-01T00:00:00Z",
        notAfter: "9999-12-31T23:59:59Z",
        findings: [finding(1, `nul \0 ${"y".repeat(20_000)}`)],
      });
      const entry = {
        serialNumber: "01".repeat(5000),
        revocationDate: "0000-02-29T00:00:00Z",
        reason: null,
        invalidityDate: null,
        certificateIssuer: null,
      };
      const list = snapshot({
        certificates: [odd],
        crls: [crl("x", [entry])],
        rejections: [rejection("\0")],
      });
      assert.equal((await apply(list)).added, 1);

      const [row] = await rows(`
        select left(issuer, 16) as issuer, subject, country, extract(year from not_before)::int4 as year,
          octet_length(serial_number) as serial from certs.certificates
      `);
      assert.deepEqual(row, {
        issuer: "CN=nul\\00 half \ufffd",
        subject: "'; drop schema certs cascade; --",
        country: "\\00",
        year: -1,
        serial: 5000,
      });
      const { listed } = successOf(await store.known("icao-masterlist", never));
      assert.deepEqual(listed.get(odd.record.sha256)?.notAfter, new Date("9999-12-31T23:59:59Z"));
    });

    test("gives two runs at once the same result as one after the other", async () => {
      const other = createStore(await context.another());
      const names = (from: number) => Array.from({ length: 1500 }, (_, at) => `c${from + at}`);
      const [one, two] = await Promise.all([
        store.apply(snapshot({ bundle: "one", certificates: certificates(...names(0)) }), never),
        other.apply(snapshot({ bundle: "two", certificates: certificates(...names(500)) }), never),
      ]);
      const reports = [successOf(one), successOf(two)].sort(
        (left, right) => left.unchanged - right.unchanged,
      );
      assert.deepEqual(reports, [
        report({ added: 1500, newToStore: 1500 }),
        report({ added: 500, removed: 500, unchanged: 1000, newToStore: 500 }),
      ]);
      assert.equal(successOf(await store.known("icao-masterlist", never)).listed.size, 1500);
      assert.deepEqual(await rows("select count(*)::int4 as runs from certs.runs"), [{ runs: 2 }]);
    });

    test("reports exactly the differences, whatever lists come in whatever order", async () => {
      const names = ["a", "b", "c", "d", "e", "f"];
      const list = fc.record({
        source: fc.constantFrom("de", "nl"),
        names: fc.array(fc.constantFrom(...names)),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 8 }), async (lists) => {
          await emptyEverything(context.database);
          const listed = new Map<string, Set<string>>();
          const everHeld = new Set<string>();
          for (const given of lists) {
            const held = listed.get(given.source) ?? new Set<string>();
            const now = new Set(given.names);
            const added = [...now].filter((name) => !held.has(name));
            assert.deepEqual(
              await apply(
                snapshot({
                  source: given.source,
                  bundle: given.names.join(),
                  certificates: certificates(...given.names),
                }),
              ),
              report({
                added: added.length,
                removed: [...held].filter((name) => !now.has(name)).length,
                unchanged: now.size - added.length,
                newToStore: added.filter((name) => !everHeld.has(name)).length,
              }),
            );
            listed.set(given.source, now);
            for (const name of now) everHeld.add(name);
          }
          const present = new Set([...listed.values()].flatMap((each) => [...each]));
          const views = await rows<{ issuer: string }>("select issuer from certs.root_ca order by issuer");
          assert.deepEqual(
            views.map(({ issuer }) => issuer),
            [...present].sort().map((name) => `CN=CSCA ${name},C=UT`),
          );
        }),
        { numRuns: 12 },
      );
    });
  });
}

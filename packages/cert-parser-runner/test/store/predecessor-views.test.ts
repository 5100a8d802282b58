import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { CertificateEntry, JudgedPublisher, Snapshot } from "cert-parser-core";
import fc from "fast-check";
import { stableUuid } from "../../src/store/stable-uuid.ts";
import { createStore, type Store } from "../../src/store/store.ts";
import { nameDer } from "./names.ts";
import {
  certificate,
  certificates,
  crl,
  digestOf,
  publisher,
  revoked,
  signedSnapshot,
  snapshot,
} from "./snapshots.ts";
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
  describe(`the predecessor's views on ${kind}`, () => {
    let context: TestDatabase;
    let store: Store;
    const rows = <Row = Record<string, unknown>>(query: string) => rowsOf<Row>(context.database, query);
    const apply = async (given: Snapshot) => successOf(await store.apply(given, never));

    before(async () => {
      context = await start();
      store = createStore(context.database);
      await store.migrate();
    });
    beforeEach(() => emptyEverything(context.database));
    after(() => context.stop());

    const columns = {
      root_ca: [
        ["id", "uuid"],
        ["certificate", "bytea"],
        ["subject_key_identifier", "text"],
        ["authority_key_identifier", "text"],
        ["issuer", "text"],
        ["master_list_issuer", "text"],
        ["x_500_issuer", "bytea"],
        ["source", "text"],
        ["isn", "text"],
        ["updated_at", "timestamp without time zone"],
      ],
      dsc: [
        ["id", "uuid"],
        ["certificate", "bytea"],
        ["subject_key_identifier", "text"],
        ["authority_key_identifier", "text"],
        ["issuer", "text"],
        ["x_500_issuer", "bytea"],
        ["source", "text"],
        ["isn", "text"],
        ["updated_at", "timestamp without time zone"],
      ],
      crls: [
        ["id", "uuid"],
        ["crl", "bytea"],
        ["source", "text"],
        ["issuer", "text"],
        ["country", "text"],
        ["updated_at", "timestamp without time zone"],
      ],
      revoked_certificate_list: [
        ["id", "uuid"],
        ["source", "text"],
        ["country", "text"],
        ["isn", "text"],
        ["crl", "uuid"],
        ["revocation_reason", "text"],
        ["revocation_date", "timestamp without time zone"],
        ["updated_at", "timestamp without time zone"],
      ],
    };
    for (const [view, expected] of Object.entries(columns)) {
      test(`${view} has the predecessor's columns and types, in its order`, async () => {
        const found = await rows<{ name: string; type: string }>(`
          select column_name::text as name, data_type::text as type from information_schema.columns
          where table_schema = 'certs' and table_name = '${view}' order by ordinal_position
        `);
        assert.deepEqual(
          found.map(({ name, type }) => [name, type]),
          expected,
        );
      });
    }

    test("root_ca holds a listed certificate with all values as the predecessor wrote them", async () => {
      const issuerDer = nameDer([["2.5.4.6", "ut", 0x13]], [["2.5.4.5", "7"]], [["2.5.4.3", "A, B"]]);
      const given = certificate("a", {
        serialNumber: "b2",
        issuerDer: issuerDer.toString("hex"),
        subjectKeyIdentifier: "00ab",
        authorityKeyIdentifier: null,
      });
      const beside = certificate("signer of x", { foundIn: "envelope", role: "ml-signer", index: 1 });
      const by = publisher("x");
      const list = { by, signingTime: january, certificates: [given, beside] };
      await apply(signedSnapshot([list], { observedAt: february }));

      assert.deepEqual(await rows("select *, updated_at::text as updated_at from certs.root_ca"), [
        {
          id: stableUuid(given.record.sha256),
          certificate: given.der,
          subject_key_identifier: "00ab",
          authority_key_identifier: null,
          issuer: "CN=A\\, B,2.5.4.5=7,C=ut",
          master_list_issuer: "Common Name: CSCA signer of x, Country: UT",
          x_500_issuer: issuerDer,
          source: "icao-masterlist",
          isn: "-0x4e",
          updated_at: "2026-02-01 00:00:00",
        },
      ]);
    });

    describe("master_list_issuer", () => {
      const named = (issuer: string, commonName: string) =>
        nameDer([["2.5.4.6", issuer, 0x13]], [["2.5.4.3", commonName]]).toString("hex");
      const signerOf = certificate("signer of x", {
        foundIn: "envelope",
        role: "ml-signer",
        issuerDer: named("IT", "Italian CSCA"),
        subjectDer: named("IT", "Signer"),
      });
      const csca = certificate("x", {
        foundIn: "envelope",
        index: 1,
        subjectDer: named("IT", "Italian CSCA"),
      });
      const issuerOf = async (fields: Partial<JudgedPublisher>, envelope: readonly CertificateEntry[]) => {
        const by = publisher("x", fields);
        const list = { by, signingTime: january, certificates: [...certificates("a"), ...envelope] };
        await apply(signedSnapshot([list]));
        return rows("select master_list_issuer as issuer from certs.root_ca");
      };

      test("is the signer's issuer if the signer is named by issuer and serial number", async () => {
        assert.deepEqual(await issuerOf({ namedBy: "issuerAndSerialNumber" }, [csca, signerOf]), [
          { issuer: "Common Name: Italian CSCA, Country: IT" },
        ]);
      });

      test("is the subject of the signer, or of its CSCA if that is first in DER", async () => {
        const earlier = Buffer.compare(csca.der, signerOf.der) < 0 ? "Italian CSCA" : "Signer";
        for (const envelope of [
          [csca, signerOf],
          [signerOf, csca],
        ]) {
          await emptyEverything(context.database);
          assert.deepEqual(await issuerOf({}, envelope), [
            { issuer: `Common Name: ${earlier}, Country: IT` },
          ]);
        }
        await emptyEverything(context.database);
        assert.deepEqual(await issuerOf({}, [signerOf]), [{ issuer: "Common Name: Signer, Country: IT" }]);
      });

      test("is of nobody else who is put into the envelope", async () => {
        const stranger = certificate("stranger", {
          foundIn: "envelope",
          subjectDer: named("XX", "Stranger"),
        });
        assert.deepEqual(await issuerOf({}, [stranger, signerOf]), [
          { issuer: "Common Name: Signer, Country: IT" },
        ]);
      });

      test("is null if nobody verified the list", async () => {
        await apply(snapshot({ certificates: [...certificates("a"), signerOf] }));
        assert.deepEqual(await rows("select master_list_issuer as issuer from certs.root_ca"), [
          { issuer: null },
        ]);
      });
    });

    test("root_ca takes nothing from a list that no one signed", async () => {
      await apply(snapshot({ certificates: certificates("a"), signers: [] }));
      assert.deepEqual(await rows("select master_list_issuer from certs.root_ca"), []);
    });

    test("root_ca takes what stands in a list and is no document signer, and never the envelope", async () => {
      await apply(
        snapshot({
          certificates: [
            certificate("csca", { index: 0 }),
            certificate("link", { index: 1, role: "link" }),
            certificate("unknown", { index: 2, role: "unknown" }),
            certificate("dsc", { index: 3, role: "dsc" }),
            certificate("beside", { index: 0, foundIn: "envelope" }),
            certificate("ldif", { index: 0, foundIn: "ldif" }),
          ],
        }),
      );
      const issuers = async (view: string) =>
        (await rows<{ issuer: string }>(`select issuer from certs.${view} order by issuer`)).map(
          ({ issuer }) => issuer,
        );
      assert.deepEqual(await issuers("root_ca"), [
        "CN=CSCA csca,C=UT",
        "CN=CSCA link,C=UT",
        "CN=CSCA unknown,C=UT",
      ]);
      assert.deepEqual(await issuers("dsc"), ["CN=CSCA dsc,C=UT"]);
    });

    test("root_ca leaves out what came in a list without CMS, until a Master List has it too", async () => {
      const given = snapshot({ source: "bare", signers: [], certificates: certificates("a", "b") });
      const bundle = { ...given.bundle, kind: "bare-master-list" } as const;
      await apply({ ...given, bundle });
      assert.deepEqual(await rows("select issuer from certs.root_ca"), []);
      assert.equal(successOf(await store.known("bare", never)).listed.size, 2);

      await apply(snapshot({ bundle: "signed", certificates: certificates("a") }));
      assert.deepEqual(await rows("select issuer, source from certs.root_ca"), [
        { issuer: "CN=CSCA a,C=UT", source: "icao-masterlist" },
      ]);
    });

    test("root_ca shows a shared certificate once, from the earliest source that still lists it", async () => {
      const shared = () => certificates("shared");
      const sources = () => rows("select source, updated_at::text as updated_at from certs.root_ca");
      await apply(snapshot({ source: "nl", bundle: "1", observedAt: january, certificates: shared() }));
      await apply(snapshot({ source: "de", bundle: "2", observedAt: february, certificates: shared() }));
      await apply(snapshot({ source: "at", bundle: "3", observedAt: february, certificates: shared() }));
      assert.deepEqual(await sources(), [{ source: "nl", updated_at: "2026-01-01 00:00:00" }]);

      await apply(snapshot({ source: "nl", bundle: "4", observedAt: march }));
      assert.deepEqual(await sources(), [{ source: "at", updated_at: "2026-03-01 00:00:00" }]);
      await apply(snapshot({ source: "at", bundle: "5", observedAt: march }));
      await apply(snapshot({ source: "de", bundle: "6", observedAt: march }));
      assert.deepEqual(await sources(), []);
    });

    test("root_ca shows the source whose lists held a certificate first, by when they were signed", async () => {
      const list = (name: string, signingTime: Date) => ({
        by: publisher(name, { contentSha256: digestOf(`${name} ${signingTime.getTime()}`) }),
        signingTime,
        certificates: certificates("shared"),
      });
      const source = () => rows("select source from certs.root_ca");
      await apply(signedSnapshot([list("nl", february)], { source: "nl" }));
      await apply(signedSnapshot([list("de", march)], { source: "de" }));
      assert.deepEqual(await source(), [{ source: "nl" }]);
      // It came later, and is older.
      await apply(signedSnapshot([list("de", january)], { source: "de", bundle: "older" }));
      assert.deepEqual(await source(), [{ source: "de" }]);
    });

    test("updated_at stays when the same list comes again", async () => {
      await apply(snapshot({ observedAt: january, certificates: certificates("a") }));
      await apply(snapshot({ observedAt: february, certificates: certificates("a") }));
      await apply(snapshot({ bundle: "second", observedAt: march, certificates: certificates("b", "a") }));
      assert.deepEqual(
        await rows("select issuer, updated_at::text as updated_at from certs.root_ca order by issuer"),
        [
          { issuer: "CN=CSCA a,C=UT", updated_at: "2026-01-01 00:00:00" },
          { issuer: "CN=CSCA b,C=UT", updated_at: "2026-03-01 00:00:00" },
        ],
      );
    });

    test("crls and revoked_certificate_list hold a CRL with its entries", async () => {
      const given = crl("x", [...revoked(2)]);
      await apply(snapshot({ observedAt: february, crls: [given] }));
      const id = stableUuid(given.record.sha256);
      assert.deepEqual(await rows("select *, updated_at::text as updated_at from certs.crls"), [
        {
          id,
          crl: given.der,
          source: "icao-masterlist",
          issuer: "CN=CSCA x,C=ut",
          country: "ut",
          updated_at: "2026-02-01 00:00:00",
        },
      ]);

      const entries = await rows<{ id: string }>(`
        select *, revocation_date::text as revocation_date, updated_at::text as updated_at
        from certs.revoked_certificate_list order by isn
      `);
      const common = { source: "icao-masterlist", country: "ut", crl: id };
      const times = { revocation_date: "2025-06-01 12:00:00", updated_at: "2026-02-01 00:00:00" };
      assert.deepEqual(
        entries.map(({ id: _, ...entry }) => entry),
        [
          { ...common, ...times, isn: "0x1", revocation_reason: null },
          { ...common, ...times, isn: "0x2", revocation_reason: "keyCompromise" },
        ],
      );
      const ids = entries.map((entry) => entry.id);
      for (const each of ids)
        assert.match(each, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.equal(new Set(ids).size, 2);
    });

    test("the views take no writes", async () => {
      await apply(snapshot({ certificates: certificates("a") }));
      await assert.rejects(rows("delete from certs.root_ca returning id"), { code: "55000" });
    });

    test("isn is Python's hex of the serial number, whatever its octets", async () => {
      const known = [
        ["", "0x0"],
        ["00", "0x0"],
        ["1a", "0x1a"],
        ["01", "0x1"],
        ["00ff", "0xff"],
        ["0001", "0x1"],
        ["b2", "-0x4e"],
        ["ff", "-0x1"],
        ["80", "-0x80"],
        ["8000", "-0x8000"],
        ["ff00", "-0x100"],
        ["f621", "-0x9df"],
      ];
      const isn = async (hexes: readonly string[]) => {
        const list = hexes.map((hex) => `('${hex}')`).join(",");
        const found = await rows<{ isn: string }>(
          `select certs.predecessor_isn(decode(hex, 'hex')) as isn from (values ${list}) as given (hex)`,
        );
        return found.map((row) => row.isn);
      };
      assert.deepEqual(
        await isn(known.map(([hex = ""]) => hex)),
        known.map(([, text]) => text),
      );

      const numbers = fc.array(fc.uint8Array({ minLength: 1, maxLength: 24 }), {
        minLength: 1,
        maxLength: 50,
      });
      await fc.assert(
        fc.asyncProperty(numbers, async (given) => {
          const hexes = given.map((bytes) => Buffer.from(bytes).toString("hex"));
          const expected = hexes.map((hex) => {
            const value = BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`));
            return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
          });
          assert.deepEqual(await isn(hexes), expected);
        }),
        { numRuns: 20 },
      );
    });
  });
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createPool, sql } from "slonik";
import * as v from "valibot";
import { openStore } from "../../src/store/store.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { runCli } from "./run-cli.ts";

const corpus = join(import.meta.dirname, "../../../../../shared/corpus");
const lists = join(corpus, "master-lists");
const skip = existsSync(lists) ? false : "the corpus of real lists is not beside the repository";
const de = join(lists, "DE_2026-01-08.ml");
const nl = join(lists, "NL_2026-03-11.ml");
const timeout = 60_000;

interface ExpectedList {
  readonly bytes: number;
  readonly sha256: string;
  readonly certificates: number;
  readonly distinct: number;
  readonly countries: number;
  readonly envelopeCertificates: number;
  readonly signers: number;
}

const expectedLists: Readonly<Record<string, ExpectedList>> =
  skip === false ? JSON.parse(readFileSync(join(corpus, "expected/master-lists.json"), "utf8")) : {};

describe("inspect on real lists", { skip }, () => {
  for (const [name, expected] of Object.entries(expectedLists)) {
    test(`${name}: figures and every record are what another implementation reads`, { timeout }, async () => {
      const file = join(lists, name);
      const { stdout } = await runCli(["inspect", file, "--json"]);
      const summary = JSON.parse(stdout);
      assert.equal(summary.bytes, expected.bytes);
      assert.equal(summary.sha256, expected.sha256);
      assert.equal(summary.certificates, expected.certificates);
      assert.equal(summary.distinct, expected.distinct);
      assert.equal(summary.envelopeCertificates, expected.envelopeCertificates ?? 0);
      assert.equal(summary.signers.length, expected.signers ?? 0);
      assert.equal(summary.rejected.length, 0);

      const ours = await runCli(["inspect", file, "--ndjson"]);
      const records = ours.stdout.trimEnd().split("\n").map(comparable);
      const theirs = gunzipSync(readFileSync(join(corpus, "expected", `${name}.ndjson.gz`)));
      const wanted = theirs
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(records.length, wanted.length);
      for (const [index, record] of records.entries()) {
        // The expected records have no key identifier where the inner OCTET STRING is missing; the raw octets are right.
        const raw = record.codes.includes("KEY_IDENTIFIER_RAW");
        const { codes, ...fields } = record;
        const { country, ...other } = wanted[index];
        assert.deepEqual(
          { ...fields, ...(raw ? { subjectKeyIdentifier: null } : {}) },
          { ...other, country: country?.toUpperCase() ?? null },
          `certificate ${index}`,
        );
      }
    });
  }
});

/** A line of ours, with the fields and names of the expected records. */
function comparable(line: string) {
  const record = JSON.parse(line);
  const digest = (hex: string) => createHash("sha256").update(hex, "hex").digest("hex");
  return {
    authorityKeyIdentifier: record.authorityKeyIdentifier,
    bytes: record.bytes,
    country: record.country,
    issuerSha256: digest(record.issuerDer),
    notAfter: record.notAfter,
    notBefore: record.notBefore,
    publicKeyAlgorithm: record.publicKeyAlgorithm,
    serialNumber: record.serialNumber,
    sha256: record.sha256,
    signatureAlgorithm: record.signatureAlgorithm,
    subjectKeyIdentifier: record.subjectKeyIdentifier,
    subjectSha256: digest(record.subjectDer),
    codes: record.findings.map(({ code }: { code: string }) => code),
  };
}

describe("sync of real lists", { skip }, () => {
  let postgres: TestPostgres;
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-corpus-"));
  before(async () => {
    if (skip === false) postgres = await startPostgres();
  });
  after(async () => {
    await postgres?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const stores = [
    ["PostgreSQL", () => ({ DATABASE_DSN: postgres.dsn })],
    ["the embedded store", () => ({ DATA_DIR: join(directory, "store") })],
  ] as const;
  for (const [name, settings] of stores) {
    test(`${name}: the German list, the same again, then the Dutch one beside it`, { timeout }, async () => {
      const env = settings();
      const german = await runCli(["sync", "--json", de, de], { env });
      assert.equal(german.code, 0, german.stderr);
      const [first, second] = JSON.parse(german.stdout).runs;
      assert.deepEqual([first.outcome, first.store.added, first.store.removed], ["applied", 581, 0]);
      assert.deepEqual(second.store, {
        added: 0,
        removed: 0,
        unchanged: 581,
        newToStore: 0,
        crlsAdded: 0,
        revokedAdded: 0,
        rejectionsAdded: 0,
      });
      assert.equal(second.outcome, "unchanged");

      const dutch = await runCli(["sync", "--json", "--source", "nl", nl], { env });
      assert.equal(dutch.code, 0, dutch.stderr);
      const [{ store }] = JSON.parse(dutch.stdout).runs;
      assert.equal(store.added, 397);
      // 366 stand in both lists and are stored once.
      assert.equal(store.newToStore, 31);

      const opened = await openStore(
        "DATABASE_DSN" in env
          ? { kind: "postgresql", dsn: env.DATABASE_DSN }
          : { kind: "embedded", directory: env.DATA_DIR },
      );
      const { counts, sources } = await opened.overview();
      await opened.close();
      assert.equal(counts.certificates, 581 + 31);
      assert.deepEqual(
        sources.map(({ source, certificates }) => [source, certificates]),
        [
          ["icao-masterlist", 581],
          ["nl", 397],
        ],
      );
    });
  }

  test("certs.root_ca holds the rows that the predecessor's readers expect", { timeout }, async () => {
    const pool = await createPool(postgres.dsn, { maxPoolSize: 1 });
    try {
      const rows = await pool.one(sql.type(
        v.object({ all: v.number(), german: v.number(), whole: v.number() }),
      )`
        select count(*)::int4 as all,
          (count(*) filter (where source = 'icao-masterlist'))::int4 as german,
          (count(*) filter (where isn like '0x%' or isn like '-0x%'))::int4 as whole
        from certs.root_ca
      `);
      assert.deepEqual(rows, { all: 612, german: 581, whole: 612 });
    } finally {
      await pool.end();
    }
  });
});

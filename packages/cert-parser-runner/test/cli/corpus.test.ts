import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createPool, sql } from "slonik";
import * as v from "valibot";
import { openStore } from "../../src/store/store.ts";
import { anyAge } from "../any-age.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { runCli } from "./run-cli.ts";

const corpus = join(import.meta.dirname, "../../../../../shared/corpus");
const lists = join(corpus, "master-lists");
const skip = existsSync(lists) ? false : "the corpus of real lists is not beside the repository";
const de = join(lists, "DE_2026-01-08.ml");
const nl = join(lists, "NL_2026-03-11.ml");
const timeout = 60_000;
const opensslAbsent = spawnSync("openssl", ["version"]).status === 0 ? false : "there is no openssl";

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

describe("inspect --certificate on real certificates, beside openssl x509", {
  skip: skip || opensslAbsent,
}, () => {
  const files = [
    "anchors/DE_ROOT_CA_CSCA07.cer",
    "anchors/NL_ROOT_CA.cer",
    "csca/2010-12_CSCA.cer",
    "csca/2016-01_CSCA_LINK.cer",
    "csca/2020-10_CSCA_LINK.cer",
  ];
  for (const file of files) {
    test(`${file}: the same facts in the same words`, async () => {
      const path = join(corpus, file);
      const { stdout: ours } = await runCli(["inspect", path, "--certificate", "0"]);
      const encoding = readFileSync(path, "latin1").startsWith("-----") ? "PEM" : "DER";
      const args = ["x509", "-inform", encoding, "-in", path, "-noout", "-text"];
      assert.deepEqual(facts(ours), facts(execFileSync("openssl", args, { encoding: "utf8" })));
    });
  }

  test("certificates of the German list, by their SHA-256", { timeout }, async () => {
    const { stdout } = await runCli(["inspect", de, "--ndjson"]);
    const digests = stdout
      .trimEnd()
      .split("\n")
      .map((line): string => JSON.parse(line).sha256);
    for (const digest of digests.filter((_, index) => index % 97 === 0)) {
      const ours = await runCli(["inspect", de, "--certificate", digest]);
      const { stdout: pem } = await runCli(["inspect", de, "--certificate", digest, "--pem"]);
      const theirs = execFileSync("openssl", ["x509", "-noout", "-text"], { input: pem, encoding: "utf8" });
      assert.deepEqual(facts(ours.stdout), facts(theirs), digest);
    }
  });
});

/** The lines that do not depend on how a version of OpenSSL breaks and spaces them; hex is compared as one string. */
function facts(text: string) {
  const [openssl = ""] = text.split("\nRead by cert-parser:");
  const lines = openssl.split("\n").map((line) => line.trim());
  const label =
    /^(Version|Serial Number|Signature Algorithm|Not Before|Not After ?|Public Key Algorithm|Public-Key|Exponent|CA|Policy|URI):|^X509v3 |^(Digital Signature|Certificate Sign)/;
  const hex = lines.filter((line) => /^([0-9a-f]{2}:)+([0-9a-f]{2})?$/.test(line));
  return {
    lines: lines
      .filter((line) => label.test(line))
      .map((line) => line.replace(/, (Not After|DirName:).*/, "")),
    // Of explicit parameters we print the curve's name in place of the numbers.
    signature: hex.join("").slice(-60),
    key: hex.join("").slice(0, 60),
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

  // While the Dutch CSCA is in force: an expired one is vouched for by nobody.
  const at = "2026-09-15T00:00:00Z";
  // The lists of the corpus do not get younger.
  const stores = [
    ["PostgreSQL", () => ({ DATABASE_DSN: postgres.dsn, ...anyAge })],
    ["the embedded store", () => ({ DATA_DIR: join(directory, "store"), ...anyAge })],
  ] as const;
  for (const [name, settings] of stores) {
    test(`${name}: the German list, the same again, then the Dutch one beside it`, { timeout }, async () => {
      const env = settings();
      const german = await runCli(["sync", "--json", de, de], { env, at });
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

      const dutch = await runCli(["sync", "--json", "--source", "nl", nl], { env, at });
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

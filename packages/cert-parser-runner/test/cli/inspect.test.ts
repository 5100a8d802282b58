import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fixtureUrl, readFixture, readListedCertificates, readManifest } from "cert-parser-fixtures";
import { runCli, startCli } from "./run-cli.ts";

const path = (name: Parameters<typeof fixtureUrl>[0]) => fileURLToPath(fixtureUrl(name));
const lines = (text: string) => text.split("\n").slice(0, -1);
const world = readManifest().files.find(({ name }) => name === "world.ml");

describe("inspect", { concurrency: 2 }, () => {
  test("--json gives the figures of the list as one document", async () => {
    const { code, stdout, stderr } = await runCli(["inspect", path("world.ml"), "--json"]);
    assert.equal(code, 0);
    assert.equal(stderr, "");
    const summary = JSON.parse(stdout);
    assert.equal(summary.kind, "master-list");
    assert.equal(summary.bytes, world?.bytes);
    assert.equal(summary.sha256, world?.sha256);
    assert.equal(summary.certificates, world?.list?.certificates);
    assert.equal(summary.distinct, world?.list?.distinct);
    assert.deepEqual(summary.countries, world?.list?.countries);
    assert.equal(summary.envelopeCertificates, world?.list?.envelopeCertificates);
    assert.deepEqual(summary.rejected, []);
  });

  test("--ndjson gives one record a line, in the order of the list", async () => {
    const { code, stdout } = await runCli(["inspect", path("world.ml"), "--ndjson"]);
    assert.equal(code, 0);
    const records = lines(stdout).map((line) => JSON.parse(line));
    const expected = readListedCertificates("world.ml");
    assert.deepEqual(
      records.map(({ sha256, serialNumber, notAfter }) => ({ sha256, serialNumber, notAfter })),
      expected.map((certificate) => ({
        sha256: certificate?.sha256,
        serialNumber: certificate?.serialNumber,
        notAfter: certificate?.notAfter,
      })),
    );
    assert.deepEqual(new Set(records.map(({ foundIn }) => foundIn)), new Set(["list"]));
  });

  test("--ndjson --all adds certificates of the envelope and CRLs", async () => {
    const { stdout } = await runCli(["inspect", path("crl-envelope.ml"), "--ndjson", "--all"]);
    const records = lines(stdout).map((line) => JSON.parse(line));
    const [crl, ...others] = records.filter((record) => "thisUpdate" in record);
    assert.deepEqual([crl.revokedCertificates, others.length], [4, 0]);
    assert.equal(records.filter(({ foundIn }) => foundIn === "list").length, 3);
    assert.ok(records.some((record) => record.foundIn === "envelope" && "subject" in record));
  });

  test("--pem gives certificates that OpenSSL reads, each under its subject and digest", async () => {
    const { code, stdout } = await runCli(["inspect", path("bare.der"), "--pem"]);
    assert.equal(code, 0);
    const blocks = stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    assert.equal(blocks.length, 3);
    const digests = blocks.map((block) =>
      new X509Certificate(block).fingerprint256.replaceAll(":", "").toLowerCase(),
    );
    const comments = [...stdout.matchAll(/^# .+ SHA-256 ([0-9a-f]{64})$/gm)].map(([, digest]) => digest);
    assert.deepEqual(comments, digests);
  });

  test("says in words what is in the list, and that nothing is verified", async () => {
    const { code, stdout } = await runCli(["inspect", path("world.ml")]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`certificates +${world?.list?.certificates}, all distinct\n`));
    assert.match(
      stdout,
      new RegExp(`by country +${world?.list?.countries.length} countries; \\d+ expired by 2026-06-01\n`),
    );
    assert.match(stdout, new RegExp(`SHA-256 +${world?.sha256}\n`));
    assert.match(stdout, /signatures +not verified/);
    assert.match(stdout, /rejected +none\n/);
    const widest = Math.max(...lines(stdout).map((line) => line.length));
    assert.ok(widest <= 80, `${widest} columns`);
  });

  test("shows a part that was rejected with its place and reason, and still ends with 0", async () => {
    const { code, stdout } = await runCli(["inspect", path("one-bad.ml")]);
    assert.equal(code, 0);
    assert.match(stdout, /rejected +certificate 1 of the list, [\d,]+ bytes at offset \d+:\n +DER_\w+: /);
  });

  test("reads standard input where the file is -", async () => {
    const { code, stdout } = await runCli(["inspect", "-", "--json"], { input: readFixture("bare.der") });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).kind, "bare-master-list");
  });

  const refused = [
    ["a truncated file", path("truncated.ml"), /^error: PARSE_ERROR \(DER_TRUNCATED\): .*truncated\.ml/],
    ["a text file", path("text.txt"), /^error: PARSE_ERROR \(INPUT_UNRECOGNISED\): /],
    ["an HTML page", path("html-error.html"), /^error: PARSE_ERROR \(INPUT_UNRECOGNISED\): .*HTML/i],
    ["a file that is not there", "no-such.ml", /^error: CONFIGURATION_ERROR \(FILE_NOT_FOUND\): no-such\.ml/],
    ["a directory", tmpdir(), /^error: CONFIGURATION_ERROR \(FILE_IS_DIRECTORY\): /],
  ] as const;
  for (const [name, file, message] of refused) {
    test(`refuses ${name} with one line and exit code 1`, async () => {
      const { code, stdout, stderr } = await runCli(["inspect", file]);
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.equal(lines(stderr).length, 1, stderr);
    });
  }

  test("refuses empty standard input", async () => {
    const { code, stderr } = await runCli(["inspect", "-"]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: PARSE_ERROR \(INPUT_UNRECOGNISED\): /);
  });

  test("ends quietly when the reader has seen enough", async () => {
    const running = startCli(["inspect", path("world.ml"), "--ndjson"]);
    running.process.stdout?.once("data", () => running.process.stdout?.destroy());
    const { code, signal, stderr } = await running.ended;
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
  });

  test("waits for a slow reader and loses nothing", async () => {
    const running = startCli(["inspect", path("world.ml"), "--ndjson", "--all"]);
    running.process.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    running.process.stdout?.resume();
    const { code, stdout } = await running.ended;
    assert.equal(code, 0);
    const { certificates = 0, envelopeCertificates = 0 } = world?.list ?? {};
    assert.equal(lines(stdout).length, certificates + envelopeCertificates);
    assert.ok(stdout.endsWith("}\n"));
  });
});

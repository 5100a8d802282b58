import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { describeCertificate, readBundle } from "cert-parser-core";
import {
  type FixtureName,
  fixtureUrl,
  readCertificates,
  readFixture,
  readListedCertificates,
} from "cert-parser-fixtures";
import { certificatesOf, crlsOf } from "../../src/cli/bundle-parts.ts";
import { certificateText } from "../../src/cli/certificate-text.ts";
import { crlTexts } from "../../src/cli/crl-text.ts";
import { runCli } from "./run-cli.ts";

const path = (name: FixtureName) => fileURLToPath(fixtureUrl(name));
const lines = (text: string) => text.split("\n").slice(0, -1);
const named = (name: string) => readCertificates().find((certificate) => certificate.name === name);
const sha256Of = (name: string) => named(name)?.sha256 ?? "";

async function inspect(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(["inspect", ...args]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}

describe("inspect --certificate", { concurrency: 2 }, () => {
  test("shows what openssl x509 -text does, in its order", async () => {
    const stdout = await inspect(path("world.ml"), "--certificate", "0");
    const order = [
      "Certificate:",
      "    Data:",
      "        Version: 3 (0x2)",
      "        Serial Number:",
      "        Signature Algorithm: ",
      "        Issuer: C = XU",
      "        Validity",
      "            Not Before: ",
      "            Not After : ",
      "        Subject: C = XU",
      "        Subject Public Key Info:",
      "            Public Key Algorithm: ",
      "        X509v3 extensions:",
      "            X509v3 ",
      "    Signature Algorithm: ",
      "    Signature Value:",
      "Read by cert-parser:",
      "  SHA-256",
    ];
    let at = -1;
    for (const beginning of order) {
      const next = lines(stdout).findIndex((line, index) => index > at && line.startsWith(beginning));
      assert.ok(next > at, `${beginning} after line ${at}`);
      at = next;
    }
  });

  test("finds it by position, SHA-256, the first digits of it, and as OpenSSL prints it", async () => {
    const { sha256 = "" } = readListedCertificates("world.ml")[7] ?? {};
    const colons = sha256.toUpperCase().match(/../g)?.join(":");
    for (const which of ["7", sha256, sha256.slice(0, 8), colons, `sha256 Fingerprint=${colons}`]) {
      const stdout = await inspect(path("world.ml"), "--certificate", which ?? "");
      assert.match(stdout, new RegExp(`SHA-256 +${sha256}\n`), which);
    }
  });

  test("counts positions as --ndjson --all does, those of the envelope last", async () => {
    const records = lines(await inspect(path("one-bad.ml"), "--ndjson", "--all")).map((line) =>
      JSON.parse(line),
    );
    assert.deepEqual(
      records.map(({ position }) => position),
      [0, 1, 2, 3],
    );
    const { sha256, foundIn, positions } = JSON.parse(
      await inspect(path("one-bad.ml"), "--certificate", "3", "--json"),
    );
    assert.deepEqual([sha256, foundIn, positions], [records[3].sha256, "envelope", [3]]);
  });

  test("--json is the record of --ndjson and where it stands", async () => {
    const [line = ""] = lines(await inspect(path("world.ml"), "--ndjson"));
    const { position, ...record } = JSON.parse(line);
    const { positions, rejected, ...explained } = JSON.parse(
      await inspect(path("world.ml"), "--certificate", "0", "--json"),
    );
    assert.deepEqual(explained, record);
    assert.deepEqual([positions, rejected], [[position], []]);
  });

  test("--pem is that certificate", async () => {
    const { sha256 = "" } = readListedCertificates("world.ml")[3] ?? {};
    const pem = await inspect(path("world.ml"), "--certificate", sha256, "--pem");
    assert.equal(new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase(), sha256);
  });

  test("tells all positions of one that stands there more than once", async () => {
    const stdout = await inspect(path("duplicates.ml"), "--certificate", sha256Of("xa-passport-3"));
    assert.match(stdout, /position 0, 1 of 0 to \d+\n/);
  });

  test("tells the role and what it rests on", async () => {
    const stdout = await inspect(path("bundle.p7b"), "--certificate", sha256Of("xa-list-signer"));
    assert.match(stdout, /role +ml-signer: extKeyUsage is for signing Master Lists\n/);
    assert.match(stdout, /X509v3 Extended Key Usage: critical\n +ICAO Master List Signing\n/);
  });

  test("tells the document types of a document signer", async () => {
    const stdout = await inspect(path("collection-001.ldif"), "--certificate", "0");
    assert.match(stdout, /ICAO Document Type List:\n +\w/);
  });

  test("tells the entry of the directory, its version and ICAO's judgment", async () => {
    const which = sha256Of("xa-document-signer-2");
    const stdout = await inspect(path("collection-001.ldif"), "--certificate", which);
    assert.match(stdout, /in +cn=C\\=XA\\,/);
    assert.match(stdout, /PKD +version 101\n/);
    assert.match(stdout, /conformance +WARN:DSC\.CDP\.14\n +ERR:DSC\.DTL\.14\n/);
  });

  test("tells findings with code, place and clause", async () => {
    const stdout = await inspect(path("rarities.ml"), "--certificate", sha256Of("rare-serial-too-long"));
    assert.match(stdout, /findings +SERIAL_TOO_LONG at byte \d+ \(RFC 5280, 4\.1\.2\.2\)\n/);
  });

  const oddities = [
    ["rare-version-1", /Version: 1 \(0x0\)\n/],
    ["rare-multi-valued-rdn", / \+ /],
    ["rare-pss-other-mask", /Hash Algorithm: sha\d+\n +Mask Algorithm: mgf1 with sha\d+\n +Salt Length: 0x/],
    ["rare-curve-forged-p", /Parameters: of no curve that is known here\n/],
    ["rare-private-extensions", /\n {12}entrustVersInfo \(1\.2\.840\.113533\.7\.65\.0\):\n {16}30:0a:1b:/],
  ] as const;
  for (const [name, pattern] of oddities) {
    test(`explains ${name}`, async () => {
      assert.match(await inspect(path("rarities.ml"), "--certificate", sha256Of(name)), pattern);
    });
  }

  test("explains every certificate of rarities.ml", async () => {
    const bundle = await readBundle(readFixture("rarities.ml"));
    for (const certificate of certificatesOf(bundle, true)) {
      const description = describeCertificate(certificate);
      const place = { positions: [0], of: 1, rejections: [], now: new Date(0) };
      const text = certificateText(description, place);
      assert.doesNotMatch(text, /undefined|NaN|\[object|null/, description.subject);
    }
  });

  test("shows with a position what was rejected there", async () => {
    const stdout = await inspect(path("one-bad.ml"), "--certificate", "1");
    assert.match(stdout, /rejected +certificate 1 of the list, [\d,]+ bytes at offset \d+:\n/);
  });

  test("shows a rejected part by its SHA-256: place and reason, or its bytes", async () => {
    const { rejected } = JSON.parse(await inspect(path("one-bad.ml"), "--json"));
    const [{ sha256, bytes }] = rejected;
    assert.match(await inspect(path("one-bad.ml"), "--certificate", sha256), /^ {2}rejected +certificate 1 /);
    const explained = JSON.parse(await inspect(path("one-bad.ml"), "--certificate", sha256, "--json"));
    assert.equal(explained.rejected[0].der.length, bytes * 2);
    const pem = await inspect(path("one-bad.ml"), "--certificate", sha256, "--pem");
    assert.match(pem, new RegExp(`^# rejected SHA-256 ${sha256}\n-----BEGIN CERTIFICATE-----\n`));
  });

  test("says with exit code 1 that it is not there, and where to look", async () => {
    for (const which of ["9999", "0000000000000000"]) {
      const { code, stdout, stderr } = await runCli(["inspect", path("bare.der"), "--certificate", which]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(
        stderr,
        /^error: INSPECT_ERROR \(CERTIFICATE_NOT_FOUND\): .*bare\.der: .*--ndjson --all\n$/,
      );
    }
  });

  test("refuses what is neither position nor SHA-256 with exit code 2", async () => {
    for (const which of ["", "97f8", "-1", "xyz", "0".repeat(65)]) {
      const { code, stderr } = await runCli(["inspect", path("bare.der"), `--certificate=${which}`]);
      assert.equal(code, 2, which);
      assert.match(stderr, /^error: --certificate wants a position, from 0, or a SHA-256 of 64 hex digits/);
    }
  });
});

describe("inspect --crl", { concurrency: 2 }, () => {
  test("shows what openssl crl -text does, and its scope", async () => {
    const stdout = await inspect(path("crl-envelope.ml"), "--crl", "0");
    assert.match(stdout, /^Certificate Revocation List \(CRL\):\n {8}Version 2 \(0x1\)\n/);
    assert.match(stdout, / {8}Last Update: May 15 08:00:00 2026 GMT\n/);
    assert.match(stdout, /X509v3 CRL Number:\n +26\n/);
    assert.match(
      stdout,
      /\nRevoked Certificates:\n {4}Serial Number: 1001\n {8}Revocation Date: Feb 29 10:00:00 2024/,
    );
    assert.match(stdout, /X509v3 CRL Reason Code:\n +Key Compromise\n/);
    assert.match(stdout, /scope +full\n/);
  });

  test("--json is its record with its entries", async () => {
    const crl = JSON.parse(await inspect(path("list.crl"), "--crl", "0", "--json"));
    assert.equal(crl.entries.length, crl.revokedCertificates);
    assert.equal(crl.entries[0].reason, "keyCompromise");
  });

  test("explains every CRL of rare-crls.ml", async () => {
    for (const crl of crlsOf(await readBundle(readFixture("rare-crls.ml")))) {
      assert.doesNotMatch([...crlTexts(crl)].join(""), /undefined|NaN|\[object|null/, `CRL ${crl.index}`);
    }
  });

  test("says with exit code 1 that it is not there", async () => {
    const { code, stderr } = await runCli(["inspect", path("bare.der"), "--crl", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: INSPECT_ERROR \(CRL_NOT_FOUND\): .*no CRL at position 0 among 0 CRLs/);
  });
});

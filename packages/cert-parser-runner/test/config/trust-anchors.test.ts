import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Certificate, parseMasterList } from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { readTrustAnchors } from "../../src/config/trust-anchors.ts";

const { certificates, envelopeCertificates } = parseMasterList(readFixture("world.ml"));
const [one, two] = certificates as [Certificate, Certificate];
const signer = envelopeCertificates.find(({ roleBasis }) => roleBasis.role === "ml-signer");

describe("TRUST_ANCHORS", () => {
  let directory = "";
  const path = (name: string) => join(directory, name);
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "cert-parser-anchors-"));
    for (const name of ["anchors", "empty", "mixed"]) mkdirSync(path(name));
    writeFileSync(path("one.cer"), one.der);
    writeFileSync(path("both.pem"), `Subject: one\n${pem(one)}\nSubject: two\n${pem(two)}`);
    writeFileSync(path("signer.cer"), signer?.der ?? "");
    writeFileSync(path("text.txt"), "no certificate");
    writeFileSync(path("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    writeFileSync(path("cut.cer"), one.der.subarray(0, 100));
    writeFileSync(path("anchors/b.cer"), one.der);
    writeFileSync(path("anchors/a.pem"), pem(two));
    writeFileSync(path("anchors/.hidden"), "no certificate");
    // As Kubernetes mounts them.
    symlinkSync(path("empty"), path("anchors/..data"));
    writeFileSync(path("mixed/a.cer"), one.der);
    writeFileSync(path("mixed/b.txt"), "no certificate");
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const read = (text: string) => {
    const anchors = readTrustAnchors(text);
    if (!anchors.ok) throw new Error(anchors.error);
    return anchors.value.map((anchor) => (typeof anchor === "string" ? anchor : anchor.sha256));
  };

  test("are files in DER or PEM, of one certificate or several, directories of them, and fingerprints", () => {
    assert.deepEqual(read(path("one.cer")), [one.sha256]);
    assert.deepEqual(read(path("both.pem")), [one.sha256, two.sha256]);
    assert.deepEqual(read(path("anchors")), [two.sha256, one.sha256]);
    assert.deepEqual(read(` ${path("one.cer")} , ${two.sha256.toUpperCase()}`), [one.sha256, two.sha256]);
  });

  const faults: readonly (readonly [string, RegExp])[] = [
    ["missing.cer", /which cannot be read \(ENOENT\)/],
    ["empty", /in which there is no file$/],
    ["text.txt", /which holds what is no certificate/],
    ["cut.cer", /which holds what is no certificate/],
    ["key.pem", /in which there is no certificate$/],
    ["signer.cer", /a certificate that is not a CSCA's/],
    ["mixed", /b\.txt, which holds what is no certificate/],
  ];
  for (const [name, message] of faults) {
    test(`${name} is a fault, and nothing to fall back from`, () => {
      const anchors = readTrustAnchors(`${path("one.cer")},${path(name)}`);
      assert.ok(!anchors.ok);
      assert.match(anchors.error, message);
    });
  }

  test("a part of a fingerprint is a file that is missing", () => {
    const anchors = readTrustAnchors(one.sha256.slice(1));
    assert.ok(!anchors.ok);
    assert.match(anchors.error, /or a SHA-256 in hex$/);
  });
});

function pem({ der }: Certificate): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBundle, summariseBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { type FixtureName, readCertificates, readFixture, readManifest } from "cert-parser-fixtures";

const fingerprints = new Map(readCertificates().map(({ name, sha256: fingerprint }) => [name, fingerprint]));
const containers = readManifest().files.filter(({ parts }) => parts !== undefined);

describe("fixtures of several parts", () => {
  test("are there: PEM, PKCS #7, LDIF, ZIP", () => {
    assert.deepEqual([...new Set(containers.map(({ kind }) => kind))].sort(), [
      "certificates",
      "ldif",
      "zip",
    ]);
  });

  for (const { name, kind, parts = [], skipped = [] } of containers) {
    test(`${name} holds what its builder put into it`, async () => {
      const bundle = await readBundle(readFixture(name as FixtureName), { sha256 });
      assert.equal(bundle.kind, kind);
      const certificates = parts.flatMap(({ certificate }) =>
        certificate === undefined ? [] : [fingerprints.get(certificate)],
      );
      const crls = parts.flatMap(({ revocationList }) =>
        revocationList === undefined ? [] : [revocationList.sha256],
      );
      const lists = parts.flatMap(({ list }) => (list === undefined ? [] : [list]));
      const loose = bundle.objects.filter(
        ({ signers, kind: each }) => signers.length === 0 && each !== "bare-master-list",
      );
      assert.deepEqual(
        loose.flatMap((object) => object.certificates.map((each) => each.sha256)).sort(),
        certificates.sort(),
      );
      assert.deepEqual(loose.flatMap((object) => object.crls.map((each) => each.sha256)).sort(), crls.sort());
      assert.equal(bundle.objects.length - loose.length, lists.length);
      assert.deepEqual(summariseBundle(bundle).rejected, []);
      const codes = [...bundle.findings, ...loose.flatMap(({ findings }) => findings)].map(
        ({ code }) => code,
      );
      const skips = codes.filter((code) => code === "PEM_BLOCK_SKIPPED" || code === "ARCHIVE_MEMBER_SKIPPED");
      assert.equal(skips.length, skipped.length);
    });
  }
});

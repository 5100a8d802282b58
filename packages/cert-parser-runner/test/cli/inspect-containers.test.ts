import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { describeBundle, readBundle } from "cert-parser-core";
import { type FixtureName, fixtureNames, fixtureUrl, readFixture, readManifest } from "cert-parser-fixtures";
import { bundleText } from "../../src/cli/bundle-text.ts";
import { runCli } from "./run-cli.ts";

const path = (name: FixtureName) => fileURLToPath(fixtureUrl(name));
const lines = (text: string) => text.split("\n").slice(0, -1);
const described = (name: FixtureName) => readManifest().files.find((file) => file.name === name);

async function inspect(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(["inspect", ...args]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}

describe("inspect of a file of several parts", { concurrency: 2 }, () => {
  test("tells of a ZIP the objects with their kind, member, signer and signing time", async () => {
    const stdout = await inspect(path("list.zip"));
    assert.match(stdout, / kind +ZIP archive\n/);
    assert.match(stdout, /objects +2\n +Master List, in masterlist\/XA_2026-06-01\.ml\n/);
    assert.match(stdout, /3 certificates, 2 certificates in the envelope\n/);
    assert.match(stdout, /signed 2026-06-01T12:00:00Z by CN=Master List Signer QZ,/);
    assert.match(stdout, /certificate, in certificates\.zip!\/csca\/aa\.cer\n/);
    assert.match(stdout, /ARCHIVE_MEMBER_SKIPPED 1 /);
  });

  test("--json has the objects of a ZIP with their origins", async () => {
    const { kind, certificates, objects } = JSON.parse(await inspect(path("list.zip"), "--json"));
    assert.deepEqual([kind, certificates], ["zip", 4]);
    assert.deepEqual(
      objects.map((object: { kind: string; origin: { name: string }; certificates: number }) => [
        object.kind,
        object.origin.name,
        object.certificates,
      ]),
      described("list.zip")?.parts?.map(({ origin, list }) => [
        list ? "master-list" : "certificate",
        origin,
        list?.certificates ?? 1,
      ]),
    );
    const [signer] = objects[0].signers;
    assert.equal(signer.signingTime, "2026-06-01T12:00:00Z");
    assert.match(signer.certificate.subject, /^CN=Master List Signer QZ,/);
  });

  test("tells of LDIF the records, versions and conformance codes", async () => {
    const stdout = await inspect(path("collection-001.ldif"));
    assert.match(stdout, /directory +10 records, complete\n +versions 100 to 102, 3 of them\n/);
    assert.match(stdout, /conformance +as ICAO judged it:\n +ERR:DSC\.DTL\.14 +1 +WARN:DSC\.CDP\.14 +1\n/);
    assert.match(stdout, /by role +dsc 4\n/);
  });

  test("tells of CRLs the issuer, number, dates, scope and reasons", async () => {
    const stdout = await inspect(path("collection-001.ldif"));
    assert.match(
      stdout,
      /CRL +of CN=CSCA AA,OU=Passport Office,O=Government of AA,C=AA\n +number 1a, version 2/,
    );
    assert.match(stdout, /this update 2026-05-15T08:00:00Z, next update\s+2026-08-13T08:00:00Z\n/);
    assert.match(stdout, /covers all certificates of its issuer\n/);
    assert.match(
      stdout,
      /revokes 4 certificates: keyCompromise 1, cACompromise 1,\s+superseded 1, no reason 1\n/,
    );
  });

  test("tells of many CRLs in a table", async () => {
    const stdout = await inspect(path("rare-crls.ml"));
    assert.match(stdout, /each CRL +country +number +updated +next +scope +entries\n/);
    assert.match(stdout, / +XA +1a +2026-05-15 +2026-08-13 +delta +1\n/);
  });

  test("--json of LDIF has conformance codes, directories and CRLs", async () => {
    const summary = JSON.parse(await inspect(path("collection-001.ldif"), "--json"));
    assert.deepEqual(summary.conformanceCodes, { "ERR:DSC.DTL.14": 1, "WARN:DSC.CDP.14": 1 });
    assert.deepEqual(summary.directories, [
      { records: 10, isDelta: false, versions: [100, 101, 102], changes: [] },
    ]);
    assert.deepEqual(
      summary.revocationLists.map((crl: { reasons: object }) => crl.reasons),
      [{ keyCompromise: 1, cACompromise: 1, superseded: 1, none: 1 }, { superseded: 1 }],
    );
  });

  test("tells of a delta what it takes from the collection, and which version is missing", async () => {
    const stdout = await inspect(path("delta.ldif"));
    assert.match(stdout, /7 records, a delta, to go on top of a collection\n/);
    assert.match(
      stdout,
      /2 changes to what is not in the file:\n +takes all certificaterevocationlist from cn=/,
    );
    assert.match(stdout, /deletes cn=C\\=AA/);
    assert.match(stdout, /PKD_VERSION_GAP 1 .*\n +the file: pkdVersion goes from 104 to 106/);
  });

  test("tells that a delta is empty", async () => {
    assert.match(await inspect(path("delta-empty.ldif")), /no records: a delta without a change\n/);
  });

  test("tells of a Deviation List each deviation: documents, type, description", async () => {
    const stdout = await inspect(path("deviations.dl"));
    assert.match(stdout, /deviations +6\n/);
    assert.match(
      stdout,
      /1 +documents of type ID\n +mrz\.wrongCheckDigit \(parameters 020104\): Check digit/,
    );
    assert.match(stdout, /3 +documents numbered C01X0006H C01X0007K C01X00478\n/);
    assert.match(stdout, /issued from 2026-03-02 to 2026-03-20\n/);
  });

  test("--ndjson --all adds a line for each deviation", async () => {
    const records = lines(await inspect(path("deviations.dl"), "--ndjson", "--all")).map((line) =>
      JSON.parse(line),
    );
    assert.deepEqual(
      records
        .filter((record) => "descriptions" in record)
        .map(({ documentType, documentNumbers }) => ({ documentType, documentNumbers })),
      described("deviations.dl")?.deviationList?.deviations.map(({ documentType, documentNumbers }) => ({
        documentType,
        documentNumbers,
      })),
    );
  });

  for (const name of fixtureNames.filter((each) => described(each)?.kind !== "unreadable")) {
    test(`fits ${name} in 80 columns`, async () => {
      const text = bundleText(describeBundle(await readBundle(readFixture(name))), name);
      const wide = lines(text).filter((line) => line.length > 80);
      assert.deepEqual(wide, []);
    });
  }
});

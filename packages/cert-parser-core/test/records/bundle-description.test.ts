import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Bundle, describeBundle, readBundle, summariseBundle } from "cert-parser-core";
import { type FixtureName, readCertificates, readFixture } from "cert-parser-fixtures";
import { context, integer, sequence, set, utcTime } from "../der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildSignedData,
  buildSignerInfo,
  name,
  signingTime,
} from "../specimens.ts";

const read = (file: FixtureName): Promise<Bundle> => readBundle(readFixture(file));
const certificateOf = (country: string, serial: string) =>
  buildCertificate({ subject: name(["2.5.4.6", country]), serialNumber: integer(serial) });
const validUntil = (notAfter: string) =>
  buildCertificate({ validity: sequence(utcTime("200101000000Z"), utcTime(notAfter)) });

describe("describeBundle", () => {
  test("begins with the summary", async () => {
    const bundle = await read("world.ml");
    const summary = Object.entries(summariseBundle(bundle));
    assert.deepEqual(Object.entries(describeBundle(bundle)).slice(0, summary.length), summary);
  });

  test("counts the certificates of each country and role", async () => {
    const { roles, byCountry, certificates } = describeBundle(await read("bundle.p7b"));
    assert.equal(certificates, 6);
    const one = { csca: 1, link: 1, dsc: 1, "ml-signer": 1, "dl-signer": 1, "vds-signer": 1 };
    assert.deepEqual(roles, one);
    assert.deepEqual(byCountry, [{ country: "XA", certificates: 6, roles: one, expired: null }]);
  });

  test("puts certificates without a country first, and upper case together with lower", async () => {
    const bundle = await readBundle(
      buildCscaMasterList(
        certificateOf("xb", "01"),
        certificateOf("XB", "02"),
        buildCertificate({ subject: name(["2.5.4.3", "no country"]) }),
      ),
    );
    assert.deepEqual(
      describeBundle(bundle).byCountry.map(({ country, certificates }) => [country, certificates]),
      [
        [null, 1],
        ["XB", 2],
      ],
    );
  });

  test("counts what has expired when the list was signed, or at the instant given", async () => {
    const content = buildCscaMasterList(validUntil("250101000000Z"), validUntil("350101000000Z"));
    const bare = await readBundle(content);
    const signed = await readBundle(
      buildSignedData(content, {
        signerInfos: set(
          buildSignerInfo({ signedAttrs: context(0, signingTime(utcTime("240101000000Z"))) }),
          buildSignerInfo({ signedAttrs: context(0, signingTime(utcTime("260101000000Z"))) }),
        ),
      }),
    );
    const at = (bundle: Bundle, now?: string) => {
      const { expired, expiredAt } = describeBundle(bundle, now === undefined ? {} : { now: new Date(now) });
      return [expired, expiredAt];
    };
    assert.deepEqual(at(bare), [null, null]);
    assert.deepEqual(at(bare, "2040-01-01T00:00:00Z"), [2, "2040-01-01T00:00:00Z"]);
    assert.deepEqual(at(signed, "2040-01-01T00:00:00Z"), [1, "2026-01-01T00:00:00Z"]);
  });

  test("counts keys and algorithms, the most frequent first", async () => {
    const { publicKeys, signatureAlgorithms, certificates } = describeBundle(await read("world.ml"));
    for (const counts of [publicKeys, signatureAlgorithms]) {
      const figures = counts.map((each) => each.certificates);
      assert.deepEqual(
        figures,
        figures.toSorted((a, b) => b - a),
      );
      assert.equal(
        figures.reduce((sum, figure) => sum + figure, 0),
        certificates,
      );
    }
    assert.ok(signatureAlgorithms.some(({ scheme, hash }) => scheme === "rsa-pss" && hash === "SHA-256"));
  });

  for (const file of ["signer-alone.ml", "issuer-serial.ml", "two-signers.ml"] as const) {
    test(`finds the signers of ${file} among the certificates of the envelope`, async () => {
      const { objects } = describeBundle(await read(file));
      const digests = new Map(readCertificates().map(({ sha256, role }) => [sha256, role]));
      for (const { certificate } of objects.flatMap(({ signers }) => signers)) {
        assert.equal(digests.get(certificate?.sha256 ?? ""), "ml-signer");
      }
    });
  }

  test("says null of a signer that is not in the envelope", async () => {
    const [object] = describeBundle(
      await readBundle(buildSignedData(buildCscaMasterList(certificateOf("XA", "01")))),
    ).objects;
    assert.deepEqual(
      object?.signers.map(({ certificate }) => certificate),
      [null],
    );
  });

  test("tells of LDIF what a delta takes away, and the conformance codes", async () => {
    const { directories, conformanceCodes } = describeBundle(await read("delta.ldif"));
    assert.deepEqual(
      directories.map(({ changes, ...directory }) => [directory, changes.map(({ values }) => values)]),
      [[{ records: 7, isDelta: true, versions: [103, 104, 106] }, [0, 0]]],
    );
    assert.deepEqual(conformanceCodes, { "ERR:DSC.SIG.42": 1 });
  });

  test("counts the entries of CRLs by reason", async () => {
    const { revocationLists } = describeBundle(await read("list.crl"));
    assert.deepEqual(
      revocationLists.map(({ reasons }) => reasons),
      [{ keyCompromise: 1, cACompromise: 1, superseded: 1, none: 1 }],
    );
  });

  test("lists deviations", async () => {
    const { deviations, objects } = describeBundle(await read("deviations.dl"));
    assert.deepEqual(
      deviations.map(({ index }) => index),
      [0, 1, 2, 3, 4, 5],
    );
    assert.equal(objects[0]?.deviations, 6);
  });

  test("has an example of every finding, at its place", async () => {
    for (const file of [
      "rarities.ml",
      "rare-crls.ml",
      "delta.ldif",
      "list.zip",
      "certificates.pem",
    ] as const) {
      const { findings, findingExamples } = describeBundle(await read(file));
      assert.deepEqual(Object.keys(findingExamples).sort(), Object.keys(findings).sort(), file);
    }
    const { findingExamples } = describeBundle(
      await readBundle(buildCscaMasterList(certificateOf("XA", "01"), certificateOf("xb", "02"))),
    );
    const { part, position, clause } = findingExamples.COUNTRY_CASE ?? {};
    assert.deepEqual([part, position, clause], ["certificate", 1, "Doc 9303-12, Table 5"]);
  });

  test("comes out of JSON as it went in", async () => {
    for (const file of ["world.ml", "list.zip", "delta.ldif", "deviations.dl", "rare-crls.ml"] as const) {
      const description = describeBundle(await read(file), { now: new Date(0) });
      assert.deepEqual(JSON.parse(JSON.stringify(description)), description);
    }
  });
});

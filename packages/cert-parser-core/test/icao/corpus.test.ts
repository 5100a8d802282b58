import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  type CertificateRecord,
  fromHex,
  parseCertificate,
  parseMasterList,
  readBundle,
  summariseBundle,
  toCertificateRecord,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";

/** What asn1crypto and OpenSSL read of a list. */
interface ExpectedList {
  readonly bytes: number;
  readonly sha256: string;
  readonly certificates: number;
  readonly distinct: number;
  /** A missing country counts as one more. */
  readonly countries: number;
  readonly listSha256: string;
  readonly envelopeCertificates?: number;
  readonly signers?: number;
  readonly sid?: "issuer_and_serial_number" | "subject_key_identifier";
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly signingTime?: string;
}

/** What asn1crypto reads of a certificate. */
type ExpectedRecord = Pick<
  CertificateRecord,
  | "sha256"
  | "bytes"
  | "serialNumber"
  | "country"
  | "notBefore"
  | "notAfter"
  | "subjectKeyIdentifier"
  | "authorityKeyIdentifier"
  | "signatureAlgorithm"
  | "publicKeyAlgorithm"
> & { readonly issuerSha256: string; readonly subjectSha256: string };

const lists = readExpectedLists();

describe("Master Lists of the corpus", { skip: corpusAbsent }, () => {
  for (const [file, expected] of lists) {
    test(`${file} has the counts and the signer that another implementation reads`, async () => {
      const bundle = await readBundle(readCorpus(`master-lists/${file}`), { sha256 });
      const summary = summariseBundle(bundle);
      const [object] = bundle.objects;
      const countriesAndNone = new Set(
        object?.certificates.map((certificate) => toCertificateRecord(certificate).country),
      );
      assert.deepEqual(
        {
          kind: summary.kind,
          bytes: summary.bytes,
          sha256: summary.sha256,
          certificates: summary.certificates,
          distinct: summary.distinct,
          countries: countriesAndNone.size,
          envelopeCertificates: summary.envelopeCertificates,
          rejected: summary.rejected,
          signers: summary.signers.map(({ sid, ...signer }) => ({ sid: sid.type, ...signer })),
        },
        {
          kind: expected.signers === undefined ? "bare-master-list" : "master-list",
          bytes: expected.bytes,
          sha256: expected.sha256,
          certificates: expected.certificates,
          distinct: expected.distinct,
          countries: expected.countries,
          envelopeCertificates: expected.envelopeCertificates ?? 0,
          rejected: [],
          signers: expectedSigners(expected),
        },
      );
    });

    test(`${file} has the records that another implementation reads, field by field, in order`, () => {
      const { certificates } = parseMasterList(readCorpus(`master-lists/${file}`), { sha256 });
      const records = certificates.map(toCertificateRecord);
      const expectedRecords = readExpectedRecords(file);
      assert.equal(records.length, expectedRecords.length);
      for (const [index, record] of records.entries()) {
        const wanted = expectedRecords[index];
        assert.ok(wanted);
        assert.equal(record.index, index);
        assert.deepEqual(comparable(record), { ...wanted, country: wanted.country?.toUpperCase() ?? null });
      }
    });
  }

  test("every list of the corpus is expected", () => {
    assert.deepEqual(
      lists.map(([file]) => file),
      corpusFiles("master-lists"),
    );
  });

  test("three Lithuanian key identifiers without their OCTET STRING are read as they are, and noted", () => {
    const { certificates } = parseMasterList(readCorpus("master-lists/IT_2025-07-24.ml"), { sha256 });
    const raw = certificates.filter(({ findings }) =>
      findings.some(({ code }) => code === "KEY_IDENTIFIER_RAW"),
    );
    assert.deepEqual(
      raw.map((certificate) => [
        toCertificateRecord(certificate).country,
        certificate.subjectKeyIdentifier?.length,
      ]),
      [
        ["LT", 20],
        ["LT", 20],
        ["LT", 20],
      ],
    );
  });

  test("every elliptic-curve key of every list is on a curve that is known by name", () => {
    for (const [file] of lists) {
      const { certificates } = parseMasterList(readCorpus(`master-lists/${file}`), { sha256 });
      const nameless = certificates
        .map(toCertificateRecord)
        .filter(
          (record) => record.publicKeyAlgorithm === "1.2.840.10045.2.1" && record.publicKeyCurve === null,
        );
      assert.deepEqual(
        nameless.map((record) => record.subject),
        [],
      );
    }
  });

  test("a certificate of a list is the same read alone", () => {
    const { certificates } = parseMasterList(readCorpus("master-lists/DE_2026-01-08.ml"), { sha256 });
    for (const certificate of certificates) {
      const { offset: _, findings: inList, ...within } = fieldsOf(certificate);
      const {
        offset: __,
        findings: onItsOwn,
        ...alone
      } = fieldsOf(parseCertificate(certificate.der, { sha256 }));
      assert.deepEqual(alone, within);
      assert.deepEqual(
        onItsOwn.map(({ code, offset }) => [code, offset + certificate.offset]),
        inList.map(({ code, offset }) => [code, offset]),
      );
    }
  });
});

describe("certificates of the corpus", { skip: corpusAbsent }, () => {
  for (const folder of ["csca", "anchors"]) {
    for (const file of corpusFiles(folder)) {
      test(`${folder}/${file} is read as a CSCA certificate`, async () => {
        const { kind, objects } = await readBundle(readCorpus(`${folder}/${file}`), { sha256 });
        assert.equal(kind, "certificate");
        const [certificate] = objects[0]?.certificates ?? [];
        assert.ok(certificate);
        assert.match(toCertificateRecord(certificate).role, file.includes("LINK") ? /^link$/ : /^csca$/);
      });
    }
  }
});

/** The fields of a record that stand in the expectations, names by the digest of their DER. */
function comparable(record: CertificateRecord): ExpectedRecord {
  return {
    authorityKeyIdentifier: record.authorityKeyIdentifier,
    bytes: record.bytes,
    country: record.country,
    issuerSha256: digest(fromHex(record.issuerDer)),
    notAfter: record.notAfter,
    notBefore: record.notBefore,
    publicKeyAlgorithm: record.publicKeyAlgorithm,
    serialNumber: record.serialNumber,
    sha256: record.sha256,
    signatureAlgorithm: record.signatureAlgorithm,
    // The other implementation reads none where the OCTET STRING is missing.
    subjectKeyIdentifier: record.findings.some(({ code }) => code === "KEY_IDENTIFIER_RAW")
      ? null
      : record.subjectKeyIdentifier,
    subjectSha256: digest(fromHex(record.subjectDer)),
  };
}

/** A record without what tells where the certificate was found. */
function fieldsOf(certificate: Parameters<typeof toCertificateRecord>[0]) {
  const { index: _, foundIn: __, ...record } = toCertificateRecord(certificate);
  return { ...record, offset: certificate.offset };
}

function expectedSigners(expected: ExpectedList) {
  if (expected.signers === undefined) return [];
  assert.equal(expected.signers, 1);
  return [
    {
      sid: expected.sid === "subject_key_identifier" ? "subjectKeyIdentifier" : "issuerAndSerialNumber",
      digestAlgorithm: expected.digestAlgorithm,
      signatureAlgorithm: expected.signatureAlgorithm,
      signingTime: expected.signingTime,
    },
  ];
}

function readExpectedLists(): readonly (readonly [string, ExpectedList])[] {
  if (corpusAbsent !== false) return [];
  const text = new TextDecoder().decode(readCorpus("expected/master-lists.json"));
  return Object.entries(JSON.parse(text) as Record<string, ExpectedList>);
}

function readExpectedRecords(file: string): readonly ExpectedRecord[] {
  const text = new TextDecoder().decode(gunzipSync(readCorpus(`expected/${file}.ndjson.gz`)));
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ExpectedRecord);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

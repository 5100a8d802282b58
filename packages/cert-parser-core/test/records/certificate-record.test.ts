import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CertificateRecord,
  parseCertificate,
  parseMasterList,
  toCertificateRecord,
  toHex,
} from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { generalizedTime, oid, sequence, utcTime } from "../der-writer.ts";
import { buildCertificate, name, publicKey } from "../specimens.ts";

describe("the record of a certificate", () => {
  const der = buildCertificate({
    issuer: name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA 1"]),
    subject: name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA, 2"]),
    validity: sequence(utcTime("260102030405Z"), generalizedTime("20510203040506Z")),
  });

  test("has these fields, in this order, with these values", () => {
    const { sha256, issuerDer, subjectDer, ...record } = toCertificateRecord(parseCertificate(der));
    assert.deepEqual(Object.entries(record), [
      ["index", 0],
      ["bytes", der.length],
      ["foundIn", "file"],
      ["origin", null],
      ["role", "link"],
      ["verdict", "unchecked"],
      ["version", 3],
      ["serialNumber", "01"],
      ["issuer", "CN=CSCA 1,C=ut"],
      ["subject", "CN=CSCA\\, 2,C=ut"],
      ["country", "UT"],
      ["notBefore", "2026-01-02T03:04:05Z"],
      ["notAfter", "2051-02-03T04:05:06Z"],
      ["subjectKeyIdentifier", null],
      ["authorityKeyIdentifier", null],
      ["signatureAlgorithm", "1.2.840.10045.4.3.2"],
      ["publicKeyAlgorithm", "1.2.840.10045.2.1"],
      ["publicKeySize", 256],
      ["publicKeyCurve", "P-256"],
      ["findings", record.findings],
    ]);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.equal(issuerDer, toHex(name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA 1"])));
    assert.equal(subjectDer, toHex(name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA, 2"])));
    assert.deepEqual(
      record.findings.map(({ code }) => code),
      ["COUNTRY_CASE", "COUNTRY_CASE"],
    );
  });

  test("says null for the size of a key of 0 bits, as the store expects none or a positive one", () => {
    const zero = Uint8Array.of(2, 1, 0);
    const rsa = sequence(oid("1.2.840.113549.1.1.1"), Uint8Array.of(5, 0));
    const dsa = sequence(oid("1.2.840.10040.4.1"), sequence(zero, zero, zero));
    for (const subjectPublicKeyInfo of [publicKey(rsa, sequence(zero, zero)), publicKey(dsa, zero)]) {
      const certificate = parseCertificate(buildCertificate({ subjectPublicKeyInfo }));
      assert.equal(toCertificateRecord(certificate).publicKeySize, null);
    }
  });

  test("says null where there is no country, no size and no curve", () => {
    const subjectPublicKeyInfo = publicKey(name(), new Uint8Array(1));
    assert.throws(() => parseCertificate(buildCertificate({ subjectPublicKeyInfo })), { code: "DER_SYNTAX" });
    const unknownKey = publicKey(sequence(Uint8Array.of(6, 1, 0x2a)), new Uint8Array(1));
    const record = toCertificateRecord(
      parseCertificate(buildCertificate({ subject: name(), subjectPublicKeyInfo: unknownKey })),
    );
    assert.deepEqual(
      [record.country, record.publicKeySize, record.publicKeyCurve, record.subject],
      [null, null, null, ""],
    );
  });

  test("keeps as many letters of a country as were written", () => {
    const record = toCertificateRecord(
      parseCertificate(buildCertificate({ subject: name(["2.5.4.6", "ltu"]) })),
    );
    assert.equal(record.country, "LTU");
  });

  test("comes out of JSON as it went in, for every certificate of the world list", () => {
    const list = parseMasterList(readFixture("world.ml"));
    const records = [...list.certificates, ...list.envelopeCertificates].map(toCertificateRecord);
    assert.deepEqual(JSON.parse(JSON.stringify(records)) as CertificateRecord[], records);
  });
});

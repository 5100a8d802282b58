import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRevocationList, revokedCertificateRecords, toCrlRecord, toHex } from "cert-parser-core";
import { context, integer, sequence, tlv } from "../der-writer.ts";
import { absent, buildRevocationList, crlEntry, extension, name } from "../specimens.ts";

const keyCompromise = sequence(extension("2.5.29.21", tlv(0x0a, Uint8Array.of(1))));

describe("the record of a CRL", () => {
  const issuer = name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA"]);
  const der = buildRevocationList({
    issuer,
    revokedCertificates: sequence(crlEntry("0a"), crlEntry("ff0b", keyCompromise)),
    crlExtensions: context(0, sequence(extension("2.5.29.20", integer("1a")))),
  });
  const crl = parseRevocationList(der);

  test("has these fields, in this order, with these values", () => {
    const { sha256, ...record } = toCrlRecord(crl);
    assert.deepEqual(Object.entries(record), [
      ["index", 0],
      ["bytes", der.length],
      ["foundIn", "file"],
      ["version", 2],
      ["issuer", "CN=CSCA,C=ut"],
      ["issuerDer", toHex(issuer)],
      ["country", "UT"],
      ["thisUpdate", "2026-06-01T00:00:00Z"],
      ["nextUpdate", "2026-09-01T00:00:00Z"],
      ["crlNumber", "1a"],
      ["authorityKeyIdentifier", null],
      ["signatureAlgorithm", "1.2.840.10045.4.3.2"],
      ["revokedCertificates", 2],
      ["findings", []],
    ]);
    assert.equal(sha256, crl.sha256);
  });

  test("says null for what a CRL of version 1 has not", () => {
    const record = toCrlRecord(
      parseRevocationList(buildRevocationList({ version: absent, nextUpdate: absent, issuer: name() })),
    );
    assert.deepEqual(
      [record.nextUpdate, record.crlNumber, record.country, record.version],
      [null, null, null, 1],
    );
  });

  test("comes out of JSON as it went in", () => {
    const record = toCrlRecord(crl);
    assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
  });

  test("has entries that can be iterated again and again", () => {
    const entries = revokedCertificateRecords(crl);
    const expected = [
      { serialNumber: "0a", revocationDate: "2026-05-01T00:00:00Z", reason: null },
      { serialNumber: "ff0b", revocationDate: "2026-05-01T00:00:00Z", reason: "keyCompromise" },
    ];
    assert.deepEqual([...entries], expected);
    assert.deepEqual([...entries], expected);
  });
});

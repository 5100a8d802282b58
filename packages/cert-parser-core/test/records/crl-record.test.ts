import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRevocationList, revokedCertificateRecords, toCrlRecord, toHex } from "cert-parser-core";
import { context, generalizedTime, integer, sequence, tlv } from "../der-writer.ts";
import { absent, buildRevocationList, crlEntry, crlExtensions, extension, name } from "../specimens.ts";

const keyCompromise = sequence(extension("2.5.29.21", tlv(0x0a, Uint8Array.of(1))));

describe("the record of a CRL", () => {
  const issuer = name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA"]);
  const der = buildRevocationList({
    issuer,
    revokedCertificates: sequence(crlEntry("0a"), crlEntry("0b0b", keyCompromise)),
    crlExtensions: crlExtensions(extension("2.5.29.20", integer("1a"))),
  });
  const crl = parseRevocationList(der);

  test("has these fields, in this order, with these values", () => {
    const { sha256, ...record } = toCrlRecord(crl);
    assert.deepEqual(Object.entries(record), [
      ["index", 0],
      ["bytes", der.length],
      ["foundIn", "file"],
      ["origin", null],
      ["version", 2],
      ["issuer", "CN=CSCA,C=ut"],
      ["issuerDer", toHex(issuer)],
      ["country", "UT"],
      ["thisUpdate", "2026-06-01T00:00:00Z"],
      ["nextUpdate", "2026-09-01T00:00:00Z"],
      ["scope", "full"],
      ["crlNumber", "1a"],
      ["baseCrlNumber", null],
      ["authorityKeyIdentifier", null],
      ["authorityKey", null],
      ["issuerAltName", null],
      ["issuingDistributionPoint", null],
      ["freshestCRL", null],
      ["signatureAlgorithm", "1.2.840.10045.4.3.2"],
      ["revokedCertificates", 2],
      ["findings", crl.findings],
    ]);
    assert.equal(sha256, crl.sha256);
  });

  test("says null for what a CRL of version 1 has not", () => {
    const record = toCrlRecord(
      parseRevocationList(
        buildRevocationList({
          version: absent,
          nextUpdate: absent,
          issuer: name(),
          crlExtensions: absent,
        }),
      ),
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
    const rest = { invalidityDate: null, certificateIssuer: null };
    const expected = [
      { serialNumber: "0a", revocationDate: "2026-05-01T00:00:00Z", reason: null, ...rest },
      { serialNumber: "0b0b", revocationDate: "2026-05-01T00:00:00Z", reason: "keyCompromise", ...rest },
    ];
    assert.deepEqual([...entries], expected);
    assert.deepEqual([...entries], expected);
  });

  test("tells of a delta, and of an indirect CRL, all that they say", () => {
    const uri = tlv(0x86, new TextEncoder().encode("http://ut.example/crl"));
    const point = sequence(context(0, context(0, uri)), tlv(0x84, Uint8Array.of(0xff)));
    const full = parseRevocationList(
      buildRevocationList({
        revokedCertificates: sequence(
          crlEntry(
            "0a",
            sequence(
              extension("2.5.29.24", generalizedTime("20260401000000Z")),
              extension("2.5.29.29", sequence(context(4, issuer)), true),
            ),
          ),
        ),
        crlExtensions: crlExtensions(
          extension("2.5.29.20", integer("1a")),
          extension("2.5.29.27", integer("19"), true),
          extension("2.5.29.28", point, true),
          extension(
            "2.5.29.35",
            sequence(
              tlv(0x80, Uint8Array.of(0xb1)),
              context(1, context(4, issuer)),
              tlv(0x82, Uint8Array.of(0x5f)),
            ),
          ),
          extension("2.5.29.46", sequence(sequence(context(0, context(0, uri))))),
        ),
      }),
    );
    const record = toCrlRecord(full);
    const location = [{ type: "uniformResourceIdentifier", value: "http://ut.example/crl" }];
    const authority = [{ type: "directoryName", value: "CN=CSCA,C=ut" }];
    assert.deepEqual(
      [record.scope, record.baseCrlNumber, record.authorityKeyIdentifier],
      ["delta", "19", "b1"],
    );
    assert.deepEqual(record.authorityKey, {
      keyIdentifier: "b1",
      authorityCertIssuer: authority,
      authorityCertSerialNumber: "5f",
    });
    assert.deepEqual(record.freshestCRL, [
      { fullName: location, nameRelativeToCRLIssuer: null, reasons: null, cRLIssuer: null },
    ]);
    assert.deepEqual(record.issuingDistributionPoint, {
      fullName: location,
      nameRelativeToCRLIssuer: null,
      onlyContainsUserCerts: false,
      onlyContainsCACerts: false,
      onlySomeReasons: null,
      indirectCRL: true,
      onlyContainsAttributeCerts: false,
    });
    assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
    assert.deepEqual(
      [...revokedCertificateRecords(full)],
      [
        {
          serialNumber: "0a",
          revocationDate: "2026-05-01T00:00:00Z",
          reason: null,
          invalidityDate: "2026-04-01T00:00:00Z",
          certificateIssuer: authority,
        },
      ],
    );
  });
});

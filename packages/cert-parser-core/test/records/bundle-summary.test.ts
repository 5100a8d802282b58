import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBundle, summariseBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { concat, context, integer, sequence, set, tlv, utcTime } from "../der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
  crlEntry,
  name,
  sampleName,
  signingTime,
  unreadableCertificate,
} from "../specimens.ts";

const certificateOf = (country: string, serial: string) =>
  buildCertificate({ subject: name(["2.5.4.6", country]), serialNumber: integer(serial) });

describe("summariseBundle", () => {
  test("counts what is in a list", async () => {
    const crl = buildRevocationList({ revokedCertificates: sequence(crlEntry("01"), crlEntry("02")) });
    const bytes = concat(
      buildSignedData(
        buildCscaMasterList(
          certificateOf("XB", "01"),
          certificateOf("xb", "02"),
          certificateOf("XA", "03"),
          unreadableCertificate,
          certificateOf("XB", "01"),
          buildCertificate({ subject: name(["2.5.4.3", "no country"]) }),
        ),
        {
          certificates: context(0, certificateOf("ZZ", "04")),
          crls: context(1, crl, buildRevocationList()),
          signerInfos: set(
            buildSignerInfo(),
            buildSignerInfo({
              sid: sequence(sampleName, integer("ff")),
              signedAttrs: context(0, signingTime(utcTime("990101000000Z"))),
            }),
            buildSignerInfo({ signedAttrs: concat(), sid: tlv(0x80) }),
          ),
        },
      ),
      Uint8Array.of(0),
    );
    const bundle = await readBundle(bytes, { sha256 });
    const { sha256: digest, rejected, ...summary } = summariseBundle(bundle);
    assert.equal(digest, bundle.sha256);
    assert.deepEqual(
      rejected.map(({ sha256: _, offset: __, reason, ...rejection }) => [rejection, reason.code]),
      [
        [
          {
            kind: "certificate",
            foundIn: "list",
            index: 3,
            origin: null,
            bytes: unreadableCertificate.length,
          },
          "DER_SYNTAX",
        ],
      ],
    );
    assert.deepEqual(summary, {
      kind: "master-list",
      bytes: bytes.length,
      certificates: 5,
      distinct: 4,
      countries: ["XA", "XB"],
      crls: 2,
      revoked: 2,
      findings: {
        COMMON_NAME_ABSENT: 5,
        COUNTRY_ABSENT: 1,
        COUNTRY_CASE: 1,
        COUNTRY_MISMATCH: 5,
        DUPLICATE_CERTIFICATE: 1,
        ENVELOPE_CRLS: 1,
        SET_OF_ORDER: 1,
        SIGNING_TIME_MISSING: 1,
        TRAILING_DATA: 1,
      },
      envelopeCertificates: 1,
      signers: [
        {
          sid: { type: "subjectKeyIdentifier", subjectKeyIdentifier: "a1b2c3d4" },
          digestAlgorithm: "2.16.840.1.101.3.4.2.1",
          signatureAlgorithm: "1.2.840.10045.4.3.2",
          signingTime: "2026-06-01T12:00:00Z",
        },
        {
          sid: { type: "issuerAndSerialNumber", issuer: "CN=CSCA Utopia,C=UT", serialNumber: "ff" },
          digestAlgorithm: "2.16.840.1.101.3.4.2.1",
          signatureAlgorithm: "1.2.840.10045.4.3.2",
          signingTime: "1999-01-01T00:00:00Z",
        },
        {
          sid: { type: "subjectKeyIdentifier", subjectKeyIdentifier: "" },
          digestAlgorithm: "2.16.840.1.101.3.4.2.1",
          signatureAlgorithm: "1.2.840.10045.4.3.2",
          signingTime: null,
        },
      ],
    });
  });

  test("tells certificates apart by their digest", async () => {
    const [one, two] = [certificateOf("XA", "01"), certificateOf("XA", "02")];
    const { certificates, distinct } = summariseBundle(await readBundle(buildCscaMasterList(one, two, one)));
    assert.deepEqual([certificates, distinct], [3, 2]);
  });

  test("of a CRL counts no certificates", async () => {
    const crl = buildRevocationList({ revokedCertificates: sequence(crlEntry("01")) });
    const { kind, certificates, distinct, countries, crls, revoked } = summariseBundle(await readBundle(crl));
    assert.deepEqual([kind, certificates, distinct, countries, crls, revoked], ["crl", 0, 0, [], 1, 1]);
  });

  test("comes out of JSON as it went in", async () => {
    const list = buildSignedData(buildCscaMasterList(unreadableCertificate, certificateOf("XA", "01")));
    const summary = summariseBundle(await readBundle(list));
    assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
  });
});

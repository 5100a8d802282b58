import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Certificate, CertificateList } from "@peculiar/asn1-x509";
import { CertParserError, decodeCertificate, decodeRevocationList, fromHex, toHex } from "cert-parser-core";
import { concat, sequence } from "../der-writer.ts";
import { buildCertificate, buildRevocationList, crlEntry } from "../specimens.ts";

const certificate = buildCertificate();
const crl = buildRevocationList({ revokedCertificates: sequence(crlEntry("0a"), crlEntry("0b")) });

describe("the schema object of @peculiar/asn1-x509", () => {
  test("is given for a certificate", () => {
    const schema = decodeCertificate(certificate);
    assert.ok(schema instanceof Certificate);
    assert.equal(toHex(new Uint8Array(schema.tbsCertificate.serialNumber)), "01");
  });

  test("is given for a CRL", () => {
    const schema = decodeRevocationList(crl);
    assert.ok(schema instanceof CertificateList);
    assert.equal(schema.tbsCertList.revokedCertificates?.length, 2);
  });

  const rejected = [
    ["empty input", () => decodeCertificate(concat()), "DER_TRUNCATED"],
    ["a certificate cut off", () => decodeCertificate(certificate.subarray(0, 50)), "DER_TRUNCATED"],
    [
      "bytes after the certificate",
      () => decodeCertificate(concat(certificate, fromHex("00"))),
      "DER_TRAILING_DATA",
    ],
    ["a CRL for a certificate", () => decodeCertificate(crl), "DER_SYNTAX"],
    ["a certificate for a CRL", () => decodeRevocationList(certificate), "DER_SYNTAX"],
    ["an input over maxBytes", () => decodeCertificate(certificate, { maxBytes: 10 }), "LIMIT_EXCEEDED"],
    ["too many elements", () => decodeRevocationList(crl, { maxElements: 3 }), "DER_SYNTAX"],
    ["too deep a nest", () => decodeCertificate(certificate, { maxDepth: 2 }), "DER_SYNTAX"],
  ] as const;

  for (const [flaw, read, code] of rejected) {
    test(`is refused for ${flaw}`, () => {
      assert.throws(read, (error) => {
        assert.ok(error instanceof CertParserError);
        assert.equal(error.code, code);
        return true;
      });
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCertificate, parseRevocationList, type RevocationList } from "cert-parser-core";
import { fromHex } from "../../src/bytes/hex.ts";
import { context, sequence, tlv } from "../der-writer.ts";
import {
  buildCertificate,
  buildRevocationList,
  crlEntry,
  crlExtensions,
  extension,
  extensions,
  sampleAuthorityKey,
  sampleCrlNumber,
} from "../specimens.ts";

const empty = sequence();
const idCeSubjectAltName = "2.5.29.17";
const uri = (length: number) => tlv(0x86, new Uint8Array(length).fill(0x61));

describe("extensions are bounded:", () => {
  test("a thousand are read, though they are malformed, and one more is refused", () => {
    const of = (count: number) =>
      buildCertificate({ extensions: extensions(...new Array<Uint8Array>(count).fill(empty)) });
    assert.equal(
      parseCertificate(of(1000)).findings.filter(({ code }) => code === "EXTENSION_MALFORMED").length,
      1000,
    );
    assert.throws(() => parseCertificate(of(1001)), {
      code: "LIMIT_EXCEEDED",
      path: "TBSCertificate.extensions",
    });
  });

  test("those of a CRL too", () => {
    const of = (count: number) =>
      buildRevocationList({ crlExtensions: crlExtensions(...new Array<Uint8Array>(count).fill(empty)) });
    assert.equal(parseRevocationList(of(1000)).extensions.length, 0);
    assert.throws(() => parseRevocationList(of(1001)), { code: "LIMIT_EXCEEDED" });
  });

  test("one whose value is over 64 KiB is not looked into, and kept", () => {
    const names = (count: number) => sequence(...new Array<Uint8Array>(count).fill(tlv(0x82, fromHex("61"))));
    const of = (count: number) =>
      parseCertificate(
        buildCertificate({ extensions: extensions(extension(idCeSubjectAltName, names(count))) }),
      );
    assert.equal(of(20_000).subjectAltName?.length, 20_000);
    const over = of(22_000);
    assert.equal(over.subjectAltName, undefined);
    const [{ value, offset } = assert.fail()] = over.extensions;
    assert.equal(value.length, 66_005);
    assert.deepEqual(
      over.findings.find(({ code }) => code === "EXTENSION_TOO_LONG"),
      {
        code: "EXTENSION_TOO_LONG",
        message: "extension 2.5.29.17 was not looked into: its value is 66005 bytes, over 65536",
        offset,
        clause: "Limits.maxExtensionBytes",
      },
    );
    assert.ok(!over.findings.some(({ code }) => code === "EXTENSION_MALFORMED"));
  });

  test("the length that is looked into is the caller's to say", () => {
    const value = sequence(uri(10));
    const certificate = buildCertificate({ extensions: extensions(extension(idCeSubjectAltName, value)) });
    const of = (maxExtensionBytes: number) =>
      parseCertificate(certificate, { limits: { maxExtensionBytes } });
    assert.equal(of(value.length).subjectAltName?.length, 1);
    assert.equal(of(value.length - 1).subjectAltName, undefined);
    assert.deepEqual(of(value.length - 1).extensions[0]?.value, value);
  });

  const codesOf = ({ findings }: RevocationList) => findings.map(({ code }) => code);
  const limits = { maxExtensionBytes: 20 };

  const ofCrl = [
    ["that limits the scope leaves it unknown", "2.5.29.28", true, "unknown"],
    ["that does not matter leaves the scope as it is", "2.5.29.18", undefined, "full"],
  ] as const;
  for (const [what, type, critical, scope] of ofCrl) {
    test(`one of a CRL ${what}`, () => {
      const long = extension(type, sequence(context(0, context(0, uri(20)))), critical);
      const der = buildRevocationList({
        crlExtensions: crlExtensions(sampleAuthorityKey, sampleCrlNumber, long),
      });
      const crl = parseRevocationList(der, { limits });
      assert.deepEqual(codesOf(crl), ["EXTENSION_TOO_LONG"]);
      assert.deepEqual([crl.issuingDistributionPoint, crl.issuerAltName], [undefined, undefined]);
      assert.equal(crl.scope, scope);
      assert.equal(crl.extensions.length, 3);
    });
  }

  test("one of an entry that says whose it is leaves that, and the scope, unknown", () => {
    const issuer = extension("2.5.29.29", sequence(uri(20)), true);
    const entries = sequence(crlEntry("0a", sequence(issuer)));
    const der = buildRevocationList({ revokedCertificates: entries });
    const crl = parseRevocationList(der, { limits });
    const [entry = assert.fail()] = crl.revokedCertificates;
    assert.deepEqual(codesOf(crl), ["EXTENSION_TOO_LONG"]);
    assert.equal(entry.findings[0]?.code, "EXTENSION_TOO_LONG");
    assert.equal(entry.certificateIssuer, undefined);
    assert.equal(crl.scope, "unknown");
    assert.equal([...parseRevocationList(der).revokedCertificates][0]?.certificateIssuer?.length, 1);
  });
});

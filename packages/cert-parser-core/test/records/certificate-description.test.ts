import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CertificateDescription,
  describeCertificate,
  fromHex,
  parseCertificate,
  parseMasterList,
  toCertificateRecord,
  toHex,
} from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import {
  bitString,
  boolean,
  context,
  generalizedTime,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utf8String,
} from "../der-writer.ts";
import {
  absent,
  attribute,
  buildCertificate,
  curveNamed,
  explicitParameters,
  extension,
  extensions,
  name,
  publicKey,
} from "../specimens.ts";

const text = (value: string) => new TextEncoder().encode(value);
const directoryName = context(4, name(["2.5.4.7", "UTO"], ["2.5.4.8", "UT1"]));

function describeWith(...list: readonly Uint8Array[]): CertificateDescription {
  return describeCertificate(parseCertificate(buildCertificate({ extensions: extensions(...list) })));
}

describe("the description of a certificate", () => {
  test("begins with all of its record", () => {
    const certificate = parseCertificate(buildCertificate());
    const record = toCertificateRecord(certificate);
    const description = describeCertificate(certificate);
    assert.deepEqual(
      Object.entries(description).slice(0, Object.keys(record).length),
      Object.entries(record),
    );
  });

  test("says null of every extension that is not there", () => {
    const description = describeCertificate(parseCertificate(buildCertificate({ extensions: absent })));
    const fields = [
      "authorityKey",
      "basicConstraints",
      "keyUsage",
      "extKeyUsage",
      "privateKeyUsagePeriod",
      "subjectAltName",
      "issuerAltName",
      "cRLDistributionPoints",
      "certificatePolicies",
      "documentTypeList",
    ] as const;
    for (const field of fields) assert.equal(description[field], null, field);
    assert.deepEqual([description.nameChange, description.extensions], [false, []]);
  });

  test("spells out its names, and folds them", () => {
    const subject = sequence(
      set(attribute("2.5.4.6", printableString("ut"))),
      set(attribute("1.2.3.4", octetString()), attribute("2.5.4.3", utf8String("CSCA  Ütopia"))),
    );
    const { subjectAttributes, foldedSubject, foldedIssuer } = describeCertificate(
      parseCertificate(buildCertificate({ subject })),
    );
    assert.deepEqual(subjectAttributes, [
      [{ type: "2.5.4.6", name: "C", value: "ut", stringType: "PRINTABLE STRING", der: "13027574" }],
      [
        { type: "1.2.3.4", name: null, value: null, stringType: "OCTET STRING", der: "0400" },
        {
          type: "2.5.4.3",
          name: "CN",
          value: "CSCA  Ütopia",
          stringType: "UTF8 STRING",
          der: toHex(utf8String("CSCA  Ütopia")),
        },
      ],
    ]);
    assert.equal(foldedSubject, "2.5.4.6=ut,1.2.3.4=#0400+2.5.4.3=csca ütopia");
    assert.equal(foldedIssuer, "2.5.4.6=ut,2.5.4.3=csca utopia");
  });

  test("tells an EC key by its curve, and how it says so", () => {
    const point = new Uint8Array(97).fill(4);
    const algorithm = sequence(oid("1.2.840.10045.2.1"), explicitParameters(curveNamed("brainpoolP384r1")));
    const subjectPublicKeyInfo = publicKey(algorithm, point);
    const { publicKey: key } = describeCertificate(
      parseCertificate(buildCertificate({ subjectPublicKeyInfo })),
    );
    assert.deepEqual(key, {
      algorithm: "1.2.840.10045.2.1",
      size: 384,
      curve: "brainpoolP384r1",
      parameters: "explicit",
      exponent: null,
      key: toHex(point),
      der: toHex(subjectPublicKeyInfo),
    });
  });

  test("tells an RSA key by its modulus and exponent", () => {
    const key = sequence(integer(`00${"c1".repeat(384)}`), integer("010001"));
    const subjectPublicKeyInfo = publicKey(sequence(oid("1.2.840.113549.1.1.1"), fromHex("0500")), key);
    const read = describeCertificate(parseCertificate(buildCertificate({ subjectPublicKeyInfo }))).publicKey;
    assert.deepEqual(
      [read.size, read.curve, read.parameters, read.exponent, read.key],
      [3072, null, null, "65537", toHex(key)],
    );
  });

  test("tells how it is signed, PSS parameters with their defaults", () => {
    const signature = sequence(oid("1.2.840.113549.1.1.10"), sequence());
    const described = describeCertificate(
      parseCertificate(buildCertificate({ signature, signatureAlgorithm: signature })),
    );
    assert.deepEqual(described.signature, {
      algorithm: "1.2.840.113549.1.1.10",
      scheme: "rsa-pss",
      hash: "SHA-1",
      pss: { hash: "SHA-1", maskGenHash: "SHA-1", saltLength: 20, trailerField: 1 },
      parameters: "3000",
      value: toHex(sequence(integer("01"), integer("02"))),
    });
  });

  test("says what it is for", () => {
    const described = describeWith(
      extension("2.5.29.19", sequence(boolean(true), integer("00")), true),
      extension("2.5.29.15", bitString(fromHex("06"), 1), true),
      extension("2.5.29.37", sequence(oid("2.23.136.1.1.3"), oid("1.2.3.4")), true),
      extension("2.5.29.16", sequence(tlv(0x80, text("20260101000000Z")))),
    );
    assert.deepEqual(described.basicConstraints, { cA: true, pathLenConstraint: 0 });
    assert.deepEqual(described.keyUsage, ["keyCertSign", "cRLSign"]);
    assert.deepEqual(described.extKeyUsage, [
      { type: "2.23.136.1.1.3", name: "icao-mrtd-security-masterListSigningKey" },
      { type: "1.2.3.4", name: null },
    ]);
    assert.deepEqual(described.privateKeyUsagePeriod, { notBefore: "2026-01-01T00:00:00Z", notAfter: null });
    assert.equal(described.role, described.roleBasis.role);
  });

  test("names the state, where CRLs are, policies and the issuer's key", () => {
    const described = describeWith(
      extension("2.5.29.17", sequence(directoryName, tlv(0x81, text("a@b.ut")))),
      extension("2.5.29.18", sequence(directoryName)),
      extension(
        "2.5.29.31",
        sequence(sequence(context(0, context(0, tlv(0x86, text("https://a.ut/c.crl")))))),
      ),
      extension("2.5.29.32", sequence(sequence(oid("1.2.3.4")))),
      extension(
        "2.5.29.35",
        sequence(tlv(0x80, fromHex("a1b2")), context(1, directoryName), tlv(0x82, fromHex("0142"))),
      ),
    );
    const directory = { type: "directoryName", value: "ST=UT1,L=UTO" };
    assert.deepEqual(described.subjectAltName, {
      names: [directory, { type: "rfc822Name", value: "a@b.ut" }],
      localityName: "UTO",
      stateOrProvinceName: "UT1",
    });
    assert.deepEqual(described.issuerAltName?.names, [directory]);
    assert.deepEqual(described.cRLDistributionPoints, [
      {
        fullName: [{ type: "uniformResourceIdentifier", value: "https://a.ut/c.crl" }],
        nameRelativeToCRLIssuer: null,
        reasons: null,
        cRLIssuer: null,
      },
    ]);
    assert.deepEqual(described.certificatePolicies, [
      { policyIdentifier: "1.2.3.4", cPSuris: [], userNotices: [] },
    ]);
    assert.deepEqual(described.authorityKey, {
      keyIdentifier: "a1b2",
      authorityCertIssuer: [directory],
      authorityCertSerialNumber: "0142",
    });
  });

  test("keeps every extension, those of no name too", () => {
    const described = describeWith(
      extension("2.23.136.1.1.6.1", fromHex("0500")),
      extension("2.23.136.1.1.6.2", sequence(integer("00"), set(printableString("P")))),
      extension("1.2.3.4", fromHex("0500"), true),
    );
    assert.equal(described.nameChange, true);
    assert.deepEqual(described.documentTypeList, { types: ["P"], encoding: "standard" });
    assert.deepEqual(
      described.extensions.map(({ type, name: called, critical }) => [type, called, critical]),
      [
        ["2.23.136.1.1.6.1", "nameChange", false],
        ["2.23.136.1.1.6.2", "documentTypeList", false],
        ["1.2.3.4", null, true],
      ],
    );
    assert.equal(described.extensions[2]?.value, "0500");
  });

  test("has a time that is no time of a private key as null", () => {
    const flawed = extension("2.5.29.16", sequence(generalizedTime("20260101000000Z")));
    assert.equal(describeWith(flawed).privateKeyUsagePeriod, null);
  });

  test("comes out of JSON as it went in, for every certificate of the world list", () => {
    const { certificates } = parseMasterList(readFixture("world.ml"));
    const described = certificates.map(describeCertificate);
    assert.deepEqual(JSON.parse(JSON.stringify(described)) as unknown, described);
  });
});

test("every certificate of the Italian list is described", { skip: corpusAbsent }, () => {
  const { certificates } = parseMasterList(readCorpus("master-lists/IT_2025-07-24.ml"));
  for (const certificate of certificates) {
    const { publicKey: key, signature, foldedSubject } = describeCertificate(certificate);
    assert.ok(key.size !== null && signature.scheme !== null && foldedSubject.length > 0);
    assert.equal(key.parameters === null, key.exponent !== null);
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatName, fromHex, parseMasterList, type SignerInfo, toHex } from "cert-parser-core";
import {
  concat,
  context,
  generalizedTime,
  indefinite,
  integer,
  octetString,
  oid,
  sequence,
  set,
  utcTime,
} from "../der-writer.ts";
import {
  buildCscaMasterList,
  buildSignedData,
  buildSignerInfo,
  type SignerInfoParts,
  sampleName,
  signingTime,
} from "../specimens.ts";

function listWith(...signerInfos: readonly Uint8Array[]) {
  return parseMasterList(buildSignedData(buildCscaMasterList(), { signerInfos: set(...signerInfos) }));
}

function signerWith(parts: Partial<SignerInfoParts>): SignerInfo {
  const [signer] = listWith(buildSignerInfo(parts)).signers;
  assert.ok(signer);
  return signer;
}

describe("SignerInfo, RFC 5652 section 5.3", () => {
  test("gives its fields, and its exact bytes with their place", () => {
    const signedAttrs = context(0, signingTime(utcTime("260601120000Z")));
    const unsignedAttrs = context(1, sequence(oid("1.2.3"), set()));
    const der = buildSignerInfo({ signedAttrs, unsignedAttrs });
    const bytes = buildSignedData(buildCscaMasterList(), { signerInfos: set(der) });
    const [signer] = parseMasterList(bytes).signers;
    assert.ok(signer);
    assert.equal(signer.version, 3);
    assert.equal(signer.digestAlgorithm.algorithm, "2.16.840.1.101.3.4.2.1");
    assert.equal(signer.signatureAlgorithm.algorithm, "1.2.840.10045.4.3.2");
    assert.equal(toHex(signer.signature), "3006020101020102");
    assert.deepEqual(signer.signedAttrs, signedAttrs);
    assert.deepEqual(signer.unsignedAttrs, unsignedAttrs);
    assert.deepEqual(signer.der, der);
    assert.deepEqual(bytes.subarray(signer.offset, signer.offset + der.length), der);
  });

  test("may have its algorithms in BER", () => {
    const digestAlgorithm = indefinite(0x30, oid("1.2.3"), indefinite(0x30, integer("01")));
    const read = signerWith({ digestAlgorithm }).digestAlgorithm;
    assert.equal(read.algorithm, "1.2.3");
    assert.deepEqual(read.der, digestAlgorithm);
    assert.deepEqual(read.parameters, indefinite(0x30, integer("01")));
  });

  test("is refused where something follows the parameters of an algorithm", () => {
    const digestAlgorithm = sequence(oid("1.2.3"), integer("01"), integer("02"));
    assert.throws(() => signerWith({ digestAlgorithm }), { code: "DER_TRAILING_DATA" });
  });

  test("names its certificate by the subject key identifier", () => {
    const { sid } = signerWith({});
    assert.ok(sid.type === "subjectKeyIdentifier");
    assert.equal(toHex(sid.subjectKeyIdentifier), "a1b2c3d4");
  });

  test("names its certificate by issuer and serial number, as Italy does", () => {
    const { sid } = signerWith({ sid: sequence(sampleName, integer("ff01")) });
    assert.ok(sid.type === "issuerAndSerialNumber");
    assert.equal(formatName(sid.issuer), "CN=CSCA Utopia,C=UT");
    assert.equal(toHex(sid.serialNumber), "ff01");
  });

  test("there may be several of", () => {
    const { signers } = listWith(buildSignerInfo(), buildSignerInfo({ signedAttrs: concat() }));
    assert.deepEqual(
      signers.map((signer) => signer.signingTime?.toISOString()),
      ["2026-06-01T12:00:00.000Z", undefined],
    );
  });

  const rejected = [
    ["that is no SEQUENCE", integer("01")],
    ["that is empty", sequence()],
    ["whose sid is a [1]", buildSignerInfo({ sid: context(1, octetString()) })],
    ["whose sid has no serial number", buildSignerInfo({ sid: sequence(sampleName) })],
    ["whose issuer is no name", buildSignerInfo({ sid: sequence(sequence(integer("01")), integer("01")) })],
    ["that ends before its signature", sequence(integer("01"), sequence(sampleName, integer("01")))],
  ] as const;
  for (const [flaw, signerInfo] of rejected) {
    test(`one ${flaw} makes the list unreadable: nobody could verify it`, () => {
      assert.throws(() => listWith(signerInfo), { name: "CertParserError", code: "DER_SYNTAX" });
    });
  }
});

describe("signingTime, RFC 5652 section 11.3", () => {
  const contentType = sequence(oid("1.2.840.113549.1.9.3"), set(oid("2.23.136.1.1.2")));
  const times = [
    ["UTCTime", context(0, signingTime(utcTime("260601120000Z"))), "2026-06-01T12:00:00.000Z"],
    [
      "GeneralizedTime",
      context(0, signingTime(generalizedTime("20510601120000Z"))),
      "2051-06-01T12:00:00.000Z",
    ],
    [
      "a time after other attributes",
      context(0, contentType, signingTime(utcTime("260601120000Z"))),
      "2026-06-01T12:00:00.000Z",
    ],
    ["a time in BER", indefinite(0xa0, signingTime(utcTime("260601120000Z"))), "2026-06-01T12:00:00.000Z"],
  ] as const;
  for (const [what, signedAttrs, expected] of times) {
    test(`is read from ${what}`, () => {
      assert.equal(signerWith({ signedAttrs }).signingTime?.toISOString(), expected);
    });
  }

  const missing = [
    ["no signed attributes", concat()],
    ["no such attribute", context(0, contentType)],
    ["an attribute without a value", context(0, signingTime())],
    ["a value that is no time", context(0, signingTime(integer("01")))],
    ["a time in month 13", context(0, signingTime(utcTime("261301000000Z")))],
    ["an attribute that is cut off", context(0, fromHex("3005060955"))],
  ] as const;
  for (const [what, signedAttrs] of missing) {
    test(`is missing for ${what}: the list is read, and that is noted`, () => {
      const list = listWith(buildSignerInfo({ signedAttrs }));
      assert.equal(list.signers[0]?.signingTime, undefined);
      assert.deepEqual(
        list.findings.map(({ code }) => code),
        ["SIGNING_TIME_MISSING"],
      );
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Certificate,
  type CertificateRole,
  fromHex,
  parseCertificate,
  roleBasisOf,
  roleOf,
  toCertificateRecord,
} from "cert-parser-core";
import { bitString, octetString, oid, sequence, tlv } from "../der-writer.ts";
import { absent, buildCertificate, extension, extensions, name } from "../specimens.ts";

const issuerA = name(["2.5.4.6", "UT"], ["2.5.4.3", "A"]);
const issuerB = name(["2.5.4.6", "UT"], ["2.5.4.3", "B"]);

const cA = extension("2.5.29.19", sequence(fromHex("0101ff")), true);
const cAFalse = extension("2.5.29.19", sequence(), true);
const certSign = extension("2.5.29.15", bitString(fromHex("06"), 1), true);
const digitalSignature = extension("2.5.29.15", bitString(fromHex("80"), 7), true);
const documentTypes = extension("2.23.136.1.1.6.2", sequence());
const subjectKey = (hex: string) => extension("2.5.29.14", octetString(fromHex(hex)));
const authorityKey = (hex: string) => extension("2.5.29.35", sequence(tlv(0x80, fromHex(hex))));
const purpose = (...oids: string[]) => extension("2.5.29.37", sequence(...oids.map(oid)), true);

describe("the role of a certificate by its content", () => {
  type Row = readonly [
    what: string,
    names: "same" | "other",
    list: readonly Uint8Array[],
    role: CertificateRole,
  ];
  const rows: readonly Row[] = [
    ["cA and one name", "same", [cA, certSign], "csca"],
    ["cA and two names", "other", [cA, certSign], "link"],
    ["cA, two names and one key", "other", [cA, subjectKey("a1"), authorityKey("a1")], "csca"],
    ["cA, one name and two keys", "same", [cA, subjectKey("a1"), authorityKey("b2")], "link"],
    ["cA, one name and a subject's key alone", "same", [cA, subjectKey("a1")], "csca"],
    ["cA, two names and an authority's key alone", "other", [cA, authorityKey("b2")], "link"],
    ["keyCertSign without basicConstraints", "same", [certSign], "csca"],
    ["keyCertSign with cA FALSE", "same", [cAFalse, certSign], "csca"],
    ["cA without keyUsage", "same", [cA], "csca"],
    ["cA with keyUsage digitalSignature", "same", [cA, digitalSignature], "csca"],
    ["no extension and one name", "same", [], "csca"],
    ["no extension and two names", "other", [], "unknown"],
    ["a Master List's key purpose", "other", [digitalSignature, purpose("2.23.136.1.1.3")], "ml-signer"],
    [
      "a Master List's key purpose among others",
      "other",
      [purpose("1.3.6.1.5.5.7.3.1", "2.23.136.1.1.3")],
      "ml-signer",
    ],
    ["a Master List's key purpose on a CA", "same", [cA, purpose("2.23.136.1.1.3")], "csca"],
    ["a Deviation List's key purpose", "other", [digitalSignature, purpose("2.23.136.1.1.8")], "dl-signer"],
    ["a visible seal's key purpose", "other", [digitalSignature, purpose("2.23.136.1.1.11.1")], "vds-signer"],
    ["digitalSignature alone", "other", [digitalSignature], "dsc"],
    ["a documentTypeList", "other", [documentTypes, cAFalse], "dsc"],
    [
      "digitalSignature for TLS servers",
      "other",
      [digitalSignature, purpose("1.3.6.1.5.5.7.3.1")],
      "unknown",
    ],
    ["cA FALSE and nothing else", "same", [cAFalse], "unknown"],
  ];

  for (const [what, names, list, role] of rows) {
    test(`${what}: ${role}`, () => {
      const der = buildCertificate({
        issuer: issuerA,
        subject: names === "same" ? issuerA : issuerB,
        extensions: list.length > 0 ? extensions(...list) : absent,
      });
      assert.equal(toCertificateRecord(parseCertificate(der)).role, role);
    });
  }
});

function certificateWith(names: "same" | "other", ...list: readonly Uint8Array[]): Certificate {
  return parseCertificate(
    buildCertificate({
      issuer: issuerA,
      subject: names === "same" ? issuerA : issuerB,
      extensions: list.length > 0 ? extensions(...list) : absent,
    }),
  );
}

describe("what a role rests on", () => {
  const [ownKey, otherKey] = [authorityKey("a1"), authorityKey("b2")];
  type Row = readonly [
    what: string,
    names: "same" | "other",
    list: readonly Uint8Array[],
    role: CertificateRole,
    settledBy: "content" | "signature",
  ];
  const rows: readonly Row[] = [
    ["one name and one key", "same", [cA, certSign, subjectKey("a1"), ownKey], "csca", "content"],
    ["one name and two keys", "same", [cA, certSign, subjectKey("a1"), otherKey], "link", "content"],
    ["two names and two keys", "other", [cA, certSign, subjectKey("a1"), otherKey], "link", "content"],
    ["two names and one key", "other", [cA, certSign, subjectKey("a1"), ownKey], "csca", "signature"],
    ["one name and no authority's key", "same", [cA, certSign, subjectKey("a1")], "csca", "signature"],
    ["one name and no subject's key", "same", [cA, certSign, otherKey], "csca", "signature"],
    ["two names and no key", "other", [cA, certSign], "link", "content"],
    ["an old root without extensions", "same", [], "csca", "signature"],
    ["a document signer", "other", [digitalSignature], "dsc", "content"],
    [
      "a document signer by the former OID",
      "other",
      [extension("2.23.136.1.1.4", sequence())],
      "dsc",
      "content",
    ],
    ["nothing", "other", [], "unknown", "content"],
  ];
  for (const [what, names, list, role, settledBy] of rows) {
    test(`${what}: ${role}, by ${settledBy}`, () => {
      const certificate = certificateWith(names, ...list);
      const basis = roleBasisOf(certificate);
      assert.deepEqual([basis.role, basis.settledBy], [role, settledBy]);
      assert.equal(roleOf(certificate), role);
      assert.match(basis.because, /^[a-z]/);
    });
  }
});

describe("keyUsage in each role", () => {
  const bits = (hex: string, unused: number) => extension("2.5.29.15", bitString(fromHex(hex), unused), true);
  const listSigner = purpose("2.23.136.1.1.3");
  const rows: readonly (readonly [what: string, list: readonly Uint8Array[], isUnexpected: boolean])[] = [
    ["of a CSCA with keyCertSign and cRLSign", [cA, certSign], false],
    ["of a CSCA with digitalSignature beside them", [cA, bits("86", 1)], true],
    ["of a CSCA without cRLSign", [cA, bits("04", 2)], true],
    ["of a CSCA, absent", [cA], true],
    ["of a list signer with digitalSignature", [listSigner, digitalSignature], false],
    ["of a list signer with nonRepudiation beside it", [listSigner, bits("c0", 6)], true],
    ["of a list signer, absent", [listSigner], true],
    ["of a document signer with digitalSignature", [digitalSignature], false],
    ["of an unknown kind of certificate", [purpose("1.3.6.1.5.5.7.3.1"), bits("a0", 5)], false],
  ];
  for (const [what, list, isUnexpected] of rows) {
    test(`${what} is ${isUnexpected ? "" : "not "}KEY_USAGE_UNEXPECTED`, () => {
      const { findings } = certificateWith("other", ...list);
      assert.equal(
        findings.some(({ code }) => code === "KEY_USAGE_UNEXPECTED"),
        isUnexpected,
      );
    });
  }

  test("is not asked of certificates of version 1, which have no extensions", () => {
    const { findings } = parseCertificate(buildCertificate({ version: absent, extensions: absent }));
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["VERSION_UNEXPECTED"],
    );
  });
});

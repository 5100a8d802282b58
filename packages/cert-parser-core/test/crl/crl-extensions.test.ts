import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseRevocationList, toHex } from "cert-parser-core";
import { boolean, concat, context, integer, octetString, oid, sequence, set, tlv } from "../der-writer.ts";
import {
  attribute,
  buildRevocationList,
  crlEntry,
  crlExtensions,
  extension,
  name,
  sampleAuthorityKey,
  sampleCrlNumber,
  sampleName,
} from "../specimens.ts";

const issuerAltName = "2.5.29.18";
const crlNumber = "2.5.29.20";
const deltaCrlIndicator = "2.5.29.27";
const issuingDistributionPoint = "2.5.29.28";
const authorityKeyIdentifier = "2.5.29.35";
const freshestCrl = "2.5.29.46";
const uri = (text: string) => tlv(0x86, new TextEncoder().encode(text));
const commonName = (text: string) => attribute("2.5.4.3", tlv(0x13, new TextEncoder().encode(text)));
const distributionPoint = (...fields: readonly Uint8Array[]) =>
  extension(issuingDistributionPoint, sequence(...fields), true);
const named = context(0, context(0, uri("http://ut.example/crl")));
const yes = (number: number, octets = "ff") => tlv(0x80 | number, fromHex(octets));

function crlWith(...extensions: readonly Uint8Array[]) {
  return parseRevocationList(buildRevocationList({ crlExtensions: crlExtensions(...extensions) }));
}

function codesOf({ findings }: ReturnType<typeof crlWith>): readonly string[] {
  return findings.map(({ code }) => code);
}

describe("the authority key identifier", () => {
  test("has three forms, all of which are read", () => {
    const { authorityKey, authorityKeyIdentifier: keyIdentifier } = crlWith(
      sampleCrlNumber,
      extension(
        authorityKeyIdentifier,
        sequence(tlv(0x80, fromHex("b1b2")), context(1, context(4, sampleName)), tlv(0x82, fromHex("5f"))),
      ),
    );
    assert.equal(toHex(keyIdentifier ?? concat()), "b1b2");
    assert.equal(toHex(authorityKey?.keyIdentifier ?? concat()), "b1b2");
    assert.deepEqual(
      authorityKey?.authorityCertIssuer?.map(({ type, der }) => [type, toHex(der)]),
      [["directoryName", toHex(context(4, sampleName))]],
    );
    assert.equal(toHex(authorityKey?.authorityCertSerialNumber ?? concat()), "5f");
  });

  test("may tell the issuer and the serial number alone", () => {
    const { authorityKey, authorityKeyIdentifier: keyIdentifier } = crlWith(
      sampleCrlNumber,
      extension(
        authorityKeyIdentifier,
        sequence(context(1, context(4, sampleName)), tlv(0x82, fromHex("5f"))),
      ),
    );
    assert.deepEqual([keyIdentifier, authorityKey?.keyIdentifier], [undefined, undefined]);
    assert.equal(toHex(authorityKey?.authorityCertSerialNumber ?? concat()), "5f");
  });

  test("keeps its key identifier where the rest is malformed", () => {
    const crl = crlWith(
      sampleCrlNumber,
      extension(authorityKeyIdentifier, sequence(tlv(0x80, fromHex("b1b2")), integer("01"))),
    );
    assert.equal(toHex(crl.authorityKeyIdentifier ?? concat()), "b1b2");
    assert.equal(crl.authorityKey, undefined);
    assert.deepEqual(codesOf(crl), ["EXTENSION_MALFORMED"]);
    assert.equal(crl.scope, "full");
  });
});

describe("a CRL without an authority key identifier", () => {
  test("is noted for it where it has other extensions, and where it has none", () => {
    const offsetOf = (crl: ReturnType<typeof crlWith>) =>
      crl.findings.find(({ code }) => code === "CRL_AUTHORITY_KEY_ABSENT")?.offset;
    const other = crlWith(sampleCrlNumber);
    assert.deepEqual(codesOf(other), ["CRL_AUTHORITY_KEY_ABSENT"]);
    assert.equal(offsetOf(other), other.der.lastIndexOf(0xa0) + 2);
    assert.equal(offsetOf(parseRevocationList(buildRevocationList({ crlExtensions: concat() }))), 2);
  });

  test("is not one whose authority key identifier is malformed", () => {
    const crl = crlWith(sampleCrlNumber, extension(authorityKeyIdentifier, set()));
    assert.equal(crl.authorityKey, undefined);
    assert.deepEqual(codesOf(crl), ["EXTENSION_MALFORMED"]);
  });
});

describe("other extensions of a CRL", () => {
  test("are its issuer's other names, its number, where deltas are, and those that nobody knows", () => {
    const crl = crlWith(
      sampleAuthorityKey,
      extension(issuerAltName, sequence(context(4, name(["2.5.4.3", "Old"])))),
      extension(crlNumber, integer("00ff")),
      extension(freshestCrl, sequence(sequence(context(0, context(0, uri("http://ut.example/delta")))))),
      extension("1.3.6.1.4.1.311.21.1", integer("00")),
    );
    assert.deepEqual(codesOf(crl), []);
    assert.equal(crl.scope, "full");
    assert.deepEqual(
      crl.issuerAltName?.map(({ type }) => type),
      ["directoryName"],
    );
    assert.equal(toHex(crl.crlNumber ?? concat()), "00ff");
    assert.deepEqual(
      crl.freshestCRL?.map(({ fullName }) => fullName?.map(({ value }) => value)),
      [["http://ut.example/delta"]],
    );
    assert.deepEqual(
      crl.extensions.map(({ type }) => type),
      [authorityKeyIdentifier, issuerAltName, crlNumber, freshestCrl, "1.3.6.1.4.1.311.21.1"],
    );
  });

  test("are absent where a CRL has none", () => {
    const crl = parseRevocationList(buildRevocationList({ crlExtensions: concat() }));
    assert.deepEqual(
      [
        crl.authorityKey,
        crl.authorityKeyIdentifier,
        crl.issuerAltName,
        crl.crlNumber,
        crl.deltaCrlIndicator,
        crl.issuingDistributionPoint,
        crl.freshestCRL,
      ],
      Array.from({ length: 7 }, () => undefined),
    );
    assert.deepEqual(crl.extensions, []);
  });
});

describe("the issuing distribution point", () => {
  test("has six fields", () => {
    const { issuingDistributionPoint: point } = crlWith(
      sampleCrlNumber,
      distributionPoint(named, yes(1), yes(2), tlv(0x83, fromHex("0640")), yes(4), yes(5)),
    );
    assert.ok(point);
    const { fullName, ...rest } = point;
    assert.deepEqual(
      fullName?.map(({ value }) => value),
      ["http://ut.example/crl"],
    );
    assert.deepEqual(rest, {
      nameRelativeToCRLIssuer: undefined,
      onlyContainsUserCerts: true,
      onlyContainsCACerts: true,
      onlySomeReasons: ["keyCompromise"],
      indirectCRL: true,
      onlyContainsAttributeCerts: true,
    });
  });

  test("may be named relative to the CRL's issuer", () => {
    const { issuingDistributionPoint: point } = crlWith(
      sampleCrlNumber,
      distributionPoint(context(0, context(1, commonName("CRL 1")))),
    );
    assert.deepEqual(
      point?.nameRelativeToCRLIssuer?.map(({ value }) => value),
      ["CRL 1"],
    );
    assert.equal(point?.fullName, undefined);
  });
});

describe("the scope", () => {
  const base = extension(deltaCrlIndicator, integer("03"), true);
  const rows = [
    ["a CRL without extensions that limit it", "full", [], []],
    ["a distribution point that says nothing", "full", [distributionPoint()], ["EXTENSION_EMPTY"]],
    ["a FALSE that is written out", "full", [distributionPoint(yes(4, "00"))], ["DEFAULT_ENCODED"]],
    ["a BaseCRLNumber", "delta", [base], []],
    ["a BaseCRLNumber in a CRL that is partial too", "delta", [base, distributionPoint(named)], []],
    [
      "a negative BaseCRLNumber",
      "delta",
      [extension(deltaCrlIndicator, integer("80"), true)],
      ["CRL_NUMBER"],
    ],
    [
      "a BaseCRLNumber that is not critical",
      "delta",
      [extension(deltaCrlIndicator, integer("03"))],
      ["EXTENSION_CRITICALITY"],
    ],
    [
      "a BaseCRLNumber that is none, critical or not",
      "unknown",
      [extension(deltaCrlIndicator, octetString())],
      ["EXTENSION_CRITICALITY", "EXTENSION_MALFORMED"],
    ],
    ["a CRL of others' certificates", "indirect", [distributionPoint(yes(4))], []],
    ["a TRUE that is not FF", "indirect", [distributionPoint(yes(4, "01"))], ["BOOLEAN_NOT_DER"]],
    ["a named distribution point", "partial", [distributionPoint(named)], []],
    ["user certificates only", "partial", [distributionPoint(yes(1))], []],
    ["CA certificates only", "partial", [distributionPoint(yes(2))], []],
    ["some reasons only", "partial", [distributionPoint(tlv(0x83, fromHex("0640")))], []],
    ["attribute certificates only", "partial", [distributionPoint(yes(5))], []],
    [
      "a distribution point that is not critical",
      "partial",
      [extension(issuingDistributionPoint, sequence(yes(1)))],
      ["EXTENSION_CRITICALITY"],
    ],
    ["a BOOLEAN of two octets", "unknown", [distributionPoint(yes(4, "00ff"))], ["EXTENSION_MALFORMED"]],
    ["fields out of order", "unknown", [distributionPoint(yes(4), yes(1))], ["EXTENSION_MALFORMED"]],
    ["a field that is not known", "unknown", [distributionPoint(yes(6))], ["EXTENSION_MALFORMED"]],
    [
      "a critical extension that is not known",
      "unknown",
      [extension("2.5.29.99", octetString(), true)],
      ["EXTENSION_CRITICALITY"],
    ],
    [
      "a critical extension that is malformed",
      "unknown",
      [extension(issuerAltName, set(), true)],
      ["EXTENSION_CRITICALITY", "EXTENSION_MALFORMED"],
    ],
    ["an extension that is none", "unknown", [sequence(boolean(true))], ["EXTENSION_MALFORMED"]],
    [
      "a malformed extension that does not matter",
      "full",
      [extension(issuerAltName, set())],
      ["EXTENSION_MALFORMED"],
    ],
    [
      "two distribution points, of which the first counts",
      "partial",
      [distributionPoint(named), distributionPoint(yes(4))],
      ["EXTENSION_DUPLICATE"],
    ],
  ] as const;
  for (const [what, scope, extensions, codes] of rows) {
    test(`${what}: ${scope}`, () => {
      const crl = crlWith(sampleAuthorityKey, sampleCrlNumber, ...extensions);
      assert.equal(crl.scope, scope);
      assert.deepEqual(codesOf(crl), codes);
    });
  }
});

describe("the CRLNumber", () => {
  const rows = [
    ["a negative one", [extension(crlNumber, integer("ff01"))], ["CRL_NUMBER"]],
    ["21 octets", [extension(crlNumber, integer("01".repeat(21)))], ["CRL_NUMBER"]],
    ["20 octets", [extension(crlNumber, integer("01".repeat(20)))], []],
    ["zero", [extension(crlNumber, integer("00"))], []],
    ["a zero before it", [extension(crlNumber, integer("0001"))], ["INTEGER_NOT_MINIMAL"]],
    ["none", [extension("1.2.3", octetString())], ["CRL_NUMBER"]],
    ["an empty one", [extension(crlNumber, integer(""))], ["EXTENSION_MALFORMED", "CRL_NUMBER"]],
    ["an OID", [extension(crlNumber, oid("1.2.3"))], ["EXTENSION_MALFORMED", "CRL_NUMBER"]],
    ["a critical one", [extension(crlNumber, integer("01"), true)], ["EXTENSION_CRITICALITY"]],
  ] as const;
  for (const [what, extensions, codes] of rows) {
    test(`${what} is ${codes.join(" and ") || "as it should be"}`, () => {
      assert.deepEqual(codesOf(crlWith(sampleAuthorityKey, ...extensions)), codes);
    });
  }
});

describe("a CRL with more extensions than anyone has", () => {
  const many = Array.from({ length: 1000 }, (_, index) => extension(`1.2.${index}`, octetString()));
  test("is read up to a thousand of them", () => {
    assert.equal(crlWith(...many).extensions.length, 1000);
  });

  test("is refused beyond, in the CRL as in an entry", () => {
    const refusal = { name: "CertParserError", code: "LIMIT_EXCEEDED" };
    assert.throws(() => crlWith(sampleCrlNumber, ...many), refusal);
    const entry = crlEntry("01", sequence(sampleCrlNumber, ...many));
    assert.throws(
      () => parseRevocationList(buildRevocationList({ revokedCertificates: sequence(entry) })),
      refusal,
    );
  });
});

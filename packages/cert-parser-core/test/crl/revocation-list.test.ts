import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CertParserError,
  fromHex,
  parseRevocationList,
  type RevokedCertificate,
  toHex,
} from "cert-parser-core";
import {
  bitString,
  concat,
  contentOf,
  context,
  generalizedTime,
  indefinite,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tlv,
  utcTime,
  utf8String,
} from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";
import {
  absent,
  attribute,
  buildRevocationList,
  crlEntry,
  crlExtensions,
  extension,
  name,
  type RevocationListParts,
  sampleAuthorityKey,
  sampleCrlNumber,
  sampleName,
} from "../specimens.ts";

const crlNumber = "2.5.29.20";
const reasonCode = "2.5.29.21";
const authorityKeyIdentifier = "2.5.29.35";
const enumerated = (hex: string) => tlv(0x0a, fromHex(hex));
const entryExtensions = (...list: readonly Uint8Array[]) => sequence(...list);

function codesOf(parts: Partial<RevocationListParts>): readonly string[] {
  return parseRevocationList(buildRevocationList(parts)).findings.map(({ code }) => code);
}

describe("the fields of a CRL", () => {
  const parts = {
    thisUpdate: utcTime("260601010203Z"),
    nextUpdate: generalizedTime("20510901010203Z"),
    revokedCertificates: sequence(
      crlEntry("0a"),
      sequence(
        integer("00ff0b"),
        utcTime("260403020100Z"),
        entryExtensions(
          extension("2.5.29.24", generalizedTime("20260401000000Z")),
          extension(reasonCode, enumerated("01")),
        ),
      ),
    ),
    crlExtensions: crlExtensions(
      extension(authorityKeyIdentifier, sequence(tlv(0x80, fromHex("b1b2")))),
      extension(crlNumber, integer("1a")),
    ),
  };
  const der = buildRevocationList(parts);
  const crl = parseRevocationList(der);

  test("are what stands in its bytes", () => {
    assert.equal(crl.version, 2);
    assert.deepEqual(crl.issuer.der, sampleName);
    assert.equal(crl.thisUpdate.toISOString(), "2026-06-01T01:02:03.000Z");
    assert.equal(crl.nextUpdate?.toISOString(), "2051-09-01T01:02:03.000Z");
    assert.equal(toHex(crl.crlNumber ?? concat()), "1a");
    assert.equal(toHex(crl.authorityKeyIdentifier ?? concat()), "b1b2");
    assert.equal(crl.signatureAlgorithm.algorithm, "1.2.840.10045.4.3.2");
    assert.equal(toHex(crl.signature.bytes), "3006020101020102");
    assert.deepEqual(
      crl.extensions.map(({ type }) => type),
      [authorityKeyIdentifier, crlNumber],
    );
    assert.deepEqual(crl.findings, []);
    assert.deepEqual(crl.der, der);
    assert.deepEqual(crl.tbsCertList, contentOf(der).subarray(0, crl.tbsCertList.length));
    assert.deepEqual([crl.offset, crl.foundIn, crl.index], [0, "file", 0]);
  });

  test("include its entries, in order, with the reason where one is given", () => {
    assert.equal(crl.revokedCertificateCount, 2);
    assert.deepEqual(
      [...crl.revokedCertificates].map(({ serialNumber, revocationDate, reason, extensions }) => [
        toHex(serialNumber),
        revocationDate.toISOString(),
        reason,
        extensions.length,
      ]),
      [
        ["0a", "2026-05-01T00:00:00.000Z", undefined, 0],
        ["00ff0b", "2026-04-03T02:01:00.000Z", "keyCompromise", 2],
      ],
    );
  });

  test("give their entries as often as they are asked, and to two readers at once", () => {
    const [first, second] = [
      crl.revokedCertificates[Symbol.iterator](),
      crl.revokedCertificates[Symbol.iterator](),
    ];
    const serialOf = ({ value }: IteratorResult<RevokedCertificate>) =>
      toHex(value?.serialNumber ?? concat());
    assert.deepEqual([first.next(), second.next(), first.next(), second.next()].map(serialOf), [
      "0a",
      "0a",
      "00ff0b",
      "00ff0b",
    ]);
    assert.equal([...crl.revokedCertificates].length, 2);
    assert.equal([...crl.revokedCertificates].length, 2);
  });
});

describe("optional fields", () => {
  test("a CRL of version 1 without nextUpdate, entries and extensions is read, and its version noted", () => {
    const parts = { version: absent, nextUpdate: absent, crlExtensions: absent };
    const crl = parseRevocationList(buildRevocationList(parts));
    assert.equal(crl.version, 1);
    assert.equal(crl.nextUpdate, undefined);
    assert.equal(crl.revokedCertificateCount, 0);
    assert.deepEqual([...crl.revokedCertificates], []);
    assert.deepEqual(codesOf(parts), ["VERSION_UNEXPECTED", "CRL_NEXT_UPDATE_ABSENT"]);
  });

  test("an empty SEQUENCE of entries is no entry, and noted", () => {
    const parts = { revokedCertificates: sequence() };
    const crl = parseRevocationList(buildRevocationList(parts));
    assert.equal(crl.revokedCertificateCount, 0);
    assert.equal(crl.findRevoked(fromHex("0a")), undefined);
    assert.deepEqual([...crl.revokedCertificates], []);
    assert.deepEqual(codesOf(parts), ["CRL_REVOKED_EMPTY"]);
  });

  test("extensions without entries before them are read", () => {
    const crl = parseRevocationList(
      buildRevocationList({ crlExtensions: crlExtensions(extension(crlNumber, integer("05"))) }),
    );
    assert.equal(toHex(crl.crlNumber ?? concat()), "05");
  });
});

describe("deviations that are read and noted", () => {
  const ecdsa = oid("1.2.840.10045.4.3.2");
  const withBoth = (algorithm: Uint8Array) => ({ signature: algorithm, signatureAlgorithm: algorithm });
  const rows: readonly (readonly [string, Partial<RevocationListParts>, string])[] = [
    ["version 3", { version: integer("02") }, "VERSION_UNEXPECTED"],
    [
      "another algorithm inside",
      { signature: sequence(oid("1.2.840.10045.4.3.4")) },
      "SIGNATURE_ALGORITHM_MISMATCH",
    ],
    ["GeneralizedTime before 2050", { thisUpdate: generalizedTime("20260601000000Z") }, "TIME_FORM"],
    ["nextUpdate without seconds", { nextUpdate: utcTime("2609010000Z") }, "TIME_FORM"],
    ["no nextUpdate", { nextUpdate: absent }, "CRL_NEXT_UPDATE_ABSENT"],
    ["a nextUpdate before thisUpdate", { nextUpdate: utcTime("260531235959Z") }, "VALIDITY_REVERSED"],
    ["an issuer without a country", { issuer: name(["2.5.4.3", "CSCA"]) }, "COUNTRY_ABSENT"],
    ["an issuer without a name", { issuer: name(["2.5.4.6", "UT"]) }, "COMMON_NAME_ABSENT"],
    ["a country in lower case", { issuer: name(["2.5.4.6", "ut"], ["2.5.4.3", "CSCA"]) }, "COUNTRY_CASE"],
    [
      "a country of three letters",
      { issuer: name(["2.5.4.6", "UTO"], ["2.5.4.3", "CSCA"]) },
      "COUNTRY_LENGTH",
    ],
    [
      "a country in UTF-8",
      {
        issuer: sequence(
          set(attribute("2.5.4.6", utf8String("UT"))),
          set(attribute("2.5.4.3", utf8String("A"))),
        ),
      },
      "NAME_STRING",
    ],
    [
      "an algorithm with NULL that takes none",
      withBoth(sequence(ecdsa, fromHex("0500"))),
      "ALGORITHM_PARAMETERS",
    ],
    ["a signature over SHA-1", withBoth(sequence(oid("1.2.840.10045.4.1"))), "HASH_WEAK"],
    [
      "a signature with unused bits",
      { signatureValue: bitString(fromHex("f0"), 4) },
      "BIT_STRING_UNUSED_BITS",
    ],
    [
      "no authority key identifier",
      { crlExtensions: crlExtensions(sampleCrlNumber) },
      "CRL_AUTHORITY_KEY_ABSENT",
    ],
    ["no number", { crlExtensions: crlExtensions(sampleAuthorityKey) }, "CRL_NUMBER"],
  ];
  for (const [what, parts, code] of rows) {
    test(`${what} is ${code}`, () => {
      assert.deepEqual(codesOf(parts), [code]);
    });
  }
});

describe("what cannot be read", () => {
  const whole = buildRevocationList();
  const withEntries = (...entries: readonly Uint8Array[]) =>
    buildRevocationList({ revokedCertificates: sequence(...entries) });
  const rejected = [
    ["empty input", concat(), "DER_SYNTAX"],
    ["an empty SEQUENCE", sequence(), "DER_SYNTAX"],
    ["bytes after it", concat(whole, fromHex("00")), "DER_TRAILING_DATA"],
    ["a fourth element", sequence(contentOf(whole), fromHex("0500")), "DER_TRAILING_DATA"],
    ["indefinite length", indefinite(0x30, contentOf(whole)), "DER_SYNTAX"],
    ["no issuer", buildRevocationList({ issuer: absent }), "DER_SYNTAX"],
    ["an issuer of SETs in SETs", buildRevocationList({ issuer: sequence(set(set())) }), "DER_SYNTAX"],
    ["a thisUpdate that is no time", buildRevocationList({ thisUpdate: integer("01") }), "DER_SYNTAX"],
    ["a thisUpdate in month 13", buildRevocationList({ thisUpdate: utcTime("261301000000Z") }), "DER_SYNTAX"],
    ["a nextUpdate in month 13", buildRevocationList({ nextUpdate: utcTime("261301000000Z") }), "DER_SYNTAX"],
    [
      "entries that are no SEQUENCE",
      buildRevocationList({ revokedCertificates: set() }),
      "DER_TRAILING_DATA",
    ],
    ["an entry that is no SEQUENCE", withEntries(integer("01")), "DER_SYNTAX"],
    ["an entry without a date", withEntries(sequence(integer("01"))), "DER_TRUNCATED"],
    ["an empty serial number", withEntries(crlEntry("")), "DER_SYNTAX"],
    ["an entry without a serial number", withEntries(sequence(utcTime("260501000000Z"))), "DER_SYNTAX"],
    ["an entry whose date is none", withEntries(sequence(integer("01"), integer("01"))), "DER_SYNTAX"],
    ["an entry of four elements", withEntries(crlEntry("01", sequence(), sequence())), "DER_TRAILING_DATA"],
    ["the last entry cut off", withEntries(crlEntry("01"), fromHex("3011020101")), "DER_TRUNCATED"],
    [
      "extensions before the entries",
      buildRevocationList({ revokedCertificates: concat(crlExtensions(), sequence()) }),
      "DER_TRAILING_DATA",
    ],
    [
      "extensions that are no SEQUENCE",
      buildRevocationList({ crlExtensions: context(0, set()) }),
      "DER_SYNTAX",
    ],
    [
      "a signature that is no BIT STRING",
      buildRevocationList({ signatureValue: octetString() }),
      "DER_SYNTAX",
    ],
    [
      "a signature without bits",
      buildRevocationList({ signatureValue: bitString(concat(), 1) }),
      "DER_SYNTAX",
    ],
  ] as const;

  for (const [flaw, der, code] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => parseRevocationList(der), { name: "CertParserError", code });
    });
  }

  test("rejects every prefix of a CRL", () => {
    for (let length = 0; length < whole.length; length++) {
      const error = outcomeOf(() => parseRevocationList(whole.subarray(0, length)));
      assert.ok(error instanceof CertParserError, `${length} bytes were read`);
    }
  });

  test("damage to any byte gives a CRL, entries included, or a CertParserError: alone as amid other bytes", () => {
    const sound = buildRevocationList({
      revokedCertificates: sequence(
        crlEntry("0a"),
        crlEntry("0b", entryExtensions(extension(reasonCode, enumerated("01")))),
      ),
      crlExtensions: crlExtensions(
        sampleCrlNumber,
        extension("2.5.29.28", sequence(tlv(0x84, fromHex("ff"))), true),
      ),
    });
    for (let at = 0; at < sound.length; at++) {
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = sound.slice();
        damaged[at] = (damaged[at] as number) ^ flip;
        const alone = describeOutcome(outcomeOf(() => parseRevocationList(damaged)));
        const amid = describeOutcome(outcomeOf(() => parseRevocationList(amidOtherBytes(damaged))));
        assert.equal(amid, alone, `byte ${at} ^ ${flip}`);
      }
    }
  });
});

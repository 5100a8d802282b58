import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, fromHex, parseCertificate } from "cert-parser-core";
import fc from "fast-check";
import {
  bitString,
  concat,
  contentOf,
  context,
  indefinite,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utcTime,
} from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";
import {
  absent,
  attribute,
  buildCertificate,
  ecdsaWithSha256,
  extension,
  extensions,
  sampleName,
  sampleValidity,
} from "../specimens.ts";

const subjectKeyIdentifier = "2.5.29.14";
const authorityKeyIdentifier = "2.5.29.35";
const keyUsage = "2.5.29.15";
const basicConstraints = "2.5.29.19";
const extKeyUsage = "2.5.29.37";

describe("what cannot be read", () => {
  const whole = buildCertificate();
  const validityOf = (...times: readonly Uint8Array[]) => buildCertificate({ validity: sequence(...times) });
  const time = utcTime("260101000000Z");
  const rejected: readonly (readonly [string, Uint8Array, string, string | undefined])[] = [
    ["empty input", concat(), "DER_SYNTAX", "Certificate"],
    ["a SET", set(), "DER_SYNTAX", "Certificate"],
    ["an empty SEQUENCE", sequence(), "DER_SYNTAX", "Certificate.tbsCertificate"],
    ["bytes after the certificate", concat(whole, fromHex("00")), "DER_TRAILING_DATA", "Certificate"],
    [
      "a fourth element after the signature",
      sequence(contentOf(whole), fromHex("0500")),
      "DER_TRAILING_DATA",
      "Certificate",
    ],
    ["indefinite length", indefinite(0x30, contentOf(whole)), "DER_SYNTAX", undefined],
    [
      "no serial number",
      buildCertificate({ serialNumber: absent }),
      "DER_SYNTAX",
      "TBSCertificate.serialNumber",
    ],
    [
      "an empty serial number",
      buildCertificate({ serialNumber: integer("") }),
      "DER_SYNTAX",
      "TBSCertificate.serialNumber",
    ],
    [
      "a version that is no INTEGER",
      buildCertificate({ version: context(0, fromHex("0500")) }),
      "DER_SYNTAX",
      "TBSCertificate.version",
    ],
    [
      "two versions",
      buildCertificate({ version: context(0, integer("02"), integer("02")) }),
      "DER_TRAILING_DATA",
      "TBSCertificate.version",
    ],
    ["no issuer", buildCertificate({ issuer: fromHex("0500") }), "DER_SYNTAX", "TBSCertificate.issuer"],
    [
      "an issuer of SEQUENCEs",
      buildCertificate({ issuer: sequence(sequence()) }),
      "DER_SYNTAX",
      "TBSCertificate.issuer",
    ],
    [
      "a subject of INTEGERs",
      buildCertificate({ subject: sequence(integer("01")) }),
      "DER_SYNTAX",
      "TBSCertificate.subject",
    ],
    ["one time", validityOf(time), "DER_TRUNCATED", undefined],
    ["three times", validityOf(time, time, time), "DER_TRAILING_DATA", "TBSCertificate.validity"],
    [
      "a notBefore that is no time",
      validityOf(integer("01"), time),
      "DER_SYNTAX",
      "TBSCertificate.validity.notBefore",
    ],
    [
      "a notAfter that is no instant",
      validityOf(time, utcTime("261301000000Z")),
      "DER_SYNTAX",
      "TBSCertificate.validity.notAfter",
    ],
    [
      "no public key",
      buildCertificate({ subjectPublicKeyInfo: absent }),
      "DER_SYNTAX",
      "TBSCertificate.subjectPublicKeyInfo",
    ],
    [
      "a public key without bits",
      buildCertificate({ subjectPublicKeyInfo: sequence(ecdsaWithSha256) }),
      "DER_SYNTAX",
      "TBSCertificate.subjectPublicKeyInfo",
    ],
    [
      "an algorithm of two parameters",
      buildCertificate({ signatureAlgorithm: sequence(oid("1.2.3"), fromHex("05000500")) }),
      "DER_TRAILING_DATA",
      "Certificate.signatureAlgorithm",
    ],
    [
      "extensions that are no SEQUENCE",
      buildCertificate({ extensions: context(3, set()) }),
      "DER_SYNTAX",
      "TBSCertificate.extensions",
    ],
    [
      "an INTEGER among the extensions",
      buildCertificate({ extensions: extensions(integer("01")) }),
      "DER_SYNTAX",
      "TBSCertificate.extensions",
    ],
    [
      "something after the extensions",
      buildCertificate({ extensions: concat(extensions(), fromHex("0500")) }),
      "DER_TRAILING_DATA",
      "TBSCertificate.extensions",
    ],
    [
      "an OCTET STRING for the signature",
      buildCertificate({ signatureValue: octetString() }),
      "DER_SYNTAX",
      "Certificate.signature",
    ],
    [
      "a signature of nine unused bits",
      buildCertificate({ signatureValue: bitString(fromHex("01"), 9) }),
      "DER_SYNTAX",
      "Certificate.signature",
    ],
  ];

  for (const [flaw, der, code, path] of rejected) {
    test(`rejects ${flaw}`, () => {
      const read = () => parseCertificate(der);
      assert.throws(read, (error) => {
        assert.ok(error instanceof CertParserError);
        assert.deepEqual([error.code, error.path], [code, path]);
        assert.ok(error.offset !== undefined && error.offset >= 0 && error.offset <= der.length);
        return true;
      });
    });
  }

  test("rejects an input over maxBytes, and takes one of as many", () => {
    assert.throws(() => parseCertificate(whole, { limits: { maxBytes: whole.length - 1 } }), {
      code: "LIMIT_EXCEEDED",
      offset: whole.length - 1,
    });
    assert.equal(parseCertificate(whole, { limits: { maxBytes: whole.length } }).version, 3);
  });

  test("rejects every prefix of a certificate", () => {
    for (let length = 0; length < whole.length; length++) {
      const error = outcomeOf(() => parseCertificate(whole.subarray(0, length)));
      assert.ok(error instanceof CertParserError, `${length} bytes were read`);
    }
  });
});

describe("damage", () => {
  const sound = buildCertificate({
    subject: sequence(set(attribute("2.5.4.6", printableString("UT")))),
    issuer: sampleName,
    validity: sampleValidity,
    extensions: extensions(
      extension(subjectKeyIdentifier, octetString(fromHex("a1a2"))),
      extension(authorityKeyIdentifier, sequence(tlv(0x80, fromHex("b1b2")))),
      extension(basicConstraints, sequence(fromHex("0101ff"), integer("00")), true),
      extension(keyUsage, bitString(fromHex("06"), 1), true),
      extension(extKeyUsage, sequence(oid("2.23.136.1.1.3")), true),
    ),
  });

  test("to any byte gives a certificate or a CertParserError: the same alone and amid other bytes", () => {
    for (let at = 0; at < sound.length; at++) {
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = sound.slice();
        damaged[at] = (damaged[at] as number) ^ flip;
        const alone = describeOutcome(outcomeOf(() => parseCertificate(damaged)));
        const amid = describeOutcome(outcomeOf(() => parseCertificate(amidOtherBytes(damaged))));
        assert.equal(amid, alone, `byte ${at} ^ ${flip}`);
      }
    }
  });

  test("of several bytes, a cut and an insertion gives no other error", () => {
    const edit = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 4 }),
      insert: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const damaged = edits.reduce((bytes, { at, remove, insert }) => {
          const place = at % (bytes.length + 1);
          return concat(bytes.subarray(0, place), insert, bytes.subarray(place + remove));
        }, sound);
        describeOutcome(outcomeOf(() => parseCertificate(damaged)));
      }),
      { numRuns: 500 },
    );
  });
});

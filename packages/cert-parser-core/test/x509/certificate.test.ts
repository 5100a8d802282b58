import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate, toHex } from "cert-parser-core";
import {
  bitString,
  concat,
  contentOf,
  context,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  tlv,
  utcTime,
} from "../der-writer.ts";
import {
  absent,
  buildCertificate,
  type CertificateParts,
  extension,
  extensions,
  name,
  sampleKeyUsage,
  samplePublicKey,
} from "../specimens.ts";

const subjectKeyIdentifier = "2.5.29.14";
const authorityKeyIdentifier = "2.5.29.35";
const keyUsage = "2.5.29.15";
const basicConstraints = "2.5.29.19";
const extKeyUsage = "2.5.29.37";

/** Names that differ in nothing but the country. */
function ofCountry(issuer: string, subject: string): Partial<CertificateParts> {
  return {
    issuer: name(["2.5.4.6", issuer], ["2.5.4.3", "CSCA Utopia"]),
    subject: name(["2.5.4.6", subject], ["2.5.4.3", "CSCA Utopia"]),
  };
}

/** Extensions beside a sound keyUsage. */
function beside(...list: readonly Uint8Array[]): Uint8Array {
  return extensions(sampleKeyUsage, ...list);
}

describe("the fields of a certificate", () => {
  const parts = {
    serialNumber: integer("0123456789abcdef"),
    issuer: name(["2.5.4.6", "UT"], ["2.5.4.3", "CSCA 1"]),
    subject: name(["2.5.4.6", "UT"], ["2.5.4.3", "CSCA 2"]),
    validity: sequence(utcTime("260102030405Z"), generalizedTime("20510203040506Z")),
    extensions: extensions(
      extension(subjectKeyIdentifier, octetString(fromHex("a1a2"))),
      extension(authorityKeyIdentifier, sequence(tlv(0x80, fromHex("b1b2")))),
      extension(keyUsage, bitString(fromHex("06"), 1), true),
      extension("1.2.3.4", fromHex("deadbeef")),
    ),
    signatureValue: bitString(fromHex("0102")),
  };
  const der = buildCertificate(parts);
  const certificate = parseCertificate(der);

  test("are what stands in its bytes", () => {
    assert.equal(certificate.version, 3);
    assert.equal(toHex(certificate.serialNumber), "0123456789abcdef");
    assert.deepEqual(certificate.issuer.der, parts.issuer);
    assert.deepEqual(certificate.subject.der, parts.subject);
    assert.equal(certificate.notBefore.toISOString(), "2026-01-02T03:04:05.000Z");
    assert.equal(certificate.notAfter.toISOString(), "2051-02-03T04:05:06.000Z");
    assert.equal(certificate.publicKey.curve, "P-256");
    assert.equal(certificate.publicKey.size, 256);
    assert.deepEqual(certificate.publicKey.der, samplePublicKey);
    assert.equal(certificate.signatureAlgorithm.algorithm, "1.2.840.10045.4.3.2");
    assert.equal(certificate.signatureAlgorithm.parameters, undefined);
    assert.equal(toHex(certificate.signature.bytes), "0102");
    assert.equal(certificate.signature.unusedBits, 0);
    assert.deepEqual(certificate.findings, []);
  });

  test("include every extension in its order, with its exact value and the place of it", () => {
    assert.deepEqual(
      certificate.extensions.map(({ type, critical, value, offset }) => [
        type,
        critical,
        toHex(value),
        toHex(der.subarray(offset, offset + value.length)),
      ]),
      [
        [subjectKeyIdentifier, false, "0402a1a2", "0402a1a2"],
        [authorityKeyIdentifier, false, "30048002b1b2", "30048002b1b2"],
        [keyUsage, true, "03020106", "03020106"],
        ["1.2.3.4", false, "deadbeef", "deadbeef"],
      ],
    );
    assert.equal(toHex(certificate.subjectKeyIdentifier ?? concat()), "a1a2");
    assert.equal(toHex(certificate.authorityKeyIdentifier ?? concat()), "b1b2");
    assert.deepEqual(certificate.keyUsage, ["keyCertSign", "cRLSign"]);
    assert.equal(certificate.basicConstraints, undefined);
    assert.equal(certificate.extKeyUsage, undefined);
  });

  test("are views of the bytes that came in", () => {
    assert.deepEqual(certificate.der, der);
    assert.equal(certificate.der.buffer, der.buffer);
    assert.equal(certificate.serialNumber.buffer, der.buffer);
    assert.deepEqual(
      certificate.tbsCertificate,
      contentOf(der).subarray(0, certificate.tbsCertificate.length),
    );
  });

  test("tell that it is the only part of a file", () => {
    const { offset, foundIn, index } = certificate;
    assert.deepEqual({ offset, foundIn, index }, { offset: 0, foundIn: "file", index: 0 });
  });

  test("hash to SHA-256 with the function that was given, once, and only when asked", () => {
    let calls = 0;
    const counted = parseCertificate(der, {
      sha256: () => {
        calls++;
        return "ab".repeat(32);
      },
    });
    assert.equal(calls, 0);
    assert.equal(counted.sha256, "ab".repeat(32));
    assert.equal(counted.sha256, "ab".repeat(32));
    assert.equal(calls, 1);
  });

  test("RSA-PSS parameters are kept as they came", () => {
    const pss = sequence(oid("1.2.840.113549.1.1.10"), sequence(context(2, integer("20"))));
    const { signatureAlgorithm } = parseCertificate(
      buildCertificate({ signature: pss, signatureAlgorithm: pss }),
    );
    assert.equal(toHex(signatureAlgorithm.parameters ?? concat()), "3005a203020120");
    assert.deepEqual(signatureAlgorithm.der, pss);
  });
});

describe("versions", () => {
  const versions = [
    ["no version", absent, 1, ["VERSION_UNEXPECTED"]],
    ["version 1 written out", context(0, integer("00")), 1, ["DEFAULT_ENCODED", "VERSION_UNEXPECTED"]],
    ["version 2", context(0, integer("01")), 2, ["VERSION_UNEXPECTED"]],
    ["version 3 in two octets", context(0, integer("0002")), 3, ["INTEGER_NOT_MINIMAL"]],
    ["version 4", context(0, integer("03")), 4, ["VERSION_UNEXPECTED"]],
  ] as const;
  for (const [what, version, expected, codes] of versions) {
    test(`${what} is read, and noted`, () => {
      const certificate = parseCertificate(buildCertificate({ version }));
      assert.equal(certificate.version, expected);
      assert.deepEqual(
        certificate.findings.map(({ code }) => code),
        codes,
      );
    });
  }
});

describe("deviations that are read and noted", () => {
  const raw = { extensions: beside(extension(subjectKeyIdentifier, fromHex("a1".repeat(20)))) };
  const deviations: readonly (readonly [string, Partial<CertificateParts>, ...string[]])[] = [
    ["a negative serial number", { serialNumber: integer("ff01") }, "SERIAL_NEGATIVE"],
    ["the serial number zero", { serialNumber: integer("00") }, "SERIAL_ZERO"],
    [
      "the serial number zero in two octets",
      { serialNumber: integer("0000") },
      "SERIAL_ZERO",
      "INTEGER_NOT_MINIMAL",
    ],
    ["a serial number that begins with a zero", { serialNumber: integer("0001") }, "INTEGER_NOT_MINIMAL"],
    [
      "a serial number with two signs",
      { serialNumber: integer("ff81") },
      "SERIAL_NEGATIVE",
      "INTEGER_NOT_MINIMAL",
    ],
    ["a serial number of 21 octets", { serialNumber: integer("01".repeat(21)) }, "SERIAL_TOO_LONG"],
    ["a country in lower case", ofCountry("ut", "ut"), "COUNTRY_CASE"],
    ["a country with one capital", ofCountry("UT", "Ut"), "COUNTRY_CASE"],
    ["an issuer's country in lower case", ofCountry("ut", "UT"), "COUNTRY_CASE"],
    ["a country of three letters", ofCountry("LTU", "LTU"), "COUNTRY_LENGTH"],
    ["two countries", ofCountry("GB", "BM"), "COUNTRY_MISMATCH"],
    [
      "a subject without a country",
      { issuer: name(["2.5.4.6", "UT"], ["2.5.4.3", "A"]), subject: name(["2.5.4.3", "A"]) },
      "COUNTRY_ABSENT",
    ],
    [
      "two names without a country",
      { issuer: name(["2.5.4.3", "A"]), subject: name(["2.5.4.3", "B"]) },
      "COUNTRY_ABSENT",
      "COUNTRY_ABSENT",
    ],
    [
      "a subject without a commonName",
      { subject: name(["2.5.4.6", "UT"], ["2.5.4.10", "Utopia"]) },
      "COMMON_NAME_ABSENT",
    ],
    [
      "an end before the beginning",
      { validity: sequence(utcTime("360101000000Z"), utcTime("260101000000Z")) },
      "VALIDITY_REVERSED",
    ],
    [
      "unique identifiers",
      { uniqueIdentifiers: concat(tlv(0x81, fromHex("00ff")), tlv(0x82, fromHex("00ff"))) },
      "UNIQUE_IDENTIFIER",
      "UNIQUE_IDENTIFIER",
    ],
    [
      "a signature that ends in the middle of an octet",
      { signatureValue: bitString(fromHex("0110"), 4) },
      "BIT_STRING_UNUSED_BITS",
    ],
    [
      "GeneralizedTime before 2050",
      { validity: sequence(generalizedTime("20260101000000Z"), utcTime("360101000000Z")) },
      "TIME_FORM",
    ],
    [
      "a time without seconds",
      { validity: sequence(utcTime("260101000000Z"), utcTime("3601010000Z")) },
      "TIME_FORM",
    ],
    [
      "another algorithm inside than outside",
      { signature: sequence(oid("1.2.840.10045.4.3.3")) },
      "SIGNATURE_ALGORITHM_MISMATCH",
    ],
    [
      "NULL parameters outside alone",
      { signatureAlgorithm: sequence(oid("1.2.840.10045.4.3.2"), fromHex("0500")) },
      "SIGNATURE_ALGORITHM_MISMATCH",
      "ALGORITHM_PARAMETERS",
    ],
    ["a key identifier without its OCTET STRING", raw, "KEY_IDENTIFIER_RAW"],
    [
      "a keyUsage that is no BIT STRING",
      { extensions: extensions(extension(keyUsage, integer("06"), true)) },
      "EXTENSION_MALFORMED",
      "KEY_USAGE_UNEXPECTED",
    ],
    [
      "basicConstraints with something after them",
      { extensions: beside(extension(basicConstraints, concat(sequence(), sequence()), true)) },
      "EXTENSION_MALFORMED",
    ],
    [
      "an empty subjectKeyIdentifier",
      { extensions: beside(extension(subjectKeyIdentifier, concat())) },
      "EXTENSION_MALFORMED",
    ],
    [
      "an authorityKeyIdentifier cut off",
      { extensions: beside(extension(authorityKeyIdentifier, fromHex("30168014a1"))) },
      "EXTENSION_MALFORMED",
    ],
    ["an extension without a value", { extensions: beside(sequence(oid("1.2.3"))) }, "EXTENSION_MALFORMED"],
    [
      "an extension whose value is no OCTET STRING",
      { extensions: beside(sequence(oid("1.2.3"), integer("01"))) },
      "EXTENSION_MALFORMED",
    ],
    [
      "an extension of four elements",
      { extensions: beside(sequence(oid("1.2.3"), octetString(), octetString())) },
      "EXTENSION_MALFORMED",
    ],
    [
      "an extKeyUsage of INTEGERs",
      { extensions: beside(extension(extKeyUsage, sequence(integer("01")))) },
      "EXTENSION_MALFORMED",
    ],
  ];

  for (const [what, parts, ...codes] of deviations) {
    test(`${what} is ${codes.join(" and ")}`, () => {
      const der = buildCertificate(parts);
      const { findings } = parseCertificate(der);
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
      for (const { offset, clause } of findings) {
        assert.ok(offset > 0 && offset < der.length);
        assert.match(clause, /^(RFC 5280|RFC 5758|Doc 9303-12|X\.690), /);
      }
    });
  }

  test("the finding on a serial number points to its INTEGER", () => {
    const der = buildCertificate({ serialNumber: integer("ff01") });
    const at = parseCertificate(der).findings[0]?.offset ?? -1;
    assert.equal(toHex(der.subarray(at, at + 4)), "0202ff01");
  });

  test("the octets of a raw key identifier are the key identifier", () => {
    const certificate = parseCertificate(buildCertificate(raw));
    assert.equal(toHex(certificate.subjectKeyIdentifier ?? concat()), "a1".repeat(20));
  });

  test("a malformed extension costs itself and none of its neighbours", () => {
    const certificate = parseCertificate(
      buildCertificate({
        extensions: extensions(
          extension(keyUsage, integer("06")),
          extension(subjectKeyIdentifier, octetString(fromHex("a1"))),
        ),
      }),
    );
    assert.equal(certificate.keyUsage, undefined);
    assert.equal(toHex(certificate.subjectKeyIdentifier ?? concat()), "a1");
    assert.equal(certificate.extensions.length, 2);
  });

  test("of an extension that stands there twice, the first counts", () => {
    const der = buildCertificate({
      extensions: beside(
        extension(subjectKeyIdentifier, octetString(fromHex("a1"))),
        extension(subjectKeyIdentifier, octetString(fromHex("b2"))),
      ),
    });
    const { subjectKeyIdentifier: kept, findings } = parseCertificate(der);
    assert.equal(toHex(kept ?? concat()), "a1");
    assert.deepEqual(
      findings.map(({ code, offset }) => [code, toHex(der.subarray(offset - 3, offset))]),
      [["EXTENSION_DUPLICATE", "0401a1"]],
    );
  });

  test("an unknown extension may not stand there twice either", () => {
    const other = extension("1.2.3.4", fromHex("deadbeef"));
    const { extensions: list, findings } = parseCertificate(
      buildCertificate({ extensions: beside(other, other, extension("1.2.3.5", fromHex("00"))) }),
    );
    assert.equal(list.length, 4);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["EXTENSION_DUPLICATE"],
    );
  });
});

describe("whether extensions are critical", () => {
  const listSigner = sequence(oid("2.23.136.1.1.3"));
  const rows: readonly (readonly [what: string, extension: Uint8Array, ...codes: string[]])[] = [
    ["critical FALSE is DEFAULT_ENCODED", extension("1.2.3.4", integer("01"), false), "DEFAULT_ENCODED"],
    [
      "critical in BER is BOOLEAN_NOT_DER, and TRUE",
      sequence(oid(basicConstraints), fromHex("010101"), octetString(sequence(fromHex("0101ff")))),
      "BOOLEAN_NOT_DER",
    ],
    [
      "an unknown extension that is critical is EXTENSION_CRITICALITY",
      extension("1.2.3.4", integer("01"), true),
      "EXTENSION_CRITICALITY",
    ],
    ["policyConstraints may be critical", extension("2.5.29.36", sequence(), true)],
    [
      "basicConstraints should be",
      extension(basicConstraints, sequence(fromHex("0101ff"))),
      "EXTENSION_CRITICALITY",
    ],
    [
      "nameChange should not be",
      extension("2.23.136.1.1.6.1", fromHex("0500"), true),
      "EXTENSION_CRITICALITY",
    ],
    ["extKeyUsage should be for signing lists", extension(extKeyUsage, listSigner), "EXTENSION_CRITICALITY"],
    ["extKeyUsage is for signing lists", extension(extKeyUsage, listSigner, true)],
    ["extKeyUsage need not be for TLS", extension(extKeyUsage, sequence(oid("1.3.6.1.5.5.7.3.1")))],
  ];
  for (const [what, one, ...codes] of rows) {
    test(what, () => {
      const { findings } = parseCertificate(buildCertificate({ extensions: beside(one) }));
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate, parseMasterList } from "cert-parser-core";
import fc from "fast-check";
import { readElement } from "../../src/der/reader.ts";
import { algorithmIdentifierAt } from "../../src/x509/algorithm-identifier.ts";
import { describeSignatureAlgorithm, noteSignatureAlgorithm } from "../../src/x509/signature-algorithm.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { concat, context, integer, oid, sequence } from "../der-writer.ts";
import { absent, buildCertificate } from "../specimens.ts";

const nullParameters = fromHex("0500");
const [sha1, sha256, sha512] = ["1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.3"];
const [idPss, idMgf1] = ["1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"];

function describeAlgorithm(der: Uint8Array) {
  const { deviations, ...read } = describeSignatureAlgorithm(
    algorithmIdentifierAt(der, readElement(der), "AlgorithmIdentifier"),
  );
  return { ...read, noted: deviations.map(({ code, offset }) => [code, offset]) };
}

describe("signature algorithms that are as their standards have them", () => {
  const algorithms = [
    ["1.2.840.113549.1.1.11", nullParameters, "rsa-pkcs1", "SHA-256"],
    ["1.2.840.113549.1.1.12", nullParameters, "rsa-pkcs1", "SHA-384"],
    ["1.2.840.113549.1.1.13", nullParameters, "rsa-pkcs1", "SHA-512"],
    ["1.2.840.113549.1.1.14", nullParameters, "rsa-pkcs1", "SHA-224"],
    ["1.2.840.113549.1.1.1", nullParameters, "rsa-pkcs1", undefined],
    ["1.2.840.10045.4.3.1", absent, "ecdsa", "SHA-224"],
    ["1.2.840.10045.4.3.2", absent, "ecdsa", "SHA-256"],
    ["1.2.840.10045.4.3.3", absent, "ecdsa", "SHA-384"],
    ["1.2.840.10045.4.3.4", absent, "ecdsa", "SHA-512"],
    ["2.16.840.1.101.3.4.3.1", absent, "dsa", "SHA-224"],
    ["2.16.840.1.101.3.4.3.2", absent, "dsa", "SHA-256"],
    ["1.3.101.112", absent, "ed25519", undefined],
    ["1.3.101.113", absent, "ed448", undefined],
    ["1.2.3.4", integer("01"), undefined, undefined],
  ] as const;
  for (const [type, parameters, scheme, hash] of algorithms) {
    test(`${type} is ${scheme ?? "not known"}${hash ? ` over ${hash}` : ""}`, () => {
      assert.deepEqual(describeAlgorithm(sequence(oid(type), parameters)), {
        scheme,
        hash,
        pss: undefined,
        noted: [],
      });
    });
  }
});

describe("signature algorithms with a flaw are read, and it is noted", () => {
  const flawed = [
    [
      "ECDSA with NULL, as 22 of Latvia, Lithuania, Japan",
      "1.2.840.10045.4.3.2",
      nullParameters,
      "ALGORITHM_PARAMETERS",
    ],
    ["ECDSA with a curve", "1.2.840.10045.4.3.3", oid("1.2.840.10045.3.1.7"), "ALGORITHM_PARAMETERS"],
    ["RSA without NULL, as Iceland and Yemen", "1.2.840.113549.1.1.11", absent, "ALGORITHM_PARAMETERS"],
    ["RSA with a NULL that is not empty", "1.2.840.113549.1.1.11", fromHex("050100"), "ALGORITHM_PARAMETERS"],
    ["RSA with an INTEGER", "1.2.840.113549.1.1.11", integer("01"), "ALGORITHM_PARAMETERS"],
    ["Ed25519 with NULL", "1.3.101.112", nullParameters, "ALGORITHM_PARAMETERS"],
    ["RSA over SHA-1", "1.2.840.113549.1.1.5", nullParameters, "HASH_WEAK"],
    ["RSA over MD5", "1.2.840.113549.1.1.4", nullParameters, "HASH_WEAK"],
    ["ECDSA over SHA-1", "1.2.840.10045.4.1", absent, "HASH_WEAK"],
    ["DSA over SHA-1", "1.2.840.10040.4.3", absent, "HASH_WEAK"],
  ] as const;
  for (const [flaw, type, parameters, code] of flawed) {
    test(flaw, () => {
      assert.deepEqual(describeAlgorithm(sequence(oid(type), parameters)).noted, [[code, 0]]);
    });
  }
});

const digest = (type: string) => sequence(oid(type), nullParameters);
const mgf1 = (type: string) => sequence(oid(idMgf1), digest(type));

describe("RSASSA-PSS", () => {
  const sound = sequence(context(0, digest(sha256)), context(1, mgf1(sha512)), context(2, integer("20")));

  test("says all its parameters", () => {
    assert.deepEqual(describeAlgorithm(sequence(oid(idPss), sound)), {
      scheme: "rsa-pss",
      hash: "SHA-256",
      pss: { hash: "SHA-256", maskGenHash: "SHA-512", saltLength: 32, trailerField: 1 },
      noted: [],
    });
  });

  test("has the defaults of RFC 4055 for those left out, SHA-1 among them", () => {
    assert.deepEqual(describeAlgorithm(sequence(oid(idPss), sequence())), {
      scheme: "rsa-pss",
      hash: "SHA-1",
      pss: { hash: "SHA-1", maskGenHash: "SHA-1", saltLength: 20, trailerField: 1 },
      noted: [["HASH_WEAK", 0]],
    });
  });

  test("a digest that nobody knows is undefined", () => {
    const { pss, hash } = describeAlgorithm(sequence(oid(idPss), sequence(context(0, digest("1.2.3")))));
    assert.deepEqual([hash, pss?.hash, pss?.maskGenHash], [undefined, undefined, "SHA-1"]);
  });

  // The parameters begin after the tag, the length and the OID of eleven bytes.
  const flawed = [
    ["no parameters", absent, [["ALGORITHM_PARAMETERS", 0]]],
    ["NULL", nullParameters, [["ALGORITHM_PARAMETERS", 13]]],
    ["fields in another order", sequence(context(2, integer("20")), context(0, digest(sha256))), undefined],
    ["a field twice", sequence(context(2, integer("20")), context(2, integer("20"))), undefined],
    ["a fifth field", sequence(context(4, integer("20"))), undefined],
    ["a salt of nine octets", sequence(context(2, integer("010000000000000000"))), undefined],
    ["two values in a field", sequence(context(2, integer("20"), integer("20"))), undefined],
    ["an empty field", sequence(context(2)), undefined],
    ["MGF1 without a digest", sequence(context(1, sequence(oid(idMgf1)))), undefined],
    [
      "a negative salt",
      sequence(context(0, digest(sha256)), context(2, integer("ff"))),
      [["ALGORITHM_PARAMETERS", 13]],
    ],
    [
      "another trailer",
      sequence(context(0, digest(sha256)), context(3, integer("02"))),
      [["ALGORITHM_PARAMETERS", 13]],
    ],
    [
      "another mask generation function",
      sequence(context(0, digest(sha256)), context(1, digest(sha256))),
      [["ALGORITHM_PARAMETERS", 13 + 2 + 17 + 2]],
    ],
    [
      "defaults spelled out",
      sequence(
        context(0, digest(sha1)),
        context(1, mgf1(sha1)),
        context(2, integer("14")),
        context(3, integer("01")),
      ),
      [
        ["DEFAULT_ENCODED", 15],
        ["DEFAULT_ENCODED", 28],
        ["DEFAULT_ENCODED", 54],
        ["DEFAULT_ENCODED", 59],
        ["HASH_WEAK", 0],
      ],
    ],
  ] as const;
  for (const [flaw, parameters, expected] of flawed) {
    test(`with ${flaw} is read as far as it goes, and noted`, () => {
      const { scheme, pss, noted } = describeAlgorithm(sequence(oid(idPss), parameters));
      assert.equal(scheme, "rsa-pss");
      if (expected === undefined) {
        assert.equal(pss, undefined);
        assert.deepEqual(
          noted.map(([code]) => code),
          ["ALGORITHM_PARAMETERS"],
        );
      } else {
        assert.deepEqual(noted, expected);
      }
    });
  }

  test("any damage to its parameters is a deviation inside of it, and no error", () => {
    const der = sequence(oid(idPss), sound);
    fc.assert(
      fc.property(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 255 }), (place, byte) => {
        const damaged = Uint8Array.from(der);
        damaged[der.length - sound.length + place] = byte;
        let framed: ReturnType<typeof algorithmIdentifierAt>;
        try {
          framed = algorithmIdentifierAt(damaged, readElement(damaged), "AlgorithmIdentifier");
        } catch {
          return;
        }
        for (const { offset } of describeSignatureAlgorithm(framed).deviations)
          assert.ok(offset >= 0 && offset <= damaged.length);
      }),
    );
  });
});

describe("the signature algorithm of a certificate", () => {
  test("is noted at its place in the input", () => {
    const signature = sequence(oid("1.2.840.10045.4.1"));
    const der = buildCertificate({ signature, signatureAlgorithm: signature });
    const [finding] = parseCertificate(der).findings;
    assert.equal(finding?.code, "HASH_WEAK");
    assert.equal(finding?.offset, Buffer.from(der).lastIndexOf(signature));
  });

  test("is noted by whoever asks for it", () => {
    const der = concat(fromHex("0000"), sequence(oid("1.2.840.10045.4.1")));
    const findings: Parameters<typeof noteSignatureAlgorithm>[2] = [];
    noteSignatureAlgorithm(algorithmIdentifierAt(der, readElement(der, 2), "x"), 2, findings);
    assert.deepEqual(
      findings.map(({ code, offset }) => [code, offset]),
      [["HASH_WEAK", 2]],
    );
  });
});

test("signature algorithms of the German list are all known", { skip: corpusAbsent }, () => {
  const { certificates } = parseMasterList(readCorpus("master-lists/DE_2026-01-08.ml"));
  for (const { signatureAlgorithm } of certificates) {
    const { scheme, hash } = describeSignatureAlgorithm(signatureAlgorithm);
    assert.ok(scheme && hash, signatureAlgorithm.algorithm);
  }
});

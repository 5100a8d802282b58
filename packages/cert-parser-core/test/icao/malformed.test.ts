import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  CertParserError,
  type CertParserErrorCode,
  decodeCertificate,
  decodeRevocationList,
  parseCertificate,
  parseMasterList,
  parseRevocationList,
  readBundle,
  summariseBundle,
  toCertificateRecord,
  toCrlRecord,
  toHex,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { parseSignedData } from "../../src/cms/signed-data.ts";
import { defaultLimits } from "../../src/limits.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { amidOtherBytes, describeOutcome, outcomeOf, outcomeOfPromise } from "../outcome.ts";
import { readTar, type TarFile } from "../tar.ts";

const files: readonly TarFile[] = corpusAbsent
  ? []
  : readTar(new Uint8Array(gunzipSync(readCorpus("malformed/malformed.tar.gz"))));

function inFolder(folder: string): readonly TarFile[] {
  return files.filter(({ name }) => name.startsWith(`./${folder}/`));
}

const readers = [
  [
    "parseCertificate",
    (bytes: Uint8Array) => {
      const certificate = parseCertificate(bytes, { sha256 });
      return { certificate, record: toCertificateRecord(certificate) };
    },
  ],
  [
    "parseRevocationList",
    (bytes: Uint8Array) => {
      const crl = parseRevocationList(bytes, { sha256 });
      return { crl, record: toCrlRecord(crl) };
    },
  ],
  [
    "parseMasterList",
    (bytes: Uint8Array) => {
      const list = parseMasterList(bytes, { sha256 });
      return { list, records: list.certificates.map(toCertificateRecord) };
    },
  ],
] as const;

describe("fuzz corpora of CMS, CRLs and certificates", { skip: corpusAbsent }, () => {
  test("the archive holds what it should", () => {
    assert.deepEqual(
      ["cms", "crl", "x509", "rustcrypto"].map((folder) => inFolder(folder).length),
      [462, 688, 282, 66],
    );
  });

  for (const [name, read] of readers) {
    test(`${name} gives a value or a CertParserError for each, and the same amid other bytes`, () => {
      for (const { name: file, bytes } of files) {
        const alone = describeOutcome(outcomeOf(() => read(bytes)));
        const amid = describeOutcome(outcomeOf(() => read(amidOtherBytes(bytes))));
        assert.ok(alone === amid, `${file} is read differently amid other bytes`);
      }
    });
  }

  test("readBundle gives a value or a CertParserError for each", async () => {
    for (const { bytes } of files) {
      describeOutcome(
        await outcomeOfPromise(async () => {
          const bundle = await readBundle(bytes, { sha256 });
          return { bundle, summary: summariseBundle(bundle) };
        }),
      );
    }
  });

  test("the schema objects are given, or a CertParserError, for each", () => {
    for (const { bytes } of files) {
      outcomeOf(() => decodeCertificate(bytes));
      outcomeOf(() => decodeRevocationList(bytes));
    }
  });

  test("what one reader takes, the others refuse: no file is two things", () => {
    for (const { name: file, bytes } of files) {
      const takers = readers.filter(([, read]) => !(outcomeOf(() => read(bytes)) instanceof CertParserError));
      assert.ok(takers.length <= 1, `${file}: ${takers.map(([taker]) => taker).join(", ")}`);
    }
  });
});

describe("files of another project's tests", { skip: corpusAbsent }, () => {
  const bytesOf = (file: string) => {
    const found = files.find(({ name }) => name === `./rustcrypto/${file}`);
    assert.ok(found, file);
    return found.bytes;
  };

  test("a message in BER and the same in DER open alike", () => {
    const [ber, der] = ["cms_cms_ber.bin", "cms_cms_der.bin"].map((file) =>
      parseSignedData(bytesOf(file), defaultLimits),
    );
    assert.ok(ber && der);
    assert.equal(ber.contentType, der.contentType);
    assert.deepEqual(ber.content, der.content);
    assert.equal(ber.certificates.length, der.certificates.length);
    // Signed twice: all but the signatures and the signing time is the same.
    const signersOf = ({ signerInfos }: typeof ber) =>
      signerInfos.map(({ sid, digestAlgorithm }) => [
        toHex(sid.type === "issuerAndSerialNumber" ? sid.issuer.der : sid.subjectKeyIdentifier),
        toHex(digestAlgorithm.der),
      ]);
    assert.equal(ber.signerInfos.length, 1);
    assert.deepEqual(signersOf(ber), signersOf(der));
    assert.deepEqual(
      ber.findings.map(({ code }) => code),
      ["NON_DER_ENVELOPE"],
    );
    assert.deepEqual(der.findings, []);
  });

  test("CMS with other content than a Master List is told from it by its type", () => {
    const refusals: readonly (readonly [string, CertParserErrorCode])[] = [
      ["cms_sd.cms", "CMS_CONTENT_TYPE"],
      ["cms_scep_der.bin", "CMS_CONTENT_TYPE"],
      ["cms_enveloped_data_ktri.bin", "CMS_CONTENT_TYPE"],
      ["cms_compressed_data.bin", "CMS_CONTENT_TYPE"],
      ["cms_pkits.p7b", "CMS_CONTENT_MISSING"],
    ];
    for (const [file, code] of refusals) {
      assert.throws(() => parseMasterList(bytesOf(file)), { name: "CertParserError", code }, file);
    }
  });

  test("well-formed certificates are read", () => {
    const sound = [
      ["cms_rsa_cert.der", 1],
      ["cms_GoodCACert.crt", 3],
      ["cms_ValidCertificatePathTest1EE.crt", 3],
      ["x509-cert_amazon.der", 3],
      ["x509-cert_eca.der", 3],
      ["x509-cert_entrust.der", 3],
      ["x509-cert_exostar.der", 3],
      ["x509-cert_raytheon.der", 3],
    ] as const;
    for (const [file, version] of sound) assert.equal(parseCertificate(bytesOf(file)).version, version, file);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { CertParserError, fromHex, parseCertificate, readBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { decodeLatin1 } from "../../src/bytes/text.ts";
import { parseSignedData } from "../../src/cms/signed-data.ts";
import { defaultLimits } from "../../src/limits.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { outcomeOf } from "../outcome.ts";
import { readTar, type TarFile } from "../tar.ts";

const files: readonly TarFile[] = corpusAbsent
  ? []
  : readTar(new Uint8Array(gunzipSync(readCorpus("malformed/malformed.tar.gz"))));

/** What other implementations made of the files of a folder, in the order of their names: one bit each, in hex. */
interface Verdicts {
  readonly folder: string;
  /** Set where OpenSSL 3.0 or asn1crypto 1.5 reads the file. */
  readonly read: string;
}

/** `openssl x509 -text`, asn1crypto's `x509.Certificate`. */
const certificates: readonly Verdicts[] = [
  { folder: "x509", read: "bf77d8bfb7f34ce9beeeaabd8dffd3cfe57ffef19fff736ddffe95bdcd2e835f6e9f574" },
  { folder: "rustcrypto", read: "1e20000a3ffff54dc" },
];

/** `openssl cms -cmsout -print`, `openssl pkcs7 -print_certs`, asn1crypto's `cms.ContentInfo` that holds SignedData. */
const messages: readonly Verdicts[] = [
  {
    folder: "cms",
    read: "2b028c19a4082e48c384aa0c3341808802505cb444400085406703326a281c024034a304402147684120d9042a402800a0e8d2109e10051e0120",
  },
  { folder: "rustcrypto", read: "e09ffff5000000000" },
];

/** The files that another implementation reads. */
function readByOthers(verdicts: readonly Verdicts[]): readonly TarFile[] {
  return verdicts.flatMap(({ folder, read }) => {
    const bits = fromHex(read.padEnd(read.length + (read.length % 2), "0"));
    return files
      .filter(({ name }) => name.startsWith(`./${folder}/`))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((_, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0);
  });
}

/** How many of the files are read, and how many refused for each reason. */
function countOutcomes(
  verdicts: readonly Verdicts[],
  read: (bytes: Uint8Array) => unknown,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { bytes } of readByOthers(verdicts)) {
    const outcome = outcomeOf(() => read(bytes));
    const reason = outcome instanceof CertParserError ? reasonOf(outcome) : "read";
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function reasonOf({ code, path, message }: CertParserError): string {
  return `${code} ${path ?? message}`;
}

describe("what OpenSSL or asn1crypto reads is read, or refused for a reason", { skip: corpusAbsent }, () => {
  test("certificates", () => {
    assert.deepEqual(
      countOutcomes(certificates, (bytes) => parseCertificate(bytes, { sha256 })),
      {
        read: 34,
        // In BER. The signature is over DER (RFC 5280, 4.1.1.3), and a certificate is known by the SHA-256 of its bytes:
        // with several encodings it would be several. There is none in the five lists surveyed certificate by certificate;
        // asn1crypto reads 8 of these.
        "DER_SYNTAX indefinite length is not DER": 126,
        "DER_LENGTH length is not in its shortest form": 1,
        // Another certificate follows, or what is left of one. OpenSSL shows the first and says nothing of the rest.
        "DER_TRAILING_DATA Certificate": 55,
        // PEM: see below.
        "DER_SYNTAX Certificate": 9,
        // "110908133,24Z" and worse, which OpenSSL shows as "Bad time value": valid from when, nobody can tell.
        "DER_SYNTAX TBSCertificate.validity.notBefore": 3,
        // A SEQUENCE without its constructed bit (X.690, 8.9.1).
        "DER_SYNTAX TBSCertificate.issuer": 1,
      },
    );
  });

  test("the PEM among them is for readBundle", async () => {
    const pem = readByOthers(certificates).filter(({ bytes }) =>
      decodeLatin1(bytes).startsWith("-----BEGIN"),
    );
    const bundles = await Promise.all(pem.map(({ bytes }) => readBundle(bytes, { sha256 })));
    assert.equal(bundles.length, 9);
    assert.ok(bundles.every(({ objects }) => objects.every(({ certificates: read }) => read.length > 0)));
  });

  test("SignedData", () => {
    assert.deepEqual(
      countOutcomes(messages, (bytes) => parseSignedData(bytes, defaultLimits)),
      {
        read: 20,
        // EnvelopedData, AuthenticatedData, plain data and other things in which there is no certificate to find.
        "CMS_CONTENT_TYPE ContentInfo.contentType": 138,
        // A SET without its constructed bit (X.690, 8.11.1).
        "DER_SYNTAX SignedData.signerInfos": 3,
        // PKCS #7 of before CMS: a certificate trust list in no OCTET STRING, which every list of this field is in.
        "DER_SYNTAX EncapsulatedContentInfo.eContent": 1,
      },
    );
  });
});

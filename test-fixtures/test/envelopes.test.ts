import assert from "node:assert/strict";
import { constants, createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { ContentInfo, SignedData, SignerInfo } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";
import { readCertificates, readFixture, readManifest } from "cert-parser-fixtures";
import { contentOf, elementsOf, listNames, openssl, signedData, withoutOpenssl } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const trials = readManifest().files.flatMap(({ name, trust }) => (trust === undefined ? [] : [name]));
// The lists of trust have a test of their own, and the CSCA, which has no key purpose, signed a list that is looked at below.
const soundLists = listNames.filter((name) => !trials.includes(name));
const derLists = soundLists.filter((name) => name !== "ber.ml" && name !== "csca-signed.ml");
const records = new Map(readCertificates().map((record) => [record.sha256, record]));
const hashNames: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

for (const name of derLists) {
  describe(name, () => {
    const { list } = readManifest().files.find((file) => file.name === name) ?? {};
    const [expected] = list?.signers ?? [];
    const envelope = readAll(signedData(name, 3).content).map(({ der }) => new X509Certificate(der));
    const signerInfoDer = readAll(signedData(name).content).at(-1)?.content ?? Buffer.alloc(0);
    const signerInfo = AsnConvert.parse(signerInfoDer, SignerInfo);
    const { signerKey } = readCertificates().find((record) => record.name === expected?.certificate) ?? {};

    test("is a SignedData of version 3 with a Master List inside", () => {
      const info = AsnConvert.parse(readFixture(name), ContentInfo, { berOptions });
      assert.equal(info.contentType, "1.2.840.113549.1.7.2");
      assert.equal(signedData(name, 0).der.toString("hex"), "020103");
      assert.equal(signedData(name, 2, 0).der.toString("hex"), "0606678108010102");
      const version = name === "list-version-1.ml" ? "020101" : "020100";
      assert.equal(at(contentOf(name), 0).der.toString("hex"), version);
    });

    test("has the signer and its CSCA in the envelope, as the manifest says", () => {
      const found = envelope.map((certificate) => nameOf(certificate));
      assert.deepEqual(found, list?.envelope);
      assert.ok(found.includes(expected?.certificate));
    });

    test("carries the signed attributes of Doc 9303-12", () => {
      const attributes = new Map(
        (signerInfo.signedAttrs ?? []).map(({ attrType, attrValues }) => [attrType, attrValues[0]]),
      );
      assert.equal(attributes.size, 3);
      const digest = createHash(hashNames[signerInfo.digestAlgorithm.algorithm] ?? "")
        .update(contentOf(name))
        .digest();
      assert.deepEqual(at(bytes(attributes.get("1.2.840.113549.1.9.4"))).content, digest);
      assert.equal(at(bytes(attributes.get("1.2.840.113549.1.9.3"))).der.toString("hex"), "0606678108010102");
      const signingTime = at(bytes(attributes.get("1.2.840.113549.1.9.5"))).content.toString();
      assert.equal(signingTime, `${expected?.signingTime?.slice(2).replaceAll(/[-:TZ]/g, "")}Z`);
    });

    test("is signed by its list signer, which its CSCA issued for that purpose", () => {
      const signer = envelope.find((certificate) => nameOf(certificate) === expected?.certificate);
      const isIssuer = (certificate: X509Certificate) => nameOf(certificate) === signerKey;
      const issuer =
        envelope.find(isIssuer) ??
        elementsOf(contentOf(name))
          .map((der) => new X509Certificate(der))
          .find(isIssuer);
      assert.ok(signer && issuer);
      assert.ok(signer.verify(issuer.publicKey));
      assert.ok(signer.checkIssued(issuer));
      assert.deepEqual(signer.keyUsage, ["2.23.136.1.1.3"]);

      // Signed is the SET OF, not the [0] that stands in its place (RFC 5652, 5.4).
      const attributes = Buffer.from(at(signerInfoDer, 3).der);
      attributes[0] = 0x31;
      const pss = expected?.signatureAlgorithm === "1.2.840.113549.1.1.10";
      const key = createPublicKey(signer.publicKey.export({ type: "spki", format: "pem" }));
      const verifier = pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING } : key;
      const hash = hashNames[signerInfo.digestAlgorithm.algorithm];
      assert.ok(verify(hash, attributes, verifier, bytes(signerInfo.signature.buffer)));
      assert.equal(signerInfo.signatureAlgorithm.algorithm, expected?.signatureAlgorithm);
      assert.equal(signerInfo.digestAlgorithm.algorithm, expected?.digestAlgorithm);
    });

    test("names its signer in the way that the manifest says", () => {
      assert.equal(
        signerInfo.sid.issuerAndSerialNumber !== undefined,
        expected?.sid === "issuerAndSerialNumber",
      );
      assert.equal(signerInfo.version, expected?.sid === "issuerAndSerialNumber" ? 1 : 3);
    });
  });
}

for (const name of soundLists) {
  test(`openssl accepts the signature of ${name} and finds the same content`, {
    skip: withoutOpenssl,
  }, () => {
    const { stdout, stderr } = openssl(
      readFixture(name),
      "cms",
      "-verify",
      "-noverify",
      "-binary",
      "-inform",
      "DER",
    );
    assert.match(stderr, /Verification successful/);
    const list = readManifest().files.find((file) => file.name === name)?.list;
    assert.equal(elementsOf(stdout).length, list?.listed.length);
  });
}

test("csca-signed.ml is signed by the one certificate that it lists", () => {
  const name = "csca-signed.ml";
  const listed = elementsOf(contentOf(name));
  assert.deepEqual(signedData(name, 3).content, listed[0]);
  const { list } = readManifest().files.find((file) => file.name === name) ?? {};
  assert.deepEqual(list?.listed, [list?.signers[0]?.certificate]);
});

test("signer-without-ski.ml has a signer without key identifier, alone among the lists", () => {
  const without = derLists.filter((name) =>
    readAll(signedData(name, 3).content).some(({ der }) => !der.includes("0603551d0e", 0, "hex")),
  );
  assert.deepEqual(without, ["signer-without-ski.ml"]);
});

test("sid-respelled.ml names the signer's issuer in other octets than the signer itself does", () => {
  const name = "sid-respelled.ml";
  const sid = at(signedData(name, 4).content, 1, 0).der;
  const [signer] = readAll(signedData(name, 3).content).filter(
    ({ der }) => nameOf(new X509Certificate(der)) === "xa-list-signer",
  );
  assert.ok(signer);
  const issuer = at(signer.der, 0, 3).der;
  assert.notDeepEqual(sid, issuer);
  assert.equal(
    sid.toString("latin1").replaceAll("\x13", "\x0c"),
    issuer.toString("latin1").replaceAll("\x13", "\x0c"),
  );
});

test("unsorted.ml has its certificates in the opposite of DER order", () => {
  const elements = elementsOf(contentOf("unsorted.ml"));
  assert.deepEqual(elements, elements.toSorted(Buffer.compare).toReversed());
});

test("ber.ml has indefinite lengths around a content in several segments", () => {
  const bytes = Buffer.from(readFixture("ber.ml"));
  assert.equal(bytes.subarray(0, 2).toString("hex"), "3080");
  const content = bytes.indexOf("a08024800482", 0, "hex");
  assert.ok(content > 0);
  assert.ok(bytes.subarray(content).includes(Buffer.from("000000000000", "hex")));
  const { encapContentInfo } = AsnConvert.parse(
    AsnConvert.parse(bytes, ContentInfo, { berOptions }).content,
    SignedData,
    { berOptions },
  );
  const parsed = encapContentInfo.eContent?.single?.buffer ?? encapContentInfo.eContent?.any;
  assert.ok(parsed);
});

test("the CRL of crl-envelope.ml is list.crl, with the entries that the manifest gives", () => {
  const file = readManifest().files.find(({ name }) => name === "crl-envelope.ml");
  const crls = signedData("crl-envelope.ml", 4);
  assert.equal(crls.tag, 0xa1);
  assert.deepEqual(Buffer.from(readFixture("list.crl")), crls.content);
  const [answer] = file?.revocationLists ?? [];
  assert.equal(createHash("sha256").update(crls.content).digest("hex"), answer?.sha256);
  const entries = readAll(at(crls.content, 0, 5).content);
  assert.deepEqual(
    entries.map(({ der }) => at(der, 0).content.toString("hex")),
    answer?.revokedCertificates.map(({ serialNumber }) => serialNumber),
  );
});

test("rare-crls.ml holds the CRLs that the manifest names, one of them twice, each signed by its CSCA", () => {
  const crls = readAll(signedData("rare-crls.ml", 4).content).map(({ der }) => der);
  const digests = crls.map((der) => createHash("sha256").update(der).digest("hex"));
  const { revocationLists: named = [] } =
    readManifest().files.find(({ name }) => name === "rare-crls.ml") ?? {};
  assert.deepEqual(
    digests,
    named.map(({ sha256 }) => sha256),
  );
  assert.equal(new Set(digests).size, digests.length - 1);
  const odd = readManifest().oddities.flatMap(({ revocationLists = [] }) => revocationLists);
  assert.deepEqual([...new Set(digests)].toSorted(), odd.toSorted());

  const [issuer] = elementsOf(contentOf("rare-crls.ml")).map((der) => new X509Certificate(der));
  assert.ok(issuer);
  for (const crl of crls) {
    assert.ok(verify("sha256", at(crl, 0).der, issuer.publicKey, at(crl, 2).content.subarray(1)));
  }
});

test("openssl verifies list.crl with the CSCA that the manifest names", { skip: withoutOpenssl }, () => {
  const [answer] = readManifest().files.find(({ name }) => name === "list.crl")?.revocationLists ?? [];
  const crl = readFixture("list.crl");
  const issuer = elementsOf(contentOf("crl-envelope.ml"))
    .map((der) => new X509Certificate(der))
    .find((certificate) => nameOf(certificate) === answer?.issuer);
  assert.ok(issuer);
  const [tbs, , signature] = readAll(at(crl).content);
  assert.ok(tbs && signature);
  assert.ok(verify("sha256", tbs.der, issuer.publicKey, signature.content.subarray(1)));
  const { stdout } = openssl(crl, "crl", "-inform", "DER", "-noout", "-text");
  const text = stdout.toString();
  assert.match(text, /CRL Number:\s+26/);
  assert.deepEqual(
    [...text.matchAll(/CRL Reason Code:\s+(.+)/g)].map(([, reason]) => reason),
    ["Key Compromise", "CA Compromise", "Superseded"],
  );
  assert.equal(text.match(/Serial Number:/g)?.length, 4);
});

const berOptions = { maxNodes: 1_000_000 };

function nameOf(certificate: X509Certificate): string | undefined {
  return records.get(certificate.fingerprint256.replaceAll(":", "").toLowerCase())?.name;
}

function bytes(buffer: ArrayBuffer | undefined): Uint8Array {
  return new Uint8Array(buffer ?? new ArrayBuffer(0));
}

import assert from "node:assert/strict";
import { createPublicKey, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import {
  type FixtureCertificate,
  type FixtureName,
  readCertificates,
  readKey,
  readListedCertificates,
  readManifest,
} from "cert-parser-fixtures";
import { contentOf, elementsOf } from "./lists.ts";

const lists = [
  "world.ml",
  "next.ml",
  "shrunk.ml",
  "crl-envelope.ml",
  "issuer-serial.ml",
  "duplicates.ml",
] as const;
const nodeCurves: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

for (const name of lists) {
  describe(name, () => {
    const answers = listed(name);
    const certificates = elementsOf(contentOf(name)).map((der) => new X509Certificate(der));

    test("holds the certificates of its records, in their order", () => {
      assert.deepEqual(
        certificates.map(({ fingerprint256 }) => fingerprint256.replaceAll(":", "").toLowerCase()),
        answers.map(({ sha256 }) => sha256),
      );
    });

    test("has its certificates in DER order", () => {
      const elements = elementsOf(contentOf(name));
      assert.deepEqual(elements, elements.toSorted(Buffer.compare));
    });

    test("has the counts that the manifest gives", () => {
      const list = readManifest().files.find((file) => file.name === name)?.list;
      assert.equal(list?.certificates, certificates.length);
      assert.equal(list?.distinct, new Set(certificates.map(({ fingerprint256 }) => fingerprint256)).size);
      const countries = certificates.flatMap(
        ({ subject }) => /^C=(.+)$/m.exec(subject)?.[1]?.toUpperCase() ?? [],
      );
      assert.deepEqual(list?.countries, [...new Set(countries)].toSorted());
    });

    test("has what its records say in every certificate", () => {
      for (const [index, certificate] of certificates.entries()) checkFields(certificate, answers[index]);
    });
  });
}

test("every root verifies with its own key, and no link does", () => {
  for (const [certificate, { name, role }] of worldPairs()) {
    assert.equal(certificate.verify(certificate.publicKey), role === "csca", name);
  }
});

test("every certificate verifies with the committed key of its signer and carries the committed key of its subject", () => {
  for (const [certificate, { name, key, signerKey }] of worldPairs()) {
    assert.ok(certificate.verify(createPublicKey(readKey(signerKey))), name);
    const committed = createPublicKey(readKey(key)).export({ type: "spki", format: "der" });
    const carried = certificate.publicKey.export({ type: "spki", format: "der" });
    assert.deepEqual(carried.subarray(-64), committed.subarray(-64), name);
  }
});

test("every link certifies a key with another key of the same CSCA", () => {
  const links = listed("world.ml").filter(({ role }) => role === "link");
  assert.ok(links.length >= 100);
  for (const { name, key, signerKey, csca, generation } of links) {
    assert.equal(key, `${csca}-${generation}`, name);
    assert.equal(signerKey, `${csca}-${(generation ?? 0) - 1}`, name);
  }
});

test("the world list has the breadth of a real one", () => {
  const certificates = listed("world.ml");
  assert.ok(certificates.length >= 400);
  assert.ok(new Set(certificates.map(({ csca }) => csca)).size >= 100);
  assert.ok(new Set(certificates.map(({ country }) => country)).size >= 40);
  assert.deepEqual(
    [
      ...new Set(
        certificates.map(({ publicKeyCurve, publicKeySize }) => publicKeyCurve ?? `RSA ${publicKeySize}`),
      ),
    ].toSorted(),
    [
      "P-256",
      "P-384",
      "P-521",
      "RSA 2048",
      "RSA 3072",
      "RSA 4096",
      "brainpoolP256r1",
      "brainpoolP384r1",
      "brainpoolP512r1",
    ],
  );
  const expired = certificates.filter(({ notAfter }) => notAfter < "2026-06-01T12:00:00Z");
  assert.ok(expired.length > 0 && expired.length < certificates.length / 5);
});

test("the next edition brings five certificates and loses three", () => {
  const [world, next] = [names("world.ml"), names("next.ml")];
  assert.equal(next.filter((name) => !world.includes(name)).length, 5);
  assert.equal(world.filter((name) => !next.includes(name)).length, 3);
});

test("the shrunk list lost a tenth of the certificates that are still valid, and nothing else", () => {
  const signingTime =
    readManifest().files.find(({ name }) => name === "shrunk.ml")?.list?.signers[0]?.signingTime ?? "";
  const shrunk = names("shrunk.ml");
  const lost = listed("world.ml").filter(({ name }) => !shrunk.includes(name));
  const valid = listed("world.ml").filter(({ notAfter }) => notAfter >= signingTime);
  assert.equal(lost.length, Math.ceil(valid.length / 10));
  assert.ok(lost.every(({ notAfter }) => notAfter >= signingTime));
});

test("records are named once each", () => {
  const all = readCertificates().map(({ name }) => name);
  assert.equal(new Set(all).size, all.length);
});

function checkFields(certificate: X509Certificate, answer: FixtureCertificate | undefined): void {
  assert.ok(answer);
  const { name } = answer;
  assert.equal(certificate.raw.length, answer.bytes, name);
  assert.equal(iso(certificate.validFrom), answer.notBefore, name);
  assert.equal(iso(certificate.validTo), answer.notAfter, name);
  if (!answer.oddities.includes("serial-negative")) {
    assert.equal(BigInt(`0x${certificate.serialNumber}`), BigInt(`0x${answer.serialNumber}`), name);
  }
  const { asymmetricKeyType, asymmetricKeyDetails = {} } = certificate.publicKey;
  assert.equal(asymmetricKeyType, answer.publicKeyCurve === null ? "rsa" : "ec", name);
  if (answer.publicKeyCurve === null)
    assert.equal(asymmetricKeyDetails.modulusLength, answer.publicKeySize, name);
  const { namedCurve = "none" } = asymmetricKeyDetails;
  if (answer.publicKeyCurve !== null)
    assert.equal(nodeCurves[namedCurve] ?? namedCurve, answer.publicKeyCurve, name);
}

function worldPairs(): readonly (readonly [X509Certificate, FixtureCertificate])[] {
  const answers = new Map(listed("world.ml").map((answer) => [answer.sha256, answer]));
  return elementsOf(contentOf("world.ml")).map((der) => {
    const certificate = new X509Certificate(der);
    const answer = answers.get(certificate.fingerprint256.replaceAll(":", "").toLowerCase());
    assert.ok(answer);
    return [certificate, answer];
  });
}

function listed(name: FixtureName): readonly FixtureCertificate[] {
  return readListedCertificates(name).filter((certificate) => certificate !== null);
}

function names(list: FixtureName): readonly string[] {
  return listed(list).map(({ name }) => name);
}

function iso(date: string): string {
  return new Date(date).toISOString().replace(".000Z", "Z");
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CertificateRecord,
  decodeCertificate,
  type FindingCode,
  formatName,
  parseRevocationList,
  readBundle,
  type SignerInfo,
  summariseBundle,
  toCertificateRecord,
  toCrlRecord,
  toHex,
} from "cert-parser-core";
import {
  type FixtureCertificate,
  type FixtureFile,
  type FixtureName,
  type FixtureRevocationList,
  fixtureNames,
  readCertificates,
  readFixture,
  readListedCertificates,
  readManifest,
} from "cert-parser-fixtures";

const manifest = readManifest();
const certificatesByName = new Map(readCertificates().map((certificate) => [certificate.name, certificate]));
const readable = manifest.files.filter(({ kind }) => kind !== "unreadable");

/** What both the manifest and a record say of a certificate. */
type Answer = Pick<FixtureCertificate, (typeof answered)[number]>;
const answered = [
  "sha256",
  "bytes",
  "serialNumber",
  "country",
  "notBefore",
  "notAfter",
  "subjectKeyIdentifier",
  "authorityKeyIdentifier",
  "signatureAlgorithm",
  "publicKeyAlgorithm",
  "publicKeySize",
  "publicKeyCurve",
] as const satisfies readonly (keyof FixtureCertificate & keyof CertificateRecord)[];

function answerOf(source: FixtureCertificate | CertificateRecord): Answer {
  return Object.fromEntries(answered.map((field) => [field, source[field]])) as Answer;
}

function answersFor(names: readonly (string | null)[]): readonly Answer[] {
  return names
    .filter((name) => name !== null)
    .map((name) => {
      const known = certificatesByName.get(name);
      assert.ok(known, `no certificate is called ${name}`);
      return answerOf(known);
    });
}

for (const file of readable) {
  describe(`${file.name} reads as its builder meant it`, () => {
    if (file.list) describeList(file, file.list);
    if (file.certificate) describeCertificate(file, file.certificate);
    if (file.revocationLists) describeRevocationLists(file, file.revocationLists);
  });
}

function describeList(file: FixtureFile, list: NonNullable<FixtureFile["list"]>): void {
  test("in its counts", async () => {
    const summary = summariseBundle(await readFixtureBundle(file));
    assert.deepEqual(
      {
        kind: summary.kind,
        bytes: summary.bytes,
        sha256: summary.sha256,
        certificates: summary.certificates,
        distinct: summary.distinct,
        countries: summary.countries,
        envelopeCertificates: summary.envelopeCertificates,
        crls: summary.crls,
        revoked: summary.revoked,
        rejected: summary.rejected.length,
      },
      {
        kind: file.kind,
        bytes: file.bytes,
        sha256: file.sha256,
        certificates: list.certificates,
        distinct: list.distinct,
        countries: list.countries,
        envelopeCertificates: list.envelopeCertificates,
        crls: list.crls,
        revoked: list.revoked,
        rejected: list.rejected,
      },
    );
  });

  test("in every field of every certificate, in the order of the list", async () => {
    const [object] = (await readFixtureBundle(file)).objects;
    assert.deepEqual(object?.certificates.map(toCertificateRecord).map(answerOf), answersFor(list.listed));
    assert.deepEqual(
      object?.envelopeCertificates.map(toCertificateRecord).map(answerOf),
      answersFor(list.envelope),
    );
    assert.deepEqual(
      object?.rejections.map(({ index }) => index),
      [...list.listed.entries()].filter(([, name]) => name === null).map(([index]) => index),
    );
  });

  test("in its signers", async () => {
    const { signers } = summariseBundle(await readFixtureBundle(file));
    const [object] = (await readFixtureBundle(file)).objects;
    assert.deepEqual(
      signers.map(({ sid, digestAlgorithm, signatureAlgorithm, signingTime }) => ({
        sid: sid.type,
        digestAlgorithm,
        signatureAlgorithm,
        signingTime,
      })),
      list.signers.map(({ sid, digestAlgorithm, signatureAlgorithm, signingTime }) => ({
        sid,
        digestAlgorithm,
        signatureAlgorithm,
        signingTime,
      })),
    );
    for (const [index, { certificate }] of list.signers.entries()) {
      const signer = certificatesByName.get(certificate);
      const info = object?.signers[index];
      assert.ok(signer && info);
      assert.equal(
        namedBy(info),
        info.sid.type === "subjectKeyIdentifier" ? signer.subjectKeyIdentifier : signer.serialNumber,
      );
    }
  });
}

function describeCertificate(file: FixtureFile, name: string): void {
  test("in every field of the certificate", async () => {
    const [object] = (await readFixtureBundle(file)).objects;
    assert.deepEqual(object?.certificates.map(toCertificateRecord).map(answerOf), answersFor([name]));
  });
}

function describeRevocationLists(file: FixtureFile, lists: readonly FixtureRevocationList[]): void {
  test("in its CRLs and their entries", async () => {
    const [object] = (await readFixtureBundle(file)).objects;
    const read = object?.crls.map((crl) => {
      const record = toCrlRecord(crl);
      return {
        sha256: record.sha256,
        thisUpdate: record.thisUpdate,
        nextUpdate: record.nextUpdate,
        crlNumber: record.crlNumber,
        authorityKeyIdentifier: record.authorityKeyIdentifier,
        signatureAlgorithm: record.signatureAlgorithm,
        entries: record.revokedCertificates,
        reasons: [...crl.revokedCertificates].map(({ serialNumber, reason }) => [
          toHex(serialNumber),
          reason ?? null,
        ]),
      };
    });
    assert.deepEqual(
      read,
      lists.map(({ issuer: _, revokedCertificates, ...known }) => ({
        ...known,
        entries: revokedCertificates.length,
        reasons: revokedCertificates.map(({ serialNumber, reason }) => [serialNumber, reason]),
      })),
    );
  });
}

describe("oddities are read, and noted where they break a rule that reading can see", () => {
  const noted = [
    ["serial-negative", "SERIAL_NEGATIVE"],
    ["serial-zero", "SERIAL_ZERO"],
    ["ski-raw", "KEY_IDENTIFIER_RAW"],
    ["generalized-time-early", "TIME_FORM"],
  ] as const;

  for (const [oddity, code] of noted) {
    test(`${oddity} is ${code}, on the certificates that carry it and on no other of the world list`, async () => {
      assert.deepEqual(await worldCertificatesNoted(code), worldCertificatesWith([oddity]));
    });
  }

  test("a country in lower or mixed case is COUNTRY_CASE, and so is no other", async () => {
    const noted = await worldCertificatesNoted("COUNTRY_CASE");
    const carriers = worldCertificatesWith(["country-lower-case", "country-mixed-case"]);
    // A link carries the oddity too where only the name before it, its issuer's, is so written.
    assert.ok(noted.length > carriers.length / 2);
    assert.deepEqual(
      noted.filter((sha256) => !carriers.includes(sha256)),
      [],
    );
  });

  test("roles of roots and links are those that the builder gave, as far as content tells", async () => {
    const [object] = (await readBundle(readFixture("world.ml"))).objects;
    const wrong = (object?.certificates ?? []).map(toCertificateRecord).filter((record) => {
      const known = [...certificatesByName.values()].find(({ sha256 }) => sha256 === record.sha256);
      // Without an authority key identifier, a link of an unchanged name looks like a root.
      const looksLikeRoot =
        known?.oddities.includes("aki-absent-in-link") && record.issuer === record.subject;
      return known && known.role !== (looksLikeRoot ? "link" : record.role);
    });
    assert.deepEqual(
      wrong.map(({ subject, role }) => `${subject}: ${role}`),
      [],
    );
  });
});

describe("another reader agrees: @peculiar/asn1-x509", () => {
  test("on names, times, extensions, key and signature of every certificate of the world list", async () => {
    const [object] = (await readBundle(readFixture("world.ml"))).objects;
    assert.ok(object && object.certificates.length > 300);
    for (const certificate of object.certificates) {
      const schema = decodeCertificate(certificate.der);
      const { tbsCertificate: tbs } = schema;
      const { record, ...read } = {
        record: toCertificateRecord(certificate),
        notBefore: certificate.notBefore.getTime(),
        notAfter: certificate.notAfter.getTime(),
        subject: certificate.subject.rdns.map((rdn) => rdn.map(({ type }) => type)),
        issuer: certificate.issuer.rdns.map((rdn) => rdn.map(({ type, value }) => [type, value])),
        extensions: certificate.extensions.map(({ type, critical, value }) => [
          withoutUuid(type),
          critical,
          toHex(value),
        ]),
        key: toHex(certificate.publicKey.key.bytes),
        signature: toHex(certificate.signature.bytes),
      };
      assert.deepEqual(read, {
        notBefore: tbs.validity.notBefore.getTime().getTime(),
        notAfter: tbs.validity.notAfter.getTime().getTime(),
        subject: Array.from(tbs.subject, (rdn) => Array.from(rdn, ({ type }) => type)),
        issuer: Array.from(tbs.issuer, (rdn) =>
          Array.from(rdn, ({ type, value }) => [type, value.toString()]),
        ),
        extensions: Array.from(tbs.extensions ?? [], ({ extnID, critical, extnValue }) => [
          withoutUuid(extnID),
          critical,
          toHex(new Uint8Array(extnValue.buffer)),
        ]),
        key: toHex(new Uint8Array(tbs.subjectPublicKeyInfo.subjectPublicKey)),
        signature: toHex(new Uint8Array(schema.signatureValue)),
      });
      assert.equal(record.subject, formatName(certificate.subject));
    }
  });
});

describe("what cannot be read is refused as a whole", () => {
  for (const { name } of manifest.files.filter(({ kind }) => kind === "unreadable")) {
    test(`${name} gives a CertParserError`, async () => {
      await assert.rejects(readBundle(readFixture(name as FixtureName)), { name: "CertParserError" });
    });
  }
});

test("the manifest names every fixture", () => {
  assert.deepEqual(
    manifest.files.map(({ name }) => name),
    [...fixtureNames],
  );
});

test("the CRL alone is the one of the envelope", async () => {
  const [object] = (await readBundle(readFixture("crl-envelope.ml"))).objects;
  assert.deepEqual(object?.crls[0]?.der, parseRevocationList(readFixture("list.crl")).der);
});

async function worldCertificatesNoted(code: FindingCode): Promise<readonly string[]> {
  const [object] = (await readBundle(readFixture("world.ml"))).objects;
  const noted =
    object?.certificates.filter(({ findings }) => findings.some((finding) => finding.code === code)) ?? [];
  return noted.map(({ sha256 }) => sha256);
}

/** Digests of the certificates of the world list that carry one of the oddities, in list order; at least one. */
function worldCertificatesWith(oddities: readonly string[]): readonly string[] {
  const carriers = readListedCertificates("world.ml").filter((certificate) =>
    certificate?.oddities.some((oddity) => oddities.includes(oddity)),
  );
  assert.ok(carriers.length > 0, `no certificate carries ${oddities.join(" or ")}`);
  return carriers.map((certificate) => certificate?.sha256 ?? "");
}

/** @peculiar/asn1-x509 has a form of its own for arcs as long as a UUID. */
function withoutUuid(oid: string): string {
  return oid.replace(/^2\.25\..*/, "2.25.UUID");
}

function readFixtureBundle({ name }: FixtureFile) {
  return readBundle(readFixture(name as FixtureName));
}

function namedBy({ sid }: SignerInfo): string {
  return toHex(sid.type === "subjectKeyIdentifier" ? sid.subjectKeyIdentifier : sid.serialNumber);
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { ECParameters } from "@peculiar/asn1-ecc";
import { RSAPublicKey } from "@peculiar/asn1-rsa";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CRLDistributionPoints,
  type Extension,
  type Name,
  PrivateKeyUsagePeriod,
} from "@peculiar/asn1-x509";
import { type FixtureCertificate, readListedCertificates, readManifest } from "cert-parser-fixtures";
import { contentOf, elementsOf } from "./lists.ts";

interface Subject {
  readonly record: FixtureCertificate;
  readonly der: Buffer;
  readonly certificate: Certificate;
}

const manifest = readManifest();
const world = readWorld();

const unknownExtension = "06146982b79e8bf191a3caa3f5d6aeb2c5c1c6f6a75f";

/** How each oddity shows in a certificate alone. Those that carry it must show it, and no other may. */
const signs: Readonly<Record<string, (subject: Subject) => boolean>> = {
  "country-lower-case": eitherName((name) => /^[a-z]+$/.test(textOf(name, "2.5.4.6"))),
  "country-mixed-case": eitherName((name) => /^[A-Z][a-z]$/.test(textOf(name, "2.5.4.6"))),
  "country-three-letters": eitherName((name) => textOf(name, "2.5.4.6").length === 3),
  "country-absent": eitherName((name) => textOf(name, "2.5.4.6") === ""),
  "common-name-absent": eitherName((name) => textOf(name, "2.5.4.3") === ""),
  "t61-string": eitherName((name) =>
    attributesOf(name).some(({ value }) => value.teletexString !== undefined),
  ),
  "email-in-name": eitherName((name) =>
    attributesOf(name).some(
      ({ value, type }) => type === "1.2.840.113549.1.9.1" && value.ia5String !== undefined,
    ),
  ),
  "trailing-space": eitherName((name) => textOf(name, "2.5.4.10").endsWith(" ")),
  "rsa-exponent-3": (subject) => exponentOf(subject) === 3n,
  "rsa-exponent-unusual": (subject) => ![undefined, 3n, 65537n].includes(exponentOf(subject)),
  "rsa-key-parameters-absent": ({ record, certificate }) =>
    record.publicKeyCurve === null &&
    certificate.tbsCertificate.subjectPublicKeyInfo.algorithm.parameters === undefined,
  "curve-named": (subject) => curveOf(subject)?.namedCurve !== undefined,
  "curve-seed": (subject) => curveOf(subject)?.specifiedCurve?.curve.seed !== undefined,
  "sha224-signature": ({ record }) => record.signatureAlgorithm === "1.2.840.10045.4.3.1",
  "ecdsa-null-parameters": ({ record, certificate }) =>
    record.signatureAlgorithm.startsWith("1.2.840.10045.4.") &&
    certificate.signatureAlgorithm.parameters !== undefined,
  "rsa-signature-parameters-absent": ({ record, certificate }) =>
    record.signatureAlgorithm.startsWith("1.2.840.113549.1.1.") &&
    certificate.signatureAlgorithm.parameters === undefined,
  "ski-8-bytes": ({ record }) => record.subjectKeyIdentifier?.length === 16,
  "ski-32-bytes": ({ record }) => record.subjectKeyIdentifier?.length === 64,
  "ski-arbitrary": ({ record, certificate }) => {
    const key = Buffer.from(certificate.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey);
    const hash = createHash("sha1").update(key).digest("hex");
    return record.subjectKeyIdentifier?.length === 40 && record.subjectKeyIdentifier !== hash;
  },
  "ski-raw": (subject) => (valueOfExtension(subject, "2.5.29.14") ?? "").length === 40,
  "serial-negative": ({ record }) => Number.parseInt(record.serialNumber.slice(0, 2), 16) >= 0x80,
  "serial-zero": ({ record }) => record.serialNumber === "00",
  "aki-absent": ({ record }) => record.role === "csca" && record.authorityKeyIdentifier === null,
  "aki-absent-in-link": ({ record }) => record.role === "link" && record.authorityKeyIdentifier === null,
  "aki-with-issuer": (subject) =>
    parsed(subject, "2.5.29.35", AuthorityKeyIdentifier)?.authorityCertSerialNumber !== undefined,
  "alt-names-absent": (subject) => !has(subject, "2.5.29.17") && !has(subject, "2.5.29.18"),
  "alt-names-empty": (subject) => valueOfExtension(subject, "2.5.29.17") === "3000",
  "crldp-absent": (subject) => !has(subject, "2.5.29.31"),
  "crldp-without-uri": (subject) =>
    parsed(subject, "2.5.29.31", CRLDistributionPoints)?.every(
      ({ distributionPoint }) => distributionPoint?.fullName?.[0]?.uniformResourceIdentifier === undefined,
    ) === true,
  "pkup-absent": (subject) => !has(subject, "2.5.29.16"),
  "pkup-without-not-before": (subject) => {
    const period = parsed(subject, "2.5.29.16", PrivateKeyUsagePeriod);
    return period !== undefined && period.notBefore === undefined;
  },
  "pkup-without-not-after": (subject) => {
    const period = parsed(subject, "2.5.29.16", PrivateKeyUsagePeriod);
    return period !== undefined && period.notAfter === undefined;
  },
  "key-usage-not-critical": (subject) => find(subject, "2.5.29.15")?.critical === false,
  "key-usage-absent": (subject) => !has(subject, "2.5.29.15"),
  "key-usage-extra-bits": (subject) => valueOfExtension(subject, "2.5.29.15") === "030201c6",
  "ca-false": (subject) => valueOfExtension(subject, "2.5.29.19") === "3000",
  "ca-false-with-path-length": (subject) => valueOfExtension(subject, "2.5.29.19") === "3003020100",
  "basic-constraints-absent": (subject) => !has(subject, "2.5.29.19"),
  "path-length-absent": (subject) => {
    const constraints = parsed(subject, "2.5.29.19", BasicConstraints);
    return constraints?.cA === true && constraints.pathLenConstraint === undefined;
  },
  "path-length-1": (subject) => parsed(subject, "2.5.29.19", BasicConstraints)?.pathLenConstraint === 1,
  "extended-key-usage": (subject) => has(subject, "2.5.29.37"),
  "document-type-list": (subject) => has(subject, "2.23.136.1.1.6.2"),
  "netscape-cert-type": (subject) => has(subject, "2.16.840.1.113730.1.1"),
  "microsoft-ca-version": (subject) => has(subject, "1.3.6.1.4.1.311.21.1"),
  // By its octets: asn1js 3 misreads arcs of 128 bits.
  "unknown-extension": ({ der }) => der.includes(Buffer.from(unknownExtension, "hex")),
  "certificate-policies": (subject) =>
    valueOfExtension(subject, "2.5.29.32")?.startsWith("3008300606045") === true,
  "certificate-policies-malformed": (subject) => valueOfExtension(subject, "2.5.29.32") === "30063004",
  "name-change": (subject) =>
    subject.record.role === "link" && find(subject, "2.23.136.1.1.6.1")?.critical === false,
  "name-change-critical": (subject) => find(subject, "2.23.136.1.1.6.1")?.critical === true,
  "name-change-on-root": (subject) => subject.record.role === "csca" && has(subject, "2.23.136.1.1.6.1"),
  "generalized-time-early": ({ record, der }) => record.notAfter < "2050" && generalizedTimes(der) === 2,
  "generalized-time-2051": ({ record, der }) =>
    record.notAfter.startsWith("2051") && generalizedTimes(der) === 1,
};

/** Oddities that take two certificates to see: each carrier, and its sponsor in the list, if any. */
const relations: Readonly<Record<string, (subject: Subject) => boolean>> = {
  "country-mismatch": ({ certificate, record }) => {
    const { issuer, subject } = certificate.tbsCertificate;
    const differs = textOf(issuer, "2.5.4.6").toUpperCase() !== textOf(subject, "2.5.4.6").toUpperCase();
    return record.role === "csca" ? !record.csca.startsWith((record.country ?? "").toLowerCase()) : differs;
  },
  "string-type-changed": ({ record, certificate }) =>
    relatives(record.csca).some(
      (other) =>
        plain(other.tbsCertificate.subject) === plain(certificate.tbsCertificate.subject) &&
        hex(other.tbsCertificate.subject) !== hex(certificate.tbsCertificate.subject),
    ),
  "name-changed": ({ record, certificate }) =>
    relatives(record.csca).some(
      (other) => plain(other.tbsCertificate.issuer) !== plain(certificate.tbsCertificate.subject),
    ),
  "link-issuer-absent": ({ record }) => !world.some((other) => other.record.key === record.signerKey),
  "link-issuer-renamed": ({ record, certificate }) => {
    const issuer = world.find((other) => other.record.name === record.signerKey);
    return plain(issuer?.certificate.tbsCertificate.subject) !== plain(certificate.tbsCertificate.issuer);
  },
  "serial-reused": ({ record, certificate }) =>
    world.some(
      (other) =>
        other.record.name !== record.name &&
        other.record.serialNumber === record.serialNumber &&
        hex(other.certificate.tbsCertificate.issuer) === hex(certificate.tbsCertificate.issuer),
    ),
};

test("every oddity of the manifest has a sign to know it by", () => {
  const names = new Set(world.map(({ record }) => record.name));
  assert.deepEqual(
    manifest.oddities
      .filter(({ certificates }) => certificates.some((name) => names.has(name)))
      .map(({ id }) => id)
      .toSorted(),
    [...Object.keys(signs), ...Object.keys(relations)].toSorted(),
  );
});

for (const [id, shows] of Object.entries(signs)) {
  test(`exactly the certificates named for ${id} show it`, () => {
    const carriers = carriersOf(id);
    assert.ok(carriers.length > 0);
    assert.deepEqual(
      world
        .filter(shows)
        .map(({ record }) => record.name)
        .toSorted(),
      carriers.toSorted(),
    );
  });
}

for (const [id, shows] of Object.entries(relations)) {
  test(`the certificates named for ${id} show it beside their relatives`, () => {
    const carriers = carriersOf(id);
    assert.ok(carriers.length > 0);
    for (const name of carriers)
      assert.ok(
        world.filter(shows).some(({ record }) => record.name === name),
        name,
      );
  });
}

describe("the mix of the world list", () => {
  test("has an authorityKeyIdentifier missing in many roots", () => {
    const roots = world.filter(({ record }) => record.role === "csca");
    const share = roots.filter(({ record }) => record.authorityKeyIdentifier === null).length / roots.length;
    assert.ok(share > 0.2 && share < 0.4, String(share));
  });

  test("has alternative names in about six certificates of ten", () => {
    const share = world.filter((subject) => has(subject, "2.5.29.17")).length / world.length;
    assert.ok(share > 0.55 && share < 0.7, String(share));
  });

  test("has explicit parameters with a cofactor on all six curves, and a seed on the NIST curves alone", () => {
    const explicit = world.filter((subject) => curveOf(subject)?.specifiedCurve !== undefined);
    assert.equal(new Set(explicit.map(({ record }) => record.publicKeyCurve)).size, 6);
    for (const subject of explicit) assert.equal(Number(curveOf(subject)?.specifiedCurve?.cofactor), 1);
    const seeded = explicit.filter((subject) => curveOf(subject)?.specifiedCurve?.curve.seed !== undefined);
    assert.deepEqual([...new Set(seeded.map(({ record }) => record.publicKeyCurve))].toSorted(), [
      "P-256",
      "P-384",
      "P-521",
    ]);
  });

  test("has key identifiers that a root and a link of one key share", () => {
    const identifiers = world.map(({ record }) => record.subjectKeyIdentifier);
    assert.ok(identifiers.length - new Set(identifiers).size > 100);
  });

  test("has sound certificates beside the odd ones", () => {
    assert.ok(world.filter(({ record }) => record.oddities.length === 0).length >= 50);
  });
});

function readWorld(): readonly Subject[] {
  const records = readListedCertificates("world.ml");
  return elementsOf(contentOf("world.ml")).map((der, index) => {
    const record = records[index];
    assert.ok(record);
    return { record, der, certificate: AsnConvert.parse(der, Certificate) };
  });
}

function carriersOf(id: string): readonly string[] {
  const listed = new Set(world.map(({ record }) => record.name));
  const { certificates = [] } = manifest.oddities.find((oddity) => oddity.id === id) ?? {};
  return certificates.filter((name) => listed.has(name));
}

function relatives(csca: string): readonly Certificate[] {
  return world.filter(({ record }) => record.csca === csca).map(({ certificate }) => certificate);
}

function eitherName(shows: (name: Name) => boolean): (subject: Subject) => boolean {
  return ({ certificate }) =>
    shows(certificate.tbsCertificate.subject) || shows(certificate.tbsCertificate.issuer);
}

function attributesOf(name: Name): Name[number][number][] {
  return [...name].flatMap((rdn) => [...rdn]);
}

function textOf(name: Name, oid: string): string {
  return (
    attributesOf(name)
      .find(({ type }) => type === oid)
      ?.value.toString() ?? ""
  );
}

function plain(name: Name | undefined): string {
  return name === undefined
    ? ""
    : attributesOf(name)
        .map(({ type, value }) => `${type}=${value}`)
        .join();
}

function hex(name: Name): string {
  return Buffer.from(AsnConvert.serialize(name)).toString("hex");
}

function find({ certificate }: Subject, oid: string): Extension | undefined {
  return certificate.tbsCertificate.extensions?.find(({ extnID }) => extnID === oid);
}

function has(subject: Subject, oid: string): boolean {
  return find(subject, oid) !== undefined;
}

function valueOfExtension(subject: Subject, oid: string): string | undefined {
  const extension = find(subject, oid);
  return extension && Buffer.from(extension.extnValue.buffer).toString("hex");
}

function parsed<T>(subject: Subject, oid: string, schema: new () => T): T | undefined {
  const extension = find(subject, oid);
  return extension && AsnConvert.parse(extension.extnValue, schema);
}

function curveOf({ record, certificate }: Subject): ECParameters | undefined {
  const { parameters } = certificate.tbsCertificate.subjectPublicKeyInfo.algorithm;
  if (record.publicKeyCurve === null || !parameters) return undefined;
  return AsnConvert.parse(parameters, ECParameters);
}

function exponentOf({ record, certificate }: Subject): bigint | undefined {
  if (record.publicKeyCurve !== null) return undefined;
  const key = AsnConvert.parse(
    certificate.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey,
    RSAPublicKey,
  );
  return BigInt(`0x${Buffer.from(key.publicExponent).toString("hex")}`);
}

/** GeneralizedTimes of 15 characters with the universal tag: those of the validity alone, PKUP has its own tags. */
function generalizedTimes(der: Buffer): number {
  return der.toString("hex").match(/180f(3\d){14}5a/g)?.length ?? 0;
}

import assert from "node:assert/strict";
import { verify, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readFixture, readListedCertificates, readManifest } from "cert-parser-fixtures";
import { contentOf, elementsOf, signedData } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const records = readListedCertificates("rarities.ml");
const elements = elementsOf(contentOf("rarities.ml"));
const root = new X509Certificate(readFixture("certificate.der"));

/** How each rarity shows in the bytes. */
const signs: Readonly<Record<string, (der: Buffer) => boolean>> = {
  "bmp-string": (der) => subject(der).includes("06035504031e0c", 0, "hex"),
  "multi-valued-rdn": (der) => readAll(at(subject(der), 1).content).length === 2,
  "extension-twice": (der) => identifiers(der).length === new Set(identifiers(der)).size + 1,
  "default-encoded": (der) =>
    der.includes("0603551d130101000405", 0, "hex") && der.includes("3003010100", 0, "hex"),
  "ski-absent": (der) => identifiers(der).length > 0 && !identifiers(der).includes("0603551d0e"),
  "serial-too-long": (der) => at(der, 0, 1).content.length === 21,
  "version-1": (der) => readAll(at(der, 0).content).length === 6 && at(der, 0, 0).tag === 0x02,
  "algorithm-mismatch": (der) => !hexAt(der, 0).includes(hexAt(der, 1)),
  "point-compressed": (der) => keyBits(der) === 33,
  "cofactor-absent": (der) => readAll(domain(der)).length === 5,
  "critical-unknown": (der) => der.includes("060269010101ff", 0, "hex"),
};

test("each rarity of the manifest is in one certificate, which shows it as no other does", () => {
  const rare = readManifest().oddities.filter(({ certificates }) => certificates[0]?.startsWith("rare-"));
  assert.deepEqual(rare.map(({ id }) => id).toSorted(), Object.keys(signs).toSorted());
  for (const { id, certificates } of rare) {
    const showing = elements.flatMap((der, index) => (signs[id]?.(der) ? (records[index]?.name ?? []) : []));
    assert.deepEqual(showing, certificates, id);
  }
});

test("every rarity is signed with the key of its sound twin", () => {
  for (const [index, der] of elements.entries()) {
    const signature = at(der, 2).content.subarray(1);
    assert.ok(verify("sha256", at(der, 0).der, root.publicKey, signature), records[index]?.name);
  }
});

test("OpenSSL loads every rarity", () => {
  for (const der of elements) assert.ok(new X509Certificate(der).subject.includes("C=XA"));
});

test("not-der.ml holds two whole elements that are no DER inside", () => {
  const bad = elementsOf(contentOf("not-der.ml")).filter(
    (_, index) => readListedCertificates("not-der.ml")[index] === null,
  );
  assert.equal(bad.length, 2);
  assert.ok(bad.some((der) => /30815[0-9a-f]310b30090603550406/.test(der.toString("hex"))));
  assert.ok(bad.some((der) => /3080310b30090603550406/.test(der.toString("hex"))));
});

test("two-signers.ml has two signers, of two publishers", () => {
  const list = readManifest().files.find(({ name }) => name === "two-signers.ml")?.list;
  assert.deepEqual(
    list?.signers.map(({ certificate }) => certificate),
    ["xa-list-signer", "qz-list-signer"],
  );
  assert.equal(
    readAll(readAll(signedData("two-signers.ml").content).at(-1)?.content ?? Buffer.alloc(0)).length,
    2,
  );
});

test("trailing.ml has 16 bytes after its CMS", () => {
  const bytes = readFixture("trailing.ml");
  assert.equal(bytes.length - at(bytes).der.length, 16);
});

function hexAt(der: Buffer, ...path: readonly number[]): string {
  return at(der, ...path).der.toString("hex");
}

function identifiers(der: Buffer): readonly string[] {
  if (readAll(at(der, 0).content).length < 8) return [];
  return readAll(at(der, 0, 7, 0).content).map((extension) => hexAt(extension.der, 0));
}

function subject(der: Buffer): Buffer {
  return field(der, 5);
}

function keyInfo(der: Buffer): Buffer {
  return field(der, 6);
}

/** A field of the TBSCertificate, counted with the version, which version 1 leaves out. */
function field(der: Buffer, position: number): Buffer {
  return at(der, 0, at(der, 0, 0).tag === 0xa0 ? position : position - 1).der;
}

function keyBits(der: Buffer): number {
  return at(keyInfo(der), 1).content.length - 1;
}

function domain(der: Buffer): Buffer {
  return at(keyInfo(der), 0, 1).content;
}

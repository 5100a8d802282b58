import assert from "node:assert/strict";
import { constants, createPublicKey, verify, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readFixture, readKey, readListedCertificates, readManifest } from "cert-parser-fixtures";
import { contentOf, elementsOf, signedData } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const root = new X509Certificate(readFixture("certificate.der"));
const records = readListedCertificates("rarities.ml");
const elements = elementsOf(contentOf("rarities.ml"));
const rare = readManifest().oddities.filter(({ certificates }) => certificates[0]?.startsWith("rare-"));

/** How each rarity shows in the bytes. */
const signs: Readonly<Record<string, (der: Buffer) => boolean>> = {
  "bmp-string": (der) => subject(der).includes("06035504031e0c", 0, "hex"),
  "universal-string": (der) => subject(der).includes("06035504031c18", 0, "hex"),
  "ia5-string": (der) => subject(der).includes("06035504031607", 0, "hex"),
  "printable-string-charset": (der) => /060355040313..(?:..)*40/.test(subject(der).toString("hex")),
  "country-utf8-string": (der) => subject(der).includes("06035504060c025841", 0, "hex"),
  "multi-valued-rdn": (der) => readAll(at(subject(der), 1).content).length === 2,
  "issuer-order": (der) => {
    const [issuer, own] = [field(der, 3), subject(der)].map((name) =>
      readAll(at(name).content).map((rdn) => rdn.der.toString("hex")),
    );
    return issuer?.join() !== own?.join() && issuer?.toReversed().join() === own?.join();
  },
  "extension-twice": (der) => identifiers(der).length === new Set(identifiers(der)).size + 1,
  "default-encoded": (der) =>
    der.includes("0603551d130101000405", 0, "hex") && der.includes("3003010100", 0, "hex"),
  "ski-absent": (der) => identifiers(der).length > 0 && !identifiers(der).includes("0603551d0e"),
  "ski-critical": (der) => der.includes("0603551d0e0101ff", 0, "hex"),
  "serial-too-long": (der) => at(der, 0, 1).content.length === 21,
  "serial-not-minimal": (der) => at(der, 0, 1).content.subarray(0, 2).toString("hex") === "0052",
  "version-1": (der) => readAll(at(der, 0).content).length === 6 && at(der, 0, 0).tag === 0x02,
  "unique-identifiers": (der) =>
    readAll(at(der, 0).content)
      .map(({ tag }) => tag)
      .join()
      .includes("129,130,163"),
  "signature-unused-bits": (der) => at(der, 2).content[0] === 4,
  "utc-time-without-seconds": (der) => text(field(der, 4), 0) === "2507011030Z",
  "utc-time-with-offset": (der) => text(field(der, 4), 0) === "250701103000+0200",
  "generalized-time-fraction": (der) => text(field(der, 4), 1) === "20510705161738.5Z",
  "validity-reversed": (der) =>
    text(field(der, 4), 0).startsWith("33") && text(field(der, 4), 1).startsWith("25"),
  "boolean-not-ff": (der) =>
    der.includes("0603551d0f010101", 0, "hex") && der.includes("30060101010201", 0, "hex"),
  "algorithm-mismatch": (der) => !hexAt(der, 0).includes(hexAt(der, 1)),
  "point-compressed": (der) => keyBits(der) === 33,
  "cofactor-absent": (der) => isEllipticCurve(der) && readAll(domain(der)).length === 5,
  "generator-compressed": (der) => parameter(der, 3).length === 33,
  "prime-leading-zero": (der) => parameter(der, 1, 1).subarray(0, 2).toString("hex") === "0000",
  "curve-forged-p": (der) => differsFromRoot(der, 1, 1) && parameter(der, 1, 1).length === 33,
  "curve-forged-a": (der) => differsFromRoot(der, 2, 0),
  "curve-forged-b": (der) => differsFromRoot(der, 2, 1),
  "curve-forged-generator": (der) => differsFromRoot(der, 3) && parameter(der, 3).length === 65,
  "curve-forged-order": (der) => differsFromRoot(der, 4),
  "curve-forged-cofactor": (der) => isEllipticCurve(der) && readAll(domain(der))[5]?.content[0] === 2,
  "rsa-2048-sha1": (der) => hexAt(der, 1).includes("06092a864886f70d010105") && keyBits(der) === 270,
  "pss-key": (der) => at(keyInfo(der), 0).der.toString("hex") === "300b06092a864886f70d01010a",
  "pss-parameters-absent": (der) => pssParameters(der) === "",
  "pss-parameters-default": (der) => pssParameters(der) === "3000",
  "pss-hash-parameters-absent": (der) => /^30..a00d300b0609/.test(pssParameters(der) ?? ""),
  "pss-default-encoded": (der) => pssParameters(der)?.endsWith("a303020101") === true,
  "pss-other-mask": (der) => pssParameters(der) === "3011a00f300d06096086480165030402010500",
  "aki-without-key-identifier": (der) => /^30..a1/.test(extension(der, "0603551d23") ?? ""),
  "aki-empty": (der) => extension(der, "0603551d23") === "3000",
  "pkup-empty": (der) => extension(der, "0603551d10") === "3000",
  "pkup-utc-time": (der) => extension(der, "0603551d10")?.startsWith("301e800d") === true,
  "key-usage-empty": (der) => extension(der, "0603551d0f") === "030100",
  "crldp-empty": (der) => extension(der, "0603551d1f") === "3000",
  "extended-key-usage-empty": (der) => extension(der, "0603551d25") === "3000",
  "certificate-policies-empty": (der) => extension(der, "0603551d20") === "3000",
  "extension-without-value": (der) => extension(der, "0603551d11") === "",
  "path-length-2": (der) => extension(der, "0603551d13")?.endsWith("020102") === true,
  "private-extensions": (der) => identifiers(der).includes("06092a864886f67d074100"),
  "prohibited-extensions": (der) => identifiers(der).includes("0603551d21"),
  "critical-unknown": (der) => der.includes("060269010101ff", 0, "hex"),
  "document-signer": (der) => extension(der, documentTypes) === "300c020100310713015013024944",
  "document-types-apart": (der) => extension(der, documentTypes) === "300e0201003103130150310413024944",
  "document-types-without-version": (der) => extension(der, documentTypes) === "300713015013024944",
  "document-types-former": (der) => extension(der, "0606678108010104") !== undefined,
  "document-types-bare": (der) => extension(der, documentTypes) === "130150",
  "deviation-list-signer": (der) => extension(der, "0603551d25") === "30080606678108010108",
  "seal-signer": (der) => extension(der, "0603551d25") === "3009060767810801010b01",
};

test("each rarity of the manifest is in one certificate of rarities.ml, which shows it as no other does", () => {
  assert.deepEqual(rare.map(({ id }) => id).toSorted(), Object.keys(signs).toSorted());
  for (const { id, certificates } of rare) {
    const showing = elements.flatMap((der, index) => (signs[id]?.(der) ? (records[index]?.name ?? []) : []));
    assert.deepEqual(
      showing,
      certificates.filter((name) => name.startsWith("rare-")),
      id,
    );
  }
});

test("every rarity is signed with the key that its record names", () => {
  for (const [index, der] of elements.entries()) {
    const { name = "", signerKey = "", signatureAlgorithm } = records[index] ?? {};
    const isSha1 = signatureAlgorithm === "1.2.840.113549.1.1.5" || sha1Pss.includes(name);
    const key = { key: createPublicKey(readKey(signerKey)) };
    // node:crypto has one hash for a PSS signature and its mask.
    if (name === "rare-pss-other-mask") continue;
    const padding = isPss(der) ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
    const signature = at(der, 2).content.subarray(1);
    assert.ok(verify(isSha1 ? "sha1" : "sha256", at(der, 0).der, { ...key, ...padding }, signature), name);
  }
});

test("OpenSSL loads every rarity but a serial number with an octet too many and a time without seconds", () => {
  const refused = elements.flatMap((der, index) => {
    try {
      return new X509Certificate(der).subject === "" ? [records[index]?.name] : [];
    } catch {
      return [records[index]?.name];
    }
  });
  assert.deepEqual(refused.toSorted(), ["rare-serial-not-minimal", "rare-utc-time-without-seconds"]);
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
  return readAll(extensionsOf(der)).map((each) => hexAt(each.der, 0));
}

/** The content of the Extensions, which stand last. */
function extensionsOf(der: Buffer): Buffer {
  const explicit = readAll(at(der, 0).content).at(-1);
  return at(explicit?.content ?? Buffer.alloc(0)).content;
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

/** The content of one of the explicit parameters of an EC key; empty for another key. */
function parameter(der: Buffer, ...path: readonly number[]): Buffer {
  return isEllipticCurve(der) ? at(keyInfo(der), 0, 1, ...path).content : Buffer.alloc(0);
}

function differsFromRoot(der: Buffer, ...path: readonly number[]): boolean {
  return isEllipticCurve(der) && !parameter(der, ...path).equals(parameter(root.raw, ...path));
}

function isEllipticCurve(der: Buffer): boolean {
  return at(keyInfo(der), 0, 0).der.toString("hex") === "06072a8648ce3d0201";
}

function isPss(der: Buffer): boolean {
  return hexAt(der, 1, 0) === "06092a864886f70d01010a";
}

/** The parameters of a PSS signature in hex, nothing if they are left out; undefined for another algorithm. */
function pssParameters(der: Buffer): string | undefined {
  if (!isPss(der)) return undefined;
  const [, parameters] = readAll(at(der, 1).content);
  return parameters?.der.toString("hex") ?? "";
}

/** The extnValue of the first extension with this OID, both in hex. */
function extension(der: Buffer, oid: string): string | undefined {
  if (identifiers(der).length === 0) return undefined;
  const found = readAll(extensionsOf(der)).find((each) => hexAt(each.der, 0) === oid);
  return found && readAll(found.content).at(-1)?.content.toString("hex");
}

function text(der: Buffer, position: number): string {
  return at(der, position).content.toString("latin1");
}

const documentTypes = "060767810801010602";
const sha1Pss = ["rare-pss-parameters-absent", "rare-pss-parameters-default"];

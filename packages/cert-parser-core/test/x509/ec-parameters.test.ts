import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex, parseCertificate, toHex } from "cert-parser-core";
import { type EllipticCurve, ellipticCurves } from "../../src/x509/ec-curves.ts";
import { bitString, concat, integer, octetString, oid, sequence } from "../der-writer.ts";
import { buildCertificate, publicKey } from "../specimens.ts";

const idEcPublicKey = "1.2.840.10045.2.1";

interface Parameters {
  readonly version: Uint8Array;
  readonly fieldType: Uint8Array;
  readonly p: string;
  readonly a: string;
  readonly b: string;
  readonly seed: Uint8Array;
  readonly base: string;
  readonly n: string;
  readonly cofactor: Uint8Array;
}

function explicitParameters(curve: EllipticCurve, altered: Partial<Parameters> = {}): Uint8Array {
  const { p, a, b, n } = { ...curve, ...altered };
  return sequence(
    altered.version ?? integer("01"),
    sequence(altered.fieldType ?? oid("1.2.840.10045.1.1"), integer(`00${p}`)),
    sequence(octetString(fromHex(a)), octetString(fromHex(b)), altered.seed ?? concat()),
    octetString(fromHex(altered.base ?? `04${curve.gx}${curve.gy}`)),
    integer(`00${n}`),
    altered.cofactor ?? integer("01"),
  );
}

function keyWith(parameters: Uint8Array): { size: number | undefined; curve: string | undefined } {
  const subjectPublicKeyInfo = publicKey(
    sequence(oid(idEcPublicKey), parameters),
    new Uint8Array(65).fill(4),
  );
  const { size, curve } = parseCertificate(buildCertificate({ subjectPublicKeyInfo })).publicKey;
  return { size, curve };
}

const named = ellipticCurves.map((curve) => [curve.name, curve] as const);

test("the twelve curves of travel documents are known", () => {
  assert.deepEqual(
    ellipticCurves.map(({ name, oid, bits }) => [name, oid, bits]),
    [
      ["P-192", "1.2.840.10045.3.1.1", 192],
      ["P-224", "1.3.132.0.33", 224],
      ["P-256", "1.2.840.10045.3.1.7", 256],
      ["P-384", "1.3.132.0.34", 384],
      ["P-521", "1.3.132.0.35", 521],
      ["brainpoolP160r1", "1.3.36.3.3.2.8.1.1.1", 160],
      ["brainpoolP192r1", "1.3.36.3.3.2.8.1.1.3", 192],
      ["brainpoolP224r1", "1.3.36.3.3.2.8.1.1.5", 224],
      ["brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 256],
      ["brainpoolP320r1", "1.3.36.3.3.2.8.1.1.9", 320],
      ["brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 384],
      ["brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", 512],
    ],
  );
});

describe("a curve by its parameters", () => {
  for (const [name, curve] of named) {
    const { bits } = curve;

    test(`${name} is known by its OID`, () => {
      assert.deepEqual(keyWith(oid(curve.oid)), { size: bits, curve: name });
    });

    test(`${name} is known by its parameters`, () => {
      assert.deepEqual(keyWith(explicitParameters(curve)), { size: bits, curve: name });
    });

    test(`${name} is known by shorter and longer forms of the same parameters`, () => {
      const { a, b, gx, gy } = curve;
      const forms: Partial<Parameters>[] = [
        { cofactor: concat() },
        { version: integer("02") },
        { seed: bitString(fromHex("c49d360886e704936a6678e1139d26b7819f7e90")) },
        { a: a.replace(/^(?:00)+/, ""), b: b.replace(/^(?:00)+/, "") },
        { a: `0000${a}`, b: `0000${b}` },
        { base: `${isOdd(gy) ? "03" : "02"}${gx}` },
      ];
      for (const form of forms) {
        assert.deepEqual(keyWith(explicitParameters(curve, form)), { size: bits, curve: name });
      }
    });

    const alterations: readonly (readonly [string, Partial<Parameters>])[] = [
      ["a", { a: altered(curve.a) }],
      ["a taken away", { a: "" }],
      ["b", { b: altered(curve.b) }],
      ["the generator's x", { base: `04${altered(curve.gx)}${curve.gy}` }],
      ["the generator's y", { base: `04${curve.gx}${altered(curve.gy)}` }],
      ["the generator's y in the compressed form", { base: `${isOdd(curve.gy) ? "02" : "03"}${curve.gx}` }],
      ["the generator's form", { base: `06${curve.gx}${curve.gy}` }],
      ["the generator for the point at infinity", { base: "00" }],
      ["n", { n: altered(curve.n) }],
      ["the cofactor", { cofactor: integer("02") }],
    ];
    for (const [what, alteration] of alterations) {
      test(`${name} loses its name to another value of ${what}, and keeps its size`, () => {
        assert.deepEqual(keyWith(explicitParameters(curve, alteration)), { size: bits, curve: undefined });
      });
    }

    test(`${name} loses its name to another prime`, () => {
      assert.equal(keyWith(explicitParameters(curve, { p: altered(curve.p) })).curve, undefined);
    });
  }
});

describe("parameters that name no curve", () => {
  const curve = ellipticCurves.find(({ name }) => name === "P-256");
  assert.ok(curve);
  const nothing = { size: undefined, curve: undefined };

  test("a field of characteristic two has no size and no name", () => {
    const fieldType = oid("1.2.840.10045.1.2");
    assert.deepEqual(keyWith(explicitParameters(curve, { fieldType })), nothing);
  });

  test("an OID of another curve has no size and no name", () => {
    assert.deepEqual(keyWith(oid("1.3.132.0.10")), nothing);
  });

  const broken = [
    ["NULL for the parameters (implicitCurve)", fromHex("0500")],
    ["an empty SEQUENCE", sequence()],
    ["a version alone", sequence(integer("01"))],
    ["a SEQUENCE for the prime", explicitParameters(curve).slice().fill(0x30, 17, 18)],
    ["a cofactor that is no INTEGER", explicitParameters(curve, { cofactor: fromHex("0500") })],
  ] as const;
  for (const [flaw, parameters] of broken) {
    test(`${flaw} costs the name of the curve, not the certificate`, () => {
      assert.equal(keyWith(parameters).curve, undefined);
    });
  }

  test("no parameters at all cost the name of the curve, not the certificate", () => {
    const subjectPublicKeyInfo = publicKey(sequence(oid(idEcPublicKey)), new Uint8Array(65));
    const { size, curve: none } = parseCertificate(buildCertificate({ subjectPublicKeyInfo })).publicKey;
    assert.deepEqual({ size, curve: none }, nothing);
  });
});

// OpenSSL writes explicit parameters and is asked under its own names: a witness that our table is right.
const opensslNames: readonly (readonly [string, string])[] = named.map(([name]) => [
  name,
  name === "P-192"
    ? "prime192v1"
    : name === "P-256"
      ? "prime256v1"
      : name.replace("P-", "secp").replace(/^(secp\d+)$/, "$1r1"),
]);

describe("explicit keys made by OpenSSL", () => {
  for (const [name, opensslName] of opensslNames) {
    const spki = explicitKey(opensslName);
    const skip = spki === undefined && `this runtime makes no explicit keys on ${opensslName}`;

    test(`${name} is known by what OpenSSL writes for ${opensslName}`, { skip }, () => {
      assert.ok(spki);
      const { publicKey } = parseCertificate(buildCertificate({ subjectPublicKeyInfo: spki }));
      assert.equal(publicKey.curve, name);
      assert.equal(publicKey.algorithm.parameters?.[0], 0x30);
    });
  }
});

/** SubjectPublicKeyInfo; undefined where the runtime has no such curve or writes its name instead. */
function explicitKey(namedCurve: string): Uint8Array | undefined {
  try {
    const pair = generateKeyPairSync("ec", {
      namedCurve,
      paramEncoding: "explicit",
      publicKeyEncoding: { type: "spki", format: "der" },
      privateKeyEncoding: { type: "pkcs8", format: "der" },
    });
    const spki = new Uint8Array(pair.publicKey);
    const afterType = toHex(spki).indexOf(toHex(oid(idEcPublicKey))) + 2 * oid(idEcPublicKey).length;
    return toHex(spki).startsWith("30", afterType) ? spki : undefined;
  } catch {
    return undefined;
  }
}

function isOdd(hex: string): boolean {
  return Number.parseInt(hex.slice(-1), 16) % 2 === 1;
}

/** Another number of the same length: its lowest bit but one is turned. */
function altered(hex: string): string {
  const last = Number.parseInt(hex.slice(-1), 16) ^ 2;
  return hex.slice(0, -1) + last.toString(16);
}

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { fromHex, parseCertificate, toHex } from "cert-parser-core";
import fc from "fast-check";
import { ellipticCurves } from "../../src/x509/ec-curves.ts";
import { describeKeyParameters } from "../../src/x509/key-parameters.ts";
import { bitString, concat, integer, oid, sequence } from "../der-writer.ts";
import {
  buildCertificate,
  curveNamed,
  type EcParametersParts,
  explicitParameters,
  publicKey,
} from "../specimens.ts";

const idEcPublicKey = "1.2.840.10045.2.1";

/** What reading notes of a key with these parameters, beside that its point is not on the curve's field. */
function notedOf(parameters: Uint8Array) {
  const subjectPublicKeyInfo = publicKey(
    sequence(oid(idEcPublicKey), parameters),
    new Uint8Array(65).fill(4),
  );
  const der = buildCertificate({ subjectPublicKeyInfo });
  const start = Buffer.from(der).indexOf(parameters);
  const certificate = parseCertificate(der);
  const codes = ["EC_PARAMETERS_UNRECOGNISED", "EC_CURVE_NAMED", "EC_POINT_COMPRESSED", "EC_COFACTOR_ABSENT"];
  return {
    parameters: certificate.publicKey.parameters,
    noted: certificate.findings
      .filter(({ code }) => codes.includes(code))
      .map(({ code, message, offset }) => [code, message, offset - start]),
  };
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
      const forms: Partial<EcParametersParts>[] = [
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

    const alterations: readonly (readonly [string, Partial<EcParametersParts>])[] = [
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
  const curve = curveNamed("P-256");
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

describe("how a key says which curve it is on", () => {
  const curve = curveNamed("brainpoolP384r1");
  const unrecognised = (message: string, offset = 0) => ["EC_PARAMETERS_UNRECOGNISED", message, offset];
  const differing = (parameter: string) =>
    unrecognised(`the explicit parameters of the key differ from those of brainpoolP384r1 in ${parameter}`);

  test("explicit parameters, as Doc 9303-12 wants them, are not noted", () => {
    assert.deepEqual(notedOf(explicitParameters(curve)), { parameters: "explicit", noted: [] });
  });

  test("a curve by its name is noted", () => {
    assert.deepEqual(notedOf(oid(curve.oid)), {
      parameters: "named",
      noted: [
        ["EC_CURVE_NAMED", "the key names its curve, brainpoolP384r1, expected explicit parameters", 0],
      ],
    });
  });

  test("the twist of a brainpool curve is known by its name alone", () => {
    assert.deepEqual(keyWith(oid("1.3.36.3.3.2.8.1.1.12")), { size: 384, curve: "brainpoolP384t1" });
    const { a, b, gx, gy } = curveNamed("brainpoolP512r1");
    const likeTwist = explicitParameters(curve, { a, b, base: `04${gx}${gy}` });
    assert.deepEqual(notedOf(likeTwist), { parameters: "unrecognised", noted: [differing("a, b, G")] });
  });

  test("a name that is not known is noted twice: as a name, and as unrecognised", () => {
    const { parameters, noted } = notedOf(oid("1.3.132.0.10"));
    assert.equal(parameters, "unrecognised");
    assert.deepEqual(
      noted.map(([code]) => code),
      ["EC_CURVE_NAMED", "EC_PARAMETERS_UNRECOGNISED"],
    );
    assert.match(String(noted[1]?.[1]), /1\.3\.132\.0\.10/);
  });

  const changes = [
    ["p", { p: altered(curve.p) }, "p"],
    ["a", { a: altered(curve.a) }, "a"],
    ["b", { b: altered(curve.b) }, "b"],
    ["the generator", { base: `04${altered(curve.gx)}${curve.gy}` }, "G"],
    ["n", { n: altered(curve.n) }, "n"],
    ["the cofactor", { cofactor: integer("02") }, "h"],
    ["the cofactor's sign", { cofactor: integer("ff") }, "h"],
    ["p and n, with the generator left", { p: altered(curve.p), n: altered(curve.n) }, "p, n"],
  ] as const;
  for (const [what, parts, parameter] of changes) {
    test(`a change of ${what} is told: ${parameter}`, () => {
      assert.deepEqual(notedOf(explicitParameters(curve, parts)), {
        parameters: "unrecognised",
        noted: [differing(parameter)],
      });
    });
  }

  test("a negative prime is another, whatever its octets", () => {
    const negative = explicitParameters(curve).slice();
    const prime = Buffer.from(negative).indexOf(Buffer.from(`023100${curve.p}`, "hex"));
    const octets = fromHex(`02300${curve.p}`.replace("02300", "0230"));
    const whole = Buffer.concat([negative.subarray(0, prime), octets, negative.subarray(prime + 51)]);
    // The SEQUENCEs around it are one octet shorter: ECParameters has two octets of length, fieldID one.
    whole.writeUInt16BE(whole.length - 4, 2);
    whole[8] = (whole[8] ?? 0) - 1;
    assert.deepEqual(notedOf(Uint8Array.from(whole)).noted, [differing("p")]);
  });

  test("a curve that shares nothing with a known one is told to", () => {
    const own = { p: altered(curve.p), n: altered(curve.n), base: "0401" };
    assert.deepEqual(notedOf(explicitParameters(curve, own)).noted, [
      unrecognised("no known curve has the field, order or generator of the key"),
    ]);
  });

  test("a field of characteristic two is told", () => {
    const { parameters, noted } = notedOf(explicitParameters(curve, { fieldType: oid("1.2.840.10045.1.2") }));
    assert.equal(parameters, "unrecognised");
    assert.deepEqual(
      noted.map(([, message]) => message),
      ["the field of the curve is 1.2.840.10045.1.2, expected a prime field"],
    );
  });

  test("a compressed generator and a cofactor left out are noted, and the curve is known", () => {
    const base = `${isOdd(curve.gy) ? "03" : "02"}${curve.gx}`;
    const parameters = explicitParameters(curve, { base, cofactor: concat() });
    assert.deepEqual(notedOf(parameters), {
      parameters: "explicit",
      noted: [
        [
          "EC_POINT_COMPRESSED",
          "the generator is compressed, expected both coordinates",
          Buffer.from(parameters).indexOf(Buffer.from(`0431${base}`, "hex")),
        ],
        ["EC_COFACTOR_ABSENT", "the explicit parameters have no cofactor, expected 1", parameters.length],
      ],
    });
  });

  const broken = [
    ["NULL (implicitlyCA)", fromHex("0500"), 0],
    ["an empty SEQUENCE", sequence(), 2],
    [
      "more after the prime",
      explicitParameters(curve, { p: curve.p, fieldType: concat(oid("1.2.840.10045.1.1"), integer("01")) }),
      undefined,
    ],
    [
      "more after the cofactor",
      explicitParameters(curve, { cofactor: concat(integer("01"), integer("01")) }),
      undefined,
    ],
    ["a seed that is no BIT STRING", explicitParameters(curve, { seed: integer("01") }), undefined],
  ] as const;
  for (const [flaw, parameters, offset] of broken) {
    test(`${flaw} is unrecognised, and the place is told`, () => {
      const read = notedOf(parameters);
      assert.equal(read.parameters, "unrecognised");
      const [code, , at] = read.noted.at(-1) ?? [];
      assert.equal(code, "EC_PARAMETERS_UNRECOGNISED");
      if (offset !== undefined) assert.equal(at, offset);
    });
  }

  test("no parameters at all are unrecognised", () => {
    const subjectPublicKeyInfo = publicKey(sequence(oid(idEcPublicKey)), new Uint8Array(65).fill(4));
    const { publicKey: key, findings } = parseCertificate(buildCertificate({ subjectPublicKeyInfo }));
    assert.equal(key.parameters, "unrecognised");
    assert.ok(findings.some(({ code }) => code === "EC_PARAMETERS_UNRECOGNISED"));
  });

  test("any damage to explicit parameters leaves them, or makes them unrecognised, and never throws", () => {
    const parameters = explicitParameters(curve);
    fc.assert(
      fc.property(fc.nat({ max: parameters.length - 1 }), fc.nat({ max: 255 }), (place, byte) => {
        const damaged = Uint8Array.from(parameters);
        damaged[place] = byte;
        const algorithm = {
          der: sequence(oid(idEcPublicKey), damaged),
          algorithm: idEcPublicKey,
          parameters: damaged,
        };
        const read = describeKeyParameters(algorithm);
        const isSame = damaged[place] === parameters[place];
        // The version says nothing of the curve.
        if (isSame || place === 6) assert.equal(read.curve, curve.name);
        else if (read.curve !== undefined) assert.fail(`byte ${place} is not looked at`);
        else assert.ok(read.deviations.length > 0);
      }),
      { numRuns: 1000 },
    );
  });
});

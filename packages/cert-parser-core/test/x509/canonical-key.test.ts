import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, test } from "node:test";
import { CertParserError, fromHex, parseMasterList, toHex } from "cert-parser-core";
import fc from "fast-check";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import { createNodeEngine } from "../../src/signatures/node-engine.ts";
import type { AlgorithmIdentifier } from "../../src/x509/algorithm-identifier.ts";
import { canonicalPublicKey } from "../../src/x509/canonical-key.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { bitString, concat, integer, octetString, oid, sequence } from "../der-writer.ts";
import { curveNames, ecPublicKey, makeEcKey } from "../signatures/ec-keys.ts";
import { algorithmIdentifier, exportPublicKey, readPublicKey } from "../signatures/engines.ts";
import { makeRsaKey, positiveInteger } from "../signatures/rsa-keys.ts";
import { curveNamed, explicitParameters } from "../specimens.ts";

const idEcPublicKey = oid("1.2.840.10045.2.1");
const rsaEncryption = oid("1.2.840.113549.1.1.1");
const idRsassaPss = oid("1.2.840.113549.1.1.10");
const idDsa = oid("1.2.840.10040.4.1");
const nullParameters = fromHex("0500");
const engine = createNodeEngine();
const data = new TextEncoder().encode("a tbsCertificate");

function canonical(subjectPublicKeyInfo: Uint8Array): string {
  return toHex(canonicalPublicKey(readPublicKey(subjectPublicKeyInfo)));
}

function assertSame(spelling: Uint8Array, expected: Uint8Array): void {
  assert.equal(canonical(spelling), toHex(expected));
}

function assertKept(spelling: Uint8Array): void {
  const key = readPublicKey(spelling);
  assert.equal(toHex(canonicalPublicKey(key)), toHex(spelling));
}

/** A view of the same memory, from the same place on. */
function isView(bytes: Uint8Array, of: Uint8Array): boolean {
  return bytes.buffer === of.buffer && bytes.byteOffset === of.byteOffset;
}

describe("keys that states publish in two spellings are one", () => {
  test("as Hungary and Turkey: b of P-521 in 65 octets and in 66", () => {
    const { point } = makeEcKey("P-521");
    const curve = curveNamed("P-521");
    const [long, short] = [curve.b, curve.b.slice(2)].map((b) =>
      sequence(sequence(idEcPublicKey, explicitParameters(curve, { b })), bitString(point)),
    ) as [Uint8Array, Uint8Array];
    assert.equal(long.length - short.length, 1);
    const named = ecPublicKey("P-521", point, "named").der;
    assertSame(long, named);
    assertSame(short, named);
  });

  test("as Israel: P-384 by its parameters and by its name", () => {
    const { point } = makeEcKey("P-384");
    const [explicit, named] = [ecPublicKey("P-384", point).der, ecPublicKey("P-384", point, "named").der];
    assert.deepEqual([explicit.length, named.length], [441, 120]);
    assertSame(explicit, named);
    assertSame(named, named);
  });
});

describe("a key on a curve", () => {
  for (const name of curveNames) {
    test(`on ${name} is its name and both coordinates, however it is spelled`, () => {
      const curve = curveNamed(name);
      const { point, compressedPoint } = makeEcKey(name);
      const hybrid = point.with(0, 4 + (compressedPoint[0] ?? 0));
      const { a, b, gx, gy } = curve;
      const parameters = [
        oid(curve.oid),
        explicitParameters(curve),
        explicitParameters(curve, { cofactor: concat() }),
        explicitParameters(curve, { version: integer("02") }),
        explicitParameters(curve, { seed: bitString(fromHex("c49d3608")) }),
        explicitParameters(curve, { a: a.replace(/^(?:00)+/, ""), b: b.replace(/^(?:00)+/, "") }),
        explicitParameters(curve, { a: `0000${a}`, b: `0000${b}` }),
        explicitParameters(curve, { p: `0000${curve.p}`, n: `00${curve.n}` }),
        explicitParameters(curve, { base: `${Number.parseInt(gy.slice(-1), 16) % 2 ? "03" : "02"}${gx}` }),
      ];
      const expected = ecPublicKey(name, point, "named").der;
      for (const each of parameters) {
        for (const form of [point, compressedPoint, hybrid]) {
          assertSame(sequence(sequence(idEcPublicKey, each), bitString(form)), expected);
        }
      }
    });
  }

  test("that names its curve and has both coordinates is given back, not copied", () => {
    const key = ecPublicKey("P-256", makeEcKey("P-256").point, "named");
    assert.ok(isView(canonicalPublicKey(key), key.der));
  });

  const { p, oid: p256 } = curveNamed("P-256");
  const { point, compressedPoint } = makeEcKey("P-256");
  const kept = [
    ["at infinity", p256, Uint8Array.of(0)],
    ["without a point", p256, new Uint8Array()],
    ["with an octet too few", p256, point.subarray(0, 64)],
    ["with an octet too many", p256, concat(point, Uint8Array.of(0))],
    [
      "with an octet of zero before each coordinate",
      p256,
      concat(Uint8Array.of(4, 0), point.subarray(1, 33), Uint8Array.of(0), point.subarray(33)),
    ],
    ["with a hybrid form that contradicts itself", p256, point.with(0, 6 + (((point[64] ?? 0) % 2) ^ 1))],
    ["with an x that no point has", p256, concat(Uint8Array.of(2), new Uint8Array(31), Uint8Array.of(1))],
    ["with an x that is the prime", p256, concat(Uint8Array.of(2), fromHex(p))],
    ["with half a compressed point", p256, compressedPoint.subarray(0, 17)],
    ["on the twist of a brainpool curve", "1.3.36.3.3.2.8.1.1.8", point],
    ["on a curve that is not known", "1.3.132.0.10", point],
  ] as const;
  for (const [what, curve, key] of kept) {
    test(`${what} is as it came in`, () => {
      assertKept(sequence(sequence(idEcPublicKey, oid(curve)), bitString(key)));
    });
  }

  test("with altered parameters, none, or NULL is as it came in (CVE-2020-0601)", () => {
    const curve = curveNamed("P-256");
    const altered = explicitParameters(curve, { base: `04${curve.gy}${curve.gx}` });
    for (const parameters of [altered, nullParameters, concat(), sequence()]) {
      assertKept(sequence(sequence(idEcPublicKey, parameters), bitString(point)));
    }
  });

  test("whose coordinates are those of no point keeps them: it is no other key", () => {
    const off = point.with(64, (point[64] ?? 0) ^ 1);
    assertSame(ecPublicKey("P-256", off).der, ecPublicKey("P-256", off, "named").der);
  });
});

describe("an RSA key", () => {
  const { modulus, publicKey } = makeRsaKey(1024);
  const octets = modulus.toString(16);
  const number = integer(`00${octets}`);
  const exponent = integer("010001");
  const rsa = (algorithm: Uint8Array, ...numbers: readonly Uint8Array[]) =>
    sequence(algorithm, bitString(sequence(...numbers)));
  const plain = sequence(rsaEncryption, nullParameters);

  test("of rsaEncryption with NULL is given back, not copied", () => {
    assert.ok(isView(canonicalPublicKey(publicKey), publicKey.der));
    assertSame(rsa(plain, number, exponent), publicKey.der);
  });

  const pssParameters = sequence();
  const same = [
    ["without NULL, as Estonia's", rsa(sequence(rsaEncryption), number, exponent)],
    ["with other parameters", rsa(sequence(rsaEncryption, octetString(fromHex("00"))), number, exponent)],
    ["of RSASSA-PSS", rsa(sequence(idRsassaPss), number, exponent)],
    ["of RSASSA-PSS with parameters", rsa(sequence(idRsassaPss, pssParameters), number, exponent)],
    ["of RSASSA-PSS with NULL", rsa(sequence(idRsassaPss, nullParameters), number, exponent)],
    ["with a longer modulus", rsa(plain, integer(`000000${octets}`), exponent)],
    ["with a longer exponent", rsa(plain, number, integer("0000010001"))],
    ["with a modulus that lacks its octet of zero", rsa(plain, integer(octets), exponent)],
  ] as const;
  for (const [what, spelling] of same) {
    test(`${what} is its modulus and exponent`, () => assertSame(spelling, publicKey.der));
  }

  test("with an exponent that lacks its octet of zero is its modulus and exponent", () => {
    assertSame(rsa(plain, number, integer("f001")), rsa(plain, number, integer("00f001")));
  });

  const kept = [
    ["with an empty modulus", rsa(plain, integer(""), exponent)],
    ["with an empty exponent", rsa(plain, number, integer(""))],
    ["with a third number", rsa(plain, number, exponent, integer("01"))],
    ["without an exponent", rsa(plain, number)],
    [
      "with an octet behind it",
      sequence(plain, bitString(concat(sequence(number, exponent), Uint8Array.of(0)))),
    ],
    ["with bits left unused", sequence(sequence(rsaEncryption), bitString(sequence(number, exponent), 1))],
    ["that is no SEQUENCE", sequence(sequence(rsaEncryption), bitString(number))],
    ["that is empty", sequence(sequence(rsaEncryption), bitString(concat()))],
    ["of another type", rsa(sequence(oid("1.2.840.113549.1.1.7")), number, exponent)],
  ] as const;
  for (const [what, spelling] of kept) test(`${what} is as it came in`, () => assertKept(spelling));

  test("of 0 is one key in every spelling, and no error", () => {
    const zero = rsa(plain, integer("00"), integer("00"));
    assertSame(zero, zero);
    assertSame(rsa(sequence(rsaEncryption), integer("0000"), integer("00")), zero);
  });
});

describe("a DSA key", () => {
  const [p, q, g, y] = [0xfff1n, 0xe3n, 0x04n, 0x8005n].map(positiveInteger) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const dsa = (numbers: readonly Uint8Array[], key: Uint8Array) =>
    sequence(sequence(idDsa, sequence(...numbers)), bitString(key));
  const expected = dsa([p, q, g], y);

  test("is its four numbers in their shortest form", () => {
    assertSame(expected, expected);
    assertSame(dsa([integer("0000fff1"), q, g], y), expected);
    assertSame(dsa([p, integer("0000e3"), integer("0004")], y), expected);
    assertSame(dsa([p, q, g], integer("00008005")), expected);
  });

  test("that is not four numbers is as it came in", () => {
    for (const spelling of [
      dsa([p, q], y),
      dsa([p, q, g, g], y),
      dsa([integer(""), q, g], y),
      dsa([p, q, g], integer("")),
      dsa([p, q, g], concat(y, y)),
      sequence(sequence(idDsa), bitString(y)),
      sequence(sequence(idDsa, nullParameters), bitString(y)),
    ]) {
      assertKept(spelling);
    }
  });
});

describe("a key of Edwards curves", () => {
  for (const [type, length] of [
    ["1.3.101.112", 32],
    ["1.3.101.113", 57],
  ] as const) {
    const key = bitString(new Uint8Array(length).fill(7));
    test(`${type} has no parameters`, () => {
      const expected = sequence(sequence(oid(type)), key);
      assertSame(expected, expected);
      assertSame(sequence(sequence(oid(type), nullParameters), key), expected);
    });

    test(`${type} of another length is as it came in`, () => {
      assertKept(sequence(sequence(oid(type), nullParameters), bitString(new Uint8Array(length + 1))));
    });
  }
});

/** Keys of every kind, each with a signature that it verifies. */
interface Signed {
  readonly what: string;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

function signedKeys(): readonly Signed[] {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const dsa = generated(() => generateKeyPairSync("dsa", { modulusLength: 1024, divisorLength: 160 }));
  const edwards = generateKeyPairSync("ed25519");
  const p256 = makeEcKey("P-256");
  const by = (key: KeyObject, digest: string | null) => new Uint8Array(sign(digest, data, key));
  const keys: Signed[] = [
    {
      what: "RSA",
      subjectPublicKeyInfo: exportPublicKey(rsa.publicKey),
      algorithm: algorithmIdentifier("1.2.840.113549.1.1.11", nullParameters),
      signature: by(rsa.privateKey, "sha256"),
    },
    ...[
      p256.publicKey,
      ecPublicKey("P-256", p256.compressedPoint),
      ecPublicKey("P-256", p256.point, "named"),
    ].map(({ der }, index) => ({
      what: `EC, spelling ${index + 1}`,
      subjectPublicKeyInfo: der,
      algorithm: algorithmIdentifier("1.2.840.10045.4.3.2"),
      signature: p256.sign("SHA-256", data),
    })),
    {
      what: "Ed25519",
      subjectPublicKeyInfo: exportPublicKey(edwards.publicKey),
      algorithm: algorithmIdentifier("1.3.101.112"),
      signature: by(edwards.privateKey, null),
    },
  ];
  if (dsa !== undefined) {
    keys.push({
      what: "DSA",
      subjectPublicKeyInfo: exportPublicKey(dsa.publicKey),
      algorithm: algorithmIdentifier("2.16.840.1.101.3.4.3.2"),
      signature: by(dsa.privateKey, "sha256"),
    });
  }
  return keys;
}

function generated<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

describe("whatever a stranger makes of a key", () => {
  for (const { what, subjectPublicKeyInfo, algorithm, signature } of signedKeys()) {
    const isValid = (der: Uint8Array) => {
      const publicKey = readPublicKey(der);
      return checkSignature(engine, { publicKey, algorithm, data, signature }).outcome === "valid";
    };
    const expected = canonical(subjectPublicKeyInfo);

    test(`its signatures are verified with no other key: ${what}`, () => {
      assert.ok(isValid(subjectPublicKeyInfo));
      fc.assert(
        fc.property(
          fc.nat({ max: subjectPublicKeyInfo.length - 1 }),
          fc.nat({ max: 2 }),
          fc.uint8Array({ maxLength: 3 }),
          (place, removed, inserted) => {
            const changed = respell(subjectPublicKeyInfo, place, removed, inserted);
            if (!isReadable(changed) || !isValid(changed)) return;
            assert.equal(canonical(changed), expected);
          },
        ),
        { numRuns: 2000 },
      );
    });

    test(`the one spelling is its own, and nothing throws: ${what}`, () => {
      fc.assert(
        fc.property(
          fc.nat({ max: subjectPublicKeyInfo.length - 1 }),
          fc.nat({ max: 2 }),
          fc.uint8Array({ maxLength: 3 }),
          (place, removed, inserted) => {
            const changed = respell(subjectPublicKeyInfo, place, removed, inserted);
            if (!isReadable(changed)) return;
            const once = canonical(changed);
            assert.equal(canonical(fromHex(once)), once);
          },
        ),
        { numRuns: 1000 },
      );
    });
  }

  test("different numbers are different keys", () => {
    const numbers = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.bigInt({ min: 0n, max: 2n ** 20n }));
    const spell = ([n, e]: readonly [bigint, bigint], zeros: string) =>
      sequence(
        sequence(zeros === "" ? rsaEncryption : idRsassaPss),
        bitString(sequence(integer(`${zeros}${evenHex(n)}`), integer(`${zeros}${evenHex(e)}`))),
      );
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const isOne = one[0] === other[0] && one[1] === other[1];
        assert.equal(canonical(spell(one, "")) === canonical(spell(other, "00")), isOne);
        assert.equal(canonical(spell(one, "00")), canonical(spell(one, "")));
      }),
    );
  });
});

/**
 * The key with octets in the place of others. The lengths around the place are made right again, so that it is not only
 * the framing that is tried.
 */
function respell(der: Uint8Array, place: number, removed: number, inserted: Uint8Array): Uint8Array {
  return reframe(der, place, Math.min(removed, der.length - place), inserted) ?? der;
}

/** One element at a time, down to the one that the place is in. */
function reframe(
  der: Uint8Array,
  place: number,
  removed: number,
  inserted: Uint8Array,
): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < der.length; ) {
    const first = der[at + 1] ?? 0;
    const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
    const length = first < 0x80 ? first : Number(`0x${toHex(der.subarray(at + 2, at + header))}`);
    const end = at + header + length;
    if (Number.isNaN(length) || end > der.length) return undefined;
    const isInside = place >= at + header && place + removed <= end;
    const tag = der[at] ?? 0;
    const content = der.subarray(at + header, end);
    const inner = place - at - header;
    if (!isInside) parts.push(der.subarray(at, end));
    else parts.push(framed(tag, contentWith(tag, content, inner, removed, inserted)));
    at = end;
  }
  return concat(...parts);
}

function contentWith(
  tag: number,
  content: Uint8Array,
  place: number,
  removed: number,
  inserted: Uint8Array,
): Uint8Array {
  const spliced = concat(content.subarray(0, place), inserted, content.subarray(place + removed));
  if (tag === 0x30) return reframe(content, place, removed, inserted) ?? spliced;
  // What is in a BIT STRING may be elements too.
  if (tag === 0x03 && place > 0 && (content[1] === 0x30 || content[1] === 0x02)) {
    const inner = reframe(content.subarray(1), place - 1, removed, inserted);
    return inner === undefined ? spliced : concat(content.subarray(0, 1), inner);
  }
  return spliced;
}

function framed(tag: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag), octetString(content).subarray(1));
}

function isReadable(der: Uint8Array): boolean {
  try {
    readPublicKey(der);
    return true;
  } catch (error) {
    assert.ok(error instanceof CertParserError);
    return false;
  }
}

function evenHex(number: bigint): string {
  const hex = number.toString(16);
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

describe("the keys of the corpus", { skip: corpusAbsent }, () => {
  const keys = new Map<string, { readonly canonical: string; readonly country: string | undefined }>();
  for (const file of corpusFiles("master-lists")) {
    for (const { publicKey, country } of parseMasterList(readCorpus(`master-lists/${file}`)).certificates) {
      keys.set(toHex(publicKey.der), { canonical: toHex(canonicalPublicKey(publicKey)), country });
    }
  }

  test("are 544 in 547 spellings", () => {
    const distinct = new Set(Array.from(keys.values(), ({ canonical }) => canonical));
    assert.deepEqual([keys.size, distinct.size], [547, 544]);
  });

  test("have two spellings in Hungary, Israel and Turkey, and one in every other state", () => {
    const spellings = Map.groupBy(keys.values(), ({ canonical }) => canonical);
    const twice = [...spellings.values()].filter(({ length }) => length > 1);
    assert.deepEqual(twice.map((same) => same.map(({ country }) => country).join()).sort(), [
      "HU,HU",
      "IL,IL",
      "TR,TR",
    ]);
  });
});

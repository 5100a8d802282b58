import assert from "node:assert/strict";
import { constants, createHash, createPublicKey, publicDecrypt, verify, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { readKey } from "cert-parser-fixtures";
import {
  alterCurve,
  authorityKeyIdentifier,
  basicConstraints,
  buildCertificate,
  buildMasterList,
  buildRevocationList,
  type CertificateOptions,
  compareDer,
  concat,
  cscaOptions,
  deriveKeyPair,
  documentSignerOptions,
  encodeAlgorithm,
  encodeExtension,
  encodeName,
  encodePublicKey,
  encodeTime,
  forgePkcs1,
  generateKeyPair,
  integer,
  type KeyPair,
  keyIdentifier,
  linkOptions,
  listSignerOptions,
  objectIdentifier,
  readKeyPair,
  type SignatureAlgorithm,
  sequence,
  sign,
  subjectKeyIdentifier,
  withExtension,
  withoutExtension,
  writeKeyPair,
} from "cert-parser-fixtures/builders";
import { openssl, withoutOpenssl } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const rsaKey = readKeyPair(readKey("qm-list-signer"));
const p256Key = readKeyPair(readKey("xa-list-signer"));
const brainpoolKey = readKeyPair(readKey("zz-list-signer"));
const csca: CertificateOptions = cscaOptions({
  subject: [
    { type: "C", value: "XA" },
    { type: "CN", value: "CSCA XA" },
  ],
  key: p256Key,
  notBefore: "2024-01-01T00:00:00Z",
  notAfter: "2039-01-01T00:00:00Z",
});
const root = buildCertificate(csca);

describe("integer", () => {
  const encodings = [
    [0n, "020100"],
    [127n, "02017f"],
    [128n, "02020080"],
    [-1n, "0201ff"],
    [-128n, "020180"],
    [-129n, "0202ff7f"],
    [65_536n, "0203010000"],
  ] as const;

  for (const [value, expected] of encodings) {
    test(`writes ${value} as ${expected}`, () => assert.equal(hex(integer(value)), expected));
  }

  test("takes content octets as they are", () => {
    assert.equal(hex(integer(Uint8Array.of(0, 1))), "02020001");
  });
});

describe("objectIdentifier", () => {
  const encodings = [
    ["2.5.29.14", "0603551d0e"],
    ["2.23.136.1.1.2", "0606678108010102"],
    ["2.999.3", "0603883703"],
  ] as const;

  for (const [dotted, expected] of encodings) {
    test(`writes ${dotted}`, () => assert.equal(hex(objectIdentifier(dotted)), expected));
  }
});

describe("encodeTime", () => {
  test("changes from UTCTime to GeneralizedTime between 2049 and 2050", () => {
    assert.equal(text(encodeTime("2049-12-31T23:59:59Z")), "491231235959Z");
    assert.equal(text(encodeTime("2050-01-01T00:00:00Z")), "20500101000000Z");
  });

  test("refuses what is no time", () => {
    for (const bad of ["2026-02-30T00:00:00Z", "2026-06-01", "2026-06-01T12:00:00.000Z"]) {
      assert.throws(() => encodeTime(bad), TypeError);
    }
  });
});

test("a SET OF sorts a shorter element before a longer one that begins with it", () => {
  assert.ok(compareDer(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)) < 0);
  assert.equal(compareDer(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), 0);
});

describe("deriveKeyPair", () => {
  test("gives the same key for the same text, and another for another", () => {
    const derived = (text: string) => writeKeyPair(deriveKeyPair("brainpoolP256r1", text));
    assert.equal(derived("a"), derived("a"));
    assert.notEqual(derived("a"), derived("b"));
  });

  test("gives a key that signs what its public half verifies", () => {
    const key = deriveKeyPair("P-521", "a");
    const signature = sign(key, { scheme: "ecdsa", hash: "SHA-512" }, Buffer.from("sample"));
    assert.ok(verify("sha512", Buffer.from("sample"), key.publicKey, signature));
  });
});

describe("sign", () => {
  test("gives the nonce and the signature of RFC 6979, A.2.5", () => {
    const d = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    const sec1 = Buffer.from(`30310201010420${d}a00a06082a8648ce3d030107`, "hex");
    const pem = `-----BEGIN EC PRIVATE KEY-----\n${sec1.toString("base64")}\n-----END EC PRIVATE KEY-----\n`;
    const signature = sign(readKeyPair(pem), { scheme: "ecdsa", hash: "SHA-256" }, Buffer.from("sample"));
    assert.deepEqual(
      readAll(at(signature).content).map(({ content }) => content.toString("hex")),
      [
        "00efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
        "00f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
      ],
    );
  });

  for (const curve of [
    "P-256",
    "P-384",
    "P-521",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
  ] as const) {
    test(`signs on ${curve} with every hash so that node:crypto agrees, twice the same`, () => {
      const key = generateKeyPair({ kind: "ec", curve });
      for (const hash of ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
        const signature = sign(key, { scheme: "ecdsa", hash }, data);
        assert.ok(verify(hash.replace("-", ""), data, key.publicKey, signature), hash);
        assert.deepEqual(sign(key, { scheme: "ecdsa", hash }, data), signature);
      }
    });
  }

  test("signs with RSA-PSS so that node:crypto agrees, with any salt length, twice the same", () => {
    for (const saltLength of [0, 20, 32, 100]) {
      const algorithm = { scheme: "rsa-pss", hash: "SHA-256", saltLength } as const;
      const verifier = { key: rsaKey.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
      assert.ok(verify("sha256", data, verifier, sign(rsaKey, algorithm, data)));
      assert.deepEqual(sign(rsaKey, algorithm, data), sign(rsaKey, algorithm, data));
    }
  });

  test("leaves the NULL out of the DigestInfo when told, and node:crypto refuses that", () => {
    const signature = sign(rsaKey, { scheme: "rsa-pkcs1", hash: "SHA-256", digestInfoNull: false }, data);
    assert.equal(verify("sha256", data, rsaKey.publicKey, signature), false);
    const digestInfo = publicDecrypt(rsaKey.publicKey, signature);
    assert.equal(at(digestInfo, 0).der.toString("hex"), "300b0609608648016503040201");
    assert.deepEqual(at(digestInfo, 1).content, createHash("sha256").update(data).digest());
  });

  test("leaves the defaults of RSASSA-PSS out, as DER wants it", () => {
    const algorithm = encodeAlgorithm({ scheme: "rsa-pss", hash: "SHA-1" });
    assert.equal(hex(algorithm), "300d06092a864886f70d01010a3000");
  });

  test("refuses an algorithm that does not fit the key", () => {
    assert.throws(() => sign(p256Key, { scheme: "rsa-pss", hash: "SHA-256" }, data), TypeError);
  });
});

describe("keys", () => {
  test("are written and read again as PKCS#8", () => {
    for (const key of [rsaKey, brainpoolKey]) {
      assert.deepEqual(readKeyPair(writeKeyPair(key)).publicBits, key.publicBits);
    }
  });

  test("have identifiers of 20, 8 and 32 bytes", () => {
    const full = createHash("sha1").update(p256Key.publicBits).digest();
    assert.deepEqual(Buffer.from(keyIdentifier(p256Key)), full);
    const short = keyIdentifier(p256Key, "sha1-short");
    assert.equal(hex(short).slice(1), full.toString("hex").slice(25));
    assert.equal(hex(short)[0], "4");
    assert.equal(keyIdentifier(p256Key, "sha256").length, 32);
  });

  test("of another kind are refused", () => {
    assert.throws(() => readKeyPair(ed25519Pem), TypeError);
  });
});

describe("encodePublicKey", () => {
  test("writes explicit and named, compressed and uncompressed keys that OpenSSL takes for the same", () => {
    for (const encoding of [
      {},
      { curve: "named" },
      { point: "compressed" },
      { cofactor: false },
      { seed: true },
    ] as const) {
      const key = createPublicKey({
        key: Buffer.from(encodePublicKey(p256Key, encoding)),
        type: "spki",
        format: "der",
      });
      assert.equal(key.asymmetricKeyDetails?.namedCurve, "prime256v1", JSON.stringify(encoding));
      assert.ok(verify("sha256", data, key, sign(p256Key, { scheme: "ecdsa", hash: "SHA-256" }, data)));
    }
  });

  test("equals what OpenSSL writes", () => {
    const own = createPublicKey({
      key: Buffer.from(encodePublicKey(brainpoolKey)),
      type: "spki",
      format: "der",
    });
    assert.deepEqual(own.export({ type: "spki", format: "der" }), Buffer.from(encodePublicKey(brainpoolKey)));
    const named = p256Key.publicKey.export({ type: "spki", format: "der" });
    assert.deepEqual(Buffer.from(encodePublicKey(p256Key, { curve: "named" })), named);
    const rsa = rsaKey.publicKey.export({ type: "spki", format: "der" });
    assert.deepEqual(Buffer.from(encodePublicKey(rsaKey)), rsa);
  });

  test("forges parameters on demand", () => {
    const forged = encodePublicKey(p256Key, {
      changeDomain: (domain) =>
        Object.assign(domain, {
          base: Object.assign(domain.base, { buffer: p256Key.publicBits.slice().buffer }),
        }),
    });
    const parameters = at(forged, 0, 1);
    assert.deepEqual(readAll(parameters.content)[3]?.content, Buffer.from(p256Key.publicBits));
  });

  test("refuses a seed where the curve has none", () => {
    assert.throws(() => encodePublicKey(brainpoolKey, { seed: true }), TypeError);
  });
});

describe("forgePkcs1", () => {
  test("gives a cube that begins as the encoded message does, and no signature", () => {
    const { publicKey } = generateKeyPair({ kind: "rsa", bits: 2048, publicExponent: 3 });
    const data = Buffer.from("anything");
    const forged = forgePkcs1(2048, "SHA-256", data);
    const cube = (BigInt(`0x${hex(forged)}`) ** 3n).toString(16).padStart(512, "0");
    const digest = createHash("sha256").update(data).digest("hex");
    assert.ok(cube.startsWith(`0001${"ff".repeat(8)}003031300d060960864801650304020105000420${digest}`));
    assert.equal(verify("sha256", data, publicKey, forged), false);
  });

  test("has no room in a short key", () => {
    assert.throws(() => forgePkcs1(768, "SHA-256", Buffer.from("anything")), TypeError);
  });
});

describe("alterCurve", () => {
  test("gives a forger's key the public point of another, for whoever takes the curve as it comes", () => {
    const forger = generateKeyPair({ kind: "ec", curve: "P-256" });
    assert.ok(p256Key.kind === "ec" && forger.kind === "ec");
    const forged = new X509Certificate(buildCertificate({ ...csca, ...alterCurve(p256Key, forger) }).der);
    const genuine = new X509Certificate(root.der);
    assert.ok(forged.verify(forged.publicKey));
    assert.ok(!forged.verify(genuine.publicKey));
    assert.deepEqual(at(forged.raw, 0, 6, 1).der, at(genuine.raw, 0, 6, 1).der);
  });

  test("refuses keys on two curves", () => {
    assert.ok(p256Key.kind === "ec" && brainpoolKey.kind === "ec");
    assert.throws(() => alterCurve(p256Key, brainpoolKey), TypeError);
  });
});

describe("buildCertificate", () => {
  test("gives a root that verifies itself, with the known answers about it", () => {
    const parsed = new X509Certificate(root.der);
    assert.ok(parsed.verify(parsed.publicKey));
    assert.ok(parsed.ca);
    assert.equal(parsed.fingerprint256.replaceAll(":", "").toLowerCase(), root.sha256);
    assert.equal(root.subjectKeyIdentifier, hex(keyIdentifier(p256Key)));
    assert.equal(root.authorityKeyIdentifier, root.subjectKeyIdentifier);
    assert.equal(root.country, "XA");
  });

  test("gives links, list signers and document signers that their issuer verifies", () => {
    const common = { issuer: root, notBefore: "2025-01-01T00:00:00Z", notAfter: "2030-01-01T00:00:00Z" };
    const subject = [{ type: "CN", value: "other" }];
    for (const options of [
      linkOptions({ ...common, subject: root.subject, key: rsaKey }),
      listSignerOptions({ ...common, subject, key: rsaKey }),
      documentSignerOptions({ ...common, subject, key: rsaKey, documentTypes: ["P", "ID"] }),
    ]) {
      const built = buildCertificate(options);
      const parsed = new X509Certificate(built.der);
      assert.ok(parsed.verify(new X509Certificate(root.der).publicKey));
      assert.equal(built.authorityKeyIdentifier, root.subjectKeyIdentifier);
    }
  });

  const flaws: readonly [
    name: string,
    change: Partial<CertificateOptions>,
    isThere: (der: Buffer) => boolean,
  ][] = [
    [
      "any serial number",
      { serialNumber: Uint8Array.of(0, 0, 7) },
      (der) => hexAt(der, 0, 1) === "0203000007",
    ],
    ["version 1", { version: 0, extensions: [] }, (der) => readAll(at(der, 0).content).length === 6],
    ["version 4", { version: 3 }, (der) => hexAt(der, 0, 0) === "a003020103"],
    [
      "two different algorithms",
      { tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-512" } },
      (der) => hexAt(der, 0, 2) !== hexAt(der, 1),
    ],
    [
      "the same extension twice",
      { extensions: [basicConstraints(), basicConstraints()] },
      (der) => hexAt(der, 0, 7, 0, 0) === hexAt(der, 0, 7, 0, 1),
    ],
    [
      "a name given as bytes",
      { subject: Buffer.from("308100", "hex") },
      (der) => der.includes("308100", 0, "hex"),
    ],
    [
      "bytes after the TBSCertificate's fields",
      { changeTbs: (tbs) => sequence(at(tbs).content, integer(5)) },
      (der) => hexAt(der, 0, 8) === "020105",
    ],
  ];

  for (const [name, change, isThere] of flaws) {
    test(`writes ${name}, and signs it`, () => {
      const { der } = buildCertificate({ ...csca, ...change });
      assert.ok(isThere(Buffer.from(der)));
      const signature = at(der, 2).content.subarray(1);
      assert.ok(verify("sha256", at(der, 0).der, p256Key.publicKey, signature));
    });
  }

  test("breaks a signature on demand", () => {
    const { der } = buildCertificate({ ...csca, changeSignature: flipLast });
    assert.equal(new X509Certificate(der).verify(p256Key.publicKey), false);
  });
});

describe("extensions", () => {
  test("are replaced in place, added at the end and left out by OID", () => {
    const all = csca.extensions ?? [];
    const open = withExtension(all, basicConstraints());
    assert.deepEqual(
      open.map(({ oid }) => oid),
      all.map(({ oid }) => oid),
    );
    assert.notDeepEqual(open, all);
    assert.equal(withoutExtension(all, "2.5.29.19", "2.5.29.35").length, all.length - 2);
    assert.deepEqual(withExtension([], basicConstraints()).length, 1);
  });

  test("write what DER forbids on demand", () => {
    const extension = {
      ...basicConstraints({ ca: false, encodesDefault: true }),
      critical: false,
      encodesDefault: true,
    };
    assert.equal(hex(encodeExtension(extension)), "300f0603551d1301010004053003010100");
  });

  test("hold a raw key identifier, and an authority named in full", () => {
    assert.equal(hex(subjectKeyIdentifier(Uint8Array.of(1, 2), { raw: true }).value), "0102");
    const authority = authorityKeyIdentifier({ issuer: root.subject, serialNumber: Uint8Array.of(9) });
    assert.deepEqual(
      readAll(at(authority.value).content).map(({ tag }) => tag),
      [0xa1, 0x82],
    );
  });
});

describe("encodeName", () => {
  test("writes BMPString, T61String and several attributes in one RDN", () => {
    const name = encodeName([
      [
        { type: "CN", value: "Ö", string: "bmpString" },
        { type: "O", value: "Ö", string: "t61String" },
      ],
    ]);
    assert.equal(hex(name), "301731153008060355040a1401d6300906035504031e0200d6");
  });

  test("refuses an attribute type that it does not know", () => {
    assert.throws(() => encodeName([{ type: "XYZ", value: "?" }]), TypeError);
  });
});

describe("buildRevocationList", () => {
  const options = { issuer: root, thisUpdate: "2026-05-01T00:00:00Z", nextUpdate: "2026-08-01T00:00:00Z" };

  test("leaves revokedCertificates out where there is none", () => {
    assert.equal(readAll(at(buildRevocationList(options).der, 0).content).length, 6);
  });

  test("writes version 1 without extensions", () => {
    const { der } = buildRevocationList({
      ...options,
      version: 0,
      revokedCertificates: [{ serialNumber: 5, revocationDate: "2026-04-01T00:00:00Z" }],
    });
    assert.deepEqual(
      readAll(at(der, 0).content).map(({ tag }) => tag),
      [0x30, 0x30, 0x17, 0x17, 0x30],
    );
  });

  test("is verified by openssl", { skip: withoutOpenssl }, () => {
    const revoked = {
      serialNumber: 5,
      revocationDate: "2026-04-01T00:00:00Z",
      reason: "removeFromCRL",
    } as const;
    const { der } = buildRevocationList({ ...options, number: 2n ** 64n, revokedCertificates: [revoked] });
    const { stdout } = openssl(der, "crl", "-inform", "DER", "-noout", "-text");
    assert.match(stdout.toString(), /CRL Number:\s+18446744073709551616[\s\S]*Remove From CRL/);
  });
});

describe("buildMasterList", () => {
  const signer = buildCertificate(
    listSignerOptions({
      issuer: root,
      subject: [{ type: "CN", value: "signer" }],
      key: rsaKey,
      notBefore: "2026-01-01T00:00:00Z",
      notAfter: "2027-01-01T00:00:00Z",
    }),
  );
  const options = {
    certificates: [root.der],
    signers: [{ certificate: signer, signingTime: "2026-06-01T12:00:00Z" }],
    envelopeCertificates: [signer.der],
  };
  const verified = (der: Uint8Array): string =>
    openssl(der, "cms", "-verify", "-noverify", "-binary", "-inform", "DER").stderr;

  test("makes a list that openssl accepts, in DER and in BER", { skip: withoutOpenssl }, () => {
    assert.match(verified(buildMasterList(options).der), /successful/);
    assert.match(
      verified(buildMasterList({ ...options, encoding: "ber", segmentBytes: 100 }).der),
      /successful/,
    );
  });

  test("makes a list with two signers that openssl accepts", { skip: withoutOpenssl }, () => {
    const second = { certificate: root, sid: "issuerAndSerialNumber" } as const;
    const { der } = buildMasterList({
      ...options,
      signers: [...options.signers, second],
      envelopeCertificates: [signer.der, root.der],
    });
    assert.match(verified(der), /successful/);
    assert.equal(readAll(at(der, 1, 0, 4).content).length, 2);
  });

  test("leaves the signed attributes out and signs the content", { skip: withoutOpenssl }, () => {
    const signers = options.signers.map((each) => ({ ...each, signedAttributes: "absent" }) as const);
    const { der, content } = buildMasterList({ ...options, signers });
    assert.match(verified(der), /successful/);
    const info = readAll(at(der, 1, 0, 4, 0).content);
    assert.ok(info.every(({ tag }) => tag !== 0xa0));
    assert.ok(verify("sha256", content, rsaKey.publicKey, info.at(-1)?.content ?? new Uint8Array()));
  });

  const broken = [
    ["a changed signature", { changeSignature: flipLast }],
    ["a wrong message digest", { messageDigest: new Uint8Array(32) }],
    ["no signed content type", { changeAttributes: (all: readonly Uint8Array[]) => all.slice(1) }],
  ] as const;

  for (const [name, change] of broken) {
    test(`makes a list with ${name} that openssl refuses`, { skip: withoutOpenssl }, () => {
      const signers = options.signers.map((each) => ({ ...each, ...change }));
      assert.doesNotMatch(verified(buildMasterList({ ...options, signers }).der), /successful/);
    });
  }

  test("keeps the order that is given, the list's version and bytes of any kind", () => {
    const junk = Uint8Array.of(0x04, 0x01, 0xff);
    const { content } = buildMasterList({
      ...options,
      certificates: [root.der, junk],
      order: "given",
      listVersion: 1,
    });
    assert.equal(at(content, 0).der.toString("hex"), "020101");
    assert.deepEqual(
      readAll(at(content, 1).content).map(({ tag }) => tag),
      [0x30, 0x04],
    );
    const changed = buildMasterList({ ...options, changeContent: (bytes) => concat(bytes, junk) });
    assert.deepEqual(Buffer.from(changed.content).subarray(-3), Buffer.from(junk));
  });

  test("gives the same bytes for the same options, on every kind of key", () => {
    const algorithms: readonly [KeyPair, SignatureAlgorithm][] = [
      [rsaKey, { scheme: "rsa-pss", hash: "SHA-512" }],
      [p256Key, { scheme: "ecdsa", hash: "SHA-256" }],
    ];
    for (const [key, signatureAlgorithm] of algorithms) {
      const signers = [{ certificate: buildCertificate({ ...csca, key }), signatureAlgorithm }];
      assert.deepEqual(
        buildMasterList({ ...options, signers }).der,
        buildMasterList({ ...options, signers }).der,
      );
    }
  });
});

const data = new TextEncoder().encode("what is signed");
const ed25519Pem = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

function flipLast(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function hexAt(der: Uint8Array, ...path: readonly number[]): string {
  return at(der, ...path).der.toString("hex");
}

function text(time: Uint8Array): string {
  return Buffer.from(time).subarray(2).toString("latin1");
}

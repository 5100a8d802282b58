import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  buildDeviationList,
  encodeAttribute,
  extendedKeyUsage,
  generateKeyPair,
  integer,
  keyUsage,
  objectIdentifier,
  octetString,
  sequence,
  withExtension,
  withoutExtension,
} from "../../../../test-fixtures/src/builders.ts";
import { equalBytes } from "../../src/bytes/compare.ts";
import { fromHex } from "../../src/bytes/hex.ts";
import { CertParserError } from "../../src/errors.ts";
import { parseDeviationList } from "../../src/icao/deviation-list.ts";
import { parseMasterList } from "../../src/icao/master-list.ts";
import { i2osp, os2ip } from "../../src/signatures/data-conversion.ts";
import { createPortableEngine } from "../../src/signatures/portable-engine.ts";
import { verifyMasterList, verifySignedList } from "../../src/verify/verify-list.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { engine, makeKey, makeRoot, nameOf } from "../chain/csca-world.ts";
import { concat, context } from "../der-writer.ts";
import {
  type ListChanges,
  listBytes,
  makeList,
  makeListSigner,
  makeWorld,
  now,
  signingTime,
  verify,
} from "./list-world.ts";
import { codesOf, pin } from "./verdict-codes.ts";

const world = makeWorld();
const good = makeList(world);
const messageDigestType = "1.2.840.113549.1.9.4";
const protectionType = "1.2.840.113549.1.9.52";
const signingCertificateV2 = "1.2.840.113549.1.9.16.2.47";
const ecdsaSha256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const sha256 = sequence(objectIdentifier("2.16.840.1.101.3.4.2.1"));

describe("a good list", () => {
  test("is verified with the anchor, by either engine, at once and as a promise", async () => {
    const options = { now, anchors: [world.root.certificate] };
    const verdicts = [
      verifySignedList(good, { ...options, engine }),
      verifySignedList(good, { ...options, engine: createPortableEngine() }),
      await verifyMasterList(good, options),
    ];
    for (const verdict of verdicts) {
      assert.equal(verdict.outcome, "verified");
      assert.deepEqual(codesOf(verdict), []);
      assert.equal(verdict.anchor?.certificate, world.root.certificate);
      assert.equal(verdict.signingTime?.toISOString(), "2024-05-01T00:00:00.000Z");
      assert.deepEqual(
        verdict.path.map((certificate) => certificate.sha256),
        [world.signer.built.sha256, world.root.built.sha256],
      );
      assert.deepEqual(
        [verdict.publisher?.country, verdict.publisher?.subject, verdict.publisher?.keySha256],
        ["UT", "CN=CSCA,C=UT", pin(world.root).keySha256],
      );
    }
  });

  test("says of each check what rule asks for it", () => {
    const { steps } = verify(world, good);
    assert.deepEqual(
      steps.map(({ step, result }) => [step, result]),
      [
        ["content-type", "passed"],
        ["list-version", "passed"],
        ["signed-attributes", "passed"],
        ["attribute-content-type", "passed"],
        ["digest-algorithm", "passed"],
        ["message-digest", "passed"],
        ["algorithm-protection", "skipped"],
        ["signing-time", "passed"],
        ["signer-certificate", "passed"],
        ["signature", "passed"],
        ["signing-certificate", "skipped"],
        ["signer-profile", "passed"],
        ["signer-validity", "passed"],
        ["signer-usage-period", "passed"],
        ["revocation", "skipped"],
        ["issuer", "passed"],
        ["algorithm-strength", "passed"],
        ["anchor", "passed"],
      ],
    );
    assert.ok(steps.every(({ rule, message }) => rule !== "" && message !== ""));
  });

  test("is verified with the fingerprint of an anchor that it brings along, in any case", () => {
    const fingerprint = world.root.built.sha256.toUpperCase();
    assert.equal(
      verify(world, good, { anchors: [fingerprint] }).anchor?.certificate?.sha256,
      world.root.built.sha256,
    );
    assert.deepEqual(codesOf(verify(world, good, { anchors: ["00".repeat(32)] })), ["ANCHOR_MISMATCH"]);
  });

  test("is verified with the pinned key of its publisher", () => {
    const { outcome, anchor } = verify(world, good, { anchors: undefined, trustedKeys: [pin(world.root)] });
    assert.deepEqual(
      [outcome, anchor?.type, anchor?.keySha256],
      ["verified", "pin", pin(world.root).keySha256],
    );
  });

  test("is unanchored where nothing was said to be trusted", () => {
    const { outcome, anchor, publisher } = verify(world, good, { anchors: undefined });
    assert.deepEqual([outcome, anchor, publisher?.keySha256], ["verified", null, pin(world.root).keySha256]);
  });

  test("names its signer in another case and another type of string, as Ukraine's do", () => {
    const sidIssuer = [
      { type: "C", value: "ut" },
      { type: "CN", value: "csca", string: "printableString" },
    ] as const;
    const list = makeList(world, { signerInfo: { sid: "issuerAndSerialNumber", sidIssuer } });
    assert.equal(verify(world, list).outcome, "verified");
  });

  test("has digest algorithms with NULL", () => {
    assert.equal(
      verify(world, makeList(world, { signerInfo: { digestParameters: "null" } })).outcome,
      "verified",
    );
  });

  test("may be in BER, with its content in pieces", () => {
    assert.equal(verify(world, makeList(world, { encoding: "ber" })).outcome, "verified");
  });

  test("is a Deviation List, by a signer with the purpose of its own", () => {
    const signer = makeListSigner(world.root, {
      change: (options) => ({
        ...options,
        extensions: withExtension(options.extensions ?? [], extendedKeyUsage(["2.23.136.1.1.8"])),
      }),
    });
    const build = (certificate: typeof signer) =>
      parseDeviationList(
        buildDeviationList({
          deviations: [{ descriptions: [{ deviationType: "2.23.136.1.1.7.1.2" }] }],
          envelopeCertificates: [certificate.built.der],
          signers: [{ certificate: certificate.built, signingTime }],
        }).der,
      );
    const options = { now, engine, anchors: [world.root.certificate] };
    assert.equal(verifySignedList(build(signer), options).outcome, "verified");
    assert.deepEqual(codesOf(verifySignedList(build(world.signer), options)), ["SIGNER_PROFILE"]);
  });

  test("may protect its algorithms and name its certificate", () => {
    const list = makeList(world, {
      signerInfo: {
        changeAttributes: (attributes) => [
          ...attributes,
          encodeAttribute(protectionType, protection(sha256, ecdsaSha256)),
          encodeAttribute(signingCertificateV2, certificateId(world.signer.built.der, 77)),
        ],
      },
    });
    assert.equal(verify(world, list).outcome, "verified");
  });
});

describe("what is noted", () => {
  const notes: readonly (readonly [what: string, changes: ListChanges, at: string, code: string])[] = [
    ["a signer that has expired since", {}, "2026-01-01T00:00:00Z", "SIGNER_EXPIRED_SINCE"],
    ["an anchor that has expired since", {}, "2040-01-01T00:00:00Z", "ANCHOR_EXPIRED"],
  ];
  for (const [what, changes, at, code] of notes) {
    test(what, () => {
      const verdict = verify(world, makeList(world, changes), { now: new Date(at) });
      assert.equal(verdict.outcome, "verified");
      assert.ok(codesOf(verdict, "noted").includes(code as "ANCHOR_EXPIRED"));
    });
  }

  test("a CSCA that signs directly, as the German one did in 2019", () => {
    const direct = { root: world.root, signer: world.root };
    for (const envelopeCertificates of [[world.root.built.der], []]) {
      const verdict = verify(world, makeList(direct, { envelopeCertificates }));
      assert.deepEqual([verdict.outcome, codesOf(verdict, "noted")], ["verified", ["CSCA_SIGNED_DIRECTLY"]]);
      assert.equal(verdict.path.length, 1);
    }
    assert.equal(verify(world, makeList(direct), { anchors: undefined }).outcome, "verified");
  });

  test("SHA-1 in a list signed up to 2020; after that it is refused", () => {
    const old = makeWorld({ notBefore: "2020-06-01T00:00:00Z" });
    const signatureAlgorithm = { scheme: "ecdsa", hash: "SHA-1" } as const;
    const signedAt = (time: string) =>
      verify(old, makeList(old, { signerInfo: { signatureAlgorithm, signingTime: time } }));
    const before = signedAt("2020-12-31T23:59:59Z");
    assert.deepEqual([before.outcome, codesOf(before, "noted")], ["verified", ["WEAK_ALGORITHM"]]);
    assert.deepEqual(codesOf(signedAt("2021-01-01T00:00:00Z")), ["WEAK_ALGORITHM"]);
  });
});

describe("a tampered list is refused", () => {
  const refused: readonly (readonly [tampering: string, changes: ListChanges, code: string])[] = [
    [
      "whose content is another, under the old signature",
      { signerInfo: { messageDigest: new Uint8Array(32) } },
      "MESSAGE_DIGEST_MISMATCH",
    ],
    [
      "with an attribute twice",
      { signerInfo: { changeAttributes: (attributes) => [...attributes, ...attributes.slice(1, 2)] } },
      "SIGNED_ATTRIBUTES_MALFORMED",
    ],
    [
      "with a second messageDigest",
      {
        signerInfo: {
          changeAttributes: (attributes) => [
            ...attributes,
            encodeAttribute(messageDigestType, octetString(new Uint8Array(32))),
          ],
        },
      },
      "SIGNED_ATTRIBUTES_MALFORMED",
    ],
    [
      "without messageDigest",
      { signerInfo: { changeAttributes: (attributes) => attributes.toSpliced(1, 1) } },
      "MESSAGE_DIGEST_MISMATCH",
    ],
    [
      "without content type among the attributes",
      { signerInfo: { changeAttributes: (attributes) => attributes.slice(1) } },
      "CONTENT_TYPE",
    ],
    [
      "with another content type among the attributes",
      {
        signerInfo: {
          changeAttributes: ([, ...others]) => [
            encodeAttribute("1.2.840.113549.1.9.3", objectIdentifier("2.23.136.1.1.7")),
            ...others,
          ],
        },
      },
      "CONTENT_TYPE",
    ],
    [
      "without signingTime",
      { signerInfo: { changeAttributes: (attributes) => attributes.slice(0, 2) } },
      "SIGNING_TIME_MISSING",
    ],
    ["from the future", { signerInfo: { signingTime: "2024-06-02T00:00:01Z" } }, "SIGNING_TIME_IN_FUTURE"],
    [
      "whose signature is another's",
      { signerInfo: { changeSignature: (signature) => signature.with(-1, (signature.at(-1) ?? 0) ^ 1) } },
      "SIGNATURE_INVALID",
    ],
    [
      "whose digests are two",
      {
        signerInfo: {
          signatureAlgorithmIdentifier: sequence(objectIdentifier("1.2.840.10045.4.3.3")),
        },
      },
      "DIGEST_MISMATCH",
    ],
    [
      "whose protected algorithm is another",
      {
        signerInfo: {
          changeAttributes: (attributes) => [
            ...attributes,
            encodeAttribute(
              protectionType,
              protection(sha256, sequence(objectIdentifier("1.2.840.10045.4.3.3"))),
            ),
          ],
        },
      },
      "ALGORITHM_PROTECTION_MISMATCH",
    ],
    [
      "whose signed certificate is another",
      {
        signerInfo: {
          changeAttributes: (attributes) => [
            ...attributes,
            encodeAttribute(signingCertificateV2, certificateId(world.root.built.der)),
          ],
        },
      },
      "SIGNING_CERTIFICATE_MISMATCH",
    ],
    [
      "whose signed certificate has another serial number",
      {
        signerInfo: {
          changeAttributes: (attributes) => [
            ...attributes,
            encodeAttribute(signingCertificateV2, certificateId(world.signer.built.der, 78)),
          ],
        },
      },
      "SIGNING_CERTIFICATE_MISMATCH",
    ],
    ["without the signer's certificate", { envelopeCertificates: [] }, "SIGNER_NOT_FOUND"],
    ["of version 1", { listVersion: 1 }, "LIST_VERSION"],
    ["that nobody signed", { signers: [] }, "UNSIGNED"],
  ];
  for (const [tampering, changes, code] of refused) {
    test(`${tampering}: ${code}`, () => {
      const verdict = verify(world, makeList(world, changes));
      assert.equal(verdict.outcome, "refused");
      assert.equal(codesOf(verdict)[0], code);
      assert.deepEqual([verdict.publisher, verdict.signingTime, verdict.path], [null, null, []]);
    });
  }

  test("to whose content a rogue certificate was added", () => {
    const rogue = makeRoot({ subject: nameOf("UT", "Rogue CSCA") });
    const certificates = [world.root.built.der, rogue.built.der];
    const other = makeList(world, { certificates });
    const forged = { ...good, content: other.content, certificates: other.certificates };
    assert.deepEqual(codesOf(verify(world, forged)), ["MESSAGE_DIGEST_MISMATCH"]);
  });

  test("whose signature is forged under a key of exponent 3", () => {
    const key = generateKeyPair({ kind: "rsa", bits: 3072, publicExponent: 3 });
    const weak = makeWorld({ key });
    assert.equal(verify(weak, makeList(weak)).outcome, "verified");
    const { n = "" } = key.publicKey.export({ format: "jwk" });
    const modulus = os2ip(new Uint8Array(Buffer.from(n, "base64url")));
    const changeSignature = (signature: Uint8Array) => {
      const block = i2osp(os2ip(signature) ** 3n % modulus, signature.length);
      const front = concat(fromHex("0001ffffffffffffffff00"), block.subarray(-51));
      const rest = BigInt(8 * (signature.length - front.length));
      return i2osp(cubeRoot((os2ip(front) + 1n) << rest), signature.length);
    };
    const verdict = verify(weak, makeList(weak, { signerInfo: { changeSignature } }));
    assert.deepEqual(codesOf(verdict), ["SIGNATURE_INVALID"]);
  });

  test("whose attributes were taken away, so that the signature is over what was their content", () => {
    const der = withoutAttributes(listBytes(world));
    assert.deepEqual(codesOf(verify(world, parseMasterList(der))), ["SIGNED_ATTRIBUTES_MISSING"]);
  });

  test("that lost its envelope", () => {
    assert.deepEqual(codesOf(verify(world, parseMasterList(good.content))), ["UNSIGNED"]);
  });

  test("whose anchor has the same name and another key", () => {
    const other = makeRoot();
    assert.deepEqual(codesOf(verify({ root: other }, good)), ["ANCHOR_MISMATCH"]);
    // The publisher is told, so that a policy can ask for it to be approved.
    assert.equal(verify({ root: other }, good).publisher?.keySha256, pin(world.root).keySha256);
  });

  test("whose CSCA is not at hand", () => {
    const list = makeList(world, { certificates: [], envelopeCertificates: [world.signer.built.der] });
    assert.deepEqual(codesOf(verify(world, list, { anchors: [makeRoot().certificate] })), ["CHAIN_BROKEN"]);
    assert.equal(verify(world, list).outcome, "verified");
  });

  test("whose signer or CSCA is revoked", () => {
    for (const revoked of [world.signer, world.root]) {
      const isRevoked = ({ sha256 }: { readonly sha256: string }) => sha256 === revoked.built.sha256;
      assert.ok(codesOf(verify(world, good, { isRevoked })).includes("ANCHOR_REVOKED"));
    }
  });

  test("with an anchor that was not valid when it was signed", () => {
    const early = makeRoot({ notBefore: "2024-05-02T00:00:00Z" });
    const anchor = makeRoot({ key: world.root.built.key, notBefore: "2024-05-02T00:00:00Z" });
    assert.deepEqual(codesOf(verify({ root: anchor }, good)), ["ANCHOR_MISMATCH"]);
    const young = { root: early, signer: makeListSigner(early) };
    assert.deepEqual(codesOf(verify(young, makeList(young))), ["CHAIN_BROKEN"]);
  });
});

describe("a signer is refused", () => {
  const profiles: readonly (readonly [flaw: string, extensions: (all: Extensions) => Extensions])[] = [
    ["without the purpose", (all) => withoutExtension(all, "2.5.29.37")],
    ["with another purpose", (all) => withExtension(all, extendedKeyUsage(["2.23.136.1.1.8"]))],
    ["without digitalSignature", (all) => withExtension(all, keyUsage(["nonRepudiation"]))],
  ];
  for (const [flaw, change] of profiles) {
    test(`${flaw}: SIGNER_PROFILE`, () => {
      const flawed = makeWorld({
        change: (options) => ({ ...options, extensions: change(options.extensions ?? []) }),
      });
      assert.deepEqual(codesOf(verify(flawed, makeList(flawed))), ["SIGNER_PROFILE"]);
    });
  }

  const periods = [
    ["that had expired", { notAfter: "2024-04-30T00:00:00Z" }, ["SIGNER_EXPIRED", "KEY_USAGE_PERIOD"]],
    ["that was not yet valid", { notBefore: "2024-05-02T00:00:00Z" }, ["SIGNER_EXPIRED", "KEY_USAGE_PERIOD"]],
    ["whose usage period was over", { keyNotAfter: "2024-04-30T00:00:00Z" }, ["KEY_USAGE_PERIOD"]],
  ] as const;
  for (const [flaw, period, codes] of periods) {
    test(`${flaw}: ${codes.join(", ")}`, () => {
      const flawed = makeWorld(period);
      assert.deepEqual(codesOf(verify(flawed, makeList(flawed))), codes);
    });
  }

  test("not for a purpose that is not critical, as in Estonia's Deviation List: SIGNER_PROFILE is noted", () => {
    const lenient = makeWorld({
      change: (options) => ({
        ...options,
        extensions: withExtension(
          options.extensions ?? [],
          extendedKeyUsage(["2.23.136.1.1.3"], { critical: false }),
        ),
      }),
    });
    const verdict = verify(lenient, makeList(lenient));
    assert.equal(verdict.outcome, "verified");
    assert.deepEqual(codesOf(verdict, "noted"), ["SIGNER_PROFILE"]);
  });

  const chains = [
    ["of another country than its CSCA", { subject: nameOf("XX", "Master List Signer") }],
    [
      "whose certificate names two signature algorithms",
      {
        change: (options: object) => ({
          ...options,
          tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-384" },
        }),
      },
    ],
    [
      "whose certificate ends in the middle of an octet",
      { change: (options: object) => ({ ...options, signatureUnusedBits: 1 }) },
    ],
    [
      "whose certificate its CSCA did not sign",
      { change: (options: object) => ({ ...options, signer: makeKey() }) },
    ],
    [
      "whose CSCA has another name",
      { change: (options: object) => ({ ...options, issuer: nameOf("UT", "Other CSCA") }) },
    ],
  ] as const;
  for (const [flaw, changes] of chains) {
    test(`${flaw}: CHAIN_BROKEN`, () => {
      const flawed = makeWorld(changes as Parameters<typeof makeWorld>[0]);
      assert.deepEqual(codesOf(verify(flawed, makeList(flawed))), ["CHAIN_BROKEN"]);
    });
  }

  test("whose CSCA lacks cA, or keyCertSign: CHAIN_BROKEN", () => {
    for (const type of ["2.5.29.19", "2.5.29.15"]) {
      const root = makeRoot({
        change: (options) => ({ ...options, extensions: withoutExtension(options.extensions ?? [], type) }),
      });
      const flawed = { root, signer: makeListSigner(root) };
      assert.deepEqual(codesOf(verify(flawed, makeList(flawed))), ["CHAIN_BROKEN"]);
    }
  });

  test("whose CSCA's curve was altered so that its public key has a private key that anyone knows", () => {
    const rogue = makeRoot({
      change: (options) => ({
        ...options,
        publicKeyEncoding: {
          changeDomain: (domain) => {
            const base = new Uint8Array(domain.base.buffer).slice();
            base[base.length - 1] = (base[base.length - 1] ?? 0) ^ 1;
            domain.base.buffer = base.buffer;
            return domain;
          },
        },
      }),
    });
    const forged = { root: rogue, signer: makeListSigner(rogue) };
    const verdict = verify(world, makeList(forged));
    assert.deepEqual(codesOf(verdict), ["CHAIN_BROKEN"]);
  });
});

describe("beside the list", () => {
  test("another certificate in the envelope changes nothing, and is not on the path", () => {
    const rogue = makeRoot({ subject: nameOf("UT", "Rogue CSCA") });
    const list = makeList(world, {
      envelopeCertificates: [rogue.built.der, world.signer.built.der, world.root.built.der],
    });
    const verdict = verify(world, list);
    assert.equal(verdict.outcome, "verified");
    assert.equal(
      verdict.path.some(({ der }) => equalBytes(der, rogue.built.der)),
      false,
    );
  });

  test("decoys with the identifiers of signer and CSCA do not lock the list out", () => {
    const { keyIdentifier } = world.signer.built;
    const decoys = Array.from({ length: 20 }, (_, serialNumber) =>
      makeListSigner(makeRoot(), { keyIdentifier, serialNumber }),
    );
    const roots = Array.from({ length: 20 }, () =>
      makeRoot({ keyIdentifier: world.root.built.keyIdentifier }),
    );
    const envelopeCertificates = [...decoys, ...roots, world.signer, world.root].map(
      ({ built }) => built.der,
    );
    const list = makeList(world, { envelopeCertificates });
    assert.equal(verify(world, list).outcome, "verified");
    assert.equal(
      verify(world, list, { anchors: undefined, trustedKeys: [pin(world.root)] }).outcome,
      "verified",
    );
  });

  test("a certificate without the key identifier is not found by one that could be made of its key", () => {
    const silent = makeWorld({
      change: (options) => ({
        ...options,
        extensions: withoutExtension(options.extensions ?? [], "2.5.29.14"),
      }),
    });
    assert.deepEqual(codesOf(verify(silent, makeList(silent))), ["SIGNER_NOT_FOUND"]);
    const byName = makeList(silent, { signerInfo: { sid: "issuerAndSerialNumber" } });
    assert.equal(verify(silent, byName).outcome, "verified");
  });

  test("ten thousand certificates of one name and key identifier cost no more than their number", {
    timeout: 60_000,
  }, () => {
    const { keyIdentifier } = world.root.built;
    const copies = Array.from({ length: 10_000 }, (_, serialNumber) => serialNumber + 1);
    const decoy = makeRoot({ keyIdentifier });
    const crowd = copies.map((serial) => renumbered(decoy.built.der, serial));
    const list = makeList(world, {
      envelopeCertificates: [...crowd, world.signer.built.der, world.root.built.der],
    });
    const started = performance.now();
    const verdict = verify(world, list, { anchors: [makeRoot().certificate] });
    assert.equal(verdict.outcome, "refused");
    assert.ok(performance.now() - started < 10_000);
  });
});

describe("several signers", () => {
  test("by the thousand cost no more than their number", { timeout: 60_000 }, () => {
    const crowd = Array.from({ length: 300 }, (_, second) => ({
      certificate: world.signer.built,
      signingTime: new Date(Date.UTC(2024, 0, 1) + second * 1000),
      changeSignature: (signature: Uint8Array) => signature.with(-1, (signature.at(-1) ?? 0) ^ 1),
    }));
    const copies = Array.from({ length: 5000 }, (_, serial) => renumbered(world.root.built.der, serial));
    const list = makeList(world, {
      certificates: copies,
      signers: crowd.map((signer) => ({
        ...signer,
        signingTime: `${signer.signingTime.toISOString().slice(0, 19)}Z`,
      })),
    });
    const started = performance.now();
    assert.equal(verify(world, list).outcome, "refused");
    assert.ok(performance.now() - started < 10_000);
  });

  const stranger = makeWorld({ subject: nameOf("UT", "Stranger") });
  const signers = (time: string) => [
    { certificate: stranger.signer.built, signingTime: time },
    { certificate: world.signer.built, signingTime },
  ];
  const envelopeCertificates = [
    stranger.signer.built.der,
    stranger.root.built.der,
    world.signer.built.der,
    world.root.built.der,
  ];

  test("are judged one by one; signing time, publisher and anchor are of the good one", () => {
    for (const time of ["2024-05-20T00:00:00Z", "2030-01-01T00:00:00Z"]) {
      const verdict = verify(world, makeList(world, { signers: signers(time), envelopeCertificates }));
      assert.equal(verdict.outcome, "verified");
      assert.deepEqual(verdict.signers.map(({ outcome }) => outcome).toSorted(), ["refused", "verified"]);
      assert.equal(verdict.signingTime?.toISOString(), "2024-05-01T00:00:00.000Z");
      assert.equal(verdict.publisher?.keySha256, pin(world.root).keySha256);
      assert.equal(verdict.anchor?.certificate, world.root.certificate);
      assert.equal(verdict.steps.filter(({ step }) => step === "signers").length, 1);
    }
  });

  test("are refused where none is good", () => {
    const list = makeList(world, { signers: signers(signingTime), envelopeCertificates });
    assert.equal(verify({ root: makeRoot() }, list).outcome, "refused");
  });
});

describe("misuse", () => {
  test("no anchors at all are no fall-back to trusting less", () => {
    assert.throws(() => verify(world, good, { anchors: [] }), TypeError);
  });
  test("a text that is no fingerprint is no anchor", () => {
    assert.throws(() => verify(world, good, { anchors: ["CSCA Utopia"] }), TypeError);
  });
});

describe("any flipped bit", () => {
  const bytes = listBytes(world);
  test("anywhere gives a verdict, or no list at all", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        assert.match(outcomeOf(bytes.with(at, (bytes[at] ?? 0) ^ mask)), /^(?:verified|refused)$/);
      }),
    );
  });
  const where = (part: Uint8Array) => Buffer.from(bytes).indexOf(part);
  const [signer] = good.signers;
  assert.ok(signer?.signedAttrs !== undefined);
  const parts: readonly (readonly [name: string, part: Uint8Array])[] = [
    ["eContent", good.content],
    ["signedAttrs", signer.signedAttrs],
    ["signature", signer.signature],
    ["the signer's certificate", world.signer.built.der],
  ];
  for (const [name, part] of parts) {
    test(`in ${name} is refused`, () => {
      const start = where(part);
      assert.ok(start > 0);
      // Every bit, but of the content, which is long, one in seven.
      for (let bit = 0; bit < part.length * 8; bit += name === "eContent" ? 7 : 1) {
        const at = start + (bit >> 3);
        const flipped = bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit & 7)));
        assert.equal(outcomeOf(flipped), "refused", `${name}, bit ${bit}`);
      }
    });
  }
});

type Extensions = Parameters<typeof withoutExtension>[0];

/** The list is refused too where it cannot be opened. */
function outcomeOf(bytes: Uint8Array): string {
  try {
    return verify(world, parseMasterList(bytes)).outcome;
  } catch (error) {
    if (error instanceof CertParserError) return "refused";
    throw error;
  }
}

function cubeRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 3));
  for (let next = root; ; root = next) {
    next = (2n * root + value / root ** 2n) / 3n;
    if (next >= root) return root;
  }
}

function protection(digest: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(digest, concat(Uint8Array.of(0xa1), signature.subarray(1)));
}

/** SigningCertificateV2 with the SHA-256 of the certificate. */
function certificateId(der: Uint8Array, serialNumber?: number): Uint8Array {
  const hash = octetString(engine.digest("SHA-256", der));
  const { issuer } = parseCertificate(der);
  const name = context(4, issuer.der);
  const issuerSerial = serialNumber === undefined ? [] : [sequence(sequence(name), integer(serialNumber))];
  return sequence(sequence(sequence(hash, ...issuerSerial)));
}

/** Leaves the signed attributes out; the lengths around them are made again. */
function withoutAttributes(der: Uint8Array): Uint8Array {
  const attributes = parseMasterList(der).signers[0]?.signedAttrs;
  assert.ok(attributes !== undefined);
  const at = Buffer.from(der).indexOf(attributes);
  return rebuilt(der, 0, der.length, at, attributes.length);
}

/** The elements of `der`, with `length` bytes at `gap` left out and each length around them shortened. */
function rebuilt(der: Uint8Array, start: number, end: number, gap: number, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = start; at < end; ) {
    const short = (der[at + 1] ?? 0) < 0x80;
    const lengthOctets = short ? 0 : (der[at + 1] ?? 0) & 0x7f;
    const content = at + 2 + lengthOctets;
    const size = short
      ? (der[at + 1] ?? 0)
      : Number.parseInt(Buffer.from(der.subarray(at + 2, content)).toString("hex"), 16);
    const stop = content + size;
    if (at === gap) parts.push(new Uint8Array());
    else if (gap > at && gap < stop)
      parts.push(element(der[at] ?? 0, rebuilt(der, content, stop, gap, length)));
    else parts.push(der.subarray(at, stop));
    at = stop;
  }
  return concat(...parts);
}

function element(tag: number, content: Uint8Array): Uint8Array {
  const octets = [...Buffer.from(content.length.toString(16).padStart(8, "0"), "hex")];
  const significant = octets.slice(octets.findIndex((octet) => octet !== 0));
  const length = content.length < 0x80 ? [content.length] : [0x80 + significant.length, ...significant];
  return concat(Uint8Array.of(tag, ...length), content);
}

/** The same certificate with another last octet or two of its key identifier's neighbour, the serial number. */
function renumbered(der: Uint8Array, serial: number): Uint8Array {
  const signature = der.length - 2;
  return der.with(signature, serial >> 8).with(signature + 1, serial & 0xff);
}

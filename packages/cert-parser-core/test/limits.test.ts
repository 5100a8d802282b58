import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CertParserError,
  decodeCertificate,
  defaultLimits,
  type Limits,
  parseCertificate,
  parseMasterList,
  parseRevocationList,
  readBundle,
} from "cert-parser-core";
import { withDefaultLimits } from "../src/limits.ts";
import { concat, context, indefinite, integer, octetString, oid, sequence, set, tlv } from "./der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
  crlEntry,
  unreadableCertificate,
} from "./specimens.ts";

const certificate = buildCertificate();
const three = buildCscaMasterList(certificate, certificate, certificate);
const list = buildSignedData(three);
const envelopeOfThree = buildSignedData(buildCscaMasterList(), {
  certificates: context(0, certificate, certificate, certificate),
});
const crl = buildRevocationList({ revokedCertificates: sequence(crlEntry("01"), crlEntry("02")) });
const crlsOfThree = buildSignedData(buildCscaMasterList(), { crls: context(1, crl, crl, crl) });
const signersOfThree = buildSignedData(buildCscaMasterList(), {
  signerInfos: set(buildSignerInfo(), buildSignerInfo(), buildSignerInfo()),
});
const attribute = sequence(oid("1.2.3"), set());
const attributesOfThree = buildSignedData(buildCscaMasterList(), {
  signerInfos: set(buildSignerInfo({ signedAttrs: context(0, attribute, attribute, attribute) })),
});
const entryOfThree = buildRevocationList({
  revokedCertificates: sequence(crlEntry("01", sequence(sequence(), sequence(), sequence()))),
});
const threeUnreadable = buildSignedData(buildCscaMasterList(unreadableCertificate), {
  certificates: context(0, unreadableCertificate, certificate),
  crls: context(1, unreadableCertificate),
});
const deepContent = (depth: number) => {
  let content = octetString(three);
  for (let level = 0; level < depth; level++) content = tlv(0x24, content);
  return buildSignedData(concat(), { eContent: context(0, content) });
};
const deepEnvelope = (depth: number) => {
  let attribute = integer("01");
  for (let level = 0; level < depth; level++) attribute = indefinite(0x30, attribute);
  return buildSignedData(three, { certificates: context(0, attribute) });
};

describe("each limit fires one over it, and not at it", () => {
  type Row = readonly [
    what: string,
    name: keyof Limits,
    at: number,
    read: (limits: Partial<Limits>) => unknown,
  ];
  const rows: readonly Row[] = [
    ["bytes of a list", "maxBytes", list.length, (limits) => parseMasterList(list, { limits })],
    ["bytes of a bare list", "maxBytes", three.length, (limits) => parseMasterList(three, { limits })],
    [
      "bytes of a certificate",
      "maxBytes",
      certificate.length,
      (limits) => parseCertificate(certificate, { limits }),
    ],
    ["bytes of a CRL", "maxBytes", crl.length, (limits) => parseRevocationList(crl, { limits })],
    [
      "bytes for the schema",
      "maxBytes",
      certificate.length,
      (limits) => decodeCertificate(certificate, limits),
    ],
    ["certificates of a list", "maxCertificates", 3, (limits) => parseMasterList(list, { limits })],
    ["certificates of a bare list", "maxCertificates", 3, (limits) => parseMasterList(three, { limits })],
    [
      "certificates of an envelope",
      "maxCertificates",
      3,
      (limits) => parseMasterList(envelopeOfThree, { limits }),
    ],
    ["signers of an envelope", "maxExtensions", 3, (limits) => parseMasterList(signersOfThree, { limits })],
    [
      "attributes of a signer",
      "maxExtensions",
      3,
      (limits) => parseMasterList(attributesOfThree, { limits }),
    ],
    [
      "extensions of a certificate",
      "maxExtensions",
      1,
      (limits) => parseCertificate(certificate, { limits }),
    ],
    [
      "extensions of a CRL",
      "maxExtensions",
      2,
      (limits) => parseRevocationList(buildRevocationList(), { limits }),
    ],
    ["extensions of an entry", "maxExtensions", 3, (limits) => parseRevocationList(entryOfThree, { limits })],
    [
      "certificates and CRLs that cannot be read",
      "maxRejections",
      3,
      (limits) => parseMasterList(threeUnreadable, { limits }),
    ],
    ["CRLs of an envelope", "maxCertificates", 3, (limits) => parseMasterList(crlsOfThree, { limits })],
    ["entries of a CRL", "maxRevokedCertificates", 2, (limits) => parseRevocationList(crl, { limits })],
    [
      "pieces in pieces of the content",
      "maxDepth",
      12,
      (limits) => parseMasterList(deepContent(12), { limits }),
    ],
    [
      "elements in elements of the envelope",
      "maxDepth",
      12,
      (limits) => parseMasterList(deepEnvelope(12), { limits }),
    ],
  ];

  for (const [what, name, at, read] of rows) {
    test(`${name}: ${what}`, () => {
      assert.doesNotThrow(() => read({ [name]: at }));
      assert.throws(() => read({ [name]: at - 1 }), { name: "CertParserError", code: "LIMIT_EXCEEDED" });
    });
  }

  test("maxRejections: the error says where the one too many stands", () => {
    assert.throws(() => parseMasterList(threeUnreadable, { limits: { maxRejections: 0 } }), {
      message: "over 0 parts cannot be read",
      offset: parseMasterList(threeUnreadable).rejections[0]?.offset,
    });
  });

  test("maxElements: elements of a list", () => {
    const fits = (maxElements: number) => {
      try {
        parseMasterList(list, { limits: { maxElements } });
        return true;
      } catch (error) {
        assert.ok(error instanceof CertParserError && error.code === "LIMIT_EXCEEDED", String(error));
        return false;
      }
    };
    assert.equal(fits(2), false);
    assert.equal(fits(100), true);
    // Once enough, always enough.
    const enough = Array.from({ length: 100 }, (_, maxElements) => fits(maxElements));
    assert.deepEqual(enough, enough.toSorted());
  });
});

describe("limits of readBundle", () => {
  async function* chunks(...parts: readonly Uint8Array[]) {
    yield* parts;
  }

  test("stop bytes in one piece", async () => {
    await assert.rejects(readBundle(list, { limits: { maxBytes: list.length - 1 } }), {
      code: "LIMIT_EXCEEDED",
    });
  });

  test("stop a stream at the chunk that is too much, and close it", async () => {
    let given = 0;
    let closed = false;
    async function* long() {
      try {
        for (; given < 1000; given++) yield new Uint8Array(1000);
      } finally {
        closed = true;
      }
    }
    await assert.rejects(readBundle(long(), { limits: { maxBytes: 10_000 } }), {
      code: "LIMIT_EXCEEDED",
      offset: 10_000,
    });
    assert.equal(given, 10);
    assert.equal(closed, true);
  });

  test("leave a stream of just as many bytes alone", async () => {
    const stream = chunks(list.subarray(0, 100), list.subarray(100));
    const bundle = await readBundle(stream, { limits: { maxBytes: list.length } });
    assert.equal(bundle.kind, "master-list");
  });
});

describe("a part over a limit of its own", () => {
  test("is a rejection of a certificate, too", () => {
    const { certificates, rejections } = parseMasterList(three, { limits: { maxExtensions: 0 } });
    assert.deepEqual([certificates.length, rejections.length], [0, 3]);
    assert.equal(rejections[0]?.reason.code, "LIMIT_EXCEEDED");
  });

  test("is a rejection among its neighbours, like any other part that cannot be read", () => {
    const small = buildRevocationList({ revokedCertificates: sequence(crlEntry("01")) });
    const bytes = buildSignedData(buildCscaMasterList(), { crls: context(1, crl, small) });
    const { crls, rejections } = parseMasterList(bytes, { limits: { maxRevokedCertificates: 1 } });
    assert.equal(crls.length, 1);
    assert.deepEqual(
      rejections.map(({ kind, index, reason }) => [kind, index, reason.code]),
      [["crl", 0, "LIMIT_EXCEEDED"]],
    );
  });
});

test("the defaults can neither be changed nor undercut the lists that are in use", () => {
  assert.throws(() => Object.assign(defaultLimits, { maxBytes: 1 }), TypeError);
  assert.ok(defaultLimits.maxBytes > 10_000_000 && defaultLimits.maxCertificates > 5_000);
});

describe("a limit that is left out", () => {
  // What a caller without exactOptionalPropertyTypes may write: it must not lift the limit.
  const unset = { maxBytes: undefined, maxCertificates: undefined } as unknown as Partial<Limits>;

  for (const [what, limits] of [
    ["absent", {}],
    ["undefined", unset],
  ] as const) {
    test(`keeps its default when it is ${what}`, () => {
      assert.deepEqual(withDefaultLimits(limits), defaultLimits);
    });
  }

  test("keeps its default beside one that is set", () => {
    assert.deepEqual(withDefaultLimits({ maxDepth: 5 }), { ...defaultLimits, maxDepth: 5 });
  });
});

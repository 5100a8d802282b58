import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutExtension } from "../../../../test-fixtures/src/builders.ts";
import type { MasterList } from "../../src/icao/master-list.ts";
import { type ListVerdict, type VerifyOptions, verifySignedList } from "../../src/verify/verify-list.ts";
import { type Changes, engine, type Made, makeKey, makeLink, makeRoot, nameOf } from "../chain/csca-world.ts";
import { makeList, makeListSigner, now } from "./list-world.ts";
import { codesOf, pin } from "./verdict-codes.ts";

const old = makeRoot();
const key = makeKey();
const young = makeRoot({ key, notBefore: "2024-01-01T00:00:00Z", keyNotAfter: "2029-01-01T00:00:00Z" });
const link = makeLink(old, { key });
const signer = makeListSigner(young);

/** A list of the new key with these certificates in it. */
function listWith(...certificates: readonly Made[]): MasterList {
  return makeList(
    { root: young, signer },
    { certificates: [young, ...certificates].map(({ built }) => built.der) },
  );
}

function verifyBy(list: MasterList, options: Partial<VerifyOptions>): ListVerdict {
  return verifySignedList(list, { now, engine, ...options });
}

function certificatesOf(...made: readonly Made[]): VerifyOptions["authorities"] {
  return made.map(({ certificate }) => certificate);
}

describe("a new key", () => {
  test("is accepted over a link inside the new list, as the German one was in 2024", () => {
    const list = listWith(old, link);
    for (const options of [{ anchors: [old.certificate] }, { trustedKeys: [pin(old)] }]) {
      const verdict = verifyBy(list, options);
      assert.equal(verdict.outcome, "verified");
      assert.deepEqual(codesOf(verdict, "noted"), ["ROLLOVER"]);
      assert.deepEqual(
        [verdict.rollover?.from, verdict.rollover?.to],
        [pin(old).keySha256, pin(young).keySha256],
      );
      assert.deepEqual(
        verdict.path.map(({ sha256 }) => sha256),
        [signer, link, old].map(({ built }) => built.sha256),
      );
      assert.equal(verdict.publisher?.certificate.sha256, young.built.sha256);
    }
  });

  test("is accepted over a link in another source alone, as the Dutch ones are", () => {
    const options = { trustedKeys: [pin(old)] };
    assert.equal(verifyBy(listWith(old), options).outcome, "refused");
    assert.equal(
      verifyBy(listWith(), { ...options, authorities: certificatesOf(old, link) }).outcome,
      "verified",
    );
  });

  test("is accepted over a link in the envelope", () => {
    const envelopeCertificates = [signer, link, old].map(({ built }) => built.der);
    const list = makeList({ root: young, signer }, { envelopeCertificates });
    assert.equal(verifyBy(list, { trustedKeys: [pin(old)] }).outcome, "verified");
  });

  test("is not found where the old one is known by its pin alone", () => {
    assert.deepEqual(codesOf(verifyBy(listWith(link), { trustedKeys: [pin(old)] })), ["ANCHOR_MISMATCH"]);
  });

  test("is accepted over a link under another name, by its key identifier", () => {
    const renamed = makeLink(old, { key, subject: nameOf("UT", "CSCA") });
    const elsewhere = makeLink(old, {
      key,
      change: (options) => ({ ...options, issuer: nameOf("UT", "Former CSCA") }),
    });
    for (const other of [renamed, elsewhere]) {
      assert.equal(verifyBy(listWith(old, other), { anchors: [old.certificate] }).outcome, "verified");
    }
  });
});

describe("a link is not followed", () => {
  const flaws: readonly (readonly [flaw: string, changes: Changes])[] = [
    ["that was issued after the key was retired", { notBefore: "2025-01-01T00:00:01Z" }],
    ["that was issued before the key was in use", { notBefore: "2019-12-31T00:00:00Z" }],
    [
      "without cA",
      { change: (o) => ({ ...o, extensions: withoutExtension(o.extensions ?? [], "2.5.29.19") }) },
    ],
    [
      "without keyCertSign",
      { change: (o) => ({ ...o, extensions: withoutExtension(o.extensions ?? [], "2.5.29.15") }) },
    ],
    ["of another country", { subject: nameOf("XX") }],
    ["that the old key did not sign", { change: (o) => ({ ...o, signer: makeKey() }) }],
    ["that was no longer valid", { notAfter: "2024-04-30T00:00:00Z" }],
    [
      "that names two algorithms",
      { change: (o) => ({ ...o, tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-512" } }) },
    ],
  ];
  for (const [flaw, changes] of [...flaws, ["unless nothing is wrong with it", {}]] as const) {
    test(flaw, () => {
      const signedAt = "2025-06-01T00:00:00Z";
      const flawed = makeLink(old, { key, ...changes });
      const list = makeList(
        { root: young, signer },
        {
          certificates: [young, old, flawed].map(({ built }) => built.der),
          signerInfo: { signingTime: signedAt },
        },
      );
      const verdict = verifyBy(list, { anchors: [old.certificate], now: new Date(signedAt) });
      const isSound = Object.keys(changes).length === 0;
      assert.deepEqual(codesOf(verdict), isSound ? [] : ["ANCHOR_MISMATCH"]);
      assert.equal(verdict.rollover !== null, isSound);
    });
  }

  test("from a key that was retired, whatever a certificate of that key says since", () => {
    const late = "2025-03-01T00:00:00Z";
    const rogue = makeLink(old, { key, notBefore: late });
    const extended = makeRoot({ key: old.built.key, keyNotAfter: "2034-01-01T00:00:00Z" });
    const list = makeList(
      { root: young, signer },
      {
        certificates: [young, extended, rogue].map(({ built }) => built.der),
        signerInfo: { signingTime: "2025-04-01T00:00:00Z" },
      },
    );
    const at = { now: new Date("2025-05-01T00:00:00Z") };
    assert.equal(verifyBy(list, { ...at, anchors: [old.certificate] }).outcome, "refused");
    const stored = { trustedKeys: [pin(old)], authorities: certificatesOf(old) };
    assert.deepEqual(codesOf(verifyBy(list, { ...at, ...stored })), ["ANCHOR_MISMATCH"]);
  });

  test("from a key that was rolled away from", () => {
    const trustedKeys = [pin(old, true), pin(makeRoot())];
    const options = { trustedKeys, authorities: certificatesOf(old, link) };
    assert.deepEqual(codesOf(verifyBy(listWith(old, link), options)), ["ANCHOR_MISMATCH"]);
    const anchored = { ...options, anchors: [old.certificate] };
    assert.deepEqual(codesOf(verifyBy(listWith(old, link), anchored)), ["ANCHOR_MISMATCH"]);
  });

  test("that is revoked, or whose key is", () => {
    for (const [revoked, code] of [
      [link, "ANCHOR_MISMATCH"],
      [old, "ANCHOR_REVOKED"],
    ] as const) {
      const isRevoked = ({ sha256 }: { readonly sha256: string }) => sha256 === revoked.built.sha256;
      const verdict = verifyBy(listWith(old, link), { trustedKeys: [pin(old)], isRevoked });
      assert.deepEqual(codesOf(verdict), [code]);
    }
  });
});

describe("an old key", () => {
  test("that was rolled away from signs no new lists", () => {
    const list = makeList({ root: old, signer: makeListSigner(old) });
    for (const anchors of [undefined, [old.certificate]]) {
      const verdict = verifyBy(list, { anchors, trustedKeys: [pin(old, true), pin(young)] });
      assert.deepEqual([verdict.outcome, codesOf(verdict)], ["refused", ["PUBLISHER_RETIRED"]]);
    }
  });

  test("whose period its certificate does not tell may roll over while that is valid", () => {
    const silent = makeRoot({
      change: (options) => ({
        ...options,
        extensions: withoutExtension(options.extensions ?? [], "2.5.29.16"),
      }),
    });
    const other = makeLink(silent, { key });
    assert.equal(verifyBy(listWith(silent, other), { anchors: [silent.certificate] }).outcome, "verified");
  });
});

describe("several links", () => {
  const chain = (length: number): readonly Made[] => {
    const made: Made[] = [old];
    for (let number = 1; number < length; number++) made.push(makeLink(made.at(-1) ?? old));
    return [...made, makeLink(made.at(-1) ?? old, { key })];
  };

  test("are followed, eight at most, the first of them first", () => {
    const eight = chain(8);
    const verdict = verifyBy(listWith(...eight.slice(1)), { anchors: [old.certificate] });
    assert.deepEqual(
      verdict.rollover?.links.map(({ sha256 }) => sha256),
      eight.slice(1).map(({ built }) => built.sha256),
    );
    assert.deepEqual(codesOf(verifyBy(listWith(...chain(9).slice(1)), { anchors: [old.certificate] })), [
      "ANCHOR_MISMATCH",
    ]);
  });

  test("in a circle, and among hundreds that lead nowhere, come to an end", () => {
    const first = makeRoot();
    const second = makeRoot();
    const circle = [
      makeLink(first, { key: second.built.key }),
      makeLink(second, { key: first.built.key }),
      makeLink(second, { key }),
    ];
    const strangers = Array.from({ length: 300 }, () => makeLink(makeRoot(), { key }));
    const started = performance.now();
    const verdict = verifyBy(listWith(...circle, ...strangers), { anchors: [old.certificate] });
    assert.deepEqual(codesOf(verdict), ["ANCHOR_MISMATCH"]);
    assert.ok(performance.now() - started < 5000);
  });
});

/**
 * A signature of ECDSA fits a second key, which anybody can reckon from it: nobody has the private half, but a stranger can
 * sign a certificate over it, under the name and the identifier of the CSCA.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createECDH, createHash } from "node:crypto";
import { describe, test } from "node:test";
import type { KeyPair } from "../../../../test-fixtures/src/builders.ts";
import { gatherAuthorities } from "../../src/chain/authority-set.ts";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import { parseRevocationList } from "../../src/crl/revocation-list.ts";
import { checkDocumentSigner } from "../../src/verify/check-document-signer.ts";
import { engine, type Made, makeLink, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { crlOf, csca, keyOf, listOf, listSigner, run, zipOf } from "./attack-world.ts";

// P-256: the prime of its field, and the order of its base point.
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const rogue = makeRoot({ subject: nameOf("UT", "Rogue"), notBefore: "2019-01-01T00:00:00Z" });

/** The rogue's link over the second key that fits the signature of `issued`. */
function overSecondKey(issued: Made, victim: Made): Made {
  const key = { ...victim.built.key, publicBits: secondKey(issued, victim) } as KeyPair;
  return makeLink(rogue, {
    subject: victim.built.subject,
    key,
    keyIdentifier: victim.built.keyIdentifier,
    notBefore: "2020-01-01T00:00:00Z",
  });
}

describe("a second key that fits a signature", () => {
  const victim = makeRoot();
  const signer = makeSigner(victim.built);
  const second = overSecondKey(signer, victim);
  const set = gatherAuthorities(
    [second, victim, rogue].map(({ certificate }) => certificate),
    { engine },
  );
  const at = new Date("2024-06-02T00:00:00Z");

  test("is another key", () => {
    assert.notEqual(keyOf(second), keyOf(victim));
  });

  test("does not make a revoked document signer unrevoked", async () => {
    const crl = parseRevocationList(crlOf(victim.built, "2024-06-01", [signer.built.serialNumber]));
    const judged = judgeRevocationList(crl, { authorities: set, now: at });
    assert.equal(judged.outcome, "accepted");
    const options = { authorities: set, at, crls: [judged] };
    const { outcome } = await checkDocumentSigner(signer.certificate, options);
    assert.equal(outcome, "not-trusted");
  });

  test("does not make a good one unknown", async () => {
    const crl = parseRevocationList(crlOf(victim.built, "2024-06-01", []));
    const judged = judgeRevocationList(crl, { authorities: set, now: at });
    const options = { authorities: set, at, crls: [judged] };
    const { outcome } = await checkDocumentSigner(signer.certificate, options);
    assert.equal(outcome, "trusted");
  });
});

test("a stolen list signer stays revoked beside a second key that fits its certificate", async () => {
  const publisher = csca("UT", "Publisher");
  const beta = csca("BB", "Beta");
  const stolen = listSigner(publisher, "2024-05-01");
  const second = overSecondKey(stolen, publisher);
  const store = createMemoryStore();
  // Sorted as DER, the certificate of the rogue may come first.
  const members = [second, publisher, beta, rogue];
  const order = { order: "given" } as const;
  await run(store, "b", listOf(beta, members, "2024-05-01", order), "2024-05-02");
  await run(store, "a", listOf(publisher, members, "2024-05-01", { signer: stolen, ...order }), "2024-05-02");
  await store.approve("a", keyOf(publisher));
  const crl = crlOf(publisher.built, "2024-05-10", [stolen.built.serialNumber]);
  await run(store, "a", zipOf({ "a.crl": crl }), "2024-05-11");
  assert.equal(store.state().facts.crls.length, 1);
  const { codes } = await run(
    store,
    "a",
    listOf(publisher, [...members, csca("ZZ", "Made up")], "2024-06-01", { signer: stolen, ...order }),
    "2024-06-02",
  );
  assert.equal(codes[0]?.startsWith("refused"), true, codes.join());
});

test("the first list of a publisher pins its key, and no second one that fits the certificate of its signer", async () => {
  const publisher = csca("UT", "Publisher");
  const signer = listSigner(publisher, "2024-05-01");
  const second = overSecondKey(signer, publisher);
  const store = createMemoryStore();
  const members = [second, publisher, rogue];
  await run(store, "a", listOf(publisher, members, "2024-05-01", { signer, order: "given" }), "2024-05-02");
  assert.equal(store.state().facts.editions[0]?.publisher, keyOf(publisher));
});

test("a second key that fits a link takes the newer key's word from nobody", async () => {
  const beta = csca("BB", "Beta");
  const old = makeRoot();
  const young = makeLink(old, { subject: nameOf("UT") });
  const youngRoot = makeRoot({ key: young.built.key, notBefore: "2024-01-01T00:00:00Z" });
  const second = overSecondKey(young, old);
  const store = createMemoryStore();
  await run(
    store,
    "b",
    listOf(beta, [second, old, young, youngRoot, rogue, beta], "2024-05-01", { order: "given" }),
    "2024-05-02",
  );
  assert.ok(store.state().lineage.speakersFor(keyOf(old)).has(keyOf(young)));
});

test("a second key that is listed before the right one gives way to it", async () => {
  const beta = csca("BB", "Beta");
  const old = makeRoot();
  const young = makeLink(old);
  const second = overSecondKey(young, old);
  const store = createMemoryStore();
  const members = [beta, rogue, second, young];
  await run(store, "b", listOf(beta, members, "2024-05-01"), "2024-05-02");
  await run(store, "b", listOf(beta, [...members, old], "2024-05-10"), "2024-05-11");
  assert.equal(store.state().facts.editions.length, 2);
  assert.ok(store.state().lineage.speakersFor(keyOf(old)).has(keyOf(young)));
});

/** -Q - 2zG/r: with it, R of the signature is negated, and has the same x. */
function secondKey({ certificate }: Made, victim: Made): Uint8Array {
  const { tbsCertificate, signature } = certificate;
  const z = toBigInt(createHash("sha256").update(tbsCertificate).digest());
  const { bytes } = signature as unknown as { bytes: Uint8Array };
  const r = firstInteger(bytes);
  const k = mod(n - mod(2n * z * inverse(r, n), n), n);
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(Buffer.from(k.toString(16).padStart(64, "0"), "hex"));
  const sum = add(point(ecdh.getPublicKey()), negated(point(victim.built.key.publicBits)));
  const hex = [sum.x, sum.y].map((each) => each.toString(16).padStart(64, "0")).join("");
  return new Uint8Array(Buffer.from(`04${hex}`, "hex"));
}

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

function add(a: Point, b: Point): Point {
  const slope = mod((b.y - a.y) * inverse(mod(b.x - a.x, p), p), p);
  const x = mod(slope * slope - a.x - b.x, p);
  return { x, y: mod(slope * (a.x - x) - a.y, p) };
}

function negated({ x, y }: Point): Point {
  return { x, y: p - y };
}

function point(octets: Uint8Array): Point {
  return { x: toBigInt(octets.subarray(1, 33)), y: toBigInt(octets.subarray(33, 65)) };
}

/** r of the SEQUENCE of r and s. */
function firstInteger(der: Uint8Array): bigint {
  assert.equal(der[0], 0x30);
  const length = der[3] ?? 0;
  return toBigInt(der.subarray(4, 4 + length));
}

function toBigInt(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets).toString("hex")}`);
}

function mod(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

function inverse(value: bigint, by: bigint): bigint {
  let [a, b, x, y] = [mod(value, by), by, 1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b, x, y] = [b - quotient * a, a, y - quotient * x, x];
  }
  return mod(x, by);
}

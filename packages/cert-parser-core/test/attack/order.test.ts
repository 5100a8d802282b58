/**
 * The order in which things come, and the two ways to judge.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readBundle, verifyBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { engine, makeKey, makeLink, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { at, crlOf, csca, keyOf, listOf, run, zipOf } from "./attack-world.ts";

test("verify and sync agree on what stands by itself beside an anchor", async () => {
  const anchor = csca("AA");
  const signer = makeSigner(anchor.built, { subject: nameOf("AA", "Signer") });
  const crl = crlOf(anchor.built, "2024-05-01", []);
  const bytes = zipOf({ "a.cer": signer.built.der, "b.crl": crl });
  const bundle = await readBundle(bytes, { sha256 });
  const now = new Date(at("2024-05-02"));
  const verified = await verifyBundle(bundle, { now, engine, anchors: [anchor.certificate] });
  assert.equal(verified.outcome, "verified");
  const store = createMemoryStore();
  const settings = { mode: "anchor", anchors: [anchor.certificate] } as const;
  const { judgment } = await run(store, "a", bytes, "2024-05-02", settings);
  assert.deepEqual(
    judgment?.objects.map(({ outcome, evidence }) => [outcome, evidence?.level]),
    verified.judgment.objects.map(({ outcome, evidence }) => [outcome, evidence?.level]),
  );
});

test("a withdrawn key's list waits, and goes in after one approval", async () => {
  const publisher = csca("AA", "A");
  const beta = csca("BB", "B");
  const store = createMemoryStore();
  const members = [publisher, beta, csca("CC"), csca("DD")];
  await run(store, "a", listOf(publisher, members, "2024-05-01"), "2024-05-02");
  await store.approve("a", keyOf(publisher));
  assert.equal(store.state().facts.editions.length, 1);
  await run(store, "a", listOf(publisher, members.slice(1), "2024-06-01"), "2024-06-02");
  const first = await run(store, "a", listOf(publisher, members, "2024-07-01"), "2024-07-02");
  assert.notEqual(first.outcome, "refused");
  await run(store, "a", listOf(publisher, members, "2024-07-01"), "2024-07-02", {
    liftFor: keyOf(publisher),
  });
  assert.ok(
    store.state().facts.editions.some(({ signingTime }) => signingTime.toISOString().startsWith("2024-07")),
  );
});

test("a link whose issuer comes later in the next edition is found", async () => {
  const beta = csca("BB", "Beta");
  const old = makeRoot();
  const key = makeKey();
  const young = { link: makeLink(old, { key }), root: makeRoot({ key, notBefore: at("2024-01-01") }) };
  const store = createMemoryStore();
  // The link comes before its issuer is known.
  await run(store, "b", listOf(beta, [beta, young.link, young.root], "2024-05-01"), "2024-05-02");
  await run(store, "b", listOf(beta, [beta, young.link, young.root, old], "2024-05-10"), "2024-05-11");
  assert.ok(store.state().lineage.speakersFor(keyOf(old)).has(keyOf(young.root)));
});

// Its issuer is looked for only when a list is accepted that holds it: a snapshot has no place for what is found out later.
test("a link whose issuer comes later in another list is found", async () => {
  const beta = csca("BB", "Beta");
  const gamma = csca("CC", "Gamma");
  const old = makeRoot();
  const key = makeKey();
  const young = { link: makeLink(old, { key }), root: makeRoot({ key, notBefore: at("2024-01-01") }) };
  const lists: readonly (readonly [string, Uint8Array, typeof beta])[] = [
    ["b", listOf(beta, [beta, gamma, young.link, young.root], "2024-05-01"), beta],
    ["c", listOf(gamma, [gamma, beta, old], "2024-05-01"), gamma],
  ];
  const outcomes = [];
  for (const order of [lists, lists.toReversed()]) {
    const store = createMemoryStore();
    for (const [source, bytes] of order) await run(store, source, bytes, "2024-05-02");
    assert.equal(store.state().facts.editions.length, 2);
    outcomes.push(store.state().lineage.speakersFor(keyOf(old)).has(keyOf(young.root)));
  }
  assert.deepEqual(outcomes, [true, true]);
});

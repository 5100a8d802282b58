/**
 * Stolen old keys, and keys that were rolled away from.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBundle, verifyBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { engine, makeKey, makeLink, makeRoot, nameOf } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { crlOf, csca, keyOf, listOf, run, zipOf } from "./attack-world.ts";

test("a stolen key whose usage period is over rolls over to no other key unseen, however long the path is", async () => {
  const first = makeRoot({ keyNotAfter: "2034-01-01T00:00:00Z" });
  const key = makeKey();
  const second = { notBefore: "2021-01-01T00:00:00Z", keyNotAfter: "2022-01-01T00:00:00Z", key } as const;
  const [secondRoot, secondLink] = [makeRoot(second), makeLink(first, second)];
  const store = createMemoryStore();
  await run(store, "a", listOf(first, [first, secondRoot, secondLink], "2024-05-01"), "2024-05-02");
  await store.approve("a", keyOf(first));
  const thief = { key: makeKey(), subject: nameOf("UT", "Thief") };
  const stolen = makeLink(secondRoot, { ...thief, notBefore: "2021-06-01T00:00:00Z" });
  const thiefRoot = makeRoot(thief);
  const bytes = listOf(thiefRoot, [first, secondRoot, secondLink, stolen, thiefRoot], "2024-06-01");
  const { codes } = await run(store, "a", bytes, "2024-06-02");
  assert.deepEqual(codes, ["pending LINK_UNSEEN"]);
});

describe("with anchors", () => {
  test("a link by a key that was to sign no more counts if the caller has it beside the list", async () => {
    const old = makeRoot({ keyNotAfter: "2022-01-01T00:00:00Z" });
    const key = makeKey();
    const times = { key, notBefore: "2021-06-01T00:00:00Z" };
    const [link, young] = [makeLink(old, times), makeRoot(times)];
    const bundle = await readBundle(listOf(young, [old, link, young], "2024-05-01"), { sha256 });
    const options = { now: new Date("2024-05-02T00:00:00Z"), engine, anchors: [old.certificate] };
    const alone = await verifyBundle(bundle, options);
    assert.equal(alone.outcome, "undetermined");
    const beside = await verifyBundle(bundle, { ...options, authorities: [link.certificate] });
    assert.equal(beside.outcome, "verified");
  });

  test("a stranger that signs a link over the publisher's key publishes no list", async () => {
    const anchor = csca("AA", "Anchor", { notBefore: "2021-01-01T00:00:00Z" });
    const rogue = csca("AA", "Rogue");
    const over = makeLink(rogue, { subject: anchor.built.subject, key: anchor.built.key });
    const fake = csca("BB", "Made up");
    const store = createMemoryStore();
    const settings = { mode: "anchor", anchors: [anchor.certificate] } as const;
    await run(store, "a", listOf(anchor, [anchor, rogue, over], "2024-05-01"), "2024-05-02", settings);
    const { outcome } = await run(
      store,
      "a",
      listOf(rogue, [rogue, anchor, fake], "2024-04-01"),
      "2024-05-03",
      settings,
    );
    assert.equal(outcome, "refused");
    assert.equal(store.state().facts.editions.length, 1);
  });
});

describe("a rogue that publishes a list of its own in a new source", () => {
  const victim = csca("AA", "Victim", { notBefore: "2020-01-01T00:00:00Z" });
  const beta = csca("BB", "Beta");
  const rogue = csca("AA", "Rogue", { notBefore: "2019-01-01T00:00:00Z" });
  const over = makeLink(rogue, { subject: victim.built.subject, key: victim.built.key });
  const others = ["CC", "DD", "EE", "FF", "GG", "HH"].map((country) => csca(country));
  const honest = [victim, beta, rogue, ...others];

  async function begin() {
    const store = createMemoryStore();
    await run(store, "a", listOf(victim, honest, "2024-05-01"), "2024-05-02");
    await run(store, "b", listOf(beta, honest, "2024-05-01"), "2024-05-02");
    await store.approve("b", keyOf(beta));
    assert.equal(store.state().facts.editions.length, 2);
    return store;
  }

  test("does not hold up the lists of a publisher over whose key it signs a link: SHRINK", async () => {
    const store = await begin();
    const own = Array.from({ length: 12 }, (_, at) => csca("AA", `Rogue ${at}`));
    const ran = await run(store, "c", listOf(rogue, [rogue, over, ...own], "2024-05-10"), "2024-05-11");
    assert.equal(ran.outcome, "accepted");
    assert.equal(store.state().facts.editions.length, 3);
    const { codes } = await run(store, "a", listOf(victim, honest, "2024-06-01"), "2024-06-02");
    assert.deepEqual(codes, ["accepted"]);
  });

  test("nor one over whose key it revokes a link: LINK_REVOKED", async () => {
    const store = await begin();
    const crl = crlOf(rogue.built, "2024-05-11", [over.built.serialNumber]);
    const bytes = zipOf({ "a.ml": listOf(rogue, [...honest, over], "2024-05-10"), "a.crl": crl });
    const ran = await run(store, "c", bytes, "2024-05-12");
    assert.equal(ran.outcome, "accepted");
    assert.ok(store.state().revokedCertificates.has(over.certificate.sha256));
    const { codes } = await run(store, "a", listOf(victim, honest, "2024-06-01"), "2024-06-02");
    assert.deepEqual(codes, ["accepted"]);
  });
});

/**
 * A rogue certifies the key of somebody's list signer as that of a CSCA.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLink } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { csca, keyOf, listOf, listSigner, run } from "./attack-world.ts";

test("a list that lost its signer's certificate is nobody else's, whoever certified the signer's key", async () => {
  const victim = csca("AA", "Victim");
  const beta = csca("BB", "Beta");
  const rogue = csca("AA", "Rogue");
  const withdrawn = csca("CC", "Withdrawn");
  const signer = listSigner(victim, "2024-05-01");
  const over = makeLink(rogue, {
    subject: victim.built.subject,
    key: signer.built.key,
    keyIdentifier: signer.built.keyIdentifier,
  });
  const others = ["DD", "EE", "FF"].map((country) => csca(country));
  const members = [victim, beta, rogue, ...others];
  const store = createMemoryStore();
  await run(store, "a", listOf(victim, [...members, withdrawn], "2024-05-01", { signer }), "2024-05-02");
  await store.approve("a", keyOf(victim));
  await run(store, "b", listOf(beta, [...members, over], "2024-05-02"), "2024-05-03");
  await store.approve("b", keyOf(beta));
  await run(store, "b", listOf(beta, [...members, over], "2024-05-02"), "2024-05-03", {
    liftFor: keyOf(beta),
  });
  assert.equal(store.state().facts.editions.length, 2);
  const bare = listOf(victim, [...members, withdrawn], "2024-05-01", { signer, envelopeCertificates: [] });
  await run(store, "c", bare, "2024-05-04");
  await run(store, "a", listOf(victim, members, "2024-06-01"), "2024-06-02");
  assert.equal((await store.rootCa()).has(withdrawn.certificate.sha256), false);
});

/**
 * A stranger signs a certificate over somebody else's key, and an honest list holds it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gatherAuthorities } from "../../src/chain/authority-set.ts";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import { trustStateOf } from "../../src/policy/trust-state.ts";
import { checkDocumentSigner } from "../../src/verify/check-document-signer.ts";
import { engine, makeCrl, makeKey, makeLink, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { csca, keyOf, listOf, run } from "./attack-world.ts";

describe("a stranger's certificate over the key of a CSCA", () => {
  const victim = makeRoot({ notAfter: "2025-01-01T00:00:00Z", keyNotAfter: "2023-01-01T00:00:00Z" });
  const rogue = makeRoot({ subject: nameOf("UT", "Rogue"), notBefore: "2019-01-01T00:00:00Z" });
  const over = makeLink(rogue, {
    subject: victim.built.subject,
    key: victim.built.key,
    keyIdentifier: victim.built.keyIdentifier,
    notBefore: "2020-01-01T00:00:00Z",
    notAfter: "2049-01-01T00:00:00Z",
    keyNotAfter: "2049-01-01T00:00:00Z",
  });
  const set = gatherAuthorities(
    [over, victim, rogue].map(({ certificate }) => certificate),
    { engine },
  );

  test("does not keep it in force after it has expired", async () => {
    const signer = makeSigner(victim.built, { notBefore: "2022-01-01T00:00:00Z" });
    const { outcome } = await checkDocumentSigner(signer.certificate, {
      authorities: set,
      at: new Date("2026-01-01T00:00:00Z"),
    });
    assert.equal(outcome, "not-trusted");
  });

  test("gives it no longer usage period", async () => {
    const signer = makeSigner(victim.built, { notBefore: "2024-03-01T00:00:00Z" });
    const { outcome } = await checkDocumentSigner(signer.certificate, {
      authorities: set,
      at: new Date("2024-06-01T00:00:00Z"),
    });
    assert.equal(outcome, "not-trusted");
  });

  test("does not undo its withdrawal", async () => {
    const publisher = csca("AA");
    const other = csca("BB");
    const withdrawn = makeRoot();
    const again = makeLink(rogue, { subject: withdrawn.built.subject, key: withdrawn.built.key });
    const store = createMemoryStore();
    const rest = [publisher, other, rogue, again];
    await run(store, "a", listOf(publisher, [...rest, withdrawn], "2024-05-01"), "2024-05-02");
    await run(store, "a", listOf(publisher, rest, "2024-06-01"), "2024-06-02");
    assert.equal(store.state().facts.editions.length, 2);
    assert.ok(store.state().withdrawnKeys.has(keyOf(withdrawn)));
  });
});

test("a stranger of another country parts no key without a root from its predecessor", () => {
  const old = makeRoot();
  const young = makeLink(old);
  const foreign = makeRoot({ subject: nameOf("ZZ", "Rogue") });
  const over = makeLink(foreign, { subject: nameOf("ZZ", "Rogue"), key: young.built.key });
  const fact = (made: typeof old, issuer: typeof old) => ({
    der: made.built.der,
    issuerKeySha256: keyOf(issuer),
    editions: [1],
  });
  const authorities = [fact(over, foreign), fact(old, old), fact(young, old), fact(foreign, foreign)];
  for (const order of [authorities, authorities.toReversed()]) {
    const { lineage } = trustStateOf(
      {
        editions: [],
        authorities: order,
        crls: [],
        decisions: { revokedKeys: new Set(), liftedKeys: new Set(), joinedKeys: [] },
      },
      engine,
    );
    assert.ok(lineage.speakersFor(keyOf(old)).has(keyOf(young)));
  }
});

test("two CRLs of one key and one instant revoke the same in either order", () => {
  const root = makeRoot();
  const revokes = makeCrl(root.built, {
    revokedCertificates: [{ serialNumber: 77, revocationDate: "2024-06-01T00:00:00Z" }],
  });
  const empty = makeCrl(root.built);
  assert.equal(
    judgeRevocationList(empty, { authorities: [root.certificate], now: new Date("2024-06-02") }).outcome,
    "accepted",
  );
  const facts = [revokes, empty].map(({ sha256, thisUpdate, revokedCertificates }) => ({
    sha256,
    keySha256: keyOf(root),
    crlNumber: "01",
    thisUpdate,
    nextUpdate: null,
    revoked: [...revokedCertificates].map(({ revocationDate }) => ({
      serialNumber: "4d",
      revocationDate,
      reason: null,
    })),
  }));
  for (const crls of [facts, facts.toReversed()]) {
    const { grounds } = trustStateOf(
      {
        editions: [],
        authorities: [{ der: root.built.der, issuerKeySha256: keyOf(root), editions: [1] }],
        crls,
        decisions: { revokedKeys: new Set(), liftedKeys: new Set(), joinedKeys: [] },
      },
      engine,
    );
    assert.ok(grounds.has("4d"));
  }
  assert.ok(makeKey());
});

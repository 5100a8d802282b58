/**
 * Time: what is asked of which instant, and that nothing depends on the day of the test.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeCrl, makeRoot, makeSigner } from "../chain/csca-world.ts";
import { listBytes, makeListSigner } from "../verify/list-world.ts";
import { accept, crlFile, hold, look, revokedBy, worldOf } from "./findings-world.ts";
import { createMemoryStore } from "./memory-store.ts";
import { revoking } from "./policy-world.ts";

const day = 24 * 60 * 60 * 1000;
const signed = new Date("2024-05-01T00:00:00Z");
const after = (days: number) => new Date(signed.getTime() + days * day);

describe("a list", () => {
  const root = makeRoot();
  const bytes = listBytes({ root, signer: makeListSigner(root) });

  test("that is the first of its publisher waits once it is too old, in days", async () => {
    await accept(createMemoryStore(), bytes, { at: after(180) });
    const run = await createMemoryStore().take(bytes, { at: after(181) });
    assert.equal(run.ok ? "" : run.error.reason, "LIST_TOO_OLD");
    assert.match(
      run.ok ? "" : run.error.message,
      /the first list of this publisher is 181 days old \(limit 180 days\)/,
    );
  });

  test("of a publisher that is held may be of any age, and so may its history", async () => {
    const store = createMemoryStore();
    await accept(store, bytes, { at: after(1) });
    const next = listBytes(worldOf(root), { signerInfo: { signingTime: "2024-06-01T00:00:00Z" } });
    await accept(store, next, { at: after(4000) });
    const before = listBytes(worldOf(root), { signerInfo: { signingTime: "2023-06-01T00:00:00Z" } });
    const [judgment] = await accept(store, before, { at: after(4000) });
    assert.equal(judgment?.evidence?.edition, "history");
  });

  test("gives the same judgment on any day, but for what has expired since", async () => {
    const store = createMemoryStore();
    await accept(store, bytes, { at: after(1) });
    for (const days of [1, 400, 7300]) {
      const [judgment] = await look(store, bytes, { at: after(days) });
      assert.equal(judgment?.outcome, "accepted");
      const notes = judgment.reasons.map(({ code }) => code).toSorted();
      assert.deepEqual(notes, ["PIN_UNAPPROVED", ...(days > 425 ? ["SIGNER_EXPIRED_SINCE"] : [])].toSorted());
    }
  });

  test("that says it was signed more than a day from now is refused, however its certificates are", async () => {
    const [judgment] = await look(createMemoryStore(), bytes, { at: after(-2) });
    assert.equal(judgment?.outcome, "refused");
    assert.ok(judgment.reasons.some(({ code }) => code === "SIGNING_TIME_IN_FUTURE"));
  });
});

describe("a CRL", () => {
  const root = makeRoot();
  const signer = makeSigner(root.built);
  const crl = makeCrl(root.built, { revokedCertificates: [revoking(signer)] });

  test("revokes long after the next one was due, and says that it is stale", async () => {
    const { store } = await hold(root);
    const [judgment] = await accept(store, crlFile(crl), { at: after(4000) });
    assert.deepEqual(
      judgment?.reasons.map(({ code }) => code),
      ["CRL_STALE"],
    );
    assert.equal(await revokedBy(store, signer), crl.sha256);
  });

  test("of more than a day from now is refused", async () => {
    const { store } = await hold(root);
    const at = new Date(crl.thisUpdate.getTime() - 2 * day);
    const [judgment] = await look(store, crlFile(crl), { at });
    assert.deepEqual(
      judgment?.reasons.map(({ code }) => code),
      ["CRL_IN_FUTURE"],
    );
  });
});

describe("18: a list that was judged before a CRL revoked its publisher", () => {
  test("is judged anew, once the store says that it changed", async () => {
    const { store, publisher, list } = await hold();
    const { root } = publisher;
    const bytes = list([], "2024-05-10T00:00:00Z");
    const crl = makeCrl(root.built, {
      thisUpdate: "2024-05-20T00:00:00Z",
      revokedCertificates: [revoking(root)],
    });
    let isFirst = true;
    const { apply } = store;
    const overtaken = Object.assign(Object.create(store) as typeof store, {
      async apply(...asked: Parameters<typeof apply>): ReturnType<typeof apply> {
        if (!isFirst) return apply(...asked);
        isFirst = false;
        await accept(store, crlFile(crl));
        const message = "the store changed";
        return { ok: false, error: { code: "DATABASE_ERROR", reason: "STORE_CHANGED", message } };
      },
    });
    const run = await overtaken.take(bytes);
    assert.equal(run.ok ? "" : run.error.reason, "ANCHOR_REVOKED");
    assert.equal(store.facts.editions.length, 1);
  });
});

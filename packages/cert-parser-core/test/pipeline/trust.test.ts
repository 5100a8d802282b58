import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BundleJudgment,
  err,
  type Known,
  type ObjectJudgment,
  ok,
  sync,
  trustPolicy,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { engine, makeSigner } from "../chain/csca-world.ts";
import { dersOf, entry, judgeBytes, ldif, zip } from "../policy/policy-world.ts";
import { listBytes, makeWorld, now } from "../verify/list-world.ts";
import { bundle, createBench, failing, failure, nothingKnown, noValidators, succeeding } from "./ports.ts";

const refused = ofOne({
  outcome: "refused",
  reasons: [
    { code: "SIGNER_EXPIRED_SINCE", weight: "note", message: "it has expired since" },
    { code: "SIGNATURE_INVALID", weight: "refusal", message: "the signature is not good" },
  ],
});
const pending = ofOne({
  outcome: "pending",
  reasons: [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message: "unknown publisher" }],
});

function ofOne(object: ObjectJudgment): BundleJudgment {
  return { outcome: object.outcome, reasons: [], objects: [object] };
}

describe("a bundle that is not accepted", () => {
  for (const judgment of [refused, pending]) {
    test(`but ${judgment.outcome} is kept aside with its reasons, and the store left alone`, async () => {
      const bench = createBench({ bundle, hooks: { verify: () => ok(judgment) } });
      const error = await failing(sync(bench.ports, { executionId: "run-1" }));
      assert.deepEqual(bench.calls.slice(-2), ["verify", "quarantine"]);
      assert.deepEqual(bench.applied, []);
      const [entry] = bench.aside;
      assert.equal(entry?.outcome, judgment.outcome);
      assert.deepEqual(entry?.judgment, judgment);
      assert.deepEqual(entry?.bundle.bytes, bundle);
      assert.equal(entry?.executionId, "run-1");
      assert.equal(error.code, "TRUST_ERROR");
      assert.equal(error.bundleSha256, sha256(bundle));
      assert.equal(error.quarantined, true);
    });
  }

  test("says first what decided", async () => {
    const messages = [];
    for (const judgment of [refused, pending]) {
      const bench = createBench({ bundle, hooks: { verify: () => ok(judgment) } });
      const { reason, message } = await failing(sync(bench.ports));
      messages.push([reason, message]);
    }
    assert.deepEqual(messages, [
      ["SIGNATURE_INVALID", "list refused: the signature is not good"],
      ["PUBLISHER_UNKNOWN", "list waits for approval: unknown publisher"],
    ]);
  });

  test("is not accepted either where it cannot be kept aside", async () => {
    const hooks = {
      verify: () => ok(refused),
      quarantine: () => err({ ...failure, code: "DATABASE_ERROR" }),
    };
    const error = await failing(sync(createBench({ bundle, hooks }).ports));
    assert.deepEqual(
      [error.code, error.reason, error.quarantined],
      ["TRUST_ERROR", "SIGNATURE_INVALID", false],
    );
  });

  test("nor where the store has no place for it", async () => {
    const { ports } = createBench({ bundle, hooks: { verify: () => ok(refused) } });
    const { quarantine: _, ...store } = ports.store;
    const error = await failing(sync({ ...ports, store }));
    assert.deepEqual([error.code, error.quarantined], ["TRUST_ERROR", false]);
  });

  test("is judged again the next time, and refused again", async () => {
    const known: Known = { ...nothingKnown, bundleSha256: "another" };
    const bench = createBench({ bundle, known, hooks: { verify: () => ok(refused) } });
    await failing(sync(bench.ports));
    await failing(sync(bench.ports));
    assert.equal(bench.aside.length, 2);
  });
});

describe("a bundle that is held already", () => {
  const validators = { etag: '"7"', lastModified: null };
  const held: Known = { ...nothingKnown, bundleSha256: sha256(bundle), validators };
  const withPolicy = (fingerprint: string, known: Known) => {
    const bench = createBench({ bundle, known });
    return { ...bench, ports: { ...bench.ports, policy: { ...bench.ports.policy, fingerprint } } };
  };

  test("is unchanged under the policy that accepted it", async () => {
    const bench = withPolicy("a", { ...held, policy: "a" });
    assert.equal((await succeeding(sync(bench.ports))).outcome, "unchanged");
    assert.deepEqual(bench.asked, [validators]);
  });

  for (const policy of [null, "b"]) {
    test(`is judged anew under another than ${policy}, and asked for without validators`, async () => {
      const bench = withPolicy("a", { ...held, policy });
      assert.equal((await succeeding(sync(bench.ports))).outcome, "applied");
      assert.deepEqual(bench.asked, [noValidators]);
      assert.equal(bench.applied[0]?.policy, "a");
    });
  }

  test("is judged anew where an operator releases it, who is named to the store", async () => {
    const bench = withPolicy("a", { ...held, policy: "a" });
    const release = { by: "anna", reason: "asked the publisher" };
    await succeeding(sync(bench.ports, { release }));
    assert.deepEqual(bench.applied[0]?.release, release);
  });
});

describe("a bundle of several objects", () => {
  const world = makeWorld();

  test("takes only its first list on trust: a rogue one does not come in beside it", async () => {
    const { outcome, objects } = await judgeBytes(zip(listBytes(world), listBytes(makeWorld())));
    assert.equal(outcome, "partial");
    assert.deepEqual(
      objects.map((object) => [object.outcome, object.reasons[0]?.code]),
      [
        ["accepted", "PIN_UNAPPROVED"],
        ["pending", "PUBLISHER_UNKNOWN"],
      ],
    );
  });

  test("takes another list whose CSCA the first one lists, no more approved than that is", async () => {
    const second = makeWorld();
    const certificates = dersOf([world.root, second.root]);
    const { objects } = await judgeBytes(zip(listBytes(world, { certificates }), listBytes(second)));
    assert.deepEqual(
      objects.map(({ outcome }) => outcome),
      ["accepted", "accepted"],
    );
    assert.equal(objects[1]?.evidence?.publisher?.trust, "first-use");
    assert.ok(objects[1].reasons.some(({ code }) => code === "PIN_UNAPPROVED"));
  });

  test("judges what stands by itself after the lists, and gives the judgments in the order of the objects", async () => {
    const signer = makeSigner(world.root.built);
    const loose = ldif(entry("1", "userCertificate", signer.built.der));
    const { outcome, objects } = await judgeBytes(zip(loose, listBytes(world)));
    assert.equal(outcome, "accepted");
    assert.deepEqual(
      objects.map(({ evidence }) => evidence?.level),
      ["verified", "verified"],
    );
    const standing = objects[0]?.evidence?.certificates.get(signer.certificate.sha256);
    assert.equal(standing?.verdict, "link");
    assert.equal(objects[0]?.evidence?.publisher, null);
  });

  test("stores the good ones, and keeps the bundle for the others", async () => {
    const both = zip(listBytes(world), listBytes(makeWorld()));
    const policy = trustPolicy({ mode: "pin", engine }, { now: () => now });
    const bench = createBench({ bundle: both });
    const report = await succeeding(sync({ ...bench.ports, policy }));
    assert.deepEqual([report.outcome, report.quarantined], ["applied", true]);
    const [snapshot] = bench.applied;
    assert.equal(snapshot?.editions.length, 1);
    assert.equal(snapshot.policy, null);
    assert.equal(bench.aside[0]?.outcome, "pending");
  });
});

describe("a store that changed since it was asked", () => {
  const changed = err({ ...failure, code: "DATABASE_ERROR", reason: "STORE_CHANGED" } as const);

  test("is asked again, and the bundle judged anew, once", async () => {
    const answers = [changed];
    const bench = createBench({ bundle, hooks: { store: () => answers.pop() } });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.calls.slice(-5), ["verify", "store", "known", "verify", "store"]);
  });

  test("fails the run if it changed again", async () => {
    const bench = createBench({ bundle, hooks: { store: () => changed } });
    const error = await failing(sync(bench.ports));
    assert.deepEqual([error.stage, error.reason], ["store", "STORE_CHANGED"]);
    assert.equal(bench.calls.filter((call) => call === "store").length, 2);
  });
});

test("a directory without a record is ICAO's empty delta: accepted, and nothing leaves with it", async () => {
  const bench = createBench({ bundle: new TextEncoder().encode("version: 1\n\n") });
  await succeeding(sync(bench.ports));
  const { certificates, removals } = bench.applied[0] ?? {};
  assert.deepEqual([certificates, removals], [[], { certificates: new Set(), crls: new Set() }]);
});

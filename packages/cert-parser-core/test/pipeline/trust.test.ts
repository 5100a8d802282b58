import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Bundle,
  err,
  type Judgment,
  type Known,
  ok,
  type SignedObject,
  sync,
  trustPolicy,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { encodeLdif } from "../../../../test-fixtures/src/builders.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { judgeBundle } from "../../src/pipeline/judge-bundle.ts";
import { makeSigner } from "../chain/csca-world.ts";
import { listBytes, makeWorld, now } from "../verify/list-world.ts";
import { bundle, createBench, failing, failure, nothingKnown, noValidators, succeeding } from "./ports.ts";

const refused: Judgment = {
  outcome: "refused",
  reasons: [
    { code: "SIGNER_EXPIRED_SINCE", weight: "note", message: "it has expired since" },
    { code: "SIGNATURE_INVALID", weight: "refusal", message: "the signature is not good" },
  ],
};
const pending: Judgment = {
  outcome: "pending",
  reasons: [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message: "nobody vouches for it" }],
};

describe("a bundle that is not accepted", () => {
  for (const judgment of [refused, pending]) {
    test(`but ${judgment.outcome} is kept aside with its reasons, and the store left alone`, async () => {
      const bench = createBench({ bundle, hooks: { verify: () => ok(judgment) } });
      const error = await failing(sync(bench.ports, { executionId: "run-1" }));
      assert.deepEqual(bench.calls.slice(-2), ["verify", "quarantine"]);
      assert.deepEqual(bench.applied, []);
      const [entry] = bench.aside;
      assert.equal(entry?.outcome, judgment.outcome);
      assert.deepEqual(entry?.judgments, [judgment]);
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
      ["PUBLISHER_UNKNOWN", "list waits for approval: nobody vouches for it"],
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
  const policy = trustPolicy({ mode: "pin" }, { now: () => now });
  const { signal } = new AbortController();
  const known: Known = { ...nothingKnown };
  const outcomes = async (objects: readonly SignedObject[]) => {
    const whole: Bundle = { ...(await readBundle(bundle)), objects };
    const judged = await judgeBundle(policy, { ...whole, bytes: bundle }, known, signal);
    assert.ok(judged.ok);
    return judged.value;
  };
  const objectOf = async (bytes: Uint8Array) => {
    const [object] = (await readBundle(bytes)).objects;
    assert.ok(object);
    return object;
  };

  test("takes only its first list on trust: a rogue one does not come in beside it", async () => {
    const [good, rogue] = [await objectOf(listBytes(world)), await objectOf(listBytes(makeWorld()))];
    const judgments = await outcomes([good, rogue]);
    assert.deepEqual(
      judgments.map(({ outcome, reasons }) => [outcome, reasons[0]?.code]),
      [
        ["accepted", "PIN_UNAPPROVED"],
        ["pending", "PUBLISHER_UNKNOWN"],
      ],
    );
  });

  test("takes another list whose CSCA the first one lists, no more approved than that is", async () => {
    const second = makeWorld();
    const certificates = [world.root.built.der, second.root.built.der];
    const judgments = await outcomes([
      await objectOf(listBytes(world, { certificates })),
      await objectOf(listBytes(second)),
    ]);
    assert.deepEqual(
      judgments.map(({ outcome }) => outcome),
      ["accepted", "accepted"],
    );
    assert.equal(judgments[1]?.evidence?.publisher?.trust, "first-use");
    assert.ok(judgments[1].reasons.some(({ code }) => code === "PIN_UNAPPROVED"));
  });

  test("judges what stands by itself after the lists, and gives the judgments in the order of the objects", async () => {
    const signer = makeSigner(world.root.built);
    const records = [
      {
        dn: "cn=1,o=dsc,c=UT,dc=data",
        lines: [{ name: "userCertificate;binary", value: signer.built.der }],
      },
    ];
    const loose = await objectOf(new TextEncoder().encode(encodeLdif(records)));
    const judgments = await outcomes([loose, await objectOf(listBytes(world))]);
    assert.deepEqual(
      judgments.map(({ evidence }) => evidence?.level),
      ["unsigned", "verified"],
    );
    assert.equal(judgments[0]?.evidence?.certificates.get(signer.certificate.sha256)?.verdict, "link");
  });
});

test("a file with nothing in it is refused: what is held must not go with it", async () => {
  const bench = createBench({ bundle: new TextEncoder().encode("version: 1\n\n") });
  const error = await failing(sync(bench.ports));
  assert.deepEqual([error.code, error.reason], ["TRUST_ERROR", "TOO_FEW_CERTIFICATES"]);
  assert.deepEqual(bench.applied, []);
});

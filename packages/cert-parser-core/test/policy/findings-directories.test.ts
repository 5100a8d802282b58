/**
 * Directories, archives and files: what nobody signed adds what its own signatures carry, and takes nothing away. Numbers are
 * those of the findings.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodePem, type LdifRecord } from "../../../../test-fixtures/src/builders.ts";
import { readFixture } from "../../../../test-fixtures/src/index.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import type { ObjectJudgment } from "../../src/policy/judgment.ts";
import {
  type BundleVerification,
  type VerifyBundleOptions,
  verifyBundle,
} from "../../src/policy/verify-bundle.ts";
import { engine, type Made, makeCrl, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import { listBytes, now } from "../verify/list-world.ts";
import { keyOf } from "./facts-world.ts";
import { accept, crlFile, hold, makePublisher, revokedBy, signerFile, worldOf } from "./findings-world.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { dersOf, entry, ldif, revoking, zip } from "./policy-world.ts";

const may = (day: number) => `2024-05-${String(day).padStart(2, "0")}T00:00:00Z`;
const codes = (judgment: Pick<ObjectJudgment, "reasons"> | undefined | null) =>
  judgment?.reasons.map(({ weight, code }) => `${weight} ${code}`) ?? [];
const isListed = ({ state }: MemoryStore, { certificate }: Made) =>
  state.authorities.some((each) => each.isCurrent && each.certificate.sha256 === certificate.sha256);

function listOf(root: Made, signingTime: string, certificates: readonly Made[] = [root]): Uint8Array {
  return listBytes(worldOf(root), { certificates: dersOf(certificates), signerInfo: { signingTime } });
}

/** An entry of a directory with a signed list. */
function listEntry(name: string, list: Uint8Array): LdifRecord {
  return {
    dn: `cn=${name},o=ml,c=${name},dc=data`,
    lines: [{ name: "pkdMasterListContent;binary", value: list }],
  };
}

describe("4: a signed list in an archive beside a delta of one record", () => {
  test("still takes the place of the one before it: a withdrawn root leaves", async () => {
    const root = makeRoot();
    const { store, list } = await hold(root, makeRoot());
    const signer = makeSigner(root.built);
    const delta = ldif({
      ...entry("new", "userCertificate", signer.built.der, { version: 1 }),
      changeType: "add",
    });
    const run = await store.take(zip(list([makeRoot()], may(5)), delta));
    assert.ok(run.ok);
    assert.equal(isListed(store, root), false);
    assert.ok(store.state.withdrawnKeys.has(keyOf(root)));
  });
});

describe("6: a signed list that first came", () => {
  const root = makeRoot();
  const rogue = makeRoot({ subject: nameOf("XR") });
  const junk = (issuer: Made, count: number) =>
    signerFile(
      ...Array.from({ length: count }, (_, at) => makeSigner(issuer.built, { serialNumber: at + 1 })),
    );
  const rows = [
    ["with twelve document signers that nobody knows", junk(makeRoot(), 12)],
    ["with twelve document signers of a listed CSCA", junk(root, 12)],
    ["with ten document signers of a rogue that it lists", junk(rogue, 10)],
  ] as const;
  for (const [what, beside] of rows) {
    test(`${what} is followed by the next one`, async () => {
      const publisher = makePublisher();
      const list = (day: number) =>
        listBytes(publisher, {
          certificates: dersOf([publisher.root, root, rogue]),
          signerInfo: { signingTime: may(day) },
        });
      const store = createMemoryStore();
      await accept(store, zip(list(1), beside));
      for (const day of [2, 3])
        assert.deepEqual(codes((await accept(store, list(day)))[0]), ["note PIN_UNAPPROVED"]);
    });
  }

  test("after twelve document signers by themselves is followed by the next one too", async () => {
    const store = createMemoryStore();
    await accept(store, junk(rogue, 12));
    for (const day of [2, 3]) await accept(store, listOf(root, may(day)));
  });
});

describe("16: the version of a directory", () => {
  const root = makeRoot();
  const first = makeSigner(root.built);
  const at = (version: number) => ldif(entry("1", "userCertificate", first.built.der, { version }));

  test("that jumps far ahead waits, and shuts nobody out", async () => {
    const { store } = await hold(root);
    await accept(store, at(7));
    const run = await store.take(at(999_999_999));
    assert.equal(run.ok ? "" : run.error.reason, "PKD_VERSION_JUMP");
    await accept(store, at(8));
  });

  test("that is missing in a delta is a gap", async () => {
    const { store } = await hold(root);
    await accept(store, at(7));
    const { built } = makeSigner(root.built);
    const delta = ldif({ ...entry("2", "userCertificate", built.der), changeType: "add" });
    const run = await store.take(delta);
    assert.equal(run.ok ? "" : run.error.reason, "PKD_VERSION_GAP");
    await accept(store, delta, { lifted: ["PKD_VERSION_GAP"] });
  });

  test("holds back what stands by itself, and no signed list in the same directory", async () => {
    const { store, list } = await hold(root);
    await accept(store, at(7));
    const far = entry("1", "userCertificate", first.built.der, { version: 999_999_999 });
    const run = await store.take(ldif(far, listEntry("xp", list([root], may(5)))));
    assert.ok(run.ok);
    assert.equal(run.value.judgment?.outcome, "partial");
    assert.deepEqual(run.value.judgment.objects.map(({ outcome }) => outcome).toSorted(), [
      "accepted",
      "pending",
    ]);
  });
});

describe("23: verifying", () => {
  const root = makeRoot();
  const other = makeRoot({ subject: nameOf("XA") });
  const signer = makeSigner(root.built);
  const crl = makeCrl(root.built);
  const given = { authorities: [root.certificate] };

  test("a CRL or a directory asks for the anchor, whatever authorities there are", async () => {
    for (const bytes of [crl.der, signerFile(signer), signer.built.der]) {
      const right = await verify(bytes, { ...given, anchors: [root.certificate] });
      assert.equal(right.outcome, "verified");
      const wrong = await verify(bytes, { ...given, anchors: [other.certificate] });
      assert.notEqual(wrong.outcome, "verified");
    }
  });

  test("without anchors, authorities are trusted", async () => {
    for (const bytes of [crl.der, signerFile(signer)]) {
      assert.equal((await verify(bytes, given)).outcome, "verified");
      assert.notEqual((await verify(bytes, {})).outcome, "verified");
    }
  });
});

describe("24: verifying a revoked document signer with the CRL that revokes it", () => {
  const root = makeRoot();
  const signer = makeSigner(root.built);
  const crl = makeCrl(root.built, { revokedCertificates: [revoking(signer)] });

  test("refuses it, with the CRL beside it or given", async () => {
    const anchors = [root.certificate];
    for (const verification of [
      await verify(signer.built.der, { anchors, crls: [crl] }),
      await verify(signerFile(signer), { anchors, crls: [crl] }),
      await verify(zip(signerFile(signer), crlFile(crl)), { anchors }),
    ]) {
      assert.equal(verification.outcome, "refused");
      assert.ok(verification.objects.some(({ steps }) => steps.some(({ code }) => code === "REVOKED")));
    }
  });

  test("verifies another one", async () => {
    const anchors = [root.certificate];
    const another = makeSigner(root.built, { serialNumber: 78 });
    const { outcome, objects } = await verify(another.built.der, { anchors, crls: [crl] });
    assert.equal(outcome, "verified");
    assert.ok(objects[0]?.steps.some(({ step, result }) => step === "revocation" && result === "passed"));
  });
});

describe("25: a document signer", () => {
  const root = makeRoot();
  const signer = makeSigner(root.built);
  const pem = new TextEncoder().encode(encodePem("CERTIFICATE", signer.built.der));
  const wrappings = [
    ["a file", signer.built.der],
    ["PEM", pem],
    ["a directory", signerFile(signer)],
    ["an archive", zip(signer.built.der)],
  ] as const;

  for (const [what, bytes] of wrappings) {
    test(`as ${what} is verified with its CSCA as the anchor, and says by whom it was issued`, async () => {
      const { outcome, objects } = await verify(bytes, { anchors: [root.certificate] });
      assert.equal(outcome, "verified");
      const steps = objects[0]?.steps ?? [];
      const issued = steps.find(({ step }) => step === "signature");
      assert.match(
        issued?.message ?? "",
        new RegExp(`^issued by CN=CSCA,C=UT, whose key ${keyOf(root)} is trusted$`),
      );
      assert.ok(steps.some(({ step, result }) => step === "revocation" && result === "skipped"));
    });

    test(`as ${what} is undetermined with another anchor, and goes into a store all the same`, async () => {
      const { outcome, objects } = await verify(bytes, { anchors: [makeRoot().certificate] });
      assert.equal(outcome, "undetermined");
      assert.deepEqual(codes(objects[0]?.judgment), ["note ISSUER_UNKNOWN"]);
      const { store } = await hold(root);
      const [judgment] = await accept(store, bytes);
      assert.equal(judgment?.evidence?.level, "verified");
    });
  }

  test("whose signature is bad is refused, however it is wrapped", async () => {
    const bad = makeSigner(root.built, {
      change: (options) => ({
        ...options,
        changeSignature: (signature) => signature.with(-1, (signature.at(-1) ?? 0) ^ 1),
      }),
    });
    for (const bytes of [bad.built.der, signerFile(bad)]) {
      const { outcome, objects } = await verify(bytes, { anchors: [root.certificate] });
      assert.equal(outcome, "refused");
      assert.ok(objects[0]?.steps.some(({ code }) => code === "SIGNATURE_INVALID"));
    }
  });
});

describe("27: ICAO's empty delta", () => {
  test("is accepted, and changes nothing", async () => {
    const root = makeRoot();
    const { store } = await hold(root);
    await accept(store, signerFile(makeSigner(root.built)));
    const before = store.listed();
    for (const mode of ["pin", "off"] as const)
      await accept(store, readFixture("delta-empty.ldif"), { mode });
    assert.deepEqual(store.listed(), before);
  });
});

describe("28: a delta without verification", () => {
  test("goes in on top of what is held", async () => {
    const root = makeRoot();
    const [one, two] = [makeSigner(root.built), makeSigner(root.built, { serialNumber: 78 })];
    const store = createMemoryStore();
    const collection = ldif(entry("1", "userCertificate", one.built.der, { version: 7 }));
    await accept(store, collection, { mode: "off" });
    const delta = ldif({
      ...entry("2", "userCertificate", two.built.der, { version: 8 }),
      changeType: "add",
    });
    await accept(store, delta, { mode: "off" });
    assert.deepEqual(
      [...store.listed().keys()].toSorted(),
      [one, two].map((each) => each.certificate.sha256).toSorted(),
    );
  });
});

describe("29: an unsigned container of signed lists", () => {
  const states = Array.from({ length: 9 }, (_, at) => makeRoot({ subject: nameOf(`X${"ABCDEFGHI"[at]}`) }));
  const records = (day: number, listed: readonly Made[] = states) =>
    listed.map((state) =>
      listEntry(String(state.certificate.country).toLowerCase(), listOf(state, may(day), states)),
    );
  const filled = async () => {
    const store = createMemoryStore();
    await accept(store, ldif(...records(1)));
    return store;
  };

  test("that lacks two of nine takes nothing away, and says so", async () => {
    const store = await filled();
    const run = await store.take(ldif(...records(5, states.slice(0, 7))));
    assert.ok(run.ok);
    assert.deepEqual(codes(run.value.judgment), ["note LIST_MISSING"]);
    for (const state of states) assert.ok(isListed(store, state));
    assert.equal(store.state.withdrawnKeys.size, 0);
  });

  test("that deletes one takes nothing away, and says so", async () => {
    const store = await filled();
    const run = await store.take(ldif({ dn: "cn=xa,o=ml,c=xa,dc=data", changeType: "delete" }));
    assert.ok(run.ok);
    assert.deepEqual(codes(run.value.judgment), ["note LIST_MISSING"]);
    for (const state of states) assert.ok(isListed(store, state));
  });

  test("that lacks one of two in an archive takes nothing away", async () => {
    const [one, two] = [makePublisher(), makeRoot({ subject: nameOf("XQ") })];
    const store = createMemoryStore();
    store.approve(keyOf(one.root));
    store.approve(keyOf(two));
    const first = (day: number) => listBytes(one, { signerInfo: { signingTime: may(day) } });
    await accept(store, zip(first(1), listOf(two, may(1), [two, makeRoot()])));
    const run = await store.take(zip(first(5)));
    assert.ok(run.ok);
    assert.deepEqual(codes(run.value.judgment), ["note LIST_MISSING"]);
    assert.ok(isListed(store, two));
  });

  test("with two editions of one state has one that is current", async () => {
    const [state = makeRoot()] = states;
    for (const order of [
      [1, 5],
      [5, 1],
    ]) {
      const store = createMemoryStore();
      await accept(store, zip(...order.map((day) => listOf(state, may(day)))));
      assert.equal(store.state.currentEditions.size, 1);
      const current = store.facts.editions.find(({ id }) => store.state.currentEditions.has(id));
      assert.equal(current?.signingTime.toISOString(), new Date(may(5)).toISOString());
    }
  });

  test("with an older edition under another source's name has none that is current", async () => {
    const [state = makeRoot()] = states;
    const left = makeRoot({ subject: nameOf("XZ") });
    const store = createMemoryStore();
    await accept(store, listOf(state, may(5)));
    store.approve(keyOf(state), "another");
    await accept(store, listOf(state, may(1), [state, left]), { source: "another" });
    assert.equal(store.state.currentEditions.size, 1);
    assert.equal(isListed(store, left), false);
  });

  test("has each of its lists judged alone: the good ones go in", async () => {
    const store = await filled();
    const stranger = makeRoot({ subject: nameOf("XY") });
    const run = await store.take(ldif(...records(5), listEntry("xy", listOf(stranger, may(5)))));
    assert.ok(run.ok);
    const outcomes = run.value.judgment?.objects.map(({ outcome }) => outcome) ?? [];
    assert.deepEqual(outcomes, [...states.map(() => "accepted"), "pending"]);
    assert.equal(run.value.judgment?.outcome, "partial");
    assert.equal(store.aside.length, 1);
  });
});

describe("the end of a certificate's carriage", () => {
  test("is not the end of a revocation: a delta that deletes a CRL lifts nothing", async () => {
    const root = makeRoot();
    const signer = makeSigner(root.built);
    const { store } = await hold(root);
    const crl = makeCrl(root.built, { thisUpdate: may(20), revokedCertificates: [revoking(signer)] });
    await accept(store, crlFile(crl));
    const run = await store.take(ldif({ dn: "cn=crl-0,o=dsc,c=UT,dc=data", changeType: "delete" }), {
      lifted: ["PKD_VERSION_GAP"],
    });
    assert.ok(run.ok);
    assert.equal(await revokedBy(store, signer), crl.sha256);
  });
});

async function verify(
  bytes: Uint8Array,
  options: Omit<VerifyBundleOptions, "now">,
): Promise<BundleVerification> {
  return verifyBundle(await readBundle(bytes), { now, engine, ...options });
}

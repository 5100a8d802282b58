/**
 * Revocation: what a stranger cannot give, and what nobody can take back. Numbers are those of the findings.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gatherAuthorities } from "../../src/chain/authority-set.ts";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import type { RevocationList } from "../../src/crl/revocation-list.ts";
import { checkDocumentSigner } from "../../src/verify/check-document-signer.ts";
import {
  engine,
  type Made,
  makeCrl,
  makeKey,
  makeLink,
  makeRoot,
  makeSigner,
  nameOf,
} from "../chain/csca-world.ts";
import { listBytes, now } from "../verify/list-world.ts";
import { keyOf } from "./facts-world.ts";
import { accept, crlFile, hold, look, revokedBy, signerFile, worldOf } from "./findings-world.ts";
import { dersOf, revoking, rollOver, zip } from "./policy-world.ts";

const june = (day: number) => `2024-06-${String(day).padStart(2, "0")}T00:00:00Z`;
const may = (day: number) => `2024-05-${String(day).padStart(2, "0")}T00:00:00Z`;

/** A CRL of this day in May, whose number is the day. */
function crlOf(by: Made, day: number, ...revoked: readonly Made[]): RevocationList {
  const revokedCertificates = revoked.map((each) => revoking(each));
  return makeCrl(by.built, { thisUpdate: may(day), nextUpdate: june(29), number: day, revokedCertificates });
}

async function checkSigner(signer: Made, authorities: readonly Made[], crls: readonly RevocationList[]) {
  const set = gatherAuthorities(
    authorities.map(({ certificate }) => certificate),
    { engine },
  );
  const judged = crls.map((crl) => judgeRevocationList(crl, { authorities: set, now }));
  return checkDocumentSigner(signer.certificate, { authorities: set, at: now, crls: judged });
}

describe("1: a rogue that is listed, and signs a certificate over a state's key,", () => {
  const state = makeRoot();
  const signer = makeSigner(state.built);
  const rogues: readonly (readonly [string, Made])[] = [
    ["of another country", makeRoot({ subject: nameOf("XR") })],
    ["of the same country", makeRoot({ subject: nameOf("UT", "Rogue") })],
    [
      "that says it is older",
      makeRoot({ subject: nameOf("UT", "Rogue"), notBefore: "2010-01-01T00:00:00Z" }),
    ],
    [
      "that says it is newer",
      makeRoot({ subject: nameOf("UT", "Rogue"), notBefore: "2024-01-01T00:00:00Z" }),
    ],
    ["that takes the state's name", makeRoot()],
  ];
  for (const [what, rogue] of rogues) {
    const claim = makeLink(rogue, { key: state.built.key });

    test(`${what}: revokes neither the state's root nor its signers`, async () => {
      const { store } = await hold(state, rogue, claim);
      await look(store, crlFile(crlOf(rogue, 10, state, signer, claim)));
      assert.equal(store.state.revokedKeys.has(keyOf(state)), false);
      assert.equal(store.state.revokedCertificates.has(state.certificate.sha256), false);
      assert.equal(await revokedBy(store, signer), undefined);
    });

    test(`${what}: hides no CRL of the state's with an empty one of its own`, async () => {
      const { store } = await hold(state, rogue, claim);
      const own = crlOf(state, 10, signer);
      await accept(store, crlFile(own));
      await look(store, crlFile(crlOf(rogue, 20)));
      assert.equal(await revokedBy(store, signer), own.sha256);
      const verdict = await checkSigner(signer, [state, rogue, claim], [own, crlOf(rogue, 20)]);
      assert.equal(verdict.outcome, "not-trusted");
    });
  }
});

describe("2: a CRL of a CSCA over its own root", () => {
  const root = makeRoot();

  test("stays in effect with each further look at it, alone or in a list", async () => {
    const { store, list } = await hold(root);
    const crl = crlOf(root, 10, root);
    for (const bytes of [
      crlFile(crl),
      crlFile(crl),
      list([root], may(20), { crls: [crl.der] }),
      list([root], may(21), { crls: [crl.der] }),
    ]) {
      const [judgment] = await accept(store, bytes);
      assert.equal(judgment?.evidence?.crls.get(crl.sha256)?.verdict, "accepted");
      assert.ok(store.state.revokedKeys.has(keyOf(root)));
    }
  });
});

describe("3: a foreign CSCA that certifies a publisher's key, and revokes that certificate,", () => {
  test("locks nobody out: the publisher's next list is accepted", async () => {
    const foreign = makeRoot({ subject: nameOf("XF") });
    const { store, publisher, list } = await hold(foreign);
    const claims = [
      makeLink(foreign, { key: publisher.root.built.key, subject: nameOf("XP") }),
      makeLink(foreign, { key: publisher.root.built.key }),
    ];
    await accept(store, list([foreign, ...claims], may(2)));
    for (const reason of ["keyCompromise", "cACompromise"] as const) {
      const day = reason === "keyCompromise" ? 10 : 11;
      const revokedCertificates = claims.map((each) => revoking(each, reason));
      await accept(
        store,
        crlFile(makeCrl(foreign.built, { thisUpdate: may(day), number: day, revokedCertificates })),
      );
      assert.equal(store.state.revokedKeys.size, 0);
      await accept(store, list([foreign], may(day)));
    }
  });

  test("nor with the serial number of the publisher's root or signer", async () => {
    const foreign = makeRoot({ subject: nameOf("XF") });
    const { store, publisher, list } = await hold(foreign);
    await accept(store, crlFile(crlOf(foreign, 10, publisher.root, publisher.signer)));
    await accept(store, list([foreign], may(12)));
  });
});

describe("5: a revocation", () => {
  const root = makeRoot();
  const signer = makeSigner(root.built);
  const held = crlOf(root, 10, signer);

  test("outlives a bundle that brings no CRL, in an envelope or in a directory", async () => {
    const { store, list } = await hold(root);
    await accept(store, list([root], may(11), { crls: [held.der] }));
    await accept(store, list([root], may(12)));
    await accept(store, signerFile(makeSigner(root.built)));
    assert.equal(await revokedBy(store, signer), held.sha256);
  });

  test("outlives an older CRL that is replayed: that is refused", async () => {
    const { store, list } = await hold(root);
    await accept(store, list([root], may(11), { crls: [held.der] }));
    const older = crlOf(root, 5);
    const [judgment] = await accept(store, list([root], may(12), { crls: [older.der] }));
    assert.equal(judgment?.evidence?.crls.get(older.sha256)?.verdict, "refused");
    const [alone] = await look(store, crlFile(older));
    assert.equal(alone?.outcome, "refused");
    assert.equal(await revokedBy(store, signer), held.sha256);
  });

  test("outlives the removal of the source that brought it", async () => {
    const { store, list } = await hold(root);
    await accept(store, crlFile(held), { source: "crls" });
    store.remove("crls", now);
    assert.equal(await revokedBy(store, signer), held.sha256);
    await accept(store, list([root], may(13)));
    assert.equal(await revokedBy(store, signer), held.sha256);
  });

  test("ends with a newer CRL of the same key that does not have it", async () => {
    const { store } = await hold(root);
    await accept(store, crlFile(held));
    await accept(store, crlFile(crlOf(root, 20)));
    assert.equal(await revokedBy(store, signer), undefined);
  });

  test("of an older key's signer stays, although the successor's newer CRL does not have it", async () => {
    const { link, young } = rollOver(root);
    const { store } = await hold(root, link, young);
    await accept(store, crlFile(held));
    await accept(store, crlFile(crlOf(young, 20)));
    assert.equal(await revokedBy(store, signer), held.sha256);
  });

  test("by a successor's CRL counts for the older key's signers, and not the other way round", async () => {
    const { link, young } = rollOver(root);
    const { store } = await hold(root, link, young);
    const youngSigner = makeSigner(young.built, { serialNumber: 78 });
    const both = [signer, youngSigner];
    const byOld = crlOf(root, 10, ...both);
    await accept(store, crlFile(byOld));
    assert.equal(await revokedBy(store, youngSigner), undefined);
    assert.equal(await revokedBy(store, signer), byOld.sha256);
    const byYoung = crlOf(young, 11, ...both);
    await accept(store, crlFile(byYoung));
    assert.equal(await revokedBy(store, youngSigner), byYoung.sha256);
  });
});

describe("7: under a key whose root is revoked", () => {
  const root = makeRoot();
  const twin = makeRoot({ key: root.built.key });
  const signer = makeSigner(root.built);

  test("no document signer is trusted, although another certificate of the key is not revoked", async () => {
    const crl = crlOf(root, 10, root);
    assert.equal((await checkSigner(signer, [root, twin], [crlOf(root, 9)])).outcome, "trusted");
    for (const authorities of [
      [root, twin],
      [twin, root],
    ]) {
      const { outcome, steps } = await checkSigner(signer, authorities, [crl]);
      assert.equal(outcome, "not-trusted");
      assert.ok(steps.some(({ code, result }) => code === "ANCHOR_REVOKED" && result === "failed"));
    }
  });

  test("nor in a directory, where the key is said to be revoked", async () => {
    const { store } = await hold(root, twin);
    await accept(store, crlFile(crlOf(root, 10, root)));
    const [judgment] = await look(store, signerFile(signer));
    assert.equal(judgment?.evidence?.certificates.get(signer.certificate.sha256)?.level, "unsigned");
    assert.deepEqual(
      judgment?.reasons.map(({ code }) => code),
      ["ANCHOR_REVOKED"],
    );
  });

  test("nor if the root itself is not there any more, but the key is known to be revoked", async () => {
    const authorities = gatherAuthorities([twin.certificate], { engine });
    const crls = [judgeRevocationList(crlOf(twin, 10), { authorities, now })];
    const options = { authorities, at: now, crls, revokedKeys: new Set([keyOf(root)]) };
    assert.equal((await checkDocumentSigner(signer.certificate, options)).outcome, "not-trusted");
  });
});

describe("12: a root that an accepted CRL revokes", () => {
  test("is marked from then on, its key with it, and its publisher's lists are refused", async () => {
    const { store, publisher, list } = await hold();
    const { root } = publisher;
    const crl = crlOf(root, 10, root);
    await accept(store, crlFile(crl));
    assert.equal(store.state.revokedCertificates.get(root.certificate.sha256)?.crlSha256, crl.sha256);
    assert.equal(store.state.revokedKeys.get(keyOf(root))?.crlSha256, crl.sha256);
    const [judgment] = await look(store, list([], may(20)));
    assert.deepEqual([judgment?.outcome, judgment?.reasons[0]?.code], ["refused", "ANCHOR_REVOKED"]);
  });

  test("also by a CRL in the very list that it signed", async () => {
    const { store, publisher, list } = await hold();
    const { root } = publisher;
    await accept(store, list([], may(20), { crls: [crlOf(root, 10, root).der] }));
    assert.ok(store.state.revokedKeys.has(keyOf(root)));
  });

  test("may sign again once an operator lifts that", async () => {
    const { store, publisher, list } = await hold();
    const { root } = publisher;
    await accept(store, crlFile(crlOf(root, 10, root)));
    store.decide({ liftedKeys: new Set([keyOf(root)]) });
    await accept(store, list([], may(20)));
  });
});

describe("a link that is revoked", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const chain = [old, link, young];
  const listOfYoung = (signingTime: string) =>
    listBytes(worldOf(young), { certificates: dersOf(chain), signerInfo: { signingTime } });

  test("revokes no key", async () => {
    const { store } = await hold(...chain);
    await accept(store, crlFile(crlOf(young, 10, link)));
    await accept(store, crlFile(crlOf(old, 10, link)));
    assert.ok(store.state.revokedCertificates.has(link.certificate.sha256));
    assert.equal(store.state.revokedKeys.size, 0);
  });

  test("carries no path any more", async () => {
    const { store } = await hold(...chain);
    store.approve(keyOf(old), "ut");
    const rolled = await look(store, listOfYoung(may(5)), { source: "other" });
    assert.equal(rolled[0]?.outcome, "accepted");
    const { store: second } = await hold(...chain);
    second.approve(keyOf(old), "ut");
    await accept(second, crlFile(crlOf(old, 10, link)));
    const [judgment] = await look(second, listOfYoung(may(12)), { source: "ut" });
    assert.notEqual(judgment?.outcome, "accepted");
  });

  for (const reason of ["keyCompromise", "cACompromise", "superseded"] as const) {
    test(`for ${reason} ${reason === "superseded" ? "holds back nothing" : "has the next list of the key wait"}`, async () => {
      const { store } = await hold(...chain);
      store.approve(keyOf(old), "ut");
      await accept(store, listBytes(worldOf(old), { signerInfo: { signingTime: may(2) } }), { source: "ut" });
      await accept(store, listOfYoung(may(5)), { source: "ut" });
      const revokedCertificates = [revoking(link, reason)];
      await accept(
        store,
        crlFile(makeCrl(old.built, { thisUpdate: may(10), number: 10, revokedCertificates })),
      );
      const [judgment] = await look(store, listOfYoung(may(12)), { source: "ut" });
      assert.equal(judgment?.outcome, reason === "superseded" ? "accepted" : "pending");
      if (reason !== "superseded")
        assert.deepEqual(
          judgment?.reasons.map(({ code }) => code),
          ["LINK_REVOKED"],
        );
    });
  }
});

describe("15: a CRL in another CSCA's name", () => {
  test("is refused, although both are of one country", async () => {
    const [china, macao] = [makeRoot(), makeRoot({ subject: nameOf("UT", "Macao") })];
    const { store } = await hold(china, macao);
    const { key, keyIdentifier } = macao.built;
    const crl = makeCrl({ subject: china.built.subject, key, keyIdentifier });
    const [judgment] = await look(store, crlFile(crl));
    assert.deepEqual(
      [judgment?.outcome, judgment?.reasons.map(({ code }) => code)],
      ["refused", ["NAME_MISMATCH"]],
    );
  });
});

describe("24: a revoked document signer beside the CRL that revokes it", () => {
  const root = makeRoot();
  const signer = makeSigner(root.built);
  const crl = crlOf(root, 10, signer);

  test("is refused, in whatever order they are, and counts as no good one", async () => {
    for (const bytes of [zip(signerFile(signer), crlFile(crl)), zip(crlFile(crl), signerFile(signer))]) {
      const { store } = await hold(root);
      const judged = await look(store, bytes);
      const [refused] = judged.filter(({ evidence }) => evidence?.certificates.size === 1);
      const standing = refused?.evidence?.certificates.get(signer.certificate.sha256);
      assert.equal(standing?.revokedBy?.crlSha256, crl.sha256);
      assert.ok(refused?.reasons.some(({ code }) => code === "REVOKED"));
    }
  });
});

describe("30: a key that is revoked in one encoding", () => {
  const explicit = makeRoot();
  const named = makeRoot({
    key: explicit.built.key,
    change: (options) => ({ ...options, publicKeyEncoding: { curve: "named" } }),
  });
  const compressed = makeRoot({
    key: explicit.built.key,
    change: (options) => ({ ...options, publicKeyEncoding: { curve: "named", point: "compressed" } }),
  });

  test("is revoked in each, and one key in the lineage", async () => {
    for (const [root, other] of [
      [explicit, named],
      [named, explicit],
      [explicit, compressed],
    ] as const) {
      assert.notDeepEqual(root.certificate.publicKey.der, other.certificate.publicKey.der);
      const { store } = await hold(root, other);
      await accept(store, crlFile(crlOf(other, 10, root)));
      assert.ok(store.state.revokedKeys.has(keyOf(other)));
      const own = [...store.state.lineage.keys.keys()].filter((key) => key === keyOf(root));
      assert.equal(own.length, 1);
      const bytes = listBytes(worldOf(other), { signerInfo: { signingTime: may(20) } });
      const [judgment] = await look(store, bytes, { source: "other" });
      assert.equal(judgment?.reasons[0]?.code, "ANCHOR_REVOKED");
    }
  });

  test("is one pin: the same publisher in another spelling goes on", async () => {
    const { store } = await hold();
    store.approve(keyOf(explicit), "ut");
    for (const [day, root] of [explicit, named, compressed].entries()) {
      await accept(store, listBytes(worldOf(root), { signerInfo: { signingTime: may(day + 1) } }), {
        source: "ut",
      });
    }
    assert.equal(store.facts.editions.filter(({ source }) => source === "ut").length, 3);
    assert.equal(new Set(store.facts.editions.map(({ publisher }) => publisher)).size, 2);
  });
});

describe("the CRL of a key", () => {
  test("is refused if it was issued after the key had expired, and noted after its usage period", async () => {
    const root = makeRoot({ keyNotAfter: "2022-01-01T00:00:00Z", notAfter: "2024-05-15T00:00:00Z" });
    const { store } = await hold(root);
    const [within] = await accept(store, crlFile(crlOf(root, 14)));
    assert.deepEqual(
      within?.reasons.map(({ weight, code }) => `${weight} ${code}`),
      ["note KEY_USAGE_PERIOD"],
    );
    const [after] = await look(store, crlFile(crlOf(root, 16)));
    assert.deepEqual(
      after?.reasons.map(({ weight, code }) => `${weight} ${code}`),
      ["refusal CRL_AFTER_KEY"],
    );
  });

  test("that was withdrawn only adds", async () => {
    const root = makeRoot();
    const signer = makeSigner(root.built);
    const { store, list } = await hold(root);
    const first = crlOf(root, 10, signer);
    await accept(store, crlFile(first));
    await accept(store, list([], may(12)));
    assert.ok(store.state.withdrawnKeys.has(keyOf(root)));
    await accept(store, crlFile(crlOf(root, 20)));
    assert.ok(store.state.effectiveCrls.has(first.sha256));
    const second = makeSigner(root.built, { serialNumber: 79 });
    const third = crlOf(root, 21, second);
    await accept(store, crlFile(third));
    assert.ok(store.state.effectiveCrls.has(third.sha256));
  });

  test("of a sibling or a namesake changes no status: it alerts", async () => {
    const parent = makeRoot();
    const [one, two] = [makeLink(parent), makeLink(parent)];
    const signer = makeSigner(one.built, { notBefore: "2024-02-01T00:00:00Z" });
    const crl = crlOf(two, 10, signer);
    const { store } = await hold(parent, one, two);
    await accept(store, crlFile(crl));
    assert.equal(await revokedBy(store, signer), undefined);
    const own = crlOf(one, 10);
    const { outcome, steps } = await checkSigner(signer, [parent, one, two], [crl, own]);
    assert.equal(outcome, "trusted");
    assert.ok(steps.some(({ code }) => code === "REVOCATION_ALERT"));
  });

  test("of a sibling counts once an operator declares both one CSCA", async () => {
    const parent = makeRoot();
    const key = makeKey();
    const [one, two] = [makeLink(parent), makeRoot({ key, notBefore: "2024-02-01T00:00:00Z" })];
    const link = makeLink(parent, { key });
    const signer = makeSigner(one.built);
    const { store } = await hold(parent, one, two, link);
    const crl = crlOf(two, 10, signer);
    await accept(store, crlFile(crl));
    assert.equal(await revokedBy(store, signer), undefined);
    store.decide({ joinedKeys: [[keyOf(one), keyOf(two)]] });
    assert.equal(await revokedBy(store, signer), crl.sha256);
  });
});

/**
 * Publishers: who may sign for a source, who may vouch for another, and which list is current. Numbers are those of the
 * findings.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CertificateOptions } from "../../../../test-fixtures/src/builders.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import type { ObjectJudgment } from "../../src/policy/judgment.ts";
import { verifyBundle } from "../../src/policy/verify-bundle.ts";
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
import { listBytes, makeListSigner, now, type World } from "../verify/list-world.ts";
import { keyOf } from "./facts-world.ts";
import { accept, crlFile, hold, look, makePublisher, signerFile, worldOf } from "./findings-world.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";
import { dersOf, rollOver, zip } from "./policy-world.ts";

const may = (day: number) => `2024-05-${String(day).padStart(2, "0")}T00:00:00Z`;
const codes = (judgment: ObjectJudgment | undefined) =>
  judgment?.reasons.map(({ weight, code }) => `${weight} ${code}`) ?? [];

function listOf(root: Made, signingTime: string, certificates: readonly Made[] = [root]): Uint8Array {
  return listBytes(worldOf(root), { certificates: dersOf(certificates), signerInfo: { signingTime } });
}

/** The signing times of the current lists of a publisher. */
function currentOf({ facts, state }: MemoryStore, publisher: Made): readonly string[] {
  return facts.editions
    .filter((each) => each.publisher === keyOf(publisher) && state.currentEditions.has(each.id))
    .map(({ signingTime }) => signingTime.toISOString());
}

describe("8: a captured older list of the older key", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const chain = [old, link, young];
  const rolled = async () => {
    const { store } = await hold();
    store.approve(keyOf(old), "ut");
    await accept(store, listOf(young, may(10), chain), { source: "ut" });
    return store;
  };

  for (const source of ["ut", "another"]) {
    test(`is history in ${source === "ut" ? "its own source" : "a source of another name"}`, async () => {
      const store = await rolled();
      store.approve(keyOf(old), source);
      const [judgment] = await accept(store, listOf(old, may(5), chain), { source });
      assert.equal(judgment?.evidence?.edition, "history");
      assert.deepEqual(currentOf(store, old), []);
      assert.equal(currentOf(store, young).length, 1);
    });
  }

  test("is not even that, if it says that it was signed after the newer key's first list", async () => {
    const store = await rolled();
    const [judgment] = await look(store, listOf(old, may(12), chain), { source: "ut" });
    assert.equal(judgment?.outcome, "refused");
    assert.ok(codes(judgment).includes("refusal PUBLISHER_RETIRED"));
  });

  test("is history also where the link to the newer key is in the envelope alone", async () => {
    const { store } = await hold();
    store.approve(keyOf(old), "ut");
    await accept(store, listOf(old, may(2)), { source: "ut" });
    const publisher = worldOf(young);
    const bytes = listBytes(publisher, {
      certificates: dersOf([old, young]),
      envelopeCertificates: dersOf([publisher.signer, link]),
      signerInfo: { signingTime: may(10) },
    });
    await accept(store, bytes, { source: "ut" });
    const [judgment] = await accept(store, listOf(old, may(5)), { source: "ut" });
    assert.equal(judgment?.evidence?.edition, "history");
    assert.deepEqual([currentOf(store, old).length, currentOf(store, young).length], [0, 1]);
  });

  test("leaves the newer one current, whichever came first", async () => {
    const { store } = await hold();
    store.approve(keyOf(old), "ut");
    await accept(store, listOf(old, may(5), chain), { source: "ut" });
    await accept(store, listOf(young, may(10), chain), { source: "ut" });
    assert.deepEqual([currentOf(store, old).length, currentOf(store, young).length], [0, 1]);
  });
});

describe("9: hundreds of certificates with a publisher's name and key identifier in another's list", () => {
  const state = makeRoot();
  const { keyIdentifier } = state.built;
  const decoys = Array.from({ length: 300 }, () => makeRoot({ keyIdentifier }));

  test("do not keep the publisher's lists from being verified, while they are listed or after", async () => {
    const { store, list } = await hold(...decoys);
    store.approve(keyOf(state), "ut");
    await accept(store, listOf(state, may(2)), { source: "ut" });
    const options = { maxRemovedPercent: 100 };
    await accept(store, list([state], may(3)), options);
    await accept(store, listOf(state, may(4)), { source: "ut" });
  });

  test("do not keep its signers and CRLs from being verified", async () => {
    const { store } = await hold(...decoys);
    store.approve(keyOf(state), "ut");
    await accept(store, listOf(state, may(2)), { source: "ut" });
    const [signers] = await accept(store, signerFile(makeSigner(state.built)));
    assert.equal(signers?.evidence?.level, "verified");
    await accept(store, crlFile(makeCrl(state.built, { thisUpdate: may(3) })));
  });
});

describe("10: a second signer that nobody vouches for", () => {
  test("sets no date and no name", async () => {
    const { store, publisher } = await hold();
    const rogue = worldOf(makeRoot({ subject: nameOf("XR") }));
    const signers = [
      { certificate: publisher.signer.built, signingTime: may(10) },
      { certificate: rogue.signer.built, signingTime: "2049-12-31T23:59:59Z" },
    ];
    for (const each of [signers, signers.toReversed()]) {
      const bytes = listBytes(publisher, {
        envelopeCertificates: dersOf([publisher.signer, rogue.signer, rogue.root]),
        signers: each,
      });
      const [judgment] = await look(store, bytes);
      assert.equal(judgment?.outcome, "accepted", codes(judgment).join());
      assert.equal(judgment.evidence?.signingTime?.toISOString(), new Date(may(10)).toISOString());
      assert.equal(judgment.evidence.publisher?.keySha256, keyOf(publisher.root));
    }
  });
});

describe("13: what vouches for the publisher of a new source", () => {
  const state = makeRoot();
  const broken = makeRoot({
    key: state.built.key,
    change: (options) => ({ ...options, changeSignature: flip }),
  });
  const expired = makeRoot({ key: state.built.key, notAfter: "2024-05-20T00:00:00Z" });
  const stranger = makeRoot({ subject: nameOf("UT", "Absent") });
  const byStranger = makeLink(stranger, { key: state.built.key });
  const rows: readonly (readonly [string, readonly Made[], boolean])[] = [
    ["a root", [state], true],
    ["a certificate whose signature is bad", [broken], false],
    ["a certificate that has expired", [expired], false],
    ["a certificate that nobody known signed", [byStranger], false],
    ["a link by a key that is listed", [byStranger, stranger], true],
  ];
  for (const [what, certificates, vouches] of rows) {
    test(`${what} ${vouches ? "does" : "does not"}`, async () => {
      const { store } = await hold(...certificates);
      const [judgment] = await look(store, listOf(state, may(10)), { source: "new" });
      assert.deepEqual(
        [judgment?.outcome, judgment?.evidence?.publisher?.trust],
        vouches ? ["accepted", "vouched"] : ["pending", "unknown"],
      );
    });
  }

  test("a list that is not current any more does not", async () => {
    const { store, list } = await hold(state, makeRoot());
    await accept(store, list([makeRoot()], may(5)));
    const [judgment] = await look(store, listOf(state, may(10)), { source: "new" });
    assert.equal(judgment?.outcome, "pending");
  });

  test("a publisher that an operator revoked does not", async () => {
    const { store, publisher } = await hold(state);
    store.decide({ revokedKeys: new Set([keyOf(publisher.root)]) });
    assert.equal((await look(store, listOf(state, may(10)), { source: "new" }))[0]?.outcome, "pending");
  });

  test("a retired or a revoked key is vouched for by nobody", async () => {
    const { link, young } = rollOver(state);
    const { store } = await hold(state, link, young);
    store.approve(keyOf(state), "ut");
    await accept(store, listOf(young, may(3), [state, link, young]), { source: "ut" });
    const [retired] = await look(store, listOf(state, may(10)), { source: "new" });
    assert.notEqual(retired?.outcome, "accepted");
    store.decide({ revokedKeys: new Set([keyOf(young)]) });
    const [revoked] = await look(store, listOf(young, may(10), [state, link, young]), { source: "new" });
    assert.deepEqual([revoked?.outcome, codes(revoked)[0]], ["refused", "refusal ANCHOR_REVOKED"]);
  });
});

describe("14: a weak signature on the path of a list", () => {
  const sha1 = (options: CertificateOptions): CertificateOptions => ({
    ...options,
    signatureAlgorithm: { scheme: "ecdsa", hash: "SHA-1" },
  });
  const root = makeRoot();
  const weak: World = { root, signer: makeListSigner(root, { change: sha1 }) };
  const options = { mode: "anchor", anchors: [root.certificate] } as const;

  test("refuses one signed after 2020, not for its own but for its signer's certificate", async () => {
    const [judgment] = await look(createMemoryStore(), listBytes(weak), options);
    assert.deepEqual(codes(judgment), ["refusal WEAK_ALGORITHM"]);
  });

  test("is a note where a test PKI is allowed it", async () => {
    const [judgment] = await accept(createMemoryStore(), listBytes(weak), {
      ...options,
      allowWeakAlgorithms: true,
    });
    assert.deepEqual(codes(judgment), ["note WEAK_ALGORITHM"]);
  });

  test("refuses a rollover over a link with SHA-1, unless there is another link", async () => {
    const key = makeKey();
    const [bad, good] = [makeLink(root, { key, change: sha1 }), makeLink(root, { key })];
    const young = makeRoot({ key, notBefore: "2024-01-01T00:00:00Z" });
    const by = (...links: readonly Made[]) => listOf(young, may(10), [root, ...links, young]);
    const [refused] = await look(createMemoryStore(), by(bad), options);
    assert.ok(codes(refused).includes("refusal WEAK_ALGORITHM"), codes(refused).join());
    await accept(createMemoryStore(), by(bad, good), options);
    await accept(createMemoryStore(), by(good, bad), options);
  });

  test("of a root over itself proves nothing, and is not counted", async () => {
    const own = makeRoot({ change: sha1 });
    await accept(createMemoryStore(), listOf(own, may(1)), { mode: "anchor", anchors: [own.certificate] });
  });

  test("still binds keys for CRLs and history", async () => {
    const key = makeKey();
    const link = makeLink(root, { key, change: sha1 });
    const young = makeRoot({ key, notBefore: "2024-01-01T00:00:00Z" });
    const { store } = await hold(root, link, young);
    assert.ok(store.state.lineage.speakersFor(keyOf(root)).has(keyOf(young)));
  });
});

describe("17: a CSCA that was withdrawn", () => {
  const state = makeRoot();
  const seen = makeSigner(state.built);
  const late = makeSigner(state.built, { serialNumber: 78 });
  const withdrawn = async () => {
    const { store, list } = await hold(state);
    await accept(store, signerFile(seen));
    await accept(store, list([], may(5)));
    assert.deepEqual([...store.state.withdrawnKeys.keys()], [keyOf(state)]);
    return store;
  };

  test("verifies no document signer that was not seen before, and goes on with those that were", async () => {
    const store = await withdrawn();
    const [judgment] = await accept(store, signerFile(seen, late));
    const levels = [seen, late].map(
      ({ certificate }) => judgment?.evidence?.certificates.get(certificate.sha256)?.level,
    );
    assert.deepEqual(levels, ["verified", "unsigned"]);
    assert.deepEqual(codes(judgment), ["note KEY_WITHDRAWN"]);
  });

  test("vouches for no list: one of its own waits for approval", async () => {
    const store = await withdrawn();
    const [judgment] = await look(store, listOf(state, may(10)), { source: "ut" });
    assert.equal(judgment?.outcome, "pending");
    store.approve(keyOf(state), "ut");
    const [approved] = await look(store, listOf(state, may(10)), { source: "ut" });
    assert.deepEqual(codes(approved), ["pending KEY_WITHDRAWN"]);
    await accept(store, listOf(state, may(10)), { source: "ut", lifted: ["KEY_WITHDRAWN"] });
  });

  test("is not, while another source lists it", async () => {
    const { store, list } = await hold(state);
    const other = makePublisher();
    store.approve(keyOf(other.root), "other");
    await accept(store, listBytes(other, { certificates: dersOf([other.root, state]) }), { source: "other" });
    await accept(store, list([], may(5)));
    const [judgment] = await accept(store, signerFile(late));
    assert.equal(judgment?.evidence?.level, "verified");
  });
});

describe("19: the private key usage period of a list signer", () => {
  const root = makeRoot();
  const anchored = { mode: "anchor", anchors: [root.certificate] } as const;
  const signedBy = (keyNotAfter: string) =>
    listBytes(
      { root, signer: makeListSigner(root, { keyNotAfter }) },
      { signerInfo: { signingTime: may(1) } },
    );

  test("is asked", async () => {
    await accept(createMemoryStore(), signedBy("2024-05-01T00:00:00Z"), anchored);
    const [judgment] = await look(createMemoryStore(), signedBy("2024-04-30T23:59:59Z"), anchored);
    assert.deepEqual(codes(judgment), ["refusal KEY_USAGE_PERIOD"]);
  });

  test("and that of a CSCA that signs a list itself", async () => {
    for (const [keyNotAfter, outcome] of [
      ["2024-05-01T00:00:00Z", "accepted"],
      ["2024-04-30T23:59:59Z", "refused"],
    ] as const) {
      const csca = makeRoot({ keyNotAfter });
      const bytes = listBytes({ root: csca, signer: csca }, { signerInfo: { signingTime: may(1) } });
      const options = { mode: "anchor", anchors: [csca.certificate] } as const;
      const [judgment] = await look(createMemoryStore(), bytes, options);
      assert.equal(judgment?.outcome, outcome, codes(judgment).join());
    }
  });

  test("not that of the CSCA behind the signer: Italy signs on", async () => {
    const csca = makeRoot({ keyNotAfter: "2022-01-01T00:00:00Z" });
    const [judgment] = await accept(createMemoryStore(), listOf(csca, may(1)), {
      mode: "anchor",
      anchors: [csca.certificate],
    });
    assert.deepEqual(codes(judgment), ["note KEY_USAGE_PERIOD"]);
  });
});

describe("20: a link by a stolen key whose usage period is over", () => {
  // The key of the publisher signed until 2023, and its CSCA still uses the certificate of its list signer.
  const own = makeRoot({ keyNotAfter: "2023-01-01T00:00:00Z", notBefore: "2018-01-01T00:00:00Z" });
  const thief = () => {
    const key = makeKey();
    const link = makeLink(own, { key, notBefore: "2022-06-01T00:00:00Z", notAfter: "2035-01-01T00:00:00Z" });
    return { link, rogue: makeRoot({ key, notBefore: "2022-06-01T00:00:00Z" }) };
  };
  const owned = async () => {
    const { store, list } = await hold(own);
    store.approve(keyOf(own), "ut");
    await accept(store, listOf(own, may(1)), { source: "ut" });
    return { store, list };
  };

  test("waits for approval, and retires nobody", async () => {
    const { store } = await owned();
    const { link, rogue } = thief();
    const [judgment] = await look(store, listOf(rogue, may(5), [own, link, rogue]), { source: "ut" });
    assert.equal(judgment?.outcome, "pending");
    assert.ok(codes(judgment).includes("pending LINK_UNSEEN"), codes(judgment).join());
    assert.equal(store.state.retiredKeys.size, 0);
    await accept(store, listOf(own, may(6)), { source: "ut" });
  });

  test("waits, whatever else the list says of the stolen key", async () => {
    const { store } = await owned();
    const { link, rogue } = thief();
    const longer = makeRoot({
      key: own.built.key,
      notBefore: "2018-01-01T00:00:00Z",
      keyNotAfter: "2034-01-01T00:00:00Z",
    });
    const [judgment] = await look(store, listOf(rogue, may(5), [own, longer, link, rogue]), { source: "ut" });
    assert.notEqual(judgment?.outcome, "accepted");
  });

  test("waits also where it is the second of two links, and the first was seen", async () => {
    const first = makeRoot({ notBefore: "2016-01-01T00:00:00Z", keyNotAfter: "2021-01-01T00:00:00Z" });
    const middleKey = makeKey();
    const dates = {
      notBefore: "2018-01-01T00:00:00Z",
      notAfter: "2035-01-01T00:00:00Z",
      keyNotAfter: "2023-01-01T00:00:00Z",
    };
    const middle = makeRoot({ key: middleKey, ...dates });
    const seen = makeLink(first, { key: middleKey, ...dates });
    const key = makeKey();
    const link = makeLink(middle, { key, notBefore: "2022-06-01T00:00:00Z" });
    const rogue = makeRoot({ key, notBefore: "2022-06-01T00:00:00Z" });
    const { store } = await hold(first, seen, middle);
    store.approve(keyOf(first), "ut");
    const bytes = listOf(rogue, may(5), [first, seen, middle, link, rogue]);
    const [judgment] = await look(store, bytes, { source: "ut" });
    assert.equal(judgment?.outcome, "pending");
    assert.ok(codes(judgment).includes("pending LINK_UNSEEN"), codes(judgment).join());
  });

  test("goes in if an accepted list held the link before, or if the issuer may still sign", async () => {
    const { link, rogue: young } = thief();
    const { store, list } = await owned();
    await accept(store, list([own, link, young], may(3)));
    await accept(store, listOf(young, may(5), [own, link, young]), { source: "ut" });
    const current = makeRoot();
    const next = rollOver(current);
    const { store: other } = await hold(current);
    other.approve(keyOf(current), "ut");
    await accept(other, listOf(next.young, may(5), [current, next.link, next.young]), { source: "ut" });
  });
});

describe("26: extended key usage that is not critical", () => {
  test("is a note, and no reason to refuse", async () => {
    const root = makeRoot();
    const uncritical = (options: CertificateOptions): CertificateOptions => ({
      ...options,
      extensions: (options.extensions ?? []).map((each) => ({ ...each, critical: false })),
    });
    const signer = makeListSigner(root, { change: uncritical });
    const [judgment] = await accept(createMemoryStore(), listBytes({ root, signer }), {
      mode: "anchor",
      anchors: [root.certificate],
    });
    assert.deepEqual(codes(judgment), ["note SIGNER_PROFILE"]);
    const verified = await verifyBundle(await readBundle(listBytes({ root, signer })), {
      now,
      engine,
      anchors: [root.certificate],
    });
    assert.equal(verified.outcome, "verified");
  });
});

describe("the editions of one CSCA", () => {
  test("are all taken in by a new installation, and the newest alone is current", async () => {
    const root = makeRoot();
    const days = [9, 3, 12, 1, 5];
    for (const together of [true, false]) {
      const store = createMemoryStore();
      const lists = days.map((day) => listOf(root, may(day)));
      if (together) await accept(store, zip(...lists));
      else for (const bytes of lists) await accept(store, bytes);
      assert.equal(store.facts.editions.length, days.length);
      assert.deepEqual(currentOf(store, root), [new Date(may(12)).toISOString()]);
    }
  });
});

function flip(signature: Uint8Array): Uint8Array {
  const last = signature.length - 1;
  return signature.with(last, (signature[last] ?? 0) ^ 1);
}

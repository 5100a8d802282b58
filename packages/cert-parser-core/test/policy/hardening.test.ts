/**
 * Ways around the trust policy that were found once, each of which must stay closed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import type { Known, KnownCertificate } from "../../src/policy/known.ts";
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
import { type ListChanges, listBytes, makeListSigner, makeWorld, now } from "../verify/list-world.ts";
import { keyOf, makeFacts } from "./facts-world.ts";
import {
  dersOf,
  entry,
  judgeOne as judge,
  judgeBytes,
  known,
  ldif,
  pin,
  pinned,
  revoking,
  rollOver,
  said,
  zip,
} from "./policy-world.ts";

/** A list that the CSCA's own signer signed. */
function listOf(root: Made, changes: ListChanges = {}): Uint8Array {
  return listBytes({ root, signer: makeListSigner(root) }, changes);
}

/** A list of these certificates and no others. */
function listWith(root: Made, certificates: readonly Made[]): Uint8Array {
  return listOf(root, { certificates: dersOf(certificates) });
}

describe("the key of a CSCA whose own CRL revokes its root", () => {
  const root = makeRoot();
  const twin = makeRoot({ key: root.built.key });
  const crl = makeCrl(root.built, { revokedCertificates: [revoking(root)] });
  const facts = makeFacts([{ publisher: root }], [{ crl, by: root }]);

  test("signs no list, whether by the certificate or by another of the same key", async () => {
    for (const each of [root, twin]) {
      const judgment = await judge(listOf(each), known({ publishers: [pin(root)], facts }));
      assert.deepEqual(said(judgment), ["refused", "refusal ANCHOR_REVOKED"]);
    }
  });

  test("nor in a new source, where another vouches for it", async () => {
    const other = makeRoot({ subject: nameOf("XA") });
    const source = "elsewhere";
    const editions = [{ publisher: other, source, certificates: [other, root] }];
    const publishers = [pin(other, { source })];
    const accepted = known({ publishers, facts: makeFacts(editions) });
    assert.equal((await judge(listOf(twin), accepted)).outcome, "accepted");
    const held = known({ publishers, facts: makeFacts(editions, [{ crl, by: root }]) });
    assert.deepEqual(said(await judge(listOf(twin), held)), ["refused", "refusal ANCHOR_REVOKED"]);
  });

  test("does not lead on to a new key", async () => {
    const { link, young } = rollOver(twin);
    const bytes = listWith(young, [root, twin, link, young]);
    assert.equal((await judge(bytes, known(pinned(root)))).outcome, "accepted");
    const judgment = await judge(bytes, known({ publishers: [pin(root)], facts }));
    assert.notEqual(judgment.outcome, "accepted", said(judgment).join());
  });
});

test("a key that an operator revoked does not lead on by a link to it, although others vouch for it", async () => {
  const root = makeRoot();
  const linkTo = makeLink(makeRoot(), { key: root.built.key });
  const { link, young } = rollOver(linkTo);
  const bytes = listWith(young, [root, linkTo, link, young]);
  const other = makeRoot({ subject: nameOf("XA") });
  const editions = [
    { publisher: root },
    { publisher: other, source: "elsewhere", certificates: [other, root] },
  ];
  const publishers = [pin(root), pin(other, { source: "elsewhere" })];
  assert.equal((await judge(bytes, known({ publishers, facts: makeFacts(editions) }))).outcome, "accepted");
  const facts = makeFacts(editions, [], { revokedKeys: new Set([keyOf(root)]) });
  assert.notEqual((await judge(bytes, known({ publishers, facts }))).outcome, "accepted");
  const revokedHere = [pin(root, { state: "revoked" }), pin(other, { source: "elsewhere" })];
  const held = known({ publishers: revokedHere, facts: makeFacts(editions) });
  assert.notEqual((await judge(bytes, held)).outcome, "accepted");
});

describe("an anchor that was rolled away from", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const bytes = listWith(young, [old, link, young]);
  const anchored = { mode: "anchor", anchors: [old.certificate] } as const;
  const rolled = known({
    publishers: [pin(old), pin(young)],
    facts: makeFacts([
      { publisher: old, signingTime: "2024-03-01T00:00:00Z" },
      { publisher: young, certificates: [old, link, young] },
    ]),
  });

  test("leads to the key that took its place: its first list is accepted", async () => {
    assert.equal((await judge(bytes, known(pinned(old)), anchored)).outcome, "accepted");
  });

  test("and so is its second", async () => {
    const judgment = await judge(bytes, rolled, anchored);
    assert.equal(judgment.outcome, "accepted", said(judgment).join());
    assert.equal(judgment.evidence?.publisher?.trust, "anchor");
  });

  test("also where no pin was ever kept", async () => {
    const { facts } = rolled.trust ?? {};
    assert.ok(facts);
    const judgment = await judge(bytes, known({ facts }), anchored);
    assert.equal(judgment.outcome, "accepted", said(judgment).join());
  });

  test("and a third key that the second one signed", async () => {
    const key = makeKey();
    const third = makeRoot({
      key,
      notBefore: "2024-04-15T00:00:00Z",
      notAfter: "2039-01-01T00:00:00Z",
      keyNotAfter: "2029-01-01T00:00:00Z",
    });
    const next = makeLink(young, { key, notBefore: "2024-04-15T00:00:00Z" });
    const judgment = await judge(listWith(third, [old, link, young, next, third]), rolled, anchored);
    assert.deepEqual(said(judgment), ["accepted", "note ROLLOVER"]);
  });

  test("leads to no third key by itself: it could have been stolen since", async () => {
    const key = makeKey();
    const stolen = makeLink(old, { key });
    const rogue = makeRoot({ key });
    const judgment = await judge(listWith(rogue, [old, link, young, stolen, rogue]), rolled, anchored);
    assert.deepEqual(said(judgment), ["refused", "refusal ANCHOR_MISMATCH"]);
  });

  test("and vouches for no list of a key that it does not lead to, however old that is", async () => {
    const stranger = makeRoot();
    const { link: away, young: next } = rollOver(stranger);
    const facts = makeFacts([{ publisher: next, certificates: [stranger, away, next] }]);
    const before = listOf(stranger, { signerInfo: { signingTime: "2024-03-01T00:00:00Z" } });
    const held = known({ publishers: [pin(stranger), pin(next)], facts });
    assert.deepEqual(said(await judge(before, held)), ["accepted", "note EDITION_SUPERSEDED"]);
    const judgment = await judge(before, held, anchored);
    assert.ok(said(judgment).includes("refusal ANCHOR_MISMATCH"), said(judgment).join());
  });

  test("but signs no more itself", async () => {
    const judgment = await judge(listOf(old), rolled, anchored);
    assert.equal(judgment.outcome, "refused", said(judgment).join());
  });
});

test("CSCAs that nobody signed do not come in with a directory, whatever the source was before", async () => {
  const roots = [makeRoot(), makeRoot(), makeRoot()];
  const bytes = ldif(...roots.map(({ built }, at) => entry(`${at}`, "cACertificate", built.der)));
  for (const held of [known(), known(pinned(makeRoot()))]) {
    assert.deepEqual(said(await judge(bytes, held)), ["refused", "refusal UNSIGNED"]);
  }
});

test("a CRL of a CSCA that an operator revoked only adds: it lifts nothing", async () => {
  const world = makeWorld();
  const bad = makeRoot({ subject: nameOf("XC") });
  const signer = makeSigner(bad.built, { subject: nameOf("XC", "Signer") });
  const first = makeCrl(bad.built, { revokedCertificates: [revoking(signer)] });
  const empty = makeCrl(bad.built, { thisUpdate: "2024-06-02T00:00:00Z", number: 2 });
  const certificates = [world.root, bad];
  const bytes = listBytes(world, { certificates: dersOf(certificates), crls: [empty.der] });
  const revokes = async (revokedKeys: ReadonlySet<string>) => {
    const facts = makeFacts([{ publisher: world.root, certificates }], [{ crl: first, by: bad }], {
      revokedKeys,
    });
    const loose = ldif(entry("signer", "userCertificate", signer.built.der, { country: "XC" }));
    const { objects } = await judgeBytes(zip(bytes, loose), known({ publishers: [pin(world.root)], facts }));
    assert.equal(objects[0]?.evidence?.crls.get(empty.sha256)?.verdict, "accepted");
    return objects[1]?.evidence?.certificates.get(signer.certificate.sha256)?.revokedBy?.crlSha256;
  };
  assert.equal(await revokes(new Set()), undefined);
  assert.equal(await revokes(new Set([keyOf(bad)])), first.sha256);
});

test("a signer whose signature is bad does not make what is held look expired", async () => {
  const world = makeWorld();
  const expiring = Array.from({ length: 10 }, () => makeRoot({ notAfter: "2024-05-15T00:00:00Z" }));
  const held = known(pinned(world.root, {}, { certificates: expiring }));
  const good = { certificate: world.signer.built, signingTime: "2024-05-01T00:00:00Z" };
  const bad = { certificate: makeListSigner(makeRoot()).built, signingTime: "2024-06-01T00:00:00Z" };
  for (const signers of [[good], [good, bad], [bad, good]]) {
    const judgment = await judge(listBytes(world, { signers }), held);
    assert.equal(judgment.outcome, "refused");
    assert.ok(said(judgment).includes("refusal SHRINK"), said(judgment).join());
  }
});

describe("a CRL of the same time as the last", () => {
  const root = makeRoot();
  const judgeAfter = (crlNumber: string) => {
    const crl = makeCrl(root.built, { number: 5 });
    const last = { keySha256: keyOf(root), sha256: "00", crlNumber, thisUpdate: crl.thisUpdate };
    return judgeRevocationList(crl, { authorities: [root.certificate], now, engine, known: [last] }).outcome;
  };

  test("is accepted where its number is higher", () => {
    assert.equal(judgeAfter("04"), "accepted");
  });

  test("is refused where it is not", () => {
    assert.equal(judgeAfter("05"), "refused");
    assert.equal(judgeAfter("06"), "refused");
  });
});

test("a CRL still speaks for the certificates of an older key that was revoked", async () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const certificates = [old, link, young];
  const signer = makeSigner(old.built);
  const crl = makeCrl(young.built, { revokedCertificates: [revoking(signer)] });
  const bytes = ldif(
    entry("crl", "certificateRevocationList", crl.der),
    entry("signer", "userCertificate", signer.built.der),
  );
  for (const revokedKeys of [new Set<string>(), new Set([keyOf(old)])]) {
    const facts = makeFacts([{ publisher: young, certificates }], [], { revokedKeys });
    const { evidence } = await judge(bytes, known({ facts, publishers: [pin(young)] }));
    assert.equal(evidence?.crls.get(crl.sha256)?.verdict, "accepted");
    const standing = evidence.certificates.get(signer.certificate.sha256);
    assert.equal(standing?.revokedBy?.crlSha256, crl.sha256);
  }
});

test("a loose certificate that the CSCA of another country signed is unsigned", async () => {
  const root = makeRoot();
  const foreign = [
    makeLink(root, { subject: nameOf("XA") }),
    makeSigner(root.built, { subject: nameOf("XA", "Signer") }),
  ];
  const own = makeSigner(root.built);
  const records = [...foreign, own].map(({ built }, at) => entry(`${at}`, "userCertificate", built.der));
  const { evidence } = await judge(ldif(...records), known(pinned(root)));
  const level = ({ certificate }: Made) => evidence?.certificates.get(certificate.sha256)?.level;
  assert.deepEqual(foreign.map(level), ["unsigned", "unsigned"]);
  assert.equal(level(own), "verified");
});

test("a delta that deletes much is held back, although a CRL is all that it brings", async () => {
  const root = makeRoot();
  const dn = (at: number) => `cn=${at},o=dsc,c=UT,dc=data`;
  const one: KnownCertificate = {
    notAfter: new Date("2040-01-01T00:00:00Z"),
    isListed: false,
    level: "verified",
    country: "UT",
    isAuthority: false,
    origin: null,
  };
  const listed: Known["listed"] = new Map(
    Array.from({ length: 10 }, (_, at) => [`digest-${at}`, { ...one, origin: dn(at) }]),
  );
  const deletions = Array.from({ length: 10 }, (_, at) => ({ dn: dn(at), changeType: "delete" }) as const);
  const crl = makeCrl(root.built);
  const bytes = ldif(
    { ...entry("crl", "certificateRevocationList", crl.der), changeType: "add" },
    ...deletions,
  );
  const judgment = await judgeBytes(bytes, known(pinned(root), { listed }));
  assert.ok(said(judgment).includes("refusal SHRINK"), said(judgment).join());
});

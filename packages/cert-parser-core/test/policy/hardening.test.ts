/**
 * Ways around the trust policy that were found once, each of which must stay closed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeLdif, type LdifRecord } from "../../../../test-fixtures/src/builders.ts";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { type TrustPolicyOptions, trustPolicy } from "../../src/pipeline/default-ports.ts";
import { judgeBundle } from "../../src/pipeline/judge-bundle.ts";
import type { Judgment, Known, KnownTrust } from "../../src/policy/judgment.ts";
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
import { keyOf, known, pinned } from "./policy-world.ts";

const { signal } = new AbortController();

/** Of a bundle of one object. */
async function judge(
  bytes: Uint8Array,
  held: Known = known(),
  options: Partial<TrustPolicyOptions> = {},
): Promise<Judgment> {
  const bundle = await readBundle(bytes);
  const policy = trustPolicy({ mode: "pin", engine, ...options }, { now: () => now });
  const judged = await judgeBundle(policy, { ...bundle, bytes }, held, signal);
  assert.ok(judged.ok);
  const [judgment, ...others] = judged.value;
  assert.ok(judgment);
  assert.equal(others.length, 0);
  return judgment;
}

/** `outcome` and what decided or was said, as `weight CODE`. */
function said({ outcome, reasons }: Judgment): readonly string[] {
  return [outcome, ...reasons.map(({ weight, code }) => `${weight} ${code}`)];
}

/** A list that the CSCA's own signer signed. */
function listOf(root: Made, changes: ListChanges = {}): Uint8Array {
  return listBytes({ root, signer: makeListSigner(root) }, changes);
}

/** A list of these certificates and no others. */
function listWith(root: Made, certificates: readonly Made[]): Uint8Array {
  return listOf(root, { certificates: dersOf(certificates) });
}

function dersOf(certificates: readonly Made[]): readonly Uint8Array[] {
  return certificates.map(({ built }) => built.der);
}

/** The next key of a CSCA: the link to it, and its self-signed certificate. */
function rollOver(from: Made): { readonly link: Made; readonly young: Made } {
  const key = makeKey();
  return { link: makeLink(from, { key }), young: makeRoot({ key }) };
}

function ldif(attribute: string, certificates: readonly Made[], country = "UT"): Uint8Array {
  const records = certificates.map(
    ({ built }, at): LdifRecord => ({
      dn: `cn=${at},o=csca,c=${country},dc=data`,
      lines: [{ name: `${attribute};binary`, value: built.der }],
    }),
  );
  return new TextEncoder().encode(encodeLdif(records));
}

describe("the key of a CSCA certificate that a CRL revokes", () => {
  const root = makeRoot();
  const twin = makeRoot({ key: root.built.key });
  const revoked = {
    authorities: [root.built.der],
    revokedCertificates: new Set([root.certificate.sha256]),
  };

  test("signs no list, whether by the certificate or by another of the same key", async () => {
    for (const each of [root, twin]) {
      const judgment = await judge(listOf(each), known({ ...pinned(root), ...revoked }));
      assert.equal(judgment.outcome, "refused");
      assert.ok(said(judgment).includes("refusal ANCHOR_REVOKED"), said(judgment).join());
    }
  });

  test("nor in a new source, where another vouches for it", async () => {
    const vouchedKeys = new Set([keyOf(root)]);
    const judgment = await judge(listOf(twin), known({ ...revoked, hasOtherSources: true, vouchedKeys }));
    assert.equal(judgment.outcome, "refused");
    assert.ok(said(judgment).includes("refusal ANCHOR_REVOKED"), said(judgment).join());
  });

  test("does not lead on to a new key", async () => {
    const { link, young } = rollOver(twin);
    const bytes = listWith(young, [twin, link, young]);
    assert.equal((await judge(bytes, known(pinned(root)))).outcome, "accepted");
    const judgment = await judge(bytes, known({ ...pinned(root), ...revoked }));
    assert.deepEqual(said(judgment), ["pending", "pending PUBLISHER_UNKNOWN"]);
  });
});

test("a key that an operator revoked does not lead on by a link to it, although others vouch for it", async () => {
  const root = makeRoot();
  const linkTo = makeLink(makeRoot(), { key: root.built.key });
  const { link, young } = rollOver(linkTo);
  const bytes = listWith(young, [linkTo, link, young]);
  const others = {
    hasOtherSources: true,
    authorities: [root.built.der],
    vouchedKeys: new Set([keyOf(root)]),
  };
  assert.equal((await judge(bytes, known({ ...pinned(root), ...others }))).outcome, "accepted");
  const revokedKeys = new Set([keyOf(root)]);
  const held = known({ ...pinned(root, { state: "revoked" }), ...others, revokedKeys });
  assert.notEqual((await judge(bytes, held)).outcome, "accepted");
});

describe("an anchor that was rolled away from", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const bytes = listWith(young, [old, link, young]);
  const anchored = { mode: "anchor", anchors: [old.certificate] } as const;

  test("leads to the key that took its place: its first list is accepted", async () => {
    assert.equal((await judge(bytes, known(pinned(old)), anchored)).outcome, "accepted");
  });

  test("and so is its second", async () => {
    const publishers = new Map([
      ...pinned(old, { state: "retired" }).publishers,
      ...pinned(young).publishers,
    ]);
    const authorities = dersOf([old, link, young]);
    const held = known({ publishers, wasSigned: true, authorities });
    const judgment = await judge(bytes, held, anchored);
    assert.equal(judgment.outcome, "accepted", said(judgment).join());
    assert.equal(judgment.evidence?.publisher?.trust, "anchor");
  });

  test("but signs no more itself", async () => {
    const publishers = new Map([
      ...pinned(old, { state: "retired" }).publishers,
      ...pinned(young).publishers,
    ]);
    const judgment = await judge(listOf(old), known({ publishers, wasSigned: true }), anchored);
    assert.equal(judgment.outcome, "refused", said(judgment).join());
  });
});

test("a directory of CSCAs that nobody signed is refused where its source was signed once", async () => {
  const roots = [makeRoot(), makeRoot(), makeRoot()];
  const listed: Known["listed"] = new Map(
    roots.map(({ certificate: { sha256, notAfter } }) => [
      sha256,
      { notAfter, level: "verified", country: "UT", isAuthority: true },
    ]),
  );
  const bytes = ldif("cACertificate", [...roots, makeRoot()]);
  const judgment = await judge(bytes, known(pinned(makeRoot()), { listed }));
  assert.equal(judgment.outcome, "refused");
  assert.ok(said(judgment).includes("refusal UNSIGNED"), said(judgment).join());
});

test("a CRL of a revoked CSCA is not applied, although a good list holds both", async () => {
  const world = makeWorld();
  const bad = makeRoot({ subject: nameOf("XC") });
  const crl = makeCrl(bad.built, { thisUpdate: "2024-05-30T00:00:00Z" });
  const bytes = listBytes(world, { certificates: dersOf([world.root, bad]), crls: [crl.der] });
  const trust = { ...pinned(world.root), authorities: dersOf([world.root, bad]) };
  const verdict = async (held: Partial<KnownTrust>) => {
    const { outcome, evidence } = await judge(bytes, known({ ...trust, ...held }));
    return [outcome, evidence?.crls.get(crl.sha256)?.verdict];
  };
  assert.deepEqual(await verdict({}), ["accepted", "accepted"]);
  const revokedCertificates = new Set([bad.certificate.sha256]);
  assert.deepEqual(await verdict({ revokedCertificates }), ["accepted", "refused"]);
});

test("a signer whose signature is bad does not make what is held look expired", async () => {
  const world = makeWorld();
  const listed: Known["listed"] = new Map(
    Array.from({ length: 10 }, (_, at) => [
      `digest-${at}`,
      { notAfter: new Date("2024-05-15T00:00:00Z"), level: "verified" },
    ]),
  );
  const good = { certificate: world.signer.built, signingTime: "2024-05-01T00:00:00Z" };
  const bad = { certificate: makeListSigner(makeRoot()).built, signingTime: "2024-06-01T00:00:00Z" };
  for (const signers of [[good], [good, bad], [bad, good]]) {
    const judgment = await judge(listBytes(world, { signers }), known(pinned(world.root), { listed }));
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
  const crl = makeCrl(young.built);
  const authorities = dersOf([old, link, young]);
  for (const revoked of [[], [old.certificate.sha256]]) {
    const { evidence } = await judge(crl.der, known({ authorities, revokedCertificates: new Set(revoked) }));
    const standing = evidence?.crls.get(crl.sha256);
    assert.equal(standing?.verdict, "accepted");
    assert.deepEqual(standing.keys.toSorted(), [keyOf(old), keyOf(young)].toSorted());
  }
});

test("a loose certificate that the CSCA of another country signed is unsigned", async () => {
  const root = makeRoot();
  const foreign = [
    makeLink(root, { subject: nameOf("XA") }),
    makeSigner(root.built, { subject: nameOf("XA", "Signer") }),
  ];
  const own = makeSigner(root.built);
  const { evidence } = await judge(
    ldif("userCertificate", [...foreign, own], "XA"),
    known({ authorities: [root.built.der] }),
  );
  const level = ({ certificate }: Made) => evidence?.certificates.get(certificate.sha256)?.level;
  assert.deepEqual(foreign.map(level), ["unsigned", "unsigned"]);
  assert.equal(level(own), "verified");
});

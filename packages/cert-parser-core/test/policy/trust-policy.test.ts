import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  buildCertificateBundle,
  encodePem,
  type LdifRecord,
} from "../../../../test-fixtures/src/builders.ts";
import type { VerificationCode } from "../../src/chain/verification-code.ts";
import { type TrustPolicyOptions, trustPolicy } from "../../src/pipeline/default-ports.ts";
import type { JudgmentReason } from "../../src/policy/judgment.ts";
import type { Known, KnownCertificate, KnownPublisher, KnownTrust } from "../../src/policy/known.ts";
import { engine, type Made, makeCrl, makeLink, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import {
  type ListChanges,
  listBytes,
  makeListSigner,
  makeWorld,
  now,
  signingTime,
  type World,
} from "../verify/list-world.ts";
import { type EditionInput, keyOf, makeFacts } from "./facts-world.ts";
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
  said,
} from "./policy-world.ts";

const world = makeWorld();
const other = makeWorld();
const key = keyOf(world.root);
const day = 24 * 60 * 60 * 1000;

const list = (changes: ListChanges = {}, publisher: World = world) => listBytes(publisher, changes);
const contentOf = async (bytes: Uint8Array) => {
  const first = await judge(bytes);
  return first.evidence?.publisher?.contentSha256 ?? "";
};

/** Another source, whose approved publisher lists these certificates. */
function vouchedBy(certificates: readonly Made[]): Pick<KnownTrust, "facts" | "publishers"> {
  const [publisher = world.root] = certificates;
  const source = "elsewhere";
  return {
    publishers: [pin(publisher, { source })],
    facts: makeFacts([{ publisher, source, certificates }]),
  };
}

/** A certificate that is held, of no list unless told otherwise. */
function heldOne(fields: Partial<KnownCertificate> = {}): KnownCertificate {
  return {
    notAfter: new Date("2040-01-01T00:00:00Z"),
    isListed: false,
    level: "verified",
    country: "UT",
    isAuthority: false,
    origin: null,
    ...fields,
  };
}

describe("on an empty store, in mode pin", () => {
  test("the first list is accepted on first use, and says so until it is approved", async () => {
    const judgment = await judge(list());
    assert.deepEqual(said(judgment), ["accepted", "note PIN_UNAPPROVED"]);
    const { evidence } = judgment;
    assert.equal(evidence?.level, "verified");
    assert.equal(evidence.signingTime?.toISOString(), new Date(signingTime).toISOString());
    assert.equal(evidence.publisher?.keySha256, key);
    assert.equal(evidence.publisher.trust, "first-use");
    assert.equal(evidence.publisher.certificateSha256, world.root.certificate.sha256);
    assert.equal(evidence.publisher.rolledFrom, null);
  });

  test("its certificates have their verdicts, those of the envelope too", async () => {
    const { evidence } = await judge(list());
    const verdicts = [...(evidence?.certificates.values() ?? [])].map(({ verdict }) => verdict);
    assert.deepEqual(verdicts.toSorted(), ["link", "root", "root", "root"]);
    const signer = evidence?.certificates.get(world.signer.certificate.sha256);
    assert.equal(signer?.issuerKeySha256, key);
    assert.equal(signer.level, "verified");
  });

  test("a list that is too old waits for approval", async () => {
    const judgment = await judge(list(), known(), { maxListAgeMs: 30 * day });
    assert.deepEqual(said(judgment), ["pending", "note PIN_UNAPPROVED", "pending LIST_TOO_OLD"]);
    assert.equal((await judge(list(), known(), { maxListAgeMs: 31 * day })).outcome, "accepted");
  });

  test("a signature that is bad is refused, and nothing is said of its publisher", async () => {
    const broken = list({ signerInfo: { messageDigest: new Uint8Array(32) } });
    const judgment = await judge(broken);
    assert.deepEqual(said(judgment), ["refused", "refusal MESSAGE_DIGEST_MISMATCH"]);
    assert.equal(judgment.evidence?.publisher, null);
    assert.ok(judgment.evidence.steps.length > 3);
  });

  test("an empty signed list is refused", async () => {
    const judgment = await judge(list({ certificates: [] }));
    assert.ok(said(judgment).includes("refusal TOO_FEW_CERTIFICATES"));
    assert.equal(judgment.outcome, "refused");
  });
});

describe("with a pin", () => {
  const rows: readonly (readonly [
    what: string,
    pin: Partial<KnownPublisher>,
    edition: Partial<EditionInput>,
    expected: readonly string[],
  ])[] = [
    ["approved", {}, {}, ["accepted"]],
    ["unapproved", { state: "pinned" }, {}, ["accepted", "note PIN_UNAPPROVED"]],
    ["whose last list is a second older", {}, { signingTime: "2024-04-30T23:59:59Z" }, ["accepted"]],
    [
      "whose last list is a second newer",
      {},
      { signingTime: "2024-05-01T00:00:01Z" },
      ["accepted", "note EDITION_SUPERSEDED"],
    ],
    [
      "whose last list is of the same time with other content",
      {},
      { signingTime, contentSha256: "00" },
      ["refused", "refusal REPLAY"],
    ],
  ];
  for (const [what, fields, edition, expected] of rows) {
    test(`${what}: ${expected.join(", ")}`, async () => {
      assert.deepEqual(said(await judge(list(), known(pinned(world.root, fields, edition)))), expected);
    });
  }

  test("approved before the first list: accepted", async () => {
    assert.deepEqual(said(await judge(list(), known({ publishers: [pin(world.root)] }))), ["accepted"]);
  });

  test("an older list is history, and the newer one stays current", async () => {
    const newer = known(pinned(world.root, {}, { signingTime: "2024-05-02T00:00:00Z" }));
    assert.equal((await judge(list(), newer)).evidence?.edition, "history");
    const older = known(pinned(world.root, {}, { signingTime: "2024-04-02T00:00:00Z" }));
    assert.equal((await judge(list(), older)).evidence?.edition, "current");
  });

  test("the last list itself, in another bundle, is accepted", async () => {
    const bytes = list();
    const edition = { signingTime, contentSha256: await contentOf(bytes) };
    assert.deepEqual(said(await judge(bytes, known(pinned(world.root, {}, edition)))), ["accepted"]);
  });

  test("another publisher's good list waits for approval, although other sources list its CSCA", async () => {
    const source = "elsewhere";
    const held = known({
      publishers: [pin(world.root), pin(other.root, { source })],
      facts: makeFacts([{ publisher: world.root }, { publisher: other.root, source }]),
    });
    const judgment = await judge(list({}, other), held);
    assert.deepEqual(said(judgment), ["pending", "pending PUBLISHER_UNKNOWN"]);
    assert.equal(judgment.evidence?.publisher?.trust, "unknown");
  });

  test("a key that an operator revoked is refused, for the source or for all", async () => {
    const forSource = pinned(world.root, { state: "revoked" });
    const forAll = {
      publishers: [pin(world.root)],
      facts: makeFacts([{ publisher: world.root }], [], { revokedKeys: new Set([key]) }),
    };
    for (const held of [forSource, forAll]) {
      assert.deepEqual(said(await judge(list(), known(held))), ["refused", "refusal ANCHOR_REVOKED"]);
    }
  });

  test("a CSCA certificate that its own CRL revokes is refused", async () => {
    const crl = makeCrl(world.root.built, { revokedCertificates: [revoking(world.root)] });
    const facts = makeFacts([{ publisher: world.root }], [{ crl, by: world.root }]);
    const judgment = await judge(list(), known({ publishers: [pin(world.root)], facts }));
    assert.ok(said(judgment).includes("refusal ANCHOR_REVOKED"), said(judgment).join());
  });

  test("a new key that a link in the list leads to is a rollover", async () => {
    const link = makeLink(world.root);
    const renewed: World = { root: link, signer: makeListSigner(link) };
    const bytes = list({ certificates: [world.root.built.der, link.built.der] }, renewed);
    const judgment = await judge(bytes, known(pinned(world.root, { state: "pinned" })));
    assert.deepEqual(said(judgment), ["accepted", "note ROLLOVER", "note PIN_UNAPPROVED"]);
    assert.equal(judgment.evidence?.publisher?.rolledFrom, key);
  });

  test("a link that only the store holds will do; the list is current if it is newer than those of the old key", async () => {
    const link = makeLink(world.root);
    const renewed: World = { root: link, signer: makeListSigner(link) };
    const bytes = list({ certificates: dersOf([world.root]) }, renewed);
    for (const [last, edition] of [
      ["2024-04-01T00:00:00Z", "current"],
      ["2024-05-02T00:00:00Z", "history"],
    ] as const) {
      const held = known(pinned(world.root, {}, { signingTime: last, certificates: [world.root, link] }));
      const judgment = await judge(bytes, held);
      assert.equal(judgment.outcome, "accepted");
      assert.ok(said(judgment).includes("note ROLLOVER"));
      assert.equal(judgment.evidence?.edition, edition);
    }
  });

  test("a key signs no list after the first one of its successor, and what it signed before is history", async () => {
    const link = makeLink(world.root);
    const after = (first: string) =>
      known({
        publishers: [pin(world.root), pin(link)],
        facts: makeFacts([{ publisher: link, signingTime: first, certificates: [world.root, link] }]),
      });
    assert.deepEqual(said(await judge(list(), after("2024-04-15T00:00:00Z"))), [
      "refused",
      "refusal PUBLISHER_RETIRED",
    ]);
    assert.deepEqual(said(await judge(list(), after("2024-05-15T00:00:00Z"))), [
      "accepted",
      "note EDITION_SUPERSEDED",
    ]);
  });
});

describe("a new source beside others, in mode pin", () => {
  test("waits where nobody vouches for its publisher", async () => {
    const judgment = await judge(list(), known(vouchedBy([other.root])));
    assert.deepEqual(said(judgment), ["pending", "pending PUBLISHER_UNKNOWN"]);
  });

  test("is accepted where another source lists the publisher's CSCA", async () => {
    const judgment = await judge(list(), known(vouchedBy([other.root, world.root])));
    assert.deepEqual(said(judgment), ["accepted"]);
    assert.equal(judgment.evidence?.publisher?.trust, "vouched");
  });

  test("is refused, not pending, where more is wrong than the publisher", async () => {
    const broken = list({ signerInfo: { messageDigest: new Uint8Array(32) } });
    assert.equal((await judge(broken, known(vouchedBy([other.root])))).outcome, "refused");
  });
});

describe("in mode anchor", () => {
  const anchored = (anchors: NonNullable<TrustPolicyOptions["anchors"]>) =>
    ({ mode: "anchor", anchors }) as const;

  test("a list that ends at an anchor is accepted, by certificate or fingerprint", async () => {
    for (const anchor of [world.root.certificate, world.root.certificate.sha256.toUpperCase()]) {
      const judgment = await judge(list(), known(), anchored([anchor]));
      assert.deepEqual(said(judgment), ["accepted"]);
      assert.equal(judgment.evidence?.publisher?.trust, "anchor");
    }
  });

  test("any other is refused, also on an empty store", async () => {
    const judgment = await judge(list(), known(), anchored([other.root.certificate]));
    assert.deepEqual(said(judgment), ["refused", "refusal ANCHOR_MISMATCH"]);
  });

  test("a key that was rolled away from is refused, although it is the anchor's", async () => {
    const link = makeLink(world.root);
    const held = known(pinned(link, {}, { certificates: [world.root, link] }));
    const judgment = await judge(list(), held, anchored([world.root.certificate]));
    assert.deepEqual(said(judgment), ["refused", "refusal PUBLISHER_RETIRED"]);
  });

  test("an older list than the last is history", async () => {
    const held = known(pinned(world.root, {}, { signingTime: now.toISOString() }));
    assert.deepEqual(said(await judge(list(), held, anchored([world.root.certificate]))), [
      "accepted",
      "note EDITION_SUPERSEDED",
    ]);
  });

  test("anchors and mode must go together", () => {
    assert.throws(() => trustPolicy({ mode: "anchor" }, { now: () => now }), TypeError);
    assert.throws(() => trustPolicy({ mode: "pin", anchors: ["00"] }, { now: () => now }), TypeError);
  });
});

describe("in mode off", () => {
  test("nothing is learned of a list, not even a bad one", async () => {
    const judgment = await judge(list({ signerInfo: { messageDigest: new Uint8Array(32) } }), known(), {
      mode: "off",
    });
    assert.deepEqual(said(judgment), ["accepted", "note SIGNATURE_UNCHECKED"]);
    assert.deepEqual(judgment.evidence, {
      level: "unverified",
      signingTime: null,
      publisher: null,
      edition: null,
      steps: [],
      certificates: new Map(),
      crls: new Map(),
    });
  });

  test("what nobody signed is unsigned, and refused where the source was signed once", async () => {
    const pem = new TextEncoder().encode(encodePem("CERTIFICATE", world.root.built.der));
    const judgment = await judge(pem, known(), { mode: "off" });
    assert.equal(judgment.evidence?.level, "unsigned");
    const signedOnce = await judge(pem, known(pinned(other.root)), { mode: "off" });
    assert.ok(said(signedOnce).includes("refusal UNSIGNED"));
  });

  test("listings that were never verified are no baseline for a list that is", async () => {
    const listed = new Map(
      Array.from({ length: 100 }, (_, at) => [`digest-${at}`, heldOne({ level: "unverified" })]),
    );
    assert.equal((await judge(list(), known({}, { listed }))).outcome, "accepted");
    assert.equal((await judge(list(), known({}, { listed }), { mode: "off" })).outcome, "refused");
  });
});

describe("a CSCA certificate that no trusted list holds", () => {
  const rogue = makeRoot();
  const inputs: readonly (readonly [string, Uint8Array])[] = [
    ["a certificate", world.root.built.der],
    ["PEM", new TextEncoder().encode(encodePem("CERTIFICATE", world.root.built.der))],
    ["a p7b with a rogue certificate", buildCertificateBundle({ certificates: [rogue.built.der] })],
    ["a directory", ldif(entry("rogue", "cACertificate", rogue.built.der))],
  ];
  for (const [what, bytes] of inputs) {
    test(`is refused as ${what}, unless its source is declared unsigned`, async () => {
      assert.deepEqual(said(await judge(bytes)), ["refused", "refusal UNSIGNED"]);
      const declared = await judge(bytes, known(), { unsignedSources: ["default"] });
      assert.equal(declared.outcome, "accepted");
      assert.equal(declared.evidence?.level, "unsigned");
    });
  }
});

describe("a directory", () => {
  const { root } = world;
  const good = makeSigner(root.built);
  const rogueRoot = makeRoot();
  const rogue = makeSigner(rogueRoot.built);
  const { publishers, facts } = vouchedBy([root]);

  test("is accepted, and each certificate judged by what is held, never by what stands beside it", async () => {
    const bytes = ldif(
      entry("good", "userCertificate", good.built.der, { version: 7 }),
      entry("rogue", "userCertificate", rogue.built.der, { version: 7 }),
      entry("root", "cACertificate", rogueRoot.built.der, { version: 7 }),
    );
    const judgment = await judge(bytes, known({ facts, publishers }));
    assert.deepEqual(said(judgment), ["accepted", "note UNSIGNED", "note ISSUER_UNKNOWN"]);
    const standing = ({ certificate }: Made) => {
      const { verdict, level, isHeld } = judgment.evidence?.certificates.get(certificate.sha256) ?? {};
      return [verdict, level, isHeld];
    };
    assert.deepEqual(standing(good), ["link", "verified", true]);
    assert.deepEqual(standing(rogue), ["issuer-absent", "unsigned", true]);
    assert.deepEqual(standing(rogueRoot), ["root", "unsigned", false]);
  });

  test("and each CRL", async () => {
    const fine = makeCrl(root.built);
    const foreign = makeCrl(rogueRoot.built, { thisUpdate: "2024-05-01T00:00:00Z" });
    const bytes = ldif(
      entry("fine", "certificateRevocationList", fine.der),
      entry("foreign", "certificateRevocationList", foreign.der),
    );
    const judgment = await judge(bytes, known({ facts, publishers }));
    assert.equal(judgment.outcome, "accepted");
    assert.equal(judgment.evidence?.crls.get(fine.sha256)?.verdict, "accepted");
    assert.equal(judgment.evidence.crls.get(fine.sha256)?.issuerKeySha256, key);
    assert.equal(judgment.evidence.crls.get(foreign.sha256)?.verdict, "refused");
  });

  test("a CRL alone is refused for its own reason", async () => {
    const crl = makeCrl(root.built);
    assert.deepEqual(said(await judge(crl.der, known({ facts, publishers }))), ["accepted"]);
    assert.deepEqual(said(await judge(crl.der)), ["refused", "refusal ISSUER_UNKNOWN"]);
  });

  const versions: readonly (readonly [string, number | null, number, VerificationCode | null])[] = [
    ["a collection of a later version", 6, 7, null],
    ["a collection of the same", 7, 7, null],
    ["a collection of an earlier one", 8, 7, "ROLLBACK"],
    ["a collection that is far ahead", 7, 999_999_999, "PKD_VERSION_JUMP"],
    ["a first collection", null, 7, null],
  ];
  for (const [what, directoryVersion, version, code] of versions) {
    test(`${what} ${code === null ? "is accepted" : `waits, with ${code}, until an operator lifts that`}`, async () => {
      const bytes = ldif(entry("good", "userCertificate", good.built.der, { version }));
      const held = known({ facts, publishers, directoryVersion });
      const judgment = await judgeBytes(bytes, held);
      assert.equal(judgment.outcome, code === null ? "accepted" : "pending");
      assert.deepEqual(
        judgment.reasons.map((reason) => `${reason.weight} ${reason.code}`),
        code === null ? [] : [`pending ${code}`],
      );
      const lifted = ["PKD_VERSION_JUMP", "ROLLBACK"] as const;
      assert.equal((await judge(bytes, held, { lifted })).outcome, "accepted");
    });
  }
});

describe("a delta of a directory", () => {
  const dn = (at: number) => `cn=${at},o=dsc,c=UT,dc=data`;
  const listed: Known["listed"] = new Map(
    Array.from({ length: 100 }, (_, at) => [`digest-${at}`, heldOne({ origin: dn(at).toUpperCase() })]),
  );
  const { facts, publishers } = vouchedBy([world.root]);
  const deletion = (at: number): LdifRecord => ({ dn: dn(at), changeType: "delete" });
  const addition = (version?: number): LdifRecord => ({
    ...entry(
      "new",
      "userCertificate",
      makeSigner(world.root.built).built.der,
      version === undefined ? {} : { version },
    ),
    changeType: "add",
  });
  const rows: readonly (readonly [string, readonly LdifRecord[], number | null, readonly string[]])[] = [
    ["that adds one on top of what is held", [addition(8)], 7, ["accepted"]],
    ["that takes five of a hundred away", [addition(8), ...[1, 2, 3, 4, 5].map(deletion)], 7, ["accepted"]],
    [
      "that takes six of a hundred away",
      [addition(8), ...[1, 2, 3, 4, 5, 6].map(deletion)],
      7,
      ["refused", "refusal SHRINK"],
    ],
    ["after a version that is missing", [addition(9)], 7, ["pending", "pending PKD_VERSION_GAP"]],
    [
      "in which a version is missing",
      [addition(8), { ...addition(10), dn: "cn=newer,o=dsc,c=UT,dc=data" }],
      7,
      ["pending", "pending PKD_VERSION_GAP"],
    ],
    ["on top of nothing", [addition(8)], null, ["pending", "pending PKD_VERSION_GAP"]],
    ["without a version, where one is held", [addition()], 7, ["pending", "pending PKD_VERSION_GAP"]],
    ["of an earlier version", [addition(6)], 7, ["pending", "pending ROLLBACK"]],
  ];
  for (const [what, records, directoryVersion, expected] of rows) {
    test(`${what}: ${expected.join(", ")}`, async () => {
      const held = known({ facts, publishers, directoryVersion }, { listed });
      assert.deepEqual(said(await judgeBytes(ldif(...records), held)), expected);
    });
  }
});

describe("reasons that an operator may lift", () => {
  const lifted = ["LIST_TOO_OLD", "PUBLISHER_UNKNOWN", "ROLLBACK", "SHRINK"] as const;

  test("are only noted then", async () => {
    const unknown = await judge(list(), known(vouchedBy([other.root])), { lifted });
    assert.deepEqual(said(unknown), ["accepted", "note PUBLISHER_UNKNOWN"]);
    const old = await judge(list(), known(), { lifted, maxListAgeMs: day });
    assert.deepEqual(said(old), ["accepted", "note PIN_UNAPPROVED", "note LIST_TOO_OLD"]);
  });

  test("never are those of a signature, a replay or an anchor", async () => {
    const broken = list({ signerInfo: { messageDigest: new Uint8Array(32) } });
    assert.equal((await judge(broken, known(), { lifted })).outcome, "refused");
    const same = { signingTime, contentSha256: "00" };
    assert.equal((await judge(list(), known(pinned(world.root, {}, same)), { lifted })).outcome, "refused");
    const anchors = [other.root.certificate];
    assert.equal((await judge(list(), known(), { mode: "anchor", anchors, lifted })).outcome, "refused");
  });
});

describe("a country that would be left without a valid CSCA", () => {
  const lost = (certificates: readonly Made[]) =>
    judge(list(), known(pinned(world.root, {}, { certificates: [world.root, ...certificates] }))).then(
      ({ reasons }) =>
        reasons.filter(({ code }: JudgmentReason) => code === "COUNTRY_LOST").map(({ message }) => message),
    );

  test("is noted", async () => {
    const gone = makeRoot({ subject: nameOf("ZZ") });
    assert.deepEqual(await lost([gone]), ["no valid CSCA certificate is left of ZZ"]);
  });

  test("is not where another of its certificates is there", async () => {
    assert.deepEqual(await lost([makeRoot()]), []);
  });
});

test("a fingerprint tells policies apart, and leaves out what is lifted for one bundle", () => {
  const clock = { now: () => now };
  const print = (options: TrustPolicyOptions) => trustPolicy({ engine, ...options }, clock).fingerprint;
  assert.equal(print({ mode: "pin" }), print({ mode: "pin", maxRemovedPercent: 5, lifted: ["SHRINK"] }));
  const others = [
    print({ mode: "pin" }),
    print({ mode: "off" }),
    print({ mode: "pin", maxRemovedPercent: 6 }),
    print({ mode: "pin", unsignedSources: ["a"] }),
    print({ mode: "pin", allowWeakAlgorithms: true }),
    print({ mode: "anchor", anchors: [world.root.certificate] }),
    print({ mode: "anchor", anchors: [other.root.certificate] }),
  ];
  assert.equal(new Set(others).size, others.length);
});

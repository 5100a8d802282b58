import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  buildCertificateBundle,
  encodeLdif,
  encodePem,
  type LdifRecord,
} from "../../../../test-fixtures/src/builders.ts";
import type { JudgmentCode } from "../../src/chain/verification-code.ts";
import type { Bundle, SignedObject } from "../../src/icao/bundle.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { type TrustPolicyOptions, trustPolicy } from "../../src/pipeline/default-ports.ts";
import type { Judgment, JudgmentReason, Known, KnownPublisher } from "../../src/policy/judgment.ts";
import { engine, type Made, makeCrl, makeLink, makeRoot, makeSigner } from "../chain/csca-world.ts";
import {
  type ListChanges,
  listBytes,
  makeListSigner,
  makeWorld,
  now,
  signingTime,
  type World,
} from "../verify/list-world.ts";
import { keyOf, known, pinned } from "./policy-world.ts";

const world = makeWorld();
const other = makeWorld();
const key = keyOf(world.root);
const { signal } = new AbortController();
const day = 24 * 60 * 60 * 1000;

async function judgeAll(
  bytes: Uint8Array,
  held: Known,
  options: Partial<TrustPolicyOptions> = {},
): Promise<readonly Judgment[]> {
  const bundle: Bundle = await readBundle(bytes);
  const policy = trustPolicy({ mode: "pin", engine, ...options }, { now: () => now });
  const judgments: Judgment[] = [];
  for (const object of bundle.objects as readonly SignedObject[]) {
    const judged = await policy.judge(object, held, signal, bundle);
    assert.ok(judged.ok);
    judgments.push(judged.value);
  }
  return judgments;
}

async function judge(
  bytes: Uint8Array,
  held: Known = known(),
  options: Partial<TrustPolicyOptions> = {},
): Promise<Judgment> {
  const [judgment] = await judgeAll(bytes, held, options);
  assert.ok(judgment);
  return judgment;
}

/** `outcome` and what decided or was said, as `weight CODE`. */
function said({ outcome, reasons }: Judgment): readonly string[] {
  return [outcome, ...reasons.map(({ weight, code }) => `${weight} ${code}`)];
}

const list = (changes: ListChanges = {}, publisher: World = world) => listBytes(publisher, changes);
const contentOf = async (bytes: Uint8Array) => {
  const first = await judge(bytes);
  return first.evidence?.publisher?.contentSha256 ?? null;
};

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
  const rows: readonly (readonly [string, Partial<KnownPublisher>, readonly string[]])[] = [
    ["approved, without a list", {}, ["accepted"]],
    ["unapproved", { state: "pinned" }, ["accepted", "note PIN_UNAPPROVED"]],
    ["retired", { state: "retired" }, ["refused", "refusal PUBLISHER_RETIRED"]],
    ["whose last list is older", { signingTime: new Date("2024-04-30T23:59:59Z") }, ["accepted"]],
    [
      "whose last list is newer",
      { signingTime: new Date("2024-05-01T00:00:01Z") },
      ["refused", "refusal ROLLBACK"],
    ],
    [
      "whose last list is of the same time with other content",
      { signingTime: new Date(signingTime), contentSha256: "00" },
      ["refused", "refusal REPLAY"],
    ],
  ];
  for (const [what, fields, expected] of rows) {
    test(`${what}: ${expected.join(", ")}`, async () => {
      assert.deepEqual(said(await judge(list(), known(pinned(world.root, fields)))), expected);
    });
  }

  test("the last list itself, in another bundle, is accepted", async () => {
    const bytes = list();
    const fields = { signingTime: new Date(signingTime), contentSha256: await contentOf(bytes) };
    assert.deepEqual(said(await judge(bytes, known(pinned(world.root, fields)))), ["accepted"]);
  });

  test("another publisher's good list waits for approval, although other sources list its CSCA", async () => {
    const vouchedKeys = new Set([keyOf(other.root)]);
    const held = known({ ...pinned(world.root), hasOtherSources: true, vouchedKeys });
    const judgment = await judge(list({}, other), held);
    assert.deepEqual(said(judgment), ["pending", "pending PUBLISHER_UNKNOWN"]);
    assert.equal(judgment.evidence?.publisher?.trust, "unknown");
  });

  test("a revoked key is refused", async () => {
    const judgment = await judge(
      list(),
      known({ ...pinned(world.root, { state: "revoked" }), revokedKeys: new Set([key]) }),
    );
    assert.equal(judgment.outcome, "refused");
    assert.ok(said(judgment).includes("refusal ANCHOR_REVOKED"), said(judgment).join());
  });

  test("a revoked CSCA certificate is refused", async () => {
    const revokedCertificates = new Set([world.root.certificate.sha256]);
    const judgment = await judge(list(), known({ ...pinned(world.root), revokedCertificates }));
    assert.ok(said(judgment).includes("refusal ANCHOR_REVOKED"), said(judgment).join());
  });

  test("a new key that a link in the list leads to is a rollover", async () => {
    const link = makeLink(world.root);
    const renewed: World = { root: link, signer: makeListSigner(link) };
    const bytes = list({ certificates: [world.root.built.der, link.built.der] }, renewed);
    const held = pinned(world.root, { state: "pinned", signingTime: new Date("2024-04-01T00:00:00Z") });
    const judgment = await judge(bytes, known(held));
    assert.deepEqual(said(judgment), ["accepted", "note ROLLOVER", "note PIN_UNAPPROVED"]);
    assert.equal(judgment.evidence?.publisher?.rolledFrom, key);
  });

  test("a link that only stands in the store will do, and the old key's last list must not be newer", async () => {
    const link = makeLink(world.root);
    const renewed: World = { root: link, signer: makeListSigner(link) };
    const authorities = [link.built.der, world.root.built.der];
    const bytes = list({ certificates: [makeRoot().built.der] }, renewed);
    const held = (last: string) =>
      known({ ...pinned(world.root, { signingTime: new Date(last) }), authorities });
    assert.deepEqual(said(await judge(bytes, held("2024-04-01T00:00:00Z"))), ["accepted", "note ROLLOVER"]);
    assert.deepEqual(said(await judge(bytes, held("2024-05-02T00:00:00Z"))), [
      "refused",
      "note ROLLOVER",
      "refusal ROLLBACK",
    ]);
  });
});

describe("a new source beside others, in mode pin", () => {
  test("waits where nobody vouches for its publisher", async () => {
    const judgment = await judge(list(), known({ hasOtherSources: true }));
    assert.deepEqual(said(judgment), ["pending", "pending PUBLISHER_UNKNOWN"]);
  });

  test("is accepted where another source lists the publisher's CSCA", async () => {
    const judgment = await judge(list(), known({ hasOtherSources: true, vouchedKeys: new Set([key]) }));
    assert.deepEqual(said(judgment), ["accepted"]);
    assert.equal(judgment.evidence?.publisher?.trust, "vouched");
  });

  test("is refused, not pending, where more is wrong than the publisher", async () => {
    const broken = list({ signerInfo: { messageDigest: new Uint8Array(32) } });
    assert.equal((await judge(broken, known({ hasOtherSources: true }))).outcome, "refused");
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
    const held = known(pinned(world.root, { state: "retired" }));
    const judgment = await judge(list(), held, anchored([world.root.certificate]));
    assert.deepEqual(said(judgment), ["refused", "refusal PUBLISHER_RETIRED"]);
  });

  test("an older list than the last is refused", async () => {
    const held = known(pinned(world.root, { signingTime: now }));
    assert.deepEqual(said(await judge(list(), held, anchored([world.root.certificate]))), [
      "refused",
      "refusal ROLLBACK",
    ]);
  });

  test("anchors and mode must go together", () => {
    assert.throws(() => trustPolicy({ mode: "anchor" }, { now: () => now }), TypeError);
    assert.throws(() => trustPolicy({ mode: "pin", anchors: ["00"] }, { now: () => now }), TypeError);
  });
});

describe("in mode off", () => {
  test("nothing is learnt of a list, not even a bad one", async () => {
    const judgment = await judge(list({ signerInfo: { messageDigest: new Uint8Array(32) } }), known(), {
      mode: "off",
    });
    assert.deepEqual(said(judgment), ["accepted", "note SIGNATURE_UNCHECKED"]);
    assert.deepEqual(judgment.evidence, {
      level: "unverified",
      signingTime: null,
      publisher: null,
      steps: [],
      certificates: new Map(),
      crls: new Map(),
    });
  });

  test("what nobody signed is unsigned, and refused where the source was signed once", async () => {
    const pem = new TextEncoder().encode(encodePem("CERTIFICATE", world.root.built.der));
    const judgment = await judge(pem, known(), { mode: "off" });
    assert.equal(judgment.evidence?.level, "unsigned");
    const signedOnce = await judge(pem, known({ wasSigned: true }), { mode: "off" });
    assert.ok(said(signedOnce).includes("refusal UNSIGNED"));
  });

  test("listings that were never verified are no baseline for a list that is", async () => {
    const listed = new Map(
      Array.from({ length: 100 }, (_, at) => [
        `digest-${at}`,
        { notAfter: new Date("2040-01-01T00:00:00Z"), level: "unverified" } as const,
      ]),
    );
    assert.equal((await judge(list(), known({}, { listed }))).outcome, "accepted");
    assert.equal((await judge(list(), known({}, { listed }), { mode: "off" })).outcome, "refused");
  });
});

describe("what nobody signed", () => {
  const inputs: readonly (readonly [string, Uint8Array])[] = [
    ["a certificate", world.root.built.der],
    ["PEM", new TextEncoder().encode(encodePem("CERTIFICATE", world.root.built.der))],
    ["a p7b with a rogue certificate", buildCertificateBundle({ certificates: [makeRoot().built.der] })],
  ];
  for (const [what, bytes] of inputs) {
    test(`${what} is refused unless its source is declared unsigned`, async () => {
      assert.deepEqual(said(await judge(bytes)), ["refused", "refusal UNSIGNED"]);
      const declared = await judge(bytes, known(), { unsignedSources: ["default"] });
      assert.deepEqual(said(declared), ["accepted"]);
      assert.equal(declared.evidence?.level, "unsigned");
      const signedOnce = known({ wasSigned: true });
      assert.deepEqual(said(await judge(bytes, signedOnce, { unsignedSources: ["default"] })), [
        "refused",
        "refusal UNSIGNED",
      ]);
    });
  }
});

describe("a directory", () => {
  const { root } = world;
  const good = makeSigner(root.built);
  const rogueRoot = makeRoot();
  const rogue = makeSigner(rogueRoot.built);
  const entry = (name: string, attribute: string, der: Uint8Array, version = 7): LdifRecord => ({
    dn: `cn=${name},o=dsc,c=UT,dc=data`,
    lines: [
      { name: "objectClass", value: "pkdDownload" },
      { name: "pkdVersion", value: String(version) },
      { name: `${attribute};binary`, value: der },
    ],
  });
  const ldif = (...records: readonly LdifRecord[]) => new TextEncoder().encode(encodeLdif(records));
  const authorities = [root.built.der];

  test("is accepted, and each certificate judged by what is held, never by what stands beside it", async () => {
    const bytes = ldif(
      entry("good", "userCertificate", good.built.der),
      entry("rogue", "userCertificate", rogue.built.der),
      entry("root", "cACertificate", rogueRoot.built.der),
    );
    const judgment = await judge(bytes, known({ authorities }));
    assert.deepEqual(said(judgment), ["accepted"]);
    const standing = ({ certificate }: Made) => {
      const { verdict, level } = judgment.evidence?.certificates.get(certificate.sha256) ?? {};
      return [verdict, level];
    };
    assert.deepEqual(standing(good), ["link", "verified"]);
    assert.deepEqual(standing(rogue), ["issuer-absent", "unsigned"]);
    assert.deepEqual(standing(rogueRoot), ["root", "unsigned"]);
  });

  test("and each CRL", async () => {
    const fine = makeCrl(root.built);
    const foreign = makeCrl(rogueRoot.built, { thisUpdate: "2024-05-01T00:00:00Z" });
    const bytes = ldif(
      entry("fine", "certificateRevocationList", fine.der),
      entry("foreign", "certificateRevocationList", foreign.der),
    );
    const judgment = await judge(bytes, known({ authorities }));
    assert.equal(judgment.outcome, "accepted");
    assert.equal(judgment.evidence?.crls.get(fine.sha256)?.verdict, "accepted");
    assert.deepEqual(judgment.evidence.crls.get(fine.sha256)?.keys, [key]);
    assert.equal(judgment.evidence.crls.get(foreign.sha256)?.verdict, "refused");
  });

  test("a CRL alone is refused for its own reason", async () => {
    const crl = makeCrl(root.built);
    assert.deepEqual(said(await judge(crl.der, known({ authorities }))), ["accepted"]);
    assert.deepEqual(said(await judge(crl.der)), ["refused", "refusal ISSUER_UNKNOWN"]);
  });

  const versions: readonly (readonly [string, number | null, number, JudgmentCode | null])[] = [
    ["a collection of a later version", 6, 7, null],
    ["a collection of the same", 7, 7, null],
    ["a collection of an earlier one", 8, 7, "ROLLBACK"],
    ["a first collection", null, 7, null],
  ];
  for (const [what, directoryVersion, version, code] of versions) {
    test(`${what} is ${code === null ? "accepted" : `refused with ${code}`}`, async () => {
      const bytes = ldif(entry("good", "userCertificate", good.built.der, version));
      const judgment = await judge(bytes, known({ authorities, directoryVersion }));
      assert.deepEqual(said(judgment), code === null ? ["accepted"] : ["refused", `refusal ${code}`]);
    });
  }
});

describe("a delta of a directory", () => {
  const notAfter = new Date("2040-01-01T00:00:00Z");
  const dn = (at: number) => `cn=${at},o=dsc,c=UT,dc=data`;
  const listed: Known["listed"] = new Map(
    Array.from({ length: 100 }, (_, at) => [`digest-${at}`, { notAfter, origin: dn(at).toUpperCase() }]),
  );
  const deletion = (at: number): LdifRecord => ({ dn: dn(at), changeType: "delete" });
  const addition = (version: number): LdifRecord => ({
    dn: "cn=new,o=dsc,c=UT,dc=data",
    changeType: "add",
    lines: [
      { name: "pkdVersion", value: String(version) },
      { name: "userCertificate;binary", value: makeSigner(world.root.built).built.der },
    ],
  });
  const delta = (...records: readonly LdifRecord[]) => new TextEncoder().encode(encodeLdif(records));
  const rows: readonly (readonly [string, readonly LdifRecord[], number | null, readonly string[]])[] = [
    ["that adds one on top of what is held", [addition(8)], 7, ["accepted"]],
    ["that takes five of a hundred away", [addition(8), ...[1, 2, 3, 4, 5].map(deletion)], 7, ["accepted"]],
    [
      "that takes six of a hundred away",
      [addition(8), ...[1, 2, 3, 4, 5, 6].map(deletion)],
      7,
      ["refused", "refusal SHRINK"],
    ],
    ["after a version that is missing", [addition(9)], 7, ["refused", "refusal PKD_VERSION_GAP"]],
    [
      "in which a version is missing",
      [addition(8), { ...addition(10), dn: "cn=newer,o=dsc,c=UT,dc=data" }],
      7,
      ["refused", "refusal PKD_VERSION_GAP"],
    ],
    ["on top of nothing", [addition(8)], null, ["refused", "refusal PKD_VERSION_GAP"]],
    ["of an earlier version", [addition(6)], 7, ["refused", "refusal ROLLBACK"]],
  ];
  for (const [what, records, directoryVersion, expected] of rows) {
    test(`${what}: ${expected.join(", ")}`, async () => {
      assert.deepEqual(
        said(await judge(delta(...records), known({ directoryVersion }, { listed }))),
        expected,
      );
    });
  }
});

describe("reasons that an operator may lift", () => {
  const lifted = ["LIST_TOO_OLD", "PUBLISHER_UNKNOWN", "ROLLBACK", "SHRINK"] as const;

  test("are only said then", async () => {
    const held = known({ ...pinned(world.root, { signingTime: now }) });
    assert.deepEqual(said(await judge(list(), held, { lifted })), ["accepted", "note ROLLBACK"]);
    const unknown = await judge(list(), known({ hasOtherSources: true }), { lifted });
    assert.deepEqual(said(unknown), ["accepted", "note PUBLISHER_UNKNOWN"]);
    const old = await judge(list(), known(), { lifted, maxListAgeMs: day });
    assert.deepEqual(said(old), ["accepted", "note PIN_UNAPPROVED", "note LIST_TOO_OLD"]);
  });

  test("never are those of a signature, a replay or an anchor", async () => {
    const broken = list({ signerInfo: { messageDigest: new Uint8Array(32) } });
    assert.equal((await judge(broken, known(), { lifted })).outcome, "refused");
    const same = { signingTime: new Date(signingTime), contentSha256: "00" };
    assert.equal((await judge(list(), known(pinned(world.root, same)), { lifted })).outcome, "refused");
    const anchors = [other.root.certificate];
    assert.equal((await judge(list(), known(), { mode: "anchor", anchors, lifted })).outcome, "refused");
  });
});

describe("a country that would be left without a valid CSCA", () => {
  const notAfter = new Date("2035-01-01T00:00:00Z");
  const lost = (listed: Known["listed"]) =>
    judge(list(), known({}, { listed })).then(({ reasons }) =>
      reasons.filter(({ code }: JudgmentReason) => code === "COUNTRY_LOST").map(({ message }) => message),
    );

  test("is said", async () => {
    const listed: Known["listed"] = new Map([
      ["gone", { notAfter, country: "ZZ", isAuthority: true }],
      ["gone-2", { notAfter, country: "YY", isAuthority: false }],
    ]);
    assert.deepEqual(await lost(listed), ["no valid CSCA certificate is left of ZZ"]);
  });

  test("is not where another of its certificates is there", async () => {
    assert.deepEqual(await lost(new Map([["gone", { notAfter, country: "UT", isAuthority: true }]])), []);
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
    print({ mode: "anchor", anchors: [world.root.certificate] }),
    print({ mode: "anchor", anchors: [other.root.certificate] }),
  ];
  assert.equal(new Set(others).size, others.length);
});

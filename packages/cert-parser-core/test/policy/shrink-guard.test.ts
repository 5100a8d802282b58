import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BundleJudgment,
  type Known,
  type KnownCertificate,
  parseMasterList,
  readBundle,
  type SignedObject,
  type TrustPolicyOptions,
  trustPolicy,
} from "cert-parser-core";
import { type Made, makeRoot } from "../chain/csca-world.ts";
import { concat, context, integer } from "../der-writer.ts";
import { buildCertificate, buildCscaMasterList, buildRevocationList, buildSignedData } from "../specimens.ts";
import { listBytes, makeWorld } from "../verify/list-world.ts";
import type { EditionInput } from "./facts-world.ts";
import { dersOf, judgeOne, known as knownOf, pinned } from "./policy-world.ts";

const now = new Date("2026-06-01T00:00:00Z");
const later = new Date("2030-01-01T00:00:00Z");
const earlier = new Date("2026-05-31T23:59:59Z");

/** Size is judged alike whether signatures are verified or not. */
async function judge(
  object: SignedObject,
  known: Known,
  options: Partial<TrustPolicyOptions> = {},
): Promise<BundleJudgment> {
  const policy = trustPolicy({ mode: "off", ...options }, { now: () => now });
  const bundle = { ...(await readBundle(object.der)), objects: [object] };
  const judged = await policy.judge(bundle, known, new AbortController().signal);
  assert.ok(judged.ok);
  return judged.value;
}

function certificates(from: number, to: number): readonly Uint8Array[] {
  return Array.from({ length: to - from }, (_, at) => {
    const serial = (from + at + 1).toString(16).padStart(4, "0");
    return buildCertificate({ serialNumber: integer(serial) });
  });
}

/** An unsigned list of the certificates with these numbers. */
function listOf(from: number, to: number): SignedObject {
  return parseMasterList(buildCscaMasterList(...certificates(from, to)));
}

/** Held from before: the certificates with these numbers, valid until then. */
function held(from: number, to: number, notAfter = later): Known {
  const listed = listOf(from, to).certificates.map(
    ({ sha256 }) => [sha256, { ...heldOne, notAfter }] as const,
  );
  return knownOf({}, { listed: new Map(listed) });
}

const heldOne: Omit<KnownCertificate, "notAfter"> = {
  isListed: false,
  level: "unverified",
  country: null,
  isAuthority: false,
  origin: null,
};
const nothingHeld = held(0, 0);

function refusals({ outcome, reasons }: Pick<BundleJudgment, "outcome" | "reasons">): readonly string[] {
  const codes = reasons.filter(({ weight }) => weight === "refusal").map(({ code }) => code);
  assert.equal(outcome, codes.length === 0 ? "accepted" : "refused");
  return codes;
}

describe("how many certificates a list has", () => {
  test("an empty list is refused, even when nothing was asked for", async () => {
    assert.deepEqual(refusals(await judge(listOf(0, 0), nothingHeld, { minCertificates: 0 })), [
      "TOO_FEW_CERTIFICATES",
    ]);
  });

  test("a list of just as many as were asked for is accepted, and one fewer refused", async () => {
    assert.deepEqual(refusals(await judge(listOf(0, 10), nothingHeld, { minCertificates: 10 })), []);
    assert.deepEqual(refusals(await judge(listOf(0, 9), nothingHeld, { minCertificates: 10 })), [
      "TOO_FEW_CERTIFICATES",
    ]);
  });

  test("the same certificate ten times is one", async () => {
    const [certificate = concat()] = certificates(0, 1);
    const list = parseMasterList(buildCscaMasterList(...Array.from({ length: 10 }, () => certificate)));
    assert.deepEqual(refusals(await judge(list, nothingHeld, { minCertificates: 2 })), [
      "TOO_FEW_CERTIFICATES",
    ]);
  });

  test("certificates of the envelope do not count: no signature covers them", async () => {
    const list = parseMasterList(
      buildSignedData(buildCscaMasterList(), { certificates: context(0, ...certificates(0, 10)) }),
    );
    assert.deepEqual(refusals(await judge(list, nothingHeld)), ["TOO_FEW_CERTIFICATES"]);
  });

  test("a CRL needs none", async () => {
    const [crl] = (await readBundle(buildRevocationList())).objects;
    assert.ok(crl);
    assert.deepEqual(refusals(await judge(crl, nothingHeld, { minCertificates: 10 })), []);
  });
});

describe("how many certificates leave", () => {
  const rows = [
    ["none of a hundred", 100, 0, []],
    ["five of a hundred: just 5 %", 100, 5, []],
    ["six of a hundred", 100, 6, ["SHRINK"]],
    ["three of sixty: just 5 %", 60, 3, []],
    ["three of fifty-nine: over 5 %", 59, 3, ["SHRINK"]],
    ["two of three: few enough to be no attack", 3, 2, []],
    ["three of four", 4, 3, ["SHRINK"]],
    ["two of two: nothing would stay", 2, 2, ["SHRINK"]],
    ["the only one", 1, 1, ["SHRINK"]],
  ] as const;
  for (const [what, before, leaving, expected] of rows) {
    test(`${what} is ${expected.length === 0 ? "accepted" : "refused"}`, async () => {
      assert.deepEqual(refusals(await judge(listOf(leaving, before + 1), held(0, before))), expected);
    });
  }

  test("those that come do not make up for those that leave", async () => {
    assert.deepEqual(refusals(await judge(listOf(10, 300), held(0, 100))), ["SHRINK"]);
  });

  test("any may leave at 100 percent, and three may not at 0", async () => {
    assert.deepEqual(refusals(await judge(listOf(100, 101), held(0, 100), { maxRemovedPercent: 100 })), []);
    assert.deepEqual(refusals(await judge(listOf(3, 1000), held(0, 1000), { maxRemovedPercent: 0 })), [
      "SHRINK",
    ]);
  });

  test("the first list of a source leaves nobody behind", async () => {
    assert.deepEqual(refusals(await judge(listOf(0, 1), nothingHeld)), []);
  });

  test("both reasons are given where both hold", async () => {
    const judgment = await judge(listOf(0, 0), held(0, 100));
    assert.deepEqual(refusals(judgment), ["TOO_FEW_CERTIFICATES", "SHRINK"]);
  });
});

describe("certificates that have expired may leave", () => {
  test("at any number", async () => {
    assert.deepEqual(refusals(await judge(listOf(90, 100), held(0, 100, earlier))), []);
  });

  test("and do not swell the number that the percentage is of", async () => {
    const listed = new Map([...held(0, 50).listed, ...held(50, 1000, earlier).listed]);
    const known = { ...nothingHeld, listed };
    // Three of fifty that are valid are 6 %; of the thousand they would be 0.3 %.
    assert.deepEqual(refusals(await judge(listOf(3, 50), known)), ["SHRINK"]);
  });

  test("but are still valid at their last second", async () => {
    assert.deepEqual(refusals(await judge(listOf(90, 100), held(0, 100, now))), ["SHRINK"]);
  });
});

describe("a signed list, against the edition that it would replace", () => {
  const world = makeWorld();
  const roots = (count: number, notAfter?: string) =>
    Array.from({ length: count }, () => makeRoot(notAfter === undefined ? {} : { notAfter }));
  const judgeAfter = (
    before: readonly Made[],
    after: readonly Made[],
    edition: Partial<EditionInput> = {},
    signingTime = "2024-05-01T00:00:00Z",
  ) =>
    judgeOne(
      listBytes(world, { certificates: dersOf(after), signerInfo: { signingTime } }),
      knownOf(pinned(world.root, {}, { certificates: before, ...edition })),
    );
  const held100 = [world.root, ...roots(99)];

  test("may lose five of a hundred, and six are refused", async () => {
    assert.deepEqual(refusals(await judgeAfter(held100, held100.slice(0, 95))), []);
    assert.deepEqual(refusals(await judgeAfter(held100, held100.slice(0, 94))), ["SHRINK"]);
  });

  test("may lose what has expired when it was signed", async () => {
    const old = [world.root, ...roots(9), ...roots(90, "2024-05-15T00:00:00Z")];
    const left = old.slice(0, 10);
    assert.deepEqual(refusals(await judgeAfter(old, left, {}, "2024-05-15T00:00:01Z")), []);
    assert.deepEqual(refusals(await judgeAfter(old, left, {}, "2024-05-15T00:00:00Z")), ["SHRINK"]);
  });

  test("is not measured against that of another source's other publisher", async () => {
    const held = pinned(makeWorld().root, { source: "elsewhere" }, { certificates: held100 });
    const own = pinned(world.root);
    const both = { facts: held.facts, publishers: [...held.publishers, ...own.publishers] };
    const list = listBytes(world);
    assert.deepEqual(refusals(await judgeOne(list, knownOf(both))), []);
  });

  test("is not measured at all if it is history", async () => {
    const judgment = await judgeAfter(held100, held100.slice(0, 1), { signingTime: "2024-05-20T00:00:00Z" });
    assert.deepEqual(refusals(judgment), []);
  });

  test("is held back by nothing that stands by itself", async () => {
    const listed = new Map(
      Array.from({ length: 100 }, (_, at) => [`digest-${at}`, { ...heldOne, notAfter: later }]),
    );
    const held = knownOf(pinned(world.root), { listed });
    assert.deepEqual(refusals(await judgeOne(listBytes(world), held)), []);
  });
});

test("in mode off every judgment says that no signature was verified", async () => {
  for (const list of [listOf(0, 0), listOf(0, 3)]) {
    const { objects } = await judge(list, nothingHeld);
    assert.deepEqual(
      objects[0]?.reasons.filter(({ weight }) => weight === "note").map(({ code }) => code),
      ["SIGNATURE_UNCHECKED"],
    );
  }
});

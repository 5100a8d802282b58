import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Bundle,
  type Judgment,
  type Known,
  parseMasterList,
  readBundle,
  type SignedObject,
  type TrustPolicyOptions,
  trustPolicy,
} from "cert-parser-core";
import { concat, context, integer, set, utcTime } from "../der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
  signingTime,
} from "../specimens.ts";

const now = new Date("2026-06-01T00:00:00Z");
const later = new Date("2030-01-01T00:00:00Z");
const earlier = new Date("2026-05-31T23:59:59Z");

/** Size is judged alike whether signatures are verified or not. */
async function judge(
  object: SignedObject,
  known: Known,
  options: Partial<TrustPolicyOptions> = {},
): Promise<Judgment> {
  const policy = trustPolicy({ mode: "off", ...options }, { now: () => now });
  const judged = await policy.judge(object, known, new AbortController().signal, bundleOf(object));
  assert.ok(judged.ok);
  return judged.value;
}

function bundleOf(object: SignedObject): Bundle {
  return {
    kind: object.kind,
    bytes: object.der,
    byteLength: object.der.length,
    sha256: "",
    objects: [object],
    directories: [],
    findings: [],
  };
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
  const listed = listOf(from, to).certificates.map(({ sha256 }) => [sha256, { notAfter }] as const);
  const validators = { etag: null, lastModified: null };
  return { source: "default", listed: new Map(listed), bundleSha256: null, signingTime: null, validators };
}

const nothingHeld = held(0, 0);

function refusals({ outcome, reasons }: Judgment): readonly string[] {
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

test("a signing time in the future does not make the certificates that are held look expired", async () => {
  const from2049 = parseMasterList(
    buildSignedData(buildCscaMasterList(...certificates(99, 100)), {
      signerInfos: set(buildSignerInfo({ signedAttrs: context(0, signingTime(utcTime("491231235959Z"))) })),
    }),
  );
  assert.deepEqual(refusals(await judge(from2049, held(0, 100))), ["SHRINK"]);
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

  test("measured at the list's signing time where it has one", async () => {
    const signedAt = (time: string) =>
      parseMasterList(
        buildSignedData(buildCscaMasterList(...certificates(90, 100)), {
          signerInfos: set(buildSignerInfo({ signedAttrs: context(0, signingTime(utcTime(time))) })),
        }),
      );
    assert.deepEqual(refusals(await judge(signedAt("260531235958Z"), held(0, 100, earlier))), ["SHRINK"]);
    assert.deepEqual(refusals(await judge(signedAt("260601000000Z"), held(0, 100, earlier))), []);
  });
});

test("in mode off every judgment says that no signature was verified", async () => {
  for (const list of [listOf(0, 0), listOf(0, 3)]) {
    const { reasons } = await judge(list, nothingHeld);
    assert.deepEqual(
      reasons.filter(({ weight }) => weight === "note").map(({ code }) => code),
      ["SIGNATURE_UNCHECKED"],
    );
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type FixtureName,
  type FixturePart,
  type FixtureVerdict,
  readCertificates,
  readFixture,
  readManifest,
} from "../../../../test-fixtures/src/index.ts";
import { judgeCertificates } from "../../src/chain/certificate-verdict.ts";
import type { Bundle, SignedObject } from "../../src/icao/bundle.ts";
import { type MasterList, parseMasterList } from "../../src/icao/master-list.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { trustPolicy } from "../../src/pipeline/default-ports.ts";
import { type Known, nothingTrusted } from "../../src/policy/known.ts";
import { type VerifyOptions, verifyMasterList } from "../../src/verify/verify-list.ts";
import { type Certificate, parseCertificate } from "../../src/x509/certificate.ts";
import { engines } from "../signatures/engines.ts";
import { codesOf, pin } from "./verdict-codes.ts";

const { files } = readManifest();
const names = new Map(readCertificates().map(({ name, sha256 }) => [sha256, name]));
const world = new Map(
  parseMasterList(readFixture("world.ml")).certificates.map((each) => [names.get(each.sha256), each]),
);

describe("verdicts of the manifest", () => {
  for (const { name, kind, trust = [] } of files) {
    if (kind !== "master-list") continue;
    for (const verdict of trust) {
      checkVerdict(name, verdict, () => parseMasterList(readFixture(name as FixtureName)));
    }
  }

  test("are given for every file of trust, as a whole or part by part", () => {
    const first = files.findIndex(({ name }) => name === "rollover-before.ml");
    const silent = files
      .slice(first)
      .filter(({ trust, parts = [] }) => trust === undefined && parts.every((part) => !part.trust));
    assert.deepEqual(
      silent.map(({ name }) => name),
      ["altered-curve.cer"],
    );
  });
});

describe("list-and-rogue.zip has a verdict for each of its lists", async () => {
  const { objects } = await readBundle(readFixture("list-and-rogue.zip"));
  const parts = partsOf("list-and-rogue.zip");
  for (const [index, { origin, trust = [] }] of parts.entries()) {
    for (const verdict of trust) checkVerdict(`${origin}`, verdict, () => expectList(objects[index]));
  }

  test("of which one is good", () => {
    assert.deepEqual(
      parts.map(({ trust }) => trust?.[0]?.outcome),
      ["verified", "refused"],
    );
  });
});

describe("the policy in mode anchor", () => {
  test("judges each list of list-and-rogue.zip by itself", async () => {
    const bundle = await readBundle(readFixture("list-and-rogue.zip"));
    const verdicts = partsOf("list-and-rogue.zip").flatMap(({ trust = [] }) => trust);
    const [first] = verdicts;
    assert.ok(first);
    const { objects, outcome } = await judge(bundle, first);
    assert.equal(outcome, "partial");
    assert.equal(objects.length, verdicts.length);
    for (const [index, judged] of objects.entries()) {
      const verdict = verdicts[index];
      assert.equal(judged.outcome, verdict?.outcome === "verified" ? "accepted" : "refused");
      const codes = judged.reasons.map(({ code }): string => code);
      for (const code of verdict?.codes ?? []) assert.ok(codes.includes(code), code);
    }
  });

  test("takes of list-with-rogue.p7b the anchor alone, and says that nobody signed the others", async () => {
    const [verdict] = files.find(({ name }) => name === "list-with-rogue.p7b")?.trust ?? [];
    assert.ok(verdict);
    const { objects } = await judge(await readBundle(readFixture("list-with-rogue.p7b")), verdict);
    const { reasons = [], evidence } = objects[0] ?? {};
    assert.deepEqual(
      reasons.map(({ code }): string => code),
      verdict.codes,
    );
    const held = [...(evidence?.certificates ?? [])].filter(([, { isHeld }]) => isHeld);
    assert.deepEqual(
      held.map(([sha256, { level }]) => [names.get(sha256), level]),
      [[verdict.anchor, "verified"]],
    );
  });
});

for (const name of ["decoy.ml", "rogue-envelope.ml"] as const) {
  test(`${name} lists what its signature covers, and no certificate of the forger's`, () => {
    const { certificates, envelopeCertificates } = parseMasterList(readFixture(name));
    const [listed, beside] = [certificates, envelopeCertificates].map((part) =>
      part.map(({ sha256 }) => names.get(sha256)),
    );
    assert.deepEqual(listed, ["xa-passport-3"]);
    assert.deepEqual(
      beside?.filter((each) => each !== "xa-list-signer"),
      [name === "decoy.ml" ? "xa-decoy" : "xa-rogue"],
    );
  });
}

for (const [engineName, engine] of engines) {
  test(`altered-curve.cer is no root of a known curve: the ${engineName} engine`, () => {
    const altered = parseCertificate(readFixture("altered-curve.cer"));
    const [judged] = judgeCertificates([altered], { engine, authorities: [find("xa-passport-3")] });
    assert.equal(judged?.verdict, "algorithm-unsupported");
  });
}

/** By the anchor itself and by the pin of its key, with either engine. */
function checkVerdict(name: string, verdict: FixtureVerdict, open: () => MasterList): void {
  const { now, accepted, outcome, codes, path } = verdict;
  const anchor = find(verdict.anchor);
  const authorities = accepted.flatMap(
    (list) => parseMasterList(readFixture(list as FixtureName)).certificates,
  );
  const ways: readonly (readonly [way: string, options: Partial<VerifyOptions>])[] = [
    ["the anchor", { anchors: [anchor], authorities }],
    ["the pin", { trustedKeys: [pin({ certificate: anchor })], authorities: [anchor, ...authorities] }],
  ];
  const beside = accepted.map((list) => ` beside ${list}`).join("");
  for (const [way, options] of ways) {
    for (const [engineName, engine] of engines) {
      const title = `${name}${beside} is ${outcome} with ${way} ${verdict.anchor}`;
      test(`${title}: ${[...codes, `the ${engineName} engine`].join(", ")}`, async () => {
        const found = await verifyMasterList(open(), { ...options, now: new Date(now), engine });
        assert.equal(found.outcome, outcome);
        const [refusals, notes] = [codesOf(found), codesOf(found, "noted")];
        if (outcome === "verified") assert.deepEqual([refusals, notes], [[], codes]);
        for (const code of codes) assert.ok([...refusals, ...notes].includes(code as "UNSIGNED"), code);
        const pathFound = found.anchor === null ? [] : found.path.map(({ sha256 }) => names.get(sha256));
        assert.deepEqual(pathFound, path);
        assert.equal(found.rollover !== null, codes.includes("ROLLOVER"));
      });
    }
  }
}

async function judge(bundle: Bundle, { anchor, now }: FixtureVerdict) {
  const policy = trustPolicy({ mode: "anchor", anchors: [find(anchor)] }, { now: () => new Date(now) });
  const judged = await policy.judge(bundle, emptyStore, new AbortController().signal);
  assert.ok(judged.ok);
  return judged.value;
}

function partsOf(name: FixtureName): readonly FixturePart[] {
  return files.find((file) => file.name === name)?.parts ?? [];
}

function expectList(object: SignedObject | undefined): MasterList {
  assert.ok(object?.kind === "master-list" && "content" in object);
  return object as MasterList;
}

function find(name: string): Certificate {
  const certificate = world.get(name);
  assert.ok(certificate, `world.ml holds no ${name}`);
  return certificate;
}

const emptyStore: Known = {
  source: "default",
  listed: new Map(),
  bundleSha256: null,
  validators: { etag: null, lastModified: null },
  trust: nothingTrusted,
};

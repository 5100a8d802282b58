import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { judgeCertificates } from "../../src/chain/certificate-verdict.ts";
import { type CscaGroup, cscaGroups } from "../../src/chain/csca-group.ts";
import { countriesWithoutCsca, linkGraph } from "../../src/chain/link-graph.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { engine, type Made, makeLink, makeRoot, makeSigner, nameOf } from "./csca-world.ts";

function judge(...made: readonly Made[]) {
  return judgeCertificates(
    made.map(({ certificate }) => certificate),
    { engine },
  );
}

/** How many certificates each key of each group has. */
function sizes(groups: readonly CscaGroup[]): readonly (readonly number[])[] {
  return groups.map(({ keys }) => [...keys.values()].map(({ certificates }) => certificates.length));
}

/** The root of the key that a link certificate is for. */
function rootOf(link: Made): Made {
  const { subject, key, notBefore, notAfter } = link.built;
  return makeRoot({ subject, key, notBefore, notAfter });
}

describe("the keys of a CSCA", () => {
  const root = makeRoot();

  test("are those that links join, the oldest first", () => {
    const link = makeLink(root);
    const judgments = judge(link, root, rootOf(link));
    const groups = cscaGroups(judgments);
    assert.deepEqual(sizes(groups), [[1, 2]]);
    assert.deepEqual([...(groups[0]?.keys.keys() ?? [])], [judgments[1]?.keySha256, judgments[0]?.keySha256]);
    assert.equal(groups[0]?.country, "UT");
  });

  test("are joined over links that change the name", () => {
    const link = makeLink(root, { subject: nameOf("UT", "Renamed") });
    assert.equal(cscaGroups(judge(root, link)).length, 1);
  });

  test("are joined where one key has two certificates under two names", () => {
    assert.deepEqual(
      sizes(cscaGroups(judge(root, makeRoot({ key: root.built.key, subject: nameOf("UT", "B") })))),
      [[2]],
    );
  });

  test("are joined over a key of which no certificate is at hand but an issuer's", () => {
    const [first, second] = [makeLink(root), makeLink(root)];
    const authorities = [root.certificate];
    const judgments = judgeCertificates([first.certificate, second.certificate], { authorities, engine });
    assert.deepEqual(sizes(cscaGroups(judgments)), [[1, 1, 1]]);
  });

  test("are of two CSCAs where no link joins them, be it in one country under one name", () => {
    assert.deepEqual(sizes(cscaGroups(judge(root, makeRoot()))), [[1], [1]]);
  });

  test("are of two CSCAs where a link joins two countries", () => {
    assert.equal(cscaGroups(judge(root, makeLink(root, { subject: nameOf("XX") }))).length, 2);
  });

  test("are of one where the country differs in the case of its letters", () => {
    assert.equal(cscaGroups(judge(root, makeLink(root, { subject: nameOf("ut") }))).length, 1);
  });

  test("are not those of signers", () => {
    assert.deepEqual(sizes(cscaGroups(judge(root, makeSigner(root.built)))), [[1]]);
  });

  test("are joined in a chain of a thousand as well", () => {
    const judgments = judge(root);
    const [first] = judgments;
    assert.ok(first);
    const chain = Array.from({ length: 1000 }, (_, at) => ({
      ...first,
      certificate: {
        ...first.certificate,
        sha256: `${at}`,
        roleBasis: first.certificate.roleBasis,
        subject: first.certificate.subject,
        notBefore: first.certificate.notBefore,
      },
      keySha256: `${at}`,
      issuerKeySha256: `${at + 1}`,
    }));
    assert.equal(cscaGroups(chain.toReversed())[0]?.keys.size, 1001);
  });
});

describe("the graph of a country", () => {
  const root = makeRoot();

  test("has a rollover for each link to a newer key", () => {
    const link = makeLink(root);
    const [country] = linkGraph(judge(root, link, rootOf(link), link));
    assert.equal(country?.country, "UT");
    assert.deepEqual(country?.rollovers, [
      {
        link: link.certificate,
        oldKeySha256: judge(root)[0]?.keySha256,
        newKeySha256: judge(link)[0]?.keySha256,
        changesName: false,
        isWithinUsagePeriod: true,
      },
    ]);
    assert.deepEqual(country?.brokenLinks, []);
  });

  test("tells a link that changes the name, and one by a key whose usage period is over", () => {
    const link = makeLink(root, { subject: nameOf("UT", "Renamed"), notBefore: "2025-02-01T00:00:00Z" });
    const [rollover] = linkGraph(judge(root, link))[0]?.rollovers ?? [];
    assert.deepEqual([rollover?.changesName, rollover?.isWithinUsagePeriod], [true, false]);
  });

  test("has none for a link back to the older key", () => {
    const next = makeRoot({ notBefore: "2024-01-01T00:00:00Z" });
    const { key, subject } = root.built;
    const back = makeLink(next, { key, subject, notBefore: "2024-01-01T00:00:00Z" });
    const [country] = linkGraph(judge(root, next, back));
    assert.deepEqual(country?.rollovers, []);
    assert.equal(country?.groups.length, 1);
  });

  test("has the links whose issuer is not there as broken", () => {
    const link = makeLink(root);
    const [country] = linkGraph(judge(link));
    assert.deepEqual(
      country?.brokenLinks.map(({ certificate, verdict }) => [certificate, verdict]),
      [[link.certificate, "issuer-absent"]],
    );
  });

  test("stands apart from those of other countries, in alphabetical order, and signers are in none", () => {
    const other = makeRoot({ subject: nameOf("xx") });
    const graph = linkGraph(judge(other, root, makeSigner(root.built)));
    assert.deepEqual(
      graph.map(({ country, groups }) => [country, groups.length]),
      [
        ["UT", 1],
        ["XX", 1],
      ],
    );
  });

  test("may be that of no country", () => {
    const root = makeRoot({ subject: [{ type: "CN", value: "RSM-CSCA" }] });
    assert.equal(linkGraph(judge(root))[0]?.country, undefined);
  });
});

describe("countries without a valid CSCA", () => {
  const judgments = judge(makeRoot(), makeLink(makeRoot()), makeRoot({ subject: nameOf("XX") }));

  for (const [instant, countries] of [
    ["2019-12-31T23:59:59Z", ["UT", "XX"]],
    ["2020-01-01T00:00:00Z", []],
    ["2035-01-01T00:00:00Z", []],
    ["2035-01-01T00:00:01Z", ["XX"]],
    ["2039-01-01T00:00:01Z", ["UT", "XX"]],
  ] as const) {
    test(`at ${instant} are ${countries.join(", ") || "none"}`, () => {
      assert.deepEqual(countriesWithoutCsca(judgments, new Date(instant)), countries);
    });
  }

  test("are those too whose only certificate has a bad signature", () => {
    const broken = makeRoot({
      change: (options) => ({
        ...options,
        changeSignature: (octets) => octets.with(-1, (octets.at(-1) ?? 0) ^ 1),
      }),
    });
    assert.deepEqual(countriesWithoutCsca(judge(broken), new Date("2024-01-01T00:00:00Z")), ["UT"]);
  });
});

describe("the German list of 2026-01", { skip: corpusAbsent }, () => {
  test("has twelve broken links, and Macao apart from China", async () => {
    const { objects } = await readBundle(readCorpus("master-lists/DE_2026-01-08.ml"));
    const judgments = judgeCertificates(
      objects.flatMap(({ certificates }) => certificates),
      { engine },
    );
    const graph = linkGraph(judgments);
    assert.deepEqual(
      graph.flatMap(({ country, brokenLinks }) => brokenLinks.map(() => country)),
      ["AE", "AT", "AU", "BG", "CY", "HU", "LB", "LV", "MA", "MD", "TR", "UZ"],
    );
    const china = graph.find(({ country }) => country === "CN");
    assert.ok((china?.groups.length ?? 0) >= 3);
    assert.deepEqual(countriesWithoutCsca(judgments, new Date("2026-01-08T00:00:00Z")), []);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keySha256Of } from "../../src/chain/authority-index.ts";
import { judgeCertificates } from "../../src/chain/certificate-verdict.ts";
import { type KeyLineage, keyLineage } from "../../src/chain/key-lineage.ts";
import { engine, type Made, makeLink, makeRoot, nameOf } from "./csca-world.ts";

function lineageOf(...made: readonly Made[]): KeyLineage {
  return keyLineage(
    judgeCertificates(
      made.map(({ certificate }) => certificate),
      { engine },
    ),
  );
}

function keyOf({ certificate }: Made): string {
  return keySha256Of(certificate.publicKey, engine);
}

/** A key with a root of its own, signed by an older one too. */
function successorOf(issuer: Made, year: number): { readonly root: Made; readonly link: Made } {
  const dates = { notBefore: `${year}-01-01T00:00:00Z`, notAfter: `${year + 15}-01-01T00:00:00Z` };
  const root = makeRoot({ ...dates, subject: issuer.built.subject });
  return { root, link: makeLink(issuer, { ...dates, key: root.built.key }) };
}

describe("a key speaks", () => {
  const first = makeRoot();
  const second = successorOf(first, 2023);
  const third = successorOf(second.root, 2026);
  const all = [first, second.root, second.link, third.root, third.link];

  test("for itself and for the older keys that signed it, over any number of steps", () => {
    const lineage = lineageOf(...all);
    assert.deepEqual(
      lineage.spokenForBy(keyOf(third.root)),
      new Set([keyOf(third.root), keyOf(second.root), keyOf(first)]),
    );
    assert.deepEqual(lineage.spokenForBy(keyOf(first)), new Set([keyOf(first)]));
    assert.deepEqual(
      lineage.speakersFor(keyOf(first)),
      new Set([keyOf(first), keyOf(second.root), keyOf(third.root)]),
    );
  });

  test("the same whatever order the certificates come in", () => {
    const lineage = lineageOf(...all.toReversed());
    assert.deepEqual(
      [...lineage.speakersFor(keyOf(first))].toSorted(),
      [first, second.root, third.root].map(keyOf).toSorted(),
    );
  });

  test("not for a newer one, where two signed each other as those of nine states did", () => {
    const back = makeLink(second.root, { key: first.built.key, notBefore: "2023-01-01T00:00:00Z" });
    const lineage = lineageOf(...all, back);
    assert.deepEqual(lineage.spokenForBy(keyOf(first)), new Set([keyOf(first)]));
    assert.ok(lineage.spokenForBy(keyOf(second.root)).has(keyOf(first)));
  });

  test("not for a newer one that signed it, where only the link back is known", () => {
    const back = makeLink(second.root, { key: first.built.key, notBefore: "2023-01-01T00:00:00Z" });
    const lineage = lineageOf(first, second.root, back);
    assert.deepEqual(lineage.spokenForBy(keyOf(first)), new Set([keyOf(first)]));
  });

  test("not for another country: GB signed for BM", () => {
    const bermuda = makeLink(first, { subject: nameOf("BM") });
    const lineage = lineageOf(first, bermuda);
    assert.deepEqual(lineage.spokenForBy(keyOf(bermuda)), new Set([keyOf(bermuda)]));
  });
});

describe("a stranger who signs a certificate over a state's key", () => {
  const state = makeRoot();
  for (const year of [1999, 2022, 2033]) {
    const rogue = makeRoot({ notBefore: `${year}-01-01T00:00:00Z`, notAfter: "2050-01-01T00:00:00Z" });
    const over = makeLink(rogue, {
      key: state.built.key,
      notBefore: `${year}-02-01T00:00:00Z`,
      notAfter: "2049-01-01T00:00:00Z",
    });

    test(`and calls himself of ${year} speaks for none but himself`, () => {
      const lineage = lineageOf(state, rogue, over);
      assert.deepEqual(lineage.spokenForBy(keyOf(rogue)), new Set([keyOf(rogue)]));
      assert.equal(lineage.speakersFor(keyOf(state)).size, 1);
    });

    test(`and calls himself of ${year} changes neither its age nor its end`, () => {
      const [alone, beside] = [lineageOf(state), lineageOf(over, rogue, state)].map((lineage) =>
        lineage.keys.get(keyOf(state)),
      );
      assert.deepEqual(
        [beside?.since, beside?.notAfter, beside?.usageEnd],
        [alone?.since, alone?.notAfter, alone?.usageEnd],
      );
    });
  }
});

describe("what only alerts", () => {
  test("siblings, which one key signed, and namesakes without a link", () => {
    const parent = makeRoot();
    const [one, other] = [successorOf(parent, 2022), successorOf(parent, 2024)];
    const namesake = makeRoot({ subject: parent.built.subject });
    const lineage = lineageOf(parent, one.root, one.link, other.root, other.link, namesake);
    assert.ok(lineage.relativesOf(keyOf(one.root)).has(keyOf(other.root)));
    assert.ok(lineage.relativesOf(keyOf(namesake)).has(keyOf(parent)));
    assert.equal(lineage.speakersFor(keyOf(one.root)).has(keyOf(other.root)), false);
  });

  test("not after an operator declared two keys to be one CSCA: the newer speaks", () => {
    const [old, young] = [makeRoot(), makeRoot({ notBefore: "2024-01-01T00:00:00Z" })];
    const judged = judgeCertificates([old.certificate, young.certificate], { engine });
    const lineage = keyLineage(judged, [[keyOf(young), keyOf(old)]]);
    assert.deepEqual(lineage.spokenForBy(keyOf(young)), new Set([keyOf(young), keyOf(old)]));
    assert.deepEqual(lineage.spokenForBy(keyOf(old)), new Set([keyOf(old)]));
  });
});

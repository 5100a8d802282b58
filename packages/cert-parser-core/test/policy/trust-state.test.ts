import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { CrlFact, TrustFacts } from "../../src/policy/trust-facts.ts";
import { type TrustState, trustStateOf } from "../../src/policy/trust-state.ts";
import { engine, type Made, makeCrl, makeKey, makeLink, makeRoot, nameOf } from "../chain/csca-world.ts";
import { crlFact, type EditionInput, keyOf, makeFacts } from "./facts-world.ts";
import { revoking, rollOver } from "./policy-world.ts";

const stateOf = (facts: TrustFacts) => trustStateOf(facts, engine);
const month = (number: number) => `2024-${String(number).padStart(2, "0")}-01T00:00:00Z`;

describe("the state of trust follows from the set of what was accepted", () => {
  // Utopia rolls over twice, and the last two keys sign each other; a sibling and a namesake have no say; XA is a stranger.
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const thirdKey = makeKey();
  const third = makeRoot({ key: thirdKey, ...datesFrom("2024-03-01T00:00:00Z") });
  const next = makeLink(young, { key: thirdKey, ...datesFrom("2024-03-01T00:00:00Z") });
  const back = makeLink(third, { key: young.built.key, ...datesFrom("2024-03-02T00:00:00Z") });
  const sibling = makeLink(old);
  const namesake = makeRoot();
  const stranger = makeRoot({ subject: nameOf("XA") });
  const claim = makeLink(stranger, { key: old.built.key, subject: nameOf("UT") });
  // One key under two countries, as a stranger may list it.
  const double = makeRoot({ key: stranger.built.key, subject: nameOf("UT") });
  const pool = [old, link, young, third, next, back, sibling, namesake, stranger, claim, double];
  const speakers = [old, young, third, sibling, namesake, stranger];
  const crls = speakers.flatMap((by) =>
    [1, 1, 2, 3].map((number, at): CrlFact => {
      const targets = at === 3 ? [] : pool.filter((_, index) => index % (at + 2) === 0);
      const revokedCertificates = targets.map((each) => revoking(each));
      const crl = makeCrl(by.built, { thisUpdate: month(number), number, revokedCertificates });
      return crlFact({ crl, by });
    }),
  );

  const edition: fc.Arbitrary<EditionInput> = fc.record({
    publisher: fc.constantFrom(...speakers),
    signingTime: fc.constantFrom(...[1, 2, 3, 4].map(month)),
    source: fc.constantFrom("a", "b"),
    certificates: fc.subarray(pool, { minLength: 1 }),
  });
  const history = fc.record({
    editions: fc.array(edition, { minLength: 1, maxLength: 6 }),
    crls: fc.subarray(crls),
    revoked: fc.subarray(pool.map(keyOf), { maxLength: 1 }),
    lifted: fc.subarray(pool.map(keyOf), { maxLength: 1 }),
    joined: fc.subarray([keyOf(old), keyOf(namesake)], { maxLength: 2 }),
  });

  test("and neither from their order nor from the numbers that a store gives them", () => {
    fc.assert(
      fc.property(
        history.chain((made) => {
          const [a, b] = made.joined;
          const facts = makeFacts(made.editions, [], {
            revokedKeys: new Set(made.revoked),
            liftedKeys: new Set(made.lifted),
            joinedKeys: a === undefined || b === undefined ? [] : [[a, b]],
          });
          return fc.record({
            facts: fc.constant({ ...facts, crls: made.crls }),
            editions: shuffled(facts.editions),
            authorities: shuffled(facts.authorities),
            crls: shuffled(made.crls),
          });
        }),
        ({ facts, ...order }) => {
          assert.deepEqual(plain(stateOf(renumbered({ ...facts, ...order }))), plain(stateOf(facts)));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("the current edition of a CSCA", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);
  const current = (editions: readonly EditionInput[]) => [...stateOf(makeFacts(editions)).currentEditions];

  test("is the newest of its key over all sources", () => {
    const editions = [
      { publisher: old, signingTime: month(1), source: "a" },
      { publisher: old, signingTime: month(3), source: "b" },
      { publisher: old, signingTime: month(2), source: "c" },
    ];
    assert.deepEqual(current(editions), [2]);
  });

  test("stays current in each source that has the same one", () => {
    const same = { publisher: old, contentSha256: "00" };
    assert.deepEqual(
      current([
        { ...same, source: "a" },
        { ...same, source: "b" },
      ]),
      [1, 2],
    );
  });

  test("is the newest over all the keys that its trust passed along", () => {
    const rolled = { publisher: young, rolledFrom: old, certificates: [old, link, young] };
    const former = { publisher: old, signingTime: month(5) };
    assert.deepEqual(current([{ ...rolled, signingTime: month(2) }, former]), [2]);
    assert.deepEqual(current([{ ...rolled, signingTime: month(6) }, former]), [1]);
  });

  test("is not replaced by that of an older key which only signed a link over its own", () => {
    const publisher = { publisher: young, certificates: [old, link, young] };
    const stranger = { publisher: old, signingTime: month(5) };
    assert.ok(current([{ ...publisher, signingTime: month(2) }, stranger]).includes(1));
  });

  test("is not replaced by a sibling or a namesake", () => {
    const [sibling, namesake] = [makeLink(old), makeRoot()];
    const editions = [
      { publisher: young, signingTime: month(2), certificates: [old, link, young, sibling] },
      { publisher: sibling, signingTime: month(3) },
      { publisher: namesake, signingTime: month(4) },
    ];
    assert.deepEqual(current(editions), [1, 2, 3]);
  });

  test("is not replaced by one whose source an operator ended", () => {
    const editions = [
      { publisher: old, signingTime: month(1), source: "a" },
      { publisher: old, signingTime: month(3), source: "b", endedAt: month(4) },
    ];
    assert.deepEqual(current(editions), [1]);
  });
});

describe("a key is retired", () => {
  const old = makeRoot();
  const { link, young } = rollOver(old);

  test("from its successor's first list on, even if its own came later", () => {
    const certificates = [old, link, young];
    const { retiredKeys } = stateOf(
      makeFacts([
        { publisher: young, signingTime: month(3), certificates },
        { publisher: young, signingTime: month(2), certificates },
        { publisher: old, signingTime: month(4) },
      ]),
    );
    assert.deepEqual([...retiredKeys], [[keyOf(old), new Date(month(2))]]);
  });

  test("and not while its successor is only listed", () => {
    const { retiredKeys } = stateOf(makeFacts([{ publisher: old, certificates: [old, link, young] }]));
    assert.equal(retiredKeys.size, 0);
  });
});

describe("a key is withdrawn", () => {
  const publisher = makeRoot({ subject: nameOf("XA") });
  const other = makeRoot({ subject: nameOf("XB") });
  // Until 2035, and its key signs until 2025.
  const key = makeRoot();
  const withdrawnAt = (...editions: readonly EditionInput[]) =>
    stateOf(makeFacts(editions)).withdrawnKeys.get(keyOf(key))?.toISOString();
  const before = { publisher, signingTime: month(1), certificates: [publisher, key] };
  const without = { publisher, certificates: [publisher] };

  test("when it leaves the last list before its time, at the signing time of the list that lacks it", () => {
    assert.equal(
      withdrawnAt(before, { ...without, signingTime: month(3) }),
      new Date(month(3)).toISOString(),
    );
  });

  test("not while another publisher, or another source, lists it", () => {
    const elsewhere = { publisher: other, source: "b", certificates: [other, key] };
    assert.equal(withdrawnAt(before, { ...without, signingTime: month(3) }, elsewhere), undefined);
  });

  test("at the last of several departures", () => {
    const two = { publisher: other, source: "b", signingTime: month(1), certificates: [other, key] };
    const gone = { publisher: other, source: "b", signingTime: month(5), certificates: [other] };
    const at = withdrawnAt(before, { ...without, signingTime: month(3) }, two, gone);
    assert.equal(at, new Date(month(5)).toISOString());
  });

  test("not when its usage period is over, nor within thirty days of the end of its last certificate", () => {
    const late = { ...without, signingTime: "2025-01-02T00:00:00Z" };
    assert.equal(withdrawnAt(before, late), undefined);
    const short = makeRoot({ notAfter: "2024-03-15T00:00:00Z" });
    const facts = (signingTime: string) =>
      stateOf(
        makeFacts([
          { ...before, certificates: [publisher, short] },
          { ...without, signingTime },
        ]),
      ).withdrawnKeys;
    assert.equal(facts("2024-02-14T00:00:00Z").size, 0);
    assert.equal(facts("2024-02-13T23:59:59Z").size, 1);
  });

  test("with its source, when an operator ends that", () => {
    const ended = { ...before, endedAt: month(4) };
    assert.equal(withdrawnAt(ended), new Date(month(4)).toISOString());
  });

  test("no more once a list holds it again", () => {
    const again = { ...before, signingTime: month(5) };
    assert.equal(withdrawnAt(before, { ...without, signingTime: month(3) }, again), undefined);
  });
});

/** A year of ten, from an instant on. */
function datesFrom(
  notBefore: string,
): Pick<Parameters<typeof makeRoot>[0] & object, "notAfter" | "notBefore"> {
  return { notBefore, notAfter: "2040-01-01T00:00:00Z" };
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

/** As if the editions had come in this order. */
function renumbered(facts: TrustFacts): TrustFacts {
  const ids = new Map(facts.editions.map(({ id }, at) => [id, at + 1]));
  const idOf = (id: number) => ids.get(id) ?? 0;
  return {
    ...facts,
    editions: facts.editions.map((each) => ({ ...each, id: idOf(each.id) })),
    authorities: facts.authorities.map((fact) => ({ ...fact, editions: fact.editions.map(idOf) })),
  };
}

/** What is to be the same, with names that do not depend on the order. */
function plain(state: TrustState): object {
  const { facts, currentEditions, effectiveCrls, grounds, lineage } = state;
  const sorted = (entries: Iterable<readonly [string, unknown]>) =>
    [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    current: facts.editions
      .filter(({ id }) => currentEditions.has(id))
      .map(({ contentSha256 }) => contentSha256)
      .toSorted(),
    effectiveCrls: [...effectiveCrls].toSorted(),
    grounds: sorted(grounds).map(([serial, of]) => [
      serial,
      (of as readonly { crlSha256: string }[]).map(({ crlSha256 }) => crlSha256).toSorted(),
    ]),
    revokedCertificates: sorted(state.revokedCertificates),
    revokedKeys: sorted(state.revokedKeys),
    withdrawnKeys: sorted(state.withdrawnKeys),
    retiredKeys: sorted(state.retiredKeys),
    speakers: sorted(
      [...lineage.keys.keys()].map((key) => [
        key,
        [
          ...[...(lineage.keys.get(key)?.countries ?? [])].toSorted(),
          ...[...lineage.speakersFor(key)].toSorted(),
        ],
      ]),
    ),
    listed: state.authorities
      .filter(({ isCurrent }) => isCurrent)
      .map(({ certificate }: Pick<Made, "certificate">) => certificate.sha256)
      .toSorted(),
  };
}

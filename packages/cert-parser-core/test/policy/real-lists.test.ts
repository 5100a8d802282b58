import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { toHex } from "../../src/bytes/hex.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import type { LiftableCode } from "../../src/policy/trust-settings.ts";
import { verifyBundle } from "../../src/policy/verify-bundle.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { engine } from "../chain/csca-world.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { keyOf } from "./facts-world.ts";
import { createMemoryStore, type MemoryStore, type TakeOptions } from "./memory-store.ts";

const at = new Date("2026-11-01T00:00:00Z");
const century = 100 * 365 * 24 * 60 * 60 * 1000;
const settings: TakeOptions = { mode: "pin", at, maxListAgeMs: century };
const lists = corpusFiles("master-lists").filter((file) => file.endsWith(".ml"));
const isGerman = (file: string) => file.startsWith("DE");
const [german = ""] = lists.filter(isGerman);

/** Takes lists in as they come, each from a source of its own. Gives those that were not accepted. */
async function takeAll(
  store: MemoryStore,
  files: readonly string[],
  lifted: readonly LiftableCode[] = [],
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const file of files) {
    const source = file.slice(0, file.indexOf("_"));
    const run = await store.take(readCorpus(`master-lists/${file}`), { ...settings, source, lifted });
    if (!run.ok) left.push(`${file} ${run.error.reason}`);
  }
  return left;
}

/** What is current, with names that do not depend on the order. */
function summary({ facts, state }: MemoryStore): object {
  const digest = ({ der }: { readonly der: Uint8Array }) => createHash("sha256").update(der).digest("hex");
  return {
    current: facts.editions
      .filter(({ id }) => state.currentEditions.has(id))
      .map(({ source, signingTime }) => `${source} ${signingTime.toISOString()}`)
      .toSorted(),
    retired: [...state.retiredKeys].toSorted(),
    withdrawn: [...state.withdrawnKeys].toSorted(),
    revoked: [...state.revokedKeys].toSorted(),
    authorities: state.authorities
      .map(({ fact, isCurrent }) => `${digest(fact)} ${fact.issuerKeySha256} ${isCurrent}`)
      .toSorted(),
  };
}

describe("the signed lists of the corpus", { skip: corpusAbsent }, () => {
  test("come in by first use and by the word of the lists before them, in any order that lets them", async () => {
    const others = lists.filter((file) => !isGerman(file));
    const orders = [
      [german, ...others],
      [german, ...others.toReversed()],
      lists.toReversed(),
      // A source that gives the same list again changes nothing.
      [german, ...others, german],
    ];
    const summaries: object[] = [];
    for (const order of orders) {
      const store = createMemoryStore();
      assert.deepEqual(await takeAll(store, order), []);
      summaries.push(summary(store));
    }
    for (const each of summaries) assert.deepEqual(each, summaries[0]);
    const { current } = summaries[0] as { readonly current: readonly string[] };
    // The two of the United Nations are of one CSCA, and the older is history.
    assert.equal(current.length, lists.length - 1);
  });

  test("or with an operator's approval, in any other order, with the same result", async () => {
    const [first, second] = [createMemoryStore(), createMemoryStore()];
    const approved = ["LINK_UNSEEN", "PUBLISHER_UNKNOWN"] as const;
    assert.deepEqual(await takeAll(first, lists, approved), []);
    assert.deepEqual(await takeAll(second, [german, ...lists]), []);
    assert.deepEqual(summary(first), summary(second));
  });

  test("wait where no list before them vouches for their publisher, and come in once one does", async () => {
    const store = createMemoryStore();
    const late = ["IT_2025-07-24.ml", "NL_2026-03-11.ml"];
    assert.deepEqual(await takeAll(store, ["CA_2019-02-19.ml", ...late]), [
      "IT_2025-07-24.ml PUBLISHER_UNKNOWN",
      "NL_2026-03-11.ml PUBLISHER_UNKNOWN",
    ]);
    assert.deepEqual(await takeAll(store, [german], ["LINK_UNSEEN"]), []);
    assert.deepEqual(await takeAll(store, late), []);
  });

  test("verify with the CSCA of their signer as the anchor, by certificate and by fingerprint", async () => {
    for (const file of lists) {
      const bundle = await readBundle(readCorpus(`master-lists/${file}`));
      const open = await verifyBundle(bundle, { now: at, engine });
      const csca = open.objects[0]?.verdict?.publisher?.certificate;
      assert.equal(open.outcome, "verified", file);
      assert.ok(csca);
      for (const anchor of [csca, csca.sha256]) {
        const { outcome, objects } = await verifyBundle(bundle, { now: at, engine, anchors: [anchor] });
        assert.equal(outcome, "verified", file);
        assert.equal(objects[0]?.verdict?.anchor?.certificate?.sha256, csca.sha256);
      }
    }
  });
});

describe("the German edition", { skip: corpusAbsent }, () => {
  const former = async (): Promise<Certificate> => {
    const { objects } = await readBundle(readCorpus(`master-lists/${german}`));
    const found = objects
      .flatMap(({ certificates }) => certificates)
      .find(({ country, serialNumber }) => country === "DE" && toHex(serialNumber) === "048b");
    assert.ok(found);
    return found;
  };

  test("rolls over from the pin of the key before, once a list showed the link", async () => {
    const store = createMemoryStore();
    const key = keyOf({ certificate: await former() });
    assert.deepEqual(await takeAll(store, ["UN_allowlist.ml"]), []);
    store.approve(key, "DE");
    const run = await store.take(readCorpus(`master-lists/${german}`), { ...settings, source: "DE" });
    assert.ok(run.ok);
    const { reasons = [], evidence } = run.value.judgment?.objects[0] ?? {};
    assert.deepEqual(
      reasons.map(({ code }) => code),
      ["ROLLOVER"],
    );
    assert.equal(evidence?.publisher?.rolledFrom, key);
    assert.ok(store.state.retiredKeys.has(key));
  });

  test("waits where no list showed it: the key before was not to sign any more", async () => {
    const before = await former();
    const [pinned, anchored] = [createMemoryStore(), createMemoryStore()];
    pinned.approve(keyOf({ certificate: before }), "DE");
    assert.deepEqual(await takeAll(pinned, [german]), [`${german} LINK_UNSEEN`]);
    assert.deepEqual(await takeAll(pinned, [german], ["LINK_UNSEEN"]), []);
    for (const anchor of [before, before.sha256]) {
      const options = { ...settings, mode: "anchor", anchors: [anchor] } as const;
      const run = await anchored.take(readCorpus(`master-lists/${german}`), options);
      assert.equal(run.ok ? "" : run.error.reason, "LINK_UNSEEN");
    }
  });
});

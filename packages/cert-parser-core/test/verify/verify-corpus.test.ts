import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SignedObject } from "../../src/icao/bundle.ts";
import type { MasterList } from "../../src/icao/master-list.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { type ListVerdict, verifySignedList } from "../../src/verify/verify-list.ts";
import { type Certificate, parseCertificate } from "../../src/x509/certificate.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { engines } from "../signatures/engines.ts";
import { codesOf, pin } from "./verdict-codes.ts";

const now = new Date("2026-11-01T00:00:00Z");
/** What is noted of each list, but for the expiry of its signer. */
const notes: Readonly<Record<string, readonly string[]>> = {
  "MD_2018-03-14.ml": ["WEAK_ALGORITHM"],
  "UN_2023-03.ml": ["LENIENCY"],
};
const lists = corpusFiles("master-lists").filter((file) => file.endsWith(".ml"));

describe("the signed lists of the corpus", { skip: corpusAbsent }, () => {
  for (const file of lists) {
    test(`${file}: verifies by either engine, and with its publisher's key as the pin`, async () => {
      const list = await readList(file);
      for (const [name, engine] of engines) {
        const { outcome, publisher, anchor } = verifySignedList(list, { now, engine });
        assert.deepEqual([outcome, anchor], ["verified", null], name);
        assert.ok(publisher !== null);
        const { keySha256 } = publisher;
        const pinned = verifySignedList(list, { now, engine, trustedKeys: [{ keySha256, retired: false }] });
        assert.deepEqual([pinned.outcome, pinned.anchor?.keySha256], ["verified", keySha256]);
        assert.deepEqual(notesOf(pinned), notes[file] ?? []);
        const stranger = verifySignedList(list, { now, engine, trustedKeys: [strangerPin] });
        assert.deepEqual(codesOf(stranger), ["ANCHOR_MISMATCH"]);
      }
    });
  }

  test("are nine, of eight publishers", async () => {
    const verdicts = await Promise.all(
      lists.map(async (file) => verifySignedList(await readList(file), { now })),
    );
    assert.equal(verdicts.length, 9);
    assert.equal(new Set(verdicts.map(({ publisher }) => publisher?.keySha256)).size, 8);
  });

  test("verify with the right anchor, and are refused with the other's", async () => {
    const [de, nl] = [anchor("DE_ROOT_CA_CSCA07.cer"), anchor("NL_ROOT_CA.cer")];
    const pairs = [
      ["DE_2026-01-08.ml", de, nl],
      ["NL_2026-03-11.ml", nl, de],
    ] as const;
    for (const [file, right, wrong] of pairs) {
      const list = await readList(file);
      for (const [name, engine] of engines) {
        for (const [by, other] of [
          [right, wrong],
          [right.sha256, wrong.sha256],
        ] as const) {
          assert.equal(verifySignedList(list, { now, engine, anchors: [by] }).outcome, "verified", name);
          const refused = verifySignedList(list, { now, engine, anchors: [other] });
          assert.deepEqual(codesOf(refused), ["ANCHOR_MISMATCH"], name);
        }
      }
    }
  });
});

describe("the rollovers of the corpus", { skip: corpusAbsent }, () => {
  test("the German one of 2024: the link is in the new list itself", async () => {
    const list = await readList("DE_2026-01-08.ml");
    const [former] = ofSerial(list.certificates, "DE", "048b");
    assert.ok(former !== undefined);
    for (const options of [{ anchors: [former] }, { trustedKeys: [pinOf(former)] }]) {
      const { outcome, rollover } = verifySignedList(list, { now, ...options });
      assert.equal(outcome, "verified");
      assert.deepEqual(rollover?.links.map(serialOf), ["04ce"]);
    }
  });

  test("the Dutch one: the links are in the German list alone", async () => {
    const list = await readList("NL_2026-03-11.ml");
    const authorities = (await readList("DE_2026-01-08.ml")).certificates;
    const former = list.certificates.find(
      ({ subject, roleBasis }) =>
        subject.rdns.flat().some(({ value }) => value === "6") &&
        subject.rdns.flat().some(({ value }) => value === "CSCA NL") &&
        roleBasis.role === "csca",
    );
    assert.ok(former !== undefined);
    const trustedKeys = [pinOf(former)];
    assert.deepEqual(codesOf(verifySignedList(list, { now, trustedKeys })), ["ANCHOR_MISMATCH"]);
    const { outcome, rollover } = verifySignedList(list, { now, trustedKeys, authorities });
    assert.deepEqual([outcome, rollover?.links.length], ["verified", 1]);
  });
});

async function readList(file: string): Promise<MasterList> {
  const [object] = (await readBundle(readCorpus(`master-lists/${file}`))).objects;
  assert.ok(object !== undefined && isMasterList(object));
  return object;
}

function isMasterList(object: SignedObject): object is MasterList {
  return object.kind === "master-list";
}

function anchor(file: string): Certificate {
  return parseCertificate(readCorpus(`anchors/${file}`));
}

function notesOf(verdict: ListVerdict): readonly (string | null)[] {
  return codesOf(verdict, "noted").filter((code) => code !== "SIGNER_EXPIRED_SINCE");
}

function ofSerial(
  certificates: readonly Certificate[],
  country: string,
  serial: string,
): readonly Certificate[] {
  return certificates.filter(
    (certificate) => certificate.country === country && serialOf(certificate) === serial,
  );
}

function serialOf({ serialNumber }: Certificate): string {
  return Buffer.from(serialNumber).toString("hex");
}

function pinOf(certificate: Certificate): ReturnType<typeof pin> {
  return pin({ certificate });
}

const strangerPin = { keySha256: "00".repeat(32), retired: false };

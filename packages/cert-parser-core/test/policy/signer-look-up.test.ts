import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeBundle, readBundle, verifyBundle } from "cert-parser-core";
import { createNodeEngine, sha256 } from "cert-parser-core/node";
import { type FixtureName, readCertificates, readFixture, readManifest } from "cert-parser-fixtures";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";

const engine = createNodeEngine();
const now = new Date("2026-11-01T00:00:00Z");

/** Which certificates `inspect` names as signers, and which `verify` does. */
async function signersOf(bytes: Uint8Array) {
  const bundle = await readBundle(bytes, { sha256 });
  const described = describeBundle(bundle, { now, engine }).objects.map(({ signers }) =>
    signers.map(({ certificate }) => certificate?.sha256 ?? null),
  );
  const { objects } = await verifyBundle(bundle, { now, engine });
  const verified = objects.map(({ verdict }) =>
    (verdict?.signers ?? []).map(({ certificate }) => certificate?.sha256 ?? null),
  );
  return { described, verified };
}

describe("the signer that is described is the one that is verified", () => {
  for (const { name, kind } of readManifest().files) {
    if (kind === "unreadable") continue;
    test(`in ${name}`, async () => {
      const { described, verified } = await signersOf(readFixture(name as FixtureName));
      assert.deepEqual(described, verified);
    });
  }

  const named = [
    ["decoy.ml", "another certificate of the same key identifier comes first"],
    ["sid-respelled.ml", "the issuer is named in another string type"],
  ] as const;
  for (const [name, what] of named) {
    test(`in ${name}, where ${what}, it is the list signer`, async () => {
      const signer = readCertificates().find((each) => each.name === "xa-list-signer");
      const { described } = await signersOf(readFixture(name));
      assert.deepEqual(described, [[signer?.sha256]]);
    });
  }

  describe("in the corpus", { skip: corpusAbsent }, () => {
    for (const folder of ["master-lists", "deviation-lists"]) {
      for (const file of corpusFiles(folder)) {
        test(`in ${file}`, async () => {
          const { described, verified } = await signersOf(readCorpus(`${folder}/${file}`));
          assert.deepEqual(described, verified);
          if (file.endsWith(".ml")) assert.ok(described.flat().every((digest) => digest !== null));
        });
      }
    }
  });
});

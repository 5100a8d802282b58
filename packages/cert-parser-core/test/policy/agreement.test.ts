/**
 * `verify` and `sync` are one judgment: on every file they make the same checks, and come to the same codes; and `inspect`
 * names the same signers.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fixtureNames, readFixture } from "../../../../test-fixtures/src/index.ts";
import { CertParserError } from "../../src/errors.ts";
import type { Bundle } from "../../src/icao/bundle.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { trustPolicy } from "../../src/pipeline/default-ports.ts";
import type { ObjectJudgment } from "../../src/policy/judgment.ts";
import { type BundleVerification, verifyBundle } from "../../src/policy/verify-bundle.ts";
import { describeBundle } from "../../src/records/bundle-description.ts";
import type { ListVerdict } from "../../src/verify/verify-list.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { engine } from "../chain/csca-world.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { makeFacts } from "./facts-world.ts";
import { known } from "./policy-world.ts";

const at = new Date("2026-11-01T00:00:00Z");
const folders = ["anchors", "crl", "csca", "defect-lists", "deviation-lists", "ldif", "master-lists"];

/** A file, read; undefined if it cannot be. */
async function open(bytes: Uint8Array): Promise<Bundle | undefined> {
  try {
    return await readBundle(bytes);
  } catch (error) {
    if (error instanceof CertParserError) return undefined;
    throw error;
  }
}

/** As `sync` judges it, with nothing held. */
async function synced(bundle: Bundle, anchors: readonly (Certificate | string)[]) {
  const policy = trustPolicy(
    { mode: "anchor", anchors, engine, maxListAgeMs: Number.POSITIVE_INFINITY, maxRemovedPercent: 100 },
    { now: () => at },
  );
  const judged = await policy.judge(
    bundle,
    known({ facts: makeFacts([]) }, { source: "file" }),
    new AbortController().signal,
  );
  assert.ok(judged.ok);
  return judged.value;
}

/** What is to be the same. */
function plain({ outcome, reasons, evidence }: ObjectJudgment): object {
  const { steps, publisher, signingTime, edition, certificates = [], crls = [] } = evidence ?? {};
  return {
    outcome,
    reasons: reasons.map(({ code, weight }) => `${weight} ${code}`),
    steps,
    publisher,
    signingTime,
    edition,
    certificates: [...certificates],
    crls: [...crls],
  };
}

/** The CSCAs behind the lists, else CSCA certificates of the file, else one that has nothing to do with it. */
function anchorsFor({ objects }: BundleVerification, stranger: Certificate): readonly Certificate[] {
  const publishers = objects.flatMap(({ verdict }) => verdict?.publisher?.certificate ?? []);
  const roots = objects.flatMap(({ object }) =>
    object.certificates.filter(({ roleBasis }) => roleBasis.role === "csca"),
  );
  const found = publishers.length > 0 ? publishers : roots.slice(0, 1);
  return found.length > 0 ? found : [stranger];
}

async function agree(name: string, bytes: Uint8Array): Promise<void> {
  const bundle = await open(bytes);
  if (bundle === undefined) return;
  const alone = await verifyBundle(bundle, { now: at, engine });
  const right = anchorsFor(alone, stranger);
  for (const anchors of [right, right.map(({ sha256 }) => sha256), [stranger]]) {
    const verified = await verifyBundle(bundle, { now: at, engine, anchors });
    const { objects, outcome } = await synced(bundle, anchors);
    assert.equal(outcome, verified.judgment.outcome, name);
    for (const [index, object] of objects.entries()) {
      const other = verified.objects[index];
      assert.ok(other, name);
      assert.deepEqual(plain(object), plain(other.judgment), name);
      // `verify` has the same steps, then what it says of the reading and of the policy.
      const steps = object.evidence?.steps ?? [];
      assert.deepEqual(other.steps.slice(0, steps.length), steps, name);
      assert.equal(other.outcome === "refused", object.outcome === "refused" || isFailed(other), name);
    }
  }
  const described = describeBundle(bundle).objects;
  const anchored = await verifyBundle(bundle, { now: at, engine, anchors: right });
  for (const [index, { verdict }] of alone.objects.entries()) {
    for (const [signer, found] of verdict?.signers.entries() ?? []) {
      // Where no signature is good, reading still names the certificate that is meant.
      if (found.certificate === null) continue;
      assert.equal(described[index]?.signers[signer]?.certificate?.sha256, found.certificate.sha256, name);
    }
    assert.deepEqual(signersOf(anchored.objects[index]?.verdict), signersOf(verdict), name);
  }
}

function signersOf(verdict: ListVerdict | undefined): readonly (readonly (string | undefined)[])[] {
  const signers = verdict?.signers ?? [];
  return signers.map(({ certificate, signingTime }) => [certificate?.sha256, signingTime?.toISOString()]);
}

function isFailed({ steps }: BundleVerification["objects"][number]): boolean {
  return steps.some(({ result }) => result === "failed");
}

const stranger = await (async () => {
  const bundle = await readBundle(readFixture("certificate.der"));
  const [certificate] = bundle.objects[0]?.certificates ?? [];
  assert.ok(certificate);
  return certificate;
})();

describe("verify and sync agree on every fixture", () => {
  for (const name of fixtureNames) test(name, () => agree(name, readFixture(name)));
});

describe("verify and sync agree on every file of the corpus", { skip: corpusAbsent }, () => {
  for (const folder of folders) {
    for (const name of corpusFiles(folder)) {
      test(`${folder}/${name}`, () => agree(name, readCorpus(`${folder}/${name}`)));
    }
  }
});

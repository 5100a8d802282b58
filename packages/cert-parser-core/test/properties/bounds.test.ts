import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  parseCertificate,
  parseDeviationList,
  parseMasterList,
  parseName,
  parseRevocationList,
  readBundle,
  summariseBundle,
  toCertificateRecord,
  toCrlRecord,
  toDeviationRecord,
} from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import fc from "fast-check";
import { concat, context } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf, outcomeOfPromise } from "../outcome.ts";
import {
  buildCscaMasterList,
  buildDeviation,
  buildDeviationList,
  buildSignedData,
  signDeviationList,
} from "../specimens.ts";
import { certificate, certificateList, deterministic, name, serialise } from "./arbitraries.ts";

const fewer = { ...deterministic, numRuns: 60 };
const certificates = certificate.map(serialise);
const crls = certificateList.map(serialise);
const masterLists = fc
  .tuple(fc.array(certificates, { maxLength: 3 }), fc.array(crls, { maxLength: 1 }))
  .map(([list, envelope]) =>
    buildSignedData(buildCscaMasterList(...list), {
      certificates: context(0, ...list),
      crls: context(1, ...envelope),
    }),
  );
const deviationLists = fc
  .array(certificates, { maxLength: 2 })
  .map((list) =>
    signDeviationList(buildDeviationList(...list, buildDeviation()), { certificates: context(0, ...list) }),
  );

const readers = [
  ["parseName", name.map(({ schema }) => serialise(schema)), parseName],
  [
    "parseCertificate",
    certificates,
    (bytes: Uint8Array) => {
      const read = parseCertificate(bytes, { sha256 });
      return { read, record: toCertificateRecord(read) };
    },
  ],
  [
    "parseRevocationList",
    crls,
    (bytes: Uint8Array) => {
      const read = parseRevocationList(bytes, { sha256 });
      return { read, record: toCrlRecord(read) };
    },
  ],
  [
    "parseMasterList",
    masterLists,
    (bytes: Uint8Array) => {
      const read = parseMasterList(bytes, { sha256 });
      return { read, records: read.certificates.map(toCertificateRecord) };
    },
  ],
  [
    "parseDeviationList",
    deviationLists,
    (bytes: Uint8Array) => {
      const read = parseDeviationList(bytes, { sha256 });
      return { read, records: read.deviations.map(toDeviationRecord) };
    },
  ],
] as const;

/** Up to four places where bytes are cut out, put in or changed. */
const edits = fc.array(
  fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 4 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom(
        Uint8Array.of(0x30, 0x80),
        Uint8Array.of(0x84, 0xff, 0xff, 0xff, 0xff),
        new Uint8Array(2),
      ),
    ),
  }),
  { maxLength: 4 },
);

function edited(bytes: Uint8Array, changes: readonly { at: number; remove: number; insert: Uint8Array }[]) {
  return changes.reduce((before, { at, remove, insert }) => {
    const place = at % (before.length + 1);
    return concat(before.subarray(0, place), insert, before.subarray(place + remove));
  }, bytes);
}

for (const [parser, sound, read] of readers) {
  describe(parser, () => {
    test("gives a value or a CertParserError, and the same amid other bytes, for any bytes", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
          const alone = describeOutcome(outcomeOf(() => read(bytes)));
          assert.equal(describeOutcome(outcomeOf(() => read(amidOtherBytes(bytes)))), alone);
        }),
        fewer,
      );
    });

    test("does so for sound input that was edited", () => {
      fc.assert(
        fc.property(sound, edits, (bytes, changes) => {
          const damaged = edited(bytes, changes);
          const alone = describeOutcome(outcomeOf(() => read(damaged)));
          assert.equal(describeOutcome(outcomeOf(() => read(amidOtherBytes(damaged)))), alone);
        }),
        fewer,
      );
    });

    test("reads sound input, and none of its beginnings", () => {
      fc.assert(
        fc.property(sound, fc.nat(), (bytes, length) => {
          assert.doesNotThrow(() => read(bytes));
          assert.throws(() => read(bytes.subarray(0, length % bytes.length)), { name: "CertParserError" });
        }),
        fewer,
      );
    });
  });
}

test("readBundle gives a value or a CertParserError for each of them, sound or edited", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(certificates, crls, masterLists, deviationLists),
      edits,
      async (bytes, changes) => {
        describeOutcome(
          await outcomeOfPromise(async () =>
            summariseBundle(await readBundle(edited(bytes, changes), { sha256 })),
          ),
        );
      },
    ),
    fewer,
  );
});

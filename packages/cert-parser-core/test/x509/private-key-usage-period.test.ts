import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCertificate } from "cert-parser-core";
import { concat, generalizedTime, integer, sequence, tlv } from "../der-writer.ts";
import { buildCertificate, extension, extensions, sampleKeyUsage } from "../specimens.ts";

const time = (number: number, text: string) => tlv(0x80 | number, new TextEncoder().encode(text));
const notBefore = time(0, "20260101000000Z");
const notAfter = time(1, "20310101000000Z");
const begin = "2026-01-01T00:00:00.000Z";
const end = "2031-01-01T00:00:00.000Z";

function read(value: Uint8Array) {
  const { privateKeyUsagePeriod, findings } = parseCertificate(
    buildCertificate({ extensions: extensions(sampleKeyUsage, extension("2.5.29.16", value)) }),
  );
  return {
    bounds: privateKeyUsagePeriod && [
      privateKeyUsagePeriod.notBefore?.toISOString(),
      privateKeyUsagePeriod.notAfter?.toISOString(),
    ],
    codes: findings.map(({ code }) => code),
  };
}

describe("privateKeyUsagePeriod", () => {
  type Row = readonly [what: string, value: Uint8Array, bounds: unknown, ...codes: string[]];
  const rows: readonly Row[] = [
    ["both bounds", sequence(notBefore, notAfter), [begin, end]],
    ["no beginning", sequence(notAfter), [undefined, end]],
    ["no end", sequence(notBefore), [begin, undefined]],
    ["two digits for the year", sequence(time(0, "260101000000Z"), notAfter), [begin, end], "TIME_FORM"],
    ["neither bound", sequence(), [undefined, undefined], "EXTENSION_EMPTY"],
    ["a beginning without seconds", sequence(time(0, "202601010000Z"), notAfter), [begin, end], "TIME_FORM"],
    ["an end with a fraction", sequence(notBefore, time(1, "20310101000000.0Z")), [begin, end], "TIME_FORM"],
    ["an end in another zone", sequence(time(1, "20310101010000+0100")), [undefined, end], "TIME_FORM"],
    ["the end first", sequence(notAfter, notBefore), undefined, "EXTENSION_MALFORMED"],
    ["three bounds", sequence(notBefore, notAfter, notAfter), undefined, "EXTENSION_MALFORMED"],
    [
      "something after it",
      concat(sequence(notBefore, notAfter), sequence()),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    [
      "explicit tags",
      sequence(tlv(0xa0, generalizedTime("20260101000000Z"))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    ["a day that no month has", sequence(time(0, "20260231000000Z")), undefined, "EXTENSION_MALFORMED"],
    ["no SEQUENCE", integer("01"), undefined, "EXTENSION_MALFORMED"],
  ];
  for (const [what, value, bounds, ...codes] of rows) {
    test(`reads ${what}`, () => {
      assert.deepEqual(read(value), { bounds, codes });
    });
  }
});

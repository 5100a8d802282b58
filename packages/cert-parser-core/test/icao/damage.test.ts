import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, parseMasterList, toCertificateRecord, toCrlRecord } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { readFixture } from "cert-parser-fixtures";
import fc from "fast-check";
import { concat, context, octetString, tlv } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";
import { buildCertificate, buildCscaMasterList, buildRevocationList, buildSignedData } from "../specimens.ts";

/** Reads a list and every part of it to the end. */
function readAll(bytes: Uint8Array) {
  const list = parseMasterList(bytes, { sha256 });
  const certificates = [...list.certificates, ...list.envelopeCertificates];
  return { list, records: certificates.map(toCertificateRecord), crls: list.crls.map(toCrlRecord) };
}

const small = buildSignedData(buildCscaMasterList(buildCertificate()), {
  certificates: context(0, buildCertificate()),
  crls: context(1, buildRevocationList()),
});
const content = buildCscaMasterList(buildCertificate());
const inPieces = buildSignedData(content, {
  eContent: context(0, tlv(0x24, octetString(content.subarray(0, 9)), octetString(content.subarray(9)))),
});

describe("a list that was cut off", () => {
  for (const name of ["crl-envelope.ml", "ber.ml", "bare.der"] as const) {
    test(`is refused at every byte: ${name}`, () => {
      const bytes = readFixture(name);
      for (let length = 0; length < bytes.length; length++) {
        const error = outcomeOf(() => parseMasterList(bytes.subarray(0, length), { sha256 }));
        assert.ok(error instanceof CertParserError, `${length} bytes of ${name} were read`);
      }
    });
  }
});

describe("a list with one byte changed", () => {
  for (const [name, bytes] of [
    ["in DER", small],
    ["with its content in pieces", inPieces],
  ] as const) {
    test(`is read, or refused with a CertParserError, and the same amid other bytes: ${name}`, () => {
      for (let at = 0; at < bytes.length; at++) {
        for (const flip of [0x01, 0x20, 0x80, 0xff]) {
          const damaged = bytes.slice();
          damaged[at] = (damaged[at] as number) ^ flip;
          const alone = describeOutcome(outcomeOf(() => readAll(damaged)));
          const amid = describeOutcome(outcomeOf(() => readAll(amidOtherBytes(damaged))));
          assert.ok(alone === amid, `byte ${at} ^ ${flip} is read differently amid other bytes`);
        }
      }
    });
  }

  test("keeps every certificate but the one that the byte is in", () => {
    const bytes = readFixture("bare.der");
    const whole = readAll(bytes).list;
    for (const [index, { offset, der }] of whole.certificates.entries()) {
      // The frame stays as it is; what is in it does not.
      for (let at = offset + 4; at < offset + der.length; at += 7) {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] as number) ^ 0xff;
        const { list } = readAll(damaged);
        const others = (certificates: typeof whole.certificates) =>
          certificates
            .filter((certificate) => certificate.index !== index)
            .map((certificate) => certificate.sha256);
        assert.deepEqual(others(list.certificates), others(whole.certificates));
        const read = list.certificates.filter((certificate) => certificate.index === index).length;
        const rejected = list.rejections.filter((rejection) => rejection.index === index).length;
        assert.equal(read + rejected, 1);
      }
    }
  });
});

describe("a list with several edits", () => {
  const fixtures = [
    small,
    inPieces,
    readFixture("one-bad.ml"),
    readFixture("issuer-serial.ml"),
    readFixture("ber.ml"),
  ];
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 6 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom(Uint8Array.of(0x30, 0x80), new Uint8Array(4)),
    ),
  });

  test("is read, or refused with a CertParserError", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fixtures),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        (bytes, edits) => {
          const damaged = edits.reduce((before, { at, remove, insert }) => {
            const place = at % (before.length + 1);
            return concat(before.subarray(0, place), insert, before.subarray(place + remove));
          }, bytes);
          describeOutcome(outcomeOf(() => readAll(damaged)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test("bytes that are no list at all give a CertParserError, whatever they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const alone = describeOutcome(outcomeOf(() => readAll(bytes)));
      assert.equal(describeOutcome(outcomeOf(() => readAll(amidOtherBytes(bytes)))), alone);
    }),
    { numRuns: 500 },
  );
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Certificate, fromHex, parseCertificate } from "cert-parser-core";
import fc from "fast-check";
import { knownExtensions } from "../../src/x509/known-extensions.ts";
import {
  bitString,
  boolean,
  concat,
  context,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
} from "../der-writer.ts";
import { describeOutcome } from "../outcome.ts";
import { buildCertificate, extension, extensions, name, sampleKeyUsage } from "../specimens.ts";

const uri = tlv(0x86, new TextEncoder().encode("https://example.org/"));
const directoryName = context(4, name(["2.5.4.7", "UTO"]));
const time = (number: number) => tlv(0x80 | number, new TextEncoder().encode("20260101000000Z"));

/** A sound value of each, to be damaged. */
const sound: Readonly<Record<string, Uint8Array>> = {
  subjectKeyIdentifier: octetString(fromHex("a1a2")),
  authorityKeyIdentifier: sequence(
    tlv(0x80, fromHex("b1")),
    context(1, directoryName),
    tlv(0x82, fromHex("07")),
  ),
  basicConstraints: sequence(boolean(true), integer("00")),
  keyUsage: bitString(fromHex("06"), 1),
  extKeyUsage: sequence(oid("2.23.136.1.1.3")),
  privateKeyUsagePeriod: sequence(time(0), time(1)),
  subjectAltName: sequence(directoryName, uri, tlv(0x87, fromHex("c0000201")), tlv(0x88, fromHex("2a03"))),
  issuerAltName: sequence(directoryName, uri),
  cRLDistributionPoints: sequence(
    sequence(context(0, context(0, uri)), tlv(0x81, fromHex("0560")), context(2, directoryName)),
    sequence(context(0, context(1, sequence(oid("2.5.4.3"), printableString("x"))))),
  ),
  certificatePolicies: sequence(
    sequence(
      oid("1.2.3.4"),
      sequence(
        sequence(oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, fromHex("61"))),
        sequence(
          oid("1.3.6.1.5.5.7.2.2"),
          sequence(sequence(printableString("x"), sequence(integer("01"))), printableString("y")),
        ),
      ),
    ),
  ),
  nameChange: fromHex("0500"),
  documentTypeList: sequence(integer("00"), set(printableString("P"), printableString("ID"))),
};

const known = knownExtensions.map((definition) => {
  const value = sound[definition.name];
  assert.ok(value, `${definition.name} has no sound value`);
  return { ...definition, value };
});

/** A certificate whose one extension, beside keyUsage, has this value. */
function withValue({ type, critical }: (typeof known)[number], value: Uint8Array): Certificate {
  return parseCertificate(
    buildCertificate({
      extensions: extensions(
        extension(type, value, critical || undefined),
        extension("1.2.3", fromHex("00")),
      ),
    }),
  );
}

/** Holds what is promised of a known extension, whatever its octets are. */
function checkPromise(one: (typeof known)[number], value: Uint8Array): void {
  const certificate = withValue(one, value);
  const isMalformed = certificate.findings.some(({ code }) => code === "EXTENSION_MALFORMED");
  const read = certificate[one.name];
  describeOutcome(certificate);
  if (one.name === "authorityKeyIdentifier") {
    // Its key identifier is there for itself.
    assert.equal(certificate.authorityKey === undefined, isMalformed);
  } else {
    assert.equal(read === undefined || read === false, isMalformed, `${one.name} ${describeOutcome(value)}`);
  }
  assert.equal(certificate.extensions.length, 2);
}

describe("a known extension is read where it is not malformed, and is undefined where it is", () => {
  for (const one of known) {
    test(`${one.type}: sound`, () => {
      checkPromise(one, one.value);
      assert.ok(!withValue(one, one.value).findings.some(({ code }) => code === "EXTENSION_MALFORMED"));
    });

    test(`${one.type}: every prefix, and with something after it`, () => {
      for (let length = 0; length < one.value.length; length++)
        checkPromise(one, one.value.subarray(0, length));
      checkPromise(one, concat(one.value, fromHex("0500")));
    });

    test(`${one.type}: any octet changed`, () => {
      for (let at = 0; at < one.value.length; at++) {
        for (const flip of [0x01, 0x02, 0x20, 0x80, 0xff]) {
          const damaged = one.value.slice();
          damaged[at] = (damaged[at] as number) ^ flip;
          checkPromise(one, damaged);
        }
      }
    });
  }

  test("with any octets at all", () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...known.map(({ value }) => value)), fc.uint8Array()), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        pieces,
        fc.constantFrom(0x30, 0x31, 0x04, 0),
        (one, parts, tag) => {
          checkPromise(one, tag === 0 ? concat(...parts) : tlv(tag, ...parts));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test("nameChange is true where it is there", () => {
  const changed = parseCertificate(
    buildCertificate({
      extensions: extensions(sampleKeyUsage, extension("2.23.136.1.1.6.1", fromHex("0500"))),
    }),
  );
  assert.equal(changed.nameChange, true);
  assert.deepEqual(changed.findings, []);
  assert.equal(parseCertificate(buildCertificate()).nameChange, false);
});

test("of a documentTypeList under both its OIDs, the first counts", () => {
  const list = (type: string) => sequence(integer("00"), set(printableString(type)));
  const { documentTypeList } = parseCertificate(
    buildCertificate({
      extensions: extensions(
        extension("2.23.136.1.1.4", list("P")),
        extension("2.23.136.1.1.6.2", list("ID")),
      ),
    }),
  );
  assert.deepEqual(documentTypeList?.types, ["P"]);
});

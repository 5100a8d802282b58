import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  fromHex,
  parseRevocationList,
  type RevokedCertificate,
  revokedCertificateRecords,
  toHex,
} from "cert-parser-core";
import fc from "fast-check";
import {
  concat,
  context,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  tlv,
  utcTime,
} from "../der-writer.ts";
import { buildRevocationList, crlEntry, extension, name } from "../specimens.ts";

const reasonCode = "2.5.29.21";
const holdInstructionCode = "2.5.29.23";
const invalidityDate = "2.5.29.24";
const certificateIssuer = "2.5.29.29";
const enumerated = (hex: string) => tlv(0x0a, fromHex(hex));
const keyCompromise = extension(reasonCode, enumerated("01"));
const issuer = (commonName: string) =>
  extension(certificateIssuer, sequence(context(4, name(["2.5.4.3", commonName]))), true);

function crlOf(...entries: readonly Uint8Array[]) {
  return parseRevocationList(buildRevocationList({ revokedCertificates: sequence(...entries) }));
}

function entryWith(...extensions: readonly Uint8Array[]) {
  const crl = crlOf(crlEntry("0a", sequence(...extensions)));
  const [entry] = crl.revokedCertificates;
  assert.ok(entry);
  return { crl, entry };
}

function codesOf({ findings }: Pick<RevokedCertificate, "findings">): readonly string[] {
  return findings.map(({ code }) => code);
}

describe("reasons", () => {
  const reasons = [
    ["00", "unspecified"],
    ["01", "keyCompromise"],
    ["02", "cACompromise"],
    ["03", "affiliationChanged"],
    ["04", "superseded"],
    ["05", "cessationOfOperation"],
    ["06", "certificateHold"],
    ["08", "removeFromCRL"],
    ["09", "privilegeWithdrawn"],
    ["0a", "aACompromise"],
  ] as const;
  for (const [hex, reason] of reasons) {
    test(`${hex} is ${reason}, alone and beside another extension`, () => {
      const reasonExtension = extension(reasonCode, enumerated(hex));
      const beside = extension(holdInstructionCode, oid("1.2.840.10040.2.1"));
      for (const { entry } of [entryWith(reasonExtension), entryWith(beside, reasonExtension)]) {
        assert.equal(entry.reason, reason);
        assert.deepEqual(entry.findings, []);
      }
    });
  }

  const meaningless = [
    ["7, which is not used", enumerated("07")],
    ["11", enumerated("0b")],
    ["a negative number", enumerated("ff")],
    ["nothing", enumerated("")],
    ["an INTEGER", integer("01")],
    ["two numbers", concat(enumerated("01"), enumerated("01"))],
  ] as const;
  for (const [what, value] of meaningless) {
    test(`${what} is no reason, and the certificate is revoked all the same`, () => {
      const { crl, entry } = entryWith(extension(reasonCode, value));
      assert.equal(entry.reason, undefined);
      assert.equal(toHex(entry.serialNumber), "0a");
      assert.deepEqual(codesOf(entry), ["EXTENSION_MALFORMED"]);
      assert.deepEqual(codesOf(crl), ["EXTENSION_MALFORMED"]);
      assert.equal(crl.scope, "full");
    });
  }
});

describe("what else an entry says", () => {
  test("is when its certificate became invalid, of old dates too", () => {
    const { crl, entry } = entryWith(extension(invalidityDate, generalizedTime("20260401010203Z")));
    assert.equal(entry.invalidityDate?.toISOString(), "2026-04-01T01:02:03.000Z");
    assert.deepEqual(crl.findings, []);
  });

  test("is a holdInstructionCode, which is kept as it came", () => {
    const value = oid("1.2.840.10040.2.1");
    const { crl, entry } = entryWith(extension(holdInstructionCode, value));
    assert.deepEqual(
      entry.extensions.map((kept) => [kept.type, kept.critical, toHex(kept.value)]),
      [[holdInstructionCode, false, toHex(value)]],
    );
    assert.deepEqual(crl.findings, []);
  });

  test("is who issued its certificate and those of the entries that follow, until another comes", () => {
    const crl = crlOf(
      crlEntry("01"),
      crlEntry("02", sequence(issuer("A"))),
      crlEntry("03"),
      crlEntry("04", sequence(keyCompromise)),
      crlEntry("05", sequence(keyCompromise, issuer("B"))),
      crlEntry("06"),
    );
    const issuerOf = (text: string) => [{ type: "directoryName", value: `CN=${text}` }];
    const expected = [null, issuerOf("A"), issuerOf("A"), issuerOf("A"), issuerOf("B"), issuerOf("B")];
    assert.deepEqual(
      Array.from(revokedCertificateRecords(crl), (record) => record.certificateIssuer),
      expected,
    );
    assert.equal(crl.scope, "indirect");
    assert.deepEqual(crl.findings, []);
    const [found] = crl.findRevoked(fromHex("06"))?.certificateIssuer ?? [];
    assert.equal(toHex(found?.der ?? concat()), toHex(context(4, name(["2.5.4.3", "B"]))));
  });
});

describe("deviations of an entry are its own, and the CRL's", () => {
  const rows = [
    ["zero for a serial number", crlEntry("00"), ["SERIAL_ZERO"], "full"],
    ["a negative serial number", crlEntry("ff0b"), ["SERIAL_NEGATIVE"], "full"],
    ["21 octets of serial number", crlEntry("01".repeat(21)), ["SERIAL_TOO_LONG"], "full"],
    ["a serial number with a zero before it", crlEntry("000a"), ["INTEGER_NOT_MINIMAL"], "full"],
    ["zero, written twice", crlEntry("0000"), ["SERIAL_ZERO", "INTEGER_NOT_MINIMAL"], "full"],
    ["a date without Z", sequence(integer("0a"), utcTime("260501000000")), ["TIME_FORM"], "full"],
    [
      "a GeneralizedTime before 2050",
      sequence(integer("0a"), generalizedTime("20260501000000Z")),
      ["TIME_FORM"],
      "full",
    ],
    ["no extension in crlEntryExtensions", crlEntry("0a", sequence()), ["EXTENSION_EMPTY"], "full"],
    [
      "a reason twice",
      crlEntry("0a", sequence(keyCompromise, keyCompromise)),
      ["EXTENSION_DUPLICATE"],
      "full",
    ],
    [
      "a critical reason",
      crlEntry("0a", sequence(extension(reasonCode, enumerated("01"), true))),
      ["EXTENSION_CRITICALITY"],
      "full",
    ],
    [
      "a critical reason without a meaning",
      crlEntry("0a", sequence(extension(reasonCode, enumerated("07"), true))),
      ["EXTENSION_CRITICALITY", "EXTENSION_MALFORMED"],
      "unknown",
    ],
    [
      "an invalidityDate in UTCTime",
      crlEntry("0a", sequence(extension(invalidityDate, utcTime("260401000000Z")))),
      ["TIME_FORM"],
      "full",
    ],
    [
      "an invalidityDate that is none",
      crlEntry("0a", sequence(extension(invalidityDate, integer("01")))),
      ["EXTENSION_MALFORMED"],
      "full",
    ],
    [
      "a certificateIssuer that is not critical",
      crlEntry("0a", sequence(extension(certificateIssuer, sequence(tlv(0x82, fromHex("61")))))),
      ["EXTENSION_CRITICALITY"],
      "indirect",
    ],
    [
      "a certificateIssuer that names nobody",
      crlEntry("0a", sequence(extension(certificateIssuer, sequence(), true))),
      ["EXTENSION_EMPTY"],
      "unknown",
    ],
    [
      "a certificateIssuer that is none, and not critical",
      crlEntry("0a", sequence(extension(certificateIssuer, integer("01")))),
      ["EXTENSION_CRITICALITY", "EXTENSION_MALFORMED"],
      "unknown",
    ],
    [
      "a critical extension that nobody knows",
      crlEntry("0a", sequence(extension("2.5.29.99", octetString(), true))),
      ["EXTENSION_CRITICALITY"],
      "unknown",
    ],
    ["an extension that is none", crlEntry("0a", sequence(sequence())), ["EXTENSION_MALFORMED"], "unknown"],
  ] as const;
  for (const [what, der, codes, scope] of rows) {
    test(`${what}: ${codes.join(", ")}, scope ${scope}`, () => {
      const crl = crlOf(crlEntry("01"), der);
      const [sound, flawed] = crl.revokedCertificates;
      assert.deepEqual(sound?.findings, []);
      assert.deepEqual(codesOf(flawed ?? { findings: [] }), codes);
      assert.deepEqual(crl.findings, flawed?.findings);
      assert.equal(crl.scope, scope);
    });
  }

  test("a flaw that a thousand entries share is one finding, with their number and the place of the first", () => {
    const crl = crlOf(crlEntry("01"), ...Array.from({ length: 1000 }, () => crlEntry("80")));
    const [first] = [...crl.revokedCertificates].flatMap(({ findings }) => findings);
    assert.deepEqual(crl.findings, [
      {
        code: "SERIAL_NEGATIVE",
        message: "userCertificate is negative (the first of 1000 such findings)",
        offset: first?.offset,
        clause: "RFC 5280, 4.1.2.2",
      },
    ]);
  });
});

describe("many entries", () => {
  test("a million are counted, and iterated from the first to the last", () => {
    const count = 1_000_000;
    const entry = crlEntry("01000000", sequence(keyCompromise));
    const entries = new Uint8Array(count * entry.length);
    const view = new DataView(entries.buffer);
    for (let index = 0; index < count; index++) {
      entries.set(entry, index * entry.length);
      view.setUint32(index * entry.length + 4, 0x01000000 + index);
    }
    const crl = crlOf(entries);
    assert.equal(crl.revokedCertificateCount, count);
    assert.deepEqual(crl.findings, []);
    let [iterated, inOrder, compromised] = [0, 0, 0];
    for (const { serialNumber, reason } of crl.revokedCertificates) {
      const [, high = 0, middle = 0, low = 0] = serialNumber;
      if (((high << 16) | (middle << 8) | low) === iterated) inOrder++;
      if (reason === "keyCompromise") compromised++;
      iterated++;
    }
    assert.deepEqual([iterated, inOrder, compromised], [count, count, count]);
    const [first] = crl.revokedCertificates;
    assert.equal(toHex(first?.serialNumber ?? concat()), "01000000");
    assert.equal(toHex(crl.findRevoked(fromHex("010f423f"))?.serialNumber ?? concat()), "010f423f");
    assert.equal(crl.findRevoked(fromHex("010f4240")), undefined);
  });

  test("what is written is what is read: any serial numbers, dates and reasons", () => {
    const serial = fc.uint8Array({ minLength: 1, maxLength: 24 });
    const date = fc.date({ min: new Date(0), max: new Date("2049-12-31T23:59:59Z"), noInvalidDate: true });
    const reason = fc.constantFrom("", "00", "01", "06", "0a");
    fc.assert(
      fc.property(fc.array(fc.tuple(serial, date, reason), { maxLength: 8 }), (written) => {
        const crl = crlOf(
          ...written.map(([octets, at, code]) =>
            sequence(
              tlv(0x02, octets),
              utcTime(
                `${at
                  .toISOString()
                  .replace(/[-T:]|\..*/g, "")
                  .slice(2)}Z`,
              ),
              code === "" ? concat() : sequence(extension(reasonCode, enumerated(code))),
            ),
          ),
        );
        assert.deepEqual(
          Array.from(crl.revokedCertificates, (entry) => [
            entry.serialNumber,
            entry.revocationDate.getTime(),
            entry.reason === undefined,
          ]),
          written.map(([octets, at, code]) => [octets, Math.trunc(at.getTime() / 1000) * 1000, code === ""]),
        );
        for (const [octets] of written) {
          const found = crl.findRevoked(octets);
          const place = written.findIndex(([other]) => toHex(other) === toHex(octets));
          assert.deepEqual(found?.revocationDate, [...crl.revokedCertificates][place]?.revocationDate);
        }
      }),
    );
  });
});

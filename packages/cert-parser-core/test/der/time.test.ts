import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, fromHex } from "cert-parser-core";
import fc from "fast-check";
import { readElement } from "../../src/der/reader.ts";
import {
  decodeExplicitGeneralizedTime,
  decodeTime,
  formatTime,
  isTime,
  type Time,
} from "../../src/der/time.ts";
import { generalizedTime, tlv, utcTime } from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";

function timeOf(der: Uint8Array): Time {
  return decodeTime(der, readElement(der), "validity.notBefore");
}

describe("the form of RFC 5280", () => {
  const profiled = [
    ["UTCTime of this century", utcTime("260608123456Z"), "2026-06-08T12:34:56Z"],
    ["the first second of 2000", utcTime("000101000000Z"), "2000-01-01T00:00:00Z"],
    ["the last second that UTCTime has", utcTime("491231235959Z"), "2049-12-31T23:59:59Z"],
    ["50 for 1950", utcTime("500101000000Z"), "1950-01-01T00:00:00Z"],
    ["99 for 1999", utcTime("991231235959Z"), "1999-12-31T23:59:59Z"],
    ["29 February of a leap year", utcTime("240229000000Z"), "2024-02-29T00:00:00Z"],
    ["29 February of 2000", utcTime("000229000000Z"), "2000-02-29T00:00:00Z"],
    ["the first second of 2050", generalizedTime("20500101000000Z"), "2050-01-01T00:00:00Z"],
    ["29 February of 2400", generalizedTime("24000229000000Z"), "2400-02-29T00:00:00Z"],
    ["the end of time of RFC 5280, 4.1.2.5", generalizedTime("99991231235959Z"), "9999-12-31T23:59:59Z"],
  ] as const;

  for (const [what, der, expected] of profiled) {
    test(`reads ${what} without a deviation`, () => {
      const { date, deviation } = timeOf(der);
      assert.equal(formatTime(date), expected);
      assert.equal(deviation, undefined);
    });
  }
});

describe("other forms of X.680", () => {
  const deviating = [
    ["GeneralizedTime before 2050", generalizedTime("20491231235959Z"), "2049-12-31T23:59:59Z"],
    ["the year 0000", generalizedTime("00000101000000Z"), "0000-01-01T00:00:00Z"],
    ["the year 0000, which is a leap year", generalizedTime("00000229000000Z"), "0000-02-29T00:00:00Z"],
    ["the year 0001", generalizedTime("00010101000000Z"), "0001-01-01T00:00:00Z"],
    ["the year 0099", generalizedTime("00991231235959Z"), "0099-12-31T23:59:59Z"],
    ["UTCTime without seconds", utcTime("2606081234Z"), "2026-06-08T12:34:00Z"],
    ["UTCTime east of Greenwich", utcTime("260608003456+0230"), "2026-06-07T22:04:56Z"],
    ["UTCTime west of Greenwich", utcTime("260608223456-0230"), "2026-06-09T01:04:56Z"],
    ["UTCTime without seconds, with an offset", utcTime("2606081234+0000"), "2026-06-08T12:34:00Z"],
    ["UTCTime without Z, as UTC", utcTime("260608123456"), "2026-06-08T12:34:56Z"],
    ["GeneralizedTime with tenths of a second", generalizedTime("20510608123456.7Z"), "2051-06-08T12:34:56Z"],
    ["GeneralizedTime with a decimal comma", generalizedTime("20510608123456,789Z"), "2051-06-08T12:34:56Z"],
    ["GeneralizedTime without Z", generalizedTime("20510608123456"), "2051-06-08T12:34:56Z"],
    ["GeneralizedTime with an offset", generalizedTime("20510608003456-1130"), "2051-06-08T12:04:56Z"],
    ["GeneralizedTime down to minutes", generalizedTime("205106081234Z"), "2051-06-08T12:34:00Z"],
    ["GeneralizedTime down to hours", generalizedTime("2051060812Z"), "2051-06-08T12:00:00Z"],
    [
      "a year pushed over 9999 by its offset",
      generalizedTime("99991231235959-0100"),
      "+010000-01-01T00:59:59Z",
    ],
    [
      "a year pushed under 0 by its offset",
      generalizedTime("00000101000000+0100"),
      "-000001-12-31T23:00:00Z",
    ],
  ] as const;

  for (const [what, der, expected] of deviating) {
    test(`reads ${what}, and says that RFC 5280 has another form`, () => {
      const { date, deviation } = timeOf(der);
      assert.equal(formatTime(date), expected);
      assert.equal(typeof deviation, "string");
    });
  }

  test("says that it takes a time without Z for UTC, and no other", () => {
    const said = /, which has no Z and is taken for UTC$/;
    assert.match(timeOf(utcTime("260608123456")).deviation ?? "", said);
    assert.match(timeOf(generalizedTime("20510608123456.5")).deviation ?? "", said);
    assert.doesNotMatch(timeOf(utcTime("2606081234Z")).deviation ?? "", said);
    assert.doesNotMatch(timeOf(utcTime("2606081234+0000")).deviation ?? "", said);
  });

  test("where GeneralizedTime is the only right type, it may be of any year, and UTCTime is said to be none", () => {
    const only = (der: Uint8Array) => decodeExplicitGeneralizedTime(der, readElement(der), "invalidityDate");
    assert.equal(only(generalizedTime("20260608123456Z")).deviation, undefined);
    assert.equal(only(utcTime("260608123456Z")).deviation, "UTCTime, expected GeneralizedTime");
    assert.match(only(utcTime("260608123456")).deviation ?? "", /taken for UTC$/);
    assert.match(only(generalizedTime("20260608123456")).deviation ?? "", /taken for UTC$/);
    assert.equal(formatTime(only(utcTime("260608123456Z")).date), "2026-06-08T12:34:56Z");
    assert.throws(() => only(tlv(0x02)), { code: "DER_SYNTAX" });
  });

  test("keeps the fraction of a second", () => {
    assert.equal(timeOf(generalizedTime("20510608123456.789Z")).date.getUTCMilliseconds(), 789);
  });

  test("takes the fraction for one of the last field: half an hour, half a minute (X.680, 46.2)", () => {
    assert.equal(formatTime(timeOf(generalizedTime("2051060812.5Z")).date), "2051-06-08T12:30:00Z");
    assert.equal(formatTime(timeOf(generalizedTime("205106081234.5Z")).date), "2051-06-08T12:34:30Z");
  });
});

describe("what is no time", () => {
  const rejected = [
    ["nothing", utcTime("")],
    ["letters", utcTime("26060812345XZ")],
    ["a sign for a digit", utcTime("-60608123456Z")],
    ["a space for a digit", utcTime(" 60608123456Z")],
    ["month 0", utcTime("260008123456Z")],
    ["month 13", utcTime("261308123456Z")],
    ["day 0", utcTime("260600123456Z")],
    ["31 June", utcTime("260631123456Z")],
    ["29 February of a common year", utcTime("250229123456Z")],
    ["30 February of a leap year", utcTime("240230123456Z")],
    ["29 February of 2100", generalizedTime("21000229123456Z")],
    ["hour 24", utcTime("260608243456Z")],
    ["minute 60", utcTime("260608126056Z")],
    ["second 60", utcTime("260608123460Z")],
    ["UTCTime with a fraction", utcTime("260608123456.5Z")],
    ["UTCTime down to hours", utcTime("26060812Z")],
    ["UTCTime with four digits of year", utcTime("20260608123456Z")],
    ["GeneralizedTime with two digits of year", generalizedTime("510608123456Z")],
    ["a lower-case z", utcTime("260608123456z")],
    ["an offset of 20 hours", utcTime("260608123456+2000")],
    ["an offset of 60 minutes", utcTime("260608123456+0060")],
    ["an offset of hours alone", utcTime("260608123456+02")],
    ["Z and an offset", utcTime("260608123456Z+0200")],
    ["a fraction without digits", generalizedTime("20510608123456.Z")],
    ["a fraction of ten digits", generalizedTime("20510608123456.1234567890Z")],
    ["a line break at the end", utcTime("260608123456Z\n")],
    ["a null byte at the end", utcTime("260608123456Z\0")],
  ] as const;

  for (const [flaw, der] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => timeOf(der), {
        name: "CertParserError",
        code: "DER_SYNTAX",
        path: "validity.notBefore",
        offset: 0,
      });
    });
  }

  test("rejects another type, and names it", () => {
    assert.throws(() => timeOf(fromHex("0201ff")), {
      code: "DER_SYNTAX",
      message: "validity.notBefore is INTEGER, expected a Time",
    });
    assert.equal(isTime(readElement(fromHex("0201ff"))), false);
  });

  test("shows no more of a long text than a line", () => {
    const error = outcomeOf(() => timeOf(utcTime("x".repeat(5000))));
    assert.ok(error instanceof CertParserError && error.message.length < 100);
  });
});

describe("any time", () => {
  const seconds = (from: string, to: string) =>
    fc.integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 }).map((s) => new Date(s * 1000));
  // toISOString is the independent writer here.
  const digitsOf = (date: Date) => date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");

  test("formatTime writes what toISOString writes, without the fraction", () => {
    fc.assert(
      fc.property(seconds("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), (date) => {
        assert.equal(formatTime(date), `${date.toISOString().slice(0, 19)}Z`);
      }),
    );
  });

  test("GeneralizedTime of every year comes back as it was written", () => {
    fc.assert(
      fc.property(seconds("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), (date) => {
        assert.equal(timeOf(generalizedTime(`${digitsOf(date)}Z`)).date.getTime(), date.getTime());
      }),
    );
  });

  test("UTCTime of 1950 to 2049 comes back as it was written", () => {
    fc.assert(
      fc.property(seconds("1950-01-01T00:00:00Z", "2049-12-31T23:59:59Z"), (date) => {
        const { date: read, deviation } = timeOf(utcTime(`${digitsOf(date).slice(2)}Z`));
        assert.equal(read.getTime(), date.getTime());
        assert.equal(deviation, undefined);
      }),
    );
  });

  test("any bytes under either tag give an instant or a CertParserError, and nothing around them matters", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789Z+-.,"), maxLength: 22 });
    const oneCharacterOff = fc
      .tuple(
        fc.constantFrom("260608123456Z", "20510608123456Z", "205106081234.5+0130"),
        fc.nat(),
        fc.nat({ max: 127 }),
      )
      .map(([text, place, code]) => {
        const bytes = new TextEncoder().encode(text);
        bytes[place % bytes.length] = code;
        return bytes;
      });
    const content = fc.oneof(
      oneCharacterOff,
      digits.map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(0x17, 0x18), content, (tag, value) => {
        const der = tlv(tag, value);
        const alone = outcomeOf(() => timeOf(der));
        const amid = outcomeOf(() => timeOf(amidOtherBytes(der)));
        assert.equal(describeOutcome(amid), describeOutcome(alone));
        if (!(alone instanceof CertParserError)) assert.ok(Number.isInteger(alone.date.getTime()));
      }),
      { numRuns: 2000 },
    );
  });
});

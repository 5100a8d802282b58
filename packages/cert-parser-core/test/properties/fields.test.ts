import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AsnObjectIdentifierConverter } from "@peculiar/asn1-schema";
import { parseName } from "cert-parser-core";
import fc from "fast-check";
import { decodeOid } from "../../src/der/oid.ts";
import { readElement } from "../../src/der/reader.ts";
import { decodeTime } from "../../src/der/time.ts";
import { deterministic, dottedOid, instant, name, serialise, timeOf } from "./arbitraries.ts";

describe("what @peculiar writes is read back", () => {
  test("an OBJECT IDENTIFIER, arc by arc", () => {
    fc.assert(
      fc.property(dottedOid, (dotted) => {
        const der = new Uint8Array(AsnObjectIdentifierConverter.toASN(dotted).toBER());
        assert.equal(decodeOid(der, readElement(der)), dotted);
      }),
      deterministic,
    );
  });

  test("a Time, to the second, in the form for its year", () => {
    fc.assert(
      fc.property(instant, (date) => {
        const der = serialise(timeOf(date));
        assert.deepEqual(decodeTime(der, readElement(der), "Time"), { date, deviation: undefined });
      }),
      deterministic,
    );
  });

  test("a Time in GeneralizedTime whatever its year, with a deviation before 2050", () => {
    fc.assert(
      fc.property(instant, (date) => {
        const time = timeOf(date);
        const der = serialise(Object.assign(time, { utcTime: undefined, generalTime: date }));
        const read = decodeTime(der, readElement(der), "Time");
        assert.deepEqual(read.date, date);
        assert.equal(read.deviation !== undefined, date.getUTCFullYear() < 2050);
      }),
      deterministic,
    );
  });

  test("a Name, attribute by attribute, its levels in their order", () => {
    fc.assert(
      fc.property(name, ({ texts, schema }) => {
        const der = serialise(schema);
        const read = parseName(der);
        assert.deepEqual(read.der, der);
        // A SET OF is written in the order of DER, whichever it was given in.
        const levels = read.rdns.map((rdn) => rdn.map(({ type, value }) => `${type}=${value}`).sort());
        assert.deepEqual(
          levels,
          texts.map((rdn) => rdn.map(({ type, text }) => `${type}=${text}`).sort()),
        );
      }),
      deterministic,
    );
  });
});

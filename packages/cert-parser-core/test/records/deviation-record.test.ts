import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDeviationList, toDeviationRecord } from "cert-parser-core";
import {
  context,
  generalizedTime,
  integer,
  oid,
  printableString,
  sequence,
  set,
  tlv,
} from "../der-writer.ts";
import { buildDeviation, buildDeviationList, signDeviationList } from "../specimens.ts";

function recordOf(deviation: Uint8Array) {
  const { deviations } = parseDeviationList(signDeviationList(buildDeviationList(deviation)));
  assert.equal(deviations.length, 1);
  return deviations.map(toDeviationRecord)[0];
}

describe("the record of a deviation", () => {
  test("has every field as plain data", () => {
    const record = recordOf(
      buildDeviation({
        documents: sequence(
          tlv(0x80, new TextEncoder().encode("ID")),
          tlv(0x83, Uint8Array.of(1, 2, 255)),
          tlv(0xa4, generalizedTime("20150101000000Z"), generalizedTime("20151231235959Z")),
          tlv(0xa5, printableString("C01X00T47")),
        ),
        descriptions: set(
          sequence(oid("2.23.136.1.1.7.2.2"), context(0, integer("02")), context(1, oid("1.2"))),
        ),
      }),
    );
    assert.ok(record);
    const { offset, ...rest } = record;
    assert.ok(offset > 0);
    assert.deepEqual(rest, {
      index: 0,
      documentType: "ID",
      dscIdentifier: { type: "certificateDigest", certificateDigest: "0102ff" },
      issuingDate: { firstIssued: "2015-01-01T00:00:00Z", lastIssued: "2015-12-31T23:59:59Z" },
      documentNumbers: ["C01X00T47"],
      descriptions: [
        {
          description: null,
          deviationType: "2.23.136.1.1.7.2.2",
          deviationTypeName: "lds.dgHashWrong",
          parameters: "020102",
          nationalUse: "06012a",
        },
      ],
    });
  });

  test("has null for what is not said", () => {
    const record = recordOf(buildDeviation({ documents: sequence(), descriptions: set() }));
    assert.deepEqual(
      { ...record, offset: 0 },
      {
        index: 0,
        offset: 0,
        documentType: null,
        dscIdentifier: null,
        issuingDate: null,
        documentNumbers: null,
        descriptions: [],
      },
    );
  });

  test("comes through JSON as it is", () => {
    const record = recordOf(buildDeviation());
    assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
  });
});

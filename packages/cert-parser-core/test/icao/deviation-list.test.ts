import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  CertParserError,
  type DeviationList,
  fromHex,
  isDeviationList,
  parseDeviationList,
  parseMasterList,
  toDeviationRecord,
  toHex,
} from "cert-parser-core";
import fc from "fast-check";
import { type PartReading, readingOf } from "../../src/icao/parts.ts";
import { openSignedObject } from "../../src/icao/signed-object.ts";
import {
  concat,
  context,
  generalizedTime,
  indefinite,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  set,
  tlv,
  utcTime,
  utf8String,
} from "../der-writer.ts";
import { amidOtherBytes, describeOutcome, outcomeOf } from "../outcome.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildDeviation,
  buildDeviationDescription,
  buildDeviationList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
  sampleName,
  signDeviationList,
} from "../specimens.ts";

const dscEncoding = "2.23.136.1.1.7.1.2";
const everything = buildDeviation({
  documents: sequence(
    tlv(0x80, new TextEncoder().encode("P<")),
    tlv(0x82, fromHex("a1b2c3d4")),
    tlv(0xa4, generalizedTime("20150101000000Z"), generalizedTime("20151231235959Z")),
    tlv(0xa5, printableString("C01X00T47"), printableString("C01X00T48")),
  ),
  descriptions: set(
    buildDeviationDescription(printableString("Issuer"), context(0, integer("04"))),
    sequence(oid("2.23.136.1.1.7.5"), context(1, utf8String("for us alone"))),
    sequence(oid("1.2.3")),
  ),
});

function read(...deviations: readonly Uint8Array[]): DeviationList {
  return parseDeviationList(signDeviationList(buildDeviationList(...deviations)));
}

function codesOf({ findings }: DeviationList): readonly string[] {
  return findings.map(({ code }) => code);
}

describe("a Deviation List", () => {
  test("of the form of the German one of 2018 is read to its last field", () => {
    const description = buildDeviationDescription(undefined, context(0, integer("00")));
    const list = read(buildDeviation({ descriptions: set(description) }));
    assert.deepEqual(
      [list.kind, list.version, list.digestAlgorithm?.algorithm],
      ["deviation-list", 0, "1.3.14.3.2.26"],
    );
    assert.deepEqual([list.certificates, list.rejections, list.findings], [[], [], []]);
    const records = list.deviations.map(toDeviationRecord);
    assert.deepEqual(records, [
      {
        index: 0,
        offset: records[0]?.offset,
        documentType: null,
        dscIdentifier: {
          type: "issuerAndSerialNumber",
          issuer: "CN=CSCA Utopia,C=UT",
          issuerDer: toHex(sampleName),
          serialNumber: "0142",
        },
        issuingDate: null,
        documentNumbers: null,
        descriptions: [
          {
            description: "Country name is in the wrong string type.",
            deviationType: dscEncoding,
            deviationTypeName: "certOrKey.dsEncoding",
            parameters: "020100",
            nationalUse: null,
          },
        ],
      },
    ]);
  });

  test("is read with every criterion and every description", () => {
    const list = read(everything);
    const [deviation] = list.deviations;
    assert.ok(deviation);
    assert.deepEqual(list.findings, []);
    assert.deepEqual(deviation.der, everything);
    assert.deepEqual(deviation.documents, {
      documentType: "P<",
      dscIdentifier: { type: "subjectKeyIdentifier", subjectKeyIdentifier: fromHex("a1b2c3d4") },
      issuingDate: {
        firstIssued: new Date("2015-01-01T00:00:00Z"),
        lastIssued: new Date("2015-12-31T23:59:59Z"),
      },
      documentNumbers: ["C01X00T47", "C01X00T48"],
    });
    assert.deepEqual(
      deviation.descriptions.map(({ deviationTypeName }) => deviationTypeName),
      ["certOrKey.dsEncoding", "nationalUse", undefined],
    );
    const [first, second] = deviation.descriptions;
    assert.deepEqual([first?.description, first?.parameters], ["Issuer", integer("04")]);
    assert.deepEqual(second?.nationalUse, utf8String("for us alone"));
  });

  test("may say nothing of the documents, which means all of them", () => {
    const [deviation] = read(buildDeviation({ documents: sequence(), descriptions: set() })).deviations;
    assert.ok(deviation);
    assert.deepEqual(toDeviationRecord(deviation).dscIdentifier, null);
    assert.deepEqual(deviation.descriptions, []);
  });

  test("gives its deviations at their places, in the order of the list", () => {
    const bytes = signDeviationList(buildDeviationList(everything, buildDeviation()));
    const { deviations } = parseDeviationList(bytes);
    assert.deepEqual(
      deviations.map(({ index, offset, der }) => [index, toHex(bytes.subarray(offset, offset + der.length))]),
      [
        [0, toHex(everything)],
        [1, toHex(buildDeviation())],
      ],
    );
  });

  test("loses one bad deviation and none of its neighbours", () => {
    const bad = buildDeviation({ descriptions: sequence() });
    const list = read(buildDeviation(), bad, everything);
    assert.deepEqual(
      list.deviations.map(({ index }) => index),
      [0, 2],
    );
    assert.deepEqual(
      list.rejections.map(({ kind, foundIn, index, der, reason }) => [
        kind,
        foundIn,
        index,
        toHex(der),
        reason.code,
      ]),
      [["deviation", "list", 1, toHex(bad), "DER_SYNTAX"]],
    );
  });

  test("has the certificates and CRLs of its envelope", () => {
    const list = parseDeviationList(
      signDeviationList(buildDeviationList(), {
        certificates: context(0, buildCertificate()),
        crls: context(1, buildRevocationList()),
      }),
    );
    assert.deepEqual([list.envelopeCertificates.length, list.crls.length], [1, 1]);
    assert.deepEqual(
      list.findings.map(({ code, clause }) => [code, clause]),
      [["ENVELOPE_CRLS", "Doc 9303-12, Table 19"]],
    );
  });

  test("in pieces of BER is read in its content", () => {
    const content = buildDeviationList(everything);
    const pieces = indefinite(0x24, octetString(content.subarray(0, 7)), octetString(content.subarray(7)));
    const list = parseDeviationList(signDeviationList(content, { eContent: indefinite(0xa0, pieces) }));
    assert.deepEqual(list.content, content);
    assert.deepEqual(list.deviations[0]?.der, everything);
    assert.deepEqual(codesOf(list), ["NON_DER_ENVELOPE"]);
  });
});

describe("a deviation that is read in spite of its flaw", () => {
  const text = (value: Uint8Array) => buildDeviation({ descriptions: set(buildDeviationDescription(value)) });
  const documents = (...fields: readonly Uint8Array[]) => buildDeviation({ documents: sequence(...fields) });
  const period = (first: Uint8Array, last: Uint8Array) => documents(tlv(0xa4, first, last));
  const rows = [
    ["description in UTF8String", text(utf8String("Länderkennung")), "DEVIATION_FORM"],
    ["description in malformed UTF-8", text(tlv(0x0c, fromHex("4cff"))), "DEVIATION_FORM"],
    ["documentType of one letter", documents(tlv(0x80, fromHex("50"))), "DEVIATION_FORM"],
    ["documentNumbers in UTF8String", documents(tlv(0xa5, utf8String("C01"))), "DEVIATION_FORM"],
    [
      "issuingDate in UTCTime",
      period(utcTime("150101000000Z"), generalizedTime("20151231235959Z")),
      "TIME_FORM",
    ],
    [
      "issuingDate without seconds",
      period(generalizedTime("201501010000Z"), generalizedTime("20151231235959Z")),
      "TIME_FORM",
    ],
    [
      "issuingDate that ends before it begins",
      period(generalizedTime("20160101000000Z"), generalizedTime("20150101000000Z")),
      "VALIDITY_REVERSED",
    ],
    ["criterion that is not of this edition", documents(tlv(0x86, fromHex("01"))), "TRAILING_DATA"],
    [
      "description that goes on",
      buildDeviation({ descriptions: set(buildDeviationDescription(undefined, integer("01"))) }),
      "TRAILING_DATA",
    ],
  ] as const;
  for (const [flaw, deviation, code] of rows) {
    test(`${flaw}: ${code}`, () => {
      const list = read(deviation);
      assert.deepEqual([list.deviations.length, list.rejections], [1, []]);
      assert.deepEqual(
        list.findings.map((finding) => [finding.code, finding.clause]),
        [[code, "Doc 9303-12, 10.2"]],
      );
    });
  }

  test("is noted once, when the list is read, and not again when it is asked for", () => {
    const list = read(text(utf8String("Länderkennung")));
    for (let time = 0; time < 3; time++) {
      assert.equal(list.deviations[0]?.descriptions[0]?.description, "Länderkennung");
    }
    assert.deepEqual(codesOf(list), ["DEVIATION_FORM"]);
  });
});

describe("a deviation that is rejected", () => {
  const documents = (...fields: readonly Uint8Array[]) => buildDeviation({ documents: sequence(...fields) });
  const rows = [
    ["no SEQUENCE", integer("01"), "DER_SYNTAX"],
    ["in BER", indefinite(0x30, sequence(), set()), "DER_SYNTAX"],
    ["without descriptions", sequence(sequence()), "DER_SYNTAX"],
    ["with more than descriptions", sequence(sequence(), set(), set()), "DER_TRAILING_DATA"],
    [
      "with a description that is no string",
      buildDeviation({ descriptions: set(buildDeviationDescription(integer("01"))) }),
      "DER_SYNTAX",
    ],
    [
      "with a description of no type",
      buildDeviation({ descriptions: set(sequence(printableString("x"))) }),
      "DER_SYNTAX",
    ],
    ["with a name that is none", documents(context(1, sequence(integer("01")), integer("01"))), "DER_SYNTAX"],
    ["with a name alone", documents(context(1, sampleName)), "DER_SYNTAX"],
    [
      "with times that are none",
      documents(tlv(0xa4, printableString("2015"), printableString("2016"))),
      "DER_SYNTAX",
    ],
    ["with half a period", documents(tlv(0xa4, generalizedTime("20150101000000Z"))), "DER_TRUNCATED"],
  ] as const;
  for (const [flaw, deviation, code] of rows) {
    test(`${flaw}: ${code}`, () => {
      const { deviations, rejections } = read(deviation);
      assert.equal(deviations.length, 0);
      assert.deepEqual(
        rejections.map(({ reason }) => reason.code),
        [code],
      );
    });
  }
});

describe("the list around the deviations", () => {
  const deviation = buildDeviation();
  const digest = buildDeviation({ documents: sequence(tlv(0x83, new Uint8Array(20))) });
  const unsignedAttrs = context(1, sequence(oid("1.2.3"), set(integer("01"))));
  const rows = [
    ["another version", signDeviationList(sequence(integer("01"), set(deviation))), ["VERSION_UNEXPECTED"]],
    ["no digestAlgorithm", signDeviationList(sequence(integer("00"), set(deviation))), []],
    [
      "no digestAlgorithm for a digest",
      signDeviationList(sequence(integer("00"), set(digest))),
      ["DEVIATION_FORM"],
    ],
    [
      "more behind the deviations",
      signDeviationList(sequence(integer("00"), set(deviation), set())),
      ["TRAILING_DATA"],
    ],
    [
      "more behind the list",
      signDeviationList(concat(buildDeviationList(deviation), fromHex("00"))),
      ["TRAILING_DATA"],
    ],
    [
      "deviations out of order",
      signDeviationList(buildDeviationList(everything, deviation, deviation)),
      ["SET_OF_ORDER"],
    ],
    [
      "unsigned attributes",
      signDeviationList(buildDeviationList(), { signerInfos: set(buildSignerInfo({ unsignedAttrs })) }),
      ["UNSIGNED_ATTRIBUTES"],
    ],
    [
      "no signing time",
      signDeviationList(buildDeviationList(), {
        signerInfos: set(buildSignerInfo({ signedAttrs: concat() })),
      }),
      ["SIGNING_TIME_MISSING"],
    ],
  ] as const;
  for (const [what, bytes, codes] of rows) {
    test(`with ${what} is read`, () => assert.deepEqual(codesOf(parseDeviationList(bytes)), codes));
  }

  test("may have unsigned attributes where it is a Master List: Table 18 allows them", () => {
    const signerInfos = set(buildSignerInfo({ unsignedAttrs }));
    assert.deepEqual(parseMasterList(buildSignedData(buildCscaMasterList(), { signerInfos })).findings, []);
  });
});

describe("limits", () => {
  const bytes = signDeviationList(buildDeviationList(buildDeviation(), everything));

  test("maxEntries bounds deviations, descriptions and document numbers together", () => {
    // Two deviations, one description and three, two document numbers.
    assert.equal(parseDeviationList(bytes, { limits: { maxEntries: 8 } }).deviations.length, 2);
    assert.throws(() => parseDeviationList(bytes, { limits: { maxEntries: 7 } }), { code: "LIMIT_EXCEEDED" });
  });

  test("maxRejections bounds the deviations that cannot be read", () => {
    const bad = signDeviationList(buildDeviationList(integer("01"), integer("02")));
    assert.equal(parseDeviationList(bad, { limits: { maxRejections: 2 } }).rejections.length, 2);
    assert.throws(() => parseDeviationList(bad, { limits: { maxRejections: 1 } }), {
      code: "LIMIT_EXCEEDED",
    });
  });

  test("maxBytes bounds the whole", () => {
    assert.doesNotThrow(() => parseDeviationList(bytes, { limits: { maxBytes: bytes.length } }));
    assert.throws(() => parseDeviationList(bytes, { limits: { maxBytes: bytes.length - 1 } }), {
      code: "LIMIT_EXCEEDED",
    });
  });
});

describe("a list is opened as what it says that it is", () => {
  const open = (bytes: Uint8Array, reading: Partial<PartReading> = {}) =>
    openSignedObject({ ...readingOf(bytes, {}), ...reading });

  test("a Deviation List, a Master List, a bare one", () => {
    const lists = [
      signDeviationList(buildDeviationList()),
      buildSignedData(buildCscaMasterList()),
      buildCscaMasterList(),
    ];
    assert.deepEqual(
      lists.map((list) => open(list).kind),
      ["deviation-list", "master-list", "bare-master-list"],
    );
    assert.deepEqual(
      lists.map((list) => isDeviationList(open(list))),
      [true, false, false],
    );
  });

  test("with the part of the file that it stands in", () => {
    const origin = { name: "list.dl", offset: 42 };
    const bytes = signDeviationList(buildDeviationList(integer("01")), {
      certificates: context(0, buildCertificate()),
    });
    const list = open(bytes, { origin });
    assert.deepEqual(list.origin, origin);
    assert.deepEqual(
      [...list.envelopeCertificates, ...list.rejections].map((part) => part.origin),
      [origin, origin],
    );
  });

  const refusals = [
    [
      "an EF.SOD",
      "2.23.136.1.1.1",
      /the LDS security object of a document's EF\.SOD \(2\.23\.136\.1\.1\.1\)/,
    ],
    [
      "an EF.SOD by its other OID",
      "1.3.27.1.1.1",
      /the LDS security object of a document's EF\.SOD \(1\.3\.27\.1\.1\.1\)/,
    ],
    ["plain data", "1.2.840.113549.1.7.1", /plain data/],
    [
      "a type of another field",
      "1.2.3.4",
      /of type 1\.2\.3\.4, expected a CSCA Master List or a Deviation List/,
    ],
  ] as const;
  for (const [what, eContentType, message] of refusals) {
    test(`${what} is refused, and named`, () => {
      const bytes = buildSignedData(buildCscaMasterList(), { eContentType });
      assert.throws(() => open(bytes), { name: "CertParserError", code: "CMS_CONTENT_TYPE", message });
    });
  }

  test("parseMasterList and parseDeviationList each refuse what is for the other", () => {
    assert.throws(() => parseMasterList(signDeviationList(buildDeviationList())), {
      code: "CMS_CONTENT_TYPE",
      message: /is a Deviation List .*, expected a CSCA Master List/,
    });
    assert.throws(() => parseDeviationList(buildSignedData(buildCscaMasterList())), {
      code: "CMS_CONTENT_TYPE",
      message: /is a CSCA Master List .*, expected a Deviation List/,
    });
  });
});

describe("a damaged Deviation List", () => {
  const bytes = signDeviationList(buildDeviationList(buildDeviation(), everything), {
    certificates: context(0, buildCertificate()),
  });
  const readAll = (input: Uint8Array) => {
    const list = parseDeviationList(input, { sha256: toHex });
    return { list, records: list.deviations.map(toDeviationRecord) };
  };

  test("is refused at every byte that it is cut off at", () => {
    for (let length = 0; length < bytes.length; length++) {
      const error = outcomeOf(() => readAll(bytes.subarray(0, length)));
      assert.ok(error instanceof CertParserError, `${length} bytes were read`);
    }
  });

  test("with one byte changed is read, or refused with a CertParserError, and the same amid other bytes", () => {
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

  test("of any content is read, or refused with a CertParserError", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 24 }), { maxLength: 4 }), (contents) => {
        const deviations = contents.map((content) => sequence(sequence(content), set(sequence(content))));
        describeOutcome(outcomeOf(() => readAll(signDeviationList(buildDeviationList(...deviations)))));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

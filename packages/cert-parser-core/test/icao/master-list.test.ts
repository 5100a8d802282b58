import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, fromHex, parseMasterList, toHex } from "cert-parser-core";
import {
  concat,
  contentOf,
  context,
  indefinite,
  integer,
  octetString,
  sequence,
  set,
} from "../der-writer.ts";
import { describeOutcome, outcomeOf } from "../outcome.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  unreadableCertificate,
} from "../specimens.ts";

const one = buildCertificate({ serialNumber: integer("01") });
const two = buildCertificate({ serialNumber: integer("02") });
const three = buildCertificate({ serialNumber: integer("03") });

function serialsOf(list: {
  readonly certificates: readonly { readonly serialNumber: Uint8Array }[];
}): readonly string[] {
  return list.certificates.map(({ serialNumber }) => toHex(serialNumber));
}

const wrappings = [
  ["in CMS", "master-list", (content: Uint8Array) => buildSignedData(content)],
  ["bare", "bare-master-list", (content: Uint8Array) => content],
] as const;

for (const [where, kind, wrap] of wrappings) {
  describe(`a CscaMasterList, ${where}`, () => {
    test("gives its certificates in the order of the list, not sorted", () => {
      const list = parseMasterList(wrap(buildCscaMasterList(three, one, two)));
      assert.equal(list.kind, kind);
      assert.equal(list.version, 0);
      assert.deepEqual(serialsOf(list), ["03", "01", "02"]);
      assert.deepEqual(
        list.certificates.map(({ index, foundIn }) => [index, foundIn]),
        [
          [0, "list"],
          [1, "list"],
          [2, "list"],
        ],
      );
      assert.deepEqual(list.rejections, []);
      assert.deepEqual(
        list.findings.map(({ code }) => code),
        ["SET_OF_ORDER"],
      );
    });

    test("notes the first certificate that should stand before its neighbour, once", () => {
      const bytes = wrap(buildCscaMasterList(two, three, one, two, one));
      const found = parseMasterList(bytes).findings.filter(({ code }) => code === "SET_OF_ORDER");
      assert.deepEqual(
        found.map(({ offset }) => toHex(bytes.subarray(offset, offset + one.length))),
        [toHex(one)],
      );
      assert.deepEqual(parseMasterList(wrap(buildCscaMasterList(one, two, three))).findings, []);
    });

    test("may be empty", () => {
      const list = parseMasterList(wrap(buildCscaMasterList()));
      assert.deepEqual([list.certificates, list.rejections, list.findings], [[], [], []]);
    });

    test("loses one bad certificate and none of its neighbours", () => {
      const content = buildCscaMasterList(one, unreadableCertificate, three);
      const bytes = wrap(content);
      const list = parseMasterList(bytes, { sha256: () => "digest" });
      assert.deepEqual(serialsOf(list), ["01", "03"]);
      assert.deepEqual(
        list.certificates.map(({ index }) => index),
        [0, 2],
      );
      const [rejection] = list.rejections;
      assert.ok(rejection && list.rejections.length === 1);
      const { offset, der, reason, ...rest } = rejection;
      assert.deepEqual(rest, {
        kind: "certificate",
        foundIn: "list",
        index: 1,
        origin: undefined,
        sha256: "digest",
      });
      assert.deepEqual(der, unreadableCertificate);
      assert.deepEqual(bytes.subarray(offset, offset + der.length), der);
      assert.equal(reason.code, "DER_SYNTAX");
      assert.equal(typeof reason.path, "string");
      assert.ok(reason.offset >= offset && reason.offset <= offset + der.length);
    });

    test("rejects an element that is no SEQUENCE, alone", () => {
      const { rejections, certificates } = parseMasterList(wrap(buildCscaMasterList(integer("2a"), one)));
      assert.equal(certificates.length, 1);
      assert.deepEqual(
        rejections.map(({ index, reason }) => [index, reason.code]),
        [[0, "DER_SYNTAX"]],
      );
    });

    test("rejects a certificate in BER, alone: its signature is over DER", () => {
      const { rejections, certificates } = parseMasterList(
        wrap(buildCscaMasterList(indefinite(0x30, contentOf(one)), two)),
      );
      assert.equal(certificates.length, 1);
      assert.equal(rejections.length, 1);
    });

    test("notes each certificate that stands there again, at the place where it does", () => {
      const bytes = wrap(buildCscaMasterList(one, two, one, one));
      const list = parseMasterList(bytes);
      assert.equal(list.certificates.length, 4);
      const found = list.findings.filter(({ code }) => code === "DUPLICATE_CERTIFICATE");
      assert.deepEqual(
        found.map(({ offset }) => toHex(bytes.subarray(offset, offset + one.length))),
        [toHex(one), toHex(one)],
      );
    });

    test("does not take two certificates with one signature for one", () => {
      const list = parseMasterList(wrap(buildCscaMasterList(one, two)));
      assert.deepEqual(one.subarray(-16), two.subarray(-16));
      assert.deepEqual(list.findings, []);
    });

    test("of another version is read, and noted", () => {
      const list = parseMasterList(wrap(sequence(integer("01"), set(one))));
      assert.equal(list.version, 1);
      assert.deepEqual(
        list.findings.map(({ code }) => code),
        ["VERSION_UNEXPECTED"],
      );
    });

    test("that goes on after its certificates is read, and noted", () => {
      const list = parseMasterList(wrap(sequence(integer("00"), set(one), octetString())));
      assert.deepEqual(
        list.findings.map(({ code }) => code),
        ["TRAILING_DATA"],
      );
    });

    test("that bytes follow is read, and noted", () => {
      const list = parseMasterList(wrap(concat(buildCscaMasterList(one), fromHex("0a"))));
      assert.equal(list.certificates.length, 1);
      assert.deepEqual(
        list.findings.map(({ code }) => code),
        ["TRAILING_DATA"],
      );
    });

    test("cannot be read when the frame of a certificate runs past the list", () => {
      const content = buildCscaMasterList(one, fromHex("30820fff"));
      assert.throws(() => parseMasterList(wrap(content)), { code: "DER_TRUNCATED" });
    });

    test("cannot be read when its version is no number of 32 bits", () => {
      assert.throws(() => parseMasterList(wrap(sequence(integer("0100000000"), set(one)))), {
        code: "DER_SYNTAX",
      });
    });
  });
}

describe("what is no Master List", () => {
  // The type of a ContentInfo takes eleven bytes.
  const explicit = contentOf(buildSignedData(buildCscaMasterList(one))).subarray(11);
  const withoutContentInfo = contentOf(explicit);
  const inputs = [
    ["nothing", concat(), "DER_SYNTAX"],
    ["text", new TextEncoder().encode("not a list"), "DER_TRUNCATED"],
    ["a certificate", one, "DER_SYNTAX"],
    ["a CRL", buildRevocationList(), "DER_SYNTAX"],
    ["an empty SEQUENCE", sequence(), "DER_SYNTAX"],
    ["a version alone", sequence(integer("00")), "DER_SYNTAX"],
    ["a SEQUENCE of certificates", sequence(integer("00"), sequence(one)), "DER_SYNTAX"],
    ["SignedData without its ContentInfo", withoutContentInfo, "DER_SYNTAX"],
    ["zeros", new Uint8Array(1000), "DER_SYNTAX"],
  ] as const;
  for (const [what, bytes, code] of inputs) {
    test(`${what} is refused`, () => {
      assert.throws(() => parseMasterList(bytes), { name: "CertParserError", code });
    });
  }
});

describe("parts of the envelope", () => {
  test("are told from those of the list by where they were found", () => {
    const crl = buildRevocationList();
    const list = parseMasterList(
      buildSignedData(buildCscaMasterList(one), {
        certificates: context(0, two, one),
        crls: context(1, crl),
      }),
    );
    assert.deepEqual(serialsOf(list), ["01"]);
    assert.deepEqual(serialsOf({ certificates: list.envelopeCertificates }), ["02", "01"]);
    assert.equal(list.crls.length, 1);
    // Twice in the file, but once in the list: no duplicate.
    assert.deepEqual(
      list.findings.map(({ code, clause }) => [code, clause]),
      [["ENVELOPE_CRLS", "Doc 9303-12, Table 18"]],
    );
  });
});

test("a Buffer of Node is read like the bytes that it holds", () => {
  const bytes = buildSignedData(buildCscaMasterList(one, two), { crls: context(1, buildRevocationList()) });
  assert.equal(describeOutcome(parseMasterList(Buffer.from(bytes))), describeOutcome(parseMasterList(bytes)));
});

test("every prefix of a list is refused", () => {
  const bytes = buildSignedData(buildCscaMasterList(one), { certificates: context(0, two) });
  for (let length = 0; length < bytes.length; length++) {
    const error = outcomeOf(() => parseMasterList(bytes.subarray(0, length)));
    assert.ok(error instanceof CertParserError, `${length} bytes were read`);
  }
});

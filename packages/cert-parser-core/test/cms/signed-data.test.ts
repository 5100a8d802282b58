import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, type MasterList, parseMasterList, toHex } from "cert-parser-core";
import {
  concat,
  contentOf,
  context,
  indefinite,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tlv,
} from "../der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  buildSignerInfo,
} from "../specimens.ts";

const certificate = buildCertificate();
const content = buildCscaMasterList(certificate, buildCertificate({ serialNumber: integer("02") }));

function codesOf({ findings }: MasterList): readonly string[] {
  return findings.map(({ code }) => code);
}

describe("SignedData, RFC 5652 section 5.1", () => {
  test("gives its content as a view, and the place of each part in the input", () => {
    const bytes = buildSignedData(content, {
      certificates: context(0, certificate),
      crls: context(1, buildRevocationList()),
    });
    const list = parseMasterList(bytes);
    assert.equal(list.kind, "master-list");
    assert.deepEqual(list.content, content);
    assert.equal(list.content.buffer, bytes.buffer);
    assert.deepEqual(codesOf(list), ["ENVELOPE_CRLS"]);
    const parts = [...list.certificates, ...list.envelopeCertificates, ...list.crls];
    assert.deepEqual(
      parts.map(({ foundIn, index }) => [foundIn, index]),
      [
        ["list", 0],
        ["list", 1],
        ["envelope", 0],
        ["envelope", 0],
      ],
    );
    for (const { der, offset } of parts) {
      assert.deepEqual(bytes.subarray(offset, offset + der.length), der);
      assert.equal(der.buffer, bytes.buffer);
    }
  });

  test("needs neither certificates nor CRLs nor signers", () => {
    const list = parseMasterList(buildSignedData(content, { signerInfos: set() }));
    assert.deepEqual([list.envelopeCertificates, list.crls, list.signers], [[], [], []]);
    assert.equal(list.certificates.length, 2);
  });

  test("may hold parts that are neither certificates nor CRLs: each is a rejection", () => {
    const attributeCertificate = context(2, sequence());
    const otherRevocationInfo = context(1, sequence());
    const list = parseMasterList(
      buildSignedData(content, {
        certificates: context(0, attributeCertificate, certificate),
        crls: context(1, otherRevocationInfo),
      }),
    );
    assert.equal(list.envelopeCertificates.length, 1);
    assert.equal(list.envelopeCertificates[0]?.index, 1);
    assert.deepEqual(
      list.rejections.map(({ kind, foundIn, index, der, reason }) => [
        kind,
        foundIn,
        index,
        toHex(der),
        reason.code,
      ]),
      [
        ["certificate", "envelope", 0, "a2023000", "DER_SYNTAX"],
        ["crl", "envelope", 0, "a1023000", "DER_SYNTAX"],
      ],
    );
  });

  const rejected = [
    [
      "a ContentInfo of another type",
      buildSignedData(content, { contentInfoType: "1.2.840.113549.1.7.1" }),
      "CMS_CONTENT_TYPE",
    ],
    [
      "content of another type",
      buildSignedData(content, { eContentType: "2.23.136.1.1.1" }),
      "CMS_CONTENT_TYPE",
    ],
    [
      "no content: a detached signature",
      buildSignedData(content, { eContent: concat() }),
      "CMS_CONTENT_MISSING",
    ],
    [
      "content that is no OCTET STRING",
      buildSignedData(content, { eContent: context(0, content) }),
      "DER_SYNTAX",
    ],
    ["content without its [0]", buildSignedData(content, { eContent: octetString(content) }), "DER_SYNTAX"],
    ["content that is no CscaMasterList", buildSignedData(octetString(certificate)), "DER_SYNTAX"],
    ["empty content", buildSignedData(concat()), "DER_SYNTAX"],
    ["content that is cut off", buildSignedData(content.subarray(0, 40)), "DER_TRUNCATED"],
    ["no signerInfos", buildSignedData(content, { signerInfos: concat() }), "DER_SYNTAX"],
    ["signerInfos that are no SET", buildSignedData(content, { signerInfos: sequence() }), "DER_SYNTAX"],
    [
      "something after the signerInfos",
      buildSignedData(content, { rest: integer("01") }),
      "DER_TRAILING_DATA",
    ],
    [
      "certificates after the CRLs",
      buildSignedData(content, { crls: concat(context(1), context(0)) }),
      "DER_SYNTAX",
    ],
    ["a ContentInfo without content", sequence(oid("1.2.840.113549.1.7.2")), "DER_SYNTAX"],
    [
      "SignedData that is no SEQUENCE",
      sequence(oid("1.2.840.113549.1.7.2"), context(0, set())),
      "DER_SYNTAX",
    ],
  ] as const;

  for (const [flaw, bytes, code] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => parseMasterList(bytes), { name: "CertParserError", code });
    });
  }

  const contentless = [
    ["a detached signature", {}, "CMS carries no content: its signature is a detached one"],
    [
      "a bundle of certificates",
      { signerInfos: set(), certificates: context(0, certificate, certificate) },
      "CMS carries no content and no signers, only 2 certificates and 0 CRLs",
    ],
    [
      "an empty envelope",
      { signerInfos: set() },
      "CMS carries no content and no signers, only 0 certificates and 0 CRLs",
    ],
  ] as const;
  for (const [what, parts, message] of contentless) {
    test(`without content, says that it is ${what}`, () => {
      const bytes = buildSignedData(content, { eContent: concat(), ...parts });
      assert.throws(() => parseMasterList(bytes), { code: "CMS_CONTENT_MISSING", message });
    });
  }

  test("bytes after the ContentInfo are noted and left alone", () => {
    const bytes = concat(buildSignedData(content), fromHex("0d0a"));
    const list = parseMasterList(bytes);
    assert.deepEqual(
      list.findings.map(({ code, offset }) => [code, offset]),
      [["TRAILING_DATA", bytes.length - 2]],
    );
  });
});

describe("SignedData in BER, RFC 5652 section 2", () => {
  const eContent = (string: Uint8Array) => indefinite(0xa0, string);
  const halves = [content.subarray(0, 100), content.subarray(100)].map((half) => octetString(half));

  /** The ContentInfo with indefinite lengths outside. */
  function inBer(parts: Uint8Array): Uint8Array {
    const signedData = contentOf(contentOf(contentOf(parts).subarray(oid("1.2.840.113549.1.7.2").length)));
    return indefinite(0x30, oid("1.2.840.113549.1.7.2"), indefinite(0xa0, indefinite(0x30, signedData)));
  }

  const forms = [
    ["indefinite lengths outside", inBer(buildSignedData(content))],
    ["content in pieces", buildSignedData(content, { eContent: eContent(tlv(0x24, ...halves)) })],
    [
      "content in pieces of indefinite length",
      inBer(buildSignedData(content, { eContent: eContent(indefinite(0x24, ...halves)) })),
    ],
    [
      "content in pieces of pieces",
      inBer(buildSignedData(content, { eContent: eContent(indefinite(0x24, tlv(0x24, ...halves))) })),
    ],
    [
      "sets of indefinite length",
      inBer(
        buildSignedData(content, {
          certificates: indefinite(0xa0, certificate),
          crls: indefinite(0xa1, buildRevocationList()),
          signerInfos: indefinite(0x31, buildSignerInfo()),
        }),
      ),
    ],
  ] as const;

  for (const [form, bytes] of forms) {
    test(`is read with ${form}, and noted`, () => {
      const list = parseMasterList(bytes);
      assert.deepEqual(list.content, content);
      assert.deepEqual(
        list.certificates.map(({ serialNumber }) => toHex(serialNumber)),
        ["01", "02"],
      );
      assert.equal(list.signers.length, 1);
      const crlCodes = list.crls.length > 0 ? ["ENVELOPE_CRLS"] : [];
      assert.deepEqual(codesOf(list), ["NON_DER_ENVELOPE", ...crlCodes]);
      assert.deepEqual(list.rejections, []);
    });
  }

  test("with content in pieces, places in the list are places in the content", () => {
    const bytes = buildSignedData(content, { eContent: eContent(tlv(0x24, ...halves)) });
    const list = parseMasterList(bytes);
    for (const { offset, der } of list.certificates) {
      assert.deepEqual(list.content.subarray(offset, offset + der.length), der);
    }
  });

  test("a length that is not in its shortest form is noted where it stands", () => {
    const der = buildSignedData(content);
    const bytes = concat(
      fromHex("3083"),
      Uint8Array.of(0, (der[2] as number) & 0xff, der[3] as number),
      contentOf(der),
    );
    assert.equal(der[1], 0x82);
    assert.deepEqual(
      parseMasterList(bytes).findings.map(({ code, offset }) => [code, offset]),
      [["NON_DER_ENVELOPE", 0]],
    );
  });

  test("without its end-of-contents it is cut off", () => {
    const bytes = inBer(buildSignedData(content));
    assert.throws(() => parseMasterList(bytes.subarray(0, bytes.length - 2)), { code: "DER_TRUNCATED" });
  });
});

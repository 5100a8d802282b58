import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex, parseCertificate } from "cert-parser-core";
import { concat, integer, oid, sequence, tlv, utf8String } from "../der-writer.ts";
import { buildCertificate, extension, extensions, sampleKeyUsage } from "../specimens.ts";

const ia5 = (text: string) => tlv(0x16, new TextEncoder().encode(text));
const policy = oid("1.2.3.4");
const cps = (uri: Uint8Array) => sequence(oid("1.3.6.1.5.5.7.2.1"), uri);
const notice = (...content: readonly Uint8Array[]) =>
  sequence(oid("1.3.6.1.5.5.7.2.2"), sequence(...content));

function read(value: Uint8Array) {
  const { certificatePolicies, findings } = parseCertificate(
    buildCertificate({ extensions: extensions(sampleKeyUsage, extension("2.5.29.32", value)) }),
  );
  return { policies: certificatePolicies, codes: findings.map(({ code }) => code) };
}

describe("certificatePolicies", () => {
  const bare = { policyIdentifier: "1.2.3.4", cPSuris: [], userNotices: [] };
  const reference = sequence(utf8String("Utopia"), sequence(integer("01"), integer("07")));
  const noticeRef = { organization: "Utopia", noticeNumbers: [1, 7] };
  const bmp = tlv(0x1e, fromHex("00480069"));
  const rows = [
    ["an OID alone", sequence(sequence(policy)), [bare]],
    [
      "two policies",
      sequence(sequence(policy), sequence(oid("2.5.29.32.0"))),
      [bare, { ...bare, policyIdentifier: "2.5.29.32.0" }],
    ],
    [
      "the URI of a statement",
      sequence(sequence(policy, sequence(cps(ia5("https://example.org/cps"))))),
      [{ ...bare, cPSuris: ["https://example.org/cps"] }],
    ],
    [
      "a notice to users",
      sequence(sequence(policy, sequence(notice(reference, bmp)))),
      [{ ...bare, userNotices: [{ noticeRef, explicitText: "Hi" }] }],
    ],
    [
      "an empty notice",
      sequence(sequence(policy, sequence(notice()))),
      [{ ...bare, userNotices: [{ noticeRef: undefined, explicitText: undefined }] }],
    ],
    [
      "a qualifier of another kind",
      sequence(sequence(policy, sequence(sequence(oid("1.2"), integer("01"))))),
      [bare],
    ],
    ["no policy", sequence(), [], "EXTENSION_EMPTY"],
    ["no SEQUENCE", policy, undefined, "EXTENSION_MALFORMED"],
    ["a policy without an OID", sequence(sequence()), undefined, "EXTENSION_MALFORMED"],
    [
      "a policy with something after it",
      sequence(sequence(policy, sequence(), sequence())),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    [
      "a URI that is a number",
      sequence(sequence(policy, sequence(cps(integer("01"))))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    [
      "UTF-8 that is none",
      sequence(sequence(policy, sequence(cps(tlv(0x0c, fromHex("ff")))))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    [
      "a notice of three parts",
      sequence(sequence(policy, sequence(notice(reference, bmp, bmp)))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    ["something after them", concat(sequence(sequence(policy)), policy), undefined, "EXTENSION_MALFORMED"],
  ] as const;
  for (const [what, value, policies, ...codes] of rows) {
    test(`reads ${what}`, () => {
      assert.deepEqual(read(value), { policies, codes });
    });
  }
});

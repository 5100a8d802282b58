import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isPem, readPem } from "../../src/containers/pem.ts";
import { CertParserError } from "../../src/errors.ts";
import { defaultLimits } from "../../src/limits.ts";
import { ascii, base64Lines } from "../ascii.ts";

const content = Uint8Array.from({ length: 100 }, (_, index) => index);

function block(label: string, body: string, lineEnd = "\n"): string {
  return `-----BEGIN ${label}-----${lineEnd}${body}${lineEnd}-----END ${label}-----${lineEnd}`;
}

function labelsOf(text: string): readonly string[] {
  return readPem(ascii(text), defaultLimits).blocks.map(({ label }) => label);
}

describe("readPem reads", () => {
  const forms: readonly (readonly [form: string, text: string])[] = [
    ["lines of 64 characters", block("CERTIFICATE", base64Lines(content))],
    ["lines of 76 characters", block("CERTIFICATE", base64Lines(content, 76))],
    ["one line", block("CERTIFICATE", base64Lines(content, 9999))],
    [
      "everything in one line, as an environment variable holds it",
      block("CERTIFICATE", base64Lines(content, 9999), ""),
    ],
    ["CRLF", block("CERTIFICATE", base64Lines(content, 64, "\r\n"), "\r\n")],
    ["lines that end in a return alone", block("CERTIFICATE", base64Lines(content, 64, "\r"), "\r")],
    [
      "text before and after",
      `subject=CN = a -- b\n${block("CERTIFICATE", base64Lines(content))}# end -----`,
    ],
    ["lines that are indented", block("CERTIFICATE", base64Lines(content, 64, "\n  "), "\n  ")],
    [
      "headers as RFC 1421 has them",
      block("CERTIFICATE", `Proc-Type: 4,CLEAR\nX-Of: a\n\n${base64Lines(content)}`),
    ],
    ["an end without a line feed", block("CERTIFICATE", base64Lines(content)).trimEnd()],
    [
      "an end with another label",
      block("CERTIFICATE", base64Lines(content)).replace("END CERTIFICATE", "END X"),
    ],
  ];
  for (const [form, text] of forms) {
    test(form, () => {
      const { blocks, findings } = readPem(ascii(text), defaultLimits);
      assert.deepEqual(findings, []);
      assert.deepEqual(
        blocks.map(({ label }) => label),
        ["CERTIFICATE"],
      );
      assert.deepEqual(blocks[0]?.content, content);
      assert.equal(blocks[0]?.offset, text.indexOf("-----BEGIN"));
    });
  }

  test("several blocks of several kinds, in their order", () => {
    const body = base64Lines(content);
    const text = ["CERTIFICATE", "X509 CRL", "PKCS7", "PKCS #7 SIGNED DATA"]
      .map((label) => block(label, body))
      .join("");
    assert.deepEqual(labelsOf(text), ["CERTIFICATE", "X509 CRL", "PKCS7", "PKCS #7 SIGNED DATA"]);
  });
});

describe("readPem passes over, with a finding,", () => {
  const good = block("CERTIFICATE", base64Lines(content));
  const flaws: readonly (readonly [flaw: string, text: string, message: RegExp])[] = [
    ["a block that nothing ends", `${good}-----BEGIN CERTIFICATE-----\nQUJD\n`, /no -----END/],
    ["a block in which another begins", `-----BEGIN X509 CRL-----\nQUJD\n${good}`, /no -----END/],
    ["a block that is no base64", `${block("CERTIFICATE", "QU?D")}${good}`, /none of its digits/],
    ["headers that do not end", `${block("CERTIFICATE", "Proc-Type: 4\nQUJD")}${good}`, /headers do not end/],
  ];
  for (const [flaw, text, message] of flaws) {
    test(flaw, () => {
      const { blocks, findings } = readPem(ascii(text), defaultLimits);
      assert.deepEqual(
        blocks.map(({ content: read }) => read),
        [content],
      );
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["PEM_BLOCK_SKIPPED"],
      );
      assert.match(findings[0]?.message ?? "", message);
    });
  }

  test("but not boundaries that are none: too few dashes, no label, a label over a line", () => {
    for (const text of [
      "----BEGIN A-----",
      "-----BEGIN -----",
      "-----BEGIN A\nB-----",
      "-----Begin A-----",
      "-------",
    ]) {
      assert.equal(isPem(ascii(text)), false, text);
      assert.deepEqual(readPem(ascii(text), defaultLimits), { blocks: [], findings: [] }, text);
    }
  });
});

test("readPem stops at as many blocks as are allowed", () => {
  const text = ascii(block("CERTIFICATE", "QUJD").repeat(3));
  assert.equal(readPem(text, { ...defaultLimits, maxEntries: 3 }).blocks.length, 3);
  assert.throws(() => readPem(text, { ...defaultLimits, maxEntries: 2 }), { code: "LIMIT_EXCEEDED" });
});

test("readPem throws nothing but CertParserError, whatever stands between the dashes", () => {
  const pieces = [
    "-----BEGIN ",
    "-----END ",
    "CERTIFICATE",
    "-----",
    "\n",
    "\r\n",
    "QUJD",
    "=",
    ":",
    "\n\n",
    " ",
    "\0",
  ];
  const property = fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (chosen) => {
    try {
      readPem(ascii(chosen.join("")), defaultLimits);
    } catch (error) {
      assert.ok(error instanceof CertParserError, String(error));
    }
  });
  fc.assert(property, { seed: 4, numRuns: 2000 });
});

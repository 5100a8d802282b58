import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createBase64Decoder, decodeBase64 } from "../../src/containers/base64.ts";
import { CertParserError } from "../../src/errors.ts";
import { ascii } from "../ascii.ts";

describe("decodeBase64", () => {
  test("gives back what was encoded, whatever white space and padding", () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 80 }),
      fc.boolean(),
      (bytes, width, padded) => {
        const text = Buffer.from(bytes)
          .toString("base64")
          .replace(new RegExp(`.{${width}}`, "g"), "$&\r\n ");
        assert.deepEqual(
          Buffer.from(decodeBase64(ascii(padded ? text : text.replaceAll("=", "")))),
          Buffer.from(bytes),
        );
      },
    );
    fc.assert(property, { seed: 1 });
  });

  const malformed = [
    ["a character that is no digit", "QUJD*A==", 4],
    ["one digit alone", "QUJDR", 5],
    ["padding at the beginning", "=QUJD", 0],
    ["padding after one digit", "Q===", 1],
    ["three pads", "QU===", 4],
    ["digits after the padding", "QUI=QUJD", 4],
    ["half of the padding", "QQ=", 3],
    ["the digits of base64url", "__--", 0],
  ] as const;
  for (const [flaw, text, offset] of malformed) {
    test(`refuses ${flaw}, and says where`, () => {
      assert.throws(() => decodeBase64(ascii(text)), {
        name: "CertParserError",
        code: "BASE64_SYNTAX",
        offset,
      });
    });
  }
});

describe("createBase64Decoder", () => {
  test("decodes one value after another, in pieces, and leaves those it gave alone", () => {
    const property = fc.property(
      fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 97 }),
      (values, width) => {
        const decoder = createBase64Decoder(16);
        const decoded = values.map((value) => {
          const text = ascii(Buffer.from(value).toString("base64"));
          for (let at = 0; at < text.length; at += width) {
            decoder.push(text, at, Math.min(at + width, text.length), at);
          }
          return decoder.finish(text.length);
        });
        assert.deepEqual(
          decoded.map((value) => Buffer.from(value)),
          values.map((value) => Buffer.from(value)),
        );
      },
    );
    fc.assert(property, { seed: 2, numRuns: 50 });
  });

  test("goes on after a value that was malformed, once it is reset", () => {
    const decoder = createBase64Decoder();
    const bad = ascii("QUJD!");
    assert.throws(() => decoder.push(bad, 0, bad.length, 100), { offset: 104 });
    decoder.reset();
    const good = ascii("QUI=");
    decoder.push(good, 0, good.length, 0);
    assert.deepEqual([...decoder.finish(4)], [0x41, 0x42]);
  });

  test("throws nothing but CertParserError, whatever the text", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), (text) => {
      try {
        assert.ok(decodeBase64(text).length <= (text.length * 3) / 4);
      } catch (error) {
        assert.ok(error instanceof CertParserError, String(error));
      }
    });
    fc.assert(property, { seed: 3, numRuns: 2000 });
  });
});

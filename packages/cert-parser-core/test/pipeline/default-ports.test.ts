import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundleParser, CertParserError } from "cert-parser-core";
import { buildCertificate, buildCscaMasterList } from "../specimens.ts";

const list = buildCscaMasterList(buildCertificate());
const { signal } = new AbortController();

describe("bundleParser", () => {
  test("gives the bundle", async () => {
    const parsed = await bundleParser().parse(list, signal);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.kind, "bare-master-list");
  });

  test("gives what cannot be read as a value, with the place and the cause", async () => {
    const parsed = await bundleParser().parse(list.subarray(0, 20), signal);
    assert.ok(!parsed.ok);
    const { code, reason, message, cause } = parsed.error;
    assert.deepEqual([code, reason], ["PARSE_ERROR", "DER_TRUNCATED"]);
    assert.match(message, /\(at byte \d+\)$/);
    assert.ok(cause instanceof CertParserError);
  });

  test("reads under the limits that it was given", async () => {
    const parsed = await bundleParser({ limits: { maxBytes: 10 } }).parse(list, signal);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.reason, "LIMIT_EXCEEDED");
  });

  test("lets an error through that is none of reading: the pipeline names it", async () => {
    const broken = new Error("no such digest");
    const parser = bundleParser({
      sha256: () => {
        throw broken;
      },
    });
    await assert.rejects(parser.parse(list, signal), (error) => error === broken);
  });
});

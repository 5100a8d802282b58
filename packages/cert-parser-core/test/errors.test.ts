import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, err, ok } from "cert-parser-core";

describe("CertParserError", () => {
  test("is an Error with a name, a code and an address", () => {
    const cause = new Error("underneath");
    const error = new CertParserError("DER_SYNTAX", "not a thing", { offset: 7, path: "Thing", cause });
    assert.ok(error instanceof Error);
    assert.deepEqual(
      [error.name, error.code, error.message, error.offset, error.path, error.cause],
      ["CertParserError", "DER_SYNTAX", "not a thing", 7, "Thing", cause],
    );
    assert.equal(String(error), "CertParserError: not a thing");
  });

  test("has no cause where there is none, and says so", () => {
    const error = new CertParserError("DER_SYNTAX", "not a thing");
    assert.equal("cause" in error, false);
    assert.deepEqual([error.offset, error.path], [undefined, undefined]);
  });

  test("keeps undefined for a cause when something threw undefined", () => {
    assert.equal("cause" in new CertParserError("DER_SYNTAX", "not a thing", { cause: undefined }), true);
  });
});

test("a Result is a value or an error", () => {
  assert.deepEqual(ok(5), { ok: true, value: 5 });
  assert.deepEqual(err("no"), { ok: false, error: "no" });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBody } from "../../src/download/http-body.ts";

describe("readBody", () => {
  const answer = (body: string | null, headers: Record<string, string>) => new Response(body, { headers });

  test("compares the body with its Content-Length, also where the runtime does not", async () => {
    for (const length of ["2", "4"]) {
      const result = await readBody(answer("abc", { "content-length": length }), { maxBytes: 100 });
      assert.ok(!result.ok);
      assert.deepEqual([result.error.reason, result.error.retry], ["TRUNCATED_BODY", true]);
      assert.equal(result.error.message, `sent 3 of the ${length} bytes that it announced`);
    }
  });

  test("does not compare a coded body, whose length is that before decoding", async () => {
    const headers = { "content-length": "2", "content-encoding": "gzip" };
    assert.equal((await readBody(answer("abc", headers), { maxBytes: 100 })).ok, true);
  });

  test("passes over a Content-Length that is no number", async () => {
    assert.equal((await readBody(answer("abc", { "content-length": "3, 3" }), { maxBytes: 100 })).ok, true);
  });

  test("reads an answer without a body as no bytes", async () => {
    const result = await readBody(answer(null, {}), { maxBytes: 100 });
    assert.ok(result.ok);
    assert.equal(result.value.length, 0);
  });
});

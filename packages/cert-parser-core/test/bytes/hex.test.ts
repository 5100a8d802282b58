import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "cert-parser-core";
import fc from "fast-check";

test("hex is written in lower case, two digits a byte", () => {
  assert.equal(toHex(Uint8Array.of(0, 1, 0x0f, 0xab, 0xff)), "00010fabff");
  assert.equal(toHex(new Uint8Array()), "");
});

test("hex of a view is of the view alone", () => {
  assert.equal(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3)), "0203");
});

test("hex is read in either case", () => {
  assert.deepEqual(fromHex("aBCd"), Uint8Array.of(0xab, 0xcd));
});

for (const text of ["a", "abc", "0x00", "gg", "a b ", "é0", "-1", "\n\n"]) {
  test(`${JSON.stringify(text)} is the caller's mistake`, () => {
    assert.throws(() => fromHex(text), TypeError);
  });
}

test("every byte string comes back as it was", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(fromHex(toHex(bytes)), bytes);
      assert.equal(toHex(bytes), Buffer.from(bytes).toString("hex"));
    }),
  );
});

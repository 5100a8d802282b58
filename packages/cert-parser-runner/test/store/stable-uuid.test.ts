import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stableUuid } from "../../src/store/stable-uuid.ts";

test("sets version 8 and the variant, and keeps all other bits of the first 16 bytes", () => {
  assert.equal(stableUuid("ff".repeat(32)), "ffffffff-ffff-8fff-bfff-ffffffffffff");
  assert.equal(stableUuid("00".repeat(32)), "00000000-0000-8000-8000-000000000000");
  assert.equal(
    stableUuid("0123456789abcdef0123456789abcdef00112233445566778899aabbccddeeff"),
    "01234567-89ab-8def-8123-456789abcdef",
  );
});

test("is a UUID of version 8 whatever the digest", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
      const uuid = stableUuid(Buffer.from(digest).toString("hex"));
      assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});

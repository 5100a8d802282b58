import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCertificate } from "cert-parser-core";
import { sha256 as nodeSha256 } from "cert-parser-core/node";
import fc from "fast-check";
import { portableSha256 } from "../../src/bytes/digest.ts";
import { buildCertificate } from "../specimens.ts";

const engines = [
  ["the portable SHA-256", portableSha256],
  ["the SHA-256 of cert-parser-core/node", nodeSha256],
] as const;

for (const [name, sha256] of engines) {
  describe(name, () => {
    // The examples that NIST publishes with FIPS 180-4, and the empty message.
    const vectors = [
      ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
      ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      [
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      ],
      ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
    ] as const;
    for (const [message, digest] of vectors) {
      test(`is right for ${message.length} bytes`, () => {
        assert.equal(sha256(new TextEncoder().encode(message)), digest);
      });
    }
  });
}

test("both hash alike, and a view as a copy of it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 20 }), (bytes, start) => {
      const view = bytes.subarray(start);
      assert.equal(nodeSha256(view), portableSha256(view));
      assert.equal(nodeSha256(view), nodeSha256(view.slice()));
    }),
  );
});

test("a certificate's fingerprint is the same by default as with the engine of node", () => {
  const der = buildCertificate();
  assert.equal(parseCertificate(der).sha256, parseCertificate(der, { sha256: nodeSha256 }).sha256);
});

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { p256Parameters } from "../src/crypto/curve.ts";

test("the parameters of P-256 that are written down are those that OpenSSL writes out", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1", paramEncoding: "explicit" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  assert.ok(spki.includes(Buffer.from(p256Parameters, "base64")));
});

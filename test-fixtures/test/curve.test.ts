import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { curves, writtenParameters } from "../src/crypto/curve.ts";

for (const [curve, written] of Object.entries(writtenParameters)) {
  test(`the parameters of ${curve} for runtimes that write none are those of OpenSSL`, () => {
    const { nodeName: namedCurve } = curves[curve as keyof typeof curves];
    const { publicKey } = generateKeyPairSync("ec", { namedCurve, paramEncoding: "explicit" });
    const spki = publicKey.export({ type: "spki", format: "der" });
    assert.ok(spki.includes(Buffer.from(written, "base64")));
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import * as main from "cert-parser-core";
import * as node from "cert-parser-core/node";

test("these are the names that cert-parser-core gives at run time", () => {
  assert.deepEqual(Object.keys(main).sort(), [
    "CertParserError",
    "bundleParser",
    "decodeCertificate",
    "decodeRevocationList",
    "defaultLimits",
    "err",
    "formatName",
    "fromHex",
    "minimalTrustPolicy",
    "ok",
    "parseCertificate",
    "parseMasterList",
    "parseName",
    "parseRevocationList",
    "readBundle",
    "revokedCertificateRecords",
    "summariseBundle",
    "sync",
    "toCertificateRecord",
    "toCrlRecord",
    "toHex",
  ]);
});

test("these are the names that cert-parser-core/node gives at run time", () => {
  assert.deepEqual(Object.keys(node).sort(), ["sha256"]);
});

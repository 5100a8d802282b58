import assert from "node:assert/strict";
import { test } from "node:test";
import * as main from "cert-parser-core";
import * as node from "cert-parser-core/node";

test("these are the names that cert-parser-core gives at run time", () => {
  assert.deepEqual(Object.keys(main).sort(), [
    "CertParserError",
    "applyDelta",
    "bundleParser",
    "decodeCertificate",
    "decodeRevocationList",
    "defaultLimits",
    "describeBundle",
    "describeCertificate",
    "describeSignatureAlgorithm",
    "err",
    "foldName",
    "formatName",
    "fromHex",
    "isDeviationList",
    "issuingStateOf",
    "minimalTrustPolicy",
    "ok",
    "parseCertificate",
    "parseDeviationList",
    "parseMasterList",
    "parseName",
    "parseRevocationList",
    "readBundle",
    "revokedCertificateRecords",
    "roleBasisOf",
    "roleOf",
    "summariseBundle",
    "sync",
    "toCertificateRecord",
    "toCrlRecord",
    "toDeviationRecord",
    "toHex",
  ]);
});

test("these are the names that cert-parser-core/node gives at run time", () => {
  assert.deepEqual(Object.keys(node).sort(), ["sha256"]);
});

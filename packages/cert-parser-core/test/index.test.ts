import assert from "node:assert/strict";
import { test } from "node:test";
import * as main from "cert-parser-core";
import * as node from "cert-parser-core/node";

test("these are the names that cert-parser-core gives at run time", () => {
  assert.deepEqual(Object.keys(main).sort(), [
    "CertParserError",
    "applyDelta",
    "bundleParser",
    "checkDocumentSigner",
    "checkSignature",
    "compareEditions",
    "countriesWithoutCsca",
    "createPortableEngine",
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
    "gatherAuthorities",
    "isDeviationList",
    "issuingStateOf",
    "judgeBundle",
    "judgeCertificates",
    "judgeRevocationList",
    "liftableCodes",
    "linkGraph",
    "noFacts",
    "nothingTrusted",
    "ok",
    "openCodes",
    "parseCertificate",
    "parseDeviationList",
    "parseMasterList",
    "parseName",
    "parseRevocationList",
    "readBundle",
    "resolveAnchors",
    "revocationStatus",
    "revokedCertificateRecords",
    "roleBasisOf",
    "roleOf",
    "stateFingerprint",
    "summariseBundle",
    "sync",
    "toCertificateRecord",
    "toCrlRecord",
    "toDeviationRecord",
    "toHex",
    "toKnownRevocationList",
    "trustPolicy",
    "trustStateOf",
    "verifyBundle",
    "verifyMasterList",
  ]);
});

test("these are the names that cert-parser-core/node gives at run time", () => {
  assert.deepEqual(Object.keys(node).sort(), ["createNodeEngine", "sha256"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fixtures from "cert-parser-fixtures";
import * as builders from "cert-parser-fixtures/builders";

test("the package's main entry has these names and no other", () => {
  assert.deepEqual(Object.keys(fixtures).toSorted(), [
    "fixtureNames",
    "fixtureUrl",
    "readCertificates",
    "readFixture",
    "readKey",
    "readListedCertificates",
    "readManifest",
  ]);
});

test("files are importable by their path in the package", async () => {
  const url = import.meta.resolve("cert-parser-fixtures/files/manifest.json");
  const { default: manifest } = await import(url, { with: { type: "json" } });
  assert.deepEqual(manifest, fixtures.readManifest());
});

test("the builders' entry has these names and no other", () => {
  assert.deepEqual(Object.keys(builders).toSorted(), builderNames);
});

const builderNames = [
  "Tag",
  "algorithmOid",
  "alterCurve",
  "authorityKeyIdentifier",
  "basicConstraints",
  "bitString",
  "boolean",
  "buildCertificate",
  "buildCertificateBundle",
  "buildDeviationContent",
  "buildDeviationList",
  "buildListContent",
  "buildMasterList",
  "buildRevocationList",
  "buildSignedData",
  "certificateIssuer",
  "certificatePolicies",
  "compareDer",
  "concat",
  "contextConstructed",
  "contextPrimitive",
  "crlDistributionPoints",
  "crlNumber",
  "cscaOptions",
  "deltaCrlIndicator",
  "deriveKeyPair",
  "documentSignerOptions",
  "documentTypeList",
  "element",
  "encodeAlgorithm",
  "encodeAttribute",
  "encodeBase64",
  "encodeExtension",
  "encodeLdif",
  "encodeName",
  "encodePem",
  "encodePublicKey",
  "encodeTime",
  "extendedKeyUsage",
  "forgePkcs1",
  "generateKeyPair",
  "holdInstructionCode",
  "indefiniteElement",
  "integer",
  "integerOctets",
  "invalidityDate",
  "issuerAltName",
  "issuingDistributionPoint",
  "keyIdentifier",
  "keyUsage",
  "linkOptions",
  "listSignerOptions",
  "nameChange",
  "netscapeCertType",
  "nullValue",
  "objectIdentifier",
  "octetString",
  "privateKeyUsagePeriod",
  "rawExtension",
  "readKeyPair",
  "sequence",
  "setOf",
  "sign",
  "subjectAltName",
  "subjectKeyIdentifier",
  "usualAlgorithm",
  "withExtension",
  "withoutExtension",
  "writeKeyPair",
];

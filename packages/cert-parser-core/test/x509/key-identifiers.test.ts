import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Certificate, formatName, fromHex, parseCertificate, toHex } from "cert-parser-core";
import { concat, context, integer, sequence, tlv } from "../der-writer.ts";
import { buildCertificate, extension, extensions, sampleKeyUsage, sampleName } from "../specimens.ts";

const keyIdentifier = tlv(0x80, fromHex("b1b2"));
const issuer = context(1, context(4, sampleName));
const serialNumber = tlv(0x82, fromHex("07"));

function withAuthorityKey(value: Uint8Array): Certificate {
  return parseCertificate(
    buildCertificate({ extensions: extensions(sampleKeyUsage, extension("2.5.29.35", value)) }),
  );
}

function describeKey({ authorityKey }: Certificate) {
  if (authorityKey === undefined) return undefined;
  const [name] = authorityKey.authorityCertIssuer ?? [];
  return [
    authorityKey.keyIdentifier && toHex(authorityKey.keyIdentifier),
    name?.type === "directoryName" ? formatName(name.value) : undefined,
    authorityKey.authorityCertSerialNumber && toHex(authorityKey.authorityCertSerialNumber),
  ];
}

describe("authorityKey", () => {
  const name = "CN=CSCA Utopia,C=UT";
  const forms = [
    ["a key identifier", sequence(keyIdentifier), ["b1b2", undefined, undefined]],
    ["issuer and serial number", sequence(issuer, serialNumber), [undefined, name, "07"]],
    ["all three, as in Macao", sequence(keyIdentifier, issuer, serialNumber), ["b1b2", name, "07"]],
    ["nothing", sequence(), [undefined, undefined, undefined]],
  ] as const;
  for (const [what, value, expected] of forms) {
    test(`tells ${what}`, () => {
      const certificate = withAuthorityKey(value);
      assert.deepEqual(describeKey(certificate), expected);
      assert.deepEqual(certificate.findings, []);
    });
  }

  const flaws = [
    ["a fourth field", sequence(keyIdentifier, issuer, serialNumber, integer("01"))],
    ["the fields in another order", sequence(keyIdentifier, serialNumber, issuer)],
    ["an issuer that is no name", sequence(keyIdentifier, context(1, integer("01")))],
  ] as const;
  for (const [what, value] of flaws) {
    test(`is undefined with ${what}, while the key identifier is kept`, () => {
      const certificate = withAuthorityKey(value);
      assert.equal(certificate.authorityKey, undefined);
      assert.equal(toHex(certificate.authorityKeyIdentifier ?? concat()), "b1b2");
      assert.deepEqual(
        certificate.findings.map(({ code }) => code),
        ["EXTENSION_MALFORMED"],
      );
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as x509 from "@peculiar/asn1-x509";
import { type AlgorithmIdentifier, parseCertificate, parseRevocationList, toHex } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import fc from "fast-check";
import { certificate, certificateList, deterministic, serialise } from "./arbitraries.ts";

const hexOf = (octets: ArrayBuffer) => toHex(new Uint8Array(octets));

/** The same by both, parameters included. */
function assertAlgorithm(read: AlgorithmIdentifier, written: x509.AlgorithmIdentifier): void {
  assert.equal(read.algorithm, written.algorithm);
  assert.deepEqual(read.der, serialise(written));
  assert.equal(
    read.parameters && toHex(read.parameters),
    written.parameters ? hexOf(written.parameters) : undefined,
  );
}

describe("what @peculiar writes is read back", () => {
  test("a certificate, field by field", () => {
    fc.assert(
      fc.property(certificate, (written) => {
        const der = serialise(written);
        const read = parseCertificate(der, { sha256 });
        const { tbsCertificate: tbs } = written;
        assert.deepEqual(read.der, der);
        assert.deepEqual(read.tbsCertificate, serialise(tbs));
        assert.equal(read.version, tbs.version + 1);
        assert.equal(toHex(read.serialNumber), hexOf(tbs.serialNumber));
        assert.deepEqual(read.issuer.der, serialise(tbs.issuer));
        assert.deepEqual(read.subject.der, serialise(tbs.subject));
        assert.deepEqual(read.notBefore, tbs.validity.notBefore.getTime());
        assert.deepEqual(read.notAfter, tbs.validity.notAfter.getTime());
        assert.deepEqual(read.publicKey.der, serialise(tbs.subjectPublicKeyInfo));
        assertAlgorithm(read.publicKey.algorithm, tbs.subjectPublicKeyInfo.algorithm);
        assert.equal(toHex(read.publicKey.key.bytes), hexOf(tbs.subjectPublicKeyInfo.subjectPublicKey));
        assertAlgorithm(read.signatureAlgorithm, written.signatureAlgorithm);
        assert.equal(toHex(read.signature.bytes), hexOf(written.signatureValue));
        assert.deepEqual(
          read.extensions.map(({ type, critical, value }) => [type, critical, toHex(value)]),
          [...(tbs.extensions ?? [])].map(({ extnID, critical, extnValue }) => [
            extnID,
            critical,
            hexOf(extnValue.buffer),
          ]),
        );
      }),
      deterministic,
    );
  });

  test("the key identifiers of a certificate", () => {
    fc.assert(
      fc.property(certificate, (written) => {
        const read = parseCertificate(serialise(written), { sha256 });
        const extnValueOf = (type: string) =>
          [...(written.tbsCertificate.extensions ?? [])].find(({ extnID }) => extnID === type)?.extnValue
            .buffer;
        const subject = extnValueOf(x509.id_ce_subjectKeyIdentifier);
        // An OCTET STRING, and a [0] in a SEQUENCE: headers of two and of four octets.
        assert.equal(
          read.subjectKeyIdentifier && toHex(read.subjectKeyIdentifier),
          subject && hexOf(subject.slice(2)),
        );
        const authority = extnValueOf(x509.id_ce_authorityKeyIdentifier);
        assert.equal(keyIdentifierOf(read.authorityKeyIdentifier), authority && hexOf(authority.slice(4)));
      }),
      deterministic,
    );
  });

  test("a CRL, field by field and entry by entry", () => {
    fc.assert(
      fc.property(certificateList, (written) => {
        const der = serialise(written);
        const read = parseRevocationList(der, { sha256 });
        const { tbsCertList: tbs } = written;
        assert.deepEqual(read.der, der);
        assert.deepEqual(read.tbsCertList, serialise(tbs));
        assert.equal(read.version, 2);
        assert.deepEqual(read.issuer.der, serialise(tbs.issuer));
        assert.deepEqual(read.thisUpdate, tbs.thisUpdate.getTime());
        assert.deepEqual(read.nextUpdate, tbs.nextUpdate?.getTime());
        assertAlgorithm(read.signatureAlgorithm, written.signatureAlgorithm);
        assert.equal(toHex(read.signature.bytes), hexOf(written.signature));
        const entries = tbs.revokedCertificates ?? [];
        assert.equal(read.revokedCertificateCount, entries.length);
        assert.deepEqual(
          [...read.revokedCertificates].map((entry) => [
            toHex(entry.serialNumber),
            entry.revocationDate,
            entry.extensions.map(({ value }) => toHex(value)),
          ]),
          entries.map(({ userCertificate, revocationDate, crlEntryExtensions = [] }) => [
            hexOf(userCertificate),
            revocationDate.getTime(),
            crlEntryExtensions.map(({ extnValue }) => hexOf(extnValue.buffer)),
          ]),
        );
        const reasons = [...read.revokedCertificates].map(({ reason }) => reason);
        assert.deepEqual(
          reasons,
          entries.map(({ crlEntryExtensions: [reason] = [] }) => reason && reasonOf(reason)),
        );
        const [number] = tbs.crlExtensions ?? [];
        assert.equal(
          read.crlNumber && toHex(read.crlNumber),
          number && hexOf(number.extnValue.buffer.slice(2)),
        );
      }),
      deterministic,
    );
  });
});

function keyIdentifierOf(identifier: Uint8Array | undefined): string | undefined {
  return identifier && toHex(identifier);
}

/** The name of the reason in an extension: `0a 01` and its number. */
function reasonOf({ extnValue }: x509.Extension): string | undefined {
  return x509.CRLReasons[new Uint8Array(extnValue.buffer)[2] ?? -1];
}

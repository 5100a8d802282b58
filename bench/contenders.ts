/**
 * The readers that are compared: each reads every certificate of a list to the same fields.
 *
 * The peers are handed certificates that were cut out of the list already, since they cannot open it, or not at their
 * default limits; ours opens the list itself.
 *
 * @module
 */

import { createHash, X509Certificate as NodeCertificate } from "node:crypto";
import "reflect-metadata";
import * as peculiar from "@peculiar/x509";
import { parseMasterList, toCertificateRecord } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import * as pkijs from "pkijs";

/** Reads all certificates once and gives how many there were. */
export type Contender = (list: Uint8Array, certificates: readonly Uint8Array[]) => number;

/** By the names that the table shows. */
export const contenders: Readonly<Record<string, Contender>> = {
  "cert-parser-core": (list) =>
    parseMasterList(list, { sha256 }).certificates.map(toCertificateRecord).length,
  "cert-parser-core, portable digest": (list) =>
    parseMasterList(list).certificates.map(toCertificateRecord).length,
  "node:crypto X509Certificate": (_, certificates) => certificates.map(readWithNode).length,
  "@peculiar/x509": (_, certificates) => certificates.map(readWithPeculiar).length,
  pkijs: (_, certificates) => certificates.map(readWithPkijs).length,
};

/** Key identifiers, signature algorithm and the names' DER are left out: Node's class has no way to them. */
function readWithNode(der: Uint8Array) {
  const certificate = new NodeCertificate(der);
  const { publicKey } = certificate;
  return {
    sha256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    issuer: certificate.issuer,
    subject: certificate.subject,
    notBefore: certificate.validFrom,
    notAfter: certificate.validTo,
    isAuthority: certificate.ca,
    publicKeyAlgorithm: publicKey.asymmetricKeyType,
    publicKeyDetails: publicKey.asymmetricKeyDetails,
  };
}

function readWithPeculiar(der: Uint8Array) {
  const certificate = new peculiar.X509Certificate(Uint8Array.from(der));
  const subjectKey = certificate.getExtension(peculiar.SubjectKeyIdentifierExtension);
  const authorityKey = certificate.getExtension(peculiar.AuthorityKeyIdentifierExtension);
  return {
    sha256: createHash("sha256").update(der).digest("hex"),
    serialNumber: certificate.serialNumber,
    issuer: certificate.issuer,
    subject: certificate.subject,
    issuerDer: Buffer.from(certificate.issuerName.toArrayBuffer()).toString("hex"),
    subjectDer: Buffer.from(certificate.subjectName.toArrayBuffer()).toString("hex"),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    subjectKeyIdentifier: subjectKey?.keyId,
    authorityKeyIdentifier: authorityKey?.keyId,
    basicConstraints: certificate.getExtension(peculiar.BasicConstraintsExtension)?.ca,
    keyUsage: certificate.getExtension(peculiar.KeyUsagesExtension)?.usages,
    signatureAlgorithm: certificate.signatureAlgorithm.name,
    publicKey: certificate.publicKey.rawData.byteLength,
  };
}

function readWithPkijs(der: Uint8Array) {
  const certificate = pkijs.Certificate.fromBER(Uint8Array.from(der).buffer);
  const extension = (oid: string) =>
    certificate.extensions?.find((candidate) => candidate.extnID === oid)?.parsedValue;
  const name = (of: pkijs.RelativeDistinguishedNames) =>
    of.typesAndValues.map(({ type, value }) => `${type}=${value.valueBlock.value}`).join(",");
  return {
    sha256: createHash("sha256").update(der).digest("hex"),
    serialNumber: Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString("hex"),
    issuer: name(certificate.issuer),
    subject: name(certificate.subject),
    issuerDer: Buffer.from(new Uint8Array(certificate.issuer.valueBeforeDecode)).toString("hex"),
    subjectDer: Buffer.from(new Uint8Array(certificate.subject.valueBeforeDecode)).toString("hex"),
    notBefore: certificate.notBefore.value,
    notAfter: certificate.notAfter.value,
    subjectKeyIdentifier: extension("2.5.29.14"),
    authorityKeyIdentifier: extension("2.5.29.35"),
    basicConstraints: extension("2.5.29.19"),
    keyUsage: extension("2.5.29.15"),
    signatureAlgorithm: certificate.signatureAlgorithm.algorithmId,
    publicKeyAlgorithm: certificate.subjectPublicKeyInfo.algorithm.algorithmId,
  };
}

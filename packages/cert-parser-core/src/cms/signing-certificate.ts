/**
 * signingCertificate and signingCertificateV2, RFC 2634 section 5.4 and RFC 5035: the signer's certificate, by its digest.
 *
 * ```asn1
 * SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies SEQUENCE OF PolicyInformation OPTIONAL }
 * ESSCertIDv2 ::= SEQUENCE {
 *   hashAlgorithm AlgorithmIdentifier DEFAULT {algorithm id-sha256},
 *   certHash      OCTET STRING,
 *   issuerSerial  IssuerSerial OPTIONAL }
 * IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }
 * ```
 *
 * @module
 */

import { idSha1, idSha256 } from "../der/oids.ts";
import { contentBytes, type Element, expectElement, expectEnd } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { algorithmIdentifierAt } from "../x509/algorithm-identifier.ts";
import { type GeneralName, generalNamesAt } from "../x509/general-name.ts";

/** One certificate, named by its digest. */
export interface EssCertId {
  /** Dotted OID of the digest. */
  readonly hashAlgorithm: string;
  readonly certHash: Uint8Array;
  readonly issuerSerial: IssuerSerial | undefined;
}

/** The certificate named once more. */
export interface IssuerSerial {
  readonly issuer: readonly GeneralName[];
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
}

/** Reads the first certificate that the attribute's value names: the signer's. Those after it restrict its path. */
export function firstCertIdAt(input: Uint8Array, value: Element, version: "v1" | "v2"): EssCertId {
  const attribute = expectElement(input, value.start, value.end, Tag.SEQUENCE, path);
  const certs = expectElement(input, attribute.contentStart, attribute.end, Tag.SEQUENCE, `${path}.certs`);
  const { contentStart, end } = expectElement(input, certs.contentStart, certs.end, Tag.SEQUENCE, certPath);
  const hasAlgorithm = version === "v2" && input[contentStart] === Tag.SEQUENCE;
  const algorithm = hasAlgorithm
    ? expectElement(input, contentStart, end, Tag.SEQUENCE, `${certPath}.hashAlgorithm`)
    : undefined;
  const certHash = expectElement(input, algorithm?.end ?? contentStart, end, Tag.OCTET_STRING, certPath);
  return {
    hashAlgorithm: algorithm
      ? algorithmIdentifierAt(input, algorithm, certPath).algorithm
      : defaultHash[version],
    certHash: contentBytes(input, certHash),
    issuerSerial: certHash.end < end ? issuerSerialAt(input, certHash.end, end) : undefined,
  };
}

function issuerSerialAt(input: Uint8Array, start: number, limit: number): IssuerSerial {
  const { contentStart, end } = expectElement(input, start, limit, Tag.SEQUENCE, issuerPath);
  expectEnd(end, limit, certPath);
  const issuer = expectElement(input, contentStart, end, Tag.SEQUENCE, issuerPath);
  const serialNumber = expectElement(input, issuer.end, end, Tag.INTEGER, issuerPath);
  expectEnd(serialNumber.end, end, issuerPath);
  return {
    issuer: generalNamesAt(input, issuer, issuerPath),
    serialNumber: contentBytes(input, serialNumber),
  };
}

const path = "SigningCertificate";
const certPath = "ESSCertID";
const issuerPath = "ESSCertID.issuerSerial";
const defaultHash = { v1: idSha1, v2: idSha256 } as const;

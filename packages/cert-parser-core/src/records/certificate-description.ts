/**
 * Everything that a certificate says, as plain data: what `inspect --certificate` explains.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import type { KeyUsage } from "../x509/certificate-extensions.ts";
import type { DocumentTypeList } from "../x509/document-type-list.ts";
import { keyPurposes } from "../x509/key-purposes.ts";
import { foldName } from "../x509/name.ts";
import type { RoleBasis } from "../x509/role.ts";
import { type CertificateRecord, toCertificateRecord } from "./certificate-record.ts";
import {
  type AlternativeNameRecord,
  type AuthorityKeyRecord,
  type DistributionPointRecord,
  type ExtensionRecord,
  type PolicyInformationRecord,
  type PrivateKeyUsagePeriodRecord,
  toAlternativeNameRecord,
  toAuthorityKeyRecord,
  toDistributionPointRecord,
  toExtensionRecord,
  toPolicyInformationRecord,
  toPrivateKeyUsagePeriodRecord,
} from "./extension-records.ts";
import { type NameAttributeRecord, toNameAttributeRecords } from "./name-attribute-record.ts";
import {
  type PublicKeyRecord,
  type SignatureRecord,
  toPublicKeyRecord,
  toSignatureRecord,
} from "./public-key-record.ts";

/** One certificate in full, ready for JSON. An extension that is absent or malformed is null. */
export interface CertificateDescription extends CertificateRecord {
  /** Byte offset of the certificate in the input, or in the value of that part. */
  readonly offset: number;
  /** What its role rests on. */
  readonly roleBasis: RoleBasis;
  /** The text that names share when they match by RFC 5280, 7.1. */
  readonly foldedIssuer: string;
  readonly foldedSubject: string;
  /** The levels of the name, in the order of the encoding. */
  readonly issuerAttributes: readonly (readonly NameAttributeRecord[])[];
  readonly subjectAttributes: readonly (readonly NameAttributeRecord[])[];
  readonly publicKey: PublicKeyRecord;
  readonly signature: SignatureRecord;
  readonly authorityKey: AuthorityKeyRecord | null;
  readonly basicConstraints: BasicConstraintsRecord | null;
  readonly keyUsage: readonly KeyUsage[] | null;
  readonly extKeyUsage: readonly KeyPurposeRecord[] | null;
  readonly privateKeyUsagePeriod: PrivateKeyUsagePeriodRecord | null;
  readonly subjectAltName: AlternativeNameRecord | null;
  readonly issuerAltName: AlternativeNameRecord | null;
  readonly cRLDistributionPoints: readonly DistributionPointRecord[] | null;
  readonly certificatePolicies: readonly PolicyInformationRecord[] | null;
  readonly nameChange: boolean;
  readonly documentTypeList: DocumentTypeList | null;
  /** All of them, those of no name included, in the order of the encoding. */
  readonly extensions: readonly ExtensionRecord[];
}

/** basicConstraints as plain data. */
export interface BasicConstraintsRecord {
  readonly cA: boolean;
  readonly pathLenConstraint: number | null;
}

/** A purpose of extended key usage. */
export interface KeyPurposeRecord {
  /** Dotted OID. */
  readonly type: string;
  /** Null for purposes that have no name here. */
  readonly name: string | null;
}

/** Describes a certificate in full. */
export function describeCertificate(certificate: Certificate): CertificateDescription {
  const { issuer, subject, basicConstraints, extKeyUsage } = certificate;
  return {
    ...toCertificateRecord(certificate),
    offset: certificate.offset,
    roleBasis: certificate.roleBasis,
    foldedIssuer: foldName(issuer),
    foldedSubject: foldName(subject),
    issuerAttributes: toNameAttributeRecords(issuer),
    subjectAttributes: toNameAttributeRecords(subject),
    publicKey: toPublicKeyRecord(certificate.publicKey),
    signature: toSignatureRecord(certificate.signatureAlgorithm, certificate.signature),
    authorityKey: orNull(certificate.authorityKey, toAuthorityKeyRecord),
    basicConstraints: orNull(basicConstraints, ({ cA, pathLenConstraint }) => ({
      cA,
      pathLenConstraint: pathLenConstraint ?? null,
    })),
    keyUsage: certificate.keyUsage ?? null,
    extKeyUsage: orNull(extKeyUsage, (purposes) => purposes.map(toKeyPurposeRecord)),
    privateKeyUsagePeriod: orNull(certificate.privateKeyUsagePeriod, toPrivateKeyUsagePeriodRecord),
    subjectAltName: orNull(certificate.subjectAltName, toAlternativeNameRecord),
    issuerAltName: orNull(certificate.issuerAltName, toAlternativeNameRecord),
    cRLDistributionPoints: certificate.cRLDistributionPoints?.map(toDistributionPointRecord) ?? null,
    certificatePolicies: certificate.certificatePolicies?.map(toPolicyInformationRecord) ?? null,
    nameChange: certificate.nameChange,
    documentTypeList: certificate.documentTypeList ?? null,
    extensions: certificate.extensions.map(toExtensionRecord),
  };
}

function toKeyPurposeRecord(type: string): KeyPurposeRecord {
  return { type, name: keyPurposes.get(type) ?? null };
}

function orNull<T, R>(value: T | undefined, record: (value: T) => R): R | null {
  return value === undefined ? null : record(value);
}

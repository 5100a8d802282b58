/**
 * The plain records of the extensions of a certificate.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { formatTime } from "../der/time.ts";
import { issuingStateOf } from "../x509/alternative-names.ts";
import type { PolicyInformation } from "../x509/certificate-policies.ts";
import type { DistributionPoint } from "../x509/crl-distribution-points.ts";
import type { ReasonFlag } from "../x509/distribution-point-name.ts";
import type { Extension } from "../x509/extension.ts";
import { extensionNames } from "../x509/extension-names.ts";
import type { GeneralName } from "../x509/general-name.ts";
import type { AuthorityKey } from "../x509/key-identifiers.ts";
import { formatRdns } from "../x509/name-text.ts";
import type { PrivateKeyUsagePeriod } from "../x509/private-key-usage-period.ts";
import { type GeneralNameRecord, toGeneralNameRecords } from "./general-name-record.ts";

/** An extension as plain data. */
export interface ExtensionRecord {
  /** Dotted OID. */
  readonly type: string;
  /** Null for extensions that have no name here. */
  readonly name: string | null;
  readonly critical: boolean;
  /** The content of extnValue, lower-case hex. */
  readonly value: string;
}

/** When the private key signs, as plain data: `YYYY-MM-DDTHH:MM:SSZ`. */
export interface PrivateKeyUsagePeriodRecord {
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}

/** A subject or issuer alternative name as plain data, with ICAO's part of it apart. */
export interface AlternativeNameRecord {
  readonly names: readonly GeneralNameRecord[];
  /** L of the directoryName: the state's code in the machine readable zone. */
  readonly localityName: string | null;
  /** ST of the directoryName: what tells apart authorities of one code. */
  readonly stateOrProvinceName: string | null;
}

/** Where a CRL is, as plain data. */
export interface DistributionPointRecord {
  readonly fullName: readonly GeneralNameRecord[] | null;
  /** RFC 4514. */
  readonly nameRelativeToCRLIssuer: string | null;
  readonly reasons: readonly ReasonFlag[] | null;
  readonly cRLIssuer: readonly GeneralNameRecord[] | null;
}

/** A policy as plain data. */
export interface PolicyInformationRecord {
  /** Dotted OID. */
  readonly policyIdentifier: string;
  readonly cPSuris: readonly string[];
  readonly userNotices: readonly UserNoticeRecord[];
}

/** What a relying party is to be shown. */
export interface UserNoticeRecord {
  readonly explicitText: string | null;
  readonly organization: string | null;
  readonly noticeNumbers: readonly number[];
}

/** All three forms of the authority key identifier as plain data. */
export interface AuthorityKeyRecord {
  /** Lower-case hex. */
  readonly keyIdentifier: string | null;
  readonly authorityCertIssuer: readonly GeneralNameRecord[] | null;
  /** Content octets of the INTEGER, lower-case hex. */
  readonly authorityCertSerialNumber: string | null;
}

/** Makes the record of an extension. */
export function toExtensionRecord({ type, critical, value }: Extension): ExtensionRecord {
  return { type, name: extensionNames.get(type) ?? null, critical, value: toHex(value) };
}

/** Makes the record of a privateKeyUsagePeriod. */
export function toPrivateKeyUsagePeriodRecord(period: PrivateKeyUsagePeriod): PrivateKeyUsagePeriodRecord {
  const { notBefore, notAfter } = period;
  return {
    notBefore: notBefore ? formatTime(notBefore) : null,
    notAfter: notAfter ? formatTime(notAfter) : null,
  };
}

/** Makes the record of an alternative name. */
export function toAlternativeNameRecord(names: readonly GeneralName[]): AlternativeNameRecord {
  const state = issuingStateOf(names);
  return {
    names: toGeneralNameRecords(names) ?? [],
    localityName: state?.localityName ?? null,
    stateOrProvinceName: state?.stateOrProvinceName ?? null,
  };
}

/** Makes the record of a distribution point. */
export function toDistributionPointRecord(point: DistributionPoint): DistributionPointRecord {
  const { fullName, nameRelativeToCRLIssuer, reasons, cRLIssuer } = point;
  return {
    fullName: toGeneralNameRecords(fullName),
    nameRelativeToCRLIssuer: nameRelativeToCRLIssuer ? formatRdns([nameRelativeToCRLIssuer]) : null,
    reasons: reasons ?? null,
    cRLIssuer: toGeneralNameRecords(cRLIssuer),
  };
}

/** Makes the record of a policy. */
export function toPolicyInformationRecord(policy: PolicyInformation): PolicyInformationRecord {
  return {
    policyIdentifier: policy.policyIdentifier,
    cPSuris: policy.cPSuris,
    userNotices: policy.userNotices.map(({ explicitText, noticeRef }) => ({
      explicitText: explicitText ?? null,
      organization: noticeRef?.organization ?? null,
      noticeNumbers: noticeRef?.noticeNumbers ?? [],
    })),
  };
}

/** Makes the record of an authority key identifier. */
export function toAuthorityKeyRecord(authorityKey: AuthorityKey): AuthorityKeyRecord {
  const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = authorityKey;
  return {
    keyIdentifier: keyIdentifier ? toHex(keyIdentifier) : null,
    authorityCertIssuer: toGeneralNameRecords(authorityCertIssuer),
    authorityCertSerialNumber: authorityCertSerialNumber ? toHex(authorityCertSerialNumber) : null,
  };
}

/**
 * Oddities of single certificates.
 *
 * @module
 */

import { integer, nullValue, sequence } from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { timeValue } from "../asn1/time.ts";
import type { CertificateOptions } from "../x509/certificate.ts";
import * as ext from "../x509/extension.ts";
import type { CertificatePlan } from "./certificate-plan.ts";
import type { Oddity } from "./oddity.ts";

const anyPolicy = "2.5.29.32.0";
const kpServerAuth = "1.3.6.1.5.5.7.3.1";
const microsoftCaVersion = "1.3.6.1.4.1.311.21.1";
// Under 2.25, where anyone may make an OID from a UUID (X.667).
const unknownExtension = "2.25.206851204317229384614210713386403861471";

/** The table. Counts follow the lists of 2023 to 2026. */
export const certificateOddities: readonly Oddity<CertificatePlan>[] = [
  {
    id: "link-issuer-absent",
    description: "link certificate whose issuer is not in the list, as 12 of the German list",
    pick: { count: 12 },
    from: ({ role, generation }) => role === "link" && generation === 2,
    change: (plan) => plan,
    partner: { nameOf: ({ signerKey }) => signerKey, change: (root) => ({ ...root, isListed: false }) },
  },
  {
    id: "serial-reused",
    description: "issuer and serial number of another certificate, as in IL, PH, CN and KZ certificates",
    pick: { count: 5 },
    from: ({ role, oddities }) => role === "link" && !oddities.includes("link-issuer-absent"),
    group: "serial",
    change: change(() => ({ serialNumber: 0x2a })),
    partner: {
      nameOf: ({ signerKey }) => signerKey,
      change: change(() => ({ serialNumber: 0x2a })),
    },
  },
  {
    id: "serial-negative",
    description: "negative serial number, as in AL, KZ and MZ certificates",
    pick: { count: 4 },
    from: any,
    group: "serial",
    change: change(() => ({ serialNumber: Uint8Array.of(0xb2) })),
  },
  {
    id: "serial-zero",
    description: "serial number zero, as in the VA certificate",
    pick: { count: 1 },
    from: isRoot,
    group: "serial",
    change: change(() => ({ serialNumber: 0 })),
  },
  {
    id: "aki-absent",
    description: "root without authorityKeyIdentifier, which Doc 9303-12 leaves open and many roots do",
    pick: { share: 0.3 },
    from: isRoot,
    group: "aki",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCeAuthorityKeyIdentifier)),
  },
  {
    id: "aki-absent-in-link",
    description: "link certificate without authorityKeyIdentifier",
    pick: { count: 5 },
    from: isLink,
    group: "aki",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCeAuthorityKeyIdentifier)),
  },
  {
    id: "aki-with-issuer",
    description: "authorityKeyIdentifier with issuer and serial number beside the key identifier",
    pick: { count: 6 },
    from: any,
    group: "aki",
    change: (plan) => changeExtensions((all) => all.map(withIssuerAndSerial(plan.options)))(plan),
  },
  {
    id: "ski-raw",
    description: "subjectKeyIdentifier without the inner OCTET STRING, as in three LT certificates",
    pick: { count: 3 },
    from: ({ oddities }) => !oddities.some((id) => id.startsWith("ski-")),
    change: changeExtensions((all) => all.map(withRawKeyIdentifier)),
  },
  {
    id: "alt-names-absent",
    description: "neither subjectAltName nor issuerAltName, as in two certificates of five",
    pick: { share: 0.38 },
    from: any,
    group: "alt-names",
    change: changeExtensions((all) =>
      ext.withoutExtension(all, oids.idCeSubjectAltName, oids.idCeIssuerAltName),
    ),
  },
  {
    id: "alt-names-empty",
    description: "subjectAltName with an empty SEQUENCE",
    pick: { count: 1 },
    from: any,
    group: "alt-names",
    change: changeExtensions((all) => ext.withExtension(all, ext.subjectAltName([]))),
  },
  {
    id: "crldp-absent",
    description: "no cRLDistributionPoints",
    pick: { share: 0.33 },
    from: any,
    group: "crldp",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCeCrlDistributionPoints)),
  },
  {
    id: "crldp-without-uri",
    description: "cRLDistributionPoints that names a directory entry and no URI",
    pick: { count: 6 },
    from: any,
    group: "crldp",
    change: changeExtensions((all) =>
      ext.withExtension(all, ext.crlDistributionPoints([{ directory: [{ type: "CN", value: "CRL1" }] }])),
    ),
  },
  {
    id: "pkup-absent",
    description: "no privateKeyUsagePeriod",
    pick: { share: 0.25 },
    from: any,
    group: "pkup",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCePrivateKeyUsagePeriod)),
  },
  {
    id: "pkup-without-not-before",
    description: "privateKeyUsagePeriod with notAfter alone",
    pick: { count: 10 },
    from: any,
    group: "pkup",
    change: (plan) =>
      withExtension(ext.privateKeyUsagePeriod({ notAfter: timeValue(plan.options.notAfter) }))(plan),
  },
  {
    id: "pkup-without-not-after",
    description: "privateKeyUsagePeriod with notBefore alone",
    pick: { count: 4 },
    from: any,
    group: "pkup",
    change: (plan) =>
      withExtension(ext.privateKeyUsagePeriod({ notBefore: timeValue(plan.options.notBefore) }))(plan),
  },
  {
    id: "key-usage-not-critical",
    description: "keyUsage that is not critical",
    pick: { count: 8 },
    from: any,
    group: "key-usage",
    change: withExtension(ext.keyUsage(["keyCertSign", "cRLSign"], { critical: false })),
  },
  {
    id: "key-usage-absent",
    description: "no keyUsage, as in a CN certificate",
    pick: { count: 1 },
    from: any,
    group: "key-usage",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCeKeyUsage)),
  },
  {
    id: "key-usage-extra-bits",
    description: "keyUsage with digitalSignature and nonRepudiation beside the two bits of a CSCA",
    pick: { count: 6 },
    from: any,
    group: "key-usage",
    change: withExtension(ext.keyUsage(["digitalSignature", "nonRepudiation", "keyCertSign", "cRLSign"])),
  },
  {
    id: "ca-false",
    description: "basicConstraints with cA FALSE and no path length, as in BE, CM and UA certificates",
    pick: { count: 4 },
    from: any,
    group: "basic-constraints",
    change: withExtension(ext.basicConstraints({ ca: false })),
  },
  {
    id: "ca-false-with-path-length",
    description: "basicConstraints with cA FALSE and a path length, as in an IT certificate",
    pick: { count: 1 },
    from: isRoot,
    group: "basic-constraints",
    change: withExtension(ext.basicConstraints({ ca: false, pathLength: 0 })),
  },
  {
    id: "basic-constraints-absent",
    description: "no basicConstraints",
    pick: { count: 3 },
    from: any,
    group: "basic-constraints",
    change: changeExtensions((all) => ext.withoutExtension(all, oids.idCeBasicConstraints)),
  },
  {
    id: "path-length-absent",
    description: "basicConstraints without a path length",
    pick: { count: 12 },
    from: any,
    group: "basic-constraints",
    change: withExtension(ext.basicConstraints()),
  },
  {
    id: "path-length-1",
    description: "path length 1, which the sixth edition of Doc 9303 had for link certificates",
    pick: { count: 8 },
    from: isLink,
    group: "basic-constraints",
    change: withExtension(ext.basicConstraints({ pathLength: 1 })),
  },
  {
    id: "extended-key-usage",
    description: "extKeyUsage on a CSCA, which Doc 9303-12 prohibits, as in US and RO certificates",
    pick: { count: 2 },
    from: any,
    change: withExtension(ext.extendedKeyUsage([kpServerAuth], { critical: false })),
  },
  {
    id: "document-type-list",
    description: "documentTypeList on a CSCA, which Doc 9303-12 prohibits",
    pick: { count: 2 },
    from: any,
    change: withExtension(ext.documentTypeList(["P", "ID"])),
  },
  {
    id: "netscape-cert-type",
    description: "netscape-cert-type, which Doc 9303-12 prohibits",
    pick: { count: 3 },
    from: any,
    change: withExtension(ext.netscapeCertType()),
  },
  {
    id: "microsoft-ca-version",
    description: "szOID_CERTSRV_CA_VERSION of Microsoft, not critical, as in SE certificates",
    pick: { count: 3 },
    from: any,
    change: withExtension(ext.rawExtension(microsoftCaVersion, integer(0x10001))),
  },
  {
    id: "unknown-extension",
    description: "an extension that nobody knows, not critical",
    pick: { count: 3 },
    from: any,
    change: withExtension(ext.rawExtension(unknownExtension, sequence(nullValue()))),
  },
  {
    id: "certificate-policies",
    description: "certificatePolicies, which Doc 9303-12 leaves open",
    pick: { share: 0.2 },
    from: any,
    group: "policies",
    change: withExtension(ext.certificatePolicies([anyPolicy])),
  },
  {
    id: "certificate-policies-malformed",
    description: "certificatePolicies whose value is cut off, as one UA extension cannot be parsed",
    pick: { count: 1 },
    from: any,
    group: "policies",
    change: withExtension(
      ext.rawExtension(oids.idCeCertificatePolicies, Uint8Array.of(0x30, 0x06, 0x30, 0x04)),
    ),
  },
  {
    id: "name-change",
    description: "nameChange on a link certificate with another name",
    pick: { share: 0.5 },
    from: hasOtherName,
    group: "name-change",
    change: withExtension(ext.nameChange()),
  },
  {
    id: "name-change-critical",
    description: "nameChange marked critical, as in a LU certificate: software must not choke on it",
    pick: { count: 1 },
    from: hasOtherName,
    group: "name-change",
    change: withExtension({ ...ext.nameChange(), critical: true }),
  },
  {
    id: "name-change-on-root",
    description: "nameChange on a self-issued certificate, as in 35 real ones",
    pick: { count: 6 },
    from: isRoot,
    group: "name-change",
    change: withExtension(ext.nameChange()),
  },
  {
    id: "link-issuer-renamed",
    description:
      "link certificate that spells its issuer's name otherwise, as in HU and ES: only the key identifier finds it",
    pick: { count: 2 },
    from: ({ role, oddities }) => role === "link" && !oddities.some((id) => sameNameWanted.includes(id)),
    change: change(({ issuer }) => ({
      issuer: [
        ...(issuer instanceof Uint8Array || issuer === undefined ? [] : issuer),
        { type: "L", value: "Capital" },
      ],
    })),
  },
  {
    id: "generalized-time-early",
    description: "GeneralizedTime before 2050, as in KZ certificates",
    pick: { count: 3 },
    from: any,
    group: "time",
    change: change(({ notBefore, notAfter }) => ({
      notBefore: { value: timeValue(notBefore), form: "generalizedTime" },
      notAfter: { value: timeValue(notAfter), form: "generalizedTime" },
    })),
  },
  {
    id: "generalized-time-2051",
    description: "valid until 2051, rightly in GeneralizedTime, as in a CL certificate",
    pick: { count: 2 },
    from: ({ options }) => timeValue(options.notBefore) > "2020",
    group: "time",
    change: change(() => ({ notAfter: "2051-03-31T23:59:59Z" })),
  },
];

function any(): boolean {
  return true;
}

function isRoot({ role }: CertificatePlan): boolean {
  return role === "csca";
}

function isLink({ role }: CertificatePlan): boolean {
  return role === "link";
}

function hasOtherName({ role, oddities }: CertificatePlan): boolean {
  return role === "link" && oddities.includes("name-changed");
}

function change(
  fields: (options: CertificateOptions) => Partial<CertificateOptions>,
): (plan: CertificatePlan) => CertificatePlan {
  return (plan) => ({ ...plan, options: { ...plan.options, ...fields(plan.options) } });
}

function changeExtensions(
  edit: (extensions: readonly ext.Extension[]) => readonly ext.Extension[],
): (plan: CertificatePlan) => CertificatePlan {
  return change(({ extensions = [] }) => ({ extensions: edit(extensions) }));
}

function withExtension(extension: ext.Extension): (plan: CertificatePlan) => CertificatePlan {
  return changeExtensions((all) => ext.withExtension(all, extension));
}

function withRawKeyIdentifier(extension: ext.Extension): ext.Extension {
  const { oid, keyIdentifier } = extension;
  if (oid !== oids.idCeSubjectKeyIdentifier || keyIdentifier === undefined) return extension;
  return ext.subjectKeyIdentifier(keyIdentifier, { raw: true });
}

function withIssuerAndSerial(options: CertificateOptions): (extension: ext.Extension) => ext.Extension {
  const { issuer = options.subject } = options;
  return (extension) => {
    const { oid, keyIdentifier } = extension;
    if (oid !== oids.idCeAuthorityKeyIdentifier || keyIdentifier === undefined) return extension;
    return ext.authorityKeyIdentifier({ keyIdentifier, issuer, serialNumber: Uint8Array.of(1) });
  };
}

const sameNameWanted: readonly string[] = [
  "name-changed",
  "string-type-changed",
  "country-mismatch",
  "serial-reused",
];

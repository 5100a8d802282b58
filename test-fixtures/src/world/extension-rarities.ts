/**
 * Rarities of extensions, as CSCAs have them or might.
 *
 * @module
 */

import { boolean, contextPrimitive, integer, objectIdentifier, sequence } from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import type { CertificateOptions } from "../x509/certificate.ts";
import * as ext from "../x509/extension.ts";
import type { Rarity } from "./rarity.ts";

/** The table. */
export const extensionRarities: readonly Rarity[] = [
  {
    id: "extension-twice",
    description: "basicConstraints twice, against RFC 5280, 4.2",
    change: ({ extensions = [] }) => ({
      extensions: [...extensions, ext.basicConstraints({ pathLength: 0 })],
    }),
  },
  {
    id: "default-encoded",
    description: "critical FALSE and cA FALSE written out, against X.690, 11.5",
    change: withExtension({
      ...ext.basicConstraints({ ca: false, critical: false, encodesDefault: true }),
      encodesDefault: true,
    }),
  },
  {
    id: "ski-absent",
    description: "no subjectKeyIdentifier, as on older list signers of CA and CH",
    change: ({ extensions = [] }) => ({
      extensions: ext.withoutExtension(extensions, oids.idCeSubjectKeyIdentifier),
    }),
  },
  {
    id: "ski-critical",
    description: "subjectKeyIdentifier marked critical, against RFC 5280, 4.2.1.2",
    change: ({ extensions = [] }) => ({
      extensions: extensions.map((extension) =>
        extension.oid === oids.idCeSubjectKeyIdentifier ? { ...extension, critical: true } : extension,
      ),
    }),
  },
  {
    id: "aki-without-key-identifier",
    description:
      "authorityKeyIdentifier with issuer and serial number alone, where Doc 9303-12 wants the key",
    change: (root) =>
      withExtension(ext.authorityKeyIdentifier({ issuer: root.subject, serialNumber: Uint8Array.of(0x2a) }))(
        root,
      ),
  },
  {
    id: "aki-empty",
    description: "authorityKeyIdentifier without any of its fields",
    change: withExtension(ext.authorityKeyIdentifier({})),
  },
  {
    id: "pkup-empty",
    description: "privateKeyUsagePeriod without either end, against Doc 9303-12, Table 6",
    change: withExtension(ext.privateKeyUsagePeriod({})),
  },
  {
    id: "pkup-utc-time",
    description: "privateKeyUsagePeriod with two digits for the year, as UTCTime has them",
    change: withExtension(
      ext.rawExtension(
        oids.idCePrivateKeyUsagePeriod,
        sequence(contextPrimitive(0, ascii("250705161738Z")), contextPrimitive(1, ascii("280705161738Z"))),
      ),
    ),
  },
  {
    id: "key-usage-empty",
    description: "keyUsage without a single bit, against RFC 5280, 4.2.1.3",
    change: withExtension(ext.keyUsage([])),
  },
  {
    id: "crldp-empty",
    description: "cRLDistributionPoints with an empty SEQUENCE, against RFC 5280, 4.2.1.13",
    change: withExtension(ext.crlDistributionPoints([])),
  },
  {
    id: "extended-key-usage-empty",
    description: "extKeyUsage with an empty SEQUENCE, against RFC 5280, 4.2.1.12",
    change: withExtension(ext.extendedKeyUsage([], { critical: false })),
  },
  {
    id: "certificate-policies-empty",
    description: "certificatePolicies with an empty SEQUENCE, against RFC 5280, 4.2.1.4",
    change: withExtension(ext.certificatePolicies([])),
  },
  {
    id: "extension-without-value",
    description: "subjectAltName whose extnValue has no octets at all",
    change: withExtension(ext.rawExtension(oids.idCeSubjectAltName, new Uint8Array())),
  },
  {
    id: "path-length-2",
    description: "path length 2, as in a cross-link certificate of PT",
    change: withExtension(ext.basicConstraints({ pathLength: 2 })),
  },
  {
    id: "private-extensions",
    description:
      "entrustVersInfo, and Microsoft's certificate type and template, as in four real certificates",
    change: ({ extensions = [] }) => ({
      extensions: [...extensions, ...privateExtensions],
    }),
  },
  {
    id: "prohibited-extensions",
    description: "the extensions of RFC 5280 that Doc 9303-12, Table 6 prohibits in every certificate",
    change: ({ extensions = [] }) => ({ extensions: [...extensions, ...prohibitedExtensions] }),
  },
  {
    id: "critical-unknown",
    description: "an extension that nobody knows, marked critical",
    change: ({ extensions = [] }) => ({
      extensions: [...extensions, ext.rawExtension("2.25.1", sequence(), true)],
    }),
  },
];

function withExtension(
  extension: ext.Extension,
): (options: CertificateOptions) => Pick<CertificateOptions, "extensions"> {
  return ({ extensions = [] }) => ({ extensions: ext.withExtension(extensions, extension) });
}

function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

const privateExtensions: readonly ext.Extension[] = [
  // EntrustVersInfoSyntax ::= SEQUENCE { entrustVers GeneralString, entrustInfoFlags EntrustInfoFlags }
  ext.rawExtension(
    "1.2.840.113533.7.65.0",
    Uint8Array.of(0x30, 0x0a, 0x1b, 4, ...ascii("V8.0"), 3, 2, 4, 0x90),
  ),
  ext.rawExtension("1.3.6.1.4.1.311.20.2", Uint8Array.of(0x1e, 4, 0, 0x43, 0, 0x41)),
  ext.rawExtension("1.3.6.1.4.1.311.21.2", Uint8Array.of(4, 20, ...new Uint8Array(20).fill(0x21))),
];

const anyPolicy = objectIdentifier("2.5.29.32.0");
const ownPolicy = objectIdentifier("2.25.2");

const prohibitedExtensions: readonly ext.Extension[] = [
  // policyMappings, nameConstraints, policyConstraints, inhibitAnyPolicy.
  ext.rawExtension("2.5.29.33", sequence(sequence(ownPolicy, ownPolicy)), true),
  ext.rawExtension("2.5.29.30", sequence(), true),
  ext.rawExtension("2.5.29.36", sequence(contextPrimitive(0, integer(0).subarray(2))), true),
  ext.rawExtension("2.5.29.54", integer(0), true),
  // subjectDirectoryAttributes with a placeOfBirth that says nothing; freshestCRL.
  ext.rawExtension("2.5.29.9", sequence(sequence(anyPolicy, Uint8Array.of(0x31, 3, ...boolean(false))))),
  { ...ext.crlDistributionPoints([{ uri: "https://pkd.example/CRLs/XAA-delta.crl" }]), oid: "2.5.29.46" },
];

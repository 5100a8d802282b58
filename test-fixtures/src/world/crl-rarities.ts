/**
 * Rarities of CRLs: what RFC 5280 knows and Doc 9303-12 prohibits, and what neither allows.
 *
 * @module
 */

import { integer } from "../asn1/der-writer.ts";
import type { FixtureRevocationList } from "../manifest.ts";
import type { BuiltCertificate } from "../x509/certificate.ts";
import * as crl from "../x509/crl-extension.ts";
import * as ext from "../x509/extension.ts";
import { buildRevocationList, type RevocationListOptions } from "../x509/revocation-list.ts";
import type { Named } from "./catalogue.ts";

/** A CRL with its known answers. */
export interface NamedRevocationList {
  readonly der: Uint8Array;
  readonly answers: FixtureRevocationList;
}

/** One rare CRL: a sound one with one change. */
export interface CrlRarity {
  readonly id: string;
  readonly description: string;
  readonly change: (issuer: BuiltCertificate) => Partial<RevocationListOptions>;
}

/** The table. */
export const crlRarities: readonly CrlRarity[] = [
  {
    id: "crl-version-1",
    description: "a CRL of version 1 without nextUpdate and extensions",
    change: () => ({ version: 0, nextUpdate: undefined }),
  },
  {
    id: "crl-next-update-absent",
    description: "a CRL of version 2 without nextUpdate, against RFC 5280, 5.1.2.5",
    change: () => ({ nextUpdate: undefined }),
  },
  {
    id: "crl-delta",
    description: "a delta CRL, which Doc 9303-12, Table 9 prohibits",
    change: withExtensions(crl.deltaCrlIndicator(25)),
  },
  {
    id: "crl-distribution-point",
    description: "a CRL for users' certificates alone, by its issuingDistributionPoint",
    change: withExtensions(
      crl.issuingDistributionPoint({
        uri: "https://pkd.example/CRLs/XAA.crl",
        onlyContainsUserCerts: true,
      }),
    ),
  },
  {
    id: "crl-indirect",
    description: "an indirect CRL, whose second entry names another issuer that the third inherits",
    change: (issuer) => ({
      ...withExtensions(crl.issuingDistributionPoint({ indirectCrl: true }))(issuer),
      revokedCertificates: [
        { serialNumber: 0x1001, revocationDate },
        { serialNumber: 0x1002, revocationDate, extensions: [crl.certificateIssuer(otherIssuer)] },
        { serialNumber: 0x1003, revocationDate },
      ],
    }),
  },
  {
    id: "crl-entry-extensions",
    description: "entries with invalidityDate and holdInstructionCode, which Doc 9303-12, Table 10 prohibits",
    change: () => ({
      revokedCertificates: [
        {
          serialNumber: 0x1001,
          revocationDate,
          reason: "keyCompromise",
          extensions: [crl.invalidityDate("2026-01-31T00:00:00Z")],
        },
        {
          serialNumber: 0x1002,
          revocationDate,
          reason: "certificateHold",
          // id-holdinstruction-reject of RFC 3280.
          extensions: [crl.holdInstructionCode("1.2.840.10040.2.3")],
        },
      ],
    }),
  },
  {
    id: "crl-aki-issuer-serial",
    description: "authorityKeyIdentifier with issuer and serial number alone",
    change: (issuer) => withKeyIdentifier(issuerAndSerial(issuer)),
  },
  {
    id: "crl-aki-all",
    description: "authorityKeyIdentifier with all three fields, as in the CRL of Macao",
    change: (issuer) =>
      withKeyIdentifier({ keyIdentifier: issuer.keyIdentifier, ...issuerAndSerial(issuer) }),
  },
  {
    id: "crl-aki-absent",
    description: "no authorityKeyIdentifier, against RFC 5280, 5.2.1",
    change: () => ({ extensions: [ext.crlNumber(crlNumber)] }),
  },
  {
    id: "crl-revoked-empty",
    description: "revokedCertificates that is there and empty, against RFC 5280, 5.1.2.6",
    change: () => ({ revokedCertificates: [], encodesEmpty: true }),
  },
  {
    id: "crl-number-absent",
    description: "no cRLNumber, against RFC 5280, 5.2.3",
    change: ({ keyIdentifier }) => ({ extensions: [ext.authorityKeyIdentifier({ keyIdentifier })] }),
  },
  {
    id: "crl-number-negative",
    description: "a negative cRLNumber, against RFC 5280, 5.2.3",
    change: () => ({ number: -1 }),
  },
  {
    id: "crl-number-too-long",
    description: "a cRLNumber of 21 octets, against RFC 5280, 5.2.3",
    change: () => ({ number: 2n ** 160n }),
  },
  {
    id: "crl-serial-negative",
    description: "an entry with a negative serial number, as certificates of AL, KZ and MZ have them",
    change: () => ({ revokedCertificates: [{ serialNumber: Uint8Array.of(0xb2), revocationDate }] }),
  },
  {
    id: "crl-generalized-time",
    description: "every time as GeneralizedTime before 2050, against RFC 5280, 5.1.2.4",
    change: () => ({
      thisUpdate: { value: thisUpdate, form: "generalizedTime" },
      nextUpdate: { value: nextUpdate, form: "generalizedTime" },
      revokedCertificates: [
        { serialNumber: 0x1001, revocationDate: { value: revocationDate, form: "generalizedTime" } },
      ],
    }),
  },
  {
    id: "crl-reversed",
    description: "nextUpdate before thisUpdate",
    change: () => ({ thisUpdate: nextUpdate, nextUpdate: thisUpdate }),
  },
  {
    id: "crl-critical-unknown",
    description: "an extension that nobody knows, marked critical",
    change: withExtensions(ext.rawExtension("2.25.1", integer(1), true)),
  },
];

/** Makes the CRL of a rarity, signed by `issuer`. */
export function buildCrlRarity({ change }: CrlRarity, issuer: Named): NamedRevocationList {
  return nameRevocationList(issuer, {
    thisUpdate,
    nextUpdate,
    number: crlNumber,
    revokedCertificates: [{ serialNumber: 0x1001, revocationDate }],
    ...change(issuer.certificate),
  });
}

/** Builds a CRL and gives its known answers. */
export function nameRevocationList(
  { name, certificate }: Named,
  options: Omit<RevocationListOptions, "issuer">,
): NamedRevocationList {
  const { der, ...answers } = buildRevocationList({ ...options, issuer: certificate });
  const { sha256, revokedCertificates, ...rest } = answers;
  return { der, answers: { sha256, issuer: name, ...rest, revokedCertificates } };
}

function withExtensions(...more: readonly ext.Extension[]): CrlRarity["change"] {
  return ({ keyIdentifier }) => ({
    extensions: [ext.authorityKeyIdentifier({ keyIdentifier }), ext.crlNumber(crlNumber), ...more],
  });
}

function withKeyIdentifier(
  fields: Parameters<typeof ext.authorityKeyIdentifier>[0],
): Pick<RevocationListOptions, "extensions"> {
  return { extensions: [ext.authorityKeyIdentifier(fields), ext.crlNumber(crlNumber)] };
}

function issuerAndSerial({ issuer, serialNumber }: BuiltCertificate): {
  readonly issuer: BuiltCertificate["issuer"];
  readonly serialNumber: Uint8Array;
} {
  return { issuer, serialNumber: new Uint8Array(Buffer.from(serialNumber, "hex")) };
}

const thisUpdate = "2026-05-15T08:00:00Z";
const nextUpdate = "2026-08-13T08:00:00Z";
const revocationDate = "2026-02-01T00:00:00Z";
const crlNumber = 26;
const otherIssuer = [
  { type: "C", value: "XB" },
  { type: "CN", value: "CSCA XB" },
];

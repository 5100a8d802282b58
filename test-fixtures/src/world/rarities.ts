/**
 * What X.509 allows or forbids and no current list shows, but an older or a coming one may: one certificate for each.
 *
 * @module
 */

import { concat, element, indefiniteElement, sequence } from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { buildCertificate, type CertificateOptions } from "../x509/certificate.ts";
import * as ext from "../x509/extension.ts";
import { encodeName, type NameAttribute } from "../x509/name.ts";
import type { Inhabitant } from "./population.ts";
import { drawBytes } from "./random.ts";

/** One rare certificate: a sound root with one change. */
interface Rarity {
  readonly id: string;
  readonly description: string;
  readonly change: (root: CertificateOptions) => Partial<CertificateOptions>;
}

/** Those that a reader of DER can read. */
export const rarities: readonly Rarity[] = [
  {
    id: "bmp-string",
    description: "commonName as BMPString",
    change: () => ({ subject: nameWith({ type: "CN", value: "CSCA Ξ", string: "bmpString" }) }),
  },
  {
    id: "multi-valued-rdn",
    description: "an RDN of two attributes",
    change: () => ({
      subject: [
        country,
        [
          { type: "O", value: "Government of XA" },
          { type: "CN", value: "CSCA XA" },
        ],
      ],
    }),
  },
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
    change: ({ extensions = [] }) => ({
      extensions: ext.withExtension(extensions, {
        ...ext.basicConstraints({ ca: false, critical: false, encodesDefault: true }),
        encodesDefault: true,
      }),
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
    id: "serial-too-long",
    description: "a serial number of 21 octets, against RFC 5280, 4.1.2.2",
    change: () => ({ serialNumber: concat(Uint8Array.of(0x52), drawBytes("serial-too-long", 20)) }),
  },
  {
    id: "version-1",
    description: "an X.509 certificate of version 1, without extensions",
    change: () => ({ version: 0, extensions: [] }),
  },
  {
    id: "algorithm-mismatch",
    description:
      "another algorithm in the TBSCertificate than beside the signature, against RFC 5280, 4.1.1.2",
    change: () => ({ tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-512" } }),
  },
  {
    id: "point-compressed",
    description: "a compressed public point, against Doc 9303-12, 4.1.6",
    change: () => ({ publicKeyEncoding: { point: "compressed" } }),
  },
  {
    id: "cofactor-absent",
    description: "explicit parameters without the cofactor, against Doc 9303-12, 4.1.6",
    change: () => ({ publicKeyEncoding: { cofactor: false } }),
  },
  {
    id: "critical-unknown",
    description: "an extension that nobody knows, marked critical",
    change: ({ extensions = [] }) => ({
      extensions: [...extensions, ext.rawExtension("2.25.1", sequence(), true)],
    }),
  },
];

/** Those that are no DER inside, though their outermost element is: each with what is wrong. */
export const notDer: readonly Rarity[] = [
  {
    id: "length-not-minimal",
    description: "a length in more octets than it needs, against X.690, 10.1",
    change: ({ subject }) => ({ subject: withLongLength(encodeName(subject)) }),
  },
  {
    id: "length-indefinite",
    description: "an indefinite length, against X.690, 10.1",
    change: ({ subject }) => ({ subject: indefiniteElement(0x30, encodeName(subject).subarray(2)) }),
  },
];

/** Makes the certificate of a rarity out of a sound root. */
export function buildRarity(rarity: Rarity, { plan }: Inhabitant): Inhabitant {
  const name = `rare-${rarity.id}`;
  const base = { ...plan.options, serialNumber: concat(Uint8Array.of(0x52), drawBytes(name, 7)) };
  const options = { ...base, ...rarity.change(base) };
  const certificate = buildCertificate(options);
  return { plan: { ...plan, name, isListed: false, oddities: [rarity.id], options }, certificate };
}

function nameWith(commonName: NameAttribute): readonly NameAttribute[] {
  return [country, commonName];
}

/** The same element with its length in the long form, though it is short. */
function withLongLength(name: Uint8Array): Uint8Array {
  const content = name.subarray(2);
  const [length = 0] = element(0x30, content).subarray(1);
  return concat(Uint8Array.of(0x30, 0x81, length), content);
}

const country: NameAttribute = { type: "C", value: "XA" };

/**
 * Extensions of certificates and CRLs, with their usual criticality, and ways to edit a list of them.
 *
 * @module
 */

import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AuthorityKeyIdentifier,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  GeneralName,
  GeneralNames,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  PrivateKeyUsagePeriod,
} from "@peculiar/asn1-x509";
import {
  bitString,
  boolean,
  element,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  Tag,
} from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { timeValue } from "../asn1/time.ts";
import { encodeName, type NameInput } from "./name.ts";

/** One extension, ready to be written. Spread it to change a field: `{ ...keyUsage([…]), critical: false }`. */
export interface Extension {
  /** Dotted OID. */
  readonly oid: string;
  readonly critical: boolean;
  /** Content of extnValue. */
  readonly value: Uint8Array;
  /** Writes `critical FALSE` out, which DER forbids (X.690, 11.5). */
  readonly encodesDefault?: boolean;
  /** The key identifier that a reader should find in it, for the known answers. */
  readonly keyIdentifier?: Uint8Array;
}

/** A GeneralName of the kinds that CSCAs use. */
export type GeneralNameInput =
  | { readonly email: string }
  | { readonly dns: string }
  | { readonly uri: string }
  | { readonly directory: NameInput };

/** Bits of keyUsage, RFC 5280, 4.2.1.3. */
export type KeyUsageBit = keyof typeof KeyUsageFlags;

interface CriticalOption {
  readonly critical?: boolean;
}

/** Extension, in DER. */
export function encodeExtension(extension: Extension): Uint8Array {
  const { oid, critical, value, encodesDefault = false } = extension;
  const flag = critical || encodesDefault ? [boolean(critical)] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(value));
}

/** Puts `extension` in the place of the one with its OID, or at the end. */
export function withExtension(extensions: readonly Extension[], extension: Extension): readonly Extension[] {
  const known = extensions.some(({ oid }) => oid === extension.oid);
  if (!known) return [...extensions, extension];
  return extensions.map((other) => (other.oid === extension.oid ? extension : other));
}

/** Leaves out the extensions with these OIDs. */
export function withoutExtension(
  extensions: readonly Extension[],
  ...without: readonly string[]
): readonly Extension[] {
  return extensions.filter(({ oid }) => !without.includes(oid));
}

/** Any extension: `value` goes into extnValue as it is. Not critical unless told. */
export function rawExtension(oid: string, value: Uint8Array, critical = false): Extension {
  return { oid, critical, value };
}

/** subjectKeyIdentifier. With `raw`, extnValue holds the octets without the OCTET STRING, as in three real certificates. */
export function subjectKeyIdentifier(
  keyIdentifier: Uint8Array,
  { raw = false }: { readonly raw?: boolean } = {},
): Extension {
  const value = raw ? keyIdentifier : octetString(keyIdentifier);
  return { oid: oids.idCeSubjectKeyIdentifier, critical: false, value, keyIdentifier };
}

/** authorityKeyIdentifier with any of its three fields. */
export function authorityKeyIdentifier(fields: {
  readonly keyIdentifier?: Uint8Array;
  readonly issuer?: NameInput;
  /** Content octets. */
  readonly serialNumber?: Uint8Array;
}): Extension {
  const { keyIdentifier, issuer, serialNumber } = fields;
  const value = new AuthorityKeyIdentifier({
    ...(keyIdentifier && { keyIdentifier: new KeyIdentifier(buffer(keyIdentifier)) }),
    ...(issuer && { authorityCertIssuer: [generalName({ directory: issuer })] }),
    ...(serialNumber && { authorityCertSerialNumber: buffer(serialNumber) }),
  });
  const extension = { oid: oids.idCeAuthorityKeyIdentifier, critical: false, value: encode(value) };
  return keyIdentifier === undefined ? extension : { ...extension, keyIdentifier };
}

/** keyUsage; critical unless told. */
export function keyUsage(bits: readonly KeyUsageBit[], { critical = true }: CriticalOption = {}): Extension {
  const flags = bits.reduce((sum, bit) => sum | KeyUsageFlags[bit], 0);
  return { oid: oids.idCeKeyUsage, critical, value: encode(new KeyUsage(flags)) };
}

/** basicConstraints; critical unless told. `encodesDefault` writes cA FALSE out, which DER forbids. */
export function basicConstraints({
  ca = true,
  pathLength,
  critical = true,
  encodesDefault = false,
}: {
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly critical?: boolean;
  readonly encodesDefault?: boolean;
} = {}): Extension {
  const flag = ca || encodesDefault ? [boolean(ca)] : [];
  const length = pathLength === undefined ? [] : [integer(pathLength)];
  return { oid: oids.idCeBasicConstraints, critical, value: sequence(...flag, ...length) };
}

/** privateKeyUsagePeriod with either of its ends, or none. */
export function privateKeyUsagePeriod(period: {
  readonly notBefore?: string;
  readonly notAfter?: string;
}): Extension {
  const { notBefore, notAfter } = period;
  const value = new PrivateKeyUsagePeriod({
    ...(notBefore && { notBefore: new Date(timeValue(notBefore)) }),
    ...(notAfter && { notAfter: new Date(timeValue(notAfter)) }),
  });
  return { oid: oids.idCePrivateKeyUsagePeriod, critical: false, value: encode(value) };
}

/** certificatePolicies without qualifiers. */
export function certificatePolicies(policies: readonly string[]): Extension {
  const value = sequence(...policies.map((policy) => sequence(objectIdentifier(policy))));
  return { oid: oids.idCeCertificatePolicies, critical: false, value };
}

/** subjectAltName. */
export function subjectAltName(names: readonly GeneralNameInput[]): Extension {
  return { oid: oids.idCeSubjectAltName, critical: false, value: encodeNames(names) };
}

/** issuerAltName. */
export function issuerAltName(names: readonly GeneralNameInput[]): Extension {
  return { oid: oids.idCeIssuerAltName, critical: false, value: encodeNames(names) };
}

/** cRLDistributionPoints: one point with a full name for each entry. */
export function crlDistributionPoints(names: readonly GeneralNameInput[]): Extension {
  const points = names.map((name) => {
    const distributionPoint = new DistributionPointName({ fullName: [generalName(name)] });
    return new DistributionPoint({ distributionPoint });
  });
  return {
    oid: oids.idCeCrlDistributionPoints,
    critical: false,
    value: encode(new CRLDistributionPoints(points)),
  };
}

/** extKeyUsage; critical unless told, as Doc 9303-12 has it for signers. */
export function extendedKeyUsage(
  purposes: readonly string[],
  { critical = true }: CriticalOption = {},
): Extension {
  return { oid: oids.idCeExtKeyUsage, critical, value: encode(new ExtendedKeyUsage([...purposes])) };
}

/** nameChange of Doc 9303-12. */
export function nameChange(): Extension {
  return rawExtension(oids.idIcaoExtensionsNameChange, nullValue());
}

/** documentTypeList of Doc 9303-12: version 0 and a SET OF document types, such as `P` or `ID`. */
export function documentTypeList(types: readonly string[]): Extension {
  const strings = types.map((type) => element(Tag.printableString, Buffer.from(type, "latin1")));
  return rawExtension(oids.idIcaoExtensionsDocumentTypeList, sequence(integer(0), setOf(strings)));
}

/** netscape-cert-type with the bits of a CA for SSL, S/MIME and object signing. */
export function netscapeCertType(): Extension {
  return rawExtension(oids.idNetscapeCertType, bitString(Uint8Array.of(0x07)));
}

/** cRLNumber. */
export function crlNumber(number: bigint | number): Extension {
  return rawExtension(oids.idCeCrlNumber, integer(number));
}

function encodeNames(names: readonly GeneralNameInput[]): Uint8Array {
  return encode(new GeneralNames(names.map(generalName)));
}

function generalName(name: GeneralNameInput): GeneralName {
  if ("email" in name) return new GeneralName({ rfc822Name: name.email });
  if ("dns" in name) return new GeneralName({ dNSName: name.dns });
  if ("uri" in name) return new GeneralName({ uniformResourceIdentifier: name.uri });
  return new GeneralName({ directoryName: AsnConvert.parse(encodeName(name.directory), Name) });
}

function encode(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/**
 * Builds one certificate (RFC 5280, 4.1), right or wrong in every field.
 *
 * @module
 */

import {
  bitString,
  concat,
  contextConstructed,
  contextPrimitive,
  integer,
  integerOctets,
  sequence,
} from "../asn1/der-writer.ts";
import { idCeAuthorityKeyIdentifier, idCeSubjectKeyIdentifier } from "../asn1/oids.ts";
import { encodeTime, type TimeInput, timeValue } from "../asn1/time.ts";
import { sha256Hex } from "../crypto/hash.ts";
import { type KeyPair, keyIdentifier } from "../crypto/key-pair.ts";
import { encodePublicKey, type PublicKeyEncoding, publicKeyOid } from "../crypto/public-key-info.ts";
import {
  algorithmOid,
  encodeAlgorithm,
  type SignatureAlgorithm,
  sign,
  usualAlgorithm,
} from "../crypto/signature.ts";
import { type Extension, encodeExtension } from "./extension.ts";
import { countryOf, encodeName, type NameInput } from "./name.ts";

/** What goes into a certificate. Only `subject`, `key`, `notBefore` and `notAfter` are needed: that is a bare root. */
export interface CertificateOptions {
  readonly subject: NameInput;
  /** The subject's key pair. */
  readonly key: KeyPair;
  readonly notBefore: TimeInput;
  readonly notAfter: TimeInput;
  /** Default: `subject`. */
  readonly issuer?: NameInput;
  /** Key pair of the issuer. Default: `key`. */
  readonly signer?: KeyPair;
  /** A number, or the content octets of the INTEGER. Default 1. */
  readonly serialNumber?: bigint | number | Uint8Array;
  /** Default: {@link usualAlgorithm} of the signer's key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Written in the TBSCertificate instead of `signatureAlgorithm`, to make the two differ. */
  readonly tbsSignatureAlgorithm?: SignatureAlgorithm;
  readonly publicKeyEncoding?: PublicKeyEncoding;
  /** Octets of issuerUniqueID, which Doc 9303-12 prohibits. */
  readonly issuerUniqueId?: Uint8Array;
  /** Octets of subjectUniqueID, which Doc 9303-12 prohibits. */
  readonly subjectUniqueId?: Uint8Array;
  /** In the order given, duplicates included. Default: none. */
  readonly extensions?: readonly Extension[];
  /** As written: 0 is v1 (and left out), 2 is v3. Default 2. */
  readonly version?: number;
  /** Changes the TBSCertificate before it is signed. */
  readonly changeTbs?: (tbsCertificate: Uint8Array) => Uint8Array;
  /** Changes the signature's octets, to break it. */
  readonly changeSignature?: (signature: Uint8Array) => Uint8Array;
  /** How many bits at the end of the signature are said not to count. Default 0. */
  readonly signatureUnusedBits?: number;
}

/** Who can issue: a name, a key, and the key identifier that goes into the AKI of what it signs. */
export interface Authority {
  readonly subject: NameInput;
  readonly key: KeyPair;
  readonly keyIdentifier: Uint8Array;
}

/** A certificate with the known answers about it. It is an {@link Authority} for others. */
export interface BuiltCertificate extends Authority {
  readonly der: Uint8Array;
  /** Of `der`, lower-case hex. */
  readonly sha256: string;
  readonly tbsCertificate: Uint8Array;
  readonly issuer: NameInput;
  readonly signer: KeyPair;
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** countryName of the subject in upper case, or null. */
  readonly country: string | null;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notBefore: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly notAfter: string;
  /** Lower-case hex; null without the extension. */
  readonly subjectKeyIdentifier: string | null;
  /** Lower-case hex; null without the extension or without its keyIdentifier. */
  readonly authorityKeyIdentifier: string | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  /** Dotted OID. */
  readonly publicKeyAlgorithm: string;
}

/** Builds and signs a certificate. The same options give the same bytes. */
export function buildCertificate(options: CertificateOptions): BuiltCertificate {
  const { subject, key, issuer = subject, signer = key, extensions = [] } = options;
  const { signatureAlgorithm = usualAlgorithm(signer) } = options;
  const { changeTbs = same, changeSignature = same, signatureUnusedBits } = options;

  const tbsCertificate = changeTbs(encodeTbs(options, signatureAlgorithm));
  const signature = changeSignature(sign(signer, signatureAlgorithm, tbsCertificate));
  const signatureBits = bitString(signature, signatureUnusedBits);
  const der = sequence(tbsCertificate, encodeAlgorithm(signatureAlgorithm), signatureBits);

  const subjectKeyIdentifier = keyIdentifierIn(extensions, idCeSubjectKeyIdentifier);
  return {
    der,
    sha256: sha256Hex(der),
    tbsCertificate,
    subject,
    issuer,
    key,
    signer,
    keyIdentifier: subjectKeyIdentifier ?? keyIdentifier(key),
    serialNumber: hex(serialOctets(options)),
    country: countryOf(subject),
    notBefore: timeValue(options.notBefore),
    notAfter: timeValue(options.notAfter),
    subjectKeyIdentifier: subjectKeyIdentifier ? hex(subjectKeyIdentifier) : null,
    authorityKeyIdentifier: hexOrNull(keyIdentifierIn(extensions, idCeAuthorityKeyIdentifier)),
    signatureAlgorithm: algorithmOid(signatureAlgorithm),
    publicKeyAlgorithm: publicKeyOid(key, options.publicKeyEncoding),
  };
}

function encodeTbs(options: CertificateOptions, signatureAlgorithm: SignatureAlgorithm): Uint8Array {
  const { subject, key, issuer = subject, extensions = [], version = 2 } = options;
  const { tbsSignatureAlgorithm = signatureAlgorithm } = options;
  return sequence(
    ...(version === 0 ? [] : [contextConstructed(0, integer(version))]),
    integer(serialOctets(options)),
    encodeAlgorithm(tbsSignatureAlgorithm),
    encodeName(issuer),
    sequence(encodeTime(options.notBefore), encodeTime(options.notAfter)),
    encodeName(subject),
    encodePublicKey(key, options.publicKeyEncoding),
    ...uniqueId(1, options.issuerUniqueId),
    ...uniqueId(2, options.subjectUniqueId),
    ...(extensions.length === 0 ? [] : [contextConstructed(3, sequence(...extensions.map(encodeExtension)))]),
  );
}

/** `[number] IMPLICIT BIT STRING` of whole octets. */
function uniqueId(number: number, octets: Uint8Array | undefined): readonly Uint8Array[] {
  return octets === undefined ? [] : [contextPrimitive(number, concat(Uint8Array.of(0), octets))];
}

function serialOctets({ serialNumber = 1 }: CertificateOptions): Uint8Array {
  return serialNumber instanceof Uint8Array ? serialNumber : integerOctets(BigInt(serialNumber));
}

function keyIdentifierIn(extensions: readonly Extension[], wanted: string): Uint8Array | undefined {
  return extensions.find(({ oid }) => oid === wanted)?.keyIdentifier;
}

function hexOrNull(bytes: Uint8Array | undefined): string | null {
  return bytes ? hex(bytes) : null;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/**
 * Builds an X.509 CRL (RFC 5280, 5.1).
 *
 * @module
 */

import {
  bitString,
  contextConstructed,
  element,
  integer,
  integerOctets,
  sequence,
  Tag,
} from "../asn1/der-writer.ts";
import { idCeAuthorityKeyIdentifier, idCeCrlNumber, idCeReasonCode } from "../asn1/oids.ts";
import { encodeTime, type TimeInput, timeValue } from "../asn1/time.ts";
import { sha256Hex } from "../crypto/hash.ts";
import {
  algorithmOid,
  encodeAlgorithm,
  type SignatureAlgorithm,
  sign,
  usualAlgorithm,
} from "../crypto/signature.ts";
import type { Authority } from "./certificate.ts";
import {
  authorityKeyIdentifier,
  crlNumber,
  type Extension,
  encodeExtension,
  rawExtension,
} from "./extension.ts";
import { encodeName } from "./name.ts";

/** CRLReason as RFC 5280, 5.3.1 numbers it. */
export const crlReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** A certificate to be revoked. */
export interface RevokedCertificate {
  /** A number, or the content octets of the INTEGER. */
  readonly serialNumber: bigint | number | Uint8Array;
  readonly revocationDate: TimeInput;
  readonly reason?: keyof typeof crlReasons;
  /** Entry extensions after the reason. */
  readonly extensions?: readonly Extension[];
}

/** What goes into a CRL. */
export interface RevocationListOptions {
  readonly issuer: Authority;
  readonly thisUpdate: TimeInput;
  /** Left out where undefined, as version 1 may. */
  readonly nextUpdate?: TimeInput | undefined;
  /** In the order given. Without any the field is left out, as RFC 5280, 5.1.2.6 asks. */
  readonly revokedCertificates?: readonly RevokedCertificate[];
  /** Writes revokedCertificates even if there are none. Default false. */
  readonly encodesEmpty?: boolean;
  /** cRLNumber. Default 1. */
  readonly number?: bigint | number;
  /** Default: authorityKeyIdentifier and cRLNumber, or none for version 1. */
  readonly extensions?: readonly Extension[];
  /** As written: 1 is v2; 0 is v1 and left out. Default 1. */
  readonly version?: number;
  /** Default: {@link usualAlgorithm} of the issuer's key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Changes the TBSCertList before it is signed. */
  readonly changeTbs?: (tbsCertList: Uint8Array) => Uint8Array;
  /** Changes the signature's octets, to break it. */
  readonly changeSignature?: (signature: Uint8Array) => Uint8Array;
}

/** A CRL with the known answers about it. */
export interface BuiltRevocationList {
  readonly der: Uint8Array;
  /** Of `der`, lower-case hex. */
  readonly sha256: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly thisUpdate: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, or null. */
  readonly nextUpdate: string | null;
  /** Content octets of the INTEGER, lower-case hex; null without the extension. */
  readonly crlNumber: string | null;
  /** Lower-case hex; null without the extension or without its keyIdentifier. */
  readonly authorityKeyIdentifier: string | null;
  /** Dotted OID. */
  readonly signatureAlgorithm: string;
  readonly revokedCertificates: readonly BuiltRevokedCertificate[];
}

/** The known answer about one entry. */
export interface BuiltRevokedCertificate {
  /** Content octets of the INTEGER, lower-case hex. */
  readonly serialNumber: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly revocationDate: string;
  readonly reason: keyof typeof crlReasons | null;
}

/** Builds and signs a CRL. The same options give the same bytes. */
export function buildRevocationList(options: RevocationListOptions): BuiltRevocationList {
  const { issuer, nextUpdate, revokedCertificates = [] } = options;
  const { signatureAlgorithm = usualAlgorithm(issuer.key) } = options;
  const extensions = extensionsOf(options);
  const { changeTbs = same, changeSignature = same } = options;

  const tbsCertList = changeTbs(encodeTbs(options, signatureAlgorithm));
  const signature = changeSignature(sign(issuer.key, signatureAlgorithm, tbsCertList));
  const der = sequence(tbsCertList, encodeAlgorithm(signatureAlgorithm), bitString(signature));
  return {
    der,
    sha256: sha256Hex(der),
    thisUpdate: timeValue(options.thisUpdate),
    nextUpdate: nextUpdate === undefined ? null : timeValue(nextUpdate),
    crlNumber: contentHex(extensions.find(({ oid }) => oid === idCeCrlNumber)?.value),
    authorityKeyIdentifier: hexOrNull(
      extensions.find(({ oid }) => oid === idCeAuthorityKeyIdentifier)?.keyIdentifier,
    ),
    signatureAlgorithm: algorithmOid(signatureAlgorithm),
    revokedCertificates: revokedCertificates.map((entry) => ({
      serialNumber: Buffer.from(serialOctets(entry)).toString("hex"),
      revocationDate: timeValue(entry.revocationDate),
      reason: entry.reason ?? null,
    })),
  };
}

function encodeTbs(options: RevocationListOptions, signatureAlgorithm: SignatureAlgorithm): Uint8Array {
  const { issuer, nextUpdate, revokedCertificates = [], version = 1, encodesEmpty = false } = options;
  const extensions = extensionsOf(options);
  return sequence(
    ...(version === 0 ? [] : [integer(version)]),
    encodeAlgorithm(signatureAlgorithm),
    encodeName(issuer.subject),
    encodeTime(options.thisUpdate),
    ...(nextUpdate === undefined ? [] : [encodeTime(nextUpdate)]),
    ...(revokedCertificates.length === 0 && !encodesEmpty
      ? []
      : [sequence(...revokedCertificates.map(encodeEntry))]),
    ...(extensions.length === 0 ? [] : [contextConstructed(0, sequence(...extensions.map(encodeExtension)))]),
  );
}

function extensionsOf(options: RevocationListOptions): readonly Extension[] {
  const { issuer, number = 1, version = 1 } = options;
  if (options.extensions !== undefined) return options.extensions;
  if (version === 0) return [];
  return [authorityKeyIdentifier({ keyIdentifier: issuer.keyIdentifier }), crlNumber(number)];
}

function encodeEntry(entry: RevokedCertificate): Uint8Array {
  const { reason, extensions = [] } = entry;
  const all = reason === undefined ? extensions : [reasonCode(reason), ...extensions];
  return sequence(
    integer(serialOctets(entry)),
    encodeTime(entry.revocationDate),
    ...(all.length === 0 ? [] : [sequence(...all.map(encodeExtension))]),
  );
}

function reasonCode(reason: keyof typeof crlReasons): Extension {
  return rawExtension(idCeReasonCode, element(Tag.enumerated, Uint8Array.of(crlReasons[reason])));
}

function serialOctets({ serialNumber }: RevokedCertificate): Uint8Array {
  return serialNumber instanceof Uint8Array ? serialNumber : integerOctets(BigInt(serialNumber));
}

/** The content of an INTEGER of under 128 octets. */
function contentHex(integerDer: Uint8Array | undefined): string | null {
  return hexOrNull(integerDer?.subarray(2));
}

function hexOrNull(bytes: Uint8Array | undefined): string | null {
  return bytes ? Buffer.from(bytes).toString("hex") : null;
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

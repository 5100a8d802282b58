/**
 * Builds a CMS SignedData (RFC 5652, 5.1) around any content.
 *
 * @module
 */

import { Attribute } from "@peculiar/asn1-cms";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  compareDer,
  contextConstructed,
  contextPrimitive,
  element,
  indefiniteElement,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  Tag,
} from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { encodeTime, type TimeInput } from "../asn1/time.ts";
import { digest, type HashName, hashes } from "../crypto/hash.ts";
import { encodeAlgorithm, type SignatureAlgorithm, sign, usualAlgorithm } from "../crypto/signature.ts";
import type { BuiltCertificate } from "../x509/certificate.ts";
import { encodeName, type NameInput } from "../x509/name.ts";

/** One signer of a message. */
export interface SignerOptions {
  readonly certificate: BuiltCertificate;
  /** How the signer names its certificate. Default `subjectKeyIdentifier`, as Doc 9303-12 recommends. */
  readonly sid?: "subjectKeyIdentifier" | "issuerAndSerialNumber";
  /** Stands in for the issuer's name in an issuerAndSerialNumber, to spell it otherwise. */
  readonly sidIssuer?: NameInput;
  /** Left out of the signed attributes where undefined. */
  readonly signingTime?: TimeInput;
  /** Default: {@link usualAlgorithm} of the certificate's key. Its hash is the message digest too. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** Written instead of the algorithm's own identifier, such as plain rsaEncryption (RFC 3370, 3.2). */
  readonly signatureAlgorithmIdentifier?: Uint8Array;
  /** Whether the digest algorithms carry NULL; both are accepted (RFC 5754, 2). Default `absent`. */
  readonly digestParameters?: "absent" | "null";
  /** Stands in for the digest of the content, to break it. */
  readonly messageDigest?: Uint8Array;
  /** Changes the signed attributes (each the DER of an Attribute) before they are sorted and signed. */
  readonly changeAttributes?: (attributes: readonly Uint8Array[]) => readonly Uint8Array[];
  /**
   * Leaves the signed attributes out: the signature is then over the content, which RFC 5652, 5.3 allows for id-data alone.
   * Default `present`.
   */
  readonly signedAttributes?: "present" | "absent";
  /** Changes the signature's octets, to break it or to forge one over what was signed. */
  readonly changeSignature?: (signature: Uint8Array, signed: Uint8Array) => Uint8Array;
  /** Each the DER of an Attribute. Without any the field is left out, as Doc 9303-12 asks. */
  readonly unsignedAttributes?: readonly Uint8Array[];
}

/** What goes into a SignedData. */
export interface SignedDataOptions {
  /** Dotted OID of eContentType. */
  readonly contentType: string;
  /** Content of the eContent OCTET STRING. Left out where undefined, as in a bundle of certificates. */
  readonly content?: Uint8Array;
  readonly signers: readonly SignerOptions[];
  /** DER certificates of the envelope. Without any the field is left out. */
  readonly certificates?: readonly Uint8Array[];
  /** DER CRLs of the envelope. Without any the field is left out. */
  readonly crls?: readonly Uint8Array[];
  /** CMSVersion. Default 3, as for every content type but id-data. */
  readonly version?: number;
  /** `ber` writes indefinite lengths and a segmented OCTET STRING around the parts that stay DER. Default `der`. */
  readonly encoding?: "der" | "ber";
  /** BER: length of the OCTET STRING's segments, in bytes. Default 1000. */
  readonly segmentBytes?: number;
}

/** ContentInfo with a SignedData. The same options give the same bytes. */
export function buildSignedData(options: SignedDataOptions): Uint8Array {
  const { signers, certificates = [], crls = [], version = 3, encoding = "der" } = options;
  const frame = encoding === "der" ? element : indefiniteElement;
  const signedData = frame(
    Tag.sequence,
    integer(version),
    setOf(distinct(signers.map(digestAlgorithm))),
    frame(Tag.sequence, objectIdentifier(options.contentType), ...encodeContent(options, frame)),
    ...(certificates.length === 0 ? [] : [frame(0xa0, ...members(certificates))]),
    ...(crls.length === 0 ? [] : [frame(0xa1, ...members(crls))]),
    frame(Tag.set, ...members(signers.map((signer) => encodeSigner(signer, options)))),
  );
  return frame(Tag.sequence, objectIdentifier(oids.idSignedData), frame(0xa0, signedData));
}

/** An Attribute of CMS with one value, in DER. */
export function encodeAttribute(oid: string, value: Uint8Array): Uint8Array {
  const attribute = new Attribute({ attrType: oid, attrValues: [new Uint8Array(value).buffer] });
  return new Uint8Array(AsnConvert.serialize(attribute));
}

function encodeContent(
  { content, encoding = "der", segmentBytes = 1000 }: SignedDataOptions,
  frame: typeof element,
): readonly Uint8Array[] {
  if (content === undefined) return [];
  if (encoding === "der") return [frame(0xa0, octetString(content))];
  const segments: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += segmentBytes) {
    segments.push(octetString(content.subarray(at, at + segmentBytes)));
  }
  return [frame(0xa0, indefiniteElement(Tag.octetString | constructedBit, ...segments))];
}

/** SignerInfo, RFC 5652, 5.3. It stays DER: the signed attributes are signed as DER (5.4). */
function encodeSigner(signer: SignerOptions, message: SignedDataOptions): Uint8Array {
  const { certificate, changeSignature = (signature) => signature, unsignedAttributes = [] } = signer;
  const signatureAlgorithm = algorithmOf(signer);
  const attributes = signer.signedAttributes === "absent" ? [] : signedAttributes(signer, message);
  const signed = attributes.length === 0 ? (message.content ?? new Uint8Array()) : setOf(attributes);
  const signature = sign(certificate.key, signatureAlgorithm, signed);
  return sequence(
    integer(signer.sid === "issuerAndSerialNumber" ? 1 : 3),
    encodeSid(signer),
    digestAlgorithm(signer),
    ...(attributes.length === 0 ? [] : [contextConstructed(0, ...members(attributes))]),
    signer.signatureAlgorithmIdentifier ?? encodeAlgorithm(signatureAlgorithm),
    octetString(changeSignature(signature, signed)),
    ...(unsignedAttributes.length === 0 ? [] : [contextConstructed(1, ...members(unsignedAttributes))]),
  );
}

function encodeSid(signer: SignerOptions): Uint8Array {
  const { certificate, sid = "subjectKeyIdentifier", sidIssuer = certificate.issuer } = signer;
  if (sid === "subjectKeyIdentifier") return contextPrimitive(0, certificate.keyIdentifier);
  const serialNumber = new Uint8Array(Buffer.from(certificate.serialNumber, "hex"));
  return sequence(encodeName(sidIssuer), integer(serialNumber));
}

function signedAttributes(signer: SignerOptions, message: SignedDataOptions): readonly Uint8Array[] {
  const { signingTime, changeAttributes = (attributes) => attributes } = signer;
  const { content = new Uint8Array() } = message;
  const { messageDigest = digest(hashOf(signer), content) } = signer;
  return changeAttributes([
    encodeAttribute(oids.idContentType, objectIdentifier(message.contentType)),
    encodeAttribute(oids.idMessageDigest, octetString(messageDigest)),
    ...(signingTime === undefined ? [] : [encodeAttribute(oids.idSigningTime, encodeTime(signingTime))]),
  ]);
}

function digestAlgorithm(signer: SignerOptions): Uint8Array {
  const { digestParameters = "absent" } = signer;
  const oid = objectIdentifier(hashes[hashOf(signer)].oid);
  return digestParameters === "null" ? sequence(oid, nullValue()) : sequence(oid);
}

function hashOf(signer: SignerOptions): HashName {
  return algorithmOf(signer).hash;
}

function algorithmOf({ certificate, signatureAlgorithm }: SignerOptions): SignatureAlgorithm {
  return signatureAlgorithm ?? usualAlgorithm(certificate.key);
}

/** The elements of a SET OF in DER order, without its frame. */
function members(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  return parts.toSorted(compareDer);
}

function distinct(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...new Map(parts.map((part) => [Buffer.from(part).toString("hex"), part])).values()];
}

const constructedBit = 0x20;

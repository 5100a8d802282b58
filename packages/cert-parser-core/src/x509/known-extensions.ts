/**
 * The extensions that are read with every certificate. One that is malformed costs itself, not the certificate.
 *
 * @module
 */

import {
  idCeAuthorityKeyIdentifier,
  idCeBasicConstraints,
  idCeExtKeyUsage,
  idCeKeyUsage,
  idCeSubjectKeyIdentifier,
} from "../der/oids.ts";
import { type Element, readElement } from "../der/reader.ts";
import type { Finding } from "../findings.ts";
import {
  type BasicConstraints,
  decodeBasicConstraints,
  decodeExtKeyUsage,
  decodeKeyUsage,
  type KeyUsage,
} from "./certificate-extensions.ts";
import { type ExtensionDecoder, readExtension, walkExtensions } from "./extension.ts";
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier } from "./key-identifiers.ts";

/** What those extensions say; undefined for each that is absent or malformed. */
export interface KnownExtensions {
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  /** Dotted OIDs. */
  readonly extKeyUsage: readonly string[] | undefined;
}

/** Where the extnValue of each of them starts; 0 for each that is absent or malformed. */
export type KnownExtensionOffsets = { -readonly [Extension in keyof KnownExtensions]: number };

/** Reads the extensions that the SEQUENCE `element` frames; of one that stands there twice, the first counts. */
export function locateKnownExtensions(
  input: Uint8Array,
  element: Element | undefined,
  findings: Finding[],
): KnownExtensionOffsets {
  const offsets: KnownExtensionOffsets = {
    subjectKeyIdentifier: 0,
    authorityKeyIdentifier: 0,
    basicConstraints: 0,
    keyUsage: 0,
    extKeyUsage: 0,
  };
  if (element === undefined) return offsets;
  walkExtensions(input, element, "TBSCertificate.extensions", findings, (type, _critical, extnValue) => {
    const name = names.get(type);
    if (name === undefined || offsets[name] !== 0) return;
    const value = readExtension(
      input,
      type,
      extnValue,
      decoders[name] as ExtensionDecoder<unknown>,
      findings,
    );
    if (value !== undefined) offsets[name] = extnValue.start;
    if (name === "subjectKeyIdentifier") noteRawKeyIdentifier(value, extnValue, findings);
  });
  return offsets;
}

/** Reads one of them again, from the offset that {@link locateKnownExtensions} gave. */
export function knownExtensionAt<Name extends keyof KnownExtensions>(
  input: Uint8Array,
  name: Name,
  offsets: KnownExtensionOffsets,
): KnownExtensions[Name] {
  const offset = offsets[name];
  return offset === 0 ? undefined : decoders[name](input, readElement(input, offset));
}

/** Three Lithuanian CSCAs of the Italian list, 2025. */
function noteRawKeyIdentifier(value: unknown, extnValue: Element, findings: Finding[]): void {
  const octets = extnValue.end - extnValue.contentStart;
  if (!(value instanceof Uint8Array) || value.length !== octets) return;
  findings.push({
    code: "KEY_IDENTIFIER_RAW",
    message: "subjectKeyIdentifier holds its octets without an OCTET STRING around them",
    offset: extnValue.contentStart,
    clause: "RFC 5280, 4.2.1.2",
  });
}

const decoders: { readonly [Name in keyof KnownExtensions]: ExtensionDecoder<KnownExtensions[Name]> } = {
  subjectKeyIdentifier: decodeSubjectKeyIdentifier,
  authorityKeyIdentifier: decodeAuthorityKeyIdentifier,
  basicConstraints: decodeBasicConstraints,
  keyUsage: decodeKeyUsage,
  extKeyUsage: decodeExtKeyUsage,
};

const names: ReadonlyMap<string, keyof KnownExtensions> = new Map([
  [idCeSubjectKeyIdentifier, "subjectKeyIdentifier"],
  [idCeAuthorityKeyIdentifier, "authorityKeyIdentifier"],
  [idCeBasicConstraints, "basicConstraints"],
  [idCeKeyUsage, "keyUsage"],
  [idCeExtKeyUsage, "extKeyUsage"],
]);
